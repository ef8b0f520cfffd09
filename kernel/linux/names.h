/* Names of Linux' numbers, for tracing and crash messages. */
#ifndef KERNEL_LINUX_NAMES_H
#define KERNEL_LINUX_NAMES_H

#include "gates/abi.h"

/* "ENOENT (No such file or directory)"; NULL for a number that is none. */
const char *names_errno(i32 number);

/* "SIGSEGV"; "?" for what is none. */
const char *names_signal(u32 number);

/*
 * The flags of an argument of that letter in calls.def (O, M, F, g), as
 * strace writes them. False if the letter has none.
 */
int names_of_flags(char letter, u32 word, char *text, u32 room);

#endif

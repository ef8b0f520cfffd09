/*
 * The console: what the core prints goes to the serial and screen domains, and
 * what is typed on either comes back, a key at a time.
 */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include "gates/abi.h"

/* Start its threads; once domains run. */
void console_start(void);

/* Wait for a key. */
char console_key(void);

/* A key if one waits, else -1. */
i32 console_key_now(void);

/* Wait until everything printed so far has gone out. */
void console_drain(void);

/* Bytes of a command's output: to COM1, or wherever print goes. */
void console_write(const char *text, u32 size);

#endif

/*
 * Random bytes for programs: AT_RANDOM, getrandom. Made by ChaCha20 from a
 * key that the boot CPU's counters seed and every use stirs. There is no other
 * source of chance on the machines this is for: no secrets hang on it.
 */
#ifndef KERNEL_RANDOM_H
#define KERNEL_RANDOM_H

#include "gates/abi.h"

/* Any context that holds no spinlock but process_lock. */
void random_bytes(void *to, u32 size);

/* Mix in something that an outsider would not know. */
void random_stir(u32 word);

#endif

/*
 * The enforcement probe: what this CPU checks of what segments promise. An
 * emulator may check less than the manual says (docs/machines.md).
 */
#ifndef SEG_PROBE_H
#define SEG_PROBE_H

#include "gates/abi.h"

struct probe {
	u8 limit_read; /* a read beyond the limit faults */
	u8 limit_write; /* a write beyond the limit faults */
	u8 read_only; /* a write through a read-only segment faults */
	u8 execute_only; /* a read through an execute-only segment faults */
	u8 null_use; /* use of a null selector faults */
	u8 selector_load; /* loading a selector beyond the table faults */
	u8 not_present; /* loading an absent one faults */
	u8 page_write; /* CR0.WP: ring 0 cannot write read-only pages */
};

extern struct probe probe;

/* Try each on this CPU, remember and print the answers. At boot, once. */
void probe_run(void);

/* The answers, a line each. */
void probe_say(void (*line)(const char *format, ...));

/* 1 if this CPU enforces segment limits: the fence of `far`. */
u32 probe_limits(void);

#endif

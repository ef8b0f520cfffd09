/*
 * What a domain's text holds that only stubs and thunks should: far transfers,
 * loads of segment registers, interrupts, system calls, port I/O. A report, no
 * wall: text can be entered at any byte, and what it computes nobody reads off
 * it. Pure functions over bytes.
 */
#ifndef KERNEL_SCAN_H
#define KERNEL_SCAN_H

#include "gates/abi.h"

enum scan_kind {
	SCAN_TRANSFER, /* far call, jump, return, IRET */
	SCAN_SEGMENT, /* a segment register is loaded */
	SCAN_INTERRUPT, /* INT n, INT3, INTO, INT1 */
	SCAN_SYSTEM, /* SYSENTER, SYSEXIT, SYSCALL, SYSRET */
	SCAN_PORT, /* IN, OUT, INS, OUTS */
	SCAN_KINDS,
	SCAN_NONE = SCAN_KINDS,
};

struct scan {
	u32 instructions; /* of the linear decode, from the first byte on */
	u32 unknown; /* bytes that are none */
	u32 generated[SCAN_KINDS]; /* in stubs and thunks */
	u32 elsewhere[SCAN_KINDS];
	u32 hidden[SCAN_KINDS]; /* where the decode has no instruction begin */
	u32 first; /* offset of the first elsewhere that is no segment load,
		    * else of the first segment load; 0: none */
};

/* What the bytes at code[0] do when they are executed: enum scan_kind. */
u8 scan_kind(const u8 *code, u32 count);

/* How often each kind begins, at whatever byte of code[0 .. size). */
void scan_bytes(const u8 *code, u32 size, u32 found[SCAN_KINDS]);

/*
 * Scan code[0 .. size), whose first byte has offset `at` in its window.
 * `generated` says of an offset whether it lies in a stub or thunk.
 */
void scan_text(const u8 *code, u32 size, u32 at,
	       int (*generated)(const void *of, u32 offset), const void *of,
	       struct scan *out);

#endif

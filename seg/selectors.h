/*
 * The layout of the GDT. SLOT_x is an index into it, SEL_x a selector with
 * its privilege bits. Slots below SLOT_SHARED are each CPU's own page; from
 * there on every CPU maps the same pages. NASM reads these through offsets.c.
 */
#ifndef SEG_SELECTORS_H
#define SEG_SELECTORS_H

/* The order of the first four is SYSENTER's (SDM volume 2, SYSENTER). */
#define SLOT_CORE_CODE	 1
#define SLOT_CORE_DATA	 2
#define SLOT_USER_CODE	 3
#define SLOT_USER_DATA	 4
#define SLOT_TSS	 5
#define SLOT_TSS_FAULT	 6 /* #DF runs in a task of its own */
#define SLOT_LDT	 7 /* of the running thread */
#define SLOT_CROSSING	 8 /* crossing page of the running thread */
#define SLOT_DOORS	 9 /* ring of last crossings, then every door */
#define SLOT_TLS	 10 /* three for the running process's threads */
#define SLOT_PROBE	 13 /* the enforcement probe's scratch segment */
#define SLOT_SYSCALL	 14 /* the call gate for system calls, if chosen */
#define SLOT_SERVED_FROM 15 /* what the running server was lent (level 3) */
#define SLOT_SERVED_INTO 16
#define SLOT_BENCH	 20 /* nine for the bench's bare mechanisms */

#define SLOT_SHARED  512 /* from here on every CPU sees the same */
#define SLOT_DOMAINS 512 /* pairs: even slot code, odd slot data */
#define DOMAIN_PAIRS 256
#define SLOT_GATES   1024
#define SLOT_END     8192

#define SEL_CORE_CODE	0x08
#define SEL_CORE_DATA	0x10
#define SEL_USER_CODE	0x1B
#define SEL_USER_DATA	0x23
#define SEL_TSS		0x28
#define SEL_TSS_FAULT	0x30
#define SEL_LDT		0x38
#define SEL_CROSSING	0x41
#define SEL_DOORS	0x49
#define SEL_SYSCALL	0x73
#define SEL_SERVED_FROM 0x7B
#define SEL_SERVED_INTO 0x83
#define SEL_DOMAINS	(SLOT_DOMAINS * 8 + 1) /* code of pair 0, ring 1 */
#define SEL_PAIR	16 /* from one pair to the next */

/* The core's own doors, in the first gate slots. */
#define SLOT_DOWN_RETURN   1024
#define SLOT_GONE	   1025 /* three: for 0, 1 and 2 buffers */
#define SLOT_MONITOR_ENTER 1028
#define SLOT_MONITOR_WAKE  1029
#define SLOT_STACK_TAKE	   1030
#define SLOT_LEND_BUILD	   1031
#define SLOT_REVIVE	   1032
#define SLOT_WAITS_BEGIN   1033
#define SLOT_WAITS_END	   1034
#define SLOT_CHECK	   1035
#define SLOT_FREE_GATES	   1040 /* exported functions from here on */

#define GATE_SELECTOR(slot) ((slot)*8 + 1)

#endif

/*
 * Traps: exceptions, interrupts, and the frame that every way into the core
 * but an up call leaves on the thread's kernel stack.
 */
#ifndef KERNEL_TRAP_H
#define KERNEL_TRAP_H

#include "gates/abi.h"

struct frame {
	u32 gs, fs, es, ds;
	u32 edi, esi, ebp, esp_unused, ebx, edx, ecx, eax;
	u32 vector, error; /* of a system call: its number, never changed */
	u32 eip, cs, eflags;
	u32 esp, ss; /* there only if the frame came from ring 1 or 3 */
};

enum vector {
	VECTOR_DEBUG = 1,
	VECTOR_NMI = 2,
	VECTOR_DOUBLE_FAULT = 8,
	VECTOR_BREAKPOINT = 3,
	VECTOR_OVERFLOW = 4,
	VECTOR_INVALID = 6,
	VECTOR_FPU = 7,
	VECTOR_ABSENT = 11,
	VECTOR_STACK = 12,
	VECTOR_PROTECTION = 13,
	VECTOR_PAGE = 14,
	VECTOR_LINES = 0x20, /* interrupt lines 0 to 23 */
	VECTOR_LINES_END = 0x38,
	VECTOR_TIMER = 0x40,
	VECTOR_STOP = 0x41, /* another CPU wants the world to stop */
	VECTOR_RESCHEDULE = 0x42, /* another CPU woke a thread for this one */
	VECTOR_FLUSH = 0x43, /* another CPU changed the space loaded here */
	VECTOR_SYSCALL = 0x80,
	VECTOR_SPURIOUS = 0xFF,
	VECTOR_DOOR = 0x100, /* no vector: one of the core's own doors */
};

#define FLAG_TRAP      0x100u
#define FLAG_INTERRUPT 0x200u
#define FLAG_DIRECTION 0x400u
#define FLAG_NESTED    0x4000u
#define FLAG_ALIGNMENT 0x40000u

static inline u32 frame_ring(const struct frame *f)
{
	return f->cs & 3;
}

/* Fill the IDT; once, before any CPU loads it. */
void trap_init(void);

/* Load the IDT and SYSENTER's registers on this CPU. */
void trap_load(void);

/*
 * Before a return to ring 1 or 3: what became pending is done; interrupts are
 * off on return, and nothing is pending.
 */
void trap_leave(struct frame *f);

/* Every trap, from trap.asm. */
void trap(struct frame *f);

#endif

/*
 * The GDT of each CPU: one private page, then pages that all CPUs share. The
 * shared part holds every generation's code and data pair and every gate.
 */
#ifndef SEG_GDT_H
#define SEG_GDT_H

#include "gates/linkage.h"

struct cpu;
struct thread;

/* Operands for the assembly: SEL_LDT, 0, SEL_USER_DATA. */
extern struct selectors {
	u16 ldt, null, user;
} __attribute__((aligned(64))) selectors;

/* Every generation's door; entry n belongs to pair n. */
extern struct door doors[DOMAIN_PAIRS];

/* Make a CPU's tables: its page, TSSs and ring, mapped where it finds them. */
i32 gdt_make(struct cpu *cpu);

/* Load them on the CPU that runs this. */
void gdt_load(struct cpu *cpu);

/* Read and write shared slots, and `cpu`'s private ones. */
struct descriptor gdt_get(const struct cpu *cpu, u32 slot);
void gdt_set_shared(u32 slot, struct descriptor d);
void gdt_set_private(struct cpu *cpu, u32 slot, struct descriptor d);

/*
 * SEL_CROSSING and the LDT of a thread's crossing page: describe them once;
 * aim this CPU at them at each switch.
 */
void gdt_crossing_describe(struct thread *t);
void gdt_crossing_set(struct cpu *cpu, struct thread *t);

/* The three thread-local segments of a task. */
void gdt_tls_set(struct cpu *cpu, const struct descriptor tls[3]);

/* Take and give runs of gate slots; 0 when none is left. */
u32 gdt_gates_take(u32 count);
void gdt_gates_give(u32 slot, u32 count);

/* Shared descriptors that are present: for leak checks. */
u32 gdt_present_count(void);

#endif

/*
 * The vDSO: one page of code that every program has at the same address, by
 * which it enters the core without knowing how. There is one for each way in
 * (kernel/linux/vdso.asm); boot chooses.
 */
#ifndef KERNEL_LINUX_VDSO_H
#define KERNEL_LINUX_VDSO_H

/* Where it is, and the user's first stack page ends below it. */
#define VDSO_BASE (FLAT_BUILD ? 0x77FFE000u : 0xBFFFE000u)
#define VDSO_END  (VDSO_BASE + 0x1000u)

/* Offsets of its functions; vdso.ld puts them there. */
#define VDSO_CALL_AT	     0x800u /* __kernel_vsyscall: AT_SYSINFO */
#define VDSO_SIGRETURN_AT    0x840u /* __kernel_sigreturn */
#define VDSO_RT_SIGRETURN_AT 0x880u /* __kernel_rt_sigreturn */

/* Just behind the `int 0x80` by which a call that was broken off is made
 * again; every way in comes back here. */
#define VDSO_LANDING (VDSO_BASE + 0x820u)

#ifndef __ASSEMBLER__
#include "gates/abi.h"

struct space;

/* The way in, by the word syscall=. */
enum vdso_way { VDSO_INT80, VDSO_SYSENTER, VDSO_GATE };

/* Choose what this CPU can do of what was asked for; boot CPU, once. */
void vdso_choose(void);
enum vdso_way vdso_way(void);

struct cpu;

/*
 * SYSENTER, whatever programs use: for servers, on every CPU (-E_DEVICE: this
 * one has none), and a CPU's part in that when the world goes on.
 */
i32 doorways_open(void);
void doorway_open(struct cpu *cpu);
void doorway_answer(struct cpu *cpu);

/* Open this CPU's door: SYSENTER's registers or the call gate. Each CPU. */
void vdso_open_door(void);

/*
 * Map it into a new program's space. Returns its address, *entry being that
 * of __kernel_vsyscall; 0 without memory.
 */
u32 vdso_map(struct space *s, u32 *entry);
#endif

#endif

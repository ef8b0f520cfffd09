/*
 * The frames that handlers find on their stacks, as Linux i386 lays them out,
 * and as sigreturn reads them back. Programs look into all of this.
 */
#ifndef KERNEL_PROCESS_SIGNAL_FRAME_H
#define KERNEL_PROCESS_SIGNAL_FRAME_H

#include "kernel/process/process.h"

struct sigcontext {
	u32 gs, fs, es, ds;
	u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 trap, error; /* what brought it into the core, if a fault did */
	u32 eip, cs, eflags, esp_at_signal, ss;
	u32 fpu; /* address of struct frame_fpu; 0: not in use */
	u32 mask; /* blocked before, the lower half */
	u32 cr2;
};

/* FNSAVE's 108 bytes, and behind them FXSAVE's, at a multiple of 64. */
struct frame_fpu {
	u32 legacy[27];
	u16 status, magic;
	struct fpu fxsave;
};

#define FPU_MAGIC_FXSAVE 0x0000u /* `fxsave` is there */
#define FPU_MAGIC_LEGACY 0xFFFFu
#define FPU_LEGACY_BYTES 112u

/* A handler without SA_SIGINFO: its argument, and the context behind it. */
struct signal_frame {
	u32 returns; /* address of code that calls sigreturn */
	u32 signal;
	struct sigcontext context;
	u8 unused[624]; /* where Linux once had the FPU's state */
	u32 mask_high;
	u8 code[8]; /* for debuggers, which know frames by it */
};

struct signal_stack {
	u32 start, flags, size;
};

struct signal_ucontext {
	u32 flags, link;
	struct signal_stack stack;
	struct sigcontext context;
	u32 mask[2];
};

/* With SA_SIGINFO. */
struct signal_frame_rt {
	u32 returns;
	u32 signal, info_at, ucontext_at;
	union {
		struct signal_info info;
		u8 bytes[SIGNAL_INFO_BYTES];
	};
	struct signal_ucontext ucontext;
	u8 code[8];
};

_Static_assert(sizeof(struct sigcontext) == 88, "as Linux has it");
_Static_assert(sizeof(struct signal_frame) == 732, "as Linux has it");
_Static_assert(sizeof(struct signal_frame_rt) == 268, "as Linux has it");

#define SS_ONSTACK    1u
#define SS_DISABLE    2u
#define SS_AUTODISARM 0x80000000u

/*
 * Have f go on in `action`'s handler, with `mask` to be blocked again after
 * it. 0; -EFAULT: the stack cannot be written. Then f is no system call's any
 * more (VECTOR_DOOR).
 */
i32 frame_build(struct frame *f, const struct action *action,
		const struct signal_info *info, u64 mask);

#endif

/*
 * The way back from a handler, and alternate stacks. The frame lies in the
 * user's memory: whatever is in it must not give a program more than it has.
 */
#include "kernel/linux/errno.h"
#include "kernel/process/fpu.h"
#include "kernel/process/pending.h"
#include "kernel/process/signal_frame.h"
#include "kernel/space/user.h"
#include "seg/selectors.h"

/* OF DF SF ZF AF PF CF, TF, RF, AC: what a program may change anyway. */
#define FLAGS_USER  0x50DD5u
#define STACK_LEAST 2048u
#define MXCSR_WORD  6

/* A selector that a program may have: null, flat data, or one of its own. */
static u32 selector_checked(const struct task *t, u32 selector)
{
	u32 slot = (selector & 0xFFFF) >> 3;

	if ((selector & 0xFFFC) == (SEL_USER_DATA & 0xFFFC))
		return SEL_USER_DATA;
	if (!(selector & 4) && slot >= SLOT_TLS &&
	    slot < SLOT_TLS + TLS_SLOTS &&
	    descriptor_read(t->tls[slot - SLOT_TLS]).present)
		return slot << 3 | 3;
	return 0;
}

/* The state at `at` becomes the task's; 0: it begins anew. The x87's registers
 * count as the legacy part has them. */
static i32 fpu_read(struct task *t, u32 at)
{
	u32 legacy[FPU_LEGACY_BYTES / 4];
	u32 *words, magic;
	i32 r;

	if (!at) {
		fpu_renew(t);
		return 0;
	}
	if (user_read32(&magic, at + offsetof(struct frame_fpu, status)) == 0 &&
	    magic >> 16 == FPU_MAGIC_FXSAVE && fpu_fetch(at) == 0)
		return 0;
	if (!t->fpu)
		fpu_use();
	fpu_renew(t);
	r = user_read(legacy, at, sizeof(legacy));
	if (r == 0 && legacy[27] >> 16 == FPU_MAGIC_FXSAVE && fpu_has_fxsave())
		r = user_read(t->fpu, at + FPU_LEGACY_BYTES, sizeof(*t->fpu));
	if (r < 0)
		return r;
	words = (u32 *)t->fpu->bytes;
	words[MXCSR_WORD] &= fpu_mxcsr_mask();
	for (u32 i = 464 / 4; i < sizeof(*t->fpu) / 4; i++)
		words[i] = 0;
	fpu_from_legacy(t->fpu, legacy);
	fpu_load(t);
	return 0;
}

/* f becomes what the context says. -EFAULT: it is not a program's at all. */
static i32 context_take(struct frame *f, const struct sigcontext *c)
{
	struct task *t = task_current();

	if ((c->cs & 0xFFFF) != SEL_USER_CODE ||
	    (c->ss & 0xFFFF) != SEL_USER_DATA)
		return -EFAULT;
	f->gs = selector_checked(t, c->gs);
	f->fs = selector_checked(t, c->fs);
	f->es = selector_checked(t, c->es);
	f->ds = selector_checked(t, c->ds);
	f->edi = c->edi;
	f->esi = c->esi;
	f->ebp = c->ebp;
	f->esp = c->esp;
	f->ebx = c->ebx;
	f->edx = c->edx;
	f->ecx = c->ecx;
	f->eax = c->eax;
	f->eip = c->eip;
	f->cs = SEL_USER_CODE;
	f->ss = SEL_USER_DATA;
	f->eflags = (f->eflags & ~FLAGS_USER) | (c->eflags & FLAGS_USER);
	f->vector = VECTOR_DOOR; /* no call is to be made again */
	t->restart.again = restart_none;
	return fpu_read(t, c->fpu);
}

static i32 frame_bad(struct frame *f)
{
	signal_fault(SIGSEGV, SI_KERNEL, 0, f);
	return (i32)f->eax;
}

/* ESP: behind the return address and the signal's number. */
i32 call_sigreturn(void);
i32 call_sigreturn(void)
{
	struct frame *f = task_frame();
	u32 at = f->esp - 8, high;
	struct sigcontext c;

	if (user_read(&c, at + offsetof(struct signal_frame, context),
		      sizeof(c)) < 0 ||
	    user_read32(&high, at + offsetof(struct signal_frame, mask_high)) <
		    0 ||
	    context_take(f, &c) < 0)
		return frame_bad(f);
	signal_block((u64)high << 32 | c.mask);
	return (i32)f->eax;
}

/* ---- alternate stacks ---- */

static int on_alternate(const struct task *t, u32 esp)
{
	return t->alternate_size && !(t->alternate_flags & SS_AUTODISARM) &&
	       esp - t->alternate_stack - 1 < t->alternate_size;
}

static i32 alternate_set(struct task *t, u32 esp, const struct signal_stack *s)
{
	u32 mode = s->flags & ~SS_AUTODISARM;

	if (on_alternate(t, esp))
		return -EPERM;
	if (mode == SS_DISABLE) {
		t->alternate_stack = t->alternate_size = 0;
		t->alternate_flags = 0;
		return 0;
	}
	if (mode != 0 && mode != SS_ONSTACK)
		return -EINVAL;
	if (s->size < STACK_LEAST)
		return -ENOMEM;
	t->alternate_stack = s->start;
	t->alternate_size = s->size;
	t->alternate_flags = s->flags & SS_AUTODISARM;
	return 0;
}

i32 call_sigaltstack(u32 wanted, u32 old);
i32 call_sigaltstack(u32 wanted, u32 old)
{
	struct task *t = task_current();
	u32 esp = task_frame()->esp;
	struct signal_stack s, before = {
		.start = t->alternate_stack,
		.size = t->alternate_size,
		.flags = t->alternate_flags,
	};
	i32 r = 0;

	if (!t->alternate_size)
		before.flags |= SS_DISABLE;
	else if (on_alternate(t, esp))
		before.flags |= SS_ONSTACK;
	if (wanted) {
		if (user_read(&s, wanted, sizeof(s)) < 0)
			return -EFAULT;
		r = alternate_set(t, esp, &s);
	}
	if (r == 0 && old)
		r = user_write(old, &before, sizeof(before));
	return r;
}

/* ESP: behind the return address. */
i32 call_rt_sigreturn(void);
i32 call_rt_sigreturn(void)
{
	struct frame *f = task_frame();
	u32 at = f->esp - 4;
	struct signal_ucontext u;

	if (user_read(&u, at + offsetof(struct signal_frame_rt, ucontext),
		      sizeof(u)) < 0 ||
	    context_take(f, &u.context) < 0)
		return frame_bad(f);
	alternate_set(task_current(), f->esp, &u.stack);
	signal_block((u64)u.mask[1] << 32 | u.mask[0]);
	return (i32)f->eax;
}

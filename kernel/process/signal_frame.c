/*
 * Building the frame of a handler. Everything is put together in the core and
 * then written to the user's stack, which may not be there.
 */
#include "kernel/process/signal_frame.h"

#include "kernel/linux/vdso.h"
#include "kernel/memory.h"
#include "kernel/process/fpu.h"
#include "kernel/space/user.h"

#define FLAG_RESUME 0x10000u
#define FLAGS_CLEAR (FLAG_TRAP | FLAG_DIRECTION | FLAG_RESUME)

/* Where the frame goes: below what is in use, or on the alternate stack. */
static u32 stack_choose(const struct task *t, const struct frame *f,
			const struct action *action, int *alternate)
{
	u32 in = f->esp - t->alternate_stack;

	*alternate = t->alternate_size && in - 1 < t->alternate_size &&
		     !(t->alternate_flags & SS_AUTODISARM);
	if (*alternate || !(action->flags & SA_ONSTACK) || !t->alternate_size)
		return f->esp;
	*alternate = 1;
	return t->alternate_stack + t->alternate_size;
}

/* The slow way, from the task's memory. */
static i32 fpu_copy_out(struct task *t, u32 at)
{
	const struct fpu *state = fpu_saved(t);
	u32 legacy[FPU_LEGACY_BYTES / 4];
	i32 r;

	fpu_to_legacy(state, legacy);
	r = user_write(at, legacy, sizeof(legacy));
	if (r == 0 && fpu_has_fxsave())
		r = user_write(at + FPU_LEGACY_BYTES, state, sizeof(*state));
	return r;
}

/* Write the FPU's state below `esp`; its address in *at, 0 if it is not in
 * use. The handler finds the FPU as a new program does. */
static i32 fpu_write(struct task *t, u32 *esp, u32 *at)
{
	u32 status = offsetof(struct frame_fpu, status);
	u32 magic = fpu_has_fxsave() ? FPU_MAGIC_FXSAVE : FPU_MAGIC_LEGACY;
	u32 word;
	i32 r = 0;

	*at = 0;
	if (!t->fpu_used)
		return 0;
	*esp = ((*esp - sizeof(struct fpu)) & ~63u) - FPU_LEGACY_BYTES;
	*at = *esp;
	if (fpu_store(*at) < 0)
		r = fpu_copy_out(t, *at);
	if (r == 0)
		r = user_read32(&word, *at + 4); /* the status word */
	if (r == 0)
		r = user_write32(*at + status, (word & 0xFFFF) | magic << 16);
	return r;
}

static void context_fill(struct sigcontext *c, const struct frame *f,
			 const struct signal_info *info)
{
	int fault = f->vector < 32;

	c->gs = f->gs;
	c->fs = f->fs;
	c->es = f->es;
	c->ds = f->ds;
	c->edi = f->edi;
	c->esi = f->esi;
	c->ebp = f->ebp;
	c->esp = c->esp_at_signal = f->esp;
	c->ebx = f->ebx;
	c->edx = f->edx;
	c->ecx = f->ecx;
	c->eax = f->eax;
	c->trap = fault ? f->vector : 0;
	c->error = fault ? f->error : 0;
	c->eip = f->eip;
	c->cs = f->cs;
	c->eflags = f->eflags;
	c->ss = f->ss;
	c->cr2 = f->vector == VECTOR_PAGE ? info->fault.address : 0;
}

/* ESP at a handler's first instruction is 4 less than a multiple of 16, as
 * behind any call (System V ABI). */
static u32 frame_place(u32 esp, u32 size)
{
	return ((esp - size + 4) & ~15u) - 4;
}

static u32 returns_to(const struct action *action, u32 frame_code, u32 vdso_at)
{
	const struct space *s = thread_current()->space;

	if (action->flags & SA_RESTORER)
		return action->restorer;
	return s->vdso ? s->vdso + vdso_at : frame_code;
}

/* pop eax; mov eax, 119; int 0x80 */
static const u8 sigreturn_code[8] = { 0x58, 0xB8, 0x77, 0, 0, 0, 0xCD, 0x80 };
/* mov eax, 173; int 0x80 */
static const u8 rt_sigreturn_code[8] = { 0xB8, 0xAD, 0, 0, 0, 0xCD, 0x80, 0 };

static i32 plain_write(const struct frame *f, const struct action *action,
		       const struct signal_info *info, u64 mask, u32 fpu,
		       u32 at)
{
	struct {
		u32 returns, signal;
		struct sigcontext context;
	} head;
	struct {
		u32 mask_high;
		u8 code[8];
	} tail;
	i32 r;

	head.returns =
		returns_to(action, at + offsetof(struct signal_frame, code),
			   VDSO_SIGRETURN_AT);
	head.signal = (u32)info->number;
	context_fill(&head.context, f, info);
	head.context.fpu = fpu;
	head.context.mask = (u32)mask;
	tail.mask_high = (u32)(mask >> 32);
	memory_copy(tail.code, sigreturn_code, sizeof(tail.code));
	r = user_write(at, &head, sizeof(head));
	if (r == 0)
		r = user_write(at + offsetof(struct signal_frame, mask_high),
			       &tail, sizeof(tail));
	return r;
}

static i32 rt_write(struct task *t, const struct frame *f,
		    const struct action *action, const struct signal_info *info,
		    u64 mask, u32 fpu, u32 at)
{
	struct signal_frame_rt rt;
	struct signal_ucontext *u = &rt.ucontext;

	memory_fill(&rt.bytes[sizeof(*info)], 0,
		    SIGNAL_INFO_BYTES - sizeof(*info));
	rt.returns =
		returns_to(action, at + offsetof(struct signal_frame_rt, code),
			   VDSO_RT_SIGRETURN_AT);
	rt.signal = (u32)info->number;
	rt.info_at = at + offsetof(struct signal_frame_rt, info);
	rt.ucontext_at = at + offsetof(struct signal_frame_rt, ucontext);
	rt.info = *info;
	u->flags = u->link = 0;
	u->stack.start = t->alternate_stack;
	u->stack.flags = t->alternate_size ? t->alternate_flags : SS_DISABLE;
	u->stack.size = t->alternate_size;
	context_fill(&u->context, f, info);
	u->context.fpu = fpu;
	u->context.mask = u->mask[0] = (u32)mask;
	u->mask[1] = (u32)(mask >> 32);
	memory_copy(rt.code, rt_sigreturn_code, sizeof(rt.code));
	return user_write(at, &rt, sizeof(rt));
}

i32 frame_build(struct frame *f, const struct action *action,
		const struct signal_info *info, u64 mask)
{
	struct task *t = task_current();
	int rt = (action->flags & SA_SIGINFO) != 0, alternate;
	u32 esp = stack_choose(t, f, action, &alternate), fpu, at;
	i32 r = fpu_write(t, &esp, &fpu);

	if (r < 0)
		return r;
	at = frame_place(esp, rt ? sizeof(struct signal_frame_rt) :
				   sizeof(struct signal_frame));
	if (alternate && at - t->alternate_stack >= t->alternate_size)
		return -EFAULT;
	r = rt ? rt_write(t, f, action, info, mask, fpu, at) :
		 plain_write(f, action, info, mask, fpu, at);
	if (r < 0)
		return r;
	if (t->alternate_flags & SS_AUTODISARM)
		t->alternate_size = t->alternate_flags = 0;
	if (fpu)
		fpu_renew(t);
	f->eax = (u32)info->number;
	f->edx = rt ? at + offsetof(struct signal_frame_rt, info) : 0;
	f->ecx = rt ? at + offsetof(struct signal_frame_rt, ucontext) : 0;
	f->esp = at;
	f->eip = action->handler;
	f->cs = SEL_USER_CODE;
	f->ds = f->es = f->ss = SEL_USER_DATA;
	f->eflags &= ~FLAGS_CLEAR;
	f->vector = VECTOR_DOOR;
	return 0;
}

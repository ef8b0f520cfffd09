/*
 * Whose registers the FPU holds. Closed means CR0.TS and CR0.EM: x87 gives #NM
 * and SSE #UD, as on a CPU without them. A task's first use of either opens
 * it. Saving is done at once when a task that has it open leaves, so that its
 * state can be loaded anywhere; loading is put off.
 */
#include "kernel/process/fpu.h"

#include "kernel/cpu.h"
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/signal_frame.h"
#include "kernel/space/cache.h"

#define CR0_MP	 (1u << 1)
#define CR0_EM	 (1u << 2)
#define CR0_TS	 (1u << 3)
#define CR0_NE	 (1u << 5)
#define CLOSED	 (CR0_EM | CR0_TS)
#define CR4_FXSR (1u << 9)
#define CR4_XMM	 (1u << 10)

#define FEATURE_FXSR (1u << 24)
#define FEATURE_SSE  (1u << 25)

#define MXCSR_FIRST    0x1F80u
#define MXCSR_MASK_OLD 0xFFBFu /* SDM volume 1, section 11.6.6 */
#define CONTROL_FIRST  0x037Fu
#define FXSAVE_MXCSR   6 /* words */
#define FXSAVE_MASK    7

i32 fpu_store_user(u32 fxsave, u32 legacy);
i32 fpu_fetch_user(u32 fxsave, u32 legacy);

static struct fpu initial;
static u32 features, mxcsr_mask;

static inline u32 cr0_read(void)
{
	u32 value;

	__asm__ volatile("mov %%cr0, %0" : "=r"(value));
	return value;
}

static inline void cr0_write(u32 value)
{
	__asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

static u32 features_read(void)
{
	u32 eax = 1, ebx, ecx, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return edx;
}

int fpu_has_fxsave(void)
{
	return (features & FEATURE_FXSR) != 0;
}

u32 fpu_mxcsr_mask(void)
{
	return mxcsr_mask;
}

/* Interrupts off; open. What is saved stays in the registers, too. */
static void save(struct fpu *to)
{
	u32 legacy[27];

	if (fpu_has_fxsave()) {
		__asm__ volatile("fxsave %0" : "=m"(*to));
		return;
	}
	__asm__ volatile("fnsave %0; frstor %0" : "+m"(legacy));
	fpu_from_legacy(to, legacy);
}

static void load(const struct fpu *of)
{
	u32 legacy[27];

	if (fpu_has_fxsave()) {
		__asm__ volatile("fxrstor %0" : : "m"(*of));
		return;
	}
	fpu_to_legacy(of, legacy);
	__asm__ volatile("frstor %0" : : "m"(legacy));
}

static void shut(struct cpu *cpu)
{
	cpu->fpu_open = 0;
	cr0_write(cr0_read() | CLOSED);
}

/* The state that every program begins with. */
static void initial_make(void)
{
	u32 *words = (u32 *)initial.bytes;

	cr0_write(cr0_read() & ~CLOSED);
	__asm__ volatile("fninit");
	if (fpu_has_fxsave())
		__asm__ volatile("fxsave %0" : "=m"(initial));
	mxcsr_mask = words[FXSAVE_MASK] ? words[FXSAVE_MASK] : MXCSR_MASK_OLD;
	memory_fill(&initial, 0, sizeof(initial));
	words[0] = CONTROL_FIRST;
	words[FXSAVE_MXCSR] = MXCSR_FIRST;
	words[FXSAVE_MASK] = mxcsr_mask;
}

void fpu_init(void)
{
	u32 cr4;

	if (!features)
		features = features_read();
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	if (features & FEATURE_FXSR)
		cr4 |= CR4_FXSR;
	if (features & FEATURE_SSE)
		cr4 |= CR4_XMM;
	__asm__ volatile("mov %0, %%cr4" : : "r"(cr4) : "memory");
	if (!mxcsr_mask)
		initial_make();
	cr0_write(cr0_read() | CR0_MP | CR0_NE | CLOSED);
}

int fpu_closed(void)
{
	return (cr0_read() & CR0_TS) != 0;
}

void fpu_switch(struct task *out, struct task *in)
{
	struct cpu *cpu = cpu_current();

	(void)in;
	if (!cpu->fpu_open)
		return;
	save(out->fpu);
	shut(cpu);
}

void fpu_shut(void)
{
	save(task_current()->fpu);
	shut(cpu_current());
}

/* Open it for the current task, with its state in it unless `blank`. */
static void take(struct task *t, int blank)
{
	struct cpu *cpu;

	if (!t->fpu)
		t->fpu = heap_take_user(sizeof(*t->fpu));
	world_hold();
	cpu = cpu_current();
	if (!cpu->fpu_open) {
		cr0_write(cr0_read() & ~CLOSED);
		cpu->fpu_open = 1;
		if (!t->fpu_used)
			load(&initial);
		else if (!blank && (cpu->fpu != t || t->fpu_cpu != cpu))
			load(t->fpu);
		t->fpu_used = 1;
		t->fpu_cpu = cpu;
		cpu->fpu = t;
	}
	world_release();
}

void fpu_use(void)
{
	take(task_current(), 0);
}

i32 fpu_store(u32 user)
{
	if (fpu_closed() || !fpu_has_fxsave() ||
	    user > USER_END - sizeof(struct frame_fpu))
		return -EFAULT;
	return fpu_store_user(user + FPU_LEGACY_BYTES, user);
}

i32 fpu_fetch(u32 user)
{
	struct task *t = task_current();

	if (!fpu_has_fxsave() || user > USER_END - sizeof(struct frame_fpu) ||
	    (user + FPU_LEGACY_BYTES) % 16)
		return -EFAULT;
	t->fpu_used = 1;
	take(t, 1);
	return fpu_fetch_user(user + FPU_LEGACY_BYTES, user);
}

struct fpu *fpu_saved(struct task *t)
{
	world_hold();
	if (cpu_current()->fpu_open)
		save(t->fpu);
	world_release();
	return t->fpu;
}

/* The registers are nobody's. */
static void leave(struct task *t)
{
	world_hold();
	if (cpu_current()->fpu_open)
		shut(cpu_current());
	t->fpu_cpu = 0;
	world_release();
}

void fpu_load(struct task *t)
{
	leave(t);
	t->fpu_used = 1;
}

void fpu_renew(struct task *t)
{
	leave(t);
	t->fpu_used = 0;
}

void fpu_get(struct fpu *to)
{
	struct task *t = task_current();

	memory_copy(to, t->fpu_used ? fpu_saved(t) : &initial, sizeof(*to));
}

i32 fpu_set(const struct fpu *state)
{
	struct task *t = task_current();

	if (((const u32 *)state->bytes)[FXSAVE_MXCSR] & ~mxcsr_mask)
		return -EINVAL;
	if (!t->fpu)
		t->fpu = heap_take_user(sizeof(*t->fpu));
	leave(t);
	memory_copy(t->fpu, state, sizeof(*state));
	t->fpu_used = 1;
	return 0;
}

void fpu_forget(struct task *t)
{
	if (t == task_current())
		leave(t);
	t->fpu_cpu = 0;
	t->fpu_used = 0;
	heap_give(t->fpu);
	t->fpu = 0;
}

i32 fpu_copy(struct task *to, struct task *of)
{
	if (!of->fpu_used)
		return 0;
	to->fpu = heap_take_now(sizeof(*to->fpu));
	if (!to->fpu)
		return -ENOMEM;
	memory_copy(to->fpu, fpu_saved(of), sizeof(*to->fpu));
	to->fpu_used = 1;
	return 0;
}

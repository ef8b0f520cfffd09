/*
 * Floating point and SSE state: a process's own across switches, fork,
 * threads and signals; given to handlers and taken back from them.
 */
#include "check.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <ucontext.h>

struct registers {
	uint16_t control;
	uint32_t mxcsr;
	double st0;
	unsigned char xmm[8][16];
};

#define SSE __attribute__((target("sse2"), noinline))

static int sse_there(void)
{
	return __builtin_cpu_supports("sse2") || __builtin_cpu_supports("sse");
}

/* Give each register another value, made from `seed`; spin; look again. */
SSE static void state_hold(unsigned char seed, int spins, void (*act)(void))
{
	unsigned char in[8][16] __attribute__((aligned(16)));
	unsigned char out[8][16] __attribute__((aligned(16)));
	double pushed = seed * 1.25, popped;
	int at;

	for (at = 0; at < 128; at++)
		in[at / 16][at % 16] = (unsigned char)(seed + at);
	if (sse_there())
		__asm__ volatile("movups (%0), %%xmm0\n"
				 "movups 16(%0), %%xmm1\n"
				 "movups 32(%0), %%xmm2\n"
				 "movups 112(%0), %%xmm7"
				 :
				 : "r"(in)
				 : "memory");
	__asm__ volatile("fldl %0" : : "m"(pushed));
	if (act)
		act();
	for (at = 0; at < spins; at++)
		__asm__ volatile("pause" : : : "memory");
	__asm__ volatile("fstpl %0" : "=m"(popped));
	if (sse_there())
		__asm__ volatile("movups %%xmm0, (%0)\n"
				 "movups %%xmm1, 16(%0)\n"
				 "movups %%xmm2, 32(%0)\n"
				 "movups %%xmm7, 112(%0)"
				 :
				 : "r"(out)
				 : "memory");
	IS(popped * 4, pushed * 4);
	if (!sse_there())
		return;
	IS(memcmp(in[0], out[0], 48), 0);
	IS(memcmp(in[7], out[7], 16), 0);
}

TEST(start_state)
{
	uint16_t control, status;
	uint32_t mxcsr = 0;
	pid_t child = child_make();

	/* Whoever ran before us on this processor has left no trace. */
	__asm__ volatile("fnstcw %0; fnstsw %1" : "=m"(control), "=m"(status));
	IS(control, 0x37f);
	IS(status & 0x3800, 0);
	if (sse_there()) {
		__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
		IS(mxcsr & 0xffc0, 0x1f80);
	}
	if (child == 0)
		child_end();
	child_good(child);
}

TEST(state_across_switches)
{
	pid_t children[4];
	int at, round;

	for (at = 0; at < 4; at++) {
		children[at] = child_make();
		if (children[at] != 0)
			continue;
		for (round = 0; round < 10; round++)
			state_hold((unsigned char)(at * 40 + round), 40000,
				   NULL);
		child_end();
	}
	for (at = 0; at < 4; at++)
		child_good(children[at]);
}

static void yield(void)
{
	syscall(SYS_sched_yield);
}

TEST(state_across_calls)
{
	pid_t child = child_make();
	int round;

	for (round = 0; round < 500; round++)
		state_hold((unsigned char)round, 0, yield);
	if (child == 0)
		child_end();
	child_good(child);
}

static void *thread_hold(void *seed)
{
	int round;

	for (round = 0; round < 200; round++)
		state_hold((unsigned char)(uintptr_t)seed, 100, yield);
	return NULL;
}

TEST(state_of_threads)
{
	pthread_t threads[3];
	uintptr_t at;

	for (at = 0; at < 3; at++)
		IS(pthread_create(&threads[at], NULL, thread_hold,
				  (void *)(at * 60 + 1)),
		   0);
	for (at = 0; at < 3; at++)
		IS(pthread_join(threads[at], NULL), 0);
}

static pid_t forked;

static void split(void)
{
	forked = (pid_t)syscall(SYS_fork);
}

TEST(child_has_the_state)
{
	state_hold(77, 10, split);
	if (forked == 0)
		child_end();
	child_good(forked);
}

TEST(rounding_is_inherited)
{
	pid_t child;

	IS(fesetround(FE_UPWARD), 0);
	child = child_make();
	if (child == 0) {
		IS(fegetround(), FE_UPWARD);
		child_end();
	}
	child_good(child);
	IS(fegetround(), FE_UPWARD);
}

static unsigned char area[512];
static struct _libc_fpstate legacy;

SSE static void spoil(int number, siginfo_t *info, void *with)
{
	unsigned char other[16] __attribute__((aligned(16))) = { 0xEE };
	ucontext_t *context = with;
	const unsigned char *state = (const void *)context->uc_mcontext.fpregs;
	double value = 99.0;

	(void)number;
	(void)info;
	if (state) {
		memcpy(&legacy, state, sizeof(legacy));
		memcpy(area, state + 112, sizeof(area));
	}
	__asm__ volatile("fninit; fldl %0" : : "m"(value));
	if (sse_there())
		__asm__ volatile("movups %0, %%xmm0; movups %0, %%xmm7"
				 :
				 : "m"(other));
}

static void tell(void)
{
	syscall(SYS_kill, getpid(), SIGUSR1);
}

TEST(handler_does_not_spoil)
{
	struct sigaction action;
	long double st0;
	int at;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = spoil;
	action.sa_flags = SA_SIGINFO;
	DO(sigaction(SIGUSR1, &action, NULL));
	state_hold(5, 0, tell);
	/* FSAVE's form: control word, then ST0 behind seven words. */
	IS(legacy.cw & 0xffff, 0x37f);
	memcpy(&st0, &legacy._st[0], 10);
	CHECK(st0 == 6.25L);
	if (!sse_there())
		return;
	/* FXSAVE's form: ST0 at 32, XMM0 at 160. The high half of `status`
	 * says that it is there. */
	IS(legacy.status >> 16, 0);
	memcpy(&st0, area + 32, 10);
	CHECK(st0 == 6.25L);
	for (at = 0; at < 16; at++)
		IS(area[160 + at], 5 + at);
	for (at = 0; at < 16; at++)
		IS(area[160 + 7 * 16 + at], 5 + 112 + at);
}

static void state_change(int number, siginfo_t *info, void *with)
{
	ucontext_t *context = with;
	unsigned char *state = (void *)context->uc_mcontext.fpregs;

	(void)number;
	(void)info;
	memset(state + 112 + 160, 0xAB, 16); /* XMM0 */
}

SSE TEST(handler_may_change_the_state)
{
	unsigned char value[16] __attribute__((aligned(16))) = { 0 };
	struct sigaction action;

	if (!sse_there())
		test_skip("SSE");
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = state_change;
	action.sa_flags = SA_SIGINFO;
	DO(sigaction(SIGUSR1, &action, NULL));
	__asm__ volatile("movups %1, %%xmm0\n"
			 "int $0x80\n"
			 "movups %%xmm0, %0"
			 : "=m"(value)
			 : "m"(value), "a"(SYS_kill), "b"(getpid()),
			   "c"(SIGUSR1)
			 : "memory");
	IS(value[0], 0xAB);
	IS(value[15], 0xAB);
}

static void mxcsr_spoil(int number, siginfo_t *info, void *with)
{
	ucontext_t *context = with;
	unsigned char *state = (void *)context->uc_mcontext.fpregs;

	(void)number;
	(void)info;
	memset(state + 112 + 24, 0xff, 4); /* bits that do not exist */
}

/* A frame that FXRSTOR would refuse ends in order, not in the kernel. */
TEST(bad_state_in_a_frame)
{
	pid_t child = child_make();
	struct sigaction action;

	if (child == 0) {
		memset(&action, 0, sizeof(action));
		action.sa_sigaction = mxcsr_spoil;
		action.sa_flags = SA_SIGINFO;
		sigaction(SIGUSR1, &action, NULL);
		raise(SIGUSR1);
		_exit(0);
	}
	child_status(child);
}

static int code_seen;

static void code_note(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	code_seen = info->si_code;
	_exit(code_seen == FPE_FLTDIV ? 77 : 1);
}

TEST(floating_division_trap)
{
	pid_t child = child_make();
	struct sigaction action;

	if (child == 0) {
		uint16_t control = 0x37b; /* division by zero traps */
		double zero = 0.0, one = 1.0;

		memset(&action, 0, sizeof(action));
		action.sa_sigaction = code_note;
		action.sa_flags = SA_SIGINFO;
		sigaction(SIGFPE, &action, NULL);
		__asm__ volatile("fldcw %0; fldl %1; fdivl %2; fwait"
				 :
				 : "m"(control), "m"(one), "m"(zero));
		_exit(2);
	}
	child_good(child);
}

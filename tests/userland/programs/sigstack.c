/*
 * The stacks that signal handlers run on: the alternate one, one that is full,
 * one that is not there.
 */
#include "check.h"

static volatile int count;
static char *stack_low, *stack_seen;

static void stack_note(int number)
{
	char here;
	stack_t now;

	(void)number;
	stack_seen = &here;
	sigaltstack(NULL, &now);
	count = now.ss_flags;
}

TEST(alternate_stack)
{
	struct sigaction action;
	stack_t stack, old;

	DO(sigaltstack(NULL, &old));
	IS(old.ss_flags, SS_DISABLE);
	stack_low = malloc(65536);
	stack = (stack_t){ .ss_sp = stack_low, .ss_size = 65536 };
	DO(sigaltstack(&stack, NULL));
	memset(&action, 0, sizeof(action));
	action.sa_handler = stack_note;
	action.sa_flags = SA_ONSTACK;
	DO(sigaction(SIGUSR1, &action, NULL));
	DO(raise(SIGUSR1));
	CHECK(stack_seen > stack_low && stack_seen < stack_low + 65536);
	IS(count, SS_ONSTACK);
	DO(sigaltstack(NULL, &old));
	IS(old.ss_flags, 0);
	CHECK(old.ss_sp == stack_low && old.ss_size == 65536);
	action.sa_flags = 0;
	DO(sigaction(SIGUSR1, &action, NULL));
	DO(raise(SIGUSR1));
	CHECK(stack_seen < stack_low || stack_seen >= stack_low + 65536);
	stack.ss_size = 100;
	ERROR(sigaltstack(&stack, NULL), ENOMEM);
	stack.ss_flags = 99;
	ERROR(sigaltstack(&stack, NULL), EINVAL);
	ERROR(syscall(SYS_sigaltstack, bad, NULL), EFAULT);
	stack.ss_flags = SS_DISABLE;
	DO(sigaltstack(&stack, NULL));
}

/* An overflown stack can be told on another. */
static void overflow_note(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	_exit(info->si_code == SEGV_MAPERR || info->si_code == SEGV_ACCERR ?
		      77 :
		      1);
}

__attribute__((noinline)) static int overflow(volatile char *above)
{
	volatile char room[4000];

	room[0] = *above;
	return *above == 'x' ? 0 : overflow(room) + room[0];
}

TEST(stack_overflow)
{
	pid_t child = child_make();

	if (child == 0) {
		struct sigaction action;
		stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };

		sigaltstack(&stack, NULL);
		memset(&action, 0, sizeof(action));
		action.sa_sigaction = overflow_note;
		action.sa_flags = SA_ONSTACK | SA_SIGINFO;
		sigaction(SIGSEGV, &action, NULL);
		overflow((volatile char *)"");
	}
	child_good(child);
	child = child_make();
	if (child == 0)
		overflow((volatile char *)"");
	IS(child_status(child) & 0x7f, SIGSEGV);
}

TEST(no_room_for_a_frame)
{
	pid_t child = child_make();

	if (child == 0) {
		signal(SIGUSR1, stack_note);
		signal(SIGSEGV, stack_note);
		__asm__ volatile("mov $16, %%esp; mov $37, %%eax; int $0x80"
				 :
				 : "b"(getpid()), "c"(SIGUSR1)
				 : "memory", "eax");
	}
	IS(child_status(child) & 0x7f, SIGSEGV);
}

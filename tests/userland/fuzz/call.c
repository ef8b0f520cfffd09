/*
 * Doing the calls. A call that makes a process or thread runs its child in a
 * function of its own, on a stack of its own where memory is shared.
 */
#include "fuzz.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#define CALL(number, name, count, format, state, missing) \
	{ number, count, #name, format },
#define NONE(number, name, missing) { number, 6, #name, "xxxxxx" },
const struct call calls[] = {
#include "../../../kernel/linux/calls.def"
};
#undef CALL
#undef NONE
const uint32_t call_count = sizeof(calls) / sizeof(*calls);

enum {
	EXIT = 1, FORK = 2, EXECVE = 11, MKNOD = 14, PTRACE = 26, PAUSE = 29,
	KILL = 37, SETPGID = 57, REBOOT = 88, SETPRIORITY = 97,
	SIGRETURN = 119, CLONE = 120, SETPARAM = 154, SETSCHEDULER = 156,
	RT_SIGRETURN = 173, RT_SIGQUEUEINFO = 178, VFORK = 190, TKILL = 238,
	SETAFFINITY = 241, EXIT_GROUP = 252, TGKILL = 270, MKNODAT = 297,
	RT_TGSIGQUEUEINFO = 335, PRLIMIT = 340, EXECVEAT = 358, CLONE3 = 435,
};

static struct progress *progress;
static uint8_t stacks[4][16384] __attribute__((aligned(16)));
static uint32_t clone3_words[16];

/*
 * The call. In a new process or thread the answer is 0, and it goes on in
 * child_run and never comes back: its stack may hold nothing.
 */
int32_t call_raw(uint32_t number, const uint32_t words[WORDS]);
_Noreturn void child_run(uint32_t number);
__asm__(".text\n"
	"call_raw:\n\t"
	"push %ebp\n\tpush %edi\n\tpush %esi\n\tpush %ebx\n\t"
	"mov 20(%esp), %eax\n\tmov 24(%esp), %ebp\n\t"
	"mov (%ebp), %ebx\n\tmov 4(%ebp), %ecx\n\tmov 8(%ebp), %edx\n\t"
	"mov 12(%ebp), %esi\n\tmov 16(%ebp), %edi\n\tmov 20(%ebp), %ebp\n\t"
	"pushl %eax\n\t"
	"int $0x80\n\t"
	"addl $4, %esp\n\t"
	"pop %ebx\n\tpop %esi\n\tpop %edi\n\tpop %ebp\n\tret\n"
	"call_fork:\n\t"
	"push %ebp\n\tpush %edi\n\tpush %esi\n\tpush %ebx\n\t"
	"mov 20(%esp), %eax\n\tmov 24(%esp), %ebp\n\t"
	"mov (%ebp), %ebx\n\tmov 4(%ebp), %ecx\n\tmov 8(%ebp), %edx\n\t"
	"mov 12(%ebp), %esi\n\tmov 16(%ebp), %edi\n\t"
	"mov %eax, %ebp\n\t"
	"int $0x80\n\t"
	"test %eax, %eax\n\tjnz 1f\n\t"
	"and $-16, %esp\n\tsub $12, %esp\n\tpush %ebp\n\tcall child_run\n"
	"1:\tpop %ebx\n\tpop %esi\n\tpop %edi\n\tpop %ebp\n\tret\n");
int32_t call_fork(uint32_t number, const uint32_t words[WORDS]);

static int makes_child(uint32_t number)
{
	return number == FORK || number == VFORK || number == CLONE ||
	       number == CLONE3;
}

/* Its first argument (tgkill's second, too) says which process. */
static int names_process(uint32_t number)
{
	switch (number) {
	case KILL:
	case TKILL:
	case TGKILL:
	case RT_SIGQUEUEINFO:
	case RT_TGSIGQUEUEINFO:
	case PRLIMIT:
	case SETPGID:
	case SETPARAM:
	case SETSCHEDULER:
	case SETAFFINITY:
		return 1;
	default:
		return 0;
	}
}

static void child_prepare(uint32_t number, uint32_t words[WORDS])
{
	uint32_t top = (uint32_t)(uintptr_t)stacks[below(4)] + 16384 - 64;

	if (number == CLONE) {
		if (words[0] & 0x100 || below(2)) /* CLONE_VM */
			words[1] = top;
		else
			words[1] = 0;
		return;
	}
	if (number != CLONE3)
		return;
	for (uint32_t i = 0; i < 16; i++)
		clone3_words[i] = 0;
	clone3_words[0] = chance() & chance() & 0xFFFFFF00;
	clone3_words[8] = below(4) ? 17 : below(70); /* exit_signal */
	clone3_words[10] = top - 8192;
	clone3_words[12] = 8192;
	words[0] = (uint32_t)(uintptr_t)clone3_words;
	words[1] = below(8) ? 64 : below(100);
}

int call_allowed(const struct call *c, uint32_t words[WORDS])
{
	uint32_t me = (uint32_t)getpid();

	switch (c->number) {
	case REBOOT:
	case PTRACE:
		return 0;
	case EXIT:
	case EXIT_GROUP:
	case EXECVE:
	case EXECVEAT:
	case SIGRETURN:
	case RT_SIGRETURN:
	case PAUSE:
		return !below(20);
	case MKNOD:
	case MKNODAT: /* no device */
		words[c->number == MKNOD ? 1 : 2] &= ~020000u;
		return 1;
	case SETPRIORITY:
		words[0] = 0; /* a process */
		words[1] = me;
		return 1;
	}
	if (makes_child(c->number)) {
		child_prepare(c->number, words);
		return !below(4);
	}
	if (names_process(c->number)) {
		words[0] = me;
		if (c->number == TGKILL || c->number == RT_TGSIGQUEUEINFO)
			words[1] = me;
		else if (c->number == KILL && !below(4))
			words[0] = me + below(3);
	}
	return 1;
}

/* Something that ends waits. */
static void alarm_set(void)
{
	struct itimerval often = { { 0, 20000 }, { 0, 20000 } };

	setitimer(ITIMER_REAL, &often, NULL);
}

static void nothing(int number)
{
	(void)number;
}

static void one(void)
{
	const struct call *c = &calls[below(call_count)];
	uint32_t words[WORDS];
	int32_t answer;

	values_fill(c, words);
	if (!call_allowed(c, words))
		return;
	progress->digest = (progress->digest ^ c->number) * 16777619u;
	progress->done++;
	answer = makes_child(c->number) ? call_fork(c->number, words) :
					  call_raw(c->number, words);
	progress->answered[answer < 0 && answer > -4096]++;
}

void child_run(uint32_t number)
{
	static const uint32_t none[WORDS];
	uint32_t some = number == VFORK ? 4 : below(30);

	chance();
	while (some--)
		one();
	for (;;)
		call_raw(below(2) ? EXIT : EXIT_GROUP, none);
}

static void signals_set(void)
{
	struct sigaction action = { .sa_handler = nothing };

	sigaction(SIGALRM, &action, NULL);
	if (below(2)) {
		sigaction(SIGHUP, &action, NULL);
		sigaction(SIGPIPE, &action, NULL);
		sigaction(SIGUSR1, &action, NULL);
		sigaction(SIGCHLD, &action, NULL);
	}
}

void calls_do(struct progress *p, uint32_t count)
{
	progress = p;
	if (below(3))
		setpgid(0, 0);
	else
		setsid();
	values_make();
	signals_set();
	if (below(2)) {
		setgid(1000);
		setuid(1000);
	} else if (chroot(".") < 0) {
		_exit(1); /* it could harm everybody */
	}
	for (uint32_t i = 0; i < count; i++) {
		if (i % 8 == 0)
			alarm_set();
		one();
	}
	_exit(0);
}

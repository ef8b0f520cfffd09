/*
 * What a signal handler sees of the interrupted program, and what of it the
 * program gets back: registers, flags, FPU and SSE state, fault addresses.
 */
#include "check.h"

#include <fenv.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

static siginfo_t seen;
static ucontext_t context_seen;
static unsigned char fpu_seen[512];
static volatile int count;
static sigjmp_buf back;

static void note(int number, siginfo_t *info, void *with)
{
	ucontext_t *context = with;
	unsigned char *state = (void *)context->uc_mcontext.fpregs;

	(void)number;
	seen = *info;
	context_seen = *context;
	if (state) /* 112 bytes of FSAVE's form, then FXSAVE's */
		memcpy(fpu_seen, state + 112, 512);
	count++;
}

static void note_and_leave(int number, siginfo_t *info, void *with)
{
	note(number, info, with);
	siglongjmp(back, 1);
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO;
	DO(sigaction(number, &action, NULL));
}

#define REGISTER(name) ((uint32_t)context_seen.uc_mcontext.gregs[REG_##name])

TEST(registers_in_the_frame)
{
	uint32_t result;

	handle(SIGUSR1, note);
	__asm__ volatile("push %%ebp\n mov $0x66660000, %%ebp\n"
			 "int $0x80\n pop %%ebp"
			 : "=a"(result)
			 : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1),
			   "d"(0x3333), "S"(0x4444), "D"(0x5555)
			 : "memory");
	IS(result, 0);
	IS(count, 1);
	IS(REGISTER(EBX), getpid());
	IS(REGISTER(ECX), SIGUSR1);
	IS(REGISTER(EDX), 0x3333);
	IS(REGISTER(ESI), 0x4444);
	IS(REGISTER(EDI), 0x5555);
	IS(REGISTER(EBP), 0x66660000);
	IS(REGISTER(EAX), 0);
	IS(REGISTER(CS) & 3, 3);
	IS(REGISTER(SS) & 3, 3);
	CHECK(REGISTER(EFL) & 0x200);
	CHECK(REGISTER(ESP) == REGISTER(UESP));
}

static void change(int number, siginfo_t *info, void *with)
{
	ucontext_t *context = with;

	(void)number;
	(void)info;
	context->uc_mcontext.gregs[REG_EDX] = 0x7777;
	context->uc_mcontext.gregs[REG_EAX] = 0x8888;
	context->uc_mcontext.gregs[REG_EFL] |= 1 | 0x40;
	sigaddset(&context->uc_sigmask, SIGHUP);
}

/* The handler may change what the program goes on with. */
TEST(changed_frame_is_taken)
{
	uint32_t result, edx = 0x3333, flags;
	sigset_t mask;

	handle(SIGUSR1, change);
	__asm__ volatile("int $0x80; pushfl; popl %2"
			 : "=a"(result), "+d"(edx), "=&S"(flags)
			 : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
			 : "memory");
	IS(result, 0x8888);
	IS(edx, 0x7777);
	IS(flags & 0x41, 0x41);
	DO(sigprocmask(SIG_SETMASK, NULL, &mask));
	IS(sigismember(&mask, SIGHUP), 1);
}

/* No frame gives the program more rights than it has. */
static void hostile(int number, siginfo_t *info, void *with)
{
	ucontext_t *context = with;

	(void)number;
	(void)info;
	context->uc_mcontext.gregs[REG_EFL] |= 0x3000 | 0x4000; /* IOPL, NT */
	context->uc_mcontext.gregs[REG_EFL] &= ~0x200;
}

TEST(flags_that_a_frame_cannot_set)
{
	uint32_t flags;

	handle(SIGUSR1, hostile);
	__asm__ volatile("int $0x80; pushfl; popl %0"
			 : "=&S"(flags)
			 : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
			 : "memory");
	IS(flags & 0x3000, 0);
	IS(flags & 0x200, 0x200);
}

static void hostile_selectors(int number, siginfo_t *info, void *with)
{
	ucontext_t *context = with;
	static int tries;

	(void)info;
	if (number != SIGUSR1)
		_exit(77);
	context->uc_mcontext.gregs[REG_CS] = tries ? 0x08 : 0xfff8;
	context->uc_mcontext.gregs[REG_SS] = 0x10;
}

TEST(selectors_that_a_frame_cannot_set)
{
	pid_t child = child_make();

	if (child == 0) {
		handle(SIGUSR1, hostile_selectors);
		handle(SIGSEGV, hostile_selectors);
		raise(SIGUSR1);
		_exit(1);
	}
	CHECK(child_status(child) != 1 << 8); /* never past it */
}

TEST(direction_flag_is_clear_in_a_handler)
{
	handle(SIGUSR1, note);
	__asm__ volatile("std; int $0x80; cld"
			 :
			 : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
			 : "memory", "cc");
	IS(count, 1);
	CHECK(REGISTER(EFL) & 0x400);
}

static void fault(void (*act)(void))
{
	handle(SIGSEGV, note_and_leave);
	handle(SIGBUS, note_and_leave);
	handle(SIGFPE, note_and_leave);
	handle(SIGILL, note_and_leave);
	handle(SIGTRAP, note_and_leave);
	count = 0;
	if (sigsetjmp(back, 1) == 0)
		act();
	IS(count, 1);
}

static char *place;

static void place_read(void)
{
	*(volatile char *)place;
}

static void place_write(void)
{
	*(volatile char *)place = 1;
}

static void place_run(void)
{
	((void (*)(void))(uintptr_t)place)();
}

TEST(fault_addresses)
{
	place = (char *)0x123;
	fault(place_read);
	IS(seen.si_signo, SIGSEGV);
	IS(seen.si_code, SEGV_MAPERR);
	CHECK(seen.si_addr == place);
	IS(REGISTER(TRAPNO), 14);
	IS(REGISTER(ERR), 4);
	IS(context_seen.uc_mcontext.cr2, 0x123);
	fault(place_write);
	IS(REGISTER(ERR), 6);
	place = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	place += 4099;
	fault(place_write);
	IS(seen.si_code, SEGV_ACCERR);
	CHECK(seen.si_addr == place);
	IS(REGISTER(ERR) & 6, 6);
	place = (char *)0xfffff000 + 16; /* the kernel's */
	fault(place_read);
	IS(seen.si_signo, SIGSEGV);
	place = (char *)0xc0000000;
	fault(place_write);
	IS(seen.si_signo, SIGSEGV);
}

TEST(fault_in_code)
{
	place = (char *)0x10;
	fault(place_run);
	IS(seen.si_signo, SIGSEGV);
	CHECK(seen.si_addr == place);
	IS(REGISTER(EIP), 0x10);
}

static void divide(void)
{
	volatile int zero = 0;

	__asm__ volatile("cltd; idivl %0" : : "m"(zero), "a"(1) : "edx");
}

static void undefined(void)
{
	__asm__ volatile("ud2");
}

static void privileged(void)
{
	__asm__ volatile("hlt");
}

static void port(void)
{
	__asm__ volatile("inb $0x80, %%al" : : : "eax");
}

static void forbidden_interrupt(void)
{
	__asm__ volatile("int $0x0d");
}

static void breakpoint(void)
{
	__asm__ volatile("int3");
}

static void kernel_selector(void)
{
	__asm__ volatile("mov %0, %%es" : : "r"(0x10));
}

TEST(traps_become_signals)
{
	fault(divide);
	IS(seen.si_signo, SIGFPE);
	IS(seen.si_code, FPE_INTDIV);
	IS(REGISTER(TRAPNO), 0);
	fault(undefined);
	IS(seen.si_signo, SIGILL);
	IS(seen.si_code, ILL_ILLOPN);
	IS(REGISTER(TRAPNO), 6);
	CHECK(seen.si_addr == (void *)REGISTER(EIP));
	fault(privileged);
	IS(seen.si_signo, SIGSEGV);
	IS(seen.si_code, SI_KERNEL);
	IS(REGISTER(TRAPNO), 13);
	fault(port);
	IS(seen.si_signo, SIGSEGV);
	fault(forbidden_interrupt);
	IS(seen.si_signo, SIGSEGV);
	fault(breakpoint);
	IS(seen.si_signo, SIGTRAP);
	fault(kernel_selector);
	IS(seen.si_signo, SIGSEGV);
}

static void step(void)
{
	__asm__ volatile("pushfl; orl $0x100, (%%esp); popfl; nop; nop" ::
				 : "memory", "cc");
}

TEST(single_step)
{
	fault(step);
	IS(seen.si_signo, SIGTRAP);
	IS(seen.si_code, TRAP_TRACE);
}

static void unmapped_file_page(void)
{
	int file = file_make("short", "x", 1);
	volatile char *map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, file, 0);

	place = (char *)map + 4096;
	map[0];
	map[4096];
}

TEST(page_behind_the_end_of_a_file)
{
	fault(unmapped_file_page);
	IS(seen.si_signo, SIGBUS);
	IS(seen.si_code, BUS_ADRERR);
	CHECK(seen.si_addr == place);
}

/* A fault while its signal is blocked or ignored ends the process. */
TEST(forced_signals)
{
	pid_t child = child_make();
	sigset_t set;

	if (child == 0) {
		handle(SIGSEGV, note_and_leave);
		sigfillset(&set);
		sigprocmask(SIG_SETMASK, &set, NULL);
		place = NULL;
		place_read();
		_exit(1);
	}
	IS(child_status(child) & 0x7f, SIGSEGV);
	child = child_make();
	if (child == 0) {
		signal(SIGSEGV, SIG_IGN);
		place = NULL;
		place_read();
		_exit(1);
	}
	IS(child_status(child) & 0x7f, SIGSEGV);
}

/*
 * fork, vfork, clone and wait: copy-on-write, what a child inherits, and how
 * its end is told.
 */
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>

static int shared_word = 1;

TEST(child_has_a_copy)
{
	pid_t child = child_make();

	if (child == 0) {
		IS(shared_word, 1);
		shared_word = 2;
		child_end();
	}
	shared_word = 3;
	child_good(child);
	IS(shared_word, 3);
}

TEST(parent_and_child_identities)
{
	pid_t parent = getpid(), child = child_make();

	if (child == 0) {
		CHECK(getpid() != parent);
		IS(getppid(), parent);
		IS(getpgrp(), getpgid(parent));
		IS(getsid(0), getsid(parent));
		child_end();
	}
	child_good(child);
}

/* Many pages, written on both sides, in both orders. */
TEST(copy_on_write_pages)
{
	const size_t pages = 64;
	unsigned char *bytes = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct signpost go;
	pid_t child;
	size_t at;

	CHECK(bytes != MAP_FAILED);
	for (at = 0; at < pages; at++)
		bytes[at * 4096] = (unsigned char)at;
	signpost_make(&go);
	child = child_make();
	if (child == 0) {
		for (at = 0; at < pages; at += 2)
			bytes[at * 4096] = 0xCC;
		signpost_wait(&go);
		for (at = 0; at < pages; at++)
			IS(bytes[at * 4096], at % 2 ? (int)at : 0xCC);
		child_end();
	}
	for (at = 1; at < pages; at += 2)
		bytes[at * 4096] = 0xAA;
	signpost_tell(&go);
	child_good(child);
	for (at = 0; at < pages; at++)
		IS(bytes[at * 4096], at % 2 ? 0xAA : (int)at);
}

/* A kernel that writes for the program must copy too. */
TEST(copy_on_write_by_the_kernel)
{
	static char page[4096] __attribute__((aligned(4096))) = "old";
	int file = file_make("bytes", "new", 4);
	pid_t child;

	page[0] = 'o';
	child = child_make();
	if (child == 0) {
		IS(pread(file, page, 4, 0), 4);
		TEXT(page, "new");
		child_end();
	}
	child_good(child);
	TEXT(page, "old");
	IS(pread(file, page, 4, 0), 4);
	TEXT(page, "new");
}

/* A grandchild's copy of a copy. */
TEST(copy_on_write_three_deep)
{
	static int value = 1;
	pid_t child = child_make(), grandchild;

	if (child == 0) {
		value = 2;
		grandchild = child_make();
		if (grandchild == 0) {
			IS(value, 2);
			value = 3;
			child_end();
		}
		child_good(grandchild);
		IS(value, 2);
		child_end();
	}
	child_good(child);
	IS(value, 1);
}

TEST(shared_memory_is_shared)
{
	int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	CHECK(word != MAP_FAILED);
	*word = 1;
	child = child_make();
	if (child == 0) {
		*word = 2;
		child_end();
	}
	child_good(child);
	IS(*word, 2);
}

TEST(exit_status)
{
	pid_t child;
	int code;

	for (code = 0; code < 256; code += 85) {
		child = child_make();
		if (child == 0)
			_exit(code);
		IS(child_status(child), code << 8);
	}
	child = child_make();
	if (child == 0)
		_exit(0x1234);
	IS(child_status(child), 0x3400);
}

TEST(death_by_signal)
{
	pid_t child = child_make();

	if (child == 0) {
		raise(SIGKILL);
		_exit(1);
	}
	IS(child_status(child), SIGKILL);
	child = child_make();
	if (child == 0) {
		struct rlimit none = { 0, 0 };

		setrlimit(RLIMIT_CORE, &none);
		raise(SIGSEGV);
		_exit(1);
	}
	IS(child_status(child) & ~0x80, SIGSEGV);
}

TEST(no_children)
{
	int status = 5;

	ERROR(waitpid(-1, &status, 0), ECHILD);
	ERROR(waitpid(1, &status, 0), ECHILD);
	ERROR(waitpid(getpid(), &status, WNOHANG), ECHILD);
	ERROR(waitpid(-1, &status, 0x40000), EINVAL);
	IS(status, 5);
}

TEST(no_hang)
{
	struct signpost go;
	pid_t child;
	int status;

	signpost_make(&go);
	child = child_make();
	if (child == 0) {
		signpost_wait(&go);
		child_end();
	}
	IS(waitpid(child, &status, WNOHANG), 0);
	IS(waitpid(-1, &status, WNOHANG), 0);
	signpost_tell(&go);
	child_good(child);
	ERROR(waitpid(child, &status, WNOHANG), ECHILD);
}

TEST(wait_for_a_group)
{
	pid_t mine, other;
	int status;

	mine = child_make();
	if (mine == 0)
		_exit(1);
	other = child_make();
	if (other == 0) {
		setpgid(0, 0);
		_exit(2);
	}
	setpgid(other, other);
	IS(waitpid(-other, &status, 0), other);
	IS(WEXITSTATUS(status), 2);
	ERROR(waitpid(-other, &status, 0), ECHILD);
	IS(waitpid(0, &status, 0), mine);
	IS(WEXITSTATUS(status), 1);
}

TEST(zombie_stays_until_waited_for)
{
	pid_t child = child_make();

	if (child == 0)
		_exit(0);
	process_state_wait(child, 'Z');
	DO(kill(child, 0));
	DO(kill(child, SIGKILL)); /* no effect, no error */
	IS(child_status(child), 0);
	ERROR(kill(child, 0), ESRCH);
}

TEST(waitid_tells)
{
	siginfo_t info;
	pid_t child = child_make();

	if (child == 0)
		_exit(42);
	memset(&info, 0xff, sizeof(info));
	DO(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
	IS(info.si_signo, SIGCHLD);
	IS(info.si_code, CLD_EXITED);
	IS(info.si_pid, child);
	IS(info.si_uid, getuid());
	IS(info.si_status, 42);
	DO(waitid(P_ALL, 0, &info, WEXITED));
	IS(info.si_pid, child);
	ERROR(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
	ERROR(waitid(P_ALL, 0, &info, 0), EINVAL);
	ERROR(waitid((idtype_t)77, 0, &info, WEXITED), EINVAL);
}

TEST(waitid_no_hang_clears)
{
	struct signpost go;
	siginfo_t info;
	pid_t child;

	signpost_make(&go);
	child = child_make();
	if (child == 0) {
		signpost_wait(&go);
		child_end();
	}
	memset(&info, 0xff, sizeof(info));
	DO(waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG));
	IS(info.si_pid, 0);
	IS(info.si_signo, 0);
	signpost_tell(&go);
	child_good(child);
}

TEST(usage_of_a_child)
{
	struct rusage usage;
	int status;
	pid_t child = child_make();

	if (child == 0) {
		long long end = clock_now() + 60;

		while (clock_now() < end)
			;
		_exit(0);
	}
	memset(&usage, 0xff, sizeof(usage));
	IS(wait4(child, &status, 0, &usage), child);
	CHECK(usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_sec < 60);
	CHECK(usage.ru_utime.tv_usec >= 0 && usage.ru_utime.tv_usec < 1000000);
}

static void nothing(int number)
{
	(void)number;
}

TEST(vfork_waits_for_the_child)
{
	static volatile int value;
	pid_t child;

	signal(SIGUSR1, nothing);
	value = 0;
	child = vfork();
	if (child == 0) {
		value = 1; /* in the parent's memory */
		kill(getppid(), SIGUSR1); /* it goes on waiting */
		_exit(3);
	}
	CHECK(child > 0);
	IS(value, 1);
	IS(child_status(child), 3 << 8);
}

TEST(orphan_gets_another_parent)
{
	struct signpost gone, told;
	pid_t child, was = getpid();

	signpost_make(&gone);
	signpost_make(&told);
	child = child_make();
	if (child == 0) {
		pid_t parent = getpid();

		if (child_make() != 0)
			_exit(0);
		signpost_wait(&gone);
		CHECK(getppid() != parent && getppid() != was);
		signpost_tell(&told);
		_exit(0);
	}
	IS(child_status(child), 0);
	signpost_tell(&gone);
	signpost_wait(&told);
}

TEST(files_are_shared)
{
	int file = file_make("position", "abcdef", 6);
	char byte;
	pid_t child = child_make();

	if (child == 0) {
		IS(read(file, &byte, 1), 1);
		DO(close(file));
		child_end();
	}
	child_good(child);
	IS(read(file, &byte, 1), 1);
	IS(byte, 'b');
}

TEST(many_children)
{
	int count = 40, at, status, sum = 0;

	for (at = 0; at < count; at++)
		if (child_make() == 0)
			_exit(at);
	for (at = 0; at < count; at++) {
		CHECK(wait(&status) > 0);
		sum += WEXITSTATUS(status);
	}
	IS(sum, count * (count - 1) / 2);
	ERROR(wait(&status), ECHILD);
}

/* As xargs -P does: some at a time, made by vfork, waited for in any order. */
TEST(vfork_in_parallel)
{
	char *words[] = { "fork", "-l", NULL };
	volatile int started = 0, ended = 0;
	int status;
	pid_t child;

	while (ended < 60) {
		if (started < 60 && started - ended < 3) {
			child = vfork();
			if (child == 0) {
				close(1);
				open("/dev/null", O_WRONLY);
				execv("/proc/self/exe", words);
				_exit(1);
			}
			CHECK(child > 0);
			started++;
			continue;
		}
		CHECK(waitpid(-1, &status, 0) > 0);
		IS(status, 0);
		ended++;
	}
}

/*
 * execve: arguments, environment, scripts, descriptors, what is kept and
 * what is not, and every way to fail. The program runs itself.
 */
#include "check.h"
#include "exec_self.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char self[512];

static void self_find(void)
{
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);

	CHECK(size > 0);
	self[size] = '\0';
}

/* Run in a child, its output into `text`; returns the wait status. */
static int exec_catch(const char *path, char *const *words, char *const *env,
		      char *text, size_t room)
{
	int ends[2], got;
	size_t size = 0;
	pid_t child;

	DO(pipe(ends));
	child = child_make();
	if (child == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execve(path, words, env);
		_exit(errno);
	}
	close(ends[1]);
	while (size + 1 < room &&
	       (got = (int)read(ends[0], text + size, room - 1 - size)) > 0)
		size += (size_t)got;
	text[size] = '\0';
	close(ends[0]);
	return child_status(child);
}

static void script_make(const char *name, const char *text)
{
	int file = file_make(name, text, strlen(text));

	DO(fchmod(file, 0755));
	DO(close(file));
}

TEST(words_and_environment)
{
	char *words[] = { "zero", "--words", "two words", "", NULL };
	char *env[] = { "A=1", "B=", NULL };
	char text[512];

	self_find();
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
	TEXT(text, "[zero][--words][two words][] {A=1}{B=}\n");
}

TEST(long_words)
{
	static char text[300000], wanted[300000];
	char *big = malloc(131072),
	     *words[] = { "w", "--words", big, big, NULL };
	char *env[] = { NULL };

	self_find();
	memset(big, 'b', 131071);
	big[131071] = '\0'; /* the longest allowed: 32 pages with its NUL */
	sprintf(wanted, "[w][--words][%s][%s] \n", big, big);
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
	CHECK(strcmp(text, wanted) == 0);
}

TEST(words_too_long)
{
	char *big = malloc(131073), *words[300], *env[] = { NULL };
	int at;

	self_find();
	memset(big, 'b', 131072);
	big[131072] = '\0';
	words[0] = big;
	words[1] = NULL;
	ERROR(execve(self, words, env), E2BIG);
	big[100000] = '\0';
	for (at = 0; at < 299; at++) /* 30 MB in all */
		words[at] = big;
	words[299] = NULL;
	ERROR(execve(self, words, env), E2BIG);
}

TEST(many_words)
{
	enum { COUNT = 4000 };
	static char *words[COUNT + 3];
	static char text[COUNT * 6 + 64];
	char *env[] = { NULL };
	int at;

	self_find();
	words[0] = "m";
	words[1] = "--count";
	for (at = 2; at < COUNT + 2; at++)
		words[at] = "x";
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
	TEXT(text, "4002\n");
}

TEST(script)
{
	char text[512], line[600], *env[] = { NULL };
	char *words[] = { "called", "one", NULL };

	self_find();
	snprintf(line, sizeof(line), "#!%s --words\nrest\n", self);
	script_make("script", line);
	IS(exec_catch("./script", words, env, text, sizeof(text)), 0);
	snprintf(line, sizeof(line), "[%s][--words][./script][one] \n", self);
	TEXT(text, line);
}

/* The rest of the line is one word, without the blanks around it. */
TEST(script_line_is_one_word)
{
	char text[512], line[600], *env[] = { NULL };
	char *words[] = { "called", NULL };

	self_find();
	snprintf(line, sizeof(line), "#! \t%s \t --words and more \t \n", self);
	script_make("script", line);
	IS(exec_catch("./script", words, env, text, sizeof(text)), 3 << 8);
	TEXT(text, "unknown: --words and more\n");
	snprintf(line, sizeof(line), "#!%s\n", self);
	script_make("bare", line);
	snprintf(line, sizeof(line), "unknown: ./bare\n");
	IS(exec_catch("./bare", words, env, text, sizeof(text)), 3 << 8);
	TEXT(text, line);
}

TEST(script_of_a_script)
{
	char text[512], line[600], *env[] = { NULL };
	char *words[] = { "s", "one", NULL };

	self_find();
	snprintf(line, sizeof(line), "#!%s --words\n", self);
	script_make("inner", line);
	script_make("outer", "#!./inner arg\n");
	IS(exec_catch("./outer", words, env, text, sizeof(text)), 0);
	snprintf(line, sizeof(line),
		 "[%s][--words][./inner][arg][./outer][one] \n", self);
	TEXT(text, line);
	script_make("endless", "#!./endless\n");
	ERROR(execve("./endless", words, env), ELOOP);
}

TEST(errors)
{
	char *words[] = { "x", NULL }, *env[] = { NULL };
	int file;

	ERROR(execve("absent", words, env), ENOENT);
	ERROR(execve("", words, env), ENOENT);
	ERROR(execve("/", words, env), EACCES);
	close(file_make("plain", "#!/bin/sh\n", 10));
	ERROR(execve("plain", words, env), EACCES); /* for root too */
	script_make("text", "hello\n");
	ERROR(execve("text", words, env), ENOEXEC);
	script_make("empty", "");
	ERROR(execve("empty", words, env), ENOEXEC);
	script_make("lost", "#!/absent/interpreter\n");
	ERROR(execve("lost", words, env), ENOENT);
	script_make("bare", "#!\n");
	ERROR(execve("bare", words, env), ENOEXEC);
	ERROR(execve("plain/x", words, env), ENOTDIR);
	ERROR(execve(bad, words, env), EFAULT);
	ERROR(execve("/proc/self/exe", bad, env), EFAULT);
	ERROR(execve("/proc/self/exe", words, bad), EFAULT);
	words[0] = bad;
	ERROR(execve("/proc/self/exe", words, env), EFAULT);
	file = open("text", O_WRONLY);
	CHECK(file >= 0);
}

TEST(damaged_programs)
{
	char *words[] = { "x", NULL }, *env[] = { NULL };
	char head[512];
	int file;

	self_find();
	file = open(self, O_RDONLY);
	IS(read(file, head, sizeof(head)), sizeof(head));
	close(file);
	file = file_make("cut", head, 40); /* half an ELF header */
	DO(fchmod(file, 0755));
	close(file);
	ERROR(execve("./cut", words, env), ENOEXEC);
	head[18] = 40; /* for another processor */
	file = file_make("arm", head, sizeof(head));
	DO(fchmod(file, 0755));
	close(file);
	ERROR(execve("./arm", words, env), ENOEXEC);
}

TEST(busy_program)
{
	char text[64], *env[] = { NULL };
	char *words[] = { "x", "--words", NULL };
	int file;

	script_make("text", "#!/bin/sh\n");
	file = open("text", O_RDWR);
	CHECK(file >= 0);
	ERROR(execve("./text", words, env), ETXTBSY);
	close(file);
	self_find();
	ERROR(open(self, O_WRONLY), ETXTBSY);
	ERROR(truncate(self, 0), ETXTBSY);
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
}

TEST(descriptors_close_on_exec)
{
	char first[16], second[16], text[64], *env[] = { NULL };
	char *words[] = { "d", "--files", first, second, NULL };
	int keep, drop;

	self_find();
	keep = open("/", O_RDONLY);
	drop = open("/", O_RDONLY | O_CLOEXEC);
	IS(fcntl(keep, F_GETFD), 0);
	IS(fcntl(drop, F_GETFD), FD_CLOEXEC);
	sprintf(first, "%d", keep);
	sprintf(second, "%d", drop);
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
	TEXT(text, "open closed\n");
	DO(fcntl(keep, F_SETFD, FD_CLOEXEC));
	DO(fcntl(drop, F_SETFD, 0));
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
	TEXT(text, "closed open\n");
}

static void on_signal(int number)
{
	(void)number;
}

/* Handlers fall back, ignored stays ignored, the mask stays. */
TEST(signals_across_exec)
{
	char text[64], *env[] = { NULL }, *words[] = { "s", "--signals", NULL };
	sigset_t set;

	self_find();
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	DO(sigprocmask(SIG_SETMASK, &set, NULL));
	DO(raise(SIGHUP));
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
	TEXT(text, "usr1 default, usr2 ignored, hup blocked, pending no\n");
}

TEST(pending_signals_across_exec)
{
	char *env[] = { NULL }, *words[] = { "s", "--pending", NULL };
	pid_t child;

	self_find();
	child = child_make();
	if (child == 0) {
		sigset_t set;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_SETMASK, &set, NULL);
		raise(SIGUSR1);
		execve(self, words, env);
		_exit(1);
	}
	IS(child_status(child), 0);
}

static int thread_exec(void *with)
{
	char *words[] = { "t", "--identity", with, NULL }, *env[] = { NULL };

	execve(self, words, env);
	return 1;
}

/* The other threads end, and the caller takes the process's number. */
TEST(exec_from_a_thread)
{
	pid_t child;

	self_find();
	child = child_make();
	if (child == 0) {
		static char number[16], stack[65536];

		sprintf(number, "%d", (int)getpid());
		clone(thread_exec, stack + 65536 - 64,
		      0x10f00 /* VM FS FILES SIGHAND THREAD */, number);
		for (;;)
			pause();
	}
	IS(child_status(child), 0);
}

TEST(memory_is_gone)
{
	char where[32], text[64], *env[] = { NULL };
	char *words[] = { "m", "--mapped", where, NULL };
	void *map;

	self_find();
	map = mmap((void *)0x30000000, 4096, PROT_READ,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK(map != MAP_FAILED);
	sprintf(where, "%p", map);
	IS(exec_catch(self, words, env, text, sizeof(text)), 0);
	TEXT(text, "not mapped\n");
}

TEST(by_descriptor)
{
	char text[64], name[32], *env[] = { NULL };
	char *words[] = { "f", "--words", NULL };
	int file;
	pid_t child;

	self_find();
	file = open(self, O_RDONLY | O_CLOEXEC);
	sprintf(name, "/proc/self/fd/%d", file);
	IS(exec_catch(name, words, env, text, sizeof(text)), 0);
	TEXT(text, "[f][--words] \n");
	child = child_make();
	if (child == 0) {
		words[1] = "--nothing";
		syscall(SYS_execveat, file, "", words, env, 0x1000);
		_exit(errno == ENOSYS ? 0 : errno);
	}
	IS(child_status(child), 0);
}

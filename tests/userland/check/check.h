/*
 * The ABI tests' frame: a program is a list of tests, each run in a process
 * of its own in an empty folder; a check that fails ends that process. Prints
 * `ok NAME` or `FAIL NAME: what is wrong` for each.
 */
#ifndef USERLAND_CHECK_H
#define USERLAND_CHECK_H

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_add(struct test *test);

/* TEST(name) { ... } */
#define TEST(word) \
	static void run_##word(void); \
	__attribute__((constructor)) static void add_##word(void) \
	{ \
		static struct test entry = { #word, run_##word, NULL }; \
		test_add(&entry); \
	} \
	static void run_##word(void)

/* The rest of this test needs what this system may leave out. */
_Noreturn void test_skip(const char *reason);

void check_true(int good, const char *what, const char *file, int line);
void check_equal(long long is, long long must, const char *what,
		 const char *file, int line);
void check_error(long long result, int code, const char *what, const char *file,
		 int line);
void check_text(const char *is, const char *must, const char *what,
		const char *file, int line);

#define CHECK(what) check_true(!!(what), #what, __FILE__, __LINE__)
#define IS(what, must) \
	check_equal((long long)(what), (long long)(must), #what, __FILE__, \
		    __LINE__)
/* `what` returns -1 and sets errno to `code`. */
#define ERROR(what, code) \
	(errno = 0, check_error((what), (code), #what, __FILE__, __LINE__))
#define TEXT(what, must) check_text((what), (must), #what, __FILE__, __LINE__)
/* A call that must not fail; its value is not looked at. */
#define DO(what) CHECK((what) != -1)

/* Nothing is mapped there; a variable, so that compilers do not object. */
extern void *bad;

/* The rest of this process is a child that ends with child_end(). */
pid_t child_make(void);
_Noreturn void child_end(void);

/* Waits for it; every check in it held, and it ended with child_end(). */
void child_good(pid_t child);

/* Waits for it; returns what waitpid() says of its end. */
int child_status(pid_t child);

/* A pipe to wait on: one byte is one event. */
struct signpost {
	int ends[2];
};
void signpost_make(struct signpost *post);
void signpost_tell(struct signpost *post);
void signpost_wait(struct signpost *post);

/* Milliseconds of CLOCK_MONOTONIC. */
long long clock_now(void);
void clock_sleep(int milliseconds);

/* Waits until /proc/PID/stat shows this state letter (S, T, Z). */
void process_state_wait(pid_t process, char state);

/* An open file in the test's folder with these bytes. */
int file_make(const char *name, const void *bytes, size_t size);

/* Reads all of a file into `room` bytes, adds a NUL; returns its length. */
size_t file_read(const char *name, char *text, size_t room);

#endif

/*
 * Runs the tests of one program, in the order of the source. Options: names
 * of tests to run; -l lists them; -s runs them all in this one process, which
 * needs neither fork nor wait.
 */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <time.h>

#define LIMIT	  60 /* seconds a test may take; Bochs is slow */
#define FAILED	  99 /* exit status of a process whose check failed */
#define FOLDER	  "/tmp/check.%d"
#define TELL_ROOM 512

static struct test *first, **last = &first;
static const char *current = "start";
static int together;

void test_add(struct test *test)
{
	*last = test;
	last = &test->next;
}

/* One line in one write, so that lines of several processes do not mix. */
__attribute__((format(printf, 1, 2))) static void tell(const char *form, ...)
{
	char line[TELL_ROOM];
	va_list more;
	int size;

	va_start(more, form);
	size = vsnprintf(line, sizeof(line), form, more);
	va_end(more);
	if (size >= (int)sizeof(line)) {
		size = sizeof(line);
		line[size - 1] = '\n';
	}
	if (write(STDOUT_FILENO, line, (size_t)size) != size)
		_exit(FAILED);
}

void test_skip(const char *reason)
{
	tell("ok %s (not offered: %s)\n", current, reason);
	_exit(FAILED - 1);
}

void check_true(int good, const char *what, const char *file, int line)
{
	int code = errno;

	if (good)
		return;
	tell("FAIL %s: %s:%d: %s does not hold (errno %d, %s)\n", current, file,
	     line, what, code, strerror(code));
	_exit(FAILED);
}

void check_equal(long long is, long long must, const char *what,
		 const char *file, int line)
{
	int code = errno;

	if (is == must)
		return;
	tell("FAIL %s: %s:%d: %s is %lld (%#llx), not %lld (%#llx); errno %d\n",
	     current, file, line, what, is, (unsigned long long)is, must,
	     (unsigned long long)must, code);
	_exit(FAILED);
}

void check_error(long long result, int code, const char *what, const char *file,
		 int line)
{
	int is = errno;

	if (result == -1 && is == code)
		return;
	tell("FAIL %s: %s:%d: %s gave %lld, errno %d (%s), not errno %d (%s)\n",
	     current, file, line, what, result, is, strerror(is), code,
	     strerror(code));
	_exit(FAILED);
}

void check_text(const char *is, const char *must, const char *what,
		const char *file, int line)
{
	if (strcmp(is, must) == 0)
		return;
	tell("FAIL %s: %s:%d: %s is \"%s\", not \"%s\"\n", current, file, line,
	     what, is, must);
	_exit(FAILED);
}

/* Remove a folder and all in it, as far as that goes. */
static void tree_remove(const char *path)
{
	char name[512];
	struct dirent *entry;
	struct stat about;
	DIR *folder = opendir(path);

	while (folder && (entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (lstat(name, &about) == 0 && S_ISDIR(about.st_mode))
			tree_remove(name);
		else
			unlink(name);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

static void test_run(struct test *test)
{
	char folder[64];

	snprintf(folder, sizeof(folder), FOLDER, (int)getpid());
	if (!together) {
		alarm(LIMIT);
		mkdir("/tmp", 01777);
		CHECK(mkdir(folder, 0777) == 0 && chdir(folder) == 0);
	}
	umask(022);
	test->run();
}

/* Runs it in a child; returns 1 if it failed. */
static int test_judge(struct test *test)
{
	char folder[64];
	int status = 0;
	pid_t child, ended;

	current = test->name;
	child = fork();
	if (child == 0) {
		test_run(test);
		_exit(0);
	}
	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	snprintf(folder, sizeof(folder), FOLDER, (int)child);
	tree_remove(folder);
	if (ended == child && WIFEXITED(status) &&
	    WEXITSTATUS(status) == FAILED - 1)
		return 0;
	if (ended == child && status == 0) {
		tell("ok %s\n", test->name);
		return 0;
	}
	if (ended != child)
		tell("FAIL %s: fork or waitpid: errno %d\n", test->name, errno);
	else if (WIFSIGNALED(status))
		tell("FAIL %s: killed by signal %d%s\n", test->name,
		     WTERMSIG(status),
		     WTERMSIG(status) == SIGALRM ? " (too slow)" : "");
	else if (WEXITSTATUS(status) != FAILED)
		tell("FAIL %s: exit status %d\n", test->name,
		     WEXITSTATUS(status));
	return 1;
}

static int wanted(const struct test *test, char **names)
{
	if (!*names)
		return 1;
	for (; *names; names++)
		if (strcmp(*names, test->name) == 0)
			return 1;
	return 0;
}

int main(int count, char **words)
{
	struct test *test;
	int failed = 0, list;

	list = count > 1 && strcmp(words[1], "-l") == 0;
	together = count > 1 && strcmp(words[1], "-s") == 0;
	for (test = first; test; test = test->next) {
		if (list)
			tell("%s\n", test->name);
		else if (!wanted(test, words + 1 + together))
			continue;
		else if (!together)
			failed += test_judge(test);
		else {
			current = test->name;
			test_run(test);
			tell("ok %s\n", test->name);
		}
	}
	return failed != 0;
}

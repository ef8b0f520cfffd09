/*
 * What tests/userland/programs/exec does when it is run by itself: a word
 * beginning with -- as the first argument chooses what it tells. Included
 * there once; it runs before the tests' main().
 */
#ifndef USERLAND_EXEC_SELF_H
#define USERLAND_EXEC_SELF_H

#include "check.h"

#include <fcntl.h>
#include <sys/mman.h>

static void words_tell(char **words, char **env)
{
	for (; *words; words++)
		printf("[%s]", *words);
	putchar(' ');
	for (; *env; env++)
		printf("{%s}", *env);
	putchar('\n');
}

static void signals_tell(void)
{
	struct sigaction one, two;
	sigset_t mask, pending;

	sigaction(SIGUSR1, NULL, &one);
	sigaction(SIGUSR2, NULL, &two);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	sigpending(&pending);
	printf("usr1 %s, usr2 %s, hup %s, pending %s\n",
	       one.sa_handler == SIG_DFL ? "default" : "not default",
	       two.sa_handler == SIG_IGN ? "ignored" : "not ignored",
	       sigismember(&mask, SIGHUP) ? "blocked" : "not blocked",
	       sigismember(&pending, SIGHUP) ? "yes" : "no");
}

static int pending_tell(void)
{
	sigset_t pending;

	sigpending(&pending);
	return !sigismember(&pending, SIGUSR1);
}

static int mapped_tell(const char *where)
{
	void *address = (void *)strtoul(where, NULL, 16);
	void *map =
		mmap(address, 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	puts(map == address ? "not mapped" : "mapped");
	return 0;
}

static void files_tell(char **words)
{
	printf("%s %s\n",
	       fcntl(atoi(words[2]), F_GETFD) < 0 ? "closed" : "open",
	       fcntl(atoi(words[3]), F_GETFD) < 0 ? "closed" : "open");
}

static int exec_self(int count, char **words, char **env)
{
	const char *what = words[1];

	if (strcmp(what, "--words") == 0)
		words_tell(words, env);
	else if (strcmp(what, "--count") == 0)
		printf("%d\n", count);
	else if (strcmp(what, "--files") == 0)
		files_tell(words);
	else if (strcmp(what, "--signals") == 0)
		signals_tell();
	else if (strcmp(what, "--pending") == 0)
		return pending_tell();
	else if (strcmp(what, "--identity") == 0)
		return getpid() != atoi(words[2]) ||
		       getpid() != syscall(SYS_gettid);
	else if (strcmp(what, "--mapped") == 0)
		return mapped_tell(words[2]);
	else if (strcmp(what, "--nothing") != 0) {
		printf("unknown: %s\n", what);
		return 3;
	}
	return 0;
}

__attribute__((constructor)) static void
exec_self_start(int count, char **words, char **env)
{
	int status;

	if (count < 2 || strcmp(words[1], "-l") == 0 ||
	    strcmp(words[1], "-s") == 0 ||
	    (words[1][0] != '-' && words[1][0] != '.'))
		return;
	status = exec_self(count, words, env);
	fflush(stdout);
	_exit(status);
}

#endif

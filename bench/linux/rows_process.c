/*
 * Rows about processes: calls, making and ending them, signals, threads,
 * futexes.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "row.h"

static void null_run(uint32_t count)
{
	watch_start();
	while (count--)
		getppid();
	watch_stop();
}

static void fork_run(uint32_t count)
{
	watch_start();
	while (count--) {
		pid_t child = fork();

		if (must(child, "fork") == 0)
			_exit(0);
		child_wait(child);
	}
	watch_stop();
}

static void exec_run(uint32_t count)
{
	char *words[] = { (char *)"measure", (char *)"--exit", NULL };
	char *none[] = { NULL };

	watch_start();
	while (count--) {
		pid_t child = fork();

		if (must(child, "fork") == 0) {
			execve(own_path, words, none);
			_exit(1);
		}
		child_wait(child);
	}
	watch_stop();
}

static volatile sig_atomic_t taken;

static void take(int number)
{
	(void)number;
	taken++;
}

static void signal_run(uint32_t count)
{
	pid_t self = getpid();

	signal(SIGUSR1, take);
	watch_start();
	while (count--)
		kill(self, SIGUSR1);
	watch_stop();
	signal(SIGUSR1, SIG_DFL);
}

static void *nothing(void *with)
{
	return with;
}

static void thread_run(uint32_t count)
{
	pthread_t thread;

	watch_start();
	while (count--) {
		must(-pthread_create(&thread, NULL, nothing, NULL),
		     "pthread_create");
		pthread_join(thread, NULL);
	}
	watch_stop();
}

static int turns[2]; /* each thread waits for its own to be 1 */

static void turn_wait(int *turn)
{
	while (!__atomic_load_n(turn, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, turn, FUTEX_WAIT_PRIVATE, 0, NULL);
	__atomic_store_n(turn, 0, __ATOMIC_RELEASE);
}

static void turn_give(int *turn)
{
	__atomic_store_n(turn, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, turn, FUTEX_WAKE_PRIVATE, 1);
}

static void *answer(void *with)
{
	uint32_t count = *(uint32_t *)with;

	while (count--) {
		turn_wait(&turns[1]);
		turn_give(&turns[0]);
	}
	return NULL;
}

static void futex_run(uint32_t count)
{
	uint32_t left = count + 1;
	pthread_t thread;

	must(-pthread_create(&thread, NULL, answer, &left), "pthread_create");
	turn_give(&turns[1]); /* it has started */
	turn_wait(&turns[0]);
	watch_start();
	while (count--) {
		turn_give(&turns[1]);
		turn_wait(&turns[0]);
	}
	watch_stop();
	pthread_join(thread, NULL);
}

const struct row rows_process[] = {
	{ "null", null_run },
	{ "fork+exit", fork_run },
	{ "fork+exec", exec_run },
	{ "signal", signal_run },
	{ "thread", thread_run },
	{ "futex", futex_run },
	{ 0 },
};

/*
 * POSIX threads through the C library, which is built static and dynamic:
 * mutexes, conditions, barriers, storage, cancelling, signals, exit.
 */
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>

#define THREADS 8
#define ROUNDS	2000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int counter;

static void start(pthread_t *thread, void *(*run)(void *), void *with)
{
	IS(pthread_create(thread, NULL, run, with), 0);
}

static void *result_of(pthread_t thread)
{
	void *result;

	IS(pthread_join(thread, &result), 0);
	return result;
}

static void *add(void *with)
{
	int round;

	for (round = 0; round < ROUNDS; round++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
		if (round % 64 == 0)
			sched_yield();
	}
	return with;
}

TEST(mutex_counts)
{
	pthread_t threads[THREADS];
	intptr_t at;

	for (at = 0; at < THREADS; at++)
		start(&threads[at], add, (void *)at);
	for (at = 0; at < THREADS; at++)
		CHECK(result_of(threads[at]) == (void *)at);
	IS(counter, THREADS * ROUNDS);
}

static void *turn_take(void *with)
{
	int mine = (int)(intptr_t)with, round;

	for (round = 0; round < 50; round++) {
		pthread_mutex_lock(&mutex);
		while (counter % 3 != mine)
			pthread_cond_wait(&condition, &mutex);
		counter++;
		pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

TEST(conditions)
{
	pthread_t threads[3];
	intptr_t at;

	for (at = 0; at < 3; at++)
		start(&threads[at], turn_take, (void *)at);
	for (at = 0; at < 3; at++)
		result_of(threads[at]);
	IS(counter, 150);
}

TEST(condition_times_out)
{
	struct timespec end;

	DO(clock_gettime(CLOCK_REALTIME, &end));
	end.tv_nsec += 20000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_nsec -= 1000000000;
		end.tv_sec++;
	}
	pthread_mutex_lock(&mutex);
	IS(pthread_cond_timedwait(&condition, &mutex, &end), ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
}

static pthread_barrier_t barrier;
static __thread int own = 1;

static void *meet(void *with)
{
	own += (int)(intptr_t)with;
	pthread_barrier_wait(&barrier);
	return (void *)(intptr_t)own;
}

TEST(storage_and_barrier)
{
	pthread_t threads[THREADS];
	intptr_t at;

	IS(pthread_barrier_init(&barrier, NULL, THREADS), 0);
	for (at = 0; at < THREADS; at++)
		start(&threads[at], meet, (void *)at);
	for (at = 0; at < THREADS; at++)
		IS((intptr_t)result_of(threads[at]), at + 1);
	IS(own, 1);
}

static pthread_key_t key;
static int destroyed;

static void destroy(void *value)
{
	__sync_fetch_and_add(&destroyed, (int)(intptr_t)value);
}

static void *key_use(void *with)
{
	pthread_setspecific(key, with);
	return NULL;
}

TEST(keys_are_destroyed)
{
	pthread_t one, two;

	IS(pthread_key_create(&key, destroy), 0);
	start(&one, key_use, (void *)3);
	start(&two, key_use, (void *)4);
	result_of(one);
	result_of(two);
	IS(destroyed, 7);
}

static void cleanup(void *with)
{
	*(int *)with = 1;
}

static void *wait_forever(void *with)
{
	pthread_cleanup_push(cleanup, with);
	pthread_mutex_lock(&mutex);
	for (;;)
		pthread_cond_wait(&condition, &mutex);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *read_forever(void *with)
{
	char byte;

	return (void *)(intptr_t)read(*(int *)with, &byte, 1);
}

TEST(cancelling)
{
	int cleaned = 0, ends[2];
	pthread_t thread;

	start(&thread, wait_forever, &cleaned);
	clock_sleep(20);
	IS(pthread_cancel(thread), 0);
	CHECK(result_of(thread) == PTHREAD_CANCELED);
	IS(cleaned, 1);
	DO(pipe(ends));
	start(&thread, read_forever, ends);
	clock_sleep(20);
	IS(pthread_cancel(thread), 0);
	CHECK(result_of(thread) == PTHREAD_CANCELED);
}

static pthread_t signalled;
static volatile int noted;

static void note(int number)
{
	(void)number;
	signalled = pthread_self();
	noted = 1;
}

static void *signal_take(void *with)
{
	sigset_t none;

	signpost_tell(with);
	sigemptyset(&none);
	while (!noted)
		sigsuspend(&none);
	return NULL;
}

TEST(signal_to_one_thread)
{
	struct signpost ready;
	pthread_t thread;
	sigset_t set;

	signpost_make(&ready);
	signal(SIGUSR1, note);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	IS(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	start(&thread, signal_take, &ready);
	signpost_wait(&ready);
	IS(pthread_kill(thread, SIGUSR1), 0);
	result_of(thread);
	CHECK(pthread_equal(signalled, thread));
}

/* A signal for the process goes to a thread that does not block it. */
TEST(signal_to_the_process)
{
	struct signpost ready;
	pthread_t thread;
	sigset_t set;

	signpost_make(&ready);
	signal(SIGUSR2, note);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	IS(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	start(&thread, signal_take, &ready);
	signpost_wait(&ready);
	DO(kill(getpid(), SIGUSR2));
	result_of(thread);
	CHECK(pthread_equal(signalled, thread));
}

static void *leave(void *with)
{
	(void)with;
	exit(33);
}

static void *crash(void *with)
{
	*(volatile int *)with = 1;
	return NULL;
}

static void *linger(void *with)
{
	clock_sleep(60);
	_exit((int)(intptr_t)with);
}

TEST(ends_of_the_process)
{
	pthread_t thread;
	pid_t child;

	child = child_make();
	if (child == 0) {
		start(&thread, leave, NULL);
		for (;;)
			pause();
	}
	IS(child_status(child), 33 << 8);
	child = child_make();
	if (child == 0) {
		start(&thread, crash, bad);
		for (;;)
			pause();
	}
	IS(child_status(child) & 0x7f, SIGSEGV);
	child = child_make();
	if (child == 0) { /* the first thread goes, the process stays */
		start(&thread, linger, (void *)44);
		pthread_exit(NULL);
	}
	IS(child_status(child), 44 << 8);
}

/* Only the calling thread lives on in a child. */
TEST(fork_in_a_thread)
{
	pthread_t thread;
	int ends[2];
	pid_t child;

	DO(pipe(ends));
	start(&thread, read_forever, ends);
	child = child_make();
	if (child == 0) {
		IS(syscall(SYS_gettid), getpid());
		child_end();
	}
	child_good(child);
	IS(write(ends[1], "x", 1), 1);
	IS((intptr_t)result_of(thread), 1);
}

TEST(shared_mutex_and_semaphore)
{
	struct {
		pthread_mutex_t mutex;
		sem_t counted, taken;
		int value;
	} *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t kind;
	pid_t child;
	int round;

	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
	IS(pthread_mutex_init(&shared->mutex, &kind), 0);
	DO(sem_init(&shared->counted, 1, 0));
	DO(sem_init(&shared->taken, 1, 0));
	child = child_make();
	for (round = 0; round < 500; round++) {
		IS(pthread_mutex_lock(&shared->mutex), 0);
		shared->value++;
		IS(pthread_mutex_unlock(&shared->mutex), 0);
	}
	if (child == 0) {
		DO(sem_wait(&shared->counted));
		pthread_mutex_lock(&shared->mutex);
		sem_post(&shared->taken);
		child_end(); /* with the lock held */
	}
	DO(sem_post(&shared->counted));
	DO(sem_wait(&shared->taken));
	IS(pthread_mutex_lock(&shared->mutex), EOWNERDEAD);
	IS(pthread_mutex_consistent(&shared->mutex), 0);
	IS(shared->value, 1000);
	child_good(child);
}

static void *nothing(void *with)
{
	return with;
}

TEST(many_threads_in_turn)
{
	pthread_t thread;
	intptr_t at;

	for (at = 0; at < 300; at++) {
		start(&thread, nothing, (void *)at);
		CHECK(result_of(thread) == (void *)at);
	}
}

TEST(many_threads_at_once)
{
	pthread_t threads[64];
	struct signpost ready;
	int ends[64][2], at;

	signpost_make(&ready);
	for (at = 0; at < 64; at++) {
		DO(pipe(ends[at]));
		start(&threads[at], read_forever, ends[at]);
	}
	for (at = 0; at < 64; at++)
		IS(write(ends[at][1], "x", 1), 1);
	for (at = 0; at < 64; at++)
		IS((intptr_t)result_of(threads[at]), 1);
}

/*
 * futexes by their system call: wait, wake, bit sets, requeue, wake-op,
 * time-outs, and the list of locks that a dying thread leaves.
 */
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

/* Words in memory that several processes share. */
static volatile int *words_make(void)
{
	void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(map != MAP_FAILED);
	return map;
}

static long futex(volatile int *word, int what, int value, const void *time,
		  volatile int *second, int third)
{
	return syscall(SYS_futex, word, what, value, time, second, third);
}

/* Children that wait on `word` and end when they are woken. */
static void waiters_make(pid_t *children, int count, volatile int *word,
			 int bits)
{
	int at;

	for (at = 0; at < count; at++) {
		children[at] = child_make();
		if (children[at] == 0) {
			IS(futex(word, bits ? FUTEX_WAIT_BITSET : FUTEX_WAIT,
				 *word, NULL, NULL, bits),
			   0);
			child_end();
		}
		process_state_wait(children[at], 'S');
	}
}

TEST(value_has_changed)
{
	int word = 5;

	ERROR(futex(&word, FUTEX_WAIT, 4, NULL, NULL, 0), EAGAIN);
	ERROR(futex(&word, FUTEX_WAIT_PRIVATE, 4, NULL, NULL, 0), EAGAIN);
	IS(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
}

TEST(time_runs_out)
{
	struct timespec time = { 0, 30000000 };
	long long begin = clock_now();
	int word = 5;

	ERROR(futex(&word, FUTEX_WAIT, 5, &time, NULL, 0), ETIMEDOUT);
	CHECK(clock_now() - begin >= 29);
	DO(clock_gettime(CLOCK_MONOTONIC, &time));
	ERROR(futex(&word, FUTEX_WAIT_BITSET, 5, &time, NULL, -1), ETIMEDOUT);
	DO(clock_gettime(CLOCK_REALTIME, &time));
	ERROR(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 5, &time,
		    NULL, -1),
	      ETIMEDOUT);
	time.tv_nsec = 1000000000;
	ERROR(futex(&word, FUTEX_WAIT, 5, &time, NULL, 0), EINVAL);
}

TEST(wake_counts)
{
	volatile int *word = words_make();
	pid_t children[4];
	int at;

	waiters_make(children, 4, word, 0);
	IS(futex(word + 1, FUTEX_WAKE, 10, NULL, NULL, 0), 0);
	IS(futex(word, FUTEX_WAKE, 1, NULL, NULL, 0), 1);
	child_good(children[0]); /* first come, first served */
	IS(futex(word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0), 3);
	for (at = 1; at < 4; at++)
		child_good(children[at]);
	IS(futex(word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0), 0);
}

TEST(bit_sets)
{
	volatile int *word = words_make();
	pid_t one, two;

	waiters_make(&one, 1, word, 1);
	waiters_make(&two, 1, word, 6);
	IS(futex(word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 8), 0);
	IS(futex(word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 4), 1);
	child_good(two);
	IS(futex(word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 5), 1);
	child_good(one);
	ERROR(futex(word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), EINVAL);
	ERROR(futex(word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0), EINVAL);
}

TEST(requeue)
{
	volatile int *words = words_make();
	pid_t children[3];
	int at;

	waiters_make(children, 3, words, 0);
	/* Wake one, move at most one: the third stays. */
	IS(futex(words, FUTEX_REQUEUE, 1, (void *)1, words + 1, 0), 2);
	child_good(children[0]);
	IS(futex(words + 1, FUTEX_WAKE, 10, NULL, NULL, 0), 1);
	child_good(children[1]);
	IS(futex(words, FUTEX_WAKE, 10, NULL, NULL, 0), 1);
	child_good(children[2]);
	ERROR(futex(words, FUTEX_CMP_REQUEUE, 1, (void *)1, words + 1, 7),
	      EAGAIN);
	waiters_make(children, 3, words, 0);
	IS(futex(words, FUTEX_CMP_REQUEUE, 0, (void *)INT_MAX, words + 1, 0),
	   3);
	IS(futex(words, FUTEX_WAKE, 10, NULL, NULL, 0), 0);
	IS(futex(words + 1, FUTEX_WAKE, 10, NULL, NULL, 0), 3);
	for (at = 0; at < 3; at++)
		child_good(children[at]);
}

/* Add 5 to the second word; if it was 10, wake there too. */
TEST(wake_op)
{
	volatile int *words = words_make();
	int what = FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 10);
	pid_t one, two;

	words[1] = 10;
	waiters_make(&one, 1, words, 0);
	waiters_make(&two, 1, words + 1, 0);
	IS(futex(words, FUTEX_WAKE_OP, 1, (void *)1, words + 1, what), 2);
	IS(words[1], 15);
	child_good(one);
	child_good(two);
	IS(futex(words, FUTEX_WAKE_OP, 1, (void *)1, words + 1, what), 0);
	IS(words[1], 20);
	what = FUTEX_OP(FUTEX_OP_SET, 3, FUTEX_OP_CMP_NE, 0);
	IS(futex(words, FUTEX_WAKE_OP, 1, (void *)1, words + 1, what), 0);
	IS(words[1], 3);
	what = FUTEX_OP(FUTEX_OP_XOR, 6, FUTEX_OP_CMP_LT, 0);
	IS(futex(words, FUTEX_WAKE_OP, 1, (void *)1, words + 1, what), 0);
	IS(words[1], 5);
}

/* The same page of a file at two addresses is the same futex. */
TEST(shared_file_pages)
{
	static char zeros[4096];
	int file = file_make("words", zeros, sizeof(zeros));
	volatile int *one, *two;
	pid_t child;

	one = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	two = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	CHECK(one != MAP_FAILED && two != MAP_FAILED && one != two);
	waiters_make(&child, 1, one + 3, 0);
	IS(futex(two + 3, FUTEX_WAKE, 10, NULL, NULL, 0), 1);
	child_good(child);
}

/* Private pages of two processes are two futexes, even before a write. */
TEST(private_pages)
{
	static int word;
	struct timespec time = { 0, 100000000 };
	pid_t child = child_make();

	if (child == 0) {
		ERROR(futex(&word, FUTEX_WAIT, 0, &time, NULL, 0), ETIMEDOUT);
		child_end();
	}
	process_state_wait(child, 'S');
	IS(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0), 0);
	child_good(child);
}

TEST(bad_words)
{
	int words[2] = { 0, 0 };
	void *readable =
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile int *odd = (volatile int *)(void *)((char *)words + 1);

	ERROR(futex(odd, FUTEX_WAIT, 0, NULL, NULL, 0), EINVAL);
	ERROR(futex(odd, FUTEX_WAKE, 1, NULL, NULL, 0), EINVAL);
	ERROR(futex(bad, FUTEX_WAIT, 0, NULL, NULL, 0), EFAULT);
	ERROR(futex((void *)0xfffff000, FUTEX_WAIT, 0, NULL, NULL, 0), EFAULT);
	ERROR(futex(words, FUTEX_WAIT, 0, bad, NULL, 0), EFAULT);
	ERROR(futex(words, 77, 0, NULL, NULL, 0), ENOSYS);
	ERROR(futex(readable, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0), EAGAIN);
	IS(futex(readable, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 0);
}

struct lock {
	struct robust_list list;
	int word;
};

/* A process dies with two locks in its list and one on its way there. */
TEST(robust_list)
{
	volatile int *words = words_make();
	struct lock *locks = (struct lock *)(void *)(words + 64);
	struct robust_list_head *head = (void *)(words + 32);
	pid_t child = child_make();

	if (child == 0) {
		head->list.next = &locks[0].list;
		locks[0].list.next = &locks[1].list;
		locks[1].list.next = &head->list;
		head->futex_offset = offsetof(struct lock, word);
		head->list_op_pending = &locks[2].list;
		locks[0].word = getpid() | (int)FUTEX_WAITERS;
		locks[1].word = getpid() + 1; /* somebody else's by now */
		locks[2].word = getpid();
		DO(syscall(SYS_set_robust_list, head, sizeof(*head)));
		child_end();
	}
	IS(child_status(child), 77 << 8);
	IS(locks[0].word, (int)(FUTEX_OWNER_DIED | FUTEX_WAITERS));
	IS(locks[1].word, child + 1);
	IS(locks[2].word, FUTEX_OWNER_DIED);
}

TEST(robust_list_wakes)
{
	volatile int *words = words_make();
	struct lock *lock = (struct lock *)(void *)(words + 64);
	struct robust_list_head *head = (void *)(words + 32);
	struct signpost go;
	pid_t owner, waiter;

	signpost_make(&go);
	owner = child_make();
	if (owner == 0) {
		head->list.next = &lock->list;
		lock->list.next = &head->list;
		head->futex_offset = offsetof(struct lock, word);
		lock->word = getpid() | (int)FUTEX_WAITERS;
		DO(syscall(SYS_set_robust_list, head, sizeof(*head)));
		signpost_tell(&go);
		pause();
	}
	signpost_wait(&go);
	waiters_make(&waiter, 1, &lock->word, 0);
	DO(kill(owner, SIGKILL));
	IS(child_status(owner), SIGKILL);
	child_good(waiter);
	CHECK(lock->word & FUTEX_OWNER_DIED);
}

/* A list that is a circle, or points nowhere, ends all the same. */
TEST(robust_list_damaged)
{
	volatile int *words = words_make();
	struct robust_list_head *head = (void *)(words + 32);
	struct lock *lock = (struct lock *)(void *)(words + 64);
	struct robust_list_head *read;
	size_t size;
	pid_t child;
	int kind;

	for (kind = 0; kind < 3; kind++) {
		child = child_make();
		if (child == 0) {
			head->list.next = kind == 1 ? bad : &lock->list;
			lock->list.next = &lock->list;
			head->futex_offset = kind == 2 ? 0x7ffffff0 : 4;
			syscall(SYS_set_robust_list, head, sizeof(*head));
			child_end();
		}
		child_good(child);
	}
	ERROR(syscall(SYS_set_robust_list, head, 5), EINVAL);
	DO(syscall(SYS_get_robust_list, 0, &read, &size));
	IS(size, sizeof(*head));
}

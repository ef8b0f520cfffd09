/*
 * Transactions. One runs, and takes what operations change; at most one is
 * being committed, by the volume's thread. Here is when that is done.
 */
#include "kernel/volume/transaction.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/tsc.h"
#include "kernel/volume/commit.h"
#include "kernel/volume/journal.h"

#define PERIOD	      5000000000ull /* ns from a change to its commit */
#define RUNNING_MOST  1024u /* blocks of a transaction without a journal */

i32 (*transaction_contents)(struct volume *v);
i32 (*transaction_attributes)(struct volume *v);

/* The scheduler's lock guards the numbers. */
struct transactions {
	struct thread *thread;
	struct wait_queue work, done;
	u32 running; /* number of the running one */
	u32 ended; /* number of the last one that was committed, or failed */
	u32 wanted; /* commit up to this one now */
	u32 settle; /* and bring all home, so that the journal is empty */
	u32 stop;
	u32 changed; /* there is something to commit, by `due` at the latest */
	u64 due;
};

/* ---- what is asked for ---- */

void transaction_changed(struct volume *v)
{
	struct transactions *t = v->transactions;

	if (__atomic_load_n(&t->changed, __ATOMIC_RELAXED))
		return;
	scheduler_lock();
	t->changed = 1;
	t->due = tsc_now() + PERIOD;
	wake_all(&t->work);
	scheduler_unlock();
}

/* Wait until transaction `number` has ended. */
static void ended_wait(struct transactions *t, u32 number)
{
	scheduler_lock();
	if ((i32)(number - t->wanted) > 0)
		t->wanted = number;
	wake_all(&t->work);
	while ((i32)(number - t->ended) > 0)
		wait_in(&t->done, WAIT_FOREVER);
	scheduler_unlock();
}

int transaction_is_here(const struct volume *v)
{
	return v->transactions->thread == thread_asking();
}

int transaction_is_full(const struct volume *v)
{
	u32 most = RUNNING_MOST;

	if (transaction_is_here(v))
		return 0; /* it is what makes room */
	if (v->journal && v->journal->ready)
		most = min(most, v->journal->log.length / 4);
	return v->running_count >= most;
}

void transaction_room(struct volume *v)
{
	ended_wait(v->transactions, v->transactions->running);
}

i32 volume_sync(struct volume *v)
{
	struct transactions *t = v->transactions;
	u32 number;

	scheduler_lock();
	number = t->changed ? t->running : t->running - 1;
	scheduler_unlock();
	if ((i32)(number - t->ended) > 0)
		ended_wait(t, number);
	else if (!v->read_only && disk_flush(v->disk) < 0)
		return -EIO;
	return v->failed ? -EIO : 0;
}

u32 transaction_close(struct volume *v)
{
	struct transactions *t = v->transactions;
	u32 number;

	scheduler_lock();
	number = t->running++;
	t->changed = 0;
	scheduler_unlock();
	return number;
}

void transaction_end(struct volume *v, u32 number)
{
	struct transactions *t = v->transactions;

	scheduler_lock();
	t->ended = number;
	wake_all(&t->done);
	scheduler_unlock();
}

i32 volume_settle(struct volume *v)
{
	struct transactions *t = v->transactions;
	i32 r = volume_sync(v);

	scheduler_lock();
	t->settle = 1;
	wake_all(&t->work);
	while (t->settle)
		wait_in(&t->done, WAIT_FOREVER);
	scheduler_unlock();
	return v->failed ? -EIO : r;
}

/* ---- the thread ---- */

static void settle(struct volume *v)
{
	struct transactions *t = v->transactions;

	commit_home(v);
	scheduler_lock();
	t->settle = 0;
	wake_all(&t->done);
	scheduler_unlock();
}

/* Wait for something to do: 0 to stop, 1 to commit what is asked for, 2 all,
 * 3 to settle. */
static int work_wait(struct transactions *t)
{
	int result = -1;

	scheduler_lock();
	while (result < 0) {
		if ((i32)(t->wanted - t->ended) > 0)
			result = 1;
		else if (t->settle)
			result = 3;
		else if (t->stop)
			result = 0;
		else if (!t->changed)
			wait_in(&t->work, WAIT_FOREVER);
		else if (tsc_now() >= t->due)
			result = 2;
		else
			wait_in(&t->work, t->due);
	}
	scheduler_unlock();
	return result;
}

static void transactions_thread(void *argument)
{
	struct volume *v = argument;
	int work;

	while ((work = work_wait(v->transactions)))
		if (work == 3)
			settle(v);
		else
			commit(v, work == 2);
}

i32 transactions_start(struct volume *v)
{
	struct transactions *t = heap_take_now(sizeof(*t));
	char name[20];

	if (!t)
		return -ENOMEM;
	wait_queue_init(&t->work);
	wait_queue_init(&t->done);
	t->running = 1;
	v->transactions = t;
	print_to(name, sizeof(name), "commit %s", v->disk->name);
	t->thread = thread_start(name, RANK_NORMAL, transactions_thread, v);
	if (t->thread)
		return 0;
	v->transactions = 0;
	heap_give(t);
	return -ENOMEM;
}

void transactions_stop(struct volume *v)
{
	struct transactions *t = v->transactions;

	if (!t)
		return;
	volume_sync(v);
	scheduler_lock();
	t->stop = 1;
	wake_all(&t->work);
	scheduler_unlock();
	thread_join(t->thread);
	commit_last(v);
	heap_give(t);
	v->transactions = 0;
}

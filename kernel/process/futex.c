/*
 * Futexes: a hash table of those who sleep, under the scheduler's lock. A
 * sleeper is in the table before it looks at its word, so that who changes the
 * word and then wakes finds it; the word itself is read with no lock held.
 */
#include "kernel/process/futex.h"

#include "kernel/linux/errno.h"
#include "kernel/process/clock.h"
#include "kernel/process/futex_change.h"
#include "kernel/process/process.h"
#include "kernel/space/table.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/vfs/inode.h"

#define BUCKETS 256u

enum operation {
	FUTEX_WAIT,
	FUTEX_WAKE,
	FUTEX_FD,
	FUTEX_REQUEUE,
	FUTEX_CMP_REQUEUE,
	FUTEX_WAKE_OP,
	FUTEX_LOCK_PI,
	FUTEX_UNLOCK_PI,
	FUTEX_TRYLOCK_PI,
	FUTEX_WAIT_BITSET,
	FUTEX_WAKE_BITSET,
};

#define FUTEX_PRIVATE	0x80u
#define FUTEX_REALTIME	0x100u
#define FUTEX_OPERATION 0x7Fu
#define BITS_ALL	0xFFFFFFFFu

/* What a word is known by: an address of a space, or where it lies in what
 * several spaces share. */
struct key {
	const void *object;
	u32 at;
};

struct sleeper {
	struct list list; /* in its bucket, until woken */
	struct key key;
	u32 bits;
	struct wait_queue queue;
};

static struct list buckets[BUCKETS];

static struct list *slot_of(struct key k)
{
	u32 hash = ((u32)k.object >> 6 ^ k.at >> 2) * 0x9E3779B1u;

	return &buckets[hash / (0xFFFFFFFFu / BUCKETS + 1)];
}

/* Lock held. Buckets are zero bytes at boot, and lists from the first look. */
static struct list *bucket_of(struct key k)
{
	struct list *bucket = slot_of(k);

	if (!bucket->next)
		list_init(bucket);
	return bucket;
}

/* No lock held. */
static int nobody_in(const struct list *slot)
{
	return !slot->next || list_empty(slot);
}

static inline int key_equal(struct key a, struct key b)
{
	return a.object == b.object && a.at == b.at;
}

/* A shared word's frame stands for it where no inode does. */
static i32 key_shared(struct space *s, u32 address, struct key *k)
{
	const struct area *a;
	u32 word, *entry;
	i32 r = user_read32(&word, address); /* it is there now */

	if (r < 0)
		return r;
	mutex_lock(&s->lock);
	a = space_area(s, address);
	if (a && (a->flags & AREA_SHARED)) {
		entry = table_entry(s, address);
		k->object = a->inode;
		k->at = address - a->start + a->page * PAGE;
		if (!a->inode && entry)
			k->at = entry_frame(*entry).address + address % PAGE;
	}
	mutex_unlock(&s->lock);
	return 0;
}

static i32 key_of(u32 address, u32 operation, struct key *k)
{
	struct space *s = thread_current()->space;

	if (address % 4)
		return -EINVAL;
	if (address >= USER_END)
		return -EFAULT;
	k->object = s;
	k->at = address;
	return operation & FUTEX_PRIVATE ? 0 : key_shared(s, address, k);
}

/* ---- waking ---- */

/* Lock held. */
static void wake_sleeper(struct sleeper *w)
{
	list_remove(&w->list);
	wake_one(&w->queue);
}

/* Lock held; at most `most`. */
static i32 wake_key(struct key k, u32 most, u32 bits)
{
	struct list *bucket = bucket_of(k), *next;
	u32 n = 0;

	for (struct list *l = bucket->next; l != bucket && n < most; l = next) {
		struct sleeper *w = LIST_OF(l, struct sleeper, list);

		next = l->next;
		if (!key_equal(w->key, k) || !(w->bits & bits))
			continue;
		wake_sleeper(w);
		n++;
	}
	return (i32)n;
}

/* Who changed the word sees the sleeper that saw the old one: the table is
 * looked at behind a full barrier. */
static i32 futex_wake(u32 address, u32 operation, u32 most, u32 bits)
{
	struct key k;
	i32 r = key_of(address, operation, &k);

	if (r < 0)
		return r;
	if (!bits)
		return -EINVAL;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (nobody_in(slot_of(k)))
		return 0;
	scheduler_lock();
	r = wake_key(k, (i32)most <= 0 ? 1 : most, bits);
	scheduler_unlock();
	return r;
}

i32 futex_wake_shared(u32 address, u32 most)
{
	return futex_wake(address, FUTEX_WAKE, most, BITS_ALL);
}

/* ---- sleeping ---- */

/* In the table, the word looked at: sleep. Takes it out of the table. */
static i32 sleep_on(struct sleeper *w, i32 error, int same, u64 deadline)
{
	enum wait_result r = WAIT_WOKEN;

	scheduler_lock();
	if (same && deadline != WAIT_FOREVER && deadline <= tsc_now())
		r = WAIT_TIMED_OUT;
	while (same && !list_empty(&w->list) && r == WAIT_WOKEN)
		r = wait_for_signal(&w->queue, deadline);
	if (list_empty(&w->list)) {
		scheduler_unlock();
		return 0; /* woken, whatever else */
	}
	list_remove(&w->list);
	scheduler_unlock();
	if (!same)
		return error < 0 ? error : -EAGAIN;
	return r == WAIT_TIMED_OUT ? -ETIMEDOUT : -ERESTARTSYS;
}

static i32 wait_until(u32 address, u32 operation, u32 value, u32 bits,
		      u64 deadline);

static i32 wait_again(struct restart *r)
{
	return wait_until(r->a, r->b, r->c, r->d, r->deadline);
}

static i32 wait_until(u32 address, u32 operation, u32 value, u32 bits,
		      u64 deadline)
{
	struct sleeper w = { .bits = bits };
	u32 word = 0;
	i32 r = key_of(address, operation, &w.key);

	if (r < 0)
		return r;
	if (!bits)
		return -EINVAL;
	wait_queue_init(&w.queue);
	scheduler_lock();
	list_add_last(bucket_of(w.key), &w.list);
	scheduler_unlock();
	r = user_read32(&word, address);
	r = sleep_on(&w, r, r == 0 && word == value, deadline);
	if (r == -ERESTARTSYS && deadline != WAIT_FOREVER) {
		task_current()->restart = (struct restart){
			.again = wait_again,
			.a = address,
			.b = operation,
			.c = value,
			.d = bits,
			.deadline = deadline,
		};
		return -ERESTART_BLOCK;
	}
	return r;
}

/* FUTEX_WAIT's timeout is a duration, FUTEX_WAIT_BITSET's a moment. */
static i32 futex_wait(u32 address, u32 operation, u32 value, u32 timeout,
		      u32 bits, enum time_form form)
{
	u64 ns, ahead = 0, deadline = WAIT_FOREVER;
	i32 r;

	if (timeout) {
		r = time_read(timeout, form, &ns);
		if (r < 0)
			return r;
		if ((operation & FUTEX_OPERATION) == FUTEX_WAIT) {
			deadline = deadline_after(ns);
		} else {
			clock_runs(operation & FUTEX_REALTIME ? CLOCK_REALTIME :
								CLOCK_MONOTONIC,
				   &ahead);
			deadline = ns > ahead ? ns - ahead : 0;
		}
	}
	return wait_until(address, operation, value, bits, deadline);
}

/* ---- on two words ---- */

static i32 requeue(struct key from_key, struct key to, u32 wakes, u32 moves)
{
	struct list *bucket = bucket_of(from_key), *next;
	u32 n = 0;

	for (struct list *l = bucket->next; l != bucket; l = next) {
		struct sleeper *w = LIST_OF(l, struct sleeper, list);

		next = l->next;
		if (!key_equal(w->key, from_key))
			continue;
		if (n < wakes) {
			wake_sleeper(w);
		} else if (n - wakes < moves) {
			list_remove(&w->list);
			w->key = to;
			list_add_last(bucket_of(to), &w->list);
		} else {
			break;
		}
		n++;
	}
	return (i32)n;
}

static i32 futex_requeue(u32 address, u32 operation, u32 wakes, u32 moves,
			 u32 address_to, const u32 *expected)
{
	struct key a, b;
	u32 word;
	i32 r = key_of(address, operation, &a);

	if (r == 0)
		r = key_of(address_to, operation, &b);
	if (r < 0)
		return r;
	if ((i32)wakes < 0 || (i32)moves < 0)
		return -EINVAL;
	if (expected) {
		r = user_read32(&word, address);
		if (r < 0)
			return r;
		if (word != *expected)
			return -EAGAIN;
	}
	scheduler_lock();
	if (key_equal(a, b))
		r = wake_key(a, wakes, BITS_ALL);
	else
		r = requeue(a, b, wakes, moves);
	scheduler_unlock();
	return r;
}

static i32 futex_wake_op(u32 address, u32 operation, u32 wakes, u32 wakes_to,
			 u32 address_to, u32 code)
{
	struct change c = change_of(code);
	struct key a, b;
	u32 word, found;
	i32 r = key_of(address, operation, &a);

	if (r == 0)
		r = key_of(address_to, operation, &b);
	if (r < 0)
		return r;
	if (!change_known(c))
		return -ENOSYS;
	r = user_read32(&found, address_to);
	do {
		word = found;
		if (r == 0)
			found = user_exchange(address_to, word,
					      changed(c, word), &r);
		if (r < 0)
			return r;
	} while (found != word);
	scheduler_lock();
	r = wake_key(a, wakes, BITS_ALL);
	if (compares(c, (i32)word))
		r += wake_key(b, wakes_to, BITS_ALL);
	scheduler_unlock();
	return r;
}

/* ---- calls ---- */

struct words {
	u32 value, timeout, second, third;
};

static i32 futex(u32 address, u32 operation, const struct words *w,
		 enum time_form form)
{
	u32 what = operation & FUTEX_OPERATION;

	if ((operation & FUTEX_REALTIME) && what != FUTEX_WAIT &&
	    what != FUTEX_WAIT_BITSET)
		return -ENOSYS;
	switch (what) {
	case FUTEX_WAIT:
		return futex_wait(address, operation, w->value, w->timeout,
				  BITS_ALL, form);
	case FUTEX_WAIT_BITSET:
		return futex_wait(address, operation, w->value, w->timeout,
				  w->third, form);
	case FUTEX_WAKE:
		return futex_wake(address, operation, w->value, BITS_ALL);
	case FUTEX_WAKE_BITSET:
		return futex_wake(address, operation, w->value, w->third);
	case FUTEX_REQUEUE:
		return futex_requeue(address, operation, w->value, w->timeout,
				     w->second, 0);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(address, operation, w->value, w->timeout,
				     w->second, &w->third);
	case FUTEX_WAKE_OP:
		return futex_wake_op(address, operation, w->value, w->timeout,
				     w->second, w->third);
	default:
		return -ENOSYS;
	}
}

i32 call_futex(u32 address, u32 operation, u32 value, u32 timeout, u32 second,
	       u32 third);
i32 call_futex(u32 address, u32 operation, u32 value, u32 timeout, u32 second,
	       u32 third)
{
	struct words w = { value, timeout, second, third };

	return futex(address, operation, &w, TIME_SPEC);
}

i32 call_futex_time64(u32 address, u32 operation, u32 value, u32 timeout,
		      u32 second, u32 third);
i32 call_futex_time64(u32 address, u32 operation, u32 value, u32 timeout,
		      u32 second, u32 third)
{
	struct words w = { value, timeout, second, third };

	return futex(address, operation, &w, TIME_SPEC64);
}

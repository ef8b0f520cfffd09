/*
 * Giving requests to drivers, by whoever waits for one or by the unit's own
 * thread; and what that thread alone does: it begins again what took too long
 * or what a driver that died had.
 */
#include "kernel/disk/unit.h"

#include "kernel/fault.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/tsc.h"

#define MS	     1000000ull /* ns */
#define PAUSE	     (10 * MS) /* until a driver is asked again */
#define LOOK	     (1000 * MS) /* for requests that take too long */
#define TRIES	     3u /* of a request that takes too long */
#define HOW_FOLLOWED 4u /* of block.start */
#define FRUITLESS    300u /* revivals of a driver that says that it is gone */

void unit_go(struct unit *u)
{
	scheduler_lock();
	u->go = 1;
	wake_all(&u->work);
	scheduler_unlock();
}

static void look_within(struct unit *u, u64 time)
{
	u64 then = tsc_now() + time;

	scheduler_lock();
	if (u->look > then) {
		u->look = then;
		wake_all(&u->work);
	}
	scheduler_unlock();
}

/* What the driver answered to the request's tag. Unit's lock held. */
static void answered(struct request *r, u32 tag, i32 answer, struct list *ended)
{
	struct unit *u = r->unit;

	if (answer >= 0 || r->tag != tag || r->state != REQUEST_GIVEN)
		return;
	if (answer != -E_GONE && answer != -E_AGAIN && !r->copying) {
		request_end(r, answer, ended);
		return;
	}
	request_lose(r);
	if (answer == -E_AGAIN)
		u->full = 1;
	else
		u->gone = 1;
}

static i32 give(struct request *r, u32 followed)
{
	struct unit *u = r->unit;

	return down_block_start(&u->driver->block, u->number, r->tag,
				r->how | followed, r->sector, r->count,
				(u8 *)r->pieces,
				r->piece_count * sizeof(*r->pieces));
}

/* Those that follow each other at once, as far as the driver takes them.
 * Unit's lock held, but free meanwhile. */
static void give_row(struct unit *u, struct request *r, struct list *ended)
{
	while (r && !u->gone && !u->full) {
		struct request *next = 0;
		u32 tag = r->tag;
		i32 answer;

		if (u->is.flags & DISK_ROWS)
			next = request_next(u, ended);
		spin_unlock(&u->lock);
		answer = give(r, next ? HOW_FOLLOWED : 0);
		spin_lock(&u->lock);
		answered(r, tag, answer, ended);
		r = next;
	}
	if (r)
		request_lose(r);
}

/* What there is; false: nothing. Unit's lock held, but free meanwhile. */
static int run_some(struct unit *u)
{
	struct list ended;
	struct request *r = 0;

	list_init(&ended);
	if (!u->gone && !u->full && unit_hungry(u))
		r = request_next(u, &ended);
	if (r)
		give_row(u, r, &ended);
	if (!list_empty(&ended)) {
		spin_unlock(&u->lock);
		ios_end(&ended);
		spin_lock(&u->lock);
		return 1;
	}
	return r != 0;
}

void unit_run(struct unit *u)
{
	u32 gone, full;

	spin_lock(&u->lock);
	u->again = 1;
	if (!u->giving) {
		u->giving = 1;
		while (u->again) {
			u->again = 0;
			while (run_some(u))
				;
		}
		u->giving = 0;
	}
	gone = u->gone;
	full = u->full;
	spin_unlock(&u->lock);
	if (gone)
		unit_go(u);
	else if (full)
		look_within(u, PAUSE);
}

/* ---- the unit's thread ---- */

/* Nobody gives requests until giving_end. */
static void giving_begin(struct unit *u)
{
	spin_lock(&u->lock);
	while (u->giving) {
		spin_unlock(&u->lock);
		thread_sleep(tsc_now() + MS);
		spin_lock(&u->lock);
	}
	u->giving = 1;
	spin_unlock(&u->lock);
}

static void giving_end(struct unit *u)
{
	spin_lock(&u->lock);
	u->giving = 0;
	spin_unlock(&u->lock);
}

static int is_late(const struct request *r, u64 now)
{
	return r->state == REQUEST_GIVEN && r->deadline <= now;
}

static int any_late(struct unit *u)
{
	u64 now = tsc_now();
	int late = 0;

	spin_lock(&u->lock);
	for (u32 i = 0; i < u->is.depth; i++)
		late |= is_late(&u->requests[i], now);
	spin_unlock(&u->lock);
	return late;
}

/*
 * The driver has forgotten all requests, and its device reaches no memory of
 * theirs any more. Those that took too long too often fail.
 */
static void begin_again(struct unit *u)
{
	u64 now = tsc_now();
	struct list ended;

	list_init(&ended);
	spin_lock(&u->lock);
	for (u32 i = 0; i < u->is.depth; i++) {
		struct request *r = &u->requests[i];

		if (is_late(r, now) && ++r->tries >= TRIES && !r->copying)
			request_end(r, -E_TIME, &ended);
	}
	requests_lose(u);
	spin_unlock(&u->lock);
	ios_end(&ended);
}

/* A driver that cannot reset its device dies: that stops the device, too. */
static void reset(struct unit *u)
{
	struct domain *d = u->driver->block.domain;
	i32 answer;

	print("disk %s: a request takes too long\n", u->whole->name);
	giving_begin(u);
	answer = down_block_reset(&u->driver->block, u->number);
	if (answer == -E_GONE)
		u->gone = 1;
	else if (answer < 0)
		fault_charge(d->now, 0, "a disk driver can reset its disk");
	else
		begin_again(u);
	giving_end(u);
}

/* Is the disk that the driver's next generation found the one we know? */
static i32 check_same(struct unit *u)
{
	struct block_disk is;
	i32 error = unit_identify(u->driver, u->number, &is);

	for (u32 i = 0; error < 0 && error != -E_GONE && i < FRUITLESS; i++) {
		thread_sleep(tsc_now() + PAUSE);
		error = unit_identify(u->driver, u->number, &is);
	}
	if (error == -E_GONE)
		return error;
	u->changed = error < 0 || is.sectors != u->is.sectors ||
		     is.flags != u->is.flags || is.most < u->is.most ||
		     is.align != u->is.align || is.pieces < u->is.pieces;
	return u->changed ? -E_DEVICE : 0;
}

static u32 generation_now(const struct unit *u)
{
	const struct domain *d = u->driver->block.domain;

	return d && text_equal(d->name, u->driver->name) ? d->generations : 0;
}

/* 0, or an error: it will not come, or not with this disk. */
static i32 revived(struct unit *u)
{
	i32 error;

	do {
		if (import_revive(&u->driver->block) < 0)
			return -E_GONE;
		if (generation_now(u) != u->generation)
			u->fruitless = 0;
		else if (++u->fruitless > FRUITLESS)
			return -E_GONE;
		else
			thread_sleep(tsc_now() + PAUSE);
		u->generation = generation_now(u);
		error = u->generation ? check_same(u) : -E_GONE;
	} while (error == -E_GONE && u->generation);
	return error;
}

static void revive(struct unit *u)
{
	giving_begin(u);
	if (revived(u) < 0)
		unit_fail(u);
	spin_lock(&u->lock);
	u->gone = 0;
	spin_unlock(&u->lock);
	giving_end(u);
}

static void work(struct unit *u)
{
	u32 gone;

	spin_lock(&u->lock);
	gone = u->gone;
	u->full = 0;
	spin_unlock(&u->lock);
	if (gone)
		revive(u);
	else if (any_late(u))
		reset(u);
	unit_run(u);
}

static void unit_thread(void *argument)
{
	struct unit *u = argument;

	for (;;) {
		scheduler_lock();
		while (!u->go && tsc_now() < u->look)
			wait_in(&u->work, u->look);
		u->go = 0;
		u->look = tsc_now() + LOOK;
		scheduler_unlock();
		work(u);
	}
}

i32 unit_start(struct unit *u)
{
	char name[20];

	wait_queue_init(&u->work);
	u->look = tsc_now() + LOOK;
	print_to(name, sizeof(name), "disk %s", u->whole->name);
	return thread_start(name, RANK_HIGH, unit_thread, u) ? 0 : -E_MEMORY;
}

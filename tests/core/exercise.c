/*
 * Exercising a disk: threads that write and read it at random, several
 * transfers at once, and compare each sector with what it must hold. They go
 * on in the background while other commands break the driver.
 */
#include "kernel/disk/disk.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/prompt.h"
#include "kernel/thread.h"
#include "kernel/tsc.h"

#define WORKERS	    2u
#define SECTORS	    2048u /* of each worker */
#define CHUNK	    64u /* sectors; one transfer stays inside of one */
#define CHUNKS	    (SECTORS / CHUNK)
#define TRANSFERS   8u /* at once */
#define WORDS	    (SECTOR / 4)
#define UNIT	    8u /* transfers begin and end at multiples of that */
#define FRAMES	    (CHUNK * SECTOR / PAGE)
#define MOST_ERRORS 5u

struct transfer_of {
	struct io io;
	struct io_piece pieces[FRAMES];
	u32 *memory;
};

struct worker {
	struct disk *disk;
	struct thread *thread;
	u32 first, seed, state;
	u32 stop;
	u32 reads, writes, errors, wrong;
	u32 waiting; /* transfers under way; under the scheduler's lock */
	struct wait_queue queue;
	u32 versions[SECTORS];
	struct transfer_of transfers[TRANSFERS];
};

static struct worker *workers[WORKERS];

static u32 draw(struct worker *w, u32 below)
{
	w->state ^= w->state << 13;
	w->state ^= w->state >> 17;
	w->state ^= w->state << 5;
	return w->state % below;
}

static u32 word_at(const struct worker *w, u32 sector, u32 word)
{
	u32 x = (w->first + sector) * 0x9E3779B9u ^ w->seed;

	x = (x ^ w->versions[sector] * 0x85EBCA6Bu) + word * 0xC2B2AE35u;
	return word ? x ^ x >> 13 : w->first + sector;
}

static void sectors_fill(struct worker *w, u32 sector, u32 count, u32 *memory)
{
	for (u32 i = 0; i < count; i++) {
		w->versions[sector + i]++;
		for (u32 n = 0; n < WORDS; n++)
			*memory++ = word_at(w, sector + i, n);
	}
}

static void sectors_check(struct worker *w, u32 sector, u32 count,
			  const u32 *memory)
{
	for (u32 i = 0; i < count; i++, memory += WORDS) {
		u32 n = 0;

		while (n < WORDS && memory[n] == word_at(w, sector + i, n))
			n++;
		if (n == WORDS)
			continue;
		if (w->wrong++ < MOST_ERRORS)
			say("exercise: %s: sector %u, word %u: %x, not %x\n",
			    w->disk->name, w->first + sector + i, n, memory[n],
			    word_at(w, sector + i, n));
	}
}

static void transfer_done(struct io *io)
{
	struct worker *w = io->context;

	scheduler_lock();
	if (!--w->waiting)
		wake_all(&w->queue);
	scheduler_unlock();
}

static void transfer_begin(struct worker *w, struct transfer_of *t, u32 how,
			   u32 sector, u32 count)
{
	u32 left = count * SECTOR, i = 0;

	for (; left; i++) {
		u32 bytes = min(left, PAGE);

		t->pieces[i].address =
			direct_physical(t->memory).address + i * PAGE;
		t->pieces[i].bytes = bytes;
		left -= bytes;
	}
	t->io = (struct io){
		.disk = w->disk,
		.how = how,
		.sector = w->first + sector,
		.count = count,
		.pieces = t->pieces,
		.piece_count = i,
		.done = transfer_done,
		.context = w,
	};
	if (how == IO_WRITE)
		sectors_fill(w, sector, count, t->memory);
	scheduler_lock();
	w->waiting++;
	scheduler_unlock();
	io_start(&t->io);
}

static void transfers_wait(struct worker *w)
{
	io_go(w->disk);
	scheduler_lock();
	while (w->waiting)
		wait_in(&w->queue, WAIT_FOREVER);
	scheduler_unlock();
}

static void transfer_check(struct worker *w, struct transfer_of *t)
{
	if (t->io.result < 0) {
		if (w->errors++ < MOST_ERRORS)
			say("exercise: %s: error %d at %u\n", w->disk->name,
			    t->io.result, t->io.sector);
		return;
	}
	if (t->io.how == IO_WRITE) {
		w->writes++;
		return;
	}
	w->reads++;
	sectors_check(w, t->io.sector - w->first, t->io.count, t->memory);
}

/* Some transfers in chunks that lie together, in any order. */
static void round_make(struct worker *w)
{
	u32 count = 1 + draw(w, TRANSFERS), chunk = draw(w, CHUNKS);
	u32 step = 1 + 2 * draw(w, 2); /* odd: no chunk comes twice */

	for (u32 i = 0; i < count; i++) {
		u32 at = (chunk + i * step) % CHUNKS * CHUNK, from_unit = 0;
		u32 units = CHUNK / UNIT;

		if (draw(w, 2)) {
			units = 1 + draw(w, CHUNK / UNIT);
			from_unit = draw(w, CHUNK / UNIT - units + 1);
		}
		transfer_begin(w, &w->transfers[i],
			       draw(w, 2) ? IO_READ : IO_WRITE,
			       at + from_unit * UNIT, units * UNIT);
	}
	transfers_wait(w);
	for (u32 i = 0; i < count; i++)
		transfer_check(w, &w->transfers[i]);
	if (!draw(w, 16) && disk_flush(w->disk) < 0)
		w->errors++;
}

static void work(void *argument)
{
	struct worker *w = argument;

	for (u32 i = 0; i < CHUNKS; i++) {
		transfer_begin(w, &w->transfers[0], IO_WRITE, i * CHUNK, CHUNK);
		transfers_wait(w);
		transfer_check(w, &w->transfers[0]);
	}
	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED))
		round_make(w);
	for (u32 i = 0; i < CHUNKS; i++) {
		transfer_begin(w, &w->transfers[0], IO_READ, i * CHUNK, CHUNK);
		transfers_wait(w);
		transfer_check(w, &w->transfers[0]);
	}
}

static void worker_free(struct worker *w)
{
	for (u32 i = 0; w && i < TRANSFERS; i++)
		heap_give(w->transfers[i].memory);
	heap_give(w);
}

static struct worker *worker_make(struct disk *d, u32 number, u32 seed)
{
	struct worker *w = heap_take_now(sizeof(*w));
	u32 room = 1;

	if (!w)
		return 0;
	w->disk = d;
	w->first = number * (d->sectors / WORKERS / CHUNK) * CHUNK;
	w->seed = seed;
	w->state = (seed + number) * 2654435761u | 1;
	wait_queue_init(&w->queue);
	for (u32 i = 0; i < TRANSFERS; i++) {
		w->transfers[i].memory = heap_take_now(CHUNK * SECTOR);
		room = room && w->transfers[i].memory;
	}
	if (room)
		w->thread = thread_start("exercise", RANK_NORMAL, work, w);
	if (w->thread)
		return w;
	worker_free(w);
	return 0;
}

static i32 stop(void)
{
	u32 bad = 0;

	for (u32 i = 0; i < WORKERS; i++)
		if (workers[i])
			__atomic_store_n(&workers[i]->stop, 1,
					 __ATOMIC_RELAXED);
	for (u32 i = 0; i < WORKERS; i++) {
		struct worker *w = workers[i];

		if (!w)
			continue;
		thread_join(w->thread);
		say("exercise: %s: %u reads, %u writes, %u errors, %u sectors "
		    "wrong\n",
		    w->disk->name, w->reads, w->writes, w->errors, w->wrong);
		bad += w->errors + w->wrong + !(w->reads && w->writes);
		worker_free(w);
		workers[i] = 0;
	}
	return bad ? -E_DEVICE : 0;
}

static i32 run_exercise(const struct words *w)
{
	i32 seed = word_number(w->word[2]);
	struct disk *d;

	if (text_equal(w->word[1], "stop"))
		return stop();
	disks_find();
	d = disk_named(w->word[1]);
	if (!d)
		return -E_NAME;
	if (workers[0] || d->sectors < WORKERS * SECTORS ||
	    (d->flags & DISK_READ_ONLY))
		return -E_BUSY;
	for (u32 i = 0; i < WORKERS; i++) {
		workers[i] = worker_make(d, i, seed > 0 ? (u32)seed : 1);
		if (!workers[i])
			return -E_MEMORY;
	}
	return 0;
}

/* ---- which sectors fail ---- */

#define PROBES 64u

struct probe {
	struct io ios[PROBES];
	struct io_piece pieces[PROBES];
	u32 waiting;
	struct wait_queue queue;
};

static void probe_done(struct io *io)
{
	struct probe *p = io->context;

	scheduler_lock();
	if (!--p->waiting)
		wake_all(&p->queue);
	scheduler_unlock();
}

/* Read each sector by a transfer of its own, all into the same memory. */
static void probe_run(struct probe *p, struct disk *d, u32 first, u8 *memory)
{
	p->waiting = PROBES;
	for (u32 i = 0; i < PROBES; i++) {
		p->pieces[i] =
			(struct io_piece){ direct_physical(memory).address,
					   SECTOR };
		p->ios[i] = (struct io){
			.disk = d,
			.how = IO_READ,
			.sector = first + i,
			.count = 1,
			.pieces = &p->pieces[i],
			.piece_count = 1,
			.done = probe_done,
			.context = p,
		};
		io_start(&p->ios[i]);
	}
	io_go(d);
	scheduler_lock();
	while (p->waiting)
		wait_in(&p->queue, WAIT_FOREVER);
	scheduler_unlock();
}

static i32 run_probe(const struct words *w)
{
	struct probe *p = heap_take_now(sizeof(*p));
	u8 *memory = heap_take_now(PAGE);
	struct disk *d = disk_named(w->word[1]);
	i32 first = word_number(w->word[2]), error = -E_NAME;
	u32 failed = 0;

	if (p && memory && d && first >= 0) {
		wait_queue_init(&p->queue);
		probe_run(p, d, (u32)first, memory);
		for (u32 i = 0; i < PROBES; i++)
			if (p->ios[i].result) {
				say("probe: %s: sector %u: %d\n", d->name,
				    p->ios[i].sector, p->ios[i].result);
				failed++;
			}
		say("probe: %u of %u failed\n", failed, PROBES);
		error = 0;
	}
	heap_give(memory);
	heap_give(p);
	return error;
}

static i32 run_wait(const struct words *w)
{
	i32 ms = word_number(w->word[1]);

	if (ms < 0)
		return -E_RANGE;
	thread_sleep(tsc_now() + (u32)ms * 1000000ull);
	return 0;
}

const struct command commands_exercise[] = {
	{ "exercise", "DISK [SEED]|stop",
	  "write and read it in the background (what it holds is lost)",
	  run_exercise },
	{ "probe", "DISK SECTOR", "read 64 sectors at once, one by one",
	  run_probe },
	{ "wait", "MS", "go on so many milliseconds later", run_wait },
	{ 0 },
};

// sources: kernel/disk/queue.c
/*
 * What waits for a disk: requests are made of transfers in the elevator's
 * order, within all limits, with each byte where it belongs; what fails alone
 * is what holds a bad sector; and every transfer ends exactly once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/disk/queue.h"

#define SECTORS 4096u
#define IOS	400u
#define PIECES	16u
#define FRAME	4096u
#define FAILED	(-5)

static struct disk disk = { .first = 100, .sectors = SECTORS };
static struct io ios[IOS];
static struct io_piece pieces[IOS][PIECES];
static u32 ended[IOS], seed;

static u32 draw(u32 below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % below;
}

/* A transfer whose memory lies in frames, some of them next to each other. */
static struct io *io_make(u32 i, u32 how, u32 sector, u32 count)
{
	u32 left = count * SECTOR, at = (i + 1) << 20;
	struct io *io = &ios[i];

	*io = (struct io){ .disk = &disk,
			   .how = how,
			   .sector = sector,
			   .count = count,
			   .pieces = pieces[i] };
	while (left) {
		u32 bytes = left < FRAME ? left : FRAME;

		pieces[i][io->piece_count++] = (struct io_piece){ at, bytes };
		at += FRAME + FRAME * draw(2);
		left -= bytes;
	}
	list_init(&io->list);
	ended[i] = 0;
	return io;
}

static struct io *first_of(struct list *l)
{
	return LIST_OF(l->next, struct io, list);
}

/* Where byte `at` of a transfer lies. */
static u32 memory_of(const struct io *io, u32 at)
{
	u32 i = 0;

	while (at >= io->pieces[i].bytes)
		at -= io->pieces[i++].bytes;
	return io->pieces[i].address + at;
}

/* The pieces, byte by sector, are the transfers' memory in their order. */
static void check_pieces(const struct batch *b)
{
	u32 piece = 0, in = 0, sector = 0;

	for (const struct list *l = b->ios.next; l != &b->ios; l = l->next) {
		const struct io *io = LIST_OF(l, struct io, list);

		assert_int_equal(io_at(io), b->sector + sector);
		for (u32 n = io->moved; n < io->count && sector < b->count;
		     n++, sector++) {
			u32 size, at = memory_of(io, n * SECTOR);

			assert_int_equal(b->pieces[piece].address + in, at);
			assert_int_equal(
				batch_memory(&b->ios, sector * SECTOR, &size),
				at);
			assert_true(size >= SECTOR);
			in += SECTOR;
			if (in == b->pieces[piece].bytes) {
				piece++;
				in = 0;
			}
		}
	}
	assert_int_equal(sector, b->count);
	assert_int_equal(piece, b->piece_count);
	assert_int_equal(in, 0);
}

static void check_batch(const struct batch *b, const struct limits *limits)
{
	assert_true(b->count && b->count <= limits->most);
	assert_int_equal(b->count % limits->align, 0);
	assert_int_equal(b->sector % limits->align, 0);
	assert_true(b->piece_count && b->piece_count <= limits->pieces);
	check_pieces(b);
}

static void ended_count(struct list *list, u32 bad)
{
	while (!list_empty(list)) {
		struct io *io = first_of(list);
		u32 at = 100 + io->sector;
		int holds = at <= bad && bad < at + io->count;

		list_remove(&io->list);
		assert_int_equal(io->result, holds ? FAILED : 0);
		ended[io - ios]++;
	}
}

/* All that is queued, with one sector that cannot be moved. */
static void drain(struct queue *q, const struct limits *limits, u32 bad)
{
	struct io_piece room[PIECES];
	struct batch b = { .pieces = room };
	struct list done;
	u32 last = 0, wraps = 0;
	i32 n;

	list_init(&done);
	while ((n = queue_take(q, limits, &b)) != 0) {
		u32 count = b.count;

		assert_int_equal(n, 1);
		check_batch(&b, limits);
		wraps += b.sector < last;
		last = b.sector;
		if (b.sector <= bad && bad < b.sector + b.count)
			count = 0;
		queue_moved(q, &b.ios, count, &done);
		ended_count(&done, bad);
	}
	assert_true(wraps <= 3);
	assert_true(queue_empty(q));
}

static void random_rounds(void **state)
{
	(void)state;
	for (seed = 1; seed < 60; seed++) {
		u32 align = 1u << draw(3), count = 1 + draw(IOS), before = seed;
		struct limits limits = { .most = align * (1 + draw(32)),
					 .pieces = 1 + draw(PIECES),
					 .align = align };
		struct queue q;

		queue_init(&q);
		for (u32 i = 0; i < count; i++) {
			u32 size = 4 * (1 + draw(24));

			queue_add(&q,
				  io_make(i, IO_READ + draw(2),
					  4 * draw((SECTORS - 100) / 4), size));
		}
		drain(&q, &limits, 100 + draw(2 * SECTORS));
		for (u32 i = 0; i < count; i++)
			assert_int_equal(ended[i], 1);
		seed = before;
	}
}

static void merging(void **state)
{
	const struct limits limits = { .most = 64, .pieces = 16, .align = 1 };
	struct io_piece room[PIECES];
	struct batch b = { .pieces = room };
	struct queue q;

	(void)state;
	queue_init(&q);
	queue_add(&q, io_make(0, IO_WRITE, 24, 8));
	queue_add(&q, io_make(1, IO_WRITE, 8, 8));
	queue_add(&q, io_make(2, IO_WRITE, 16, 8));
	queue_add(&q, io_make(3, IO_READ, 32, 8));
	queue_add(&q, io_make(4, IO_READ, 0, 8));
	assert_int_equal(queue_take(&q, &limits, &b), 1);
	assert_int_equal(b.sector, 100);
	assert_int_equal(b.count, 8);
	assert_int_equal(queue_take(&q, &limits, &b), 1);
	assert_int_equal(b.how, IO_WRITE);
	assert_int_equal(b.sector, 108);
	assert_int_equal(b.count, 24);
	queue_add(&q, io_make(5, IO_READ, 2, 2)); /* behind the elevator */
	assert_int_equal(queue_take(&q, &limits, &b), 1);
	assert_int_equal(b.sector, 132);
	assert_int_equal(queue_take(&q, &limits, &b), 1);
	assert_int_equal(b.sector, 102);
	assert_int_equal(queue_take(&q, &limits, &b), 0);
}

static void large_goes_in_parts(void **state)
{
	const struct limits limits = { .most = 16, .pieces = 16, .align = 1 };
	struct io_piece room[PIECES];
	struct batch b = { .pieces = room };
	struct queue q;
	struct list done;

	(void)state;
	list_init(&done);
	queue_init(&q);
	queue_add(&q, io_make(0, IO_READ, 0, 40));
	for (u32 at = 0; at < 40; at += 16) {
		assert_true(list_empty(&done));
		assert_int_equal(queue_take(&q, &limits, &b), 1);
		assert_int_equal(b.sector, 100 + at);
		queue_moved(&q, &b.ios, b.count, &done);
	}
	assert_ptr_equal(first_of(&done), &ios[0]);
	assert_int_equal(ios[0].result, 0);
}

static void flushes_go_together(void **state)
{
	const struct limits limits = { .most = 16, .pieces = 16, .align = 1 };
	struct batch b = { .pieces = 0 };
	struct queue q;

	(void)state;
	queue_init(&q);
	queue_add(&q, io_make(0, IO_WRITE, 0, 8));
	queue_add(&q, io_make(1, IO_FLUSH, 0, 0));
	queue_add(&q, io_make(2, IO_FLUSH, 0, 0));
	assert_int_equal(queue_take(&q, &limits, &b), 1);
	assert_int_equal(b.how, IO_FLUSH);
	assert_ptr_equal(b.ios.next, &ios[1].list);
	assert_ptr_equal(b.ios.prev, &ios[2].list);
}

/* Memory in pieces that cannot make an aligned request. */
static void impossible(void **state)
{
	const struct limits limits = { .most = 16, .pieces = 1, .align = 4 };
	struct io_piece room[PIECES];
	struct batch b = { .pieces = room };
	struct queue q;
	struct list done;

	(void)state;
	list_init(&done);
	queue_init(&q);
	queue_add(&q, io_make(0, IO_READ, 0, 4));
	pieces[0][0] = (struct io_piece){ 0x1000, 512 };
	pieces[0][1] = (struct io_piece){ 0x3000, 1536 };
	ios[0].piece_count = 2;
	assert_int_equal(queue_take(&q, &limits, &b), -1);
	queue_moved(&q, &b.ios, 0, &done);
	assert_ptr_equal(first_of(&done), &ios[0]);
	assert_int_equal(ios[0].result, FAILED);
	assert_true(queue_empty(&q));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merging),
		cmocka_unit_test(large_goes_in_parts),
		cmocka_unit_test(flushes_go_together),
		cmocka_unit_test(impossible),
		cmocka_unit_test(random_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Journals: finding them, replaying them, and emptying them. */
#include "kernel/volume/journal.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/print.h"
#include "kernel/space/cache.h"
#include "kernel/volume/cache_ask.h"
#include "kernel/volume/transaction.h"

static i32 runs_check(const struct volume *v, const u32 *runs, u32 count,
		      struct journal *j)
{
	for (u32 i = 0; i < count; i++) {
		struct journal_run r = { runs[2 * i], runs[2 * i + 1] };

		if (!r.count || r.first >= v->blocks ||
		    r.count > v->blocks - r.first)
			return -E_FORM;
		j->runs[j->run_count++] = r;
		j->blocks += r.count;
		if (j->blocks > v->blocks)
			return -E_FORM;
	}
	return 0;
}

i32 journal_claim(struct volume *v, const u32 *runs, u32 count)
{
	struct journal *j;

	if (v->journal && v->journal->ready)
		return 0;
	v->waits_journal = 1;
	if (v->journal)
		return -E_AGAIN;
	j = count <= JOURNAL_RUNS ? heap_take_now(sizeof(*j)) : 0;
	if (!j)
		return count <= JOURNAL_RUNS ? -E_MEMORY : -E_FORM;
	j->super = FRAME_NONE;
	if (runs_check(v, runs, count, j) < 0) {
		heap_give(j);
		return -E_FORM;
	}
	v->journal = j;
	return -E_AGAIN;
}

void journal_free(struct volume *v)
{
	if (v->journal && frame_ok(v->journal->super))
		frame_drop(v->journal->super);
	heap_give(v->journal);
	v->journal = 0;
}

u32 journal_place(const struct volume *v, u32 index)
{
	const struct journal *j = v->journal;
	u32 i = 0;

	while (i + 1 < j->run_count && index >= j->runs[i].count)
		index -= j->runs[i++].count;
	return j->runs[i].first + index;
}

u32 journal_next(const struct volume *v, u32 index)
{
	const struct cache_log *l = &v->journal->log;

	return index + 1 < l->length ? index + 1 : l->first;
}

static i32 block_read(struct volume *v, u32 block, void *to)
{
	u32 sectors = volume_block_sectors(v);

	return disk_read(v->disk, block * sectors, sectors, to);
}

static i32 block_write(struct volume *v, u32 block, const void *bytes)
{
	u32 sectors = volume_block_sectors(v);

	return disk_write(v->disk, block * sectors, sectors, bytes);
}

/* ---- replay ---- */

/* Journal blocks are read in runs: a replay goes through them in order. */
#define WINDOW_ORDER 5u
#define WINDOW	     (PAGE << WINDOW_ORDER)

struct window {
	struct physical frames;
	u32 first, count; /* journal indexes that it holds */
};

/* Journal block `index`, read with those behind it. NULL: it cannot be. */
static const u8 *window_look(struct volume *v, struct window *w, u32 index)
{
	u8 *bytes = direct(w->frames);
	u32 most = WINDOW / v->block_size, place = journal_place(v, index);

	if (index < w->first || index - w->first >= w->count) {
		u32 n = 1;

		while (n < most && index + n < v->journal->log.length &&
		       journal_place(v, index + n) == place + n)
			n++;
		w->count = 0;
		if (disk_read(v->disk, place * volume_block_sectors(v),
			      n * volume_block_sectors(v), bytes) < 0)
			return 0;
		w->first = index;
		w->count = n;
	}
	return bytes + (index - w->first) * v->block_size;
}

/* Write home what came last. 0 or -errno. */
static i32 step_write(struct volume *v, const struct cache_step *s, u8 *bytes)
{
	if (s->kind == STEP_WRITE_ESCAPED)
		*(u32 *)bytes = v->journal->log.escape;
	if (s->block >= v->blocks)
		return -EIO;
	return block_write(v, s->block, bytes);
}

/* From begin to end. 0, -E_GONE (begin again) or -errno. */
static i32 replay_once(struct volume *v, struct window *w, u8 *block,
		       struct cache_step *s)
{
	struct cache_log *log = &v->journal->log;
	i32 r = cache_replay_begin(v->block_size, log, s);

	while (r >= 0 && s->kind != STEP_DONE) {
		u32 index = s->kind == STEP_READ ? s->block : s->next;

		if (s->kind != STEP_READ)
			r = step_write(v, s, block);
		if (r < 0)
			break;
		if (index < log->first || index >= log->length)
			return -EIO;
		const u8 *bytes = window_look(v, w, index);

		if (!bytes)
			return -EIO;
		memory_copy(block, bytes, v->block_size);
		r = cache_replay_next(block, v->block_size, s);
	}
	return r;
}

static i32 replay_all(struct volume *v, struct cache_step *s)
{
	struct window w = { .frames = frame_take_now(WINDOW_ORDER, 0) };
	u8 *block = heap_take_now(PAGE);
	i32 r = -ENOMEM;

	while (!frame_ok(w.frames) && cache_evict(1u << WINDOW_ORDER))
		w.frames = frame_take_now(WINDOW_ORDER, 0);
	if (frame_ok(w.frames) && block)
		do
			r = replay_once(v, &w, block, s);
		while (r == -E_GONE && cache_revive() == 0);
	if (frame_ok(w.frames))
		frame_give(w.frames, WINDOW_ORDER);
	heap_give(block);
	return r == -E_GONE ? -EIO : r;
}

static i32 replay(struct volume *v)
{
	struct journal *j = v->journal;
	struct cache_step s = { 0 };
	i32 r;

	if (v->disk->flags & DISK_READ_ONLY) {
		print("volume %s: its journal is not empty, and it cannot be "
		      "written\n",
		      v->disk->name);
		return -EROFS;
	}
	r = replay_all(v, &s);
	if (r >= 0)
		r = disk_flush(v->disk);
	if (r < 0) {
		print("volume %s: its journal cannot be replayed (%d)\n",
		      v->disk->name, r);
		return r;
	}
	print("volume %s: %u transactions replayed\n", v->disk->name,
	      s.next - j->log.sequence);
	j->log.sequence = s.next;
	return 0;
}

static i32 examine(struct volume *v)
{
	struct journal *j = v->journal;
	i32 r;

	if (!frame_ok(j->super))
		j->super = frame_take_shared(1);
	if (!frame_ok(j->super))
		return -ENOMEM;
	r = block_read(v, journal_place(v, 0), direct(j->super));
	if (r == 0)
		r = cache_examine(v->block_size, j->blocks, direct(j->super),
				  v->block_size, &j->log);
	if (r < 0)
		return -EIO;
	return j->log.length <= j->blocks ? 0 : -EIO;
}

i32 journal_look(struct volume *v)
{
	struct journal *j = v->journal;
	i32 r = examine(v);

	if (r == 0 && j->log.start)
		r = replay(v);
	if (r < 0)
		return r;
	mutex_lock(&v->operating);
	buffers_drop(v); /* read before the replay */
	j->log.sequence += j->log.start != 0;
	if (j->log.start)
		r = journal_empty(v, 1);
	j->head = j->log.first;
	j->used = 0;
	j->ready = r == 0;
	mutex_unlock(&v->operating);
	return r;
}

/* ---- where it begins ---- */

i32 journal_begin_at(struct volume *v, u32 start, u32 sequence)
{
	struct journal *j = v->journal;
	i32 r = cache_begin_at(start, sequence, direct(j->super),
			       v->block_size);

	if (r >= 0)
		r = block_write(v, journal_place(v, 0), direct(j->super));
	if (r >= 0)
		r = disk_flush(v->disk);
	return r < 0 ? -EIO : 0;
}

i32 journal_empty(struct volume *v, int closing)
{
	struct journal *j = v->journal;
	i32 r = journal_begin_at(v, closing ? 0 : j->head, j->log.sequence);

	j->begun = !closing && r == 0;
	if (r == 0)
		j->used = 0;
	return r;
}

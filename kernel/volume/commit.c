/*
 * Committing: the running transaction is closed, written to the journal, and,
 * when that is half full or the volume is closed, home. Without a journal,
 * committing is writing home.
 */
#include "kernel/volume/commit.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/space/cache.h"
#include "kernel/volume/journal.h"
#include "kernel/volume/transaction.h"
#include "kernel/volume/writes.h"

/* A transaction on its way, and then home: blocks and their frames. */
struct closed {
	struct journal_block *blocks;
	u32 count;
	u32 *revokes;
	u32 revoke_count;
};

/* ---- closing the running transaction ---- */

static void closed_drop(struct closed *s)
{
	for (u32 i = 0; i < s->count; i++)
		frame_drop(s->blocks[i].frame);
	heap_give(s->blocks);
	heap_give(s->revokes);
	*s = (struct closed){ 0 };
}

/* Memory for it, taken where that may wait: more than there is to be. */
static void closed_make(struct closed *s, u32 blocks, u32 revokes)
{
	s->blocks = heap_take_user((blocks + 1) * sizeof(*s->blocks));
	s->revokes = heap_take_user((revokes + 1) * sizeof(*s->revokes));
	s->count = s->revoke_count = 0;
}

static void closed_put(struct closed *s, struct buffer *b, struct physical p)
{
	frame_share(p);
	s->blocks[s->count++] = (struct journal_block){ b, p };
}

static void running_take(struct volume *v, struct closed *s)
{
	while (!list_empty(&v->running)) {
		struct buffer *b =
			LIST_OF(v->running.next, struct buffer, running);

		list_remove(&b->running);
		list_add_last(&v->committing, &b->committing);
		b->flags &= (u8)~BUFFER_RUNNING;
		b->flags |= BUFFER_COMMITTING;
		if (frame_ok(b->before))
			frame_drop(b->before);
		b->before = FRAME_NONE;
		closed_put(s, b, b->now);
	}
	v->committing_count = v->running_count;
	v->running_count = 0;
	for (u32 n = set_next(&v->revokes, 0); n != 0xFFFFFFFFu;
	     n = set_next(&v->revokes, n + 1))
		s->revokes[s->revoke_count++] = n;
	set_clear(&v->revokes);
}

/* What was released until now may be used when this is committed. */
static void held_take(struct volume *v)
{
	struct block_set empty = v->held_before;

	v->held_before = v->held;
	v->held = empty;
}

/* Everything that runs now is committed from here on. Its number. */
static u32 running_close(struct volume *v, struct closed *s)
{
	u32 blocks, revokes, number;

	for (;;) {
		blocks = v->running_count + STAGED_MOST;
		revokes = v->revokes.count + STAGED_MOST;
		closed_make(s, blocks, revokes);
		mutex_lock(&v->operating);
		if (v->running_count <= blocks && v->revokes.count <= revokes)
			break;
		mutex_unlock(&v->operating);
		closed_drop(s);
	}
	running_take(v, s);
	held_take(v);
	number = transaction_close(v);
	mutex_unlock(&v->operating);
	return number;
}

/* ---- it is committed ---- */

/* What that transaction released is nobody's: it need not go home. */
static void released_drop(struct volume *v)
{
	struct list *l = v->home.next, *next;

	for (; v->held_before.count && l != &v->home; l = next) {
		struct buffer *b = LIST_OF(l, struct buffer, home);

		next = l->next;
		if (!set_has(&v->held_before, b->block))
			continue;
		list_remove(&b->home);
		b->flags &= (u8)~BUFFER_HOME;
		v->home_count--;
		if (!b->flags && !b->pins && !frame_ok(b->staged))
			buffer_free(b);
	}
}

/* Those buffers are committed; with a journal, not home yet. */
static void committing_end(struct volume *v, int is_home)
{
	released_drop(v);
	while (!list_empty(&v->committing)) {
		struct buffer *b =
			LIST_OF(v->committing.next, struct buffer, committing);

		list_remove(&b->committing);
		b->flags &= (u8)~BUFFER_COMMITTING;
		if (is_home || b->flags & BUFFER_HOME)
			continue;
		b->flags |= BUFFER_HOME;
		list_add_last(&v->home, &b->home);
		v->home_count++;
	}
	v->committing_count = 0;
	set_clear(&v->held_before);
}

/* ---- home ---- */

static void home_take(struct volume *v, struct closed *s)
{
	for (struct list *l = v->home.next; l != &v->home; l = l->next) {
		struct buffer *b = LIST_OF(l, struct buffer, home);

		closed_put(s, b, b->flags & BUFFER_RUNNING ? b->before : b->now);
	}
}

static void home_end(struct volume *v)
{
	while (!list_empty(&v->home)) {
		struct buffer *b = LIST_OF(v->home.next, struct buffer, home);

		list_remove(&b->home);
		b->flags &= (u8)~BUFFER_HOME;
	}
	v->home_count = 0;
}

static i32 closed_write(struct volume *v, const struct closed *s)
{
	struct writes w;

	writes_begin(&w, v);
	for (u32 i = 0; i < s->count; i++)
		writes_add(&w, s->blocks[i].buffer->block,
			   s->blocks[i].frame);
	return writes_end(&w, 1);
}

/*
 * Write home all that was committed, also what was released since: until that
 * is committed, a replay gives it back. The journal is empty then.
 */
static i32 all_home(struct volume *v)
{
	struct closed s;
	i32 r;

	closed_make(&s, v->home_count, 0);
	mutex_lock(&v->operating);
	home_take(v, &s);
	mutex_unlock(&v->operating);
	r = closed_write(v, &s);
	mutex_lock(&v->operating);
	if (r == 0)
		home_end(v);
	mutex_unlock(&v->operating);
	closed_drop(&s);
	return r;
}

/*
 * Before the running transaction is closed, let the journal have room for it
 * and for what may still come to it: nothing is being committed now, so what
 * goes home is committed.
 */
static i32 room_make(struct volume *v)
{
	struct journal *j = v->journal;
	u32 most = max(v->running_count, j->log.length / 4);
	u32 need = journal_need(v, most + 2 * STAGED_MOST,
				v->revokes.count + 2 * STAGED_MOST);
	i32 r;

	if (!j->begun || (journal_room(v) >= need &&
			  j->used < j->log.length / 2))
		return 0;
	r = all_home(v);
	return r < 0 ? r : journal_empty(v, 0);
}

/* ---- one commit ---- */

static void fail(struct volume *v)
{
	if (!v->failed)
		print("volume %s: cannot be written: nothing is changed on it "
		      "any more\n",
		      v->disk->name);
	v->failed = 1;
}

/* One block of a volume whose journal is empty needs no journal: so the mark
 * that there is something in it is on the disk before, and goes after. */
static int is_atomic(const struct volume *v, const struct closed *s)
{
	return !v->journal->begun && s->count == 1 && !s->revoke_count;
}

static i32 closed_commit(struct volume *v, const struct closed *s)
{
	int is_empty = !s->count && !s->revoke_count;

	if (!v->journal)
		return closed_write(v, s);
	if (is_empty || is_atomic(v, s)) {
		/* contents, before what speaks of them; or contents alone */
		if (disk_flush(v->disk) < 0)
			return -EIO;
		return is_empty ? 0 : closed_write(v, s);
	}
	if (journal_room(v) < journal_need(v, s->count, s->revoke_count))
		return -EIO;
	return journal_commit(v, s->blocks, s->count, s->revokes,
			      s->revoke_count);
}

void commit(struct volume *v, int all)
{
	struct closed s;
	i32 r = 0;
	u32 number, is_home;

	if (all && transaction_attributes)
		transaction_attributes(v);
	if (transaction_contents)
		r = transaction_contents(v);
	if (r == 0 && v->journal && !v->failed)
		r = room_make(v);
	number = running_close(v, &s);
	if (r == 0 && transaction_contents)
		r = transaction_contents(v);
	is_home = !v->journal || is_atomic(v, &s);
	if (r == 0 && !v->failed)
		r = closed_commit(v, &s);
	if (r < 0)
		fail(v);
	mutex_lock(&v->operating);
	committing_end(v, (int)is_home);
	mutex_unlock(&v->operating);
	closed_drop(&s);
	transaction_end(v, number);
}

/* Nothing is in any set any more, wherever it got. */
static void sets_end(struct volume *v)
{
	struct closed s;

	mutex_lock(&v->operating);
	if (v->running_count)
		print("volume %s: %u changed blocks are lost\n", v->disk->name,
		      v->running_count);
	closed_make(&s, v->running_count, v->revokes.count);
	running_take(v, &s);
	committing_end(v, 1);
	home_end(v);
	mutex_unlock(&v->operating);
	closed_drop(&s);
}

void commit_home(struct volume *v)
{
	if (v->journal && v->journal->begun && !v->failed &&
	    (all_home(v) < 0 || journal_empty(v, 1) < 0))
		fail(v);
}

void commit_last(struct volume *v)
{
	commit_home(v);
	sets_end(v);
}

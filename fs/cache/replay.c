/*
 * Replay, three times over the log: to find where what was committed ends; to
 * know what that revoked; to write it home. Blocks come one at a time, as they
 * were asked for. The disk may hold anything: every number is checked, and no
 * pass goes further than once around.
 */
#include "format.h"

enum pass { NONE, FINDING, REVOKING, WRITING };
enum step_kind { READ = 1, WRITE = 2, DONE = 3, WRITE_ESCAPED = 4 };

/* A revoked block, and the last transaction that did it: the log's first is 1;
 * 0 is an empty entry. A table by hashing. */
struct revoked {
	u32 block, by;
};

#define TABLE_FIRST 4096u
#define TABLE_MOST  262144u

static struct {
	enum pass pass;
	struct cache_log log;
	u32 block_size;
	u32 at, sequence; /* the block that comes next, and whose it is */
	u32 seen; /* blocks of this pass: at most all */
	u32 end; /* the first transaction that was not committed */
	u32 tag_at; /* of `descriptor`, the next one; 0: there is none */
	bool is_contents; /* what comes next is, for block `home` */
	u32 home, escaped;
} replay;

static u8 descriptor[4096];
static struct revoked *table;
static u32 table_size, table_used, table_room; /* entries */

/* ---- revoked blocks ---- */

static struct revoked *entry_of(u32 block)
{
	u32 i = (block * 2654435761u) & (table_size - 1);

	while (table[i].by && table[i].block != block)
		i = (i + 1) & (table_size - 1);
	return &table[i];
}

/* Room for that many entries, all empty. The heap only grows: a larger table
 * takes the place of the smaller one, which is at its beginning. */
static i32 table_make(u32 size)
{
	while (table_room < size) {
		i32 at = memory_grow(TABLE_FIRST * sizeof *table);

		if (at < 0)
			return -E_MEMORY;
		if (!table)
			table = (struct revoked *)(size_t)at;
		table_room += TABLE_FIRST;
	}
	memset(table, 0, size * sizeof *table);
	table_size = size;
	table_used = 0;
	return 0;
}

/* 0, 1: it was full and is larger, and empty: begin again; -E_MEMORY. */
static i32 revoked_add(u32 block, u32 sequence)
{
	struct revoked *r;

	if (table_used >= table_size / 4 * 3) {
		if (table_size == TABLE_MOST)
			return -E_MEMORY;
		return table_make(table_size * 2) < 0 ? -E_MEMORY : 1;
	}
	r = entry_of(block);
	table_used += !r->by;
	*r = (struct revoked){ block, sequence - replay.log.sequence + 1 };
	return 0;
}

static bool is_revoked(u32 block, u32 sequence)
{
	return entry_of(block)->by > sequence - replay.log.sequence;
}

/* ---- a pass ---- */

static void pass_begin(enum pass pass)
{
	replay.pass = pass;
	replay.at = replay.log.start;
	replay.sequence = replay.log.sequence;
	replay.seen = 0;
	replay.tag_at = 0;
}

static void advance(u32 blocks)
{
	u32 length = replay.log.length - replay.log.first;

	replay.seen += blocks;
	replay.at = replay.log.first +
		    (replay.at - replay.log.first + blocks % length) % length;
}

static void wants(struct cache_step *s)
{
	s->kind = READ;
	s->block = replay.at;
}

/* The next tag of the descriptor: false behind the last one. */
static bool tag_next(struct tag *tag)
{
	u32 bytes = sizeof *tag;

	if (!replay.tag_at || replay.tag_at + sizeof *tag > replay.block_size) {
		replay.tag_at = 0;
		return false;
	}
	memcpy(tag, descriptor + replay.tag_at, sizeof *tag);
	tag->block = big(tag->block);
	tag->flags = big16(tag->flags);
	if (!(tag->flags & TAG_SAME))
		bytes += UUID;
	replay.tag_at = tag->flags & TAG_LAST ? 0 : replay.tag_at + bytes;
	return true;
}

static u32 tags_count(void)
{
	struct tag tag;
	u32 n = 0;

	replay.tag_at = HEADER;
	while (replay.tag_at && tag_next(&tag))
		n++;
	return n;
}

/* 0, 1 (begin the pass again), -E_MEMORY */
static i32 revokes_take(void)
{
	u32 used, number;

	memcpy(&used, descriptor + HEADER, 4);
	used = min(big(used), replay.block_size);
	for (u32 at = REVOKE_HEADER; at + 4 <= used; at += 4) {
		memcpy(&number, descriptor + at, 4);
		i32 r = revoked_add(big(number), replay.sequence);

		if (r)
			return r;
	}
	return 0;
}

static bool is_ours(u32 *kind)
{
	u32 word[3];

	memcpy(word, descriptor, sizeof word);
	*kind = big(word[WORD_KIND]);
	return big(word[WORD_MAGIC]) == MAGIC &&
	       big(word[WORD_SEQUENCE]) == replay.sequence;
}

static void all_done(struct cache_step *s)
{
	replay.pass = NONE;
	s->kind = DONE;
	s->next = replay.end;
}

/* First and second pass: this one ends here. */
static void pass_end(struct cache_step *s)
{
	if (replay.pass == FINDING)
		replay.end = replay.sequence;
	if (replay.end == replay.log.sequence) {
		all_done(s);
		return;
	}
	pass_begin(replay.pass == FINDING ? REVOKING : WRITING);
	wants(s);
}

/* First and second pass: one of the log's own blocks. */
static i32 look(struct cache_step *s)
{
	u32 kind, blocks = 1;
	i32 r = 0;

	if (!is_ours(&kind) ||
	    (kind != DESCRIPTOR && kind != COMMIT && kind != REVOKE) ||
	    replay.seen >= replay.log.length - replay.log.first ||
	    (replay.pass == REVOKING && replay.sequence == replay.end)) {
		pass_end(s);
		return 0;
	}
	if (kind == DESCRIPTOR)
		blocks += tags_count();
	else if (kind == REVOKE && replay.pass == REVOKING)
		r = revokes_take();
	if (r < 0)
		return r;
	replay.sequence += kind == COMMIT;
	if (r)
		pass_begin(REVOKING);
	else
		advance(blocks);
	wants(s);
	return 0;
}

/* Third pass: go to the next block to look at: the contents for a tag, or one
 * of the log's own. */
static void write_next(void)
{
	struct tag tag;

	replay.is_contents = false;
	while (replay.tag_at && tag_next(&tag)) {
		if (!is_revoked(tag.block, replay.sequence)) {
			replay.is_contents = true;
			replay.home = tag.block;
			replay.escaped = tag.flags & TAG_ESCAPED;
			return;
		}
		advance(1);
	}
}

/* Third pass: one of the log's own blocks. */
static void write_own(struct cache_step *s)
{
	u32 kind;

	if (replay.sequence == replay.end || !is_ours(&kind)) {
		all_done(s);
		return;
	}
	replay.sequence += kind == COMMIT;
	replay.tag_at = kind == DESCRIPTOR ? HEADER : 0;
	advance(1);
	write_next();
	wants(s);
}

/* Third pass: contents came, and go home. */
static void write_home(struct cache_step *s)
{
	s->kind = replay.escaped ? WRITE_ESCAPED : WRITE;
	s->block = replay.home;
	advance(1);
	write_next();
	s->next = replay.at;
}

i32 cache_replay(u32 block_size, from struct cache_log *log,
		 into struct cache_step *next)
{
	struct cache_step s = { 0 };

	take(&replay.log, log, sizeof replay.log);
	if (block_size > sizeof descriptor || !replay.log.first ||
	    replay.log.length <= replay.log.first ||
	    replay.log.start < replay.log.first ||
	    replay.log.start >= replay.log.length)
		return -E_FORM;
	replay.block_size = block_size;
	if (table_make(table_size ? table_size : TABLE_FIRST) < 0)
		return -E_MEMORY;
	pass_begin(FINDING);
	wants(&s);
	give(next, &s, sizeof s);
	return 0;
}

i32 cache_replay_on(from u8 *block, u32 size, into struct cache_step *next)
{
	struct cache_step s = { 0 };
	i32 r = 0;

	if (replay.pass == NONE || size != replay.block_size)
		return -E_RANGE;
	if (replay.pass == WRITING && replay.is_contents) {
		write_home(&s);
		give(next, &s, sizeof s);
		return 0;
	}
	take(descriptor, block, size);
	if (replay.pass == WRITING)
		write_own(&s);
	else
		r = look(&s);
	give(next, &s, sizeof s);
	return r;
}

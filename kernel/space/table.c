/*
 * Page tables of processes. A frame that leaves a table may still be known to
 * some TLB: where other CPUs or threads can use the space, entries are first
 * made absent, then the TLBs told, then the frames let go.
 */
#include "kernel/space/table.h"

#include "kernel/memory.h"
#include "kernel/space/cache.h"
#include "kernel/space/flush.h"

#define GROUP 32u /* entries */

static u32 tables;

u32 table_frames(void)
{
	return tables;
}

u32 *table_entry_make(struct space *s, u32 address)
{
	u32 slot = address >> 22;

	if (!s->entries[slot]) {
		struct physical p = frame_take_evict(1);

		if (!frame_ok(p))
			return 0;
		frame_note(p)->first = 0;
		s->entries[slot] =
			p.address | PAGE_PRESENT | PAGE_WRITE | PAGE_USER;
		s->slots[slot / 32] |= 1u << slot % 32;
		s->tables++;
		__atomic_add_fetch(&tables, 1, __ATOMIC_RELAXED);
	}
	return table_entry(s, address);
}

/* What is AREA_SHARED has a share in the cache, too. */
static u32 run_owned(const u32 *entry, u32 count)
{
	u32 owned = 0;

	for (u32 i = 0; i < count; i++) {
		u32 e = *(const volatile u32 *)&entry[i];

		if (e && frame_shares(entry_frame(e)) <=
				 (e & ENTRY_SHARED ? 2u : 1u))
			owned++;
	}
	return owned;
}

u32 table_owned(const struct space *s)
{
	u32 at = 0, count, owned = s->tables + 1;
	const u32 *entry;

	while ((entry = table_run(s, &at, USER_END, &count)))
		owned += run_owned(entry, count);
	return owned;
}

/* The first address at or after `at` that has a table, or USER_END. */
static u32 next_table(const struct space *s, u32 at)
{
	u32 slot = at >> 22;
	u32 word = slot / 32, bits;

	if (word >= SLOT_WORDS)
		return USER_END;
	bits = s->slots[word] >> slot % 32 << slot % 32;
	while (!bits) {
		if (++word == SLOT_WORDS)
			return USER_END;
		bits = s->slots[word];
	}
	return max(at, (word * 32 + (u32)__builtin_ctz(bits)) << 22);
}

u32 *table_run(const struct space *s, u32 *at, u32 end, u32 *count)
{
	while (*at < end) {
		u32 *entry = table_entry(s, *at);
		u32 groups, stop;

		if (!entry) {
			*at = next_table(s, *at);
			continue;
		}
		groups = frame_note(direct_physical(entry))->first >>
			 (*at >> 17 & 31);
		if (!groups) {
			*at = (*at & ~(TABLE_SPAN - 1)) + TABLE_SPAN;
			continue;
		}
		if (!(groups & 1)) {
			*at = (*at & ~(GROUP_SPAN - 1)) +
			      (u32)__builtin_ctz(groups) * GROUP_SPAN;
			continue;
		}
		stop = min(end, (*at | (GROUP_SPAN - 1)) + 1);
		*count = (stop - *at) / PAGE;
		*at = stop;
		return entry;
	}
	return 0;
}

/* Empty a run and let its frames go. Returns how many pages it held. */
static u32 run_drop(u32 *entry, u32 count)
{
	u32 ended[GROUP], endings = 0, found = 0;

	for (u32 i = 0; i < count; i++) {
		u32 e = entry[i];

		if (!e)
			continue;
		entry[i] = 0;
		found++;
		if (frame_unshare(entry_frame(e)))
			ended[endings++] = e & ~0xFFFu;
	}
	if (endings)
		frame_end_many(ended, endings);
	if (count == GROUP)
		frame_note(direct_physical(entry))->first &=
			~(1u << ((u32)entry / sizeof(u32) / GROUP & 31));
	return found;
}

/* Addresses whose entries changed. */
struct changed {
	u32 low, high;
};

static inline void changed_add(struct changed *c, u32 address)
{
	if (!c->high)
		c->low = address;
	c->high = address + PAGE;
}

static void changed_flush(struct space *s, const struct changed *c)
{
	if (c->high)
		flush_range(s, c->low, c->high);
}

/* Take `flags` away from the present entries of [start, end), and flush. */
static void take_away(struct space *s, u32 start, u32 end, u32 flags)
{
	struct changed c = { 0, 0 };
	u32 at = start, count, *entry;

	while ((entry = table_run(s, &at, end, &count))) {
		u32 address = at - count * PAGE;

		for (u32 i = 0; i < count; i++, address += PAGE) {
			if (!(entry[i] & PAGE_PRESENT) || !(entry[i] & flags))
				continue;
			entry[i] &= ~flags;
			changed_add(&c, address);
		}
	}
	changed_flush(s, &c);
}

void table_protect(struct space *s, u32 start, u32 end, int hide)
{
	take_away(s, start, end, hide ? PAGE_PRESENT | PAGE_WRITE : PAGE_WRITE);
}

u32 table_clear(struct space *s, u32 start, u32 end)
{
	u32 at = start, count, found = 0, *entry, low = 0, high = 0;
	int alone = flush_alone(s);

	if (!alone)
		take_away(s, start, end, PAGE_PRESENT);
	while ((entry = table_run(s, &at, end, &count))) {
		u32 n = run_drop(entry, count);

		found += n;
		if (n && !high)
			low = at - count * PAGE;
		if (n)
			high = at;
	}
	if (alone && found)
		flush_range(s, low, high);
	s->resident -= found;
	return found;
}

void table_end(struct space *s)
{
	u32 at = 0, count, *entry;

	while ((entry = table_run(s, &at, USER_END, &count)))
		run_drop(entry, count);
	for (at = next_table(s, 0); at < USER_END;
	     at = next_table(s, at + TABLE_SPAN)) {
		frame_end_zero(entry_frame(s->entries[at >> 22]));
		s->entries[at >> 22] = 0;
	}
	__atomic_sub_fetch(&tables, s->tables, __ATOMIC_RELAXED);
	s->resident = s->tables = 0;
}

/* Tables for where the pages of [start, start + bytes) will go. */
static i32 make_room(struct space *s, u32 start, u32 bytes, u32 to)
{
	u32 at = start, count;

	while (table_run(s, &at, start + bytes, &count)) {
		u32 last = at - start + to - PAGE;

		if (!table_entry_make(s, last - (count - 1) * PAGE) ||
		    !table_entry_make(s, last))
			return -ENOMEM;
	}
	return 0;
}

i32 table_move(struct space *s, u32 start, u32 bytes, u32 to)
{
	struct changed c = { 0, 0 };
	u32 at = start, count, *entry;
	i32 error = make_room(s, start, bytes, to);

	if (error < 0)
		return error;
	while ((entry = table_run(s, &at, start + bytes, &count))) {
		u32 address = at - count * PAGE;

		for (u32 i = 0; i < count; i++, address += PAGE) {
			u32 target = address - start + to;
			u32 *there = table_entry(s, target);

			if (!entry[i])
				continue;
			*there = entry[i];
			table_note(there, target);
			entry[i] = 0;
			changed_add(&c, address);
		}
	}
	changed_flush(s, &c);
	return 0;
}

/* Copy a run; are there pages in it that the original may not write now? */
static u32 run_copy(u32 *entry, u32 *copy, u32 count, u32 *pages)
{
	u32 changed = 0;

	for (u32 i = 0; i < count; i++) {
		u32 e = entry[i];

		if (!e)
			continue;
		if ((e & (PAGE_WRITE | ENTRY_SHARED)) == PAGE_WRITE) {
			e &= ~(u32)PAGE_WRITE;
			entry[i] = e;
			changed = 1;
		}
		copy[i] = e;
		++*pages;
		frame_share(entry_frame(e));
	}
	return changed;
}

i32 table_copy(struct space *to, struct space *of)
{
	u32 at = 0, count, changed = 0, *entry, *copy;
	i32 error = 0;

	while ((entry = table_run(of, &at, USER_END, &count))) {
		u32 address = at - count * PAGE;

		copy = table_entry_make(to, address);
		if (!copy) {
			error = -ENOMEM;
			break;
		}
		changed |= run_copy(entry, copy, count, &to->resident);
		table_note(copy, address);
	}
	if (changed)
		flush_all(of);
	return error;
}

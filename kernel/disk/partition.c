/*
 * Partitions as the first sector of a disk and the chain of extended ones tell
 * of them. What is there is believed only as far as it lies on the disk.
 * Numbers as on Linux: 1 to 4, and logical ones from 5 on in order of the
 * chain.
 */
#include "kernel/disk/unit.h"

#include "kernel/frame.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/print.h"

#define PARTS	   16u /* numbers that there are, 0 with them: the disk */
#define PRIMARY	   4u
#define TABLE	   446u /* of the sector: four entries, then 55 AA */
#define SIGNATURE  510u
#define CHAIN_MOST 32u /* tables looked at */

/* An entry: [active][3 bytes][kind][3 bytes][first u32][sectors u32]. */
struct entry {
	u32 active, kind, first, sectors;
};

struct part {
	u32 first, sectors; /* sectors 0: none */
};

/* Looking through one disk. */
struct search {
	struct disk *disk;
	u8 *page;
	struct part parts[PARTS];
};

static u32 word_at(const u8 *bytes)
{
	return bytes[0] | (u32)bytes[1] << 8 | (u32)bytes[2] << 16 |
	       (u32)bytes[3] << 24;
}

static void entry_read(const u8 *sector, u32 n, struct entry *e)
{
	const u8 *bytes = sector + TABLE + n * 16;

	e->active = bytes[0];
	e->kind = bytes[4];
	e->first = word_at(bytes + 8);
	e->sectors = word_at(bytes + 12);
}

static int is_extended(const struct entry *e)
{
	return e->kind == 0x05 || e->kind == 0x0F || e->kind == 0x85;
}

/* A table, in memory until the next is asked for; NULL: there is none. */
static const u8 *table_read(struct search *s, u32 at)
{
	u32 align = s->disk->unit->is.align, first = at - at % align;
	const u8 *sector = s->page + (at - first) * SECTOR;

	if (align * SECTOR > PAGE ||
	    disk_read(s->disk, first, align, s->page) < 0 ||
	    sector[SIGNATURE] != 0x55 || sector[SIGNATURE + 1] != 0xAA)
		return 0;
	return sector;
}

/* Where a file system begins without a table, its program lies there. */
static int is_table(const u8 *sector)
{
	struct entry e;

	for (u32 i = 0; i < PRIMARY; i++) {
		entry_read(sector, i, &e);
		if (e.active & 0x7F)
			return 0;
	}
	return memcmp(sector + 54, "FAT", 3) != 0 &&
	       memcmp(sector + 82, "FAT", 3) != 0 &&
	       memcmp(sector + 3, "NTFS", 4) != 0;
}

/* On the disk, or cut to what is. */
static void part_set(struct search *s, u32 number, u32 first, u32 sectors)
{
	u32 end = s->disk->sectors, align = s->disk->unit->is.align;

	if (!first || first >= end || first % align)
		return;
	sectors = min(sectors, end - first);
	s->parts[number].first = first;
	s->parts[number].sectors = sectors - sectors % align;
}

/* A table of the chain, at `at`: its logical partition lies beside it; *next
 * is where the next table is, beside the chain's beginning. */
static void link_read(struct search *s, const u8 *sector, u32 at, u32 *number,
		      struct entry *next)
{
	struct entry e;
	u32 first;

	next->sectors = 0;
	for (u32 n = 0; n < PRIMARY; n++) {
		entry_read(sector, n, &e);
		if (!e.sectors || !e.kind)
			continue;
		if (is_extended(&e) && !next->sectors)
			*next = e;
		else if (!is_extended(&e) && *number < PARTS &&
			 !__builtin_add_overflow(at, e.first, &first))
			part_set(s, (*number)++, first, e.sectors);
	}
}

/* The chain ends where it comes back to itself. */
static void chain_read(struct search *s, u32 begin)
{
	u32 number = PRIMARY + 1, seen[CHAIN_MOST], at = begin;

	for (u32 i = 0; i < CHAIN_MOST && number < PARTS; i++) {
		const u8 *sector =
			at < s->disk->sectors ? table_read(s, at) : 0;
		struct entry next;

		for (u32 n = 0; n < i; n++)
			if (seen[n] == at)
				return;
		if (!sector)
			return;
		seen[i] = at;
		link_read(s, sector, at, &number, &next);
		if (!next.sectors ||
		    __builtin_add_overflow(begin, next.first, &at))
			return;
	}
}

static void tables_read(struct search *s)
{
	const u8 *sector = table_read(s, 0);
	struct entry entries[PRIMARY];
	u32 begin = 0;

	if (!sector || !is_table(sector))
		return;
	for (u32 i = 0; i < PRIMARY; i++)
		entry_read(sector, i, &entries[i]);
	for (u32 i = 0; i < PRIMARY; i++) {
		const struct entry *e = &entries[i];

		if (!e->kind || !e->sectors)
			continue;
		part_set(s, i + 1, e->first, e->sectors);
		if (!is_extended(e) || !s->parts[i + 1].sectors)
			continue;
		/* room for a loader, as on Linux: no file system's */
		s->parts[i + 1].sectors = min(s->parts[i + 1].sectors, 2u);
		if (!begin)
			begin = e->first;
	}
	if (begin)
		chain_read(s, begin);
}

/* The unit's partitions that are known: by number; busy if one is in use. */
static int known_find(struct unit *u, struct disk *known[PARTS])
{
	u32 users = 0;

	for (u32 i = 0; i < PARTS; i++)
		known[i] = i ? disk_of(u->whole->device + i) : 0;
	for (u32 i = 0; i < PARTS; i++)
		if (known[i] && known[i]->unit == u)
			users |= known[i]->users;
		else
			known[i] = 0;
	return users != 0;
}

static void parts_set(struct unit *u, const struct search *s,
		      struct disk *known[PARTS])
{
	for (u32 i = 1; i < PARTS && i < u->driver->minors; i++) {
		const struct part *p = &s->parts[i];

		if (known[i]) {
			known[i]->first = p->first;
			known[i]->sectors = p->sectors;
		} else if (p->sectors) {
			disk_add(u, i, p->first, p->sectors);
		}
		if (p->sectors)
			print("disk %s%u: %u sectors from %u\n", u->whole->name,
			      i, p->sectors, p->first);
	}
}

i32 partitions_read(struct unit *u)
{
	struct disk *known[PARTS];
	struct search s = { .disk = u->whole };
	struct physical p;

	if (u->driver->minors < 2 || (u->is.flags & DISK_OPTICAL))
		return 0;
	if (known_find(u, known))
		return -EBUSY;
	p = frame_take_now(0, 0);
	if (!frame_ok(p))
		return -ENOMEM;
	s.page = direct(p);
	tables_read(&s);
	frame_give(p, 0);
	parts_set(u, &s, known);
	return 0;
}

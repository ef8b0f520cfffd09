/*
 * The page tables of one space's half: finding entries, and going over those
 * that are in use. A table's frame note says which of its 32 groups of 32
 * entries may hold one, so that sparse tables are gone through fast.
 */
#ifndef KERNEL_SPACE_TABLE_H
#define KERNEL_SPACE_TABLE_H

#include "kernel/linux/errno.h"
#include "kernel/space/space.h"

#define ENTRY_SHARED 0x200u /* of an AREA_SHARED: fork leaves it writable */

#define TABLE_SPAN 0x400000u /* bytes that one table maps */
#define GROUP_SPAN 0x20000u /* bytes that one group of entries maps */

/*
 * An entry that is not 0 holds a share of its frame; without PAGE_PRESENT the
 * program may not touch it now (PROT_NONE).
 */
static inline struct physical entry_frame(u32 entry)
{
	return (struct physical){ entry & ~0xFFFu };
}

static inline u32 *table_of(u32 directory_entry)
{
	return direct(entry_frame(directory_entry));
}

/* The entry for an address; NULL: no table. Lock held, as for all here. */
static inline u32 *table_entry(const struct space *s, u32 address)
{
	u32 slot = s->entries[address >> 22];

	return slot ? table_of(slot) + (address >> 12 & 1023) : 0;
}

/* The same, with a table made; NULL without memory. */
u32 *table_entry_make(struct space *s, u32 address);

/* Its group holds something from now on. */
static inline void table_note(u32 *entry, u32 address)
{
	frame_note(direct_physical(entry))->first |= 1u << (address >> 17 & 31);
}

/*
 * The next run of entries, of one group, that may be in use in [*at, end);
 * *at moves behind it. NULL: there are no more.
 */
u32 *table_run(const struct space *s, u32 *at, u32 end, u32 *count);

/*
 * Take the pages of [start, end) out and let go of their frames, with the
 * TLBs told. Returns how many there were.
 */
u32 table_clear(struct space *s, u32 start, u32 end);

/* The same for a space that nobody uses, and its tables with it. */
void table_end(struct space *s);

/* Make what is there read-only, or (`hide`) inaccessible. */
void table_protect(struct space *s, u32 start, u32 end, int hide);

/* Move the pages of [start, start + bytes) to where nothing is. 0 or -ENOMEM
 * with nothing moved. */
i32 table_move(struct space *s, u32 start, u32 bytes, u32 to);

/* Copy-on-write copies of all pages of `of`. 0 or -ENOMEM. */
i32 table_copy(struct space *to, struct space *of);

u32 table_frames(void); /* of all spaces */

/* Frames that would come free with s: its tables, and what nobody else shares.
 * A guess: s is not locked, but it must stay. */
u32 table_owned(const struct space *s);

#endif

/*
 * Blocks of directories in memory, checked and with an index of their names.
 * They stay from one operation to the next: only operations change them, and
 * of one that changes any and does not end well all are forgotten.
 */
#include "folder.h"

#define BLOCKS_KEPT 16u
#define LISTS	    64u
#define RECORDS	    (4096u / 12 + 1) /* records with names are that far apart */
#define NOWHERE	    0xFFFFu

struct slot {
	u32 block; /* 0: none */
	u32 room; /* no record of it has more */
	u32 hint; /* a record that may have much */
	u16 first[LISTS]; /* names by hash: places of records */
	u16 next[RECORDS]; /* by place / 12 */
	u8 bytes[4096] __attribute__((aligned(4)));
};

u8 *folder_bytes;

static struct slot slots[BLOCKS_KEPT];
static struct slot *now; /* loaded last */
static bool changed; /* by the operation */

void folder_forget(void)
{
	for (u32 i = 0; i < BLOCKS_KEPT; i++)
		slots[i].block = 0;
}

void block_begin(bool ended)
{
	if (changed && !ended)
		folder_forget();
	changed = false;
}

static struct slot *slot_of(u32 block)
{
	return &slots[block % BLOCKS_KEPT];
}

bool folder_loaded(u32 block)
{
	return slot_of(block)->block == block;
}

/* ---- the index ---- */

static u16 *list_of(struct word name)
{
	u32 hash = name.length;

	for (u32 n = 0; n < name.length; n++)
		hash = hash * 31 + (u8)name.text[n];
	return &now->first[(hash ^ hash >> 6) % LISTS];
}

static u16 *list_at(u32 at)
{
	return list_of((struct word){ record_name(at), record_at(at)->length });
}

static u32 room_of(u32 at)
{
	const struct record *r = record_at(at);

	return r->size - record_used(r);
}

void record_came(u32 at)
{
	u16 *list = list_at(at);

	now->next[at / 12] = *list;
	*list = (u16)at;
	now->hint = at;
	now->room = max(now->room, room_of(at));
}

void record_goes(u32 at, u32 before)
{
	u16 *list = list_at(at);

	while (*list != at && *list != NOWHERE)
		list = &now->next[*list / 12];
	if (*list == at)
		*list = now->next[at / 12];
	now->hint = before;
	now->room = fs.block_size;
}

u32 folder_name_at(struct word name)
{
	u32 at = *list_of(name);

	for (; at != NOWHERE; at = now->next[at / 12])
		if (record_at(at)->length == name.length &&
		    memcmp(record_name(at), name.text, name.length) == 0)
			return at;
	return fs.block_size;
}

u32 folder_room_at(u32 need)
{
	u32 most = 0;

	if (need > now->room)
		return fs.block_size;
	if (room_of(now->hint) >= need)
		return now->hint;
	for (u32 at = 0; at < fs.block_size; at += record_at(at)->size) {
		if (room_of(at) >= need)
			return at;
		most = max(most, room_of(at));
	}
	now->room = most;
	return fs.block_size;
}

/* ---- loading ---- */

static void slot_take(u32 block)
{
	now = slot_of(block);
	now->block = 0;
	now->room = now->hint = 0;
	memset(now->first, 0xFF, sizeof now->first);
	folder_bytes = now->bytes;
}

static bool record_ok(u32 at)
{
	const struct record *r = record_at(at);

	if (fs.block_size - at < RECORD_SIZE || r->size < RECORD_SIZE ||
	    r->size % 4 || r->size > fs.block_size - at)
		return false;
	if (!r->inode)
		return true;
	if (!r->length || r->length > r->size - RECORD_SIZE)
		return false;
	return fs.types || !r->type;
}

i32 folder_load(u32 block)
{
	if (folder_loaded(block)) {
		now = slot_of(block);
		folder_bytes = now->bytes;
		return 0;
	}
	slot_take(block);
	RETURN_IF(volume_read(block, 0, folder_bytes, fs.block_size));
	for (u32 at = 0; at < fs.block_size; at += record_at(at)->size) {
		if (!record_ok(at)) {
			say("ext2: directory block %u is no such", block);
			return -E_FORM;
		}
		if (record_at(at)->inode)
			record_came(at);
		else
			now->room = max(now->room, room_of(at));
	}
	now->block = block;
	return 0;
}

void folder_fresh(u32 block)
{
	slot_take(block);
	memset(folder_bytes, 0, fs.block_size);
	now->block = block;
	changed = true;
}

i32 folder_store(u32 at, u32 size)
{
	changed = true;
	return volume_write(now->block, at, folder_bytes + at, size);
}

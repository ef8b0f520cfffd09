/*
 * Pages of files on volumes that are newer than the volume: marking them, and
 * handing them out to be written; and which of the others may go.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/space/area.h"
#include "kernel/space/cached.h"
#include "kernel/space/contents.h"
#include "kernel/vfs/inode_table.h"
#include "kernel/volume/volume.h"

static u32 dirty_frames; /* of all inodes; the cache's lock guards it */
static struct wait_queue written = { { &written.threads, &written.threads } };

u32 cache_dirty_frames(void)
{
	return dirty_frames;
}

/* ---- marking ---- */

/* Mark one; is it in the cache? Lock held. */
static int mark(struct inode *i, u32 index, u32 flags)
{
	u32 *word = cached_find(&i->pages, index);

	if (!word || !*word)
		return 0;
	if (!(*word & CACHED_DIRTY)) {
		i->dirty_pages++;
		dirty_frames++;
	}
	*word |= CACHED_DIRTY | CACHED_USED | flags;
	return 1;
}

/* It has dirty pages: its mount's list knows, and its volume's thread. */
static void tell(struct inode *i)
{
	if (list_empty(&i->dirty_list)) {
		spin_lock(&inode_lock);
		if (list_empty(&i->dirty_list))
			list_add_last(&i->mount->dirty, &i->dirty_list);
		spin_unlock(&inode_lock);
	}
	volume_changed(inode_volume(i));
}

void cache_mark(struct inode *i, u32 index)
{
	spin_lock(&cache_lock);
	mark(i, index, 0);
	spin_unlock(&cache_lock);
	tell(i);
}

void cache_allocated(struct inode *i, u64 at, u64 end)
{
	spin_lock(&cache_lock);
	for (u32 n = (u32)(at / PAGE); (u64)n * PAGE < end; n++)
		mark(i, n, 0);
	spin_unlock(&cache_lock);
	tell(i);
}

void cache_clean(struct inode *i)
{
	i->dirty_pages--;
	dirty_frames--;
}

/* Have all pages [first, last] blocks? */
static int are_placed(struct inode *i, u32 first, u32 last)
{
	int all = 1;

	spin_lock(&cache_lock);
	for (u32 n = first; n <= last && all; n++) {
		const u32 *word = cached_find(&i->pages, n);

		all = word && *word & CACHED_PLACED;
	}
	spin_unlock(&cache_lock);
	return all;
}

/* Bytes [at, end) have blocks: their pages are dirty, and placed if all of
 * them has, else as `more` says. */
static void mark_range(struct inode *i, u64 at, u64 end, u32 more)
{
	u32 block = volume_block_sectors(inode_volume(i)) * SECTOR;
	u64 whole = (end + block - 1) & ~(u64)(block - 1);

	spin_lock(&cache_lock);
	for (u32 n = (u32)(at / PAGE); (u64)n * PAGE < end; n++)
		mark(i, n, (u64)(n + 1) * PAGE <= whole ? CACHED_PLACED : more);
	spin_unlock(&cache_lock);
	tell(i);
}

/* One page's worth at most, or several. 0 or -errno. */
static i32 wrote(struct inode *i, u64 at, u64 end)
{
	u64 start = at & ~(u64)(PAGE - 1);
	i32 error = 0;

	if (!are_placed(i, (u32)(at / PAGE), (u32)((end - 1) / PAGE)))
		error = contents_place(i, start, end, max(end, i->size));
	if (error == 0)
		mark_range(i, at, end, 0);
	return error;
}

i32 cache_wrote(struct inode *i, u64 at, u64 end)
{
	u64 begin = at;
	i32 error = wrote(i, at, end);

	if (error == 0)
		return (i32)(end - at);
	while (error == -ENOSPC &&
	       at < end) { /* as much as there is room for */
		u64 next = min((at / PAGE + 1) * PAGE, end);

		if (wrote(i, at, next) < 0)
			break;
		at = next;
	}
	for (u32 n = (u32)(at / PAGE); (u64)n * PAGE < end; n++)
		cache_take_out(i, n);
	return at != begin ? (i32)(at - begin) : error;
}

int cache_is_dirty(struct inode *i, u32 index)
{
	const u32 *word;
	u32 flags;

	if (!inode_volume(i))
		return 1;
	spin_lock(&cache_lock);
	word = cached_find(&i->pages, index);
	flags = word ? *word : 0;
	spin_unlock(&cache_lock);
	return flags & CACHED_DIRTY && flags & (CACHED_PLACED | CACHED_OPEN);
}

void cache_displace(struct inode *i, u32 index)
{
	u32 *word;

	spin_lock(&cache_lock);
	word = cached_find(&i->pages, index);
	if (word && *word)
		*word &= ~(u32)(CACHED_PLACED | CACHED_OPEN);
	spin_unlock(&cache_lock);
	mapping_protect(i, index, 1);
}

/* Blocks for a page, as far as the inode reaches. */
static i32 page_place(struct inode *i, u32 index)
{
	u64 at = (u64)index * PAGE, end = min(at + PAGE, i->size);
	i32 error = 0;

	if (at >= end)
		return -EIO;
	if (!are_placed(i, index, index))
		error = contents_place(i, at, end, end);
	if (error == 0)
		mark_range(i, at, end, CACHED_OPEN);
	return error;
}

i32 cache_dirty(struct inode *i, u32 index)
{
	struct physical p;
	i32 error;

	if (i->mount->flags & MOUNT_READ_ONLY)
		return -EROFS;
	if ((u64)index * PAGE >= i->size)
		return -EIO;
	error = cache_page(i, index, CACHE_WRITE, &p);
	if (error < 0)
		return error;
	inode_placing(i);
	error = page_place(i, index);
	inode_placed(i);
	frame_drop(p);
	contents_throttle(i);
	return error;
}

/* ---- writing ---- */

/* Take the cache's lock while none of i's pages are being cut off. */
static void uncut_lock(struct inode *i)
{
	spin_lock(&cache_lock);
	while (i->cutting) {
		spin_unlock(&cache_lock);
		scheduler_lock();
		while (*(volatile u8 *)&i->cutting)
			wait_in(&written, WAIT_FOREVER);
		scheduler_unlock();
		spin_lock(&cache_lock);
	}
}

u32 cache_dirty_take(struct inode *i, u32 *index, u32 *turn,
		     struct physical frames[CONTENTS_RUN])
{
	struct mount *m = i->mount;
	u32 at = *index, n = 0;
	u32 *word;

	uncut_lock(i);
	while (i->dirty_pages && (word = cached_next(&i->pages, &at))) {
		u32 flags = *word & (CACHED_DIRTY | CACHED_WRITING);

		if (n && (flags != CACHED_DIRTY || at != *index + n))
			break;
		if (flags == CACHED_DIRTY) {
			if (!n)
				*index = at;
			*word ^= CACHED_DIRTY | CACHED_WRITING;
			*word &= ~(u32)CACHED_OPEN;
			cache_clean(i);
			i->writing_pages++;
			frames[n] = cached_frame(*word);
			frame_share(frames[n++]);
		}
		if (n == CONTENTS_RUN || !++at)
			break;
	}
	*turn = m->turn;
	m->writing[m->turn] += n;
	spin_unlock(&cache_lock);
	return n;
}

void cache_written(struct inode *i, u32 index, u32 count, u32 turn)
{
	spin_lock(&cache_lock);
	for (u32 n = index; n < index + count; n++) {
		u32 *word = cached_find(&i->pages, n);

		if (word && *word)
			*word &= ~(u32)CACHED_WRITING;
	}
	i->writing_pages -= count;
	i->mount->writing[turn] -= count;
	spin_unlock(&cache_lock);
	scheduler_lock();
	wake_all(&written);
	scheduler_unlock();
}

void cache_written_wait(struct inode *i)
{
	if (!i->writing_pages)
		return;
	io_go(volume_disk(inode_volume(i)));
	scheduler_lock();
	while (*(volatile u32 *)&i->writing_pages)
		wait_in(&written, WAIT_FOREVER);
	scheduler_unlock();
}

void cache_written_turn(struct mount *m)
{
	u32 turn;

	spin_lock(&cache_lock);
	turn = m->turn;
	m->turn ^= 1;
	spin_unlock(&cache_lock);
	scheduler_lock();
	while (*(volatile u32 *)&m->writing[turn])
		wait_in(&written, WAIT_FOREVER);
	scheduler_unlock();
}

void cache_cut(struct inode *i)
{
	spin_lock(&cache_lock);
	i->cutting = 0;
	spin_unlock(&cache_lock);
	scheduler_lock();
	wake_all(&written);
	scheduler_unlock();
}

void cache_cutting(struct inode *i)
{
	spin_lock(&cache_lock);
	i->cutting = 1;
	spin_unlock(&cache_lock);
	cache_written_wait(i);
}

/* ---- making room ---- */

/* May this page go? It is asked for twice before it does. Lock held. */
static int may_go(u32 *word)
{
	if (*word & (CACHED_DIRTY | CACHED_WRITING) ||
	    frame_shares(cached_frame(*word)) != 1)
		return 0;
	if (!(*word & CACHED_USED))
		return 1;
	*word &= ~(u32)CACHED_USED;
	return 0;
}

/* Of one inode, from page *at on. */
static u32 inode_evict(struct inode *i, u32 most)
{
	u32 at = 0, gone = 0, *word;

	while (gone < most) {
		u32 was = 0;

		spin_lock(&cache_lock);
		while (!was && (word = cached_next(&i->pages, &at))) {
			if (may_go(word)) {
				was = *word;
				*word = 0;
				cache_gone(i);
			}
			if (!++at)
				break;
		}
		spin_unlock(&cache_lock);
		if (!was)
			break;
		frame_drop(cached_frame(was));
		gone++;
	}
	return gone;
}

/* The next inode on a volume from bucket *b on, counted. */
static struct inode *evictable(u32 *b, u32 *skip)
{
	struct inode *found = 0;

	spin_lock(&inode_lock);
	for (; *b < INODE_BUCKETS && !found; ++*b, *skip = 0) {
		struct list *head = &inode_buckets[*b], *l;
		u32 n = 0;

		for (l = head->next; l != head; l = l->next) {
			struct inode *i = LIST_OF(l, struct inode, hash);

			if (n++ < *skip || !i->pages.count || !inode_volume(i))
				continue;
			inode_hold_locked(i);
			*skip = n;
			found = i;
			break;
		}
		if (found)
			break;
	}
	spin_unlock(&inode_lock);
	return found;
}

u32 cache_evict(u32 most)
{
	static u32 hand; /* bucket where it stopped; a guess is enough */
	u32 gone = 0;

	for (u32 round = 0; round < 3 && gone < most; round++) {
		u32 b = round ? 0 : hand, skip = 0;
		struct inode *i;

		while (gone < most && (i = evictable(&b, &skip))) {
			gone += inode_evict(i, most - gone);
			inode_drop(i);
		}
		hand = b < INODE_BUCKETS ? b : 0;
	}
	return gone;
}

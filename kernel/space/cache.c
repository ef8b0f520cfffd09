/*
 * The page cache: finding, making and cutting off the pages of inodes. A page
 * is filled before it can be found, so that nobody ever sees what a frame held
 * before.
 */
#include "kernel/space/cache.h"

#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/space/area.h"
#include "kernel/space/cached.h"
#include "kernel/space/contents.h"
#include "kernel/vfs/inode.h"
#include "kernel/volume/volume.h"

struct spinlock cache_lock = SPINLOCK("page cache");
static u32 frames; /* guarded by cache_lock */

u32 cache_frames(void)
{
	return frames;
}

int in_memory(const struct inode *i)
{
	return !i->mount || i->mount->in_memory;
}

int on_volume(const struct inode *i)
{
	return inode_volume(i) != 0;
}

u32 cache_room(void)
{
	u32 left = frame_free_count(), kept = frame_total() / 8;

	return left > kept ? left - kept : 0;
}

i32 cache_room_for(const struct inode *i, enum cache_want want)
{
	int is_file = i->mount || want != CACHE_READ;

	return is_file && in_memory(i) && !cache_room() ? -ENOSPC : 0;
}

struct physical cache_look(struct inode *i, u32 index)
{
	struct physical p = FRAME_NONE;
	u32 *word;

	spin_lock(&cache_lock);
	word = cached_find(&i->pages, index);
	if (word && *word) {
		p = cached_frame(*word);
		frame_share(p);
		if (on_volume(i))
			*word |= CACHED_USED;
	}
	spin_unlock(&cache_lock);
	return p;
}

void cache_look_run(struct inode *i, u32 index, u32 count, u32 *addresses)
{
	const u32 *word = 0;

	spin_lock(&cache_lock);
	for (u32 n = 0; n < count; n++, word++) {
		if (!n || (index + n) % CACHED_WAYS == 0)
			word = cached_find(&i->pages, index + n);
		if (!word) {
			addresses[n] = 0;
			word--; /* stays what it is: none */
			continue;
		}
		addresses[n] = cached_frame(*word).address;
		if (*word)
			frame_share(cached_frame(*word));
	}
	spin_unlock(&cache_lock);
}

static void blocks_count(struct inode *i)
{
	if (in_memory(i))
		i->blocks = i->pages.count * (PAGE / 512);
}

i32 cache_enter(struct inode *i, u32 index, u32 cuts, u32 flags,
		struct physical *p)
{
	u32 nothing[CACHED_WAYS], *word;
	i32 result = 0;

	spin_lock(&cache_lock);
	word = cached_make(&i->pages, index);
	if (!word) {
		if (!i->pages.count)
			cached_cut(&i->pages, 0, nothing);
		result = -ENOMEM;
	} else if (*word) {
		*p = cached_frame(*word);
		frame_share(*p);
		result = 1;
	} else if (i->pages.cuts != cuts) {
		result = -EAGAIN;
	} else {
		*word = p->address | flags;
		pages_made(i, index);
		frame_share(*p);
		i->pages.count++;
		frames++;
		blocks_count(i);
	}
	spin_unlock(&cache_lock);
	return result;
}

/* Fill a frame and enter it. As `enter`, or another -errno. */
static i32 page_make(struct inode *i, u32 index, enum cache_want want,
		     u32 wanted, struct physical *out)
{
	u32 cuts = i->pages.cuts;
	i32 result = cache_room_for(i, want);
	struct physical p;

	if (result < 0)
		return result;
	if (on_volume(i) && want != CACHE_WHOLE &&
	    (u64)index * PAGE < i->size)
		return pages_read(i, index, wanted, out);
	p = frame_take_user(1);
	if (!frame_ok(p))
		return -ENOMEM;
	*out = p;
	if (want != CACHE_WHOLE && !in_memory(i) && !on_volume(i) &&
	    index <= i->size / PAGE)
		result = inode_read_page(i, index, direct(p));
	if (result >= 0)
		result = cache_enter(i, index, cuts, 0, out);
	if (result)
		frame_drop(p);
	return result;
}

static i32 page_get(struct inode *i, u32 index, enum cache_want want,
		    u32 wanted, struct physical *out)
{
	for (;;) {
		i32 result;

		*out = cache_look(i, index);
		if (frame_ok(*out))
			return 0;
		if (pages_wait(i, index))
			continue;
		result = page_make(i, index, want, wanted, out);
		if (result >= 0)
			return 0;
		*out = FRAME_NONE;
		if (result != -EAGAIN)
			return result;
	}
}

i32 cache_page(struct inode *i, u32 index, enum cache_want want,
	       struct physical *out)
{
	return page_get(i, index, want, 1, out);
}

i32 cache_page_read(struct inode *i, u32 index, u32 wanted,
		    struct physical *out)
{
	return page_get(i, index, CACHE_READ, wanted, out);
}

void cache_gone(struct inode *i)
{
	i->pages.count--;
	frames--;
}

void cache_take_out(struct inode *i, u32 index)
{
	u32 *word, was = 0;

	spin_lock(&cache_lock);
	word = cached_find(&i->pages, index);
	if (word && *word && !(*word & ~(u32)CACHED_USED & CACHED_FLAGS)) {
		was = *word;
		*word = 0;
		i->pages.cuts++;
		cache_gone(i);
	}
	spin_unlock(&cache_lock);
	if (was)
		frame_drop(cached_frame(was));
}

i32 cache_adopt(struct inode *i, u32 index, struct physical p)
{
	struct physical entered = p;
	i32 result;

	frame_adopt(p);
	result = cache_enter(i, index, i->pages.cuts, 0, &entered);
	if (result == 1)
		frame_drop(entered);
	if (result >= 0)
		frame_drop(p);
	return result == 1 ? -EEXIST : result;
}

/* Take out all pages from number `first` on. */
static void cut(struct inode *i, u32 first)
{
	u32 words[CACHED_WAYS], n;

	if (on_volume(i))
		cache_cutting(i);
	do {
		spin_lock(&cache_lock);
		i->pages.cuts++;
		n = cached_cut(&i->pages, first, words);
		frames -= n;
		for (u32 k = 0; k < n; k++)
			if (words[k] & CACHED_DIRTY)
				cache_clean(i);
		blocks_count(i);
		spin_unlock(&cache_lock);
		for (u32 k = 0; k < n; k++)
			frame_drop(cached_frame(words[k]));
	} while (n);
	if (on_volume(i))
		cache_cut(i);
}

/* Make the rest of the page that byte `end` lies in zeros. */
static void zero_rest(struct inode *i, u64 end)
{
	u32 used = (u32)end % PAGE, index = (u32)(end / PAGE);
	struct physical p;

	if (!used)
		return;
	p = cache_look(i, index);
	if (!frame_ok(p) && on_volume(i) &&
	    cache_page(i, index, CACHE_WRITE, &p) < 0)
		return;
	if (!frame_ok(p))
		return;
	memory_fill((u8 *)direct(p) + used, 0, PAGE - used);
	if (on_volume(i)) {
		cache_displace(i, index);
		cache_mark(i, index);
	}
	frame_drop(p); /* not before it is known to be newer than the disk */
}

void cache_truncate(struct inode *i, u64 size)
{
	u32 first = (u32)((size + PAGE - 1) / PAGE);

	/* what a mapping left behind the end may not come to light either */
	zero_rest(i, min(size, i->size));
	i->size = size;
	if (!i->pages.count && !on_volume(i))
		return;
	cut(i, first); /* of a volume, also what is being read */
	mapping_truncate(i, first);
}

void cache_drop(struct inode *i)
{
	cut(i, 0);
}

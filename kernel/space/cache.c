/*
 * The page cache: finding, making and cutting off the pages of inodes, and
 * copying to and from them. A page is filled before it can be found, so that
 * nobody ever sees what a frame held before.
 */
#include "kernel/space/cache.h"

#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/space/area.h"
#include "kernel/space/cached.h"
#include "kernel/vfs/inode.h"

static struct spinlock cache_lock = SPINLOCK("page cache");
static u32 frames; /* guarded by cache_lock */

u32 cache_frames(void)
{
	return frames;
}

/* Are contents in the cache and nowhere else? Then a hole is zeros. */
static int in_memory(const struct inode *i)
{
	return !i->mount || i->mount->in_memory;
}

u32 cache_room(void)
{
	u32 left = frame_free_count(), kept = frame_total() / 8;

	return left > kept ? left - kept : 0;
}

/* 0, or why no page can be made for i. What processes share without a name is
 * theirs, like other memory, unless they write to it as to a file. */
static i32 room_for(const struct inode *i, enum cache_want want)
{
	int is_file = i->mount || want != CACHE_READ;

	return is_file && in_memory(i) && !cache_room() ? -ENOSPC : 0;
}

struct physical cache_look(struct inode *i, u32 index)
{
	struct physical p = FRAME_NONE;
	const u32 *word;

	spin_lock(&cache_lock);
	word = cached_find(&i->pages, index);
	if (word && *word) {
		p.address = *word;
		frame_share(p);
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
		addresses[n] = *word;
		if (*word)
			frame_share((struct physical){ *word });
	}
	spin_unlock(&cache_lock);
}

static void blocks_count(struct inode *i)
{
	if (in_memory(i))
		i->blocks = i->pages.count * (PAGE / 512);
}

/*
 * Enter *p, unless there is such a page: then *p is that, with a share for the
 * caller. `cuts`: what pages.cuts was before *p was filled. 0 (entered), 1
 * (was there), -EAGAIN (cut off meanwhile) or -ENOMEM.
 */
static i32 enter(struct inode *i, u32 index, u32 cuts, struct physical *p)
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
		p->address = *word;
		frame_share(*p);
		result = 1;
	} else if (i->pages.cuts != cuts) {
		result = -EAGAIN;
	} else {
		*word = p->address;
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
		     struct physical *out)
{
	u32 cuts = i->pages.cuts;
	i32 result = room_for(i, want);
	struct physical p;

	if (result < 0)
		return result;
	p = frame_take_user(1);
	if (!frame_ok(p))
		return -ENOMEM;
	*out = p;
	if (want != CACHE_WHOLE && !in_memory(i) && index <= i->size / PAGE)
		result = inode_read_page(i, index, direct(p));
	if (result >= 0)
		result = enter(i, index, cuts, out);
	if (result)
		frame_drop(p);
	return result;
}

i32 cache_page(struct inode *i, u32 index, enum cache_want want,
	       struct physical *out)
{
	for (;;) {
		i32 result;

		*out = cache_look(i, index);
		if (frame_ok(*out))
			return 0;
		result = page_make(i, index, want, out);
		if (result >= 0)
			return 0;
		*out = FRAME_NONE;
		if (result != -EAGAIN)
			return result;
	}
}

i32 cache_adopt(struct inode *i, u32 index, struct physical p)
{
	struct physical entered = p;
	i32 result;

	frame_adopt(p);
	result = enter(i, index, i->pages.cuts, &entered);
	if (result == 1)
		frame_drop(entered);
	if (result >= 0)
		frame_drop(p);
	return result == 1 ? -EEXIST : result;
}

/* `size` bytes of one page to where t points. */
static i32 read_page(struct inode *i, u32 index, u32 start, u32 size,
		     struct transfer *t)
{
	struct physical p = cache_look(i, index);
	i32 error;

	if (!frame_ok(p) && in_memory(i))
		return transfer_zero(t, size);
	if (!frame_ok(p)) {
		error = cache_page(i, index, CACHE_READ, &p);
		if (error < 0)
			return error;
	}
	error = transfer_out(t, (u8 *)direct(p) + start, size);
	frame_drop(p);
	return error;
}

i32 cache_read(struct inode *i, u64 at, struct transfer *t)
{
	u32 before = t->done;
	i32 error = 0;

	while (t->left && at < i->size && error == 0) {
		u32 start = (u32)at % PAGE, done = t->done;
		u32 n = (u32)min((u64)min(PAGE - start, t->left), i->size - at);

		error = read_page(i, (u32)(at / PAGE), start, n, t);
		at += t->done - done;
	}
	return t->done != before ? (i32)(t->done - before) : error;
}

/* All of a page that is not there yet: filled first, then entered. */
static i32 write_fresh(struct inode *i, u32 index, struct transfer *t)
{
	u32 done = t->done, cuts = i->pages.cuts, moved;
	i32 error = room_for(i, CACHE_WHOLE), result;
	struct physical p, entered;

	if (error < 0)
		return error;
	entered = p = frame_take_user(0);
	if (!frame_ok(p))
		return -ENOMEM;
	error = transfer_in(t, direct(p), PAGE);
	moved = t->done - done;
	if (!moved) {
		frame_drop(p);
		return error;
	}
	memory_fill((u8 *)direct(p) + moved, 0, PAGE - moved);
	result = enter(i, index, cuts, &entered);
	if (result == 1) { /* a mapping's fault was faster */
		memory_copy(direct(entered), direct(p), moved);
		frame_drop(entered);
	}
	frame_drop(p);
	return result < 0 ? result : error;
}

static i32 write_page(struct inode *i, u32 index, u32 start, u32 size,
		      struct transfer *t)
{
	struct physical p = cache_look(i, index);
	i32 error;

	if (!frame_ok(p)) {
		if (size == PAGE)
			return write_fresh(i, index, t);
		error = cache_page(i, index, CACHE_WRITE, &p);
		if (error < 0)
			return error;
	}
	error = transfer_in(t, (u8 *)direct(p) + start, size);
	frame_drop(p);
	return error;
}

i32 cache_write(struct inode *i, u64 at, struct transfer *t)
{
	u32 before = t->done;
	i32 error = 0;

	while (t->left && error == 0) {
		u32 start = (u32)at % PAGE, done = t->done;

		error = write_page(i, (u32)(at / PAGE), start,
				   min(PAGE - start, t->left), t);
		if (error < 0 && error != -EFAULT)
			break;
		at += t->done - done;
		if (at > i->size)
			i->size = at;
	}
	return t->done != before ? (i32)(t->done - before) : error;
}

/* Take out all pages from number `first` on. */
static void cut(struct inode *i, u32 first)
{
	u32 addresses[CACHED_WAYS], n;

	do {
		spin_lock(&cache_lock);
		i->pages.cuts++;
		n = cached_cut(&i->pages, first, addresses);
		frames -= n;
		blocks_count(i);
		spin_unlock(&cache_lock);
		for (u32 k = 0; k < n; k++)
			frame_drop((struct physical){ addresses[k] });
	} while (n);
}

/* Make the rest of the page that byte `end` lies in zeros. */
static void zero_rest(struct inode *i, u64 end)
{
	u32 used = (u32)end % PAGE;
	struct physical p;

	if (!used)
		return;
	p = cache_look(i, (u32)(end / PAGE));
	if (!frame_ok(p))
		return;
	memory_fill((u8 *)direct(p) + used, 0, PAGE - used);
	frame_drop(p);
}

void cache_truncate(struct inode *i, u64 size)
{
	u32 first = (u32)((size + PAGE - 1) / PAGE);

	/* what a mapping left behind the end may not come to light either */
	zero_rest(i, min(size, i->size));
	i->size = size;
	if (!i->pages.count)
		return;
	cut(i, first);
	mapping_truncate(i, first);
}

void cache_drop(struct inode *i)
{
	cut(i, 0);
}

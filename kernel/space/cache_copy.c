/* Copying to and from the page cache. */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/space/cached.h"
#include "kernel/space/contents.h"
#include "kernel/vfs/inode.h"

/* `size` bytes of one page to where t points. */
static i32 read_page(struct inode *i, u32 index, u32 start, u32 size,
		     struct transfer *t)
{
	struct physical p = cache_look(i, index);
	i32 error;

	if (!frame_ok(p) && in_memory(i))
		return transfer_zero(t, size);
	if (!frame_ok(p)) {
		u32 wanted = (start + t->left + PAGE - 1) / PAGE;

		error = cache_page_read(i, index, min(wanted, CONTENTS_RUN),
					&p);
		if (error < 0)
			return error;
	}
	if (index == i->ahead_at)
		pages_ahead(i, index);
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
static i32 write_fresh(struct inode *i, u32 index, struct transfer *t,
		       struct physical *out)
{
	u32 done = t->done, cuts = i->pages.cuts, moved;
	i32 error = cache_room_for(i, CACHE_WHOLE), result;
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
	result = cache_enter(i, index, cuts, 0, &entered);
	if (result == 1) /* a mapping's fault was faster */
		memory_copy(direct(entered), direct(p), moved);
	if (result)
		frame_drop(p);
	if (result >= 0)
		*out = entered;
	return result < 0 ? result : error;
}

/* To a part of a page. *out: the page, with a share for the caller, if it was
 * found or made. */
static i32 write_page(struct inode *i, u32 index, u32 start, u32 size,
		      struct transfer *t, struct physical *out)
{
	i32 error;

	*out = cache_look(i, index);
	if (!frame_ok(*out)) {
		if (size == PAGE)
			return write_fresh(i, index, t, out);
		error = cache_page(i, index, CACHE_WRITE, out);
		if (error < 0)
			return error;
	}
	return transfer_in(t, (u8 *)direct(*out) + start, size);
}

#define WRITE_PAGES 16u /* that blocks are asked for at once */

/* Pages that stay until they are known to be newer than the disk. */
struct kept {
	struct physical pages[WRITE_PAGES];
	u32 count;
};

static void kept_drop(struct kept *k)
{
	while (k->count)
		frame_drop(k->pages[--k->count]);
}

/* Up to `most` bytes, in the cache alone. As cache_write. */
static i32 write_pages(struct inode *i, u64 at, u32 most, struct transfer *t,
		       struct kept *k)
{
	u32 before = t->done;
	i32 error = 0;

	while (t->left && t->done - before < most && error == 0) {
		u32 start = (u32)at % PAGE, done = t->done;
		u32 n = min(PAGE - start, t->left);
		struct physical p;

		n = min(n, most - (done - before));
		error = write_page(i, (u32)(at / PAGE), start, n, t, &p);
		if (frame_ok(p) && on_volume(i))
			k->pages[k->count++] = p;
		else if (frame_ok(p))
			frame_drop(p);
		if (error < 0 && error != -EFAULT)
			break;
		at += t->done - done;
	}
	return t->done != before ? (i32)(t->done - before) : error;
}

/* Zeros up to the end of one page, or to `end`. */
static i32 extend_page(struct inode *i, u64 end)
{
	u64 at = i->size, next = min((at / PAGE + 1) * PAGE, end);
	struct physical p;
	i32 r = cache_page(i, (u32)(at / PAGE), CACHE_WRITE, &p);

	if (r < 0)
		return r;
	memory_fill((u8 *)direct(p) + (u32)at % PAGE, 0, (u32)(next - at));
	inode_placing(i);
	r = cache_wrote(i, at, next);
	if (r >= 0)
		i->size = next;
	inode_placed(i);
	frame_drop(p);
	if (r < 0)
		return r;
	contents_throttle(i);
	return 0;
}

i32 cache_extend(struct inode *i, u64 end)
{
	u64 before = i->size;
	i32 r = 0;

	while (r == 0 && i->size < end)
		r = extend_page(i, end);
	if (r == 0)
		return 0;
	cache_truncate(i, before);
	inode_touch(i, CHANGE_SIZE);
	return r;
}

/* What is in the cache now gets blocks, and the inode its size. How many
 * bytes, or -errno. */
static i32 written(struct inode *i, u64 at, u32 size)
{
	u32 last = (u32)(i->size / PAGE);
	i32 n = (i32)size;

	inode_placing(i);
	if (on_volume(i))
		n = cache_wrote(i, at, at + size);
	if (n > 0 && on_volume(i) && at / PAGE > last)
		cache_displace(i, last);
	if (n > 0 && at + (u32)n > i->size)
		i->size = at + (u32)n;
	inode_placed(i);
	return n;
}

i32 cache_write(struct inode *i, u64 at, struct transfer *t)
{
	struct kept kept = { .count = 0 };
	u64 begin = at;
	i32 n = 0;

	if (at > i->size && i->flags & INODE_SIMPLE)
		n = cache_extend(i, at);
	if (n < 0)
		return n;
	while (t->left) {
		u32 most = on_volume(i) ? WRITE_PAGES * PAGE - (u32)at % PAGE :
					  t->left;
		i32 wanted = (i32)min(most, t->left);

		n = write_pages(i, at, most, t, &kept);
		if (n > 0)
			n = written(i, at, (u32)n);
		kept_drop(&kept);
		if (n <= 0)
			break;
		at += (u32)n;
		if (n < wanted)
			break;
	}
	if (on_volume(i))
		contents_throttle(i);
	return at != begin ? (i32)(at - begin) : n;
}

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

/* Up to `most` bytes, in the cache alone. As cache_write. */
static i32 write_pages(struct inode *i, u64 at, u32 most, struct transfer *t)
{
	u32 before = t->done;
	i32 error = 0;

	while (t->left && t->done - before < most && error == 0) {
		u32 start = (u32)at % PAGE, done = t->done;
		u32 n = min(PAGE - start, t->left);

		n = min(n, most - (done - before));
		error = write_page(i, (u32)(at / PAGE), start, n, t);
		if (error < 0 && error != -EFAULT)
			break;
		at += t->done - done;
	}
	return t->done != before ? (i32)(t->done - before) : error;
}

#define WRITE_MOST (16 * PAGE) /* that blocks are asked for at once */

/* Zeros up to the end of one page, or to `end`. */
static i32 extend_page(struct inode *i, u64 end)
{
	u64 at = i->size, next = min((at / PAGE + 1) * PAGE, end);
	struct physical p;
	i32 r = cache_page(i, (u32)(at / PAGE), CACHE_WRITE, &p);

	if (r < 0)
		return r;
	memory_fill((u8 *)direct(p) + (u32)at % PAGE, 0, (u32)(next - at));
	frame_drop(p);
	r = cache_wrote(i, at, next);
	if (r < 0)
		return r;
	i->size = next;
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

i32 cache_write(struct inode *i, u64 at, struct transfer *t)
{
	u64 begin = at;
	i32 n = 0;

	if (at > i->size && i->flags & INODE_SIMPLE)
		n = cache_extend(i, at);
	if (n < 0)
		return n;
	while (t->left) {
		u32 most = on_volume(i) ? WRITE_MOST - (u32)at % PAGE : t->left;
		i32 wanted = (i32)min(most, t->left);

		n = write_pages(i, at, most, t);
		if (n > 0 && on_volume(i))
			n = cache_wrote(i, at, at + (u32)n);
		if (n <= 0)
			break;
		at += (u32)n;
		if (at > i->size)
			i->size = at;
		if (n < wanted)
			break;
	}
	if (on_volume(i))
		contents_throttle(i);
	return at != begin ? (i32)(at - begin) : n;
}


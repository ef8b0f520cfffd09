/*
 * Bytes from one file to another within the core: sendfile and
 * copy_file_range. The source has positions; what the target did not take is
 * read again the next time.
 */
#include "kernel/heap.h"
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"

#define PIECE 16384u

/* One piece; bytes that went over, 0 at the end, or -errno. */
static i32 pour_piece(struct file *source, u64 *at, struct file *to, u64 *to_at,
		      u8 *piece, u32 size)
{
	struct transfer t;
	u64 there = *at;
	i32 n, taken;

	transfer_core(&t, piece, size);
	n = source->kind->read(source, &t, &there);
	if (n <= 0)
		return n;
	transfer_core(&t, piece, (u32)n);
	taken = to->kind->write(to, &t, to_at);
	if (taken == n)
		*at = there; /* as the source counts */
	else if (taken > 0)
		*at += (u32)taken;
	return taken;
}

/* As much as the target takes, at most `count`; the positions advance. */
static i32 pour(struct file *source, u64 *at, struct file *to, u64 *to_at,
		u32 count)
{
	u8 *piece = heap_take_now(PIECE);
	u32 done = 0;
	i32 n = 0;

	if (!piece)
		return -ENOMEM;
	while (done < count) {
		u32 size = min(count - done, PIECE);

		n = pour_piece(source, at, to, to_at, piece, size);
		if (n <= 0)
			break;
		done += (u32)n;
		if (signal_waiting(task_current()))
			break;
	}
	heap_give(piece);
	return done ? (i32)done : n;
}

/* Two files, one to be read and one to be written: 0 or -errno. */
static i32 both_get(u32 source, u32 to, struct file *files[2])
{
	i32 r = -EBADF;

	files[0] = file_get(source);
	files[1] = file_get(to);
	if (files[0] && files[1] && file_reads(files[0]) &&
	    file_writes(files[1]))
		r = files[0]->kind->read && files[1]->kind->write ? 0 : -EINVAL;
	return r;
}

static void both_drop(struct file *files[2])
{
	for (u32 i = 0; i < 2; i++)
		if (files[i])
			file_drop(files[i]);
}

/* `at` NULL: the source's own position. */
static i32 send(u32 to, u32 source, u64 *at, u32 count)
{
	struct file *files[2];
	i32 r = both_get(source, to, files);

	if (!r && !files[0]->kind->seek)
		r = -EINVAL;
	if (!r && at && (i64)*at < 0)
		r = -EINVAL;
	if (!r)
		r = pour(files[0], at ? at : &files[0]->at, files[1],
			 &files[1]->at, min(count, MOVE_MOST));
	both_drop(files);
	return r;
}

i32 call_sendfile64(u32 to, u32 source, u32 user_at, u32 count);
i32 call_sendfile64(u32 to, u32 source, u32 user_at, u32 count)
{
	u64 at;
	i32 n;

	if (!user_at)
		return send(to, source, 0, count);
	if (user_read(&at, user_at, sizeof(at)) < 0)
		return -EFAULT;
	n = send(to, source, &at, count);
	if (n >= 0 && user_write(user_at, &at, sizeof(at)) < 0)
		return -EFAULT;
	return n;
}

i32 call_sendfile(u32 to, u32 source, u32 user_at, u32 count);
i32 call_sendfile(u32 to, u32 source, u32 user_at, u32 count)
{
	u32 word;
	u64 at;
	i32 n;

	if (!user_at)
		return send(to, source, 0, count);
	if (user_read32(&word, user_at) < 0)
		return -EFAULT;
	at = word;
	n = send(to, source, &at, count);
	if (n >= 0 && user_write32(user_at, (u32)at) < 0)
		return -EFAULT;
	return n;
}

/* Regular files alone, and no overlap within one. */
static i32 range_check(struct file *files[2], u64 at, u64 to_at, u32 count)
{
	for (u32 i = 0; i < 2; i++) {
		u32 kind = files[i]->inode->mode & MODE_KIND;

		if (kind == MODE_FOLDER)
			return -EISDIR;
		if (kind != MODE_FILE)
			return -EINVAL;
	}
	if (files[1]->flags & O_APPEND)
		return -EBADF;
	if ((i64)at < 0 || (i64)to_at < 0)
		return -EINVAL;
	if (files[0]->inode == files[1]->inode && at < to_at + count &&
	    to_at < at + count)
		return -EINVAL;
	return 0;
}

/* Positions that the caller keeps: 0 or -EFAULT. */
static i32 positions_read(const u32 users[2], u64 at[2], struct file *files[2])
{
	for (u32 i = 0; i < 2; i++) {
		at[i] = files[i]->at;
		if (users[i] && user_read(&at[i], users[i], sizeof(at[i])) < 0)
			return -EFAULT;
	}
	return 0;
}

static i32 positions_write(const u32 users[2], u64 at[2], struct file *files[2])
{
	for (u32 i = 0; i < 2; i++)
		if (!users[i])
			files[i]->at = at[i];
		else if (user_write(users[i], &at[i], sizeof(at[i])) < 0)
			return -EFAULT;
	return 0;
}

i32 call_copy_file_range(u32 source, u32 user_at, u32 to, u32 user_to_at,
			 u32 count, u32 flags);
i32 call_copy_file_range(u32 source, u32 user_at, u32 to, u32 user_to_at,
			 u32 count, u32 flags)
{
	const u32 users[2] = { user_at, user_to_at };
	struct file *files[2];
	u64 at[2];
	i32 n;

	if (flags)
		return -EINVAL;
	count = min(count, MOVE_MOST);
	n = both_get(source, to, files);
	if (!n)
		n = positions_read(users, at, files);
	if (!n)
		n = range_check(files, at[0], at[1], count);
	if (!n)
		n = pour(files[0], &at[0], files[1], &at[1], count);
	if (n > 0 && positions_write(users, at, files) < 0)
		n = -EFAULT;
	both_drop(files);
	return n;
}

/*
 * read, write and their kin: find the file, check what was asked, say where
 * the bytes are, and let the file's kind move them.
 */
#include "kernel/heap.h"
#include "kernel/linux/call.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"

#define SPANS_MOST 1024u /* IOV_MAX */
#define SPANS_NEAR 8u /* on the stack */

static i32 file_move(struct file *f, struct transfer *t, u64 *at, int writes)
{
	if (writes) {
		if (!file_writes(f))
			return -EBADF;
		return f->kind->write ? f->kind->write(f, t, at) : -EINVAL;
	}
	if (!file_reads(f))
		return -EBADF;
	return f->kind->read ? f->kind->read(f, t, at) : -EINVAL;
}

i32 call_read(u32 descriptor, u32 user, u32 size);
i32 call_read(u32 descriptor, u32 user, u32 size)
{
	struct file *f = file_get(descriptor);
	struct transfer t;
	i32 n = -EBADF;

	if (!f)
		return -EBADF;
	if (file_reads(f)) {
		transfer_user(&t, user, min(size, MOVE_MOST));
		n = f->kind->read ? f->kind->read(f, &t, &f->at) : -EINVAL;
	}
	file_drop(f);
	return n;
}

i32 call_write(u32 descriptor, u32 user, u32 size);
i32 call_write(u32 descriptor, u32 user, u32 size)
{
	struct file *f = file_get(descriptor);
	struct transfer t;
	i32 n = -EBADF;

	if (!f)
		return -EBADF;
	if (file_writes(f)) {
		transfer_user(&t, user, min(size, MOVE_MOST));
		n = f->kind->write ? f->kind->write(f, &t, &f->at) : -EINVAL;
	}
	file_drop(f);
	return n;
}

/* At a position of the caller's: only where a file has positions. */
static i32 move_at(struct file *f, struct transfer *t, u64 at, int writes)
{
	if ((i64)at < 0)
		return -EINVAL;
	if (!f->kind->seek)
		return -ESPIPE;
	return file_move(f, t, &at, writes);
}

static i32 single_at(u32 descriptor, struct span s, u64 at, int writes)
{
	struct file *f = file_get(descriptor);
	struct transfer t;
	i32 n;

	if (!f)
		return -EBADF;
	transfer_user(&t, s.start, min(s.size, MOVE_MOST));
	n = move_at(f, &t, at, writes);
	file_drop(f);
	return n;
}

i32 call_pread64(u32 descriptor, u32 user, u32 size, u32 low, u32 high);
i32 call_pread64(u32 descriptor, u32 user, u32 size, u32 low, u32 high)
{
	return single_at(descriptor, (struct span){ user, size },
			 words_join(low, high), 0);
}

i32 call_pwrite64(u32 descriptor, u32 user, u32 size, u32 low, u32 high);
i32 call_pwrite64(u32 descriptor, u32 user, u32 size, u32 low, u32 high)
{
	return single_at(descriptor, (struct span){ user, size },
			 words_join(low, high), 1);
}

struct span_list {
	struct span *spans; /* near, or on the heap */
	struct span near[SPANS_NEAR];
};

/* Fetch the user's list and set t to it: 0 or -errno. */
static i32 spans_read(struct span_list *v, u32 user, u32 count,
		      struct transfer *t)
{
	u32 left = MOVE_MOST;
	i32 r;

	if (count > SPANS_MOST)
		return -EINVAL;
	v->spans = v->near;
	if (count > SPANS_NEAR) {
		v->spans = heap_take_now(count * sizeof(struct span));
		if (!v->spans)
			return -ENOMEM;
	}
	r = user_read(v->spans, user, count * sizeof(struct span));
	for (u32 i = 0; !r && i < count; i++) {
		if ((i32)v->spans[i].size < 0)
			r = -EINVAL;
		v->spans[i].size = min(v->spans[i].size, left);
		left -= v->spans[i].size;
	}
	transfer_spans(t, v->spans, r ? 0 : count);
	return r;
}

static void spans_end(struct span_list *v)
{
	if (v->spans != v->near)
		heap_give(v->spans);
}

/* `at` NULL: at the file's own position. */
static i32 move_vector(u32 descriptor, struct span list, const u64 *at,
		       int writes)
{
	struct file *f = file_get(descriptor);
	struct span_list v = { .spans = v.near };
	struct transfer t;
	i32 n;

	if (!f)
		return -EBADF;
	n = spans_read(&v, list.start, list.size, &t);
	if (!n && at)
		n = move_at(f, &t, *at, writes);
	else if (!n)
		n = file_move(f, &t, &f->at, writes);
	spans_end(&v);
	file_drop(f);
	return n;
}

i32 call_readv(u32 descriptor, u32 user, u32 count);
i32 call_readv(u32 descriptor, u32 user, u32 count)
{
	return move_vector(descriptor, (struct span){ user, count }, 0, 0);
}

i32 call_writev(u32 descriptor, u32 user, u32 count);
i32 call_writev(u32 descriptor, u32 user, u32 count)
{
	return move_vector(descriptor, (struct span){ user, count }, 0, 1);
}

i32 call_preadv(u32 descriptor, u32 user, u32 count, u32 low, u32 high);
i32 call_preadv(u32 descriptor, u32 user, u32 count, u32 low, u32 high)
{
	u64 at = words_join(low, high);

	return move_vector(descriptor, (struct span){ user, count }, &at, 0);
}

i32 call_pwritev(u32 descriptor, u32 user, u32 count, u32 low, u32 high);
i32 call_pwritev(u32 descriptor, u32 user, u32 count, u32 low, u32 high)
{
	u64 at = words_join(low, high);

	return move_vector(descriptor, (struct span){ user, count }, &at, 1);
}

/* With flags, of which none is known here; position -1 is the file's own. */
static i32 move_vector2(u32 descriptor, struct span list, u64 at, u32 flags,
			int writes)
{
	if (flags)
		return -EOPNOTSUPP;
	return move_vector(descriptor, list, at == ~0ull ? 0 : &at, writes);
}

i32 call_preadv2(u32 descriptor, u32 user, u32 count, u32 low, u32 high,
		 u32 flags);
i32 call_preadv2(u32 descriptor, u32 user, u32 count, u32 low, u32 high,
		 u32 flags)
{
	return move_vector2(descriptor, (struct span){ user, count },
			    words_join(low, high), flags, 0);
}

i32 call_pwritev2(u32 descriptor, u32 user, u32 count, u32 low, u32 high,
		  u32 flags);
i32 call_pwritev2(u32 descriptor, u32 user, u32 count, u32 low, u32 high,
		  u32 flags)
{
	return move_vector2(descriptor, (struct span){ user, count },
			    words_join(low, high), flags, 1);
}

/*
 * Reading pages that the cache lacks: those that are asked for, and of who
 * reads on, those that will be. They arrive, in a few windows, while the reader
 * is busy with what came before.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/space/cached.h"
#include "kernel/space/contents.h"
#include "kernel/vfs/inode.h"
#include "kernel/volume/volume.h"

#define NEVER  0xFFFFFFFFu
#define BEFORE 16u /* pages before one that a mapping lacks */
#define FAR    (3 * CONTENTS_RUN) /* pages ahead of the reader */

/* A window on its way. The cache's lock guards `stale`, and the list of those
 * of an inode. */
struct arrival {
	struct arrival *next;
	struct batch batch;
	struct inode *inode; /* counted */
	u32 index, count;
	u32 cuts, placed;
	u32 stale; /* pages that were made meanwhile: what arrives is older */
	u8 here; /* it is being entered */
	struct physical frames[CONTENTS_RUN];
};

static struct wait_queue arrivals = { { &arrivals.threads,
					&arrivals.threads } };

static u32 pages_of(const struct inode *i)
{
	return (u32)((i->size + PAGE - 1) / PAGE);
}

static int is_there(struct inode *i, u32 index)
{
	const u32 *word;
	int there;

	spin_lock(&cache_lock);
	word = cached_find(&i->pages, index);
	there = word && *word;
	spin_unlock(&cache_lock);
	return there;
}

/* Frames for pages `index` on that are not there: how many, up to `most`. For
 * the first one others may have to go, if it `must` be. */
static u32 frames_make(struct inode *i, u32 index, u32 most, int must,
		       struct physical *frames)
{
	for (u32 n = 0; n < most; n++) {
		if ((n || !must) && is_there(i, index + n))
			return n;
		frames[n] =
			n || !must ? frame_take_shared(0) : frame_take_user(0);
		if (!frame_ok(frames[n]))
			return n;
	}
	return most;
}

/* ---- what is asked for ---- */

/* How many pages to read from `index` on, of which `wanted` are asked for: more
 * and more while somebody reads on, the next when he is at `ahead_at`. */
static u32 window(struct inode *i, u32 index, u32 wanted)
{
	int goes_on = !index || index == i->next_page;
	u32 n = wanted;

	if (goes_on)
		n = max(2 * n, 2 * i->ahead + 4);
	n = min(n, CONTENTS_RUN);
	n = min(n, max(pages_of(i), index + 1) - index);
	i->ahead = goes_on ? n : 0;
	i->next_page = index + n;
	i->ahead_at = goes_on ? index + min(wanted, n - 1) : NEVER;
	return n;
}

/* For a mapping: around *index, which becomes the first one. */
static u32 around(struct inode *i, u32 *index)
{
	u32 first = *index;

	while (first && *index - first < BEFORE && !is_there(i, first - 1))
		first--;
	*index = first;
	return min(CONTENTS_RUN, max(pages_of(i), first + 1) - first);
}

/* Enter pages that were read; *out: the first one. As cache_enter. */
static i32 enter_all(struct inode *i, u32 index, u32 count, u32 cuts,
		     u32 placed, const struct physical *frames,
		     struct physical *out)
{
	i32 result = 0;

	for (u32 k = 0; k < count; k++) {
		struct physical entered = frames[k];
		u32 flags = placed >> k & 1 ? CACHED_PLACED : 0;
		i32 r = result < 0 ? result :
				     cache_enter(i, index + k, cuts, flags,
						 &entered);

		if (k && r == 1)
			frame_drop(entered);
		if (r || k)
			frame_drop(frames[k]);
		if (k)
			continue;
		result = r;
		*out = entered;
	}
	return result;
}

i32 pages_read(struct inode *i, u32 index, u32 wanted, struct physical *out)
{
	struct physical frames[CONTENTS_RUN];
	u32 cuts = i->pages.cuts, placed = 0, first = index;
	u32 n = wanted ? window(i, index, wanted) : around(i, &first);
	i32 result;

	n = frames_make(i, first, n, 1, frames);
	result = n ? contents_read(i, first, frames, n, &placed) : -ENOMEM;
	while (result < 0 && n > 1) /* the others may be what fails */
		frame_drop(frames[--n]);
	if (result == -EIO) {
		first = index;
		result = contents_read(i, first, frames, n, &placed);
	}
	if (result < 0) {
		if (n)
			frame_drop(frames[0]);
		return result;
	}
	result = enter_all(i, first, n, cuts, placed, frames, out);
	if (result < 0 || first == index)
		return result;
	frame_drop(*out);
	return -EAGAIN; /* it is there now, among the others */
}

/* ---- what will be asked for ---- */

static void arrival_end(struct inode *i, struct arrival *a)
{
	struct arrival **at = &i->arriving;

	spin_lock(&cache_lock);
	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	i->arrived++;
	spin_unlock(&cache_lock);
}

/* All of it has come. Spinlocks only. */
static void arrived(struct batch *b)
{
	struct arrival *a = LIST_OF(b, struct arrival, batch);
	struct inode *i = a->inode;
	struct mount *m = i->mount;

	contents_end(i, a->index, a->frames, a->count);
	spin_lock(&cache_lock);
	a->here = 1;
	spin_unlock(&cache_lock);
	for (u32 k = 0; k < a->count; k++) {
		struct physical p = a->frames[k];
		i32 r = -EIO;

		if (!b->error && !(a->stale >> k & 1))
			r = cache_enter(i, a->index + k, a->cuts,
					a->placed >> k & 1 ? CACHED_PLACED : 0,
					&p);
		if (r >= 0)
			frame_drop(p);
		if (r)
			frame_drop(a->frames[k]);
	}
	arrival_end(i, a);
	inode_drop(i);
	heap_give(a);
	scheduler_lock();
	m->arriving--;
	wake_all(&arrivals);
	scheduler_unlock();
}

/* Let pages come. */
static void window_begin(struct inode *i, u32 index, u32 most)
{
	struct arrival *a = heap_take_now(sizeof(*a));
	i32 error;

	if (!a)
		return;
	a->index = index;
	a->count = frames_make(i, index, most, 0, a->frames);
	a->inode = i;
	if (!a->count) {
		heap_give(a);
		return;
	}
	inode_hold(i);
	scheduler_lock();
	i->mount->arriving++;
	scheduler_unlock();
	spin_lock(&cache_lock);
	a->next = i->arriving;
	i->arriving = a;
	a->cuts = i->pages.cuts;
	spin_unlock(&cache_lock);
	batch_begin(&a->batch, arrived);
	error = contents_begin(i, index, a->frames, a->count, &a->placed,
			       &a->batch);
	io_go(volume_disk(inode_volume(i)));
	batch_done(&a->batch, error);
}

/* The next window, if there is more and the reader is not far behind. */
static int window_next(struct inode *i, u32 index)
{
	u32 at = i->next_page, pages = pages_of(i);
	u32 n = min(2 * i->ahead, CONTENTS_RUN);

	if (at >= pages || at - index >= FAR)
		return 0;
	n = min(n, pages - at);
	i->ahead = n;
	i->next_page = at + n;
	window_begin(i, at, n);
	return 1;
}

void pages_ahead(struct inode *i, u32 index)
{
	if (index != i->ahead_at || !i->ahead)
		return;
	i->ahead_at = NEVER;
	if (i->next_page <= index)
		return;
	if (window_next(i, index)) /* and one more while they are near */
		window_next(i, index);
	if (i->next_page < pages_of(i))
		i->ahead_at =
			max(index + 1, min(index + i->ahead, i->next_page - 1));
}

void pages_made(struct inode *i, u32 index)
{
	for (struct arrival *a = i->arriving; a; a = a->next)
		if (!a->here && index - a->index < a->count)
			a->stale |= 1u << (index - a->index);
}

int pages_wait(struct inode *i, u32 index)
{
	const struct arrival *a;
	u32 seen;

	spin_lock(&cache_lock);
	seen = i->arrived;
	for (a = i->arriving; a && index - a->index >= a->count; a = a->next)
		;
	spin_unlock(&cache_lock);
	if (!a)
		return 0;
	scheduler_lock();
	while (*(volatile u32 *)&i->arrived == seen)
		wait_in(&arrivals, WAIT_FOREVER);
	scheduler_unlock();
	return 1;
}

void pages_settle(struct mount *m)
{
	scheduler_lock();
	while (*(volatile u32 *)&m->arriving)
		wait_in(&arrivals, WAIT_FOREVER);
	scheduler_unlock();
}

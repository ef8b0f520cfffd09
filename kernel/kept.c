/*
 * Kept memory of domains. A commit copies from the pages that are mapped to
 * those that are not, in the core, where no death of the domain ends it half
 * way. What a dead generation asks is refused, and a new one begins only when
 * no commit is under way: it finds each of them whole or not at all.
 */
#include "kernel/kept.h"

#include "core.h"
#include "gates/bytes.h"
#include "gates/unwind.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/space/cache.h"
#include "kernel/tsc.h"

#define AT_ONCE	  0x10000u /* bytes there before anybody asks */
#define PARTS	  24u /* looked at in one go */
#define WAIT_TIME 100000u /* ns between looks at `committing` */

struct part {
	u32 offset, bytes;
};

static struct mutex growing = MUTEX(growing, "kept");

static u32 pages_stated(const struct domain *d)
{
	return (d->image.manifest->kept + PAGE - 1) / PAGE;
}

static struct physical frame_zero(void)
{
	struct physical p = frame_take_reserved();

	if (!frame_ok(p))
		return frame_take_zero_now();
	memory_fill(direct(p), 0, PAGE);
	return p;
}

/* Frames for one page, both times. */
static i32 page_fill(struct domain *d, u32 page)
{
	struct physical kept = frame_zero(), committed;

	if (!frame_ok(kept))
		return -E_MEMORY;
	committed = frame_zero();
	if (!frame_ok(committed)) {
		frame_give(kept, 0);
		return -E_MEMORY;
	}
	d->kept[page] = kept;
	d->committed[page] = committed;
	return 0;
}

/* So many pages more, not mapped yet: all of them or none. */
static i32 pages_fill(struct domain *d, u32 pages)
{
	u32 first = d->kept_pages, page = first;

	while (page < first + pages && page_fill(d, page) == 0)
		page++;
	if (page == first + pages) {
		d->kept_pages = page;
		return 0;
	}
	while (page-- > first) {
		frame_give(d->kept[page], 0);
		frame_give(d->committed[page], 0);
	}
	return -E_MEMORY;
}

i32 kept_make(struct domain *d)
{
	u32 pages = pages_stated(d);

	if (!pages)
		return 0;
	d->kept = heap_take_now(pages * sizeof(*d->kept));
	d->committed = heap_take_now(pages * sizeof(*d->kept));
	if (!d->kept || !d->committed)
		return -E_MEMORY;
	return pages_fill(d, min(pages, AT_ONCE / PAGE));
}

void kept_free(struct domain *d)
{
	for (u32 i = 0; i < d->kept_pages; i++) {
		frame_give(d->kept[i], 0);
		frame_give(d->committed[i], 0);
	}
	heap_give(d->kept);
	heap_give(d->committed);
}

static void page_show(struct generation *g, u32 page)
{
	page_map(g->base + g->kept + page * PAGE, g->domain->kept[page],
		 PAGE_WRITE | PAGE_GLOBAL);
}

void kept_map(struct generation *g)
{
	struct domain *d = g->domain;

	while (__atomic_load_n(&d->committing, __ATOMIC_SEQ_CST))
		thread_sleep(tsc_now() + WAIT_TIME);
	for (u32 i = 0; i < d->kept_pages; i++) {
		memory_copy(direct(d->kept[i]), direct(d->committed[i]), PAGE);
		page_show(g, i);
	}
}

/*
 * The caller's generation is alive and stays the one whose memory this is
 * until kept_leave. NULL if it has died: its successor must not see a change.
 */
static struct generation *kept_enter(void)
{
	struct generation *g = generation_asking();

	__atomic_add_fetch(&g->domain->committing, 1, __ATOMIC_SEQ_CST);
	if (!g->dead)
		return g;
	__atomic_sub_fetch(&g->domain->committing, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static i32 kept_leave(struct generation *g, i32 answer)
{
	__atomic_sub_fetch(&g->domain->committing, 1, __ATOMIC_SEQ_CST);
	return answer;
}

i32 up_memory_kept(void)
{
	const struct generation *g = generation_asking();

	return g->kept ? (i32)(g->origin + g->kept) : -E_NAME;
}

i32 up_memory_kept_size(void)
{
	return (i32)(generation_asking()->domain->kept_pages * PAGE);
}

static i32 pages_add(struct generation *g, u32 pages)
{
	struct domain *d = g->domain;
	u32 first = d->kept_pages;

	if (!pages || pages > pages_stated(d) - first ||
	    pages_fill(d, pages) < 0)
		return -E_MEMORY;
	for (u32 i = first; i < first + pages; i++)
		page_show(g, i);
	return (i32)(g->origin + g->kept + first * PAGE);
}

/* It never comes back: so some frames are left to processes. */
i32 up_memory_kept_grow(u32 bytes)
{
	struct generation *g;
	i32 at;

	if (bytes % PAGE)
		return -E_RANGE;
	g = kept_enter();
	if (!g)
		return -E_GONE;
	mutex_lock(&growing);
	at = cache_room() < 2 * (bytes / PAGE) ? -E_MEMORY :
						 pages_add(g, bytes / PAGE);
	mutex_unlock(&growing);
	return kept_leave(g, at);
}

static inline void words_copy(void *to, const void *from_here, u32 size)
{
	u32 words = size / 4;

	__asm__ volatile("rep movsl\n\t"
			 "movl %[tail], %%ecx\n\t"
			 "rep movsb"
			 : "+D"(to), "+S"(from_here), "+&c"(words)
			 : [tail] "rm"(size & 3)
			 : "memory");
}

/* Commit so many bytes from byte `at` of the kept memory on. */
static inline void copy(const struct domain *d, u32 at, u32 bytes)
{
	while (bytes) {
		u32 page = at / PAGE, n = min(bytes, PAGE - at % PAGE);

		words_copy((u8 *)direct(d->committed[page]) + at % PAGE,
			   (u8 *)direct(d->kept[page]) + at % PAGE, n);
		at += n;
		bytes -= n;
	}
}

i32 up_memory_commit(void)
{
	struct generation *g = kept_enter();

	if (!g)
		return -E_GONE;
	if (!g->kept)
		return kept_leave(g, -E_NAME);
	copy(g->domain, 0, g->domain->kept_pages * PAGE);
	return kept_leave(g, 0);
}

static i32 parts_check(const struct generation *g, const struct part *part,
		       u32 count)
{
	u32 there = g->domain->kept_pages * PAGE;

	for (; count; count--, part++) {
		u32 at = part->offset - g->origin - g->kept;

		if (at > there || part->bytes > there - at)
			return -E_RANGE;
	}
	return 0;
}

static void parts_copy(const struct generation *g, const struct part *part,
		       u32 count)
{
	for (; count; count--, part++)
		copy(g->domain, part->offset - g->origin - g->kept,
		     part->bytes);
}

/*
 * A list that is looked at in several goes is looked at as a whole first. If
 * its domain changes it in between, that harms the domain alone: nothing is
 * copied unchecked.
 */
static i32 parts_commit(const struct generation *g, from u8 *parts, u32 size)
{
	struct part part[PARTS];

	for (u32 copying = size <= sizeof(part); copying < 2; copying++)
		for (u32 done = 0; done < size; done += sizeof(part)) {
			u32 n = min((u32)sizeof(part), size - done);

			if (lend_take(part, parts + done, n) < 0)
				return -E_GONE;
			if (parts_check(g, part, n / sizeof(*part)) < 0)
				return -E_RANGE;
			if (copying)
				parts_copy(g, part, n / sizeof(*part));
		}
	return 0;
}

i32 up_memory_commit_parts(from u8 *parts, u32 size)
{
	struct generation *g;

	if (size % sizeof(struct part))
		return -E_FORM;
	g = kept_enter();
	if (!g)
		return -E_GONE;
	return kept_leave(g, g->kept ? parts_commit(g, parts, size) : -E_NAME);
}

i32 up_memory_commit_answer(u32 answer, from u8 *parts, u32 size)
{
	struct thread *t = thread_current();
	i32 error = up_memory_commit_parts(parts, size);

	if (error >= 0) {
		t->answered = generation_asking()->domain;
		t->answer = (i32)answer;
	}
	return error;
}

i32 kept_answer(const struct domain *d, i32 answer)
{
	const struct thread *t = thread_current();

	return answer == -E_GONE && t->answered == d ? t->answer : answer;
}

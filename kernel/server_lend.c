/*
 * Buffers of servers: a small one is copied into a page that the server has for
 * it, of a large one the pages are mapped there; and back again.
 */
#include "gates/bytes.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/server.h"
#include "kernel/space/table.h"

/*
 * What is larger, in bytes, is mapped. Up to here a copy costs no more, or
 * about as much, by QEMU's time (docs/organizations.md), and shows nothing of
 * the rest of a page. What is to be filled is copied twice.
 */
#define COPIED_READ   2048u
#define COPIED_FILLED 512u

/* The frame behind a byte of who calls; FRAME_NONE: nothing is there. */
static struct physical frame_behind(const struct thread *t, u32 linear)
{
	const u32 *entry;

	if (linear >= LINEAR_CORE && linear - LINEAR_CORE < DIRECT_SIZE)
		return (struct physical){ (linear - LINEAR_CORE) &
					  ~(PAGE - 1) };
	if (linear >= LINEAR_CORE) {
		u32 there = page_entry(linear);

		return there ? entry_frame(there) : FRAME_NONE;
	}
	entry = t->space ? table_entry(t->space, linear) : 0;
	return entry && *entry ? entry_frame(*entry) : FRAME_NONE;
}

static i32 nothing_there(u32 linear)
{
	struct generation *lender = generation_holding(linear);

	if (lender)
		fault_charge(lender, 0, RULE_LENT);
	return -E_GONE;
}

/*
 * Bytes of a program's or of another server's, to or from a copy of them. Page
 * by page: the callee is on top of the linkage already, so this thread finds
 * the callee's page tables loaded whenever it was away.
 */
static i32 copy_pages(const struct thread *t, const struct server_lend *l,
		      int back)
{
	u8 *bytes = direct(l->frame);

	for (u32 done = 0; done < l->size;) {
		u32 linear = l->linear + done;
		u32 n = min(l->size - done, PAGE - linear % PAGE);
		struct physical p = frame_behind(t, linear);
		u8 *there;

		if (!frame_ok(p))
			return nothing_there(linear);
		there = (u8 *)direct(p) + linear % PAGE;
		if (back)
			memory_copy(there, bytes + done, n);
		else
			memory_copy(bytes + done, there, n);
		done += n;
	}
	return 0;
}

/* Bytes of who calls to or from a copy of them. */
static i32 copy(const struct thread *t, const struct server_lend *l, int back)
{
	void *there = (void *)l->linear, *here = direct(l->frame);

	if (l->linear < LINEAR_CORE)
		return copy_pages(t, l, back);
	if (linear_copy(back ? there : here, back ? here : there, l->size) < 0)
		return nothing_there(l->linear);
	return 0;
}

/* A page for copies, where the server has it from now on. */
static i32 place_make(struct server *s, u32 at, u32 kind, struct server_lend *l)
{
	u32 *entry = server_entry(s, at);
	struct segment one = {
		.base = at,
		.size = 1,
		.kind = kind ? SEGMENT_WRITE : SEGMENT_READ,
		.level = 3,
	};

	if (entry)
		l->frame = frame_take_zero_now();
	if (!frame_ok(l->frame))
		return -E_MEMORY;
	*entry = l->frame.address | PAGE_PRESENT | PAGE_USER | PAGE_WRITE;
	return descriptor_segment(one, &l->place);
}

static u32 pages_of(const struct server_lend *l)
{
	return (l->linear % PAGE + l->size + PAGE - 1) / PAGE;
}

static i32 lend_map(const struct thread *t, struct server *s, u32 at,
		    struct server_lend *l, int writable)
{
	u32 first = l->linear & ~(PAGE - 1);

	for (u32 i = 0; i < pages_of(l); i++) {
		struct physical p = frame_behind(t, first + i * PAGE);
		u32 *entry = server_entry(s, at + i * PAGE);

		if (!frame_ok(p))
			return nothing_there(first + i * PAGE);
		if (!entry)
			return -E_MEMORY;
		*entry = p.address | PAGE_PRESENT | PAGE_USER |
			 (writable ? PAGE_WRITE : 0);
	}
	return 0;
}

/* A place of its own for what was copied, another for pages that are mapped. */
static u32 lend_at(u32 stack, u32 kind, int copied)
{
	u32 at = SERVER_LENDS + (2 * stack + kind) * SERVER_ROOM;

	return copied ? at : at + PAGE;
}

static i32 lend_one(const struct thread *t, struct server *s, u32 stack,
		    u32 kind, u32 depth)
{
	struct descriptor_view v =
		descriptor_read(t->crossing->lends[depth][kind]);
	struct server_lend *l = &s->lent[stack][kind];
	struct descriptor *out = &t->crossing->served[depth][kind];
	u32 at;
	i32 error;

	l->linear = v.base;
	l->size = v.limit + 1;
	l->lent_on = 0;
	if (!l->size) {
		*out = descriptor_empty(3);
		return 0;
	}
	l->copied = l->size <= (kind ? COPIED_FILLED : COPIED_READ);
	at = lend_at(stack, kind, (int)l->copied);
	if (l->copied) {
		error = frame_ok(l->frame) ? 0 : place_make(s, at, kind, l);
		*out = descriptor_sized(l->place, l->size);
		return error < 0 ? error : copy(t, l, 0);
	}
	if (l->size > SERVER_ROOM - 2 * PAGE)
		return -E_BIG;
	error = lend_map(t, s, at, l, kind == 1);
	if (error < 0)
		return error;
	return descriptor_segment(
		(struct segment){ .base = at + v.base % PAGE,
				  .size = l->size,
				  .kind = kind ? SEGMENT_WRITE : SEGMENT_READ,
				  .level = 3 },
		out);
}

/* Which of its activations is on top, by its stack. */
static u32 activation(const struct record *r)
{
	return generation_stack_index(generation_of(r->cs), r->stack & 0xFF);
}

/* After the call, or half of it: what was lent is the server's no more. */
static void unlend(struct server *s, u32 stack, u32 kind)
{
	struct server_lend *l = &s->lent[stack][kind];
	u32 at = lend_at(stack, kind, 0);

	for (u32 i = 0; l->size && !l->copied && i < pages_of(l); i++) {
		u32 *entry = server_entry(s, at + i * PAGE);

		if (entry)
			*entry = 0;
	}
	l->size = 0;
}

/* From core_stack: the top record's lends become the server's. */
i32 server_lend(u32 shape)
{
	struct thread *t = thread_current();
	struct record *r = record_top(t);
	struct server *s = server_of(generation_of(r->cs));
	u32 depth = t->crossing->top / LEND_SLOT - 1, stack = activation(r);
	i32 error = 0;

	for (u32 kind = 0; kind < 2; kind++) {
		t->crossing->served[depth][kind] = DESCRIPTOR_ABSENT;
		if (!error && shape & 1u << kind)
			error = lend_one(t, s, stack, kind, depth);
	}
	for (u32 kind = 0; error && kind < 2; kind++)
		unlend(s, stack, kind);
	return error;
}

/* A call is over that had lends; its record is still on top. */
void server_settle(void)
{
	struct thread *t = thread_current();
	struct record *r = record_top(t);
	struct server *s = server_of(generation_of(r->cs));
	u32 depth = t->crossing->top / LEND_SLOT - 1, stack = activation(r);
	const struct server_lend *filled = &s->lent[stack][1];

	if (filled->size && filled->copied)
		copy(t, filled, 1);
	for (u32 kind = 0; kind < 2; kind++) {
		t->crossing->served[depth][kind] = DESCRIPTOR_ABSENT;
		unlend(s, stack, kind);
	}
}

/* What the server on top, if it is one, fills by way of a copy; or NULL. */
static struct server_lend *filled_here(const struct thread *t)
{
	const struct generation *g = server_running(t);
	struct server_lend *l;

	if (!g)
		return 0;
	l = &server_of(g)->lent[activation(record_top(t))][1];
	return l->size && l->copied ? l : 0;
}

void server_lends_on(struct thread *t)
{
	struct server_lend *l = filled_here(t);

	if (l)
		l->lent_on = copy(t, l, 1) == 0;
}

void server_lends_back(struct thread *t)
{
	struct server_lend *l = filled_here(t);

	if (l && l->lent_on)
		copy(t, l, 0);
	if (l)
		l->lent_on = 0;
}

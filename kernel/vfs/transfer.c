/*
 * Moving bytes to and from where a read or write points. What is the user's
 * goes through kernel/space/user.h and can fail at any page.
 */
#include "kernel/vfs/transfer.h"

#include "kernel/answer.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"

#define LEND_MOST 0x100000u /* a lend's limit counts bytes up to here */

void transfer_user(struct transfer *t, u32 start, u32 size)
{
	t->single = (struct span){ start, size };
	t->spans = &t->single;
	t->count = 1;
	t->at = t->done = 0;
	t->left = size;
	t->core = 0;
}

void transfer_core(struct transfer *t, void *bytes, u32 size)
{
	transfer_user(t, (u32)bytes, size);
	t->core = 1;
}

void transfer_spans(struct transfer *t, const struct span *spans, u32 count)
{
	t->spans = spans;
	t->count = count;
	t->at = t->left = t->done = 0;
	t->core = 0;
	for (u32 i = 0; i < count; i++)
		t->left += spans[i].size;
}

static void advance(struct transfer *t, u32 size)
{
	t->at += size;
	t->left -= size;
	t->done += size;
}

/* The address of what comes next, and of *size bytes how many lie there. */
static u32 next_run(struct transfer *t, u32 *size)
{
	while (t->at == t->spans->size) {
		t->spans++;
		t->count--;
		t->at = 0;
	}
	*size = min(*size, t->spans->size - t->at);
	return t->spans->start + t->at;
}

enum direction { OUT, IN, ZERO };

static i32 run_move(u32 there, void *bytes, u32 size, enum direction d)
{
	if (d == OUT)
		return user_write(there, bytes, size);
	if (d == IN)
		return user_read(bytes, there, size);
	return user_zero(there, size);
}

/* A run that cannot be had as a whole: page by page, as far as it goes. */
static i32 run_part(struct transfer *t, u32 there, u8 *bytes, u32 size,
		    enum direction d)
{
	while (size) {
		u32 n = min(size, PAGE - there % PAGE);

		if (run_move(there, bytes, n, d) < 0)
			return -EFAULT;
		advance(t, n);
		there += n;
		bytes += n;
		size -= n;
	}
	return 0;
}

static void core_move(u32 there, void *bytes, u32 size, enum direction d)
{
	if (d == OUT)
		memory_copy((void *)there, bytes, size);
	else if (d == IN)
		memory_copy(bytes, (void *)there, size);
	else
		memory_fill((void *)there, 0, size);
}

static inline i32 move(struct transfer *t, void *bytes, u32 size,
		       enum direction d)
{
	while (size) {
		u32 n = size, there = next_run(t, &n);

		if (t->core)
			core_move(there, bytes, n, d);
		else if (run_move(there, bytes, n, d) < 0)
			return run_part(t, there, bytes, n, d);
		advance(t, n);
		bytes = (u8 *)bytes + n;
		size -= n;
	}
	return 0;
}

i32 transfer_out(struct transfer *t, const void *bytes, u32 size)
{
	return move(t, (void *)bytes, size, OUT);
}

i32 transfer_in(struct transfer *t, void *bytes, u32 size)
{
	return move(t, bytes, size, IN);
}

i32 transfer_zero(struct transfer *t, u32 size)
{
	return move(t, 0, size, ZERO);
}

i32 transfer_lend(struct transfer *t, u32 access, u32 *address)
{
	u32 n = min(LEND_MOST, t->left);

	if (!n)
		return 0;
	*address = next_run(t, &n);
	t->lent = n;
	if (t->core)
		return (i32)n;
	struct space *s = process_current()->space;
	u32 first = PAGE - *address % PAGE;
	if (space_pin(s, *address, n, access) == 0)
		return (i32)n;
	/* what lies before a bad page still counts */
	if (n <= first || space_pin(s, *address, first, access) < 0)
		return -EFAULT;
	t->lent = first;
	return (i32)first;
}

i32 transfer_lent(struct transfer *t, i32 answer)
{
	if (!t->core)
		space_unpin(process_current()->space);
	answer = answer_count(answer, t->lent);
	if (answer > 0)
		advance(t, (u32)answer);
	return answer;
}

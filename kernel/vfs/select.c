/* select and pselect6: three sets of descriptors, as bits. */
#include "kernel/heap.h"
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/poll.h"
#include "kernel/vfs/timeout.h"

/* What each set asks for, and what counts as an answer to it. */
static const struct {
	u32 want, found;
} meaning[3] = {
	{ READY_IN, READY_IN | READY_HANGUP | READY_ERROR },
	{ READY_OUT, READY_OUT | READY_ERROR },
	{ READY_PRIORITY, READY_PRIORITY },
};

struct selection {
	u32 count; /* descriptors below are looked at */
	u32 words; /* of each set */
	u32 users[3]; /* where the sets are; 0: none */
	u32 *sets[3];
	struct polled *list;
	u32 listed;
};

static i32 sets_read(struct selection *s)
{
	for (u32 i = 0; i < 3; i++)
		if (s->users[i] &&
		    user_read(s->sets[i], s->users[i], s->words * 4) < 0)
			return -EFAULT;
	return 0;
}

static i32 sets_write(struct selection *s)
{
	for (u32 i = 0; i < 3; i++)
		if (s->users[i] &&
		    user_write(s->users[i], s->sets[i], s->words * 4) < 0)
			return -EFAULT;
	return 0;
}

static u32 word_of_all(const struct selection *s, u32 word)
{
	u32 bits = s->sets[0][word] | s->sets[1][word] | s->sets[2][word];

	if (word == s->count / 32)
		bits &= (1u << s->count % 32) - 1;
	return bits;
}

/* One descriptor that some set names: 0 or -EBADF. */
static i32 list_one(struct selection *s, u32 descriptor)
{
	struct polled *p = &s->list[s->listed];

	p->file = file_get(descriptor);
	if (!p->file)
		return -EBADF;
	s->listed++;
	p->descriptor = descriptor;
	p->want = p->found = 0;
	for (u32 i = 0; i < 3; i++)
		if (s->sets[i][descriptor / 32] >> descriptor % 32 & 1)
			p->want |= meaning[i].want;
	return 0;
}

static i32 list_all(struct selection *s)
{
	i32 r = 0;

	for (u32 word = 0; word < s->words; word++)
		for (u32 bits = word_of_all(s, word); bits && !r;
		     bits &= bits - 1)
			r = list_one(s, word * 32 + (u32)__builtin_ctz(bits));
	while (r < 0 && s->listed)
		file_drop(s->list[--s->listed].file);
	return r;
}

/* Turn what was found into sets: how many bits there are. */
static i32 sets_fill(struct selection *s)
{
	i32 n = 0;

	for (u32 i = 0; i < 3; i++)
		memory_fill(s->sets[i], 0, s->words * 4);
	for (struct polled *p = s->list; p < s->list + s->listed; p++)
		for (u32 i = 0; i < 3; i++)
			if (p->want & meaning[i].want &&
			    p->found & meaning[i].found) {
				s->sets[i][p->descriptor / 32] |=
					1u << p->descriptor % 32;
				n++;
			}
	return n;
}

/* The list is as long as the sets have bits. */
static i32 list_make(struct selection *s)
{
	u32 most = 0;

	for (u32 word = 0; word < s->words; word++)
		for (u32 bits = word_of_all(s, word); bits; bits &= bits - 1)
			most++;
	s->list = heap_take_now(max(most, 1u) * sizeof(*s->list));
	return s->list ? list_all(s) : -ENOMEM;
}

static i32 select_sets(struct selection *s, u64 deadline)
{
	i32 n = sets_read(s);

	if (!n)
		n = list_make(s);
	if (!n)
		n = poll_wait(s->list, s->listed, deadline);
	if (n < 0)
		return n;
	n = sets_fill(s);
	return sets_write(s) < 0 ? -EFAULT : n;
}

static i32 select_until(i32 count, const u32 users[3], u64 deadline)
{
	struct selection s = { .count = min((u32)count, FILES_MOST) };
	u32 *block;
	i32 n;

	if (count < 0)
		return -EINVAL;
	s.words = (s.count + 31) / 32;
	block = heap_take_now(max(s.words * 12, 4u));
	if (!block)
		return -ENOMEM;
	for (u32 i = 0; i < 3; i++) {
		s.users[i] = users[i];
		s.sets[i] = block + i * s.words;
	}
	n = select_sets(&s, deadline);
	heap_give(s.list);
	heap_give(block);
	return n == -EINTR ? -ERESTARTNOHAND : n;
}

static i32 select_user(u32 count, const u32 users[3], u32 time)
{
	u64 deadline;
	i32 n = timeout_read(time, TIMEOUT_MICRO, &deadline);

	if (n < 0)
		return n;
	n = select_until((i32)count, users, deadline);
	timeout_write(time, TIMEOUT_MICRO, deadline);
	return n;
}

i32 call__newselect(u32 count, u32 in, u32 out, u32 other, u32 time);
i32 call__newselect(u32 count, u32 in, u32 out, u32 other, u32 time)
{
	const u32 users[3] = { in, out, other };

	return select_user(count, users, time);
}

/* The oldest form: its five words lie in memory. */
i32 call_select(u32 user);
i32 call_select(u32 user)
{
	u32 words[5];

	if (user_read(words, user, sizeof(words)) < 0)
		return -EFAULT;
	return select_user(words[0], words + 1, words[4]);
}

/* `mask`: where the address and size of a signal set are; 0: none. */
static i32 pselect(u32 count, const u32 users[3], u32 time, u32 mask,
		   enum timeout_form form)
{
	u32 set[2] = { 0, 0 };
	u64 deadline;
	i32 n = timeout_read(time, form, &deadline);

	if (!n && mask && user_read(set, mask, sizeof(set)) < 0)
		n = -EFAULT;
	if (!n)
		n = signal_borrow(set[0], set[1]);
	if (n < 0)
		return n;
	n = signal_unborrow(select_until((i32)count, users, deadline));
	timeout_write(time, form, deadline);
	return n;
}

i32 call_pselect6(u32 count, u32 in, u32 out, u32 other, u32 time, u32 mask);
i32 call_pselect6(u32 count, u32 in, u32 out, u32 other, u32 time, u32 mask)
{
	const u32 users[3] = { in, out, other };

	return pselect(count, users, time, mask, TIMEOUT_NANO);
}

i32 call_pselect6_time64(u32 count, u32 in, u32 out, u32 other, u32 time,
			 u32 mask);
i32 call_pselect6_time64(u32 count, u32 in, u32 out, u32 other, u32 time,
			 u32 mask)
{
	const u32 users[3] = { in, out, other };

	return pselect(count, users, time, mask, TIMEOUT_WIDE);
}

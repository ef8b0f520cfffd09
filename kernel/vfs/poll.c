/* poll and ppoll. */
#include "kernel/vfs/poll.h"

#include "kernel/heap.h"
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/timeout.h"

#define NEAR 8u /* so many on the stack */

struct pollfd {
	i32 descriptor;
	u16 want, found;
};

/* What the user's list says, as poll_wait has it. */
static void list_fill(struct polled *list, const struct pollfd *user, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		struct polled *p = &list[i];

		p->file = 0;
		p->found = 0;
		p->want = user[i].want;
		if (user[i].descriptor < 0)
			continue;
		p->file = file_get((u32)user[i].descriptor);
		if (!p->file)
			p->found = READY_INVALID;
	}
}

static i32 poll_list(u32 user, struct pollfd *fds, struct polled *list,
		     u32 count, u64 deadline)
{
	i32 n;

	if (user_read(fds, user, count * sizeof(*fds)) < 0)
		return -EFAULT;
	list_fill(list, fds, count);
	n = poll_wait(list, count, deadline);
	if (n < 0)
		return n;
	for (u32 i = 0; i < count; i++)
		fds[i].found = (u16)list[i].found;
	if (user_write(user, fds, count * sizeof(*fds)) < 0)
		return -EFAULT;
	return n;
}

static i32 poll_far(u32 user, u32 count, u64 deadline)
{
	struct polled *list;
	i32 n;

	if (count > process_current()->limits[LIMIT_NOFILE].soft ||
	    count > FILES_MOST)
		return -EINVAL;
	list = heap_take_now(count *
			     (sizeof(struct polled) + sizeof(struct pollfd)));
	if (!list)
		return -ENOMEM;
	n = poll_list(user, (struct pollfd *)(list + count), list, count,
		      deadline);
	heap_give(list);
	return n;
}

/* How many have something, or -EINTR and other errors. */
static i32 poll_user(u32 user, u32 count, u64 deadline)
{
	struct polled list[NEAR];
	struct pollfd fds[NEAR];

	if (count > NEAR)
		return poll_far(user, count, deadline);
	return poll_list(user, fds, list, count, deadline);
}

static i32 poll_again(struct restart *r)
{
	i32 n = poll_user(r->a, r->b, r->deadline);

	return n == -EINTR ? -ERESTART_BLOCK : n;
}

i32 call_poll(u32 user, u32 count, u32 ms);
i32 call_poll(u32 user, u32 count, u32 ms)
{
	struct restart *r = &task_current()->restart;
	u64 deadline = timeout_of_ms((i32)ms);
	i32 n = poll_user(user, count, deadline);

	if (n != -EINTR)
		return n;
	r->again = poll_again;
	r->a = user;
	r->b = count;
	r->deadline = deadline;
	return -ERESTART_BLOCK;
}

static i32 ppoll(u32 user, u32 count, u32 time, struct span mask,
		 enum timeout_form form)
{
	u64 deadline;
	i32 n = timeout_read(time, form, &deadline);

	if (!n)
		n = signal_borrow(mask.start, mask.size);
	if (n < 0)
		return n;
	n = poll_user(user, count, deadline);
	if (n == -EINTR)
		n = -ERESTARTNOHAND;
	n = signal_unborrow(n);
	timeout_write(time, form, deadline);
	return n;
}

i32 call_ppoll(u32 user, u32 count, u32 time, u32 mask, u32 size);
i32 call_ppoll(u32 user, u32 count, u32 time, u32 mask, u32 size)
{
	return ppoll(user, count, time, (struct span){ mask, size },
		     TIMEOUT_NANO);
}

i32 call_ppoll_time64(u32 user, u32 count, u32 time, u32 mask, u32 size);
i32 call_ppoll_time64(u32 user, u32 count, u32 time, u32 mask, u32 size)
{
	return ppoll(user, count, time, (struct span){ mask, size },
		     TIMEOUT_WIDE);
}

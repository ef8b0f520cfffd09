/*
 * Lists of robust locks: a task that ends tells those who wait for what it
 * held. The list is the program's and may be anything (robust_list(7)).
 */
#include "kernel/linux/errno.h"
#include "kernel/process/futex.h"
#include "kernel/process/task.h"
#include "kernel/space/user.h"

#define WAITERS	     0x80000000u
#define OWNER_DIED   0x40000000u
#define OWNER	     0x3FFFFFFFu
#define ENTRY_PI     1u /* in the low bit of an entry's address */
#define LIST_LONGEST 2048u

struct robust_head {
	u32 next;
	u32 offset; /* from an entry to its word */
	u32 pending; /* an entry that is being taken or let go of */
};

/* The word at `address` is no living task's any more. */
static i32 owner_died(u32 tid, u32 address, int pending)
{
	u32 word, found;
	i32 r;

	if (address % 4)
		return -EINVAL;
	r = user_read32(&found, address);
	if (r == 0 && pending && !found)
		futex_wake_shared(address, 1); /* let go of, waking not done */
	do {
		if (r < 0 || (found & OWNER) != tid)
			return r;
		word = found;
		found = user_exchange(address, word,
				      (word & WAITERS) | OWNER_DIED, &r);
	} while (found != word);
	if (word & WAITERS)
		futex_wake_shared(address, 1);
	return r;
}

static void robust_end(struct task *t)
{
	struct robust_head head;
	u32 at, next, n = 0;

	if (!t->robust_list ||
	    user_read(&head, t->robust_list, sizeof(head)) < 0)
		return;
	for (at = head.next;
	     (at & ~ENTRY_PI) != t->robust_list && n < LIST_LONGEST;
	     at = next, n++) {
		u32 entry = at & ~ENTRY_PI;
		i32 r = user_read32(&next, entry);

		if (entry != (head.pending & ~ENTRY_PI) &&
		    owner_died(t->tid, entry + head.offset, 0) < 0)
			break;
		if (r < 0)
			break;
	}
	if (head.pending)
		owner_died(t->tid, (head.pending & ~ENTRY_PI) + head.offset, 1);
	t->robust_list = 0;
}

void futex_task_end(struct task *t)
{
	if (thread_current()->space != t->process->space)
		return;
	robust_end(t);
	if (!t->clear_tid)
		return;
	if (user_write32(t->clear_tid, 0) == 0)
		futex_wake_shared(t->clear_tid, 1);
	t->clear_tid = 0;
}

i32 call_set_robust_list(u32 head, u32 size);
i32 call_set_robust_list(u32 head, u32 size)
{
	if (size != sizeof(struct robust_head))
		return -EINVAL;
	task_current()->robust_list = head;
	return 0;
}

i32 call_get_robust_list(u32 tid, u32 user_head, u32 user_size);
i32 call_get_robust_list(u32 tid, u32 user_head, u32 user_size)
{
	struct task *t = task_current();
	u32 head = 0;
	i32 r = 0;

	spin_lock(&process_lock);
	if (tid)
		t = task_find(tid);
	if (!t)
		r = -ESRCH;
	else if (!process_may(t->process))
		r = -EPERM;
	else
		head = t->robust_list;
	spin_unlock(&process_lock);
	if (r == 0)
		r = user_write32(user_size, sizeof(struct robust_head));
	return r == 0 ? user_write32(user_head, head) : r;
}

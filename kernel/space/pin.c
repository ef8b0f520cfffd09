/*
 * Keeping pages of a process where they are while they are lent to a domain.
 * One count for the whole space: who wants to unmap anything of it, or to make
 * it read-only, be it for fork's sake, waits until it is zero. So a domain that
 * has been lent pages never meets a fault there, but for a TLB that remembers
 * less than the tables allow.
 */
#include "kernel/linux/errno.h"
#include "kernel/space/table.h"

#define TRIES 16u /* at several pages, while others take them away */

/* Can [start, end) be accessed as it is? Lock held. */
static int is_there(const struct space *s, u32 start, u32 end, u32 access)
{
	u32 flags = PAGE_PRESENT | (access == ACCESS_WRITE ? PAGE_WRITE : 0u);

	for (u32 at = start & -PAGE; at < end; at += PAGE) {
		const u32 *entry = table_entry(s, at);

		if (!entry || (*entry & flags) != flags)
			return 0;
	}
	return 1;
}

/* Pin, if all is there already. */
static int try(struct space *s, u32 start, u32 end, u32 access)
{
	int there;

	while (__atomic_load_n(&s->unpin_waiters, __ATOMIC_SEQ_CST))
		thread_yield(); /* or they might wait for ever */
	mutex_lock(&s->lock);
	there = is_there(s, start, end, access);
	if (there)
		__atomic_add_fetch(&s->pinned, 1, __ATOMIC_SEQ_CST);
	mutex_unlock(&s->lock);
	return there;
}

/* What is pinned waits for nothing: pages come, from a disk perhaps, before;
 * some may have gone again by then. */
i32 space_pin(struct space *s, u32 start, u32 size, u32 access)
{
	u32 end = start + size, tries = 0;

	if (size > USER_END || start > USER_END - size)
		return -EFAULT;
	while (!try(s, start, end, access)) {
		if (++tries > TRIES && (end - 1) / PAGE != start / PAGE)
			return -EAGAIN;
		for (u32 at = start & -PAGE; at < end; at += PAGE)
			if (space_fault(s, at, access) != SPACE_OK)
				return -EFAULT;
	}
	return 0;
}

void space_unpin(struct space *s)
{
	if (__atomic_sub_fetch(&s->pinned, 1, __ATOMIC_SEQ_CST) ||
	    !__atomic_load_n(&s->unpin_waiters, __ATOMIC_SEQ_CST))
		return;
	scheduler_lock();
	wake_all(&s->unpinned);
	scheduler_unlock();
}

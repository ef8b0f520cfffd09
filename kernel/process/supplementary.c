/*
 * Supplementary groups: sorted lists that processes share until one of them
 * sets its own. A process' pointer to its list has a lock of its own, which is
 * taken last of all: walks of paths ask with the entries' lock held.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/credentials.h"
#include "kernel/space/user.h"

static struct spinlock groups_lock = SPINLOCK("groups");

struct groups *groups_make(u32 count)
{
	struct groups *g = heap_take_now((u32)sizeof(*g) + count * 4);

	if (g) {
		g->users = 1;
		g->count = count;
	}
	return g;
}

void groups_hold(struct groups *g)
{
	if (g)
		__atomic_add_fetch(&g->users, 1, __ATOMIC_RELAXED);
}

void groups_drop(struct groups *g)
{
	if (g && !__atomic_sub_fetch(&g->users, 1, __ATOMIC_ACQ_REL))
		heap_give(g);
}

/* Let entry `at` of a heap of `count` sink to where it belongs. */
static void sink(u32 *heap, u32 at, u32 count)
{
	for (u32 child; (child = 2 * at + 1) < count; at = child) {
		u32 value = heap[at];

		if (child + 1 < count && heap[child + 1] > heap[child])
			child++;
		if (heap[child] <= value)
			return;
		heap[at] = heap[child];
		heap[child] = value;
	}
}

void groups_sort(struct groups *g)
{
	for (u32 at = g->count / 2; at--;)
		sink(g->sorted, at, g->count);
	for (u32 left = g->count; left > 1; left--) {
		u32 last = g->sorted[left - 1];

		g->sorted[left - 1] = g->sorted[0];
		g->sorted[0] = last;
		sink(g->sorted, 0, left - 1);
	}
}

static int found(const struct groups *g, u32 gid)
{
	u32 low = 0, high = g->count;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (g->sorted[middle] == gid)
			return 1;
		if (g->sorted[middle] < gid)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

int groups_contain(const struct credentials *c, u32 gid)
{
	int is = 0;

	if (!c->groups)
		return 0;
	spin_lock(&groups_lock);
	if (c->groups)
		is = found(c->groups, gid);
	spin_unlock(&groups_lock);
	return is;
}

struct groups *groups_of(const struct process *p)
{
	struct groups *g;

	spin_lock(&groups_lock);
	g = p->credentials.groups;
	groups_hold(g);
	spin_unlock(&groups_lock);
	return g;
}

void groups_set(struct groups *g)
{
	struct credentials *c = &process_current()->credentials;
	struct groups *old;

	groups_sort(g);
	spin_lock(&groups_lock);
	old = c->groups;
	c->groups = g;
	spin_unlock(&groups_lock);
	groups_drop(old);
}

/* ---- calls ---- */

i32 call_getgroups32(u32 room, u32 to);
i32 call_getgroups32(u32 room, u32 to)
{
	struct groups *g = groups_of(process_current());
	u32 count = g ? g->count : 0;
	i32 r = (i32)count;

	if ((i32)room < 0 || (room && room < count))
		r = -EINVAL;
	else if (room && count && user_write(to, g->sorted, count * 4) < 0)
		r = -EFAULT;
	groups_drop(g);
	return r;
}

i32 call_setgroups32(u32 count, u32 user);
i32 call_setgroups32(u32 count, u32 user)
{
	struct groups *g;

	if (!process_privileged())
		return -EPERM;
	if (count > GROUPS_MOST)
		return -EINVAL;
	g = groups_make(count);
	if (!g)
		return -ENOMEM;
	if (user_read(g->sorted, user, count * 4) < 0) {
		groups_drop(g);
		return -EFAULT;
	}
	groups_set(g);
	return 0;
}

/*
 * Resource limits. What a space or a wait obeys reads them where it needs
 * them; those of memory are kept with the space as well.
 */
#include "kernel/linux/errno.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"

#define NONE	 0xFFFFFFFFu
#define NONE_OLD 0x7FFFFFFFu /* as getrlimit of old has it */

/* process_lock held: p stays. */
static i32 limit_set(struct process *p, u32 which, struct limit l)
{
	struct limit *at = &p->limits[which];
	struct space *s = p->space;

	if (l.soft > l.hard)
		return -EINVAL;
	if (l.hard > at->hard && !process_privileged())
		return -EPERM;
	if (which == LIMIT_NOFILE && l.hard > FILES_MOST)
		return -EPERM;
	*at = l;
	if (s && which == LIMIT_STACK)
		s->limit_stack = l.soft;
	if (s && which == LIMIT_DATA)
		s->limit_data = l.soft;
	if (s && which == LIMIT_AS)
		s->limit_space = l.soft;
	return 0;
}

/* `fresh` or `old` may be NULL. */
static i32 limit_change(u32 pid, u32 which, const struct limit *fresh,
			struct limit *old)
{
	struct process *self = process_current();
	struct process *p = pid ? process_find(pid) : self;
	i32 r = 0;

	if (which >= LIMITS)
		r = -EINVAL;
	else if (!p)
		return -ESRCH;
	else if (p != self && !process_may(p))
		r = -EPERM;
	if (r == 0) {
		spin_lock(&process_lock);
		if (old)
			*old = p->limits[which];
		if (fresh)
			r = limit_set(p, which, *fresh);
		spin_unlock(&process_lock);
	}
	if (pid && p)
		process_drop(p);
	return r;
}

i32 call_ugetrlimit(u32 which, u32 to);
i32 call_ugetrlimit(u32 which, u32 to)
{
	struct limit l;
	i32 r = limit_change(0, which, 0, &l);

	return r < 0 ? r : user_write(to, &l, sizeof(l));
}

i32 call_getrlimit(u32 which, u32 to);
i32 call_getrlimit(u32 which, u32 to)
{
	struct limit l;
	i32 r = limit_change(0, which, 0, &l);

	if (r < 0)
		return r;
	if (l.soft > NONE_OLD)
		l.soft = NONE_OLD;
	if (l.hard > NONE_OLD)
		l.hard = NONE_OLD;
	return user_write(to, &l, sizeof(l));
}

i32 call_setrlimit(u32 which, u32 user);
i32 call_setrlimit(u32 which, u32 user)
{
	struct limit l;

	if (user_read(&l, user, sizeof(l)) < 0)
		return -EFAULT;
	return limit_change(0, which, &l, 0);
}

static u32 narrow(u64 value)
{
	return value >= NONE ? NONE : (u32)value;
}

static u64 wide(u32 value)
{
	return value == NONE ? ~0ull : value;
}

i32 call_prlimit64(u32 pid, u32 which, u32 user, u32 to);
i32 call_prlimit64(u32 pid, u32 which, u32 user, u32 to)
{
	struct limit fresh, old;
	u64 words[2];
	i32 r;

	if (user) {
		if (user_read(words, user, sizeof(words)) < 0)
			return -EFAULT;
		fresh.soft = narrow(words[0]);
		fresh.hard = narrow(words[1]);
	}
	r = limit_change(pid, which, user ? &fresh : 0, &old);
	if (r < 0 || !to)
		return r;
	words[0] = wide(old.soft);
	words[1] = wide(old.hard);
	return user_write(to, words, sizeof(words));
}

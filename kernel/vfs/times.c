/* The calls that set a file's times, in all the forms that they come in. */
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/attributes.h"
#include "kernel/vfs/change_work.h"
#include "kernel/vfs/file.h"

#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_EMPTY_PATH	    0x1000u
#define TIME_NOW	    0x3FFFFFFFu
#define TIME_OMIT	    0x3FFFFFFEu
#define SECOND		    1000000000u

/* Accessed and modified; nanoseconds may be TIME_NOW or TIME_OMIT. */
struct times {
	struct instant at[2];
};

static const struct times now = { { { 0, TIME_NOW }, { 0, TIME_NOW } } };

static int all(const struct times *t, u32 special)
{
	return t->at[0].nanoseconds == special &&
	       t->at[1].nanoseconds == special;
}

static i32 times_permit(struct inode *i, const struct times *t)
{
	i32 r = attributes_writable(i);

	if (r < 0 || inode_owned(i))
		return r;
	return all(t, TIME_NOW) ? inode_permit(i, PERMIT_WRITE) : -EPERM;
}

static i32 times_change(struct inode *i, const struct times *t)
{
	static const u32 bits[] = { CHANGE_ACCESSED, CHANGE_MODIFIED };
	struct wanted w;
	struct instant *to[] = { &w.accessed, &w.modified };
	u32 which = 0;
	i32 r;

	for (u32 n = 0; n < 2; n++) {
		u32 ns = t->at[n].nanoseconds;

		if (ns == TIME_OMIT)
			continue;
		if (ns >= SECOND && ns != TIME_NOW)
			return -EINVAL;
		*to[n] = ns == TIME_NOW ? instant_now() : t->at[n];
		which |= bits[n];
	}
	if (!which)
		return 0;
	r = times_permit(i, t);
	if (r < 0)
		return r;
	mutex_lock(&i->lock);
	r = attributes_change(i, which, &w);
	mutex_unlock(&i->lock);
	return r;
}

static i32 times_file(u32 descriptor, const struct times *t)
{
	struct file *f = file_get(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	r = times_change(f->inode, t);
	file_drop(f);
	return r;
}

static i32 times_at(i32 at, u32 path, const struct times *t, u32 flags)
{
	struct walked w;
	i32 r;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (!path)
		return at == AT_FDCWD ? -EFAULT : times_file((u32)at, t);
	r = walk_user(at, path,
		      (flags & AT_SYMLINK_NOFOLLOW ? WALK_NO_FOLLOW : 0) |
			      (flags & AT_EMPTY_PATH ? WALK_EMPTY : 0),
		      &w);
	if (r < 0)
		return r;
	r = times_change(place_inode(w.place), t);
	walked_drop(&w);
	return r;
}

/* Seconds beyond what an instant holds are its end, or its beginning. */
static u32 clamp(u64 seconds)
{
	if (seconds >> 63)
		return 0;
	return seconds >> 32 ? 0xFFFFFFFFu : (u32)seconds;
}

i32 call_utimensat(u32 at, u32 path, u32 user, u32 flags);
i32 call_utimensat(u32 at, u32 path, u32 user, u32 flags)
{
	struct times t = now;

	if (user && user_read(&t, user, sizeof(t)) < 0)
		return -EFAULT;
	return times_at((i32)at, path, &t, flags);
}

i32 call_utimensat_time64(u32 at, u32 path, u32 user, u32 flags);
i32 call_utimensat_time64(u32 at, u32 path, u32 user, u32 flags)
{
	struct {
		u64 seconds;
		u32 nanoseconds, pad;
	} given[2];
	struct times t = now;

	if (user && user_read(given, user, sizeof(given)) < 0)
		return -EFAULT;
	for (u32 n = 0; user && n < 2; n++)
		t.at[n] = (struct instant){ clamp(given[n].seconds),
					    given[n].nanoseconds };
	return times_at((i32)at, path, &t, flags);
}

/* struct timeval[2]; NULL is now. */
static i32 read_microseconds(u32 user, struct times *t)
{
	*t = now;
	if (!user)
		return 0;
	if (user_read(t, user, sizeof(*t)) < 0)
		return -EFAULT;
	for (u32 n = 0; n < 2; n++) {
		if (t->at[n].nanoseconds >= 1000000)
			return -EINVAL;
		t->at[n].nanoseconds *= 1000;
	}
	return 0;
}

i32 call_futimesat(u32 at, u32 path, u32 user);
i32 call_futimesat(u32 at, u32 path, u32 user)
{
	struct times t;
	i32 r = read_microseconds(user, &t);

	return r < 0 ? r : times_at((i32)at, path, &t, 0);
}

i32 call_utimes(u32 path, u32 user);
i32 call_utimes(u32 path, u32 user)
{
	struct times t;
	i32 r = read_microseconds(user, &t);

	if (r == 0 && !path)
		r = -EFAULT;
	return r < 0 ? r : times_at(AT_FDCWD, path, &t, 0);
}

i32 call_utime(u32 path, u32 user);
i32 call_utime(u32 path, u32 user)
{
	struct times t = now;
	u32 seconds[2];

	if (user) {
		if (user_read(seconds, user, sizeof(seconds)) < 0)
			return -EFAULT;
		t.at[0] = (struct instant){ seconds[0], 0 };
		t.at[1] = (struct instant){ seconds[1], 0 };
	}
	return times_at(AT_FDCWD, path, &t, 0);
}

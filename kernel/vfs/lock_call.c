/* The calls for advisory locks: fcntl's record locks, and flock. */
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"
#include "kernel/vfs/lock.h"

enum lock_command {
	F_GETLK = 5,
	F_SETLK = 6,
	F_SETLKW = 7,
	F_GETLK64 = 12,
	F_SETLK64 = 13,
	F_SETLKW64 = 14,
	F_OFD_GETLK = 36,
	F_OFD_SETLK = 37,
	F_OFD_SETLKW = 38,
};

enum flock_operation { LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8 };

/* struct flock64, and what is made of struct flock. */
struct lock_range {
	u16 type, whence;
	u32 start[2], size[2];
	u32 pid;
};

struct lock_small {
	u16 type, whence;
	i32 start, size;
	u32 pid;
};

int lock_command(u32 command)
{
	return (command >= F_GETLK && command <= F_SETLKW) ||
	       (command >= F_GETLK64 && command <= F_SETLKW64) ||
	       (command >= F_OFD_GETLK && command <= F_OFD_SETLKW);
}

static void words_split(u64 value, u32 words[2])
{
	words[0] = (u32)value;
	words[1] = (u32)(value >> 32);
}

static i32 range_read(struct lock_range *r, u32 user, int small)
{
	struct lock_small s;

	if (!small)
		return user_read(r, user, sizeof(*r));
	if (user_read(&s, user, sizeof(s)) < 0)
		return -EFAULT;
	r->type = s.type;
	r->whence = s.whence;
	r->pid = s.pid;
	words_split((u64)(i64)s.start, r->start);
	words_split((u64)(i64)s.size, r->size);
	return 0;
}

/* First and last byte of a range of f: 0 or -errno. */
static i32 range_resolve(const struct lock_range *r, struct file *f,
			 struct file_lock *l)
{
	i64 start = (i64)words_join(r->start[0], r->start[1]);
	i64 size = (i64)words_join(r->size[0], r->size[1]);
	i64 base = r->whence == 1 ? (i64)f->at :
		   r->whence == 2 ? (i64)f->inode->size :
				    0;

	if (r->whence > 2 || r->type > LOCK_NONE)
		return -EINVAL;
	if (__builtin_add_overflow(base, start, &start))
		return -EOVERFLOW;
	if (size < 0) {
		l->last = (u64)start - 1;
		start += size;
	} else if (size == 0) {
		l->last = LOCK_END;
	} else if (__builtin_add_overflow(start, size - 1, (i64 *)&l->last)) {
		return -EOVERFLOW;
	}
	if (start < 0)
		return -EINVAL;
	l->first = (u64)start;
	return 0;
}

/* Tell the user of the lock that was found, or (NULL) that there is none. */
static i32 range_write(const struct lock_range *asked,
		       const struct file_lock *found, u32 user, int small)
{
	struct lock_range r = *asked;
	struct lock_small s;

	r.type = LOCK_NONE;
	if (found) {
		r.type = (u16)found->type;
		r.whence = 0;
		r.pid = found->pid;
		words_split(found->first, r.start);
		words_split(found->last == LOCK_END ?
				    0 :
				    found->last - found->first + 1,
			    r.size);
	}
	if (!small)
		return user_write(user, &r, sizeof(r));
	if (found && (r.start[1] || r.size[1] || (i32)r.start[0] < 0 ||
		      (i32)r.size[0] < 0))
		return -EOVERFLOW;
	s = (struct lock_small){ .type = r.type,
				 .whence = r.whence,
				 .start = (i32)r.start[0],
				 .size = (i32)r.size[0],
				 .pid = r.pid };
	return user_write(user, &s, sizeof(s));
}

static i32 lock_get(struct file *f, const struct file_lock *wanted,
		    const struct lock_range *r, u32 user, int small)
{
	struct file_lock found;

	if (wanted->type == LOCK_NONE)
		return -EINVAL;
	return range_write(r, lock_test(f->inode, wanted, &found) ? &found : 0,
			   user, small);
}

i32 lock_control(struct file *f, u32 command, u32 user)
{
	struct process *p = process_current();
	struct file_lock wanted = { .kind = LOCK_RECORD };
	int open_file = command >= F_OFD_GETLK;
	int small = command <= F_SETLKW;
	struct lock_range r;
	i32 error = range_read(&r, user, small);

	if (!error)
		error = range_resolve(&r, f, &wanted);
	if (!error && open_file && r.pid)
		error = -EINVAL;
	if (error)
		return error;
	wanted.type = (enum lock_type)r.type;
	wanted.owner = open_file ? (void *)f : (void *)p->files;
	wanted.pid = open_file ? ~0u : p->pid;
	if (command == F_GETLK || command == F_GETLK64 ||
	    command == F_OFD_GETLK)
		return lock_get(f, &wanted, &r, user, small);
	if ((wanted.type == LOCK_READ && !file_reads(f)) ||
	    (wanted.type == LOCK_WRITE && !file_writes(f)))
		return -EBADF;
	return lock_set(f->inode, &wanted,
			command == F_SETLKW || command == F_SETLKW64 ||
				command == F_OFD_SETLKW);
}

/* Another lock first gives up the one that there was. */
static i32 flock_set(struct file *f, enum lock_type type, int wait)
{
	struct file_lock wanted = { .kind = LOCK_FLOCK,
				    .type = LOCK_NONE,
				    .owner = f,
				    .pid = process_current()->pid,
				    .last = LOCK_END };
	struct file_lock other;
	i32 r;

	if (type != LOCK_NONE) {
		wanted.type = type;
		if (!lock_test(f->inode, &wanted, &other))
			return lock_set(f->inode, &wanted, wait);
		wanted.type = LOCK_NONE;
	}
	r = lock_set(f->inode, &wanted, 0);
	wanted.type = type;
	return r || type == LOCK_NONE ? r : lock_set(f->inode, &wanted, wait);
}

i32 call_flock(u32 descriptor, u32 operation);
i32 call_flock(u32 descriptor, u32 operation)
{
	struct file *f = file_get(descriptor);
	i32 r = -EINVAL;
	int wait = !(operation & LOCK_NB);

	if (!f)
		return -EBADF;
	switch (operation & ~(u32)LOCK_NB) {
	case LOCK_SH:
		r = flock_set(f, LOCK_READ, wait);
		break;
	case LOCK_EX:
		r = flock_set(f, LOCK_WRITE, wait);
		break;
	case LOCK_UN:
		r = flock_set(f, LOCK_NONE, 0);
		break;
	}
	file_drop(f);
	return r;
}

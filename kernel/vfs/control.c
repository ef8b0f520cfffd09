/*
 * fcntl and ioctl: what concerns every open file is done here, the rest is
 * for locks, pipes, or the file's kind.
 */
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"

enum fcntl_command {
	F_DUPFD = 0,
	F_GETFD = 1,
	F_SETFD = 2,
	F_GETFL = 3,
	F_SETFL = 4,
	F_SETOWN = 8,
	F_GETOWN = 9,
	F_SETSIG = 10,
	F_GETSIG = 11,
	F_SETOWN_EX = 15,
	F_GETOWN_EX = 16,
	F_DUPFD_CLOEXEC = 1030,
	F_SETPIPE_SZ = 1031,
	F_GETPIPE_SZ = 1032,
};

enum ioctl_request {
	FIONREAD = 0x541B,
	FIONBIO = 0x5421,
	FIONCLEX = 0x5450,
	FIOCLEX = 0x5451,
	FIOASYNC = 0x5452,
};

/* What F_SETFL changes. */
#define FLAGS_SET (O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME)

static i32 duplicate_above(struct file *f, u32 least, u32 flags)
{
	struct process *p = process_current();
	i32 d;

	if (least >= min(p->limits[LIMIT_NOFILE].soft, FILES_MOST))
		return -EINVAL;
	file_hold(f);
	d = files_add(p->files, f, least, flags);
	if (d < 0)
		file_drop(f);
	return d;
}

static i32 flags_set(struct file *f, u32 flags)
{
	if (f->flags & O_PATH)
		return -EBADF;
	if ((flags ^ f->flags) & flags & O_NOATIME && !inode_owned(f->inode))
		return -EPERM;
	f->flags = (f->flags & ~FLAGS_SET) | (flags & FLAGS_SET);
	return 0;
}

/* struct f_owner_ex: its kind (0 tid, 1 pid, 2 group) and number. */
static i32 owner_ex(struct file *f, u32 user, int set)
{
	u32 pair[2] = { 1, f->owner };

	if ((i32)f->owner < 0) {
		pair[0] = 2;
		pair[1] = -f->owner;
	}
	if (!set)
		return user_write(user, pair, sizeof(pair));
	if (user_read(pair, user, sizeof(pair)) < 0)
		return -EFAULT;
	if (pair[0] > 2)
		return -EINVAL;
	f->owner = pair[0] == 2 ? -pair[1] : pair[1];
	return 0;
}

/* Commands that O_PATH's files know too. */
static i32 control_any(struct file *f, u32 descriptor, u32 command, u32 word)
{
	struct files *t = process_current()->files;

	switch (command) {
	case F_DUPFD:
		return duplicate_above(f, word, 0);
	case F_DUPFD_CLOEXEC:
		return duplicate_above(f, word, FILE_CLOSE_ON_EXEC);
	case F_GETFD:
		return files_flags(t, descriptor);
	case F_SETFD:
		return files_mark(t, descriptor, word & FILE_CLOSE_ON_EXEC);
	case F_GETFL:
		return (i32)f->flags;
	case F_SETFL:
		return flags_set(f, word);
	default:
		return f->flags & O_PATH ? -EBADF : -ENOSYS;
	}
}

static i32 control_open(struct file *f, u32 command, u32 word)
{
	if (lock_command(command))
		return lock_control(f, command, word);
	switch (command) {
	case F_SETOWN:
		f->owner = word;
		return 0;
	case F_GETOWN:
		return (i32)f->owner;
	case F_SETOWN_EX:
	case F_GETOWN_EX:
		return owner_ex(f, word, command == F_SETOWN_EX);
	case F_SETSIG:
		return word ? -EINVAL : 0;
	case F_GETSIG:
		return 0;
	case F_SETPIPE_SZ:
		return pipe_resize(f, word);
	case F_GETPIPE_SZ:
		return pipe_size(f);
	default:
		return -EINVAL;
	}
}

i32 call_fcntl64(u32 descriptor, u32 command, u32 word);
i32 call_fcntl64(u32 descriptor, u32 command, u32 word)
{
	struct file *f = file_get_any(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	r = control_any(f, descriptor, command, word);
	if (r == -ENOSYS)
		r = control_open(f, command, word);
	file_drop(f);
	return r;
}

i32 call_fcntl(u32 descriptor, u32 command, u32 word);
i32 call_fcntl(u32 descriptor, u32 command, u32 word)
{
	return call_fcntl64(descriptor, command, word);
}

/* A flag of f by a word of the user's: 0 or -EFAULT. */
static i32 flag_from(struct file *f, u32 flag, u32 user)
{
	u32 wanted;

	if (user_read32(&wanted, user) < 0)
		return -EFAULT;
	f->flags = (f->flags & ~flag) | (wanted ? flag : 0);
	return 0;
}

static i32 control_kind(struct file *f, u32 request, u32 argument)
{
	if (f->kind == &regular_kind && request == FIONREAD)
		return user_write32(argument, (u32)(f->inode->size - f->at));
	return f->kind->control ? f->kind->control(f, request, argument) :
				  -ENOTTY;
}

i32 call_ioctl(u32 descriptor, u32 request, u32 argument);
i32 call_ioctl(u32 descriptor, u32 request, u32 argument)
{
	struct files *t = process_current()->files;
	struct file *f = file_get(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	switch (request) {
	case FIOCLEX:
		r = files_mark(t, descriptor, FILE_CLOSE_ON_EXEC);
		break;
	case FIONCLEX:
		r = files_mark(t, descriptor, 0);
		break;
	case FIONBIO:
		r = flag_from(f, O_NONBLOCK, argument);
		break;
	case FIOASYNC:
		r = flag_from(f, O_ASYNC, argument);
		break;
	default:
		r = control_kind(f, request, argument);
	}
	file_drop(f);
	return r;
}

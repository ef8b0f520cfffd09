/*
 * signalfd: pending signals as a file. What can be read is the reader's own,
 * so all of these files have one notifier.
 */
#include "kernel/process/signalfd.h"

#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/pending.h"
#include "kernel/space/user.h"

#define RECORD_BYTES 128u

/* struct signalfd_siginfo, as much as is filled. */
struct signal_record {
	u32 number;
	i32 error, code;
	u32 pid, uid;
	i32 descriptor;
	u32 timer, band, overrun, trap;
	i32 status, value;
	u32 pointer, pointer_high;
	u32 user_ticks, user_high, system_ticks, system_high;
	u32 address, address_high;
	u8 rest[RECORD_BYTES - 80];
};

_Static_assert(sizeof(struct signal_record) == RECORD_BYTES, "as Linux has it");

static struct notifier notifier = {
	{ { &notifier.waiters.threads, &notifier.waiters.threads } },
	{ &notifier.watches, &notifier.watches },
};

void signalfd_wake(u64 set)
{
	(void)set;
	if (!list_empty(&notifier.waiters.threads) ||
	    !list_empty(&notifier.watches))
		notifier_wake_locked(&notifier, READY_IN);
}

/* The file's set, in two words of its own. */
static u64 set_of(const struct file *f)
{
	return (u64)(u32)f->data << 32 | f->number;
}

static void set_keep(struct file *f, u64 set)
{
	set &= ~SET_KILLS;
	f->number = (u32)set;
	f->data = (void *)(u32)(set >> 32);
}

static void record_fill(struct signal_record *r, const struct signal_info *info)
{
	memory_fill(r, 0, sizeof(*r));
	r->number = (u32)info->number;
	r->error = info->error;
	r->code = info->code;
	if (info->code == SI_TIMER) {
		r->timer = info->timer.timer;
		r->overrun = info->timer.overrun;
		r->pointer = info->timer.value;
		r->value = (i32)info->timer.value;
		return;
	}
	if (info->code > 0 && (SIGNAL_BIT(info->number) & SET_FAULTS)) {
		r->address = info->fault.address;
		return;
	}
	r->pid = info->queued.pid;
	r->uid = info->queued.uid;
	if (info->number == SIGCHLD && info->code > 0) {
		r->status = (i32)info->child.status;
		r->user_ticks = info->child.user_ticks;
		r->system_ticks = info->child.system_ticks;
	} else if (info->code < 0) {
		r->pointer = info->queued.value;
		r->value = (i32)info->queued.value;
	}
}

/* The next one of `set`, sleeping for the first if `waits`. Its number, 0 if
 * there is none, or -errno. */
static i32 take(struct file *f, int waits, struct signal_info *info)
{
	struct task *t = task_current();
	u64 set = set_of(f);
	struct discarded d;
	i32 r = 0;

	list_init(&d.list);
	scheduler_lock();
	while (!(r = (i32)pending_take(t, set, info, &d)) && waits) {
		if (f->flags & O_NONBLOCK) {
			r = -EAGAIN;
			break;
		}
		if (wait_for_signal(&notifier.waiters, WAIT_FOREVER) ==
		    WAIT_SIGNAL) {
			r = -ERESTARTSYS;
			break;
		}
	}
	signal_look(t);
	scheduler_unlock();
	discarded_give(&d);
	return r;
}

static i32 signalfd_read(struct file *f, struct transfer *t, u64 *at)
{
	u32 done = 0;

	(void)at;
	if (t->left < RECORD_BYTES)
		return -EINVAL;
	while (t->left >= RECORD_BYTES) {
		struct signal_info info;
		struct signal_record record;
		i32 r = take(f, !done, &info);

		if (r <= 0)
			return done ? (i32)done : r;
		record_fill(&record, &info);
		if (transfer_out(t, &record, sizeof(record)) < 0)
			return done ? (i32)done : -EFAULT;
		done += RECORD_BYTES;
	}
	return (i32)done;
}

static u32 signalfd_ready(struct file *f)
{
	return pending_set(task_current()) & set_of(f) ? READY_IN : 0;
}

static struct notifier *signalfd_notifier(struct file *f)
{
	(void)f;
	return &notifier;
}

static const struct file_kind signalfd_kind = {
	.name = "[signalfd]",
	.read = signalfd_read,
	.ready = signalfd_ready,
	.notifier = signalfd_notifier,
};

static i32 set_anew(u32 descriptor, u64 set)
{
	struct file *f = file_get(descriptor);
	i32 r = (i32)descriptor;

	if (!f)
		return -EBADF;
	if (f->kind == &signalfd_kind)
		set_keep(f, set);
	else
		r = -EINVAL;
	file_drop(f);
	return r;
}

i32 call_signalfd4(u32 descriptor, u32 user, u32 size, u32 flags);
i32 call_signalfd4(u32 descriptor, u32 user, u32 size, u32 flags)
{
	struct file *f;
	u64 set;

	if (size != sizeof(set) || (flags & ~(O_CLOEXEC | O_NONBLOCK)))
		return -EINVAL;
	if (user_read(&set, user, sizeof(set)) < 0)
		return -EFAULT;
	if (descriptor != 0xFFFFFFFFu)
		return set_anew(descriptor, set);
	f = file_make(&signalfd_kind, 0, O_RDWR | (flags & O_NONBLOCK));
	if (!f)
		return -ENOMEM;
	set_keep(f, set);
	return files_install(f, flags);
}

i32 call_signalfd(u32 descriptor, u32 user, u32 size);
i32 call_signalfd(u32 descriptor, u32 user, u32 size)
{
	return call_signalfd4(descriptor, user, size, 0);
}

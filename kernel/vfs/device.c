/*
 * Character devices: which file kind a node's numbers mean, and the client of
 * the `device` gate. What programs read and write is lent to the domain where
 * it lies, in pieces; nothing is copied on the way.
 */
#include "kernel/vfs/device.h"

#include "core.h"
#include "kernel/disk/disk.h"
#include "kernel/linux/errno.h"
#include "kernel/process/process.h"
#include "kernel/space/space.h"
#include "kernel/vfs/lent.h"
#include "kernel/vfs/terminal.h"

enum minor { MINOR_NULL = 3, MINOR_ZERO = 5, MINOR_FULL = 7 };

static struct import null;
static struct mutex binding = MUTEX(binding, "device");

/* Until the domain answers, or none will. */
#define ASK(call) \
	({ \
		i32 answer_; \
		do \
			answer_ = (call); \
		while (answer_ == -E_GONE && import_revive(&null) == 0); \
		answer_; \
	})

static i32 ask_read(const void *file, void *bytes, u32 size)
{
	const struct file *f = file;

	return down_device_read(&null, f->number, bytes, size);
}

static i32 ask_write(const void *file, void *bytes, u32 size)
{
	const struct file *f = file;

	return down_device_write(&null, f->number, bytes, size);
}

/* Piece by piece until the end, an error, or a signal between two of them. */
static i32 move(struct file *f, struct transfer *t, u32 access, lent_call *ask)
{
	const struct lent lent = {
		.to = &null,
		.error = errno_of,
		.again = 1,
		.call = ask,
		.argument = f,
	};
	u32 before = t->done;
	i32 r = 1;

	while (t->left && r > 0) {
		r = lent_ask(&lent, t, access);
		if (r < (i32)t->lent ||
		    (thread_current()->attention & ATTENTION_LEAVE))
			break;
	}
	return t->done > before ? (i32)(t->done - before) : r;
}

static i32 device_read(struct file *f, struct transfer *t, u64 *at)
{
	(void)at;
	return t->left ? move(f, t, ACCESS_WRITE, ask_read) : 0;
}

/* What null and zero swallow nobody looks at, so it need not be there. */
static i32 swallow(struct transfer *t)
{
	u32 size = t->left;

	t->done += size;
	t->left = 0;
	return (i32)size;
}

static i32 device_write(struct file *f, struct transfer *t, u64 *at)
{
	(void)at;
	if (f->number == MINOR_NULL || f->number == MINOR_ZERO)
		return swallow(t);
	if (f->number == MINOR_FULL)
		return t->left ? -ENOSPC : 0;
	return t->left ? move(f, t, ACCESS_READ, ask_write) : 0;
}

static u32 device_ready(struct file *f)
{
	i32 ready = ASK(down_device_ready(&null, f->number));

	return ready < 0 ? READY_ERROR : (u32)ready & READY_SAID;
}

/* Seeking is allowed and means nothing, as on Linux. */
static i32 device_seek(struct file *f, u64 to)
{
	(void)to;
	f->at = 0;
	return 0;
}

static const struct file_kind device_kind = {
	.name = "device",
	.read = device_read,
	.write = device_write,
	.ready = device_ready,
	.seek = device_seek,
};

static i32 memory_open(struct file *f, u32 minor)
{
	i32 r = 0;

	if (minor == MINOR_KMSG)
		return kmsg_open(f);
	mutex_lock(&binding);
	if (!null.domain)
		r = import_bind(&null, "device", "null");
	mutex_unlock(&binding);
	if (r < 0)
		return -ENXIO;
	f->number = minor;
	if (ASK(down_device_ready(&null, minor)) < 0)
		return -ENXIO;
	f->kind = &device_kind;
	return 0;
}

static i32 own_open(struct file *f, u32 minor)
{
	if (minor < MINOR_MONITOR)
		return channel_open(f);
	if (minor > MINOR_MONITOR)
		return -ENXIO;
	f->kind = &monitor_kind;
	return 0;
}

i32 device_open(struct file *f)
{
	u32 device = f->inode->device;

	if ((f->inode->mode & MODE_KIND) == MODE_BLOCK)
		return disk_open(f);
	switch (device >> 8) {
	case MAJOR_MEMORY:
		return memory_open(f, device & 0xFF);
	case MAJOR_TTY:
	case MAJOR_CONSOLE:
	case MAJOR_PTS:
		return terminal_open(f);
	case MAJOR_OWN:
		return own_open(f, device & 0xFF);
	}
	return -ENXIO;
}

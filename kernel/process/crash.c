/*
 * The end of a process that broke: a line in the log that says what and where,
 * and a core file (core.c) where its limit has room for one.
 */
#include "kernel/linux/errno.h"
#include "kernel/print.h"
#include "kernel/process/core.h"
#include "kernel/process/pending.h"
#include "kernel/vfs/file.h"

static const char *broken_name(u32 signal)
{
	switch (signal) {
	case SIGSEGV:
		return "segmentation fault";
	case SIGBUS:
		return "bus error";
	case SIGILL:
		return "invalid opcode";
	case SIGFPE:
		return "arithmetic fault";
	case SIGSYS:
		return "bad system call";
	default:
		return "trap";
	}
}

/* The file that is mapped at `address`, counted, and the offset in it. */
static struct file *file_at(u32 address, u32 *offset)
{
	struct space *s = process_current()->space;
	struct file *f = 0;

	mutex_lock(&s->lock);
	struct area *a = space_area(s, address);

	if (a && a->file) {
		f = a->file;
		file_hold(f);
		*offset = address - a->start + a->page * PAGE;
	}
	mutex_unlock(&s->lock);
	return f;
}

/* The caller's own doing (kill -SEGV, abort) is no news. */
static void crash_tell(const struct signal_info *info, const struct frame *f)
{
	const struct task *t = task_current();
	char *buffer = path_text_take();
	const char *path = 0;
	u32 offset = 0;
	struct file *file = file_at(f->eip, &offset);

	if (file && buffer && file->place.entry)
		path = place_path(file->place, buffer, PATH_TEXT);
	print("%s[%u]: %s at 0x%08x ip 0x%08x sp 0x%08x", t->name, t->tid,
	      broken_name((u32)info->number), info->fault.address, f->eip,
	      f->esp);
	if (path)
		print(" (%s+0x%x)", path, offset);
	print("\n");
	if (file)
		file_drop(file);
	if (buffer)
		path_text_give(buffer);
}

u32 process_crash(const struct signal_info *info, const struct frame *f)
{
	struct process *p = process_current();
	u32 status = (u32)info->number;

	if (info->code > 0 && (SIGNAL_BIT(info->number) & SET_FAULTS))
		crash_tell(info, f);
	if (p->dumpable && p->limits[LIMIT_CORE].soft && core_write(info, f))
		status |= 0x80;
	return status;
}

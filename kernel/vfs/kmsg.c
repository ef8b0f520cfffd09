/*
 * /dev/kmsg: the kernel's log as a file. A write is one line of it; a read
 * gives one line, as Linux does: "priority,sequence,microseconds,-;text".
 * The log has no priorities and no times: they are always 6 and 0, and the
 * sequence is the line's position.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/print.h"
#include "kernel/process/signal.h"
#include "kernel/vfs/device.h"

#define LINE_MOST 976u /* as on Linux */

/* "<6>" and the like, that syslog's clients put in front. */
static u32 priority_length(const char *text, u32 size)
{
	u32 n = 1;

	if (!size || text[0] != '<')
		return 0;
	while (n < size && text[n] >= '0' && text[n] <= '9')
		n++;
	return n < size && text[n] == '>' ? n + 1 : 0;
}

/* One line at most: what would break it up becomes a question mark. */
static void line_print(char *text, u32 size)
{
	if (size && text[size - 1] == '\n')
		size--;
	for (u32 i = 0; i < size; i++)
		if ((text[i] < ' ' && text[i] != '\t') || text[i] > '~')
			text[i] = '?';
	text[size] = '\n';
	print_bytes(text, size + 1);
}

static i32 kmsg_write(struct file *f, struct transfer *t, u64 *at)
{
	u32 size = t->left, skip;
	char *text;
	i32 r;

	(void)f;
	(void)at;
	if (size > LINE_MOST)
		return -EINVAL;
	text = heap_take_now(LINE_MOST + 1);
	if (!text)
		return -ENOMEM;
	r = transfer_in(t, text, size);
	if (r == 0) {
		skip = priority_length(text, size);
		line_print(text + skip, size - skip);
	}
	heap_give(text);
	return r < 0 ? r : (i32)size;
}

/* Wait for text behind `at`. */
static i32 text_wait(struct file *f, u32 at)
{
	i32 r = 0;

	scheduler_lock();
	while (at == print_end() && !r) {
		if (f->flags & O_NONBLOCK)
			r = -EAGAIN;
		else if (wait_for_signal(print_queue(), WAIT_FOREVER) ==
			 WAIT_SIGNAL)
			r = -ERESTARTSYS;
	}
	scheduler_unlock();
	return r;
}

/* The next line from *at on, with its NUL; *at moves behind it. */
static u32 line_read(u32 *at, char *line, u32 room)
{
	u32 n = 0;
	char c;

	while (print_read(at, &c, 1) && c != '\n')
		if (c != PRINT_SHOWN && c != PRINT_NEW && n < room - 1)
			line[n++] = c;
	line[n] = 0;
	return n;
}

static i32 record_read(struct file *f, struct transfer *t, u64 *position,
		       char *record)
{
	u32 at = (u32)*position, first = at, size;
	i32 r = text_wait(f, at);

	if (r < 0)
		return r;
	size = print_to(record, 32, "6,%u,0,-;", first);
	size += line_read(&at, record + size, LINE_MOST);
	record[size++] = '\n';
	if (size > t->left)
		return -EINVAL;
	r = transfer_out(t, record, size);
	if (r < 0)
		return r;
	*position = at;
	return (i32)size;
}

static i32 kmsg_read(struct file *f, struct transfer *t, u64 *at)
{
	char *record = heap_take_now(LINE_MOST + 40);
	i32 r;

	if (!record)
		return -ENOMEM;
	r = record_read(f, t, at, record);
	heap_give(record);
	return r;
}

static u32 kmsg_ready(struct file *f)
{
	return READY_OUT | ((u32)f->at != print_end() ? READY_IN : 0);
}

/* To the beginning, which print_read finds; or to where the log ends now. */
static i32 kmsg_seek(struct file *f, u64 to)
{
	f->at = to ? print_end() : 0;
	return 0;
}

i32 kmsg_open(struct file *f)
{
	f->kind = &kmsg_kind;
	f->at = 0;
	return 0;
}

const struct file_kind kmsg_kind = {
	.name = "kmsg",
	.read = kmsg_read,
	.write = kmsg_write,
	.ready = kmsg_ready,
	.seek = kmsg_seek,
};

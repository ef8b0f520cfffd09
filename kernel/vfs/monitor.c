/*
 * /dev/monitor: the kernel's monitor for programs. What is written are lines,
 * each a command; what they say goes into the kernel's log. A command that
 * fails is an error of the write, and ends it.
 */
#include "kernel/linux/errno.h"
#include "kernel/prompt.h"
#include "kernel/vfs/device.h"

#define LINE 128u

static struct mutex running = MUTEX(running, "monitor");

/* Run the line that has come in so far. */
static i32 line_run(char *line, u32 size)
{
	i32 r;

	line[size] = 0;
	mutex_lock(&running);
	r = prompt_line(line);
	mutex_unlock(&running);
	return errno_of(r);
}

static i32 monitor_write(struct file *f, struct transfer *t, u64 *at)
{
	u32 before = t->done, n = 0;
	char line[LINE];
	i32 r = 0;

	(void)f;
	(void)at;
	while (t->left && r >= 0) {
		char c;

		r = transfer_in(t, &c, 1);
		if (r == 0 && c != '\n' && n < LINE - 1)
			line[n++] = c;
		else if (r == 0 && c != '\n')
			r = -EINVAL; /* too long */
		if (r == 0 && n && (c == '\n' || !t->left)) {
			r = line_run(line, n);
			n = 0;
		}
	}
	return r < 0 ? r : (i32)(t->done - before);
}

const struct file_kind monitor_kind = {
	.name = "monitor",
	.write = monitor_write,
};

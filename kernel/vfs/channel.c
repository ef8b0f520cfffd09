/*
 * COM1 as a program's three standard streams, in frames: [kind][length, 16
 * bits][bytes]. Out go 1 (standard output), 2 (standard error) and 3 (so many
 * bytes more may come in); in comes 0 (standard input; no bytes: its end).
 * tools/run speaks the other end.
 */
#include "core.h"
#include "kernel/answer.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/process/signal.h"
#include "kernel/vfs/file.h"
#include "kernel/vfs/terminal.h"

#define ROOM  1024u /* bytes of input that may be on their way */
#define PIECE 1024u /* bytes of output in one frame */

enum frame_kind { FRAME_IN = 0, FRAME_GRANT = 3 };

static struct import serial;
static struct mutex sending = MUTEX(sending, "channel");
static struct mutex taking = MUTEX(taking, "channel input");
static u8 out[3 + PIECE];

/* Input: a ring; scheduler's lock. */
static struct notifier in_news;
static u8 in[ROOM];
static u32 in_first, in_end, in_ended;

static void send_all(const u8 *bytes, u32 size)
{
	u32 done = 0;

	while (done < size) {
		i32 n = answer_count(down_serial_write(&serial,
						       (const char *)bytes +
							       done,
						       size - done),
				     size - done);

		if (n == 0)
			n = down_serial_drain(&serial);
		if (n >= 0)
			done += (u32)n;
		else if (n != -E_GONE || import_revive(&serial) < 0)
			return;
	}
}

static void frame_send(u32 kind, u32 size)
{
	out[0] = (u8)kind;
	out[1] = (u8)size;
	out[2] = (u8)(size >> 8);
	send_all(out, 3 + size);
}

static i32 channel_write(struct file *f, struct transfer *t, u64 *at)
{
	u32 done = t->done;
	i32 r = 0;

	(void)at;
	if (!f->number)
		return -EBADF;
	while (t->left && r >= 0) {
		u32 n = t->left < PIECE ? t->left : PIECE;

		mutex_lock(&sending);
		r = transfer_in(t, out + 3, n);
		if (r >= 0)
			frame_send(f->number, n);
		mutex_unlock(&sending);
	}
	return t->done > done ? (i32)(t->done - done) : r;
}

static void grant(u32 bytes)
{
	mutex_lock(&sending);
	out[3] = (u8)bytes;
	out[4] = (u8)(bytes >> 8);
	frame_send(FRAME_GRANT, 2);
	mutex_unlock(&sending);
}

/* Bytes there, once there are some or no more will come. */
static i32 in_wait(u32 nonblocking)
{
	enum wait_result r = WAIT_WOKEN;
	i32 n;

	scheduler_lock();
	while (in_first == in_end && !in_ended && !nonblocking &&
	       r == WAIT_WOKEN)
		r = wait_for_signal(&in_news.waiters, WAIT_FOREVER);
	n = (i32)(in_end - in_first);
	if (!n && !in_ended)
		n = nonblocking ? -EAGAIN : -ERESTARTSYS;
	scheduler_unlock();
	return n;
}

/* What is there, in one run: bytes, 0 if another reader was faster. */
static i32 in_take(struct transfer *t)
{
	u32 n, first;
	i32 r = 0;

	mutex_lock(&taking);
	first = in_first % ROOM;
	n = min(min(in_end - in_first, t->left), ROOM - first);
	if (n)
		r = transfer_out(t, in + first, n);
	if (r == 0) {
		scheduler_lock();
		in_first += n;
		scheduler_unlock();
	}
	mutex_unlock(&taking);
	return r < 0 ? r : (i32)n;
}

static i32 channel_read(struct file *f, struct transfer *t, u64 *at)
{
	i32 n = 0;

	(void)at;
	if (f->number)
		return -EBADF;
	while (!n && t->left) {
		n = in_wait(f->flags & O_NONBLOCK);
		if (n <= 0)
			return n;
		n = in_take(t);
	}
	if (n > 0)
		grant((u32)n);
	return n;
}

static u32 channel_ready(struct file *f)
{
	if (f->number)
		return READY_OUT;
	return in_first != in_end || in_ended ? READY_IN : 0;
}

static struct notifier *channel_notifier(struct file *f)
{
	return f->number ? 0 : &in_news;
}

static const struct file_kind channel_kind = {
	.name = "channel",
	.read = channel_read,
	.write = channel_write,
	.ready = channel_ready,
	.notifier = channel_notifier,
};

/* Exactly `size` bytes of what comes in; -E_GONE if the line is off. */
static i32 get_all(u8 *bytes, u32 size)
{
	u32 done = 0;

	while (done < size) {
		i32 n = answer_count(down_serial_read(&serial, 0,
						      (char *)bytes + done,
						      size - done),
				     size - done);

		if (n > 0)
			done += (u32)n;
		else if (n == -E_GONE && import_revive(&serial) < 0)
			return n;
		else if (n < 0 && n != -E_GONE && n != -E_TIME)
			return n;
	}
	return 0;
}

static void input_add(const u8 *bytes, u32 size)
{
	scheduler_lock();
	for (u32 i = 0; i < size && in_end - in_first < ROOM; i++)
		in[in_end++ % ROOM] = bytes[i];
	if (!size)
		in_ended = 1;
	notifier_wake_locked(&in_news, READY_IN);
	scheduler_unlock();
}

static void input_thread(void *argument)
{
	u8 head[3], bytes[128];

	(void)argument;
	while (get_all(head, 3) == 0) {
		u32 left = head[1] | (u32)head[2] << 8;

		if (head[0] == FRAME_IN && !left)
			input_add(bytes, 0);
		while (left) {
			u32 n = left < sizeof(bytes) ? left : sizeof(bytes);

			if (get_all(bytes, n) < 0)
				return;
			if (head[0] == FRAME_IN)
				input_add(bytes, n);
			left -= n;
		}
	}
}

static struct mutex starting = MUTEX(starting, "channel start");

static i32 channel_start(void)
{
	i32 error = 0;

	mutex_lock(&starting);
	if (!serial.domain) {
		notifier_init(&in_news);
		error = import_bind(&serial, "serial", 0);
		if (error >= 0)
			thread_start("channel", RANK_NORMAL, input_thread, 0);
	}
	mutex_unlock(&starting);
	return error < 0 ? -ENXIO : 0;
}

i32 channel_open(struct file *f)
{
	u32 minor = f->inode->device & 0xFF;

	if (!options.com1_is_framed || minor > 2)
		return -ENXIO;
	f->kind = &channel_kind;
	f->number = minor;
	return channel_start();
}

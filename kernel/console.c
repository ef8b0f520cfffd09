/*
 * The console. One thread for each output follows the record of what was
 * printed; one for each input waits for keys. Domains may die under any of
 * them: the call is made again of the next generation.
 */
#include "kernel/console.h"

#include "core.h"
#include "kernel/answer.h"
#include "kernel/domain.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/tsc.h"

#define KEYS  128u
#define CHUNK 128u

static struct import serial, screen, keyboard;
static char keys[KEYS];
static u32 keys_first, keys_end;
static struct wait_queue key_queue = { { &key_queue.threads,
					 &key_queue.threads } };

struct output {
	const char *name;
	i32 (*write)(const char *text, u32 size);
	u32 at;
	u32 shown; /* what comes was there before, as a report */
	struct thread *thread;
};

/*
 * All of it, through restarts and full queues; by polling once the domain is
 * off, so that somebody can be told.
 */
static i32 serial_out(const char *text, u32 size)
{
	u32 done = 0;

	while (done < size) {
		i32 n = answer_count(down_serial_write(&serial, text + done,
						       size - done),
				     size - done);

		if (n > 0)
			done += (u32)n;
		else if (n == 0)
			down_serial_drain(&serial);
		else if (n != -E_GONE || import_revive(&serial) < 0)
			break;
	}
	print_polled(text + done, size - done);
	return 0;
}

static i32 screen_out(const char *text, u32 size)
{
	i32 n;

	while ((n = down_screen_write(&screen, text, size)) == -E_GONE)
		if (import_revive(&screen) < 0)
			return n;
	return n;
}

static struct output serial_output = { .name = "to serial",
				       .write = serial_out };
static struct output screen_output = { .name = "to screen",
				       .write = screen_out };

/* What is new, with newlines as terminals want them. */
static u32 for_terminal(struct output *o, char *to, const char *text, u32 size)
{
	u32 n = 0;

	for (u32 i = 0; i < size; i++) {
		if (text[i] == PRINT_SHOWN || text[i] == PRINT_NEW) {
			o->shown = text[i] == PRINT_SHOWN;
			continue;
		}
		if (o->shown)
			continue;
		if (text[i] == '\n')
			to[n++] = '\r';
		to[n++] = text[i];
	}
	return n;
}

static void output_thread(void *argument)
{
	struct output *o = argument;

	for (;;) {
		char text[CHUNK], terminal[2 * CHUNK];
		u32 at = o->at;

		scheduler_lock();
		while (at == print_end())
			wait_in(print_queue(), WAIT_FOREVER);
		scheduler_unlock();
		u32 n = print_read(&at, text, sizeof(text));
		o->write(terminal, for_terminal(o, terminal, text, n));
		o->at = at;
	}
}

void console_drain(void)
{
	u32 end = print_end();

	for (u32 i = 0; i < 2000; i++) {
		if ((!serial_output.thread || serial_output.at == end) &&
		    (!screen_output.thread || screen_output.at == end))
			break;
		thread_sleep(tsc_now() + 1000000);
	}
	if (serial.domain)
		down_serial_drain(&serial);
}

void console_write(const char *text, u32 size)
{
	if (!options.com1_is_channel)
		print_bytes(text, size);
	else if (serial.domain)
		serial_out(text, size);
	else
		print_polled(text, size);
}

static void keys_add(const char *text, u32 size)
{
	scheduler_lock();
	for (u32 i = 0; i < size && keys_end - keys_first < KEYS; i++)
		keys[keys_end++ % KEYS] = text[i];
	wake_all(&key_queue);
	scheduler_unlock();
}

char console_key(void)
{
	char key;

	scheduler_lock();
	while (keys_first == keys_end)
		wait_in(&key_queue, WAIT_FOREVER);
	key = keys[keys_first++ % KEYS];
	scheduler_unlock();
	return key;
}

i32 console_key_now(void)
{
	i32 key = -1;

	scheduler_lock();
	if (keys_first != keys_end)
		key = (u8)keys[keys_first++ % KEYS];
	scheduler_unlock();
	return key;
}

/* A domain that is off for now is asked again a second later. */
static void input_failed(struct import *from_domain, i32 error)
{
	if (error == -E_GONE && import_revive(from_domain) == 0)
		return;
	if (error < 0 && error != -E_TIME)
		thread_sleep(tsc_now() + 1000000000);
}

static void serial_input(void *argument)
{
	char text[32];

	(void)argument;
	for (;;) {
		i32 n = answer_count(down_serial_read(&serial, 0, text,
						      sizeof(text)),
				     sizeof(text));

		if (n > 0)
			keys_add(text, (u32)n);
		input_failed(&serial, n);
	}
}

static void keyboard_input(void *argument)
{
	char text[32];

	(void)argument;
	for (;;) {
		i32 n = answer_count(down_keyboard_read(&keyboard, 0, text,
							sizeof(text)),
				     sizeof(text));

		if (n > 0)
			keys_add(text, (u32)n);
		input_failed(&keyboard, n);
	}
}

static void open_output(struct output *o)
{
	o->thread = thread_start(o->name, RANK_NORMAL, output_thread, o);
	assert(o->thread);
}

void console_start(void)
{
	if (import_bind(&serial, "serial", 0) == 0 &&
	    !options.com1_is_channel) {
		open_output(&serial_output);
		thread_start("from serial", RANK_NORMAL, serial_input, 0);
	}
	if (import_bind(&screen, "screen", 0) == 0)
		open_output(&screen_output);
	if (import_bind(&keyboard, "keyboard", 0) == 0)
		thread_start("from keyboard", RANK_NORMAL, keyboard_input, 0);
}

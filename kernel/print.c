/*
 * The core's own words. A line goes into a ring, which the console thread
 * hands to the console domains, and at once to COM2, or port E9; reports go
 * to COM1 and the screen as well, by polling, whatever state the drivers of
 * those are in.
 */
#include "kernel/print.h"

#include "kernel/cpu.h"
#include "kernel/lock.h"
#include "kernel/port.h"
#include "kernel/thread.h"

#define RING_SIZE 32768u /* a power of two */
#define COM1	  0x3F8
#define COM2	  0x2F8
#define FIFO	  16u
#define LINE_SIZE 512

static char ring[RING_SIZE];
static u32 ring_end;
static struct spinlock print_lock = SPINLOCK("print");
static struct wait_queue readers = { { &readers.threads, &readers.threads } };
static u32 com1_is_channel, com2_there, panic_mode;
static u16 *screen;

/* Wait until the 16550 has sent all it had: then its FIFO takes FIFO bytes. */
static void polled_wait(u16 port)
{
	for (u32 i = 0; i < 100000 && !(port_in8((u16)(port + 5)) & 0x20); i++)
		;
}

static void polled_bytes(u16 port, const char *text, u32 size)
{
	for (u32 i = 0; i < size; i++) {
		if (i % FIFO == 0)
			polled_wait(port);
		port_out8(port, (u8)text[i]);
	}
}

static void polled_line(u16 port, const char *text, u32 size)
{
	for (u32 i = 0; i < size; i++) {
		if (text[i] == '\n')
			polled_bytes(port, "\r", 1);
		polled_bytes(port, &text[i], 1);
	}
}

void print_polled(const char *text, u32 size)
{
	polled_bytes(COM1, text, size);
}

/*
 * The screen's only cursor is the one in the CRT controller, which its domain
 * uses too: so both can write in turn.
 */
static u32 cursor_read(void)
{
	port_out8(0x3D4, 14);
	u32 high = port_in8(0x3D5);
	port_out8(0x3D4, 15);
	return (high << 8 | port_in8(0x3D5)) % (80 * 25);
}

static void cursor_write(u32 at)
{
	port_out8(0x3D4, 14);
	port_out8(0x3D5, (u8)(at >> 8));
	port_out8(0x3D4, 15);
	port_out8(0x3D5, (u8)at);
}

static void screen_line(const char *text, u32 size)
{
	u32 at = cursor_read();

	for (u32 i = 0; i < size; i++) {
		if (text[i] == '\n')
			at += 80 - at % 80;
		else
			screen[at++] = (u16)(0x4F00 | (u8)text[i]);
		if (at < 80 * 25)
			continue;
		for (u32 cell = 0; cell < 80 * 24; cell++)
			screen[cell] = screen[cell + 80];
		for (u32 cell = 80 * 24; cell < 80 * 25; cell++)
			screen[cell] = 0x0720;
		at -= 80;
	}
	cursor_write(at);
}

static void ring_byte(char c)
{
	ring[ring_end++ % RING_SIZE] = c;
}

static void ring_add(const char *text, u32 size, u32 everywhere)
{
	if (everywhere)
		ring_byte(PRINT_SHOWN);
	for (u32 i = 0; i < size; i++)
		ring_byte(text[i]);
	if (everywhere)
		ring_byte(PRINT_NEW);
}

static void log_out(const char *text, u32 size)
{
	for (u32 i = 0; i < size; i++) {
		if (text[i] == PRINT_SHOWN || text[i] == PRINT_NEW)
			continue;
		if (com2_there)
			polled_bytes(COM2, &text[i], 1);
		else
			port_out8(0xE9, (u8)text[i]);
	}
}

static u32 drained; /* position up to which the log port has it all */
static u32 draining;
static struct thread *drainer;

/* Send what the ring has gained, with interrupts on. One thread at a time. */
static void drain(void)
{
	char text[64];
	u32 n;

	while (drained != ring_end &&
	       !__atomic_exchange_n(&draining, 1, __ATOMIC_ACQUIRE)) {
		u32 at = drained;

		while ((n = print_read(&at, text, sizeof(text)))) {
			log_out(text, n);
			drained = at;
		}
		__atomic_store_n(&draining, 0, __ATOMIC_RELEASE);
	}
}

/* The port is slow: a thread of its own waits for it, nobody else. */
static void drainer_main(void *argument)
{
	(void)argument;
	for (;;) {
		scheduler_lock();
		while (drained == ring_end)
			wait_in(&readers, WAIT_FOREVER);
		scheduler_unlock();
		drain();
	}
}

void print_start(void)
{
	drainer = thread_start("log port", RANK_NORMAL, drainer_main, 0);
}

/*
 * The vga domain may be between its two port accesses: so with the world
 * stopped, and its index register left as it was.
 */
static void screen_alone(const char *text, u32 size)
{
	if (!panic_mode)
		world_stop();
	u8 index = port_in8(0x3D4);
	screen_line(text, size);
	port_out8(0x3D4, index);
	if (!panic_mode)
		world_start();
}

static void emit(const char *text, u32 size, u32 everywhere)
{
	if (panic_mode) {
		ring_add(text, size, 1);
		log_out(text, size);
		drained = ring_end;
	} else {
		spin_lock(&print_lock);
		ring_add(text, size, everywhere);
		spin_unlock(&print_lock);
		if (!drainer)
			drain();
	}
	if (!everywhere && !panic_mode)
		return;
	if (!com1_is_channel)
		polled_line(COM1, text, size);
	if (screen)
		screen_alone(text, size);
}

static void wake_readers(void)
{
	if (panic_mode)
		return;
	scheduler_lock();
	wake_all(&readers);
	scheduler_unlock();
}

void print_bytes(const char *text, u32 size)
{
	emit(text, size, 0);
	wake_readers();
}

void print(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list list;

	va_start(list, format);
	print_bytes(line, print_list(line, sizeof(line), format, list));
	va_end(list);
}

void report(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list list;

	va_start(list, format);
	emit(line, print_list(line, sizeof(line), format, list), 1);
	va_end(list);
}

u32 print_read(u32 *at, char *buffer, u32 size)
{
	u32 n = 0;

	spin_lock(&print_lock);
	if (ring_end - *at > RING_SIZE)
		*at = ring_end - RING_SIZE;
	while (n < size && *at != ring_end)
		buffer[n++] = ring[(*at)++ % RING_SIZE];
	spin_unlock(&print_lock);
	return n;
}

struct wait_queue *print_queue(void)
{
	return &readers;
}

u32 print_end(void)
{
	return ring_end;
}

void print_init(u32 channel)
{
	com1_is_channel = channel;
	port_out8(COM2 + 7, 0x5A); /* the scratch register: is there a COM2? */
	com2_there = port_in8(COM2 + 7) == 0x5A;
	if (com2_there) { /* 8 bits, FIFO on */
		port_out8(COM2 + 3, 0x80);
		port_out8(COM2, 1); /* 115,200 baud */
		port_out8(COM2 + 1, 0);
		port_out8(COM2 + 3, 3);
		port_out8(COM2 + 2, 7);
	}
}

void print_set_screen(void *text_memory)
{
	screen = text_memory;
}

/* What the drainer has not sent yet goes out first. */
void print_panic_mode(void)
{
	panic_mode = 1;
	for (; drained != ring_end; drained++)
		log_out(&ring[drained % RING_SIZE], 1);
}

void print_flush(void)
{
	while (!panic_mode && drained != ring_end) {
		drain(); /* unless the drainer is at it */
		thread_yield();
	}
	for (u32 i = 0; i < 100000 && com2_there; i++)
		if (port_in8(COM2 + 5) & 0x40)
			return;
}

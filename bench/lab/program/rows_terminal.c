/*
 * Terminal traffic: a line typed into a pseudoterminal and answered by the
 * process that reads it, and pages of text written out through one. The
 * terminal cooks both ways: it echoes, and makes two characters of a newline.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "bench/lab/program/rows.h"
#include "bench/lab/program/sample.h"

#define LINE   "the quick brown fox jumps over the lazy dog\n"
#define ANSWER "done\n"

static int master, slave, child;
static char page[8192];

/* Newlines that have been read and not yet been asked for. */
static uint32_t ahead;

/* Reads until so many more newlines have come. */
static void lines_read(int file, uint32_t lines)
{
	const char *at;
	long done;

	while (ahead < lines) {
		done = must(read(file, page, sizeof(page)), "read");
		if (!done)
			_exit(0);
		for (at = page; at < page + done; at++)
			ahead += *at == '\n';
	}
	ahead -= lines;
}

static void all_write(const char *text, size_t size)
{
	long done;

	for (; size; text += done, size -= (size_t)done)
		done = must(write(slave, text, size), "write");
}

static void terminal_make(const struct row *row)
{
	char name[32];
	int number, unlocked = 0;

	(void)row;
	ahead = 0;
	master = (int)must(open("/dev/ptmx", O_RDWR | O_NOCTTY), "/dev/ptmx");
	must(ioctl(master, TIOCSPTLCK, &unlocked), "TIOCSPTLCK");
	must(ioctl(master, TIOCGPTN, &number), "TIOCGPTN");
	snprintf(name, sizeof(name), "/dev/pts/%d", number);
	slave = (int)must(open(name, O_RDWR | O_NOCTTY), name);
}

static void terminal_close(const struct row *row)
{
	(void)row;
	must(waitpid(child, NULL, 0), "waitpid");
	close(slave);
	close(master);
}

/* The echo is one line, the answer another. */
static void lines_run(const struct row *row)
{
	uint32_t n;

	child = (int)must(fork(), "fork");
	for (n = 0; n <= row->count; n++) {
		if (!child) {
			lines_read(slave, 1);
			all_write(ANSWER, strlen(ANSWER));
			continue;
		}
		must(write(master, LINE, strlen(LINE)), "write");
		lines_read(master, 2);
		if (n)
			sample_take();
		else
			sample_start();
	}
	if (!child)
		_exit(0);
}

/* `size` bytes of lines, written at once by the child. */
static void pages_run(const struct row *row)
{
	static char text[4096];
	uint32_t n, lines = 0, at;

	for (at = 0; at + strlen(LINE) <= row->size; at += strlen(LINE)) {
		memcpy(text + at, LINE, strlen(LINE));
		lines++;
	}
	child = (int)must(fork(), "fork");
	for (n = 0; n <= row->count; n++) {
		if (!child) {
			all_write(text, at);
			continue;
		}
		lines_read(master, lines);
		if (n)
			sample_take();
		else
			sample_start();
	}
	if (!child)
		_exit(0);
}

const struct row rows_terminal[] = {
	{ "tty", 1000, 0, terminal_make, lines_run, terminal_close },
	{ "tty-4k", 200, 4096, terminal_make, pages_run, terminal_close },
	{ NULL, 0, 0, NULL, NULL, NULL },
};

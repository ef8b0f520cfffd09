/*
 * A terminal: its settings and its two queues, in kept memory. What a call
 * changed becomes valid when it ends (terminal_commit): a domain that dies in
 * the middle has taken no byte and echoed none.
 */
#ifndef TTY_TERMINALS_H
#define TTY_TERMINALS_H

#include "tty.h"

#define QUEUE	  4096u /* bytes that may wait */
#define RING	  (2 * QUEUE) /* bytes got last are there for a repetition */
#define TERMINALS 64u
#define MACHINE	  3u /* terminals before it have hardware behind them */

/* Control characters, by their place in settings.characters. */
enum character {
	INTR, QUIT, ERASE, KILL, END_OF_FILE, TIME, MIN, SWTC, START, STOP,
	SUSP, EOL, REPRINT, DISCARD, WERASE, LNEXT, EOL2,
};

/* Modes as Linux has them on i386 (asm-generic/termbits.h). */
enum input_mode {
	ISTRIP = 040, INLCR = 0100, IGNCR = 0200, ICRNL = 0400,
	IUCLC = 01000, IXON = 02000, IXANY = 04000, IXOFF = 010000, IMAXBEL = 020000,
	IUTF8 = 040000,
};

enum output_mode {
	OPOST = 1, ONLCR = 4, OCRNL = 010, ONOCR = 020, ONLRET = 040,
	TABS_EXPAND = 014000,
};

enum local_mode {
	ISIG = 1, ICANON = 2, ECHO = 010, ECHOE = 020, ECHOK = 040,
	ECHONL = 0100, NOFLSH = 0200, TOSTOP = 0400, ECHOCTL = 01000,
	ECHOKE = 04000, IEXTEN = 0100000,
};

enum side { SLAVE = 1, MASTER = 2 };

enum ready { READY_IN = 1, READY_OUT = 4, READY_HANGUP = 16 };

struct queue {
	u32 out, in; /* bytes ever got and put */
};

/* The last read or write of a side, should it come again. */
struct operation {
	u32 number; /* 0: none that could come again */
	i32 answer;
	u32 begin, end; /* what a read took of its queue */
};

struct terminal {
	u32 used;
	u32 open[2]; /* slave, master */
	u32 slave_was_open;
	u32 stopped; /* output, by STOP */
	u32 literal; /* the next character is taken as it is */
	u32 column;
	u32 start; /* the column in which the line being typed began */
	u32 line; /* input from here on is not a whole line yet */
	u32 signals; /* bits: that the last typing raised */
	struct operation last[2]; /* slave's, master's */
	struct terminal_settings settings;
	struct terminal_window window;
	struct queue input, output;
	u32 ends[RING / 32]; /* bit: that byte of input ends a line */
	u32 eofs[RING / 32]; /* bit: and is not itself to be read */
	char input_bytes[RING];
	char output_bytes[RING];
};

/* By number; NULL if there is none. */
struct terminal *terminal_at(u32 number);
u32 terminal_number(const struct terminal *t);

/* Before the first change to t in a call, and after the last. */
void terminal_begin(struct terminal *t);
void terminal_commit(struct terminal *t);

static inline u32 queue_used(const struct queue *q)
{
	return q->in - q->out;
}

/* ---- discipline.c ---- */

/* Take one typed character. False, with nothing done, if there is no room. */
bool discipline_type(struct terminal *t, char c);

/* Bytes that are there to be read. */
u32 discipline_readable(const struct terminal *t);

/* Whether a read of `room` bytes finds what it must: anything of a line, or
 * as many bytes as MIN says. */
bool discipline_enough(const struct terminal *t, u32 room);

/* The modes changed between lines and characters. */
void discipline_changed(struct terminal *t);
void discipline_flush_input(struct terminal *t);
void discipline_flush_output(struct terminal *t);

/* ---- output.c ---- */

/* Put one character of a program's, as the modes have it; false: no room. */
bool output_put(struct terminal *t, char c);

/* Echo a typed one, if there is room: as it is, or as ^X. */
void output_echo(struct terminal *t, char c);
void output_text(struct terminal *t, const char *text);

/* Take back what echoing c, just erased from the input's end, has shown. */
void output_erase(struct terminal *t, char c);

#endif

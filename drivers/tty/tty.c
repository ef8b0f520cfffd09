/*
 * The `terminal` gate: numbers to terminals, both sides' bytes, settings. The
 * discipline is in discipline.c, output processing in output.c.
 */
#include "terminals.h"

#define CHUNK 256u

static struct terminal *terminals; /* in kept memory */
static u32 input_from, output_from; /* queues' ends when the call began */

/* What a login finds: as Linux' terminals begin. */
static const struct terminal_settings initial = {
	.input = ICRNL | IXON,
	.output = OPOST | ONLCR,
	.control = 0xBF, /* B38400 CS8 CREAD */
	.local = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE |
		 IEXTEN,
	.characters = { [INTR] = 3, [QUIT] = 28, [ERASE] = 127, [KILL] = 21,
			[END_OF_FILE] = 4, [MIN] = 1, [START] = 17, [STOP] = 19,
			[SUSP] = 26, [REPRINT] = 18, [DISCARD] = 15,
			[WERASE] = 23, [LNEXT] = 22 },
};

/* The part of a terminal in front of its bytes. */
#define HEAD offsetof(struct terminal, input_bytes)

struct part {
	u32 at, bytes;
};

i32 life_start(u32 generation)
{
	i32 at = memory_kept();

	(void)generation;
	if (at < 0)
		return at;
	terminals = (struct terminal *)at;
	return 0;
}

static u32 terminals_mapped(void)
{
	i32 bytes = memory_kept_size();

	return bytes < 0 ? 0 : (u32)bytes / sizeof(struct terminal);
}

struct terminal *terminal_at(u32 number)
{
	if (number >= TERMINALS || number >= terminals_mapped() ||
	    !terminals[number].used)
		return NULL;
	return &terminals[number];
}

u32 terminal_number(const struct terminal *t)
{
	return (u32)(t - terminals);
}

void terminal_begin(struct terminal *t)
{
	input_from = t->input.in;
	output_from = t->output.in;
}

/* The parts of a ring between two positions. */
static u32 ring_parts(struct part *parts, const char *ring, u32 begin, u32 end)
{
	u32 first = begin % QUEUE, n = end - begin;

	if (n > QUEUE) { /* bytes were taken back */
		first = 0;
		n = QUEUE;
	}
	if (!n)
		return 0;
	parts[0] = (struct part){ (u32)(ring + first), min(n, QUEUE - first) };
	if (first + n <= QUEUE)
		return 1;
	parts[1] = (struct part){ (u32)ring, first + n - QUEUE };
	return 2;
}

void terminal_commit(struct terminal *t)
{
	struct part parts[5] = { { (u32)t, HEAD } };
	u32 n = 1;

	n += ring_parts(parts + n, t->input_bytes, input_from, t->input.in);
	n += ring_parts(parts + n, t->output_bytes, output_from, t->output.in);
	memory_commit_parts((const u8 *)parts, n * sizeof(*parts));
}

static i32 terminal_grow(u32 number)
{
	u32 needed = (number + 1) * sizeof(struct terminal);
	i32 have = memory_kept_size();

	if (have < 0 || (u32)have >= needed)
		return have < 0 ? have : 0;
	return memory_kept_grow((needed - (u32)have + 4095) & ~4095u);
}

i32 terminal_make(u32 number)
{
	u32 least = number ? number : 3, most = number ? number + 1 : TERMINALS;

	if (most > TERMINALS)
		return -E_RANGE;
	for (u32 i = least; i < most; i++) {
		struct terminal *t = &terminals[i];
		i32 error = terminal_grow(i);

		if (error < 0)
			return error;
		if (t->used && !number)
			continue;
		if (t->used)
			return (i32)i; /* a fixed one, made before */
		memset(t, 0, HEAD);
		t->used = 1;
		t->settings = initial;
		terminal_begin(t);
		terminal_commit(t);
		return (i32)i;
	}
	return -E_MEMORY;
}

i32 terminal_opened(u32 number, u32 side)
{
	struct terminal *t = terminal_at(number);

	if (!t || (side != SLAVE && side != MASTER))
		return -E_NAME;
	terminal_begin(t);
	t->open[side - 1] = 1;
	if (side == SLAVE)
		t->slave_was_open = 1;
	terminal_commit(t);
	return 0;
}

i32 terminal_closed(u32 number, u32 side)
{
	struct terminal *t = terminal_at(number);

	if (!t || (side != SLAVE && side != MASTER))
		return -E_NAME;
	terminal_begin(t);
	t->open[side - 1] = 0;
	if (number >= 3 && !t->open[0] && !t->open[1])
		t->used = 0;
	terminal_commit(t);
	notice_ready(number, READY_IN | READY_OUT | READY_HANGUP);
	return 0;
}

static bool hung_up(const struct terminal *t)
{
	return !t->open[1];
}

/* One line, or less if there is no room for it; without lines, what is there.*/
static u32 read_some(struct terminal *t, into char *text, u32 room)
{
	u32 done = 0;
	bool ended = false;

	while (done < room && t->input.out != t->line && !ended) {
		char chunk[CHUNK];
		u32 n = 0;

		while (n < CHUNK && done + n < room &&
		       t->input.out != t->line && !ended) {
			u32 at = t->input.out++ % QUEUE;
			u32 bit = 1u << at % 32;

			ended = t->settings.local & ICANON &&
				t->ends[at / 32] & bit;
			if (!(t->eofs[at / 32] & bit))
				chunk[n++] = t->input_bytes[at];
		}
		give(text + done, chunk, n);
		done += n;
	}
	return done;
}

i32 terminal_read(u32 number, into char *text, u32 room)
{
	struct terminal *t = terminal_at(number);
	u32 n;

	if (!t)
		return -E_NAME;
	if (t->input.out == t->line) {
		if (hung_up(t))
			return 0;
		if (!(t->settings.local & ICANON) &&
		    !t->settings.characters[MIN])
			return -E_TIME; /* the caller waits TIME, or not */
		return -E_AGAIN;
	}
	terminal_begin(t);
	n = read_some(t, text, room);
	terminal_commit(t);
	notice_ready(number, READY_OUT);
	return (i32)n;
}

i32 terminal_write(u32 number, from char *text, u32 size)
{
	struct terminal *t = terminal_at(number);
	u32 done = 0, full = 0;

	if (!t)
		return -E_NAME;
	if (hung_up(t))
		return -E_DEVICE;
	terminal_begin(t);
	while (done < size && !full) {
		char chunk[CHUNK];
		u32 n = min(size - done, CHUNK), i = 0;

		take(chunk, text + done, n);
		while (i < n && output_put(t, chunk[i]))
			i++;
		done += i;
		full = i < n;
	}
	if (!done)
		return size ? -E_AGAIN : 0;
	terminal_commit(t);
	notice_ready(number, READY_IN);
	return (i32)done;
}

i32 terminal_input(u32 number, from char *text, u32 size)
{
	struct terminal *t = terminal_at(number);
	u32 done = 0, full = 0;

	if (!t)
		return -E_NAME;
	terminal_begin(t);
	while (done < size && !full) {
		char chunk[CHUNK];
		u32 n = min(size - done, CHUNK), i = 0;

		take(chunk, text + done, n);
		while (i < n && discipline_type(t, chunk[i])) {
			input_from = min(input_from, t->input.in);
			i++;
		}
		done += i;
		full = i < n;
	}
	if (!done)
		return size ? -E_AGAIN : 0;
	terminal_commit(t);
	notice_ready(number, READY_IN | READY_OUT);
	return (i32)done;
}

i32 terminal_output(u32 number, into char *text, u32 room)
{
	struct terminal *t = terminal_at(number);
	u32 n, first;

	if (!t)
		return -E_NAME;
	n = t->stopped ? 0 : min(queue_used(&t->output), room);
	if (!n)
		return t->slave_was_open && !t->open[0] ? -E_CLOSED : -E_AGAIN;
	terminal_begin(t);
	first = t->output.out % QUEUE;
	if (first + n > QUEUE) {
		give(text, t->output_bytes + first, QUEUE - first);
		give(text + (QUEUE - first), t->output_bytes,
		     n - (QUEUE - first));
	} else {
		give(text, t->output_bytes + first, n);
	}
	t->output.out += n;
	terminal_commit(t);
	notice_ready(number, READY_OUT);
	return (i32)n;
}

i32 terminal_ready(u32 number, u32 side)
{
	struct terminal *t = terminal_at(number);
	i32 bits = 0;

	if (!t)
		return READY_HANGUP;
	if (side == SLAVE) {
		if (discipline_readable(t))
			bits |= READY_IN;
		if (queue_used(&t->output) < QUEUE / 2)
			bits |= READY_OUT;
		if (hung_up(t))
			bits |= READY_HANGUP | READY_IN;
		return bits;
	}
	if (queue_used(&t->output) && !t->stopped)
		bits |= READY_IN;
	if (queue_used(&t->input) < QUEUE / 2)
		bits |= READY_OUT;
	if (t->slave_was_open && !t->open[0])
		bits |= READY_HANGUP;
	return bits;
}

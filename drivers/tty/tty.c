/*
 * The `terminal` gate: numbers to terminals, both sides' bytes, settings. The
 * discipline is in discipline.c, output processing in output.c.
 */
#include "terminals.h"

#define CHUNK 256u

static struct terminal *terminals; /* in kept memory */
static u32 terminal_bytes; /* of that, mapped */
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

/* The part of a terminal in front of what belongs to single bytes. */
#define HEAD offsetof(struct terminal, ends)

struct part {
	u32 at, bytes;
};

i32 life_start(u32 generation)
{
	i32 at = memory_kept(), bytes = memory_kept_size();

	(void)generation;
	if (at < 0 || bytes < 0)
		return min(at, bytes);
	terminals = (struct terminal *)at;
	terminal_bytes = (u32)bytes;
	return 0;
}

struct terminal *terminal_at(u32 number)
{
	if (number >= TERMINALS ||
	    (number + 1) * sizeof(struct terminal) > terminal_bytes ||
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
	u32 first = begin % RING, n = end - begin;

	if (n > RING) { /* bytes were taken back, or flushed in between */
		first = 0;
		n = RING;
	}
	if (!n)
		return 0;
	parts[0] = (struct part){ (u32)(ring + first), min(n, RING - first) };
	if (first + n <= RING)
		return 1;
	parts[1] = (struct part){ (u32)ring, first + n - RING };
	return 2;
}

void terminal_commit(struct terminal *t)
{
	struct part parts[6] = { { (u32)t, HEAD } };
	u32 n = 1;

	if (t->input.in != input_from)
		parts[n++] = (struct part){
			(u32)t->ends, sizeof(t->ends) + sizeof(t->eofs)
		};
	n += ring_parts(parts + n, t->input_bytes, input_from, t->input.in);
	n += ring_parts(parts + n, t->output_bytes, output_from, t->output.in);
	memory_commit_parts((const u8 *)parts, n * sizeof(*parts));
}

static i32 terminal_grow(u32 number)
{
	u32 needed = (number + 1) * sizeof(struct terminal);
	u32 more = (needed - terminal_bytes + 4095) & ~4095u;
	i32 error;

	if (terminal_bytes >= needed)
		return 0;
	error = memory_kept_grow(more);
	if (error >= 0)
		terminal_bytes += more;
	return error;
}

i32 terminal_make(u32 number)
{
	struct terminal *t = &terminals[number];
	i32 error;

	if (number >= TERMINALS)
		return -E_RANGE;
	error = terminal_grow(number);
	if (error < 0)
		return error;
	if (t->used && (t->open[0] || t->open[1]))
		return 0;
	memset(t, 0, HEAD);
	t->used = 1;
	t->settings = initial;
	terminal_begin(t);
	terminal_commit(t);
	return 0;
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
	if (number >= MACHINE && !t->open[0] && !t->open[1])
		t->used = 0;
	terminal_commit(t);
	notice_ready(number, READY_IN | READY_OUT | READY_HANGUP);
	return 0;
}

/* Whoever writes to it may wait until it is not. */
static bool half_full(const struct queue *q)
{
	return queue_used(q) >= QUEUE / 2;
}

static bool hung_up(const struct terminal *t)
{
	return !t->open[1];
}

static bool marked(const u32 *bits, u32 at)
{
	at %= RING;
	return bits[at / 32] & 1u << at % 32;
}

/* Where a read ends: with its line, or before if there is no room for it;
 * without lines, with what is there. */
static u32 read_end(const struct terminal *t, u32 room)
{
	u32 at = t->input.out, bytes = 0;
	bool ended = false;

	for (; bytes < room && at != t->line && !ended; at++) {
		ended = t->settings.local & ICANON && marked(t->ends, at);
		bytes += !marked(t->eofs, at);
	}
	return at;
}

static i32 input_give(const struct terminal *t, const struct operation *o,
		      into char *text)
{
	u32 at = o->begin, done = 0;

	while (at != o->end) {
		char chunk[CHUNK];
		u32 n = 0;

		for (; n < CHUNK && at != o->end; at++)
			if (!marked(t->eofs, at))
				chunk[n++] = t->input_bytes[at % RING];
		give(text + done, chunk, n);
		done += n;
	}
	return (i32)done;
}

static i32 too_little_to_read(const struct terminal *t)
{
	if (hung_up(t))
		return 0;
	if (t->settings.local & ICANON)
		return -E_AGAIN;
	if (t->settings.characters[MIN] &&
	    !(t->settings.characters[TIME] && discipline_readable(t)))
		return -E_AGAIN;
	return -E_TIME;
}

/*
 * What is read is committed before it is given: if that comes again, it finds
 * the bytes where they were.
 */
i32 terminal_read(u32 number, u32 op, into char *text, u32 room)
{
	struct terminal *t = terminal_at(number);
	struct operation *last;
	bool tell = true;
	i32 n;

	if (!t)
		return -E_NAME;
	last = &t->last[SLAVE - 1];
	if (last->number != op) {
		if (!discipline_enough(t, room))
			return too_little_to_read(t);
		tell = half_full(&t->input);
		terminal_begin(t);
		*last = (struct operation){ op, 0, t->input.out,
					    read_end(t, room) };
		t->input.out = last->end;
		terminal_commit(t);
	}
	n = input_give(t, last, text);
	if (tell)
		notice_ready(number, READY_OUT);
	return n;
}

/* Bytes of `text` that `put` took. */
static u32 put_all(struct terminal *t, from char *text, u32 size,
		   bool (*put)(struct terminal *t, char c))
{
	u32 done = 0, full = 0;

	while (done < size && !full) {
		char chunk[CHUNK];
		u32 n = min(size - done, CHUNK), i = 0;

		take(chunk, text + done, n);
		while (i < n && put(t, chunk[i])) {
			input_from = min(input_from, t->input.in);
			i++;
		}
		done += i;
		full = i < n;
	}
	return done;
}

i32 terminal_write(u32 number, u32 op, from char *text, u32 size)
{
	struct terminal *t = terminal_at(number);
	struct operation *last;
	u32 done;

	if (!t)
		return -E_NAME;
	last = &t->last[SLAVE - 1];
	if (last->number != op) {
		if (hung_up(t))
			return -E_DEVICE;
		terminal_begin(t);
		done = t->stopped ? 0 : put_all(t, text, size, output_put);
		if (!done)
			return size ? -E_AGAIN : 0;
		*last = (struct operation){ .number = op,
					    .answer = (i32)done };
		terminal_commit(t);
	}
	notice_ready(number, READY_IN);
	return last->answer;
}

static void signals_send(const struct terminal *t)
{
	for (u32 signal = 1; signal < 32; signal++)
		if (t->signals & 1u << signal)
			notice_signal(terminal_number(t), signal);
}

i32 terminal_input(u32 number, u32 op, from char *text, u32 size)
{
	struct terminal *t = terminal_at(number);
	struct operation *last;
	u32 done;

	if (!t)
		return -E_NAME;
	last = &t->last[MASTER - 1];
	if (last->number != op) {
		terminal_begin(t);
		t->signals = 0;
		done = put_all(t, text, size, discipline_type);
		if (!done)
			return size ? -E_AGAIN : 0;
		*last = (struct operation){ .number = op,
					    .answer = (i32)done };
		terminal_commit(t);
	}
	signals_send(t);
	notice_ready(number, READY_IN | READY_OUT);
	return last->answer;
}

static i32 output_give(const struct terminal *t, const struct operation *o,
		       into char *text)
{
	u32 first = o->begin % RING, n = o->end - o->begin;
	u32 straight = min(n, RING - first);

	give(text, t->output_bytes + first, straight);
	if (n > straight)
		give(text + straight, t->output_bytes, n - straight);
	return (i32)n;
}

i32 terminal_output(u32 number, u32 op, into char *text, u32 room)
{
	struct terminal *t = terminal_at(number);
	struct operation *last;
	bool tell = true;
	i32 n;

	if (!t)
		return -E_NAME;
	last = &t->last[MASTER - 1];
	if (last->number != op) {
		u32 begin = t->output.out;
		u32 size = t->stopped ? 0 : min(queue_used(&t->output), room);

		if (!size)
			return t->slave_was_open && !t->open[0] ? -E_CLOSED :
								  -E_AGAIN;
		/* of the machine's somebody may wait until all has gone */
		tell = number < MACHINE || half_full(&t->output);
		terminal_begin(t);
		*last = (struct operation){ op, 0, begin, begin + size };
		t->output.out += size;
		terminal_commit(t);
	}
	n = output_give(t, last, text);
	if (tell)
		notice_ready(number, READY_OUT);
	return n;
}

i32 terminal_ready(u32 number, u32 side)
{
	struct terminal *t = terminal_at(number);
	i32 bits = 0;

	if (!t)
		return READY_HANGUP;
	if (side == SLAVE) {
		if (discipline_enough(t, t->settings.characters[TIME] ? 1 :
								QUEUE))
			bits |= READY_IN;
		if (!half_full(&t->output) && !t->stopped)
			bits |= READY_OUT;
		if (hung_up(t))
			bits |= READY_HANGUP | READY_IN;
		return bits;
	}
	if (queue_used(&t->output) && !t->stopped)
		bits |= READY_IN;
	if (!half_full(&t->input))
		bits |= READY_OUT;
	if (t->slave_was_open && !t->open[0])
		bits |= READY_HANGUP;
	return bits;
}

/*
 * The screen's language: ECMA-48 as far as terminals of type `ansi` and plain
 * `linux` ones need it. Sequences may be cut anywhere between two writes; an
 * unknown one is read to its end and ignored.
 */
#include "ansi.h"

#define MAGIC	     0x214E4550u
#define NUMBERS_MOST 8
#define NUMBER_MOST  999
#define TAB	     8
#define ESCAPE	     '\x1B'

enum phase { PHASE_TEXT, PHASE_ESCAPE, PHASE_SEQUENCE };

struct pen {
	u32 magic;
	u8 fore, back; /* VGA colours */
	u8 bright, reverse;
	u8 full; /* the last column was written: the next one wraps */
	u8 phase; /* enum phase */
	u8 foreign; /* the sequence is marked as not from ECMA-48 */
	u8 count; /* of numbers read so far */
	u16 saved; /* cursor, for ESC [ s and u */
	u16 numbers[NUMBERS_MOST];
};

static const struct pen fresh = { .magic = MAGIC, .fore = 7 };
static struct pen pen;

void pen_save(void *place)
{
	memcpy(place, &pen, sizeof pen);
}

void pen_load(const void *place)
{
	memcpy(&pen, place, sizeof pen);
	if (pen.magic != MAGIC || pen.phase > PHASE_SEQUENCE ||
	    pen.count >= NUMBERS_MOST || pen.saved >= SCREEN_CELLS)
		pen = fresh;
}

static u16 cell(char c)
{
	u32 fore = pen.fore | (pen.bright ? 8u : 0u);
	u32 attribute = pen.reverse ? (fore & 7) << 4 | pen.back :
				      (u32)pen.back << 4 | fore;

	return (u16)(attribute << 8 | (u8)c);
}

static void erase(struct screen *s, u32 first, u32 end)
{
	while (first < end)
		s->cells[first++] = (u16)(pen.back << 12 | pen.fore << 8 | ' ');
}

static void line_down(struct screen *s)
{
	u32 last = SCREEN_CELLS - SCREEN_COLUMNS;

	if (s->at < last) {
		s->at += SCREEN_COLUMNS;
		return;
	}
	memmove(s->cells, s->cells + SCREEN_COLUMNS, last * sizeof(u16));
	erase(s, last, SCREEN_CELLS);
}

static void move(struct screen *s, i32 row, i32 column)
{
	row = max(0, min(row, SCREEN_ROWS - 1));
	column = max(0, min(column, SCREEN_COLUMNS - 1));
	s->at = (u32)(row * SCREEN_COLUMNS + column);
	pen.full = 0;
}

static void show(struct screen *s, char c)
{
	if (pen.full && s->at % SCREEN_COLUMNS == SCREEN_COLUMNS - 1) {
		s->at -= SCREEN_COLUMNS - 1;
		line_down(s);
	}
	s->cells[s->at] = cell(c);
	pen.full = s->at % SCREEN_COLUMNS == SCREEN_COLUMNS - 1;
	s->at += !pen.full;
}

static void text(struct screen *s, char c)
{
	i32 row = (i32)s->at / SCREEN_COLUMNS;
	i32 column = (i32)s->at % SCREEN_COLUMNS;

	switch (c) {
	case ESCAPE:
		pen.phase = PHASE_ESCAPE;
		break;
	case '\n':
		line_down(s);
		break;
	case '\r':
		move(s, row, 0);
		break;
	case '\b':
		move(s, row, column - 1);
		break;
	case '\t':
		move(s, row, (column / TAB + 1) * TAB);
		break;
	case '\a':
	case '\0':
	case '\x7F':
		break;
	default:
		show(s, c);
	}
}

/* Select graphic rendition: ECMA-48, 8.3.117. */
static void colour(u16 number)
{
	static const u8 vga[] = { 0, 4, 2, 6, 1, 5, 3, 7 };

	if (number == 0) {
		pen.fore = fresh.fore;
		pen.back = fresh.back;
		pen.bright = pen.reverse = 0;
	} else if (number == 1 || number == 22) {
		pen.bright = number == 1;
	} else if (number == 7 || number == 27) {
		pen.reverse = number == 7;
	} else if (number >= 30 && number <= 37) {
		pen.fore = vga[number - 30];
	} else if (number >= 40 && number <= 47) {
		pen.back = vga[number - 40];
	} else if (number >= 90 && number <= 97) {
		pen.fore = vga[number - 90] | 8;
	} else if (number == 39) {
		pen.fore = fresh.fore;
	} else if (number == 49) {
		pen.back = fresh.back;
	}
}

/* From the cursor on (0), up to it (1) or all (2), between two cells. */
static void erase_part(struct screen *s, u16 part, u32 first, u32 end)
{
	if (part == 0)
		erase(s, s->at, end);
	else if (part == 1)
		erase(s, first, s->at + 1);
	else if (part == 2)
		erase(s, first, end);
}

/* Sequences that move the cursor. A number left out counts as 1. */
static void obey_move(struct screen *s, char last)
{
	i32 row = (i32)s->at / SCREEN_COLUMNS;
	i32 column = (i32)s->at % SCREEN_COLUMNS;
	i32 first = max((i32)pen.numbers[0], 1);
	i32 second = max((i32)pen.numbers[1], 1);

	switch (last) {
	case 'A':
		move(s, row - first, column);
		break;
	case 'B':
		move(s, row + first, column);
		break;
	case 'C':
		move(s, row, column + first);
		break;
	case 'D':
		move(s, row, column - first);
		break;
	case 'G':
		move(s, row, first - 1);
		break;
	case 'd':
		move(s, first - 1, column);
		break;
	case 'H':
	case 'f':
		move(s, first - 1, second - 1);
		break;
	}
}

/* A whole sequence was read, `last` its final byte: do what it says. */
static void obey(struct screen *s, char last)
{
	u32 line = s->at - s->at % SCREEN_COLUMNS;

	switch (last) {
	case 'J':
		erase_part(s, pen.numbers[0], 0, SCREEN_CELLS);
		break;
	case 'K':
		erase_part(s, pen.numbers[0], line, line + SCREEN_COLUMNS);
		break;
	case 'm':
		for (u32 i = 0; i <= pen.count; i++)
			colour(pen.numbers[i]);
		break;
	case 's':
		pen.saved = (u16)s->at;
		break;
	case 'u':
		s->at = pen.saved;
		pen.full = 0;
		break;
	default:
		obey_move(s, last);
	}
}

/* Behind ESC [: numbers between semicolons, then one byte from @ to ~. */
static void sequence(struct screen *s, char c)
{
	u16 *number = &pen.numbers[pen.count];

	if (c >= '0' && c <= '9') {
		*number = (u16)min(*number * 10 + c - '0', NUMBER_MOST);
	} else if (c == ';') {
		pen.count = (u8)min(pen.count + 1, NUMBERS_MOST - 1);
	} else if (c >= '@' && c <= '~') {
		pen.phase = PHASE_TEXT;
		if (!pen.foreign)
			obey(s, c);
	} else if (c >= ' ' && c <= '?') {
		pen.foreign = 1;
	} else {
		pen.phase = PHASE_TEXT;
		text(s, c);
	}
}

void screen_show(struct screen *s, char c)
{
	switch (pen.phase) {
	case PHASE_TEXT:
		text(s, c);
		break;
	case PHASE_ESCAPE:
		pen.phase = c == '[' ? PHASE_SEQUENCE : PHASE_TEXT;
		pen.foreign = pen.count = 0;
		memset(pen.numbers, 0, sizeof pen.numbers);
		break;
	case PHASE_SEQUENCE:
		sequence(s, c);
		break;
	}
}

/*
 * The keys' meaning. A key is a code below 0x80, pressed, and the same code
 * with bit 7 set, released; 0xE0 in front marks keys that the first PCs did
 * not have. Knows which modifiers are held, and nothing of the device.
 */
#include "keys.h"

#define RELEASED     0x80
#define PREFIX	     0xE0
#define PREFIX_PAUSE 0xE1 /* the Pause key: two bytes more */
#define CODE_SHIFT   0x2A
#define CODE_SHIFT_R 0x36
#define CODE_CTRL    0x1D
#define CODE_ALT     0x38
#define CODE_CAPS    0x3A
#define CODE_NUM     0x45
#define CODE_SLASH   0x35
#define CODE_ENTER   0x1C
#define CODE_PAD     0x47 /* the first of the number pad's 13 keys */
#define ESCAPE	     '\x1B'

enum held {
	SHIFT = 1,
	SHIFT_R = 2,
	CTRL = 4,
	CTRL_R = 8,
	ALT = 16,
	ALT_R = 32,
};

static const char plain[] = "\0\x1B"
			    "1234567890-=\x7F\t"
			    "qwertyuiop[]\r\0"
			    "asdfghjkl;'`\0\\"
			    "zxcvbnm,./\0*\0 ";
static const char shifted[] = "\0\x1B"
			      "!@#$%^&*()_+\x7F\t"
			      "QWERTYUIOP{}\r\0"
			      "ASDFGHJKL:\"~\0|"
			      "ZXCVBNM<>?\0*\0 ";
static const char pad[] = "789-456+1230.";

_Static_assert(sizeof plain == 0x3B && sizeof shifted == 0x3B, "0 to 0x39");

/* Keys that type an escape sequence; on the pad, while Num Lock is off. */
static const struct {
	u8 code;
	char text[5];
} sequences[] = {
	{ 0x47, "[1~" },  { 0x48, "[A" },   { 0x49, "[5~" },  { 0x4B, "[D" },
	{ 0x4D, "[C" },	  { 0x4F, "[4~" },  { 0x50, "[B" },   { 0x51, "[6~" },
	{ 0x52, "[2~" },  { 0x53, "[3~" },  { 0x3B, "[[A" },  { 0x3C, "[[B" },
	{ 0x3D, "[[C" },  { 0x3E, "[[D" },  { 0x3F, "[[E" },  { 0x40, "[17~" },
	{ 0x41, "[18~" }, { 0x42, "[19~" }, { 0x43, "[20~" }, { 0x44, "[21~" },
	{ 0x57, "[23~" }, { 0x58, "[24~" },
};

static u8 held; /* of enum held */
static bool caps, num;
static u8 prefix;
static u8 skip; /* bytes still to come that mean nothing */

/* All of a key's characters or, with no room for them, none. */
static void type(struct ring *typed, const char *text, u32 size)
{
	bool escaped = held & (ALT | ALT_R) || size > 1;

	if (ring_used(typed) + size + escaped > RING_SIZE)
		return;
	if (escaped)
		ring_put(typed, ESCAPE);
	while (size--)
		ring_put(typed, *text++);
}

static u8 modifier(u8 code, bool extended)
{
	switch (code) {
	case CODE_SHIFT:
		return extended ? 0 : SHIFT; /* extended ones are not a key */
	case CODE_SHIFT_R:
		return extended ? 0 : SHIFT_R;
	case CODE_CTRL:
		return extended ? CTRL_R : CTRL;
	case CODE_ALT:
		return extended ? ALT_R : ALT;
	default:
		return 0;
	}
}

/* The character of a key that has one, or 0. */
static char character(u8 code, bool extended)
{
	bool shift = held & (SHIFT | SHIFT_R);
	char c;

	if (extended)
		return code == CODE_ENTER ? '\r' : code == CODE_SLASH ? '/' : 0;
	if (code >= CODE_PAD && code < CODE_PAD + sizeof pad - 1) {
		c = pad[code - CODE_PAD];
		return num || c == '-' || c == '+' ? c : 0;
	}
	if (code >= sizeof plain - 1)
		return 0;
	c = plain[code];
	if (c >= 'a' && c <= 'z')
		shift ^= caps;
	return shift ? shifted[code] : c;
}

/* What a character becomes while Ctrl is held; 0 is one too. */
static char control(char c)
{
	if (c == ' ')
		return 0;
	if (c == '/')
		return '_' & 0x1F;
	return c >= '@' && c <= '~' ? c & 0x1F : c;
}

static void press(struct ring *typed, u8 code, bool extended)
{
	char c = character(code, extended);

	if (c) {
		if (held & (CTRL | CTRL_R))
			c = control(c);
		type(typed, &c, 1);
		return;
	}
	for (u32 i = 0; i < sizeof sequences / sizeof *sequences; i++)
		if (sequences[i].code == code)
			type(typed, sequences[i].text,
			     strlen(sequences[i].text));
}

static void key(struct ring *typed, u8 code, bool extended, bool pressed)
{
	u8 bit = modifier(code, extended);

	if (bit)
		held = (u8)(pressed ? held | bit : held & ~bit);
	else if (!pressed)
		return;
	else if (code == CODE_CAPS)
		caps = !caps;
	else if (code == CODE_NUM && !extended)
		num = !num;
	else
		press(typed, code, extended);
}

void key_code(struct ring *typed, u8 code)
{
	bool extended = prefix == PREFIX;

	prefix = 0;
	if (skip)
		skip--;
	else if (code == PREFIX_PAUSE)
		skip = 2;
	else if (code == PREFIX)
		prefix = code;
	else
		key(typed, code & (RELEASED - 1), extended, !(code & RELEASED));
}

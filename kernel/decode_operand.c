/*
 * Operands of a decoded instruction: prints each and notes the selector, port
 * or target it names; memory is decode_memory.c's. The letters are
 * decode_table.h's.
 */
#include "kernel/decode_work.h"

u32 word_size(const struct work *w)
{
	return w->operand16 ? 2 : 4;
}

/* Bytes of an x87 image: SDM volume 1, figures 8-9 to 8-12. */
static u32 fpu_image_size(const struct work *w, char type)
{
	u32 environment = w->operand16 ? 14 : 28;

	return type == 'e' ? environment : environment + 80;
}

static u32 vector_size(const struct work *w, char type)
{
	if (type == 'k')
		return w->operand16 ? 16 : 4;
	if (type == 'm')
		return w->operand16 ? 16 : 8;
	if (w->repeat)
		return w->repeat == 0xF3 ? 4 : 8;
	return 16;
}

u32 operand_size(const struct work *w, char type)
{
	switch (type) {
	case 'b':
	case 's':
		return 1;
	case 'w':
	case 'r':
	case 'h':
		return 2;
	case 'd':
		return 4;
	case 'q':
		return 8;
	case 't':
		return 10;
	case 'x':
		return 16;
	case 'o':
		return w->opcode & 1 ? word_size(w) : 1;
	case 'a':
		return 2 * word_size(w);
	case '3':
		return 3 * word_size(w);
	case '8':
		return 8 * word_size(w);
	case 'p':
		return word_size(w) + 2;
	case 'g':
		return 6;
	case 'y':
		return 512;
	case 'e':
	case 'f':
		return fpu_image_size(w, type);
	case 'z':
	case 'm':
	case 'k':
		return vector_size(w, type);
	case 'n':
		return 0;
	default:
		return word_size(w);
	}
}

static const char names8[8][3] = {
	"al", "cl", "dl", "bl", "ah", "ch", "dh", "bh",
};
static const char names16[8][3] = {
	"ax", "cx", "dx", "bx", "sp", "bp", "si", "di",
};

void text_register(struct work *w, u32 number, char type)
{
	u32 size = type == 'h'		      ? 4 :
		   type == 'r' || type == 'n' ? word_size(w) :
						operand_size(w, type);

	if (size == 4)
		text_char(w, 'e');
	text_put(w, size == 1 ? names8[number] : names16[number]);
}

void text_numbered(struct work *w, const char *name, u32 number)
{
	text_put(w, name);
	text_number(w, number);
}

static void target_note(struct work *w, u32 target)
{
	w->out->target_known = true;
	w->out->target = w->operand16 ? target & 0xFFFF : target;
}

static void relative_take(struct work *w, char type)
{
	u32 size = operand_size(w, type);
	u32 by = code_take(w, size);

	if (size == 1)
		by = (u32)(i8)by;
	target_note(w, w->registers->eip + w->at + by);
	text_number(w, w->out->target);
}

static void far_take(struct work *w)
{
	target_note(w, code_take(w, word_size(w)));
	w->out->selector = (u16)code_take(w, 2);
	w->out->selector_known = true;
	text_number(w, w->out->selector);
	text_char(w, ':');
	text_number(w, w->out->target);
}

static void immediate_take(struct work *w, char type)
{
	u32 value = code_take(w, operand_size(w, type));

	if (type == 's')
		text_signed(w, (u32)(i8)value);
	else
		text_number(w, value);
}

static void port_take(struct work *w, char type)
{
	bool immediate = type == 'b';
	u32 port = immediate ? code_take(w, 1) : w->registers->edx & 0xFFFF;

	w->out->port_known = true;
	w->out->port = (u16)port;
	if (immediate)
		text_number(w, port);
	else
		text_put(w, "dx");
}

/* The register that ModRM names where it could have named memory. */
static void modrm_register_take(struct work *w, char place, char type)
{
	bool wide = (type == 'm' || type == 'k') && w->operand16;

	if (place == 'W') {
		text_numbered(w, "xmm", w->rm);
		return;
	}
	if (place == 'Q') {
		text_numbered(w, wide ? "xmm" : "mm", w->rm);
		return;
	}
	if (place == 'T')
		target_note(w, w->registers->general[w->rm]);
	text_register(w, w->rm, type);
}

/* A register that ModRM's middle bits name. */
static void reg_take(struct work *w, char mark, char place, char type)
{
	switch (place) {
	case 'G':
		text_register(w, w->reg, type);
		return;
	case 'S':
		if (mark == '=')
			w->out->loads = w->reg;
		text_put(w, decode_segment_name(w->reg));
		return;
	case 'P':
		text_numbered(w, type == 'm' && w->operand16 ? "xmm" : "mm",
			      w->reg);
		return;
	case 'V':
		text_numbered(w, "xmm", w->reg);
		return;
	default:
		text_numbered(w, place == 'C' ? "cr" : "dr", w->reg);
	}
}

static void word_put(struct work *w, const char *form)
{
	while (*form && *form != ',' && *form != ' ' && *form != ';')
		text_char(w, *form++);
}

void operand_take(struct work *w, const char *form)
{
	bool marked = *form == '=' || *form == '+' || *form == '*';
	char mark = marked ? *form++ : ' ';
	char place = form[0], type = place ? form[1] : 0;

	switch (place) {
	case 'E':
	case 'M':
	case 'Q':
	case 'R':
	case 'T':
	case 'U':
	case 'W':
		if (w->mod == 3)
			modrm_register_take(w, place, type);
		else
			memory_take(w, mark, place, type);
		return;
	case 'G':
	case 'S':
	case 'P':
	case 'V':
	case 'C':
	case 'D':
		reg_take(w, mark, place, type);
		return;
	case 'X':
	case 'Y':
	case 'B':
	case 'O':
		memory_take(w, mark, place, type);
		return;
	case 'Z':
		text_register(w, w->opcode & 7, type);
		return;
	case 'K':
		text_register(w, EAX, type);
		return;
	case 'F':
		text_numbered(w, "st", w->rm);
		return;
	case 'I':
		immediate_take(w, type);
		return;
	case 'J':
		relative_take(w, type);
		return;
	case 'L':
		far_take(w);
		return;
	case 'N':
		port_take(w, type);
		return;
	default:
		word_put(w, form);
	}
}

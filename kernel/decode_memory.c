/*
 * Memory operands of a decoded instruction, spelled out or implied: prints
 * them and notes segment, offset, size and access. The letters are
 * decode_table.h's.
 */
#include "kernel/decode_work.h"

/* Add a memory operand, unless nothing is accessed. */
static void memory_note(struct work *w, struct decode_memory m)
{
	if (m.size == 0 || w->out->memory_count == DECODE_MEMORY)
		return;
	m.selector = w->registers->selector[m.segment];
	w->out->memory[w->out->memory_count++] = m;
}

/* decode_table.h has the marks; none means that it is read. */
static struct decode_memory access_make(char mark, u8 segment, u32 offset)
{
	return (struct decode_memory){
		.segment = segment,
		.offset = offset,
		.reads = mark != '=',
		.writes = mark != ' ',
	};
}

static void size_put(struct work *w, char type, u32 size)
{
	static const char *const names[17] = {
		[1] = "byte ",	[2] = "word ",	 [4] = "dword ",
		[8] = "qword ", [10] = "tword ", [16] = "oword ",
	};

	if (type == 'p')
		text_put(w, "far ");
	else if (size <= 16 && names[size])
		text_put(w, names[size]);
}

static void bracket_put(struct work *w, u32 segment)
{
	text_char(w, '[');
	if (segment == DECODE_NONE)
		return;
	text_put(w, decode_segment_name(segment));
	text_char(w, ':');
}

static u8 segment_or(const struct work *w, u8 usual)
{
	return w->override == DECODE_NONE ? usual : w->override;
}

static u32 address_offset(const struct work *w)
{
	const struct decode_address *a = &w->address;
	u32 offset = a->displacement;

	if (a->base != REGISTER_NONE)
		offset += w->registers->general[a->base];
	if (a->base == ESP && w->pops)
		offset += word_size(w);
	if (a->index != REGISTER_NONE)
		offset += w->registers->general[a->index] << a->shift;
	return w->address16 ? offset & 0xFFFF : offset;
}

static void address_put(struct work *w)
{
	const struct decode_address *a = &w->address;
	char type = w->address16 ? 'w' : 'd';

	bracket_put(w, w->override);
	if (a->base != REGISTER_NONE)
		text_register(w, a->base, type);
	if (a->index != REGISTER_NONE) {
		if (a->base != REGISTER_NONE)
			text_char(w, '+');
		text_register(w, a->index, type);
		if (a->shift != 0)
			text_numbered(w, "*", 1u << a->shift);
	}
	if (a->base == REGISTER_NONE && a->index == REGISTER_NONE) {
		text_number(w, a->displacement);
	} else if (a->displacement != 0) {
		if (!(a->displacement >> 31))
			text_char(w, '+');
		text_signed(w, a->displacement);
	}
	text_char(w, ']');
}

/* Where BT and its kin look: bits from the address, not bits in the operand. */
static u32 bit_string_offset(const struct work *w)
{
	u32 bit = w->registers->general[w->reg];

	if (w->operand16)
		return (u32)(((i32)(i16)bit >> 4) * 2);
	return (u32)(((i32)bit >> 5) * 4);
}

static void address_take(struct work *w, char mark, char place, char type)
{
	bool on_stack = w->address.base == ESP || w->address.base == EBP;
	struct decode_memory m = access_make(
		mark, segment_or(w, on_stack ? DECODE_SS : DECODE_DS),
		address_offset(w));

	m.size = operand_size(w, type);
	if (place == 'U')
		m.offset += bit_string_offset(w);
	if (w->address16)
		m.offset &= 0xFFFF;
	size_put(w, type, m.size);
	address_put(w);
	memory_note(w, m);
}

/* X, Y and B: memory that the instruction implies. */
static void implied_take(struct work *w, char mark, char place, char type)
{
	u8 number = place == 'X' ? ESI : place == 'Y' ? EDI : EBX;
	u8 segment = place == 'Y' ? DECODE_ES : segment_or(w, DECODE_DS);
	u32 offset = w->registers->general[number];
	struct decode_memory m;

	if (place == 'B')
		offset += w->registers->eax & 0xFF;
	if (w->address16)
		offset &= 0xFFFF;
	m = access_make(mark, segment, offset);
	m.size = operand_size(w, type);
	m.string = place != 'B';
	size_put(w, type, m.size);
	bracket_put(w, segment);
	text_register(w, number, w->address16 ? 'w' : 'd');
	text_put(w, place == 'B' ? "+al]" : "]");
	memory_note(w, m);
}

static void offset_take(struct work *w, char mark, char type)
{
	struct decode_memory m =
		access_make(mark, segment_or(w, DECODE_DS),
			    code_take(w, w->address16 ? 2 : 4));

	m.size = operand_size(w, type);
	size_put(w, type, m.size);
	bracket_put(w, w->override);
	text_number(w, m.offset);
	text_char(w, ']');
	memory_note(w, m);
}

void memory_take(struct work *w, char mark, char place, char type)
{
	switch (place) {
	case 'X':
	case 'Y':
	case 'B':
		implied_take(w, mark, place, type);
		return;
	case 'O':
		offset_take(w, mark, type);
		return;
	default:
		address_take(w, mark, place, type);
	}
}

bool effect_take(struct work *w, const char *form)
{
	struct decode_memory m = { .segment = DECODE_SS, .stack = true };

	switch (form[0]) {
	case '>':
		m.size = operand_size(w, form[1]);
		m.offset = w->registers->esp - m.size;
		m.writes = true;
		break;
	case '<':
	case '^':
		m.size = operand_size(w, form[1]);
		m.offset =
			form[0] == '<' ? w->registers->esp : w->registers->ebp;
		m.reads = true;
		break;
	case '!':
		w->out->loads = (u8)(form[1] - '0');
		return true;
	default:
		return false;
	}
	memory_note(w, m);
	return true;
}

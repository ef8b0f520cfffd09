/*
 * One instruction's bytes: prefixes, opcode, ModRM and SIB, and the form of
 * the opcode map (decode_table.h) that they pick. Trusts nothing but `count`;
 * decode_operand.c goes on with the operands.
 */
#include "kernel/decode.h"

#include "kernel/decode_table.h"
#include "kernel/decode_work.h"

u32 code_take(struct work *w, u32 bytes)
{
	u32 value = 0;

	if (bytes > w->count - w->at) {
		w->cut = true;
		w->at = w->count;
		return 0;
	}
	for (u32 i = 0; i < bytes; i++)
		value |= (u32)w->code[w->at++] << (8 * i);
	return value;
}

static bool prefix_note(struct work *w, u8 byte)
{
	switch (byte) {
	case 0x26:
	case 0x2E:
	case 0x36:
	case 0x3E:
		w->override = (byte >> 3) & 3;
		return true;
	case 0x64:
	case 0x65:
		w->override = byte & 7;
		return true;
	case 0x66:
		w->operand16 = true;
		return true;
	case 0x67:
		w->address16 = true;
		return true;
	case 0xF0:
		w->locked = true;
		return true;
	case 0xF2:
	case 0xF3:
		w->repeat = byte;
		return true;
	default:
		return false;
	}
}

/* SDM volume 2, table 2-1. */
static void address16_take(struct work *w)
{
	static const u8 base[8] = { EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX };
	static const u8 index[4] = { ESI, EDI, ESI, EDI };
	struct decode_address *a = &w->address;

	a->base = base[w->rm];
	a->index = w->rm < 4 ? index[w->rm] : REGISTER_NONE;
	a->shift = 0;
	a->displacement = 0;
	if (w->mod == 1) {
		a->displacement = (u32)(i8)code_take(w, 1);
	} else if (w->mod == 2) {
		a->displacement = (u32)(i16)code_take(w, 2);
	} else if (w->rm == 6) {
		a->base = REGISTER_NONE;
		a->displacement = code_take(w, 2);
	}
}

/* SDM volume 2, tables 2-2 and 2-3. */
static void address32_take(struct work *w)
{
	struct decode_address *a = &w->address;

	a->base = w->rm;
	a->index = REGISTER_NONE;
	a->shift = 0;
	a->displacement = 0;
	if (w->rm == ESP) {
		u32 sib = code_take(w, 1);

		a->base = sib & 7;
		a->index = (sib >> 3) & 7;
		a->shift = (u8)(sib >> 6);
		if (a->index == ESP)
			a->index = REGISTER_NONE;
	}
	if (w->mod == 0 && a->base == EBP) {
		a->base = REGISTER_NONE;
		a->displacement = code_take(w, 4);
	} else if (w->mod == 1) {
		a->displacement = (u32)(i8)code_take(w, 1);
	} else if (w->mod == 2) {
		a->displacement = code_take(w, 4);
	}
}

static void modrm_take(struct work *w)
{
	u32 modrm = code_take(w, 1);

	w->modrm = true;
	w->mod = (u8)(modrm >> 6);
	w->reg = (modrm >> 3) & 7;
	w->rm = modrm & 7;
}

static bool form_ends(char c)
{
	return c == 0 || c == ';' || c == ':';
}

bool form_has(const char *form, char c)
{
	for (; *form && *form != ';'; form++)
		if (*form == c)
			return true;
	return false;
}

/* Must ModRM follow? Capitals that need none stand in decode_table.h. */
static bool form_takes_modrm(const char *form)
{
	static const char places[] = "EGMRSCDTUFPQVW@:";

	for (; *form; form++)
		for (const char *p = places; *p; p++)
			if (*form == *p)
				return true;
	return false;
}

/* The part of `form` after `skip` separators, or null if it has not so many. */
static const char *part_find(const char *form, char separator, u32 skip)
{
	for (; skip > 0; form++) {
		if (*form == 0 || (separator == ':' && *form == ';'))
			return 0;
		if (*form == separator)
			skip--;
	}
	return form;
}

/* Of a form's variants, the one for the prefixes and for ModRM's kind. */
static const char *variant_pick(const struct work *w, const char *form)
{
	u32 plain = w->operand16 ? 1 : 0;
	u32 wanted = w->repeat ? w->repeat ^ 0xF1u : plain; /* F3: 2, F2: 3 */
	const char *part = part_find(form, ';', wanted);

	if (!part)
		part = part_find(form, ';', plain);
	if (!part)
		part = form;
	if (w->modrm && w->mod == 3) {
		const char *other = part_find(part, ':', 1);

		if (other)
			part = other;
	}
	return part;
}

static const char *group_pick(const struct work *w, const char *form)
{
	u32 member = form[0] == '@' ? w->reg : w->rm;

	return decode_group_find(form[1])->member[member];
}

/*
 * Take opcode, ModRM and address. Returns the form, null if there is none;
 * `*tail` becomes what follows it.
 */
static const char *form_take(struct work *w, const char **tail)
{
	const char *form;

	*tail = "";
	w->opcode = (u8)code_take(w, 1);
	if (w->opcode == 0x0F) {
		w->opcode = (u8)code_take(w, 1);
		form = w->cut ? 0 : decode_two_byte[w->opcode];
	} else if ((w->opcode & 0xF8) == 0xD8) {
		u32 row = w->opcode & 7;

		modrm_take(w);
		form = w->mod == 3 ? decode_fpu_register[row][w->reg] :
				     decode_fpu_memory[row][w->reg];
	} else {
		form = decode_one_byte[w->opcode];
	}
	if (!form || w->cut)
		return 0;
	if (!w->modrm && form_takes_modrm(form))
		modrm_take(w);
	if (w->modrm && form_has(form, 'R'))
		w->mod = 3; /* MOV CR and DR ignore it */
	if (form[0] == '@' || form[0] == '#') {
		*tail = form + 2;
		form = group_pick(w, form);
		if (!form)
			return 0;
	}
	if (w->modrm && w->mod != 3) {
		if (w->address16)
			address16_take(w);
		else
			address32_take(w);
	}
	return variant_pick(w, form);
}

static void prefixes_put(struct work *w, const char *form)
{
	if (w->locked)
		text_put(w, "lock ");
	if (!w->repeat || !(form_has(form, 'X') || form_has(form, 'Y')))
		return;
	if ((w->opcode & 0xF6) != 0xA6) /* all but CMPS and SCAS */
		text_put(w, "rep ");
	else
		text_put(w, w->repeat == 0xF3 ? "repe " : "repne ");
}

/* SDM volume 2, appendix B.1.4.7: the condition in an opcode's low bits. */
static const char *const conditions[16] = {
	"o", "no", "b", "ae", "e", "ne", "be", "a",
	"s", "ns", "p", "np", "l", "ge", "le", "g",
};

/* Print the mnemonic; returns where the form goes on. */
static const char *mnemonic_put(struct work *w, const char *form)
{
	for (; !form_ends(*form) && *form != ' '; form++) {
		if (*form == '?')
			text_put(w, conditions[w->opcode & 15]);
		else if (*form == '$' && w->repeat)
			text_put(w, w->repeat == 0xF3 ? "ss" : "sd");
		else if (*form == '$')
			text_put(w, w->operand16 ? "pd" : "ps");
		else if (*form != '%')
			text_char(w, *form);
		else if (!w->address16)
			text_char(w, 'e');
	}
	return form;
}

/* Print what `form` says and note its effects. */
static void form_put(struct work *w, const char *form, bool *first)
{
	while (!form_ends(*form)) {
		form++; /* space or comma */
		if (!effect_take(w, form)) {
			text_put(w, *first ? " " : ", ");
			*first = false;
			operand_take(w, form);
		}
		while (!form_ends(*form) && *form != ',' && *form != ' ')
			form++;
	}
}

/* A register's value is known; ModRM's memory and the stack are not read. */
static void selector_note(struct work *w)
{
	if (w->out->loads == DECODE_NONE || !w->modrm || w->mod != 3)
		return;
	w->out->selector_known = true;
	w->out->selector = (u16)w->registers->general[w->rm];
}

static bool give_up(struct work *w, u8 status)
{
	u32 shown = w->at;

	*w->out = (struct decoded){ .status = status, .loads = DECODE_NONE };
	w->text_used = 0;
	text_put(w, status == DECODE_UNKNOWN ? "(unknown:" :
		    status == DECODE_CUT     ? "(cut off:" :
					       "(too long:");
	for (u32 i = 0; i < shown; i++) {
		text_char(w, ' ');
		text_byte(w, w->code[i]);
	}
	text_char(w, ')');
	return false;
}

/* Does ModRM name what the form can use? LOCK needs memory that changes. */
static bool form_fits(const struct work *w, const char *form)
{
	bool memory = w->modrm && w->mod != 3;

	if (form_ends(*form) || (w->locked && !(memory && form_has(form, '*'))))
		return false;
	if (!w->modrm)
		return true;
	if (!memory && form_has(form, 'M'))
		return false;
	if (form_has(form, 'S')) /* MOV does not load CS */
		return w->reg <= DECODE_GS &&
		       !(w->opcode == 0x8E && w->reg == DECODE_CS);
	return true;
}

bool instruction_decode(const u8 *code, u32 count,
			const struct decode_registers *registers,
			struct decoded *out)
{
	bool full = count >= DECODE_MOST;
	struct work w = {
		.code = code,
		.count = full ? DECODE_MOST : count,
		.registers = registers,
		.out = out,
		.override = DECODE_NONE,
	};
	u8 cut = full ? DECODE_LONG : DECODE_CUT;
	const char *form, *tail;
	bool first = true;

	*out = (struct decoded){ .status = DECODE_OK, .loads = DECODE_NONE };
	while (w.at < w.count && prefix_note(&w, code[w.at]))
		w.at++;
	form = form_take(&w, &tail);
	if (w.cut)
		return give_up(&w, cut);
	if (!form || !form_fits(&w, form))
		return give_up(&w, DECODE_UNKNOWN);
	w.pops = form_has(form, '<');
	prefixes_put(&w, form);
	form_put(&w, mnemonic_put(&w, form), &first);
	form_put(&w, tail, &first);
	if (w.cut)
		return give_up(&w, cut);
	selector_note(&w);
	out->length = (u8)w.at;
	return true;
}

const char *decode_segment_name(u32 segment)
{
	static const char *const names[] = {
		"es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr",
	};

	return segment < DECODE_NONE ? names[segment] : "none";
}

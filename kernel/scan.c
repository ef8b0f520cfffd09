/* The scan of a text: at every byte, and along the linear decode. */
#include "kernel/scan.h"

#include "kernel/decode.h"

#define PREFIXES_MOST 14u
#define REGISTER_FORM 0xC0u

static int is_prefix(u8 byte)
{
	switch (byte) {
	case 0x26:
	case 0x2E:
	case 0x36:
	case 0x3E:
	case 0x64:
	case 0x65:
	case 0x66:
	case 0x67:
	case 0xF0:
	case 0xF2:
	case 0xF3:
		return 1;
	}
	return 0;
}

/* Behind 0F. */
static u8 kind_of_two(const u8 *code, u32 count)
{
	switch (code[0]) {
	case 0x05:
	case 0x07:
	case 0x34:
	case 0x35:
		return SCAN_SYSTEM;
	case 0xA1: /* pop fs, pop gs */
	case 0xA9:
		return SCAN_SEGMENT;
	case 0xB2: /* lss, lfs, lgs */
	case 0xB4:
	case 0xB5:
		return count > 1 && code[1] < REGISTER_FORM ? SCAN_SEGMENT :
							      SCAN_NONE;
	}
	return SCAN_NONE;
}

static u8 kind_of_form(u8 opcode, u8 form)
{
	u8 field = form >> 3 & 7;

	if (opcode == 0xFF) /* call far, jmp far */
		return form < REGISTER_FORM && (field == 3 || field == 5) ?
			       SCAN_TRANSFER :
			       SCAN_NONE;
	if (opcode == 0x8E)
		return field < 6 && field != 1 ? SCAN_SEGMENT : SCAN_NONE;
	return form < REGISTER_FORM ? SCAN_SEGMENT : SCAN_NONE; /* les, lds */
}

static u8 kind_of_one(u8 opcode)
{
	switch (opcode) {
	case 0x9A:
	case 0xEA:
	case 0xCA:
	case 0xCB:
	case 0xCF:
		return SCAN_TRANSFER;
	case 0x07: /* pop es, ss, ds */
	case 0x17:
	case 0x1F:
		return SCAN_SEGMENT;
	case 0xCC:
	case 0xCD:
	case 0xCE:
	case 0xF1:
		return SCAN_INTERRUPT;
	case 0x6C:
	case 0x6D:
	case 0x6E:
	case 0x6F:
		return SCAN_PORT;
	}
	return (opcode & 0xF4) == 0xE4 ? SCAN_PORT : SCAN_NONE;
}

u8 scan_kind(const u8 *code, u32 count)
{
	u32 n = 0;

	while (n < count && n < PREFIXES_MOST && is_prefix(code[n]))
		n++;
	if (n == count)
		return SCAN_NONE;
	if (code[n] == 0x0F)
		return n + 1 < count ?
			       kind_of_two(code + n + 1, count - n - 1) :
			       SCAN_NONE;
	if (code[n] == 0xFF || code[n] == 0x8E || code[n] == 0xC4 ||
	    code[n] == 0xC5)
		return n + 1 < count ? kind_of_form(code[n], code[n + 1]) :
				       SCAN_NONE;
	return kind_of_one(code[n]);
}

void scan_bytes(const u8 *code, u32 size, u32 found[SCAN_KINDS])
{
	for (u32 kind = 0; kind < SCAN_KINDS; kind++)
		found[kind] = 0;
	for (u32 n = 0; n < size; n++) {
		u8 kind = is_prefix(code[n]) ? SCAN_NONE :
					       scan_kind(code + n, size - n);

		if (kind != SCAN_NONE)
			found[kind]++;
	}
}

/* Prefixes belong to what follows: that counts once, where it begins. */
static void hidden_count(const u8 *code, u32 begin, u32 end, u32 size,
			 struct scan *out)
{
	u32 n = begin;

	while (n < end && is_prefix(code[n]))
		n++; /* the same instruction with fewer of its prefixes */
	for (n++; n < end; n++) {
		u8 kind = scan_kind(code + n, size - n);

		if (kind != SCAN_NONE && !is_prefix(code[n]))
			out->hidden[kind]++;
	}
}

static void found_count(u8 kind, u32 offset, int generated, struct scan *out,
			u32 *first_load)
{
	if (generated) {
		out->generated[kind]++;
		return;
	}
	out->elsewhere[kind]++;
	if (kind == SCAN_SEGMENT) {
		if (!*first_load)
			*first_load = offset;
	} else if (!out->first) {
		out->first = offset;
	}
}

void scan_text(const u8 *code, u32 size, u32 at,
	       int (*generated)(const void *of, u32 offset), const void *of,
	       struct scan *out)
{
	static const struct decode_registers nothing;
	u32 first_load = 0;

	*out = (struct scan){ 0 };
	for (u32 n = 0; n < size;) {
		struct decoded d;
		u32 length = 1;
		u8 kind = SCAN_NONE;

		if (instruction_decode(code + n, size - n, &nothing, &d)) {
			length = d.length;
			kind = scan_kind(code + n, length);
			out->instructions++;
		} else {
			out->unknown++;
		}
		if (kind != SCAN_NONE)
			found_count(kind, at + n, generated(of, at + n), out,
				    &first_load);
		hidden_count(code, n, n + length, size, out);
		n += length;
	}
	if (!out->first)
		out->first = first_load;
}

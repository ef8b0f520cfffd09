/*
 * The decoder's own insides, shared by kernel/decode.c (bytes to a form of
 * the opcode map), decode_operand.c and decode_memory.c (the operands of that
 * form) and decode_text.c (the text). Nobody else includes this.
 */
#ifndef KERNEL_DECODE_WORK_H
#define KERNEL_DECODE_WORK_H

#include "kernel/decode.h"

#define REGISTER_NONE 8

enum register_number { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };

/* An effective address as ModRM and SIB spell it. */
struct decode_address {
	u8 base, index; /* register numbers, or REGISTER_NONE */
	u8 shift; /* of the index */
	u32 displacement;
};

struct work {
	const u8 *code;
	u32 count, at; /* bytes given, bytes taken */
	bool cut; /* more were needed */
	const struct decode_registers *registers;
	struct decoded *out;
	u32 text_used;

	bool operand16, address16, locked;
	u8 repeat; /* 0, 0xF2 or 0xF3 */
	u8 override; /* segment prefix, or DECODE_NONE */
	u8 opcode; /* the last byte of it */
	bool modrm; /* was there; then: */
	u8 mod, reg, rm;
	struct decode_address address; /* if mod != 3 */
	bool pops; /* addresses use ESP as it will be after the pop */
};

/* The next `bytes` (at most 4), little-endian; 0 and `cut` past the end. */
u32 code_take(struct work *w, u32 bytes);

/* Does `text` have the character `c` before its end or a `;`? */
bool form_has(const char *form, char c);

/* Operand size: 4, or 2 after the prefix. */
u32 word_size(const struct work *w);

/* Bytes in memory of an operand with size letter `type`. */
u32 operand_size(const struct work *w, char type);

/* Print the operand at `form` and note what it touches. */
void operand_take(struct work *w, const char *form);

/* The same for one in memory, marked `mark`. */
void memory_take(struct work *w, char mark, char place, char type);

/* Note what the unprinted operand at `form` does. False if it is printed. */
bool effect_take(struct work *w, const char *form);

void text_char(struct work *w, char c);
void text_put(struct work *w, const char *text);
void text_number(struct work *w, u32 value); /* 7, 0x1c */
void text_signed(struct work *w, u32 value); /* 7, -0x1c */
void text_byte(struct work *w, u32 value); /* two digits: 0f */
void text_numbered(struct work *w, const char *name, u32 number); /* cr3 */

/* A general register's name at size letter `type`. */
void text_register(struct work *w, u32 number, char type);

#endif

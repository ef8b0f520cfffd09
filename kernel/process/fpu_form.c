/* FXSAVE's form to FNSAVE's and back. */
#include "kernel/process/fpu_form.h"

#define HIGH_ONES 0xFFFF0000u

struct fxsave {
	u16 control, status;
	u8 tags, zero;
	u16 opcode;
	u32 code_offset, code_selector;
	u32 data_offset, data_selector;
	u32 mxcsr, mxcsr_mask;
	u8 registers[8][16];
};

enum tag { TAG_VALID, TAG_ZERO, TAG_SPECIAL, TAG_EMPTY };

#define EXPONENT      0x7FFFu
#define REGISTER_SIZE 10u /* in FNSAVE's form */

static u32 tag_of(const u8 *value)
{
	u32 low, high;
	u16 exponent;

	__builtin_memcpy(&low, value, 4);
	__builtin_memcpy(&high, value + 4, 4);
	__builtin_memcpy(&exponent, value + 8, 2);
	exponent &= EXPONENT;
	if (exponent == 0)
		return low | high ? TAG_SPECIAL : TAG_ZERO;
	if (exponent == EXPONENT)
		return TAG_SPECIAL;
	return high >> 31 ? TAG_VALID : TAG_SPECIAL;
}

/* Registers lie in order from the stack's top, tags in order of number. */
static u32 tags_full(const struct fxsave *x)
{
	u32 top = x->status >> 11 & 7, tags = 0;

	for (u32 i = 0; i < 8; i++) {
		u32 tag = TAG_EMPTY;

		if (x->tags >> i & 1)
			tag = tag_of(x->registers[(i - top) & 7]);
		tags |= tag << 2 * i;
	}
	return tags;
}

void fpu_to_legacy(const struct fpu *state, u32 legacy[FPU_LEGACY_WORDS])
{
	const struct fxsave *x = (const struct fxsave *)state;
	u8 *registers = (u8 *)&legacy[7];

	legacy[0] = x->control | HIGH_ONES;
	legacy[1] = x->status | HIGH_ONES;
	legacy[2] = tags_full(x) | HIGH_ONES;
	legacy[3] = x->code_offset;
	legacy[4] = (x->code_selector & 0xFFFF) | (u32)x->opcode << 16;
	legacy[5] = x->data_offset;
	legacy[6] = x->data_selector;
	for (u32 i = 0; i < 8; i++)
		__builtin_memcpy(registers + REGISTER_SIZE * i, x->registers[i],
				 REGISTER_SIZE);
}

void fpu_from_legacy(struct fpu *state, const u32 legacy[FPU_LEGACY_WORDS])
{
	struct fxsave *x = (struct fxsave *)state;
	const u8 *registers = (const u8 *)&legacy[7];

	x->control = (u16)legacy[0];
	x->status = (u16)legacy[1];
	x->tags = 0;
	for (u32 i = 0; i < 8; i++)
		if ((legacy[2] >> 2 * i & 3) != TAG_EMPTY)
			x->tags = (u8)(x->tags | 1u << i);
	x->opcode = (u16)(legacy[4] >> 16);
	x->code_offset = legacy[3];
	x->code_selector = legacy[4] & 0xFFFF;
	x->data_offset = legacy[5];
	x->data_selector = legacy[6];
	for (u32 i = 0; i < 8; i++) {
		__builtin_memset(x->registers[i], 0, sizeof(x->registers[i]));
		__builtin_memcpy(x->registers[i], registers + REGISTER_SIZE * i,
				 REGISTER_SIZE);
	}
}

/* Unpacking and doing what FUTEX_WAKE_OP asks for. Pure functions. */
#include "kernel/process/futex_change.h"

struct change change_of(u32 code)
{
	struct change c = {
		.how = code >> 28 & 7,
		.comparison = code >> 24 & 15,
		.argument = (u32)((i32)(code << 8) >> 20),
		.against = (u32)((i32)(code << 20) >> 20),
	};

	if (code >> 31)
		c.argument = 1u << (c.argument & 31);
	return c;
}

int change_known(struct change c)
{
	return c.how <= 4 && c.comparison <= 5;
}

u32 changed(struct change c, u32 word)
{
	switch (c.how) {
	case 0:
		return c.argument;
	case 1:
		return word + c.argument;
	case 2:
		return word | c.argument;
	case 3:
		return word & ~c.argument;
	default:
		return word ^ c.argument;
	}
}

int compares(struct change c, i32 word)
{
	i32 against = (i32)c.against;

	switch (c.comparison) {
	case 0:
		return word == against;
	case 1:
		return word != against;
	case 2:
		return word < against;
	case 3:
		return word <= against;
	case 4:
		return word > against;
	default:
		return word >= against;
	}
}

/*
 * What a fuzzer's input says, taken byte by byte. For tests/host/NAME_fuzz.c,
 * behind the shim of the file system.
 */
#ifndef TESTS_HOST_FUZZ_INPUT_H
#define TESTS_HOST_FUZZ_INPUT_H

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const u8 *input;
static size_t input_left;

static u32 input_byte(void)
{
	if (!input_left)
		return 0;
	input_left--;
	return *input++;
}

static u32 input_word(void)
{
	u32 low = input_byte();

	return low | input_byte() << 8;
}

/* Any number, but half of them from those that are likely to go wrong. */
static u32 input_edge(const u32 edges[16])
{
	u32 how = input_byte();

	if (how < 128)
		return edges[how % 16];
	return how < 192 ? input_word() : input_word() << 16 | input_word();
}

/* One name or two, of six letters that there are; or a long one. */
static inline u32 input_letters(char *text, const char letters[6])
{
	u32 n = input_byte();

	if (n >= 240) {
		memset(text, 'l', 250);
		memcpy(text + 250, "\0x", 2);
		return n & 1 ? 250 : 252;
	}
	text[0] = letters[n % 6];
	text[1] = 0;
	text[2] = letters[n / 6 % 6];
	return n / 36 % 2 ? 1 : 3;
}

#endif

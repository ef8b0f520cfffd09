/*
 * The random bytes' generator: ChaCha20's block function (RFC 8439, section
 * 2.3) over a key that is replaced by each block's first half, so that what
 * was given out cannot be computed later.
 */
#include "kernel/random.h"

#include "kernel/lock.h"
#include "kernel/memory.h"
#include "kernel/tsc.h"

#define WORDS	  16u
#define KEY_WORDS 8u

static struct spinlock lock = SPINLOCK("random");
static u32 key[KEY_WORDS];
static u32 counter;

static u32 rotate(u32 word, u32 bits)
{
	return word << bits | word >> (32 - bits);
}

static void quarter(u32 *s, u32 a, u32 b, u32 c, u32 d)
{
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 16);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 12);
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 8);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 7);
}

static void block_make(u32 out[WORDS])
{
	u64 now = tsc_read();
	u32 s[WORDS] = { 0x61707865, 0x3320646E, 0x79622D32, 0x6B206574 };

	memory_copy(&s[4], key, sizeof(key));
	s[12] = ++counter;
	s[13] = (u32)now;
	s[14] = (u32)(now >> 32);
	memory_copy(out, s, sizeof(s));
	for (u32 round = 0; round < 10; round++) {
		for (u32 i = 0; i < 4; i++)
			quarter(out, i, i + 4, i + 8, i + 12);
		for (u32 i = 0; i < 4; i++)
			quarter(out, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4,
				12 + (i + 3) % 4);
	}
	for (u32 i = 0; i < WORDS; i++)
		out[i] += s[i];
	memory_copy(key, out, sizeof(key));
}

void random_bytes(void *to, u32 size)
{
	u32 block[WORDS];
	u8 *at = to;

	while (size) {
		u32 n = min(size, (WORDS - KEY_WORDS) * 4);

		spin_lock(&lock);
		block_make(block);
		spin_unlock(&lock);
		memory_copy(at, &block[KEY_WORDS], n);
		at += n;
		size -= n;
	}
}

void random_stir(u32 word)
{
	u32 block[WORDS];

	spin_lock(&lock);
	key[word % KEY_WORDS] ^= word;
	block_make(block);
	spin_unlock(&lock);
}

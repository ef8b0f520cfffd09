/*
 * Random bytes: ChaCha20's block function (RFC 8439, 2.3) over a key that is
 * made new for each read. What the machine has of chance goes into the key:
 * the time and how long things take, at the start and at each read.
 */
#include "random.h"

#define JITTER_ROUNDS 2048u
#define KEY_AT	      4u /* words of the state: 4 constants, 8 of key, ... */
#define KEY_WORDS     8u
#define COUNT_AT      12u

static struct stream pool = { { 0x61707865, 0x3320646E, 0x79622D32,
				0x6B206574 } };

static u32 ticks(void)
{
	u32 low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return low;
}

static u32 turn(u32 word, u32 bits)
{
	return word << bits | word >> (32 - bits);
}

static void quarter_round(u32 *a, u32 *b, u32 *c, u32 *d)
{
	*a += *b;
	*d = turn(*d ^ *a, 16);
	*c += *d;
	*b = turn(*b ^ *c, 12);
	*a += *b;
	*d = turn(*d ^ *a, 8);
	*c += *d;
	*b = turn(*b ^ *c, 7);
}

void random_next(struct stream *s, u8 block[RANDOM_BLOCK])
{
	u32 x[16];

	memcpy(x, s->words, sizeof x);
	for (u32 i = 0; i < 10; i++) {
		quarter_round(&x[0], &x[4], &x[8], &x[12]);
		quarter_round(&x[1], &x[5], &x[9], &x[13]);
		quarter_round(&x[2], &x[6], &x[10], &x[14]);
		quarter_round(&x[3], &x[7], &x[11], &x[15]);
		quarter_round(&x[0], &x[5], &x[10], &x[15]);
		quarter_round(&x[1], &x[6], &x[11], &x[12]);
		quarter_round(&x[2], &x[7], &x[8], &x[13]);
		quarter_round(&x[3], &x[4], &x[9], &x[14]);
	}
	for (u32 i = 0; i < 16; i++)
		x[i] += s->words[i];
	memcpy(block, x, RANDOM_BLOCK);
	if (++s->words[COUNT_AT] == 0)
		s->words[COUNT_AT + 1]++;
}

/* The pool's next block: half of it is its new key. */
static void pool_turn(u32 rest[KEY_WORDS])
{
	u32 block[RANDOM_BLOCK / 4];

	random_next(&pool, (u8 *)block);
	memcpy(&pool.words[KEY_AT], block, KEY_WORDS * 4);
	memcpy(rest, block + KEY_WORDS, KEY_WORDS * 4);
}

void random_stir(const u8 *bytes, u32 size)
{
	u8 *key = (u8 *)&pool.words[KEY_AT];
	u32 rest[KEY_WORDS];

	for (u32 done = 0; done < size;) {
		u32 n = min(size - done, KEY_WORDS * 4);

		for (u32 i = 0; i < n; i++)
			key[i] ^= bytes[done + i];
		pool_turn(rest);
		done += n;
	}
}

void random_key(struct stream *s)
{
	struct time_instant now = { 0 };

	time_now(&now);
	pool.words[14] += ticks();
	pool.words[15] ^= now.nanoseconds;
	memcpy(s, &pool, sizeof *s);
	pool_turn(&s->words[KEY_AT]);
}

void random_start(void)
{
	u32 taken[KEY_WORDS] = { 0 };
	struct time_instant now = { 0 };

	for (u32 i = 0; i < JITTER_ROUNDS; i++) {
		u32 before = ticks();

		if (i % 64 == 0)
			time_now(&now);
		taken[i % KEY_WORDS] = turn(taken[i % KEY_WORDS], 5) ^
				       (ticks() - before) ^ before;
		if (i % 64 == 63)
			random_stir((u8 *)taken, sizeof taken);
	}
	random_stir((u8 *)&now, sizeof now);
}

/* The measuring loop, written byte by byte; see loop.h. Opcodes: Intel SDM
 * volume 2. */
#include "loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* In a window's own page of data. */
struct own {
	uint32_t flat_esp, flat_ss; /* ours, while the loop runs */
	uint32_t esp, ss; /* the window's */
	uint32_t scratch[4];
	uint32_t ticks[SAMPLES];
};

struct far {
	uint32_t offset;
	uint32_t selector;
};

#define OWN(w, field) ((w)->own + (uint32_t)offsetof(struct own, field))

/* In page 0. */
#define NEAR_AT 16u
#define FAR_AT	32u
#define CODE_AT 64u

static uint32_t at; /* where the next byte goes, an offset */
static uint8_t *base;

static void put(const char *bytes, uint32_t count)
{
	memcpy(base + at, bytes, count);
	at += count;
}

static void put_word(uint32_t word)
{
	memcpy(base + at, &word, sizeof(word));
	at += 4;
}

void body_byte(struct body *b, uint8_t byte)
{
	if (b->size >= BODY) {
		fputs("silicon: a body is too long\n", stderr);
		exit(1);
	}
	b->bytes[b->size++] = byte;
}

void body_bytes(struct body *b, const char *bytes, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		body_byte(b, (uint8_t)bytes[i]);
}

void body_word(struct body *b, uint32_t word)
{
	for (uint32_t i = 0; i < 4; i++)
		body_byte(b, (uint8_t)(word >> 8 * i));
}

void body_call(struct body *b, uint32_t to)
{
	body_byte(b, 0xE8);
	body_word(b, to - (b->at + b->size + 4));
}

void loop_flat(struct window *w)
{
	uint16_t code, data;

	__asm__("mov %%cs, %0\n\tmov %%ds, %1" : "=r"(code), "=r"(data));
	memset(w, 0, sizeof(*w));
	w->base = mmap(NULL, 65536, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (w->base == MAP_FAILED)
		refuse("memory to run code in");
	w->code = code;
	w->data = data;
	w->own = (uint32_t)w->base + 4096;
	w->stack = (uint32_t)w->base + 65536;
}

/* Address 0 of the segments that a window's offsets count in. */
static uint8_t *origin(const struct window *w)
{
	return w->file ? w->base : NULL;
}

/* The offset of a place in page 0. */
static uint32_t page0(const struct window *w, uint32_t place)
{
	return place + (w->file ? 0 : (uint32_t)w->base);
}

uint32_t loop_near(const struct window *w)
{
	return page0(w, NEAR_AT);
}

uint32_t loop_far(const struct window *w)
{
	return page0(w, FAR_AT);
}

uint32_t loop_scratch(const struct window *w)
{
	return OWN(w, scratch);
}

/* From flat segments, by far call, into the window's. */
static void entry_write(const struct window *w)
{
	uint32_t own = (uint32_t)origin(w) + w->own;

	put("\x89\x25", 2), put_word(own); /* mov [flat_esp], esp */
	put("\x8C\x15", 2), put_word(own + 4); /* mov [flat_ss], ss */
	put("\x0F\xB2\x25", 3), put_word(own + 8); /* lss esp, [esp] */
	put("\xB8", 1), put_word(w->data); /* mov eax, data */
	put("\x8E\xD8\x8E\xC0", 4); /* mov ds, eax; mov es, eax */
	put("\x31\xC0\x8E\xE0\x8E\xE8", 6); /* FS and GS empty */
}

/* EBX counts calls, EDI has the begin, ESI where its ticks go. */
static void loop_write(const struct window *w, body_make *make,
		       const void *what, uint32_t calls, uint32_t count)
{
	static const char clock[] = "\x0F\xAE\xE8\x0F\x31\x0F\xAE\xE8";
	struct body body = { 0 };
	uint32_t batch, inner;

	put("\xBE", 1), put_word(OWN(w, ticks)); /* mov esi, ticks */
	batch = at;
	put(clock, 8); /* lfence; rdtsc; lfence */
	put("\x89\xC7\xBB", 3), put_word(calls); /* mov edi, eax; mov ebx */
	while (at % 64)
		put("\x90", 1);
	inner = at;
	body.at = at;
	make(&body, w, what);
	put((const char *)body.bytes, body.size);
	put("\x4B\x0F\x85", 3), put_word(inner - (at + 4)); /* dec; jnz */
	put(clock, 8);
	put("\x29\xF8\x89\x06\x83\xC6\x04", 7); /* sub; mov [esi]; add esi */
	put("\x81\xFE", 2), put_word(OWN(w, ticks) + 4 * count);
	put("\x0F\x82", 2), put_word(batch - (at + 4)); /* jb */
	put("\x0F\xB2\x25", 3), put_word(w->own); /* lss esp, [flat_esp] */
	put("\xCB", 1); /* retf */
}

/* All that the window's code may leave changed is put back. */
static void far_enter(const struct far *to)
{
	__asm__ volatile("pushl %%ebp\n\tpushl %%ebx\n\t"
			 "pushl %%ds\n\tpushl %%es\n\tpushl %%fs\n\tpushl %%gs"
			 "\n\tlcall *(%%eax)\n\t"
			 "popl %%gs\n\tpopl %%fs\n\tpopl %%es\n\tpopl %%ds\n\t"
			 "popl %%ebx\n\tpopl %%ebp"
			 : "+a"(to)
			 :
			 : "ecx", "edx", "esi", "edi", "memory", "cc");
}

static struct own *own_of(const struct window *w)
{
	return (struct own *)(origin(w) + w->own);
}

static struct far code_write(const struct window *w, body_make *make,
			     const void *what, uint32_t calls, uint32_t count)
{
	uint32_t start = page0(w, CODE_AT);

	base = origin(w);
	at = loop_near(w);
	put("\x31\xC0\xC3", 3);
	at = loop_far(w);
	put("\xCB", 1);
	at = start;
	entry_write(w);
	loop_write(w, make, what, calls, count);
	own_of(w)->esp = w->stack;
	own_of(w)->ss = w->data;
	return (struct far){ start, w->code };
}

void loop_run(struct window *w, body_make *make, const void *what,
	      uint32_t calls, uint32_t count, const struct window *cold,
	      uint32_t cold_count, struct samples *out)
{
	uint32_t batches = cold ? 1 : count;
	struct far to = code_write(w, make, what, calls, batches);

	far_enter(&to); /* warm, and mapped */
	out->count = count;
	for (uint32_t i = 0; i < count; i += batches) {
		for (uint32_t n = 0; cold && n < cold_count; n++)
			window_flush(&cold[n]);
		far_enter(&to);
		for (uint32_t n = 0; n < batches; n++)
			out->each[i + n] = (double)own_of(w)->ticks[n] / calls;
	}
}

/*
 * The measuring loop: code made at run time around the instructions that are
 * measured, in a window's page 0, run with that window's segments; or in flat
 * segments, as the process has them.
 */
#ifndef BENCH_SILICON_LOOP_H
#define BENCH_SILICON_LOOP_H

#include "report.h"
#include "window.h"

#define BODY 64u

/* What is measured. It may change EAX, ECX and EDX alone, may use the stack,
 * and stands at `at` (an offset) when it runs. */
struct body {
	uint32_t size, at;
	uint8_t bytes[BODY];
};

void body_byte(struct body *b, uint8_t byte);
void body_bytes(struct body *b, const char *bytes, uint32_t count);
void body_word(struct body *b, uint32_t word);
/* CALL to an offset in the same segment. */
void body_call(struct body *b, uint32_t to);

/* Puts the instructions into an empty body, whose `at` is known. */
typedef void body_make(struct body *b, const struct window *w,
		       const void *what);

/* A window without a domain: the flat segments. */
void loop_flat(struct window *w);

/* Functions beside the loop, at these offsets: xor eax, eax; ret, and a lone
 * far return. */
uint32_t loop_near(const struct window *w);
uint32_t loop_far(const struct window *w);

/* Where a body may keep 8 bytes of its own: an offset. */
uint32_t loop_scratch(const struct window *w);

/*
 * `count` batches of `calls` times the body, in ticks for one time, the empty
 * loop's median not yet subtracted. After each batch that is `cold`, which is
 * then of one call, the window's memory leaves the caches.
 */
void loop_run(struct window *w, body_make *make, const void *what,
	      uint32_t calls, uint32_t count, const struct window *cold,
	      uint32_t cold_count, struct samples *out);

#endif

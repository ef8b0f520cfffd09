/*
 * Two of Bulkhead's domains in this process: their files' bytes in windows of
 * memory, described by segments of the LDT (modify_ldt), with the crossing
 * page and the doors that thunks use. Ring 3 all of it; the domains' code is
 * the kernel's, but for the bytes that window_load() and window_patch() name.
 */
#ifndef BENCH_SILICON_WINDOW_H
#define BENCH_SILICON_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#define LDT_SELECTOR(slot) ((uint16_t)((slot)*8 + 7)) /* of the LDT, ring 3 */
#define WINDOW_BUFFER	   65536u /* bytes of each of a window's two buffers */

/* A window's offsets, as its own code counts, are those of `base`. Page 0,
 * which the kernel leaves empty, is where bench/silicon/loop.c puts its code.
 */
struct window {
	const char *path;
	const uint8_t *file;
	size_t file_size;
	uint8_t *base;
	uint32_t size, text_end;
	uint16_t code, data; /* selectors */
	uint32_t own; /* offset of a page of data for the loop */
	uint32_t buffers[2], stack; /* stack: its end */
};

/*
 * The file `path` as the pair-th window. Ends the program if it is no domain.
 * Bytes of its text that differ from the file: none yet.
 */
void window_load(struct window *w, const char *path, uint32_t pair);

/* A symbol's offset; ends the program if there is none. */
uint32_t window_symbol(const struct window *w, const char *name);

/*
 * Let caller's stub `stub` lead to callee's `thunk`: the slot gets a far
 * pointer to the thunk where the kernel has a call gate's selector, and in the
 * thunk's MOV EDI, SEL_CROSSING and SEL_DOORS the lowest three bits of the
 * selector change, LDT and ring 3 for GDT and ring 1. Returns the bytes of
 * code that were changed.
 */
uint32_t window_patch(struct window *caller, const char *stub,
		      struct window *callee, const char *thunk);

/* The crossing page and the doors of both windows. After window_load(). */
void window_tables(const struct window *pairs, uint32_t count);

/* What slot 0 (from) or 1 (into) of the LDT covers, as a lend would: the
 * thunk writes it in a table of ours, which no processor reads. */
void window_lend(const struct window *w, uint32_t slot, uint32_t offset,
		 uint32_t size);

/* Drop window and tables from all caches, line for line. */
void window_flush(const struct window *w);

#endif

/* Calls, crossings, loads of segment registers and null system calls. */
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

#include "loop.h"
#include "rows.h"

#define CALLS	    100u /* in a batch */
#define CALLS_BIG   10u
#define BATCHES	    1001u
#define BATCHES_FEW 201u
#define BIG	    4096u /* bytes from which on batches are short */
#define LENT	    64u

static int quick;

enum { FROM = 1, INTO = 2 };

/* A row: what the loop's body does. */
struct row {
	struct label label;
	body_make *make;
	const char *function; /* in the calling domain */
	const char *thunk; /* in the called one, without thunk_ */
	uint32_t lends; /* arguments: FROM, INTO */
	const char *code; /* instructions on [scratch], if nothing is called */
	uint32_t code_bytes;
};

static void make_empty(struct body *b, const struct window *w, const void *row)
{
	(void)b;
	(void)w;
	(void)row;
}

/* (EAX, EDX) and then (ECX, stack) are pointers with their lengths. */
static void make_call(struct body *b, const struct window *w, const void *what)
{
	const struct row *row = what;
	uint32_t size = row->label.payload;

	if (row->lends) {
		body_byte(b, 0xB8);
		body_word(b, w->buffers[row->lends == INTO]);
		body_byte(b, 0xBA);
		body_word(b, size);
	}
	if (row->lends == (FROM | INTO)) {
		body_byte(b, 0xB9);
		body_word(b, w->buffers[1]);
		body_byte(b, 0x68);
		body_word(b, size);
	}
	body_call(b, window_symbol(w, row->function));
	if (row->lends == (FROM | INTO))
		body_bytes(b, "\x83\xC4\x04", 3); /* add esp, 4 */
}

static void scratch_set(const struct window *w, uint32_t low, uint32_t high)
{
	uint32_t *scratch =
		(uint32_t *)((w->file ? w->base : NULL) + loop_scratch(w));

	scratch[0] = low;
	scratch[1] = high;
}

/* Through a far pointer, of which a near call uses the offset alone; to the
 * loop's own far return if there is no function. */
static void make_pointer(struct body *b, const struct window *w,
			 const void *what)
{
	const struct row *row = what;

	scratch_set(w,
		    row->function ? window_symbol(w, row->function) :
				    loop_far(w),
		    w->code);
	body_bytes(b, row->code, row->code_bytes);
	body_word(b, loop_scratch(w));
}

static void make_load(struct body *b, const struct window *w, const void *what)
{
	const struct row *row = what;

	scratch_set(w, w->data, 0);
	body_bytes(b, row->code, row->code_bytes);
	body_word(b, loop_scratch(w));
}

/* The same, of the null selector. */
static void make_null(struct body *b, const struct window *w, const void *what)
{
	make_load(b, w, what);
	scratch_set(w, 0, 0);
}

static void make_lss(struct body *b, const struct window *w, const void *row)
{
	(void)row;
	scratch_set(w, w->stack, w->data);
	body_bytes(b, "\x0F\xB2\x25", 3);
	body_word(b, loop_scratch(w));
}

static void run(struct window pair[2], const struct row *row, uint32_t calls,
		uint32_t count, int cold)
{
	static struct samples empty, samples;
	const struct window *flushed = cold ? pair : NULL;
	double loop;

	loop_run(&pair[0], make_empty, NULL, calls, count, flushed, 2, &empty);
	loop = samples_median(&empty);
	loop_run(&pair[0], row->make, row, calls, count, flushed, 2, &samples);
	for (uint32_t i = 0; i < samples.count; i++)
		samples.each[i] -= loop;
	report_row(&row->label, &samples);
}

static void row_run(struct window pair[2], const struct row *row)
{
	uint32_t size = row->label.payload;
	int cold = strcmp(row->label.state, "cold") == 0;
	uint32_t calls = cold ? 1 : size >= BIG ? CALLS_BIG : CALLS;

	if (row->thunk) {
		window_patch(&pair[0], row->function, &pair[1], row->thunk);
		window_lend(&pair[0], 0, pair[0].buffers[0], size + !size);
		window_lend(&pair[0], 1, pair[0].buffers[1], size + !size);
	}
	run(pair, row, calls, quick || calls < CALLS ? BATCHES_FEW : BATCHES,
	    cold);
}

#define LABEL(name, org, size, to, trips, is) \
	.label = { .mechanism = name, \
		   .organization = org, \
		   .payload = size, \
		   .direction = to, \
		   .trip = trips, \
		   .cpus = 1, \
		   .state = is }
#define ROUND(name, org, is) LABEL(name, org, 0, "none", "round", is)
#define ONE_WAY(name)	     LABEL(name, "", 0, "none", "one-way", "warm")
#define LOAD(name, bytes) \
	{ \
		ONE_WAY(name), .make = make_load, .code = bytes, \
			       .code_bytes = 2 \
	}
#define POINTER(name, to, bytes, is) \
	{ \
		ROUND(name, "", is), .make = make_pointer, .function = to, \
				     .code = bytes, .code_bytes = 2 \
	}
#define NEAR(is) \
	{ \
		ROUND("near", "", is), .make = make_call, \
				       .function = "near_none" \
	}
#define ACROSS(is) \
	{ \
		ROUND("across", "far-far", is), .make = make_call, \
						.function = "target_none", \
						.thunk = "target_none" \
	}
#define LENDS(name, org, size, to, stub, called, what) \
	{ \
		LABEL(name, org, size, to, "round", "warm"), \
			.make = make_call, .function = stub, .thunk = called, \
			.lends = what \
	}

static const struct row rows[] = {
	NEAR("warm"),
	POINTER("indirect", "near_none", "\xFF\x15", "warm"),
	POINTER("far-direct", NULL, "\xFF\x1D", "warm"),
	LOAD("segment-load-ds", "\x8E\x1D"),
	LOAD("segment-load-es", "\x8E\x05"),
	LOAD("segment-load-fs", "\x8E\x25"),
	LOAD("segment-load-gs", "\x8E\x2D"),
	{ ONE_WAY("segment-load-ss"), .make = make_lss },
	{ ONE_WAY("segment-load-fs-null"), .make = make_null,
	  .code = "\x8E\x25", .code_bytes = 2 },
	ACROSS("warm"),
	LENDS("across", "far-far", LENT, "in", "target_single__n",
	      "target_single", FROM),
	LENDS("across", "far-far", LENT, "both", "target_both__n__n",
	      "target_both", FROM | INTO),
	NEAR("cold"),
	POINTER("far-direct", NULL, "\xFF\x1D", "cold"),
	ACROSS("cold"),
};

static const struct row payload_rows[] = {
	LENDS("near-touch", "", 0, "both", "near_moved", NULL, FROM | INTO),
	LENDS("across-touch", "far-far", 0, "in", "target_taken__n",
	      "target_taken", FROM),
	LENDS("across-touch", "far-far", 0, "out", "target_given__n",
	      "target_given", INTO),
	LENDS("across-touch", "far-far", 0, "both", "target_moved__n__n",
	      "target_moved", FROM | INTO),
};

void rows_segment(struct window pair[2], int fewer)
{
	static const uint32_t sizes[] = { 16, 64, 256, 1024, 4096, 65536 };

	quick = fewer;
	for (uint32_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		row_run(pair, &rows[i]);
	for (uint32_t i = 0; i < sizeof(payload_rows) / sizeof(*rows); i++)
		for (uint32_t n = 0; n < sizeof(sizes) / sizeof(*sizes); n++) {
			struct row row = payload_rows[i];

			row.label.payload = sizes[n];
			row_run(pair, &row);
		}
}

/* INT 80 of getppid(), which the C library does not remember. */
static void make_int80(struct body *b, const struct window *w, const void *row)
{
	(void)w;
	(void)row;
	body_byte(b, 0xB8);
	body_word(b, SYS_getppid);
	body_bytes(b, "\xCD\x80", 2);
}

static void make_vdso(struct body *b, const struct window *w, const void *row)
{
	(void)w;
	(void)row;
	body_byte(b, 0xB8);
	body_word(b, SYS_getppid);
	body_call(b, (uint32_t)getauxval(AT_SYSINFO));
}

/* Which instruction the vDSO enters the kernel with: the first of the three
 * that stands in the function's few bytes. */
static const char *vdso_way(void)
{
	const uint8_t *at = (const uint8_t *)getauxval(AT_SYSINFO);

	for (uint32_t i = 0; at && i < 16; i++) {
		if (at[i] == 0x0F && at[i + 1] == 0x34)
			return "linux-sysenter";
		if (at[i] == 0x0F && at[i + 1] == 0x05)
			return "linux-syscall";
		if (at[i] == 0xCD && at[i + 1] == 0x80)
			break;
	}
	return NULL;
}

static void make_near(struct body *b, const struct window *w, const void *row)
{
	(void)row;
	body_call(b, loop_near(w));
}

void rows_flat(int fewer)
{
	struct window pair[2];
	struct row row = { ROUND("near-flat", "", "warm"), .make = make_near };

	loop_flat(&pair[0]);
	run(pair, &row, CALLS, fewer ? BATCHES_FEW : BATCHES, 0);
	row.label.mechanism = "linux-int80";
	row.make = make_int80;
	run(pair, &row, CALLS, fewer ? BATCHES_FEW : BATCHES, 0);
	row.label.mechanism = vdso_way();
	row.make = make_vdso;
	if (row.label.mechanism)
		run(pair, &row, CALLS, fewer ? BATCHES_FEW : BATCHES, 0);
	else
		report_remark("no vDSO here enters the kernel by SYSENTER or "
			      "SYSCALL: no such row");
}

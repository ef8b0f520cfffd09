/*
 * What the parts of the command `bench` share: raw rows, what is done before a
 * batch, and the two domains that are measured.
 */
#ifndef BENCH_CORE_ROWS_H
#define BENCH_CORE_ROWS_H

#include "bench/sample.h"
#include "kernel/domain.h"

/* What is done before; from BEFORE_COLD on before each batch, which then is of
 * one call. */
enum before {
	BEFORE_NOTHING, /* warm */
	BEFORE_JOINED, /* the same in one address space: bench_joined */
	BEFORE_COLD, /* rows_evict */
	BEFORE_SAME, /* this CPU calls the callee */
	BEFORE_OTHER, /* another one does */
};

extern struct sample_set rows_set;

/*
 * From now on rows are of these domains' organizations (the text as printed;
 * "" for none), carry so many bytes, and have that done before.
 */
void rows_of(const char *organizations, u32 bytes, enum before before);

/*
 * QEMU fits its table of translations (64 to 32,768 of them) to what was used,
 * in windows of 100 ms, and each load of CR3 clears the whole of it; so what a
 * row takes depends on what was done before. If one asks for settled rows,
 * those that load CR3 are run again and again, while this says yes for one
 * begun at that time, and the run with the least median is told.
 */
extern int rows_settling;
int rows_unsettled(u64 begun);

/* `best` becomes `numbers` if their median is less; or if it is all 0. */
void rows_best(i32 best[6], const i32 numbers[6]);

/* The line above all rows, and one row: what rows_set holds, or six numbers
 * (rows_numbers: those of rows_set). */
void rows_head(void);
void rows_say(const char *name);
void rows_numbers(i32 numbers[6]);
void rows_say_numbers(const char *name, u32 calls, const i32 numbers[6]);
void rows_say_number(const char *name, u32 number);

/* The percentages of a row's six numbers. */
extern const u32 rows_percents[6];

/*
 * Cold is: this CPU's TLB was emptied, global pages too (QEMU forgets with it
 * where translated blocks lead), and a word of every 64 bytes of 4 MiB read.
 */
void rows_evict(void);

/* What `before` says, once. */
void rows_prepare(void);

/* The caller and the callee of `bench`, started, and the core's way to them. */
struct bench_pair {
	struct domain *callee, *caller;
	struct import meter, bencher;
	char organizations[24];
};

/*
 * Start them so organized (words as of `organize`; "": as the command line
 * says), and away with them. Errors as domain_start; -E_KIND: no such
 * organization.
 */
i32 pair_start(struct bench_pair *p, const char *caller, const char *callee);
void pair_end(struct bench_pair *p);

/* Stop and forget a domain; waits until its memory is free again. */
void domain_drop(struct domain *d);

/* The parts. They print rows; errors are those of the domains. */
i32 bench_bare(enum before before);
i32 bench_crossings(struct bench_pair *p, enum before before);
i32 bench_payloads(struct bench_pair *p, int quick); /* fewer sizes */
i32 bench_lives(struct bench_pair *p);
i32 bench_processors(struct bench_pair *p);

/* What the caller measures, with an ipc callee in the core's page tables.
 * -E_KIND: it is no such server, not the only one, or there are more CPUs. */
i32 bench_joined(struct bench_pair *p);

/* The caller's rows: `prepared` as bencher.measure has it. */
i32 caller_rows(struct bench_pair *p, u32 prepared, u32 size);

/* BEFORE_SAME and BEFORE_OTHER, once, while bench_processors runs. */
void processors_prepare(enum before before);

#endif

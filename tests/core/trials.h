/*
 * Trials: the prompt's commands `forbid` and `trial`, which the tests use.
 * They need the test domains (tools/run --tests) and change nothing by
 * themselves.
 */
#ifndef KERNEL_TRIALS_H
#define KERNEL_TRIALS_H

#include "kernel/domain.h"

/* An act by threads and domains together; 0, or what a gate answered. */
struct scene {
	const char *name;
	i32 (*run)(u32 argument);
	u32 argument;
	const char *guilty; /* the domain that is charged */
};

/* Ends with a row without a name. */
extern const struct scene scenes[];

/*
 * Bind to `gate` of the test domain `name`, loading and starting that first
 * if need be.
 */
i32 trial_bind(struct import *to, const char *gate, const char *name);

/*
 * Run `main(argument)` in `count` threads at most, wait for all. Returns how
 * many could be started.
 */
u32 trial_threads(u32 count, void (*main)(void *), void *argument);

/* Sleep; wait, at most a second, until `done()`; false if it never is. */
void trial_sleep(u32 milliseconds);
int trial_wait(int (*done)(void));

/* No generation is dead, every domain runs that should. */
int trial_settled(void);

/* What a trial must leave as it was. */
struct trial_memory {
	u32 frames; /* free, or in an activation stack, or in the heap */
	u32 blocks; /* of the heap, in use */
	u32 threads;
};
struct trial_memory trial_memory(void);

/*
 * What should hold when nothing goes on: the invariants, no lend alive, the
 * neighbour's memory intact, all stacks in their pools, trial_memory() as it
 * was `before`. NULL, or a sentence.
 */
const char *trial_broken(struct trial_memory before);

/* "#GP", "watchdog", ...; "door" where no vector was. */
const char *trial_fault_name(u32 vector);

/* The command `trial NAME`. */
i32 trial_run(const char *name);

/* What must work: NULL, or a sentence about what did not. */
const char *work_lends(void);
const char *work_again(void);
const char *work_monitor(void);
const char *work_stacks(void);
const char *work_events(void);
const char *work_reservation(void);
const char *work_waiting(void);
const char *work_lives(void);
const char *work_budget(void);
const char *work_threads(void);
const char *work_thunk(void);
const char *work_waits(void);
const char *work_slots(void);

#endif

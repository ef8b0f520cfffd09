/*
 * The kernel's own monitor: a prompt at which a person (or a script) looks at
 * domains, segments and threads, and starts and stops things.
 */
#ifndef KERNEL_PROMPT_H
#define KERNEL_PROMPT_H

#include "gates/abi.h"

/* Run the boot archive's file `monitor` and power off, or talk to a person. */
_Noreturn void prompt_run(void);

/* Run one command; `line` is changed. 0, or what went wrong, which was said. */
i32 prompt_line(char *line);

/* A command's own output. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define PROMPT_WORDS 12

struct words {
	u32 count;
	const char *word[PROMPT_WORDS]; /* "" beyond count */
};

struct command {
	const char *name, *arguments, *help;
	i32 (*run)(const struct words *w); /* 0, or an error that is said */
};

/* Each table ends with a row without a name. */
extern const struct command commands_domains[], commands_looking[],
	commands_measuring[], commands_breaking[], commands_storm[],
	commands_faults[], commands_stock[], commands_trials[], commands_scan[],
	commands_attacks[], commands_power[], commands_exercise[],
	commands_marked[];

/* A decimal or 0x number; -1 if it is none. */
i32 word_number(const char *word);

/* "-E_GONE" and so on. */
const char *error_name(i32 error);

#endif

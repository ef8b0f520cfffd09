/* The table of system calls, made of calls.def. */
#include "kernel/linux/call.h"

/* Every function has a prototype of its own; the table wants them alike. */
#define CALL(number, name, arguments, format, state, missing) \
	void call_##name(void);
#define NONE(number, name, missing)
#include "kernel/linux/calls.def"
#undef CALL
#undef NONE

#define CALL(at, called, count, letters, how, missing) \
	[at] = { \
		.function = call_##called, \
		.name = #called, \
		.format = letters, \
		.state = CALL_##how, \
		.arguments = count, \
	},
#define NONE(at, called, missing) [at] = { .name = #called },

const struct call calls[CALLS] = {
#include "kernel/linux/calls.def"
};

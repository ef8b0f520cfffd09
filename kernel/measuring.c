/* Commands of the prompt that try and measure. */
#include "kernel/prompt.h"

const struct command commands_measuring[] = {
	{ 0 },
};

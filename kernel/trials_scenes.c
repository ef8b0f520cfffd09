/* Scenes. */
#include "kernel/trials.h"

const struct scene scenes[] = { { 0 } };

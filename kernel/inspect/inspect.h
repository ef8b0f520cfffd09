/*
 * The core's side of gate `inspect`: what the files of this folder share. All
 * of it runs in the midst of an up call by a monitor: short locks alone, and
 * nothing whose end could call a domain is let go of here.
 */
#ifndef KERNEL_INSPECT_INSPECT_H
#define KERNEL_INSPECT_INSPECT_H

#include "core.h"
#include "gates/bytes.h"
#include "kernel/process/process.h"

/* May the process that asks (none: the core) look into p? */
int inspect_may(const struct process *p);

/* The space of a process, counted: 0, or -E_NAME (none: a zombie). With
 * `private`, -E_DENIED if it is not for the process that asks. */
i32 inspect_space(u32 pid, int private, struct space **out);

/* Give a text without its NUL, cut to `room`: bytes, or -E_GONE. */
i32 inspect_give_text(into char *to, u32 room, const char *text);

#endif

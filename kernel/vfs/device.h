/*
 * Device nodes whose devices are the core itself, or behind the `device` gate.
 * Terminals and the channel have kinds of their own.
 */
#ifndef KERNEL_VFS_DEVICE_H
#define KERNEL_VFS_DEVICE_H

#include "kernel/vfs/file.h"

#define MAJOR_MEMORY  1u
#define MAJOR_TTY     4u
#define MAJOR_CONSOLE 5u /* tty, console, ptmx */
#define MAJOR_PTS     136u
#define MAJOR_OWN     240u

#define MINOR_KMSG    11u /* of MAJOR_MEMORY */
#define MINOR_MONITOR 3u /* of MAJOR_OWN; below: channels */

/* /dev/kmsg: what is written goes into the kernel's log, reading gives it. */
extern const struct file_kind kmsg_kind;

/* /dev/monitor: lines written are commands of the kernel's monitor. */
extern const struct file_kind monitor_kind;

/* Where a new reader of the log begins. */
i32 kmsg_open(struct file *f);

#endif

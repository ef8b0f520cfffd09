/*
 * Terminals as files: the client of the `terminal` gate, controlling
 * terminals, and the threads that connect the machine's own keyboard, screen
 * and serial line to theirs.
 */
#ifndef KERNEL_VFS_TERMINAL_H
#define KERNEL_VFS_TERMINAL_H

#include "kernel/vfs/file.h"

struct session;

/* Numbers of the fixed terminals; pseudo-terminals come after. */
#define TERMINAL_SCREEN 1u /* tty1: VGA and keyboard */
#define TERMINAL_SERIAL 2u /* ttyS0: COM1 */
#define TERMINAL_PTYS	3u /* pts/0 */

/* Bind the gates and start the machine's own terminals. */
void terminal_start(void);

/* Before the machine is turned off: wait, two seconds at most, until what was
 * written to its own terminals, and to COM1 at all, is out. */
void terminal_settle(void);

/* open(2) of a terminal's device node: majors 4, 5 and 136. 0 or -errno. */
i32 terminal_open(struct file *f);

/* The session's leader has ended: its terminal is nobody's. */
void terminal_disown(struct session *s);

/* The first pseudo-terminal numbered `number` or more; -1: none. */
i32 terminal_next(u32 number);

/* The three streams of COM1 with channel=framed. 0 or -errno. */
i32 channel_open(struct file *f);

#endif

/*
 * Process groups, sessions, and which session a terminal controls. Terminals
 * are numbers here; what they do is kernel/vfs/terminal.c's. All of it is
 * guarded by process_lock, which is held by callers where it says so.
 */
#ifndef KERNEL_PROCESS_GROUP_H
#define KERNEL_PROCESS_GROUP_H

#include "kernel/process/process.h"

/* The number of the current process's group. Takes process_lock: another task,
 * or the parent, may change the group at any time. */
u32 group_current(void);

/* By number; not counted. process_lock held. */
struct session *session_find(u32 number);
struct session *session_with_terminal(u32 terminal);

/* Make a group and its session, for the first process and setsid. NULL
 * without memory. The group has no members yet. */
struct group *group_make_session(u32 number);

/* Put a process without a group into one; take it out. process_lock held. */
void group_join(struct process *p, struct group *g);
void group_leave(struct process *p);
void group_drop(struct group *g); /* one of its users */

/*
 * Nobody outside the group, but in its session, is a parent of one of its
 * members (`without` not counted): job control cannot reach it. Lock held.
 */
int group_orphaned(const struct group *g, const struct process *without);

/*
 * p is about to end, process_lock held: its group, if that makes it an orphan
 * while members are stopped, gets SIGHUP and SIGCONT; a session whose leader it
 * is loses its terminal, whose foreground group gets the same.
 */
void group_process_ends(struct process *p);

/* The same for the group of a child that has lost that parent. */
void group_child_orphaned(struct process *child, const struct process *parent);

/* control.c's part of it. */
void session_leader_ends(struct process *p);

/* ---- terminals; these take process_lock ---- */

/* Make `terminal` the current session's. 0; -EPERM: not a leader, has another,
 * or it is another session's and not (`steal` and root). */
i32 session_terminal_take(u32 terminal, int steal);

/* The leader lets go of it (TIOCNOTTY), or it hung up: SIGHUP, SIGCONT. */
i32 session_terminal_drop(void);
void terminal_hang_up(u32 terminal);

/* The current session's terminal; -ENXIO: none. */
i32 session_terminal(void);

/* Its foreground group and session, by number; -ENOTTY: no session's. */
i32 terminal_foreground(u32 terminal);
i32 terminal_session(u32 terminal);

/* tcsetpgrp by the current process: 0, -ENOTTY, -EPERM, -ESRCH. */
i32 terminal_foreground_set(u32 terminal, u32 group);

/*
 * May the current process read (SIGTTIN), or write or change (SIGTTOU) its
 * terminal? 0: yes. -EIO: never. -ERESTARTSYS: its group was sent that signal.
 */
i32 terminal_access(u32 terminal, u32 signal);

/* Signal the foreground group, if there is one. */
void terminal_signal(u32 terminal, u32 signal);

#endif

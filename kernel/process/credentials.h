/*
 * Changing who a process acts as: the rules of set*id, for user and group ids
 * alike. The calls' 32-bit forms are credentials.c's, the old ones with 16
 * bits are credentials16.c's.
 */
#ifndef KERNEL_PROCESS_CREDENTIALS_H
#define KERNEL_PROCESS_CREDENTIALS_H

#include "kernel/process/process.h"

#define ID_SAME 0xFFFFFFFFu /* leave it as it is */

enum whose { USER_IDS, GROUP_IDS };

#define CAPABILITIES 41u /* that Linux 6.1 knows */

struct ids {
	u32 real, effective, saved, files;
};

/* What becomes of capabilities when the user ids change (capabilities(7),
 * "Effect of user ID changes"), and when a program begins. process_lock. */
void capabilities_follow(struct ids old, struct ids new);
void capabilities_execute(struct credentials *c);

struct ids ids_get(enum whose which);

/* 0, -EPERM or, for an id that is none, -EINVAL. ids_set_files answers the old
 * one in any case. */
i32 ids_set(enum whose which, u32 id);
i32 ids_set_two(enum whose which, u32 real, u32 effective);
i32 ids_set_three(enum whose which, u32 real, u32 effective, u32 saved);
i32 ids_set_files(enum whose which, u32 id);

/* Supplementary groups, sorted once they are a process'. */
struct groups {
	u32 users;
	u32 count;
	u32 sorted[];
};

struct groups *groups_make(u32 count); /* NULL without memory */
void groups_hold(struct groups *g); /* NULL is no list, here and below */
void groups_drop(struct groups *g);
void groups_sort(struct groups *g);

/* The current process' from now on; takes over the caller's count. */
void groups_set(struct groups *g);

/* A process' list, counted; and is that group in it? No sleep, any lock may be
 * held. */
struct groups *groups_of(const struct process *p);
int groups_contain(const struct credentials *c, u32 gid);

#endif

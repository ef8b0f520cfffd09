/*
 * The exerciser of file systems: random operations on files, each of them done
 * also to a model in memory that says what must then be found. Each process
 * has a folder and a model of its own; in a shared folder and a shared file
 * it knows its own part. It trusts nothing that it reads.
 */
#ifndef EXERCISE_H
#define EXERCISE_H

#include <stdint.h>
#include <stdio.h>

#define NAMES	  320 /* of one process, at most */
#define HELD	  6 /* files kept open */
#define PIECES	  96 /* of a file, before it is begun anew */
#define BUFFER	  (256u << 10)
#define PATH_ROOM 4096

enum kind { REGULAR, FOLDER, LINK, ANY };

/* Bytes `start` to `end` - 1 of a file come from a seed; what is in no piece
 * is zero. */
struct piece {
	uint32_t start, end, seed;
};

struct node {
	enum kind kind;
	uint32_t mode, uid, gid, names, held;
	uint64_t number; /* of the inode */
	int64_t modified; /* seconds; 0: not known */
	uint32_t size, count;
	struct piece piece[PIECES + 2]; /* of a file, in order */
	char *target; /* of a link */
	struct name *up; /* of a folder; none for the first ones */
	const char *path; /* of a first one */
	int shared; /* others have names there, too */
};

struct name {
	struct node *folder, *node;
	char text[256];
};

struct held {
	struct node *node;
	int fd;
};

struct options {
	const char *folder, *remount, *until;
	uint32_t seed, operations, processes, phases;
	uint32_t room; /* bytes of contents for each process; 0: no bound */
	uint32_t far; /* no file is longer */
};

/* What a process counts, where its parent sees it. */
struct count {
	volatile uint32_t done, refused, checks;
};

extern struct options options;
extern struct count *count;
extern uint32_t process; /* its number, from 0 */
extern const char *doing; /* the operation's name */

/* model.c: the model and its names. */
extern struct name *names[NAMES];
extern uint32_t name_count;
extern struct node own, common; /* the first folders */
extern struct held held[HELD];
extern uint32_t held_count;
extern uint32_t used; /* bytes of all contents */

void chance_start(uint32_t seed);
uint32_t below(uint32_t bound);

struct node *node_make(enum kind kind, uint32_t mode);
void node_give(struct node *n);
struct name *name_add(struct node *folder, const char *text, struct node *n);
void name_drop(struct name *name);
struct name *name_find(const struct node *folder, const char *text);
int folder_empty(const struct node *folder);
uint32_t folder_folders(const struct node *folder);
int folder_within(const struct node *folder, const struct node *above);

/* A name of this kind, a folder to put names in, a new name for there. */
struct name *name_pick(enum kind kind);
struct node *folder_pick(void);
void name_invent(const struct node *folder, char text[256]);

/* The path of a folder, of a name in it; in a buffer of PATH_ROOM. */
char *folder_path(const struct node *folder, char *path);
char *name_path(const struct node *folder, const char *text, char *path);

/* Contents: what a write and a new length leave, and what must be there. */
uint32_t contents_seed(void);
void contents_write(struct node *n, uint32_t at, uint32_t length,
		    uint32_t seed);
void contents_cut(struct node *n, uint32_t size);
void contents_fill(const struct node *n, uint32_t at, uint8_t *to,
		   uint32_t length);
void seed_fill(uint32_t seed, uint32_t at, uint8_t *to, uint32_t length);

/* judge.c: comparison. None of these returns after a difference: it is
 * printed, and the process ends with status 1. */
_Noreturn void differs(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The result of a call must be this error, or success if `error` is 0; it may
 * be ENOSPC if `room` is set. Returns whether it was done. */
int result_check(long result, int error, int room, const char *call,
		 const char *path);
void node_check(const struct node *n, int fd, const char *path);
void bytes_check(const struct node *n, uint32_t at, const uint8_t *found,
		 uint32_t length, const char *path);
void contents_check(const struct node *n, int fd, const char *path);
void name_check(const struct name *name);
void folder_check(const struct node *folder);
void all_check(void);

/* change.c, files.c, mapped.c: the operations. */
void make_file(void);
void make_folder(void);
void make_link(void);
void make_name(void);
void remove_name(void);
void remove_folder(void);
void move_name(void);
void change_mode(void);
void change_owner(void);
void change_time(void);
void check_name(void);
void check_folder(void);
void check_absent(void);
void write_file(void);
void append_file(void);
void read_file(void);
void cut_file(void);
void begin_file(void);
void map_file(void);
void sync_file(void);
void hold_file(void);
void leave_file(void);
void write_slot(void);
void held_leave(void); /* all of them */
void slots_check(void);

extern uint8_t buffer[BUFFER];

/* Nothing fits any more, or more than its share is used. */
extern uint32_t full;

#endif

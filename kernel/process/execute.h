/*
 * execve in three parts: finding out what a file is (image.c), gathering the
 * strings and laying out the first stack (arguments.c), and becoming the new
 * program (execute.c).
 */
#ifndef KERNEL_PROCESS_EXECUTE_H
#define KERNEL_PROCESS_EXECUTE_H

#include "kernel/process/process.h"
#include "kernel/process/program.h"

/*
 * The strings of a new program, one after the other as they will lie at the
 * top of its stack: arguments, environment, the path it was found by.
 */
struct strings {
	char *text; /* on the heap */
	u32 size, room;
	u32 arguments, environment; /* how many */
	u32 environment_at, path_at; /* offsets */
	u32 most; /* bytes they may have, by RLIMIT_STACK */
};

/* Take the strings; give them back by strings_drop. 0 or -errno (E2BIG). */
i32 strings_take(struct strings *s, u32 user_arguments, u32 user_environment);
i32 strings_add(struct strings *s, const char *text);
void strings_drop(struct strings *s);

/* Put `count` texts in front, in place of the first argument. */
i32 strings_replace_first(struct strings *s, const char *const *texts,
			  u32 count);

/* What the stack's auxiliary vector tells. */
struct auxiliary {
	u32 header, header_count; /* of the program */
	u32 base; /* of the interpreter */
	u32 entry; /* the program's own */
	u32 vdso, vdso_entry;
	u32 secure;
};

/*
 * Lay out the stack below `top` of the current (new) space: vectors and
 * strings, as the System V ABI's Intel386 supplement has it, figure 3-31. The
 * new ESP, or -EFAULT.
 */
i32 stack_lay_out(struct space *space, u32 top, const struct strings *s,
		  const struct auxiliary *a, u32 *esp);

/* Bytes that strings and vectors take. */
u32 stack_need(const struct strings *s);

/* The first process' own: its path as argument, and an environment. */
i32 strings_first(struct strings *s, const char *path);

/* A file that is to be executed. */
struct image_file {
	struct place place; /* counted */
	struct inode *inode; /* the place's */
	struct file *file;
	struct program *program;
	u8 text; /* the inode's count is raised */
};

/* One execve on its way; on the heap. */
struct execution {
	struct image_file image, interpreter;
	char *path; /* as the program was called; on the heap */
	char name[TASK_NAME];
	struct strings strings;
	struct space *space; /* the new one */
	struct files *files; /* a copy of shared ones, or NULL */
	struct actions *actions; /* likewise */
	struct auxiliary auxiliary;
	u32 base, interpreter_base, entry;
	u32 uid, gid; /* effective ones of the new program */
};

/* From image.place on, through scripts, to a checked program and interpreter.
 * 0 or -errno; what it leaves in e is given back with e in any case. */
i32 image_find(struct execution *e);
void image_drop(struct image_file *i);

/* The last part of a path, as a task's name. */
void name_of_path(char *name, const char *path);

/* The first process' execve, by a thread of the core. */
i32 execute_first(const char *path, struct frame *frame);

#endif

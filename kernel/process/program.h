/*
 * Programs as files: checking the ELF headers of one (elf.c: pure functions
 * over bytes that may be anything), and mapping it into a space (program.c).
 */
#ifndef KERNEL_PROCESS_PROGRAM_H
#define KERNEL_PROCESS_PROGRAM_H

#include "kernel/elf.h"

#define PROGRAM_HEAD	 256u /* bytes of a file that tell what it is */
#define PROGRAM_SEGMENTS 16u
#define INTERPRETER_MOST 256u /* with its NUL */

struct program_segment {
	u32 start; /* address of its first byte, whole pages not required */
	u32 offset; /* in the file; congruent to start */
	u32 filesz, memsz;
	u32 flags; /* enum elf_program_flag */
};

/* What a checked file asks for. Addresses are the file's own. */
struct program {
	u32 entry;
	u32 low, high; /* whole pages that all segments lie in */
	u32 header; /* address of the program headers; 0: not in memory */
	u32 header_count;
	u32 interpreter_at, interpreter_size; /* in the file; size 0: none */
	u8 movable; /* ET_DYN: may be anywhere */
	u8 stack_executable;
	u8 segment_count;
	struct program_segment segments[PROGRAM_SEGMENTS];
};

/* Bytes and offset of the program headers. 0, -ENOEXEC. */
i32 elf_check_header(const u8 *head, u32 size, u32 *offset, u32 *bytes);

/* Check header and program headers (`bytes` of them). 0 or -ENOEXEC. `out` is
 * as large as the frame allows: keep it on the heap. */
i32 elf_check(const u8 *head, const u8 *headers, u32 bytes,
	      struct program *out);

struct file;
struct space;

/* Read and check a file; the caller gives it back by heap_give. */
i32 program_read(struct file *f, const u8 *head, u32 size,
		 struct program **out);

/*
 * Map all segments into s, moved by `base`. The bytes between a segment's file
 * part and the end of its page are zeroed by program_trim, once s is loaded.
 * 0 or -errno.
 */
i32 program_map(struct space *s, struct file *f, const struct program *p,
		u32 base);
i32 program_trim(const struct program *p, u32 base);

/* Remember in s where its code and data lie; the heap begins behind them. */
void program_note(struct space *s, const struct program *p, u32 base);

#endif

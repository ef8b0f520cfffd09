/*
 * Checking the ELF headers of a program. Pure functions: every number in the
 * file is hostile, sums are written so that they cannot wrap, and what they
 * leave in struct program is below the end of the user's half.
 */
#include "kernel/linux/errno.h"
#include "kernel/process/program.h"

#define PAGE	     4096u
#define END	     (FLAT_BUILD ? 0x77000000u : 0xBF000000u) /* of what is linked */
#define LEAST	     0x00010000u
#define HEADERS_MOST 4096u
#define DYNAMIC	     3u /* type ET_DYN */

enum { INTERPRETER = 3, HEADERS = 6 }; /* PT_INTERP, PT_PHDR */

i32 elf_check_header(const u8 *head, u32 size, u32 *offset, u32 *bytes)
{
	const struct elf_header *h = (const struct elf_header *)head;

	if (size < sizeof(*h) || h->magic != ELF_MAGIC)
		return -ENOEXEC;
	if (h->class != ELF_CLASS_32 || h->data != ELF_LITTLE ||
	    h->machine != ELF_I386)
		return -ENOEXEC;
	if (h->type != ELF_EXECUTABLE && h->type != DYNAMIC)
		return -ENOEXEC;
	if (h->program_size != sizeof(struct elf_program) || !h->program_count)
		return -ENOEXEC;
	*offset = h->programs;
	*bytes = h->program_count * (u32)sizeof(struct elf_program);
	if (*bytes > HEADERS_MOST || *offset > 0x7FFFFFFFu)
		return -ENOEXEC;
	return 0;
}

static i32 segment_check(const struct elf_program *e, int movable)
{
	u32 least = movable ? 0 : LEAST;

	if (e->filesz > e->memsz || (e->vaddr ^ e->offset) % PAGE)
		return -ENOEXEC;
	if (e->vaddr < least || e->vaddr >= END || e->memsz > END - e->vaddr)
		return -ENOEXEC;
	if (e->offset > 0x7FFFFFFFu || e->filesz > 0x7FFFFFFFu - e->offset)
		return -ENOEXEC;
	return 0;
}

/* Are the file's bytes [at, at + bytes) in memory through this segment? */
static u32 address_of(const struct elf_program *e, u32 at, u32 bytes)
{
	if (at < e->offset || at - e->offset > e->filesz ||
	    bytes > e->filesz - (at - e->offset))
		return 0;
	return e->vaddr + (at - e->offset);
}

static i32 segment_add(struct program *p, const struct elf_program *e,
		       u32 headers)
{
	if (!e->memsz)
		return 0;
	if (segment_check(e, p->movable) < 0 ||
	    p->segment_count == PROGRAM_SEGMENTS)
		return -ENOEXEC;
	if (!p->header)
		p->header = address_of(e, headers,
				       p->header_count * (u32)sizeof(*e));
	if (e->vaddr < p->low)
		p->low = e->vaddr & ~(PAGE - 1);
	if (e->vaddr + e->memsz > p->high)
		p->high = (e->vaddr + e->memsz + PAGE - 1) & ~(PAGE - 1);
	p->segments[p->segment_count++] = (struct program_segment){
		.start = e->vaddr,
		.offset = e->offset,
		.filesz = e->filesz,
		.memsz = e->memsz,
		.flags = e->flags,
	};
	return 0;
}

static i32 interpreter_set(struct program *p, const struct elf_program *e)
{
	if (p->interpreter_size)
		return 0; /* the first counts */
	if (e->filesz < 2 || e->filesz > INTERPRETER_MOST ||
	    e->offset > 0x7FFFFFFFu)
		return -ENOEXEC;
	p->interpreter_at = e->offset;
	p->interpreter_size = e->filesz;
	return 0;
}

i32 elf_check(const u8 *head, const u8 *headers, u32 bytes, struct program *out)
{
	const struct elf_header *h = (const struct elf_header *)head;
	const struct elf_program *e = (const struct elf_program *)headers;
	i32 r = 0;

	out->entry = h->entry;
	out->low = END;
	out->high = 0;
	out->header = 0;
	out->header_count = bytes / (u32)sizeof(*e);
	out->interpreter_size = 0;
	out->movable = h->type == DYNAMIC;
	out->stack_executable = 1; /* unless the file says otherwise */
	out->segment_count = 0;
	for (u32 i = 0; i < out->header_count && r == 0; i++) {
		if (e[i].type == ELF_LOAD)
			r = segment_add(out, &e[i], h->programs);
		else if (e[i].type == INTERPRETER)
			r = interpreter_set(out, &e[i]);
		else if (e[i].type == ELF_GNU_STACK)
			out->stack_executable = (e[i].flags & ELF_X) != 0;
	}
	if (r == 0 && !out->segment_count)
		r = -ENOEXEC;
	return r;
}

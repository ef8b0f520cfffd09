/*
 * A program's file into a space: reading its headers, mapping its segments.
 * What the headers say was checked by elf.c; contents come when touched.
 */
#include "kernel/process/program.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/space/space.h"
#include "kernel/space/user.h"
#include "kernel/vfs/file.h"

i32 program_read(struct file *f, const u8 *head, u32 size, struct program **out)
{
	u32 offset, bytes;
	i32 r = elf_check_header(head, size, &offset, &bytes);

	if (r < 0)
		return r;
	u32 whole = (u32)sizeof(struct program) + bytes;
	struct program *p = heap_take_now(whole);
	u8 *headers = (u8 *)(p + 1);

	if (!p)
		return -ENOMEM;
	r = file_read_core(f, offset, headers, bytes);
	if (r >= 0)
		r = (u32)r == bytes ? elf_check(head, headers, bytes, p) :
				      -ENOEXEC;
	if (r < 0)
		heap_give(p);
	else
		*out = p;
	return r;
}

static u32 area_flags(u32 elf)
{
	u32 flags = AREA_MAY_WRITE;

	if (elf & ELF_R)
		flags |= AREA_READ;
	if (elf & ELF_W)
		flags |= AREA_WRITE;
	if (elf & ELF_X)
		flags |= AREA_EXECUTE;
	return flags;
}

static u32 page_down(u32 address)
{
	return address & ~(PAGE - 1);
}

static u32 page_up(u32 address)
{
	return (address + PAGE - 1) & ~(PAGE - 1);
}

/* The part with the file's contents, then whole pages of zeros. */
static i32 segment_map(struct space *s, struct file *f,
		       const struct program_segment *g, u32 base)
{
	u32 start = base + g->start, flags = area_flags(g->flags);
	u32 first = page_down(start), middle = first;
	u32 end = page_up(start + g->memsz);
	i32 r = 0;

	if (g->filesz) {
		middle = page_up(start + g->filesz);
		r = space_map(s, first, middle - first, flags, f->inode, f,
			      g->offset / PAGE);
	}
	if (r == 0 && end > middle)
		r = space_map(s, middle, end - middle, flags, 0, 0, 0);
	return r;
}

static void segment_note(struct space *s, const struct program_segment *g,
			 u32 base)
{
	u32 start = base + g->start;

	if (g->flags & ELF_X) {
		if (!s->code_start || start < s->code_start)
			s->code_start = start;
		s->code_end = max(s->code_end, start + g->filesz);
	} else if (g->flags & ELF_W) {
		if (!s->data_start || start < s->data_start)
			s->data_start = start;
		s->data_end = max(s->data_end, start + g->filesz);
	}
}

void program_note(struct space *s, const struct program *p, u32 base)
{
	for (u32 i = 0; i < p->segment_count; i++)
		segment_note(s, &p->segments[i], base);
	s->heap_start = s->heap_end = base + p->high;
}

i32 program_map(struct space *s, struct file *f, const struct program *p,
		u32 base)
{
	i32 r = 0;

	for (u32 i = 0; i < p->segment_count && r == 0; i++)
		r = segment_map(s, f, &p->segments[i], base);
	return r;
}

i32 program_trim(const struct program *p, u32 base)
{
	for (u32 i = 0; i < p->segment_count; i++) {
		const struct program_segment *g = &p->segments[i];
		u32 end = base + g->start + g->filesz;

		if (!(g->flags & ELF_W) || g->memsz == g->filesz ||
		    end % PAGE == 0 || !g->filesz)
			continue;
		if (user_zero(end, page_up(end) - end) < 0)
			return -EFAULT;
	}
	return 0;
}

/*
 * Core files: ELF headers, notes, and the memory of a process that is about to
 * end. What was never written (code, untouched zeros) is left out or a hole.
 */
#include "kernel/process/core.h"

#include "kernel/elf.h"
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/space/cache.h"
#include "kernel/space/table.h"
#include "kernel/space/user.h"
#include "kernel/vfs/change.h"
#include "kernel/vfs/entry.h"
#include "kernel/vfs/file.h"

#define TYPE_CORE  4u
#define AREAS_MOST 1024u
#define CORE_MODE  0600u

/* One PT_LOAD to come. */
struct piece {
	u32 start, size, bytes, flags; /* `bytes` of it are in the file */
};

struct core {
	struct file *file;
	struct piece *pieces;
	u32 count;
	u8 *notes;
	u32 notes_size, most;
	u8 *page;
};

/* ---- what goes in ---- */

/* Is there a page in it that is not the file's? Such were written before the
 * area became read-only: relocated data. The space's lock is held. */
static int area_written(const struct area *a)
{
	u32 at = a->start, count;
	const u32 *entry;

	while ((entry = table_run(a->space, &at, a->end, &count)) != 0)
		for (u32 i = 0; i < count; i++) {
			u32 page = a->page + (at - a->start) / PAGE - count + i;
			struct physical p;

			if (!entry[i])
				continue;
			p = cache_look(a->inode, page);
			if (frame_ok(p))
				frame_drop(p);
			if (p.address != entry_frame(entry[i]).address)
				return 1;
		}
	return 0;
}

/* What the process made itself; of files, the page with the ELF header. */
static u32 area_bytes(const struct area *a)
{
	u32 size = a->end - a->start;

	if ((a->flags & AREA_WRITE) && !(a->flags & AREA_SHARED))
		return size;
	if (!a->inode || (a->flags & AREA_VDSO))
		return size;
	if (!(a->flags & AREA_SHARED) && area_written(a))
		return size;
	return a->page == 0 ? PAGE : 0;
}

static u32 piece_flags(u32 area)
{
	return (area & AREA_READ ? ELF_R : 0u) |
	       (area & AREA_WRITE ? ELF_W : 0u) |
	       (area & AREA_EXECUTE ? ELF_X : 0u);
}

static int pieces_take(struct core *c)
{
	struct space *s = process_current()->space;
	u32 count = 0;

	mutex_lock(&s->lock);
	for (struct list *l = s->areas.next; l != &s->areas; l = l->next)
		count++;
	c->count = min(count, AREAS_MOST);
	c->pieces = heap_take_now(c->count * (u32)sizeof(struct piece));
	count = 0;
	for (struct list *l = s->areas.next;
	     c->pieces && l != &s->areas && count < c->count; l = l->next) {
		const struct area *a = LIST_OF(l, struct area, list);

		c->pieces[count++] = (struct piece){
			.start = a->start,
			.size = a->end - a->start,
			.bytes = area_bytes(a),
			.flags = piece_flags(a->flags),
		};
	}
	mutex_unlock(&s->lock);
	return c->pieces != 0;
}

/* ---- writing ---- */

static int core_put(struct core *c, u32 at, const void *bytes, u32 size)
{
	if (at > c->most || size > c->most - at)
		return 0;
	return file_write_core(c->file, at, bytes, size) == (i32)size;
}

static u32 page_up(u32 at)
{
	return (at + PAGE - 1) & ~(PAGE - 1);
}

static struct elf_header header_of(const struct core *c)
{
	return (struct elf_header){
		.magic = ELF_MAGIC,
		.class = ELF_CLASS_32,
		.data = ELF_LITTLE,
		.ident_version = ELF_VERSION,
		.type = TYPE_CORE,
		.machine = ELF_I386,
		.version = ELF_VERSION,
		.programs = sizeof(struct elf_header),
		.header_size = sizeof(struct elf_header),
		.program_size = sizeof(struct elf_program),
		.program_count = (u16)(c->count + 1),
	};
}

/* `at`: where the first piece's bytes will be. */
static struct elf_program *programs_make(const struct core *c, u32 notes,
					 u32 at)
{
	struct elf_program *p = heap_take_now((c->count + 1) * (u32)sizeof(*p));

	if (!p)
		return 0;
	p[0] = (struct elf_program){ .type = ELF_NOTE,
				     .offset = notes,
				     .filesz = c->notes_size,
				     .align = 4 };
	for (u32 i = 0; i < c->count; i++) {
		const struct piece *piece = &c->pieces[i];

		p[i + 1] = (struct elf_program){
			.type = ELF_LOAD,
			.offset = at,
			.align = PAGE,
			.vaddr = piece->start,
			.filesz = piece->bytes,
			.memsz = piece->size,
			.flags = piece->flags,
		};
		at += piece->bytes;
	}
	return p;
}

/* Bytes of ELF header and program headers: where the notes begin. */
static u32 headers_size(const struct core *c)
{
	return (u32)sizeof(struct elf_header) +
	       (c->count + 1) * (u32)sizeof(struct elf_program);
}

static int headers_put(struct core *c)
{
	struct elf_header h = header_of(c);
	u32 notes = headers_size(c);
	struct elf_program *p =
		programs_make(c, notes, page_up(notes + c->notes_size));
	int done;

	if (!p)
		return 0;
	done = core_put(c, 0, &h, sizeof(h)) &&
	       core_put(c, sizeof(h), p, notes - (u32)sizeof(h)) &&
	       core_put(c, notes, c->notes, c->notes_size);
	heap_give(p);
	return done;
}

static int is_zero(const u8 *page)
{
	const u32 *word = (const u32 *)page;

	for (u32 i = 0; i < PAGE / 4; i++)
		if (word[i])
			return 0;
	return 1;
}

/* Pages of zeros become holes, but the last: the file must reach its end. */
static int piece_put(struct core *c, const struct piece *piece, u32 at)
{
	struct space *s = process_current()->space;

	for (u32 done = 0; done < piece->bytes; done += PAGE) {
		u32 n = user_peek(s, piece->start + done, c->page, PAGE);

		memory_fill(c->page + n, 0, PAGE - n);
		if (done + PAGE < piece->bytes && is_zero(c->page))
			continue;
		if (!core_put(c, at + done, c->page, PAGE))
			return 0;
	}
	return 1;
}

static int memory_put(struct core *c)
{
	u32 at = page_up(headers_size(c) + c->notes_size);

	for (u32 i = 0; i < c->count; i++) {
		if (!piece_put(c, &c->pieces[i], at))
			return 0;
		at += c->pieces[i].bytes;
	}
	return 1;
}

/* ---- the file ---- */

/* A regular file of one name that is the process' own may be overwritten. */
static i32 core_claim(struct inode *i)
{
	if ((i->mode & MODE_KIND) != MODE_FILE || i->links != 1 ||
	    i->uid != process_current()->credentials.fsuid)
		return -EACCES;
	return change_truncate(i, 0);
}

static i32 core_open(struct file **out)
{
	struct walked w;
	i32 r = walk_core("core", WALK_NO_FOLLOW | WALK_CREATE, &w);

	if (r < 0)
		return r;
	struct place place = w.place;

	if (place_inode(place)) {
		place_hold(place);
		r = core_claim(place_inode(place));
	} else {
		char name[NAME_MOST + 1];
		struct place folder = entry_where(place.entry, name);

		r = change_make(folder, name, MODE_FILE | CORE_MODE, 0, 0,
				&place);
		place_drop(folder);
		if (r < 0)
			place.entry = 0;
	}
	walked_drop(&w);
	if (r == 0)
		r = file_open(&place, O_WRONLY, out);
	if (place.entry)
		place_drop(place);
	return r;
}

int core_write(const struct signal_info *info, const struct frame *f)
{
	struct core c = { .most = process_current()->limits[LIMIT_CORE].soft };
	int done = 0;

	c.notes = core_notes(info, f, &c.notes_size);
	c.page = heap_take_now(PAGE);
	if (c.notes && c.page && pieces_take(&c) && core_open(&c.file) == 0) {
		done = headers_put(&c) && memory_put(&c);
		file_drop(c.file);
	}
	heap_give(c.page);
	heap_give(c.notes);
	heap_give(c.pieces);
	return done;
}

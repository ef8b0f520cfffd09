/*
 * Flat domains: their images made to run where they lie, and what the core
 * knows of who is inside them. Nothing keeps one from doing anything.
 */
#include "kernel/flat.h"

#include "core_gates.h"
#include "gates/monitor.h"
#include "kernel/elf.h"
#include "kernel/imports.h"
#include "kernel/window.h"
#include "seg/gdt.h"

#define SECTION_RELOCATIONS 9 /* SHT_REL */
#define ABSOLUTE	    1 /* R_386_32: System V ABI, Intel386, ch. 4 */
#define RELATIVE	    2 /* R_386_PC32: right wherever the image lies */
#define RELATIVE_PLT	    4 /* R_386_PLT32: the same in what is linked */

struct relocation {
	u32 offset; /* in the window: linked files have addresses here */
	u32 info; /* type in the low byte */
};

i32 door_enter(struct door *d);
void door_wake(struct door *d);

static i32 relocate_one(struct generation *g, const struct relocation *r)
{
	u32 word, type = r->info & 0xFF;

	if (type == RELATIVE || type == RELATIVE_PLT)
		return 0;
	if (type != ABSOLUTE || r->offset > g->domain->image.image_end - 4 ||
	    window_read(g, r->offset, &word, 4) != 4)
		return -E_FORM;
	word += word < FLAT_DOOR ? g->base : (u32)g->door - FLAT_DOOR;
	window_write(g, r->offset, &word, 4);
	return 0;
}

/* The relocations of one section, if those are what it has. */
static i32 relocate_section(struct generation *g, const u8 *file, u32 size,
			    const struct elf_section *list, u32 index)
{
	const struct elf_section *s = &list[index];
	const struct relocation *r = (const void *)(file + s->offset);
	i32 error = 0;

	if (s->type != SECTION_RELOCATIONS)
		return 0;
	if (s->offset % 4 || s->offset > size || s->size > size - s->offset)
		return -E_FORM;
	for (u32 i = 0; i < s->size / sizeof(*r) && !error; i++)
		error = relocate_one(g, &r[i]);
	return error ? error : 1;
}

i32 flat_relocate(struct generation *g)
{
	struct domain *d = g->domain;
	const u8 *file = d->file;
	u32 size = d->file_size;
	const struct elf_header *h = (const struct elf_header *)file;
	const struct elf_section *list = (const void *)(file + h->sections);
	i32 found = 0;

	if (h->sections % 4 || h->section_size != sizeof(*list) ||
	    h->sections > size ||
	    h->section_count > (size - h->sections) / sizeof(*list))
		return -E_FORM;
	for (u32 i = 0; i < h->section_count; i++) {
		i32 error = relocate_section(g, file, size, list, i);

		if (error < 0)
			return error;
		found |= error;
	}
	for (u32 i = 0; i < d->image.manifest->entry_count; i++)
		d->entries[i].offset = g->base + d->image.entries[i].down;
	return found ? 0 : -E_FORM;
}

static i32 gone(void)
{
	return -E_GONE;
}

u32 flat_target(u32 slot)
{
	if (slot - first_core_gate < core_entry_count)
		return (u32)core_entries[slot - first_core_gate].thunk;
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		const struct domain *d = LIST_OF(l, struct domain, list);
		u32 entry = slot - d->first_gate;

		if (entry < d->image.manifest->entry_count &&
		    d->state == DOMAIN_RUNNING && d->now && !d->now->dead)
			return d->now->base + d->image.entries[entry].across;
	}
	return (u32)gone;
}

void flat_doors_fill(struct generation *g)
{
	struct far_slot far[MANIFEST_DOORS] = {
		{ .offset = (u32)door_enter },
		{ .offset = (u32)door_wake },
	};

	window_write(g, g->domain->image.manifest->doors, far, sizeof(far));
}

struct generation *flat_at(u32 linear)
{
	struct generation *g = FLAT_BUILD ? generation_holding(linear) : 0;

	return g && linear - g->base < g->domain->image.text_end ? g : 0;
}

/*
 * Nothing is written down when one is entered: so every word of the stack that
 * could be a return address counts as one. Of a thread that runs on another
 * CPU, all of the stack is looked at.
 */
int flat_inside(const struct thread *t, const struct generation *g)
{
	u32 text = g->base + IMAGE_FIRST;
	u32 bytes = g->domain->image.text_end - IMAGE_FIRST;
	u32 at = t->esp;

	if (t == thread_current())
		at = (u32)__builtin_frame_address(0);
	else if (t->state == THREAD_RUNNING)
		at = t->stack + STACK_CALLER + 4;
	for (; at < t->stack + THREAD_STACK; at += 4)
		if (*(const u32 *)at - text < bytes)
			return 1;
	return 0;
}

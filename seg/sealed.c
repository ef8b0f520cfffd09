/*
 * One GDT for each sealed generation, and a view of it for each CPU: a page of
 * the CPU's (TSS, LDT), then pages that all views share. What no view has is a
 * page of absent descriptors, so that no selector makes a page fault.
 */
#include "seg/sealed.h"

#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "seg/gdt.h"

#define SLOTS_A_PAGE (PAGE / sizeof(struct descriptor))
#define PAGES	     (SEALED_SLOTS / SLOTS_A_PAGE)
#define PAGE_GATES   (SLOT_GATES / SLOTS_A_PAGE)

static const struct descriptor nothing[SLOTS_A_PAGE]
	__attribute__((aligned(4096)));

i32 sealed_cpu_make(struct cpu *cpu)
{
	static const u8 slots[] = { SLOT_CORE_CODE, SLOT_CORE_DATA, SLOT_TSS,
				    SLOT_TSS_FAULT };
	struct physical page = frame_take_zero_now();

	if (!frame_ok(page))
		return -E_MEMORY;
	cpu->sealed = direct(page);
	for (u32 i = 0; i < sizeof(slots); i++)
		cpu->sealed[slots[i]] = cpu->gdt[slots[i]];
	cpu->sealed_view = cpu->number * SEALED_STRIDE;
	cpu->sealed_gdtr.limit = SEALED_STRIDE - 1;
	return 0;
}

void sealed_describe(struct crossing *c)
{
	u32 end = (u32)&c->lends[LINKAGE_DEPTH];

	for (u32 depth = 0; depth < LINKAGE_DEPTH; depth++) {
		u32 base = (u32)c->lends[depth];
		struct descriptor d;
		i32 error = descriptor_segment(
			(struct segment){ .base = base,
					  .size = min(SEALED_LDT, end - base),
					  .kind = SEGMENT_LDT },
			&d);

		assert(error == 0); /* the page is all that `high` depends on */
		c->records[depth].ldt = d.low;
		c->ldt_high = d.high;
	}
}

static u32 page_at(const struct generation *g, u32 view, u32 page)
{
	return g->door->tables + view * SEALED_STRIDE + page * PAGE;
}

/* Page `page` of every view: `p` from now on, which may have been `nothing`. */
static void page_share(struct generation *g, u32 page, struct physical p)
{
	for (u32 view = 0; view < cpu_count; view++) {
		u32 at = page_at(g, view, page);

		if (page_entry(at))
			page_unmap(at);
		page_map(at, p, PAGE_GLOBAL);
	}
}

/* The page that holds a slot, g's own from now on. NULL without memory. */
static struct descriptor *page_own(struct generation *g, u32 slot)
{
	u32 page = slot / SLOTS_A_PAGE;
	struct physical none = direct_physical(nothing);
	struct physical p = { page_entry(page_at(g, 0, page)) & ~(PAGE - 1) };

	if (p.address == none.address) {
		p = frame_take_zero_now();
		if (!frame_ok(p))
			return 0;
		page_share(g, page, p);
		tlb_flush_all();
	}
	return (struct descriptor *)direct(p) + slot % SLOTS_A_PAGE;
}

static i32 slot_set(struct generation *g, u32 slot, struct descriptor d)
{
	struct descriptor *at = page_own(g, slot);

	if (!at)
		return -E_MEMORY;
	*at = d;
	return 0;
}

i32 sealed_make(struct generation *g)
{
	u32 slot = SLOT_DOMAINS + 2 * g->pair;
	struct physical none = direct_physical(nothing);

	g->door->tables = range_take(&range_stacks, cpu_count * SEALED_STRIDE);
	if (!g->door->tables)
		return -E_MEMORY;
	for (u32 view = 0; view < cpu_count; view++)
		page_map(page_at(g, view, 0),
			 direct_physical(cpus[view].sealed),
			 PAGE_GLOBAL | PAGE_WRITE);
	for (u32 page = 1; page < PAGES; page++)
		page_share(g, page, none);
	for (u32 i = 0; i < 2; i++)
		if (slot_set(g, slot + i, gdt_get(&cpus[0], slot + i)) < 0)
			return -E_MEMORY;
	return 0;
}

void sealed_free(struct generation *g)
{
	struct physical none = direct_physical(nothing), p;

	if (!g->door->tables)
		return;
	for (u32 view = 0; view < cpu_count; view++)
		for (u32 page = 0; page < PAGES; page++) {
			p = page_unmap(page_at(g, view, page));
			if (view == 0 && page && frame_ok(p) &&
			    p.address != none.address)
				frame_give(p, 0);
		}
	tlb_flush_all();
	range_give(&range_stacks, g->door->tables, cpu_count * SEALED_STRIDE);
	g->door->tables = 0;
}

void sealed_close(struct generation *g)
{
	slot_set(g, SLOT_DOMAINS + 2 * g->pair, DESCRIPTOR_ABSENT);
}

void sealed_gates_clear(struct generation *g)
{
	struct physical none = direct_physical(nothing);

	for (u32 page = PAGE_GATES; page < PAGES; page++) {
		u32 entry = page_entry(page_at(g, 0, page)) & ~(PAGE - 1);

		if (entry != none.address)
			memory_fill(direct((struct physical){ entry }), 0,
				    PAGE);
	}
}

i32 sealed_gate_set(struct generation *g, u32 slot, struct descriptor d)
{
	if (slot < SLOT_GATES || slot >= SEALED_SLOTS)
		return -E_RANGE;
	return slot_set(g, slot, d);
}

struct descriptor sealed_get(const struct generation *g, u32 slot)
{
	const struct descriptor *page;

	if (slot >= SEALED_SLOTS)
		return DESCRIPTOR_ABSENT;
	page = direct((struct physical){
		page_entry(page_at(g, 0, slot / SLOTS_A_PAGE)) & ~(PAGE - 1) });
	return page[slot % SLOTS_A_PAGE];
}

/* The sealed generation that is on top, or NULL. */
static const struct generation *sealed_top(const struct thread *t)
{
	const struct generation *g = generation_top(t);

	return g && g->door->flags & DOOR_SEALED ? g : 0;
}

void tables_load(struct cpu *cpu, struct thread *t)
{
	const struct generation *g = sealed_top(t);

	if (cpu->sealed)
		cpu->sealed[SLOT_LDT].high = t->crossing->ldt_high;
	if (g) {
		/* a program's flat segments, which calls may leave, are not there */
		__asm__ volatile("mov %0, %%ds\n\t"
				 "mov %0, %%es"
				 :
				 : "r"(SEL_CORE_DATA)
				 : "memory");
		cpu->sealed_gdtr.base = g->door->tables + cpu->sealed_view;
		cpu->sealed[SLOT_LDT].low = record_top(t)->ldt;
		__asm__ volatile("lgdt %0" : : "m"(cpu->sealed_gdtr.limit));
	} else if (cpu->sealed_gdtr.base) {
		cpu->sealed_gdtr.base = 0;
		__asm__ volatile("lgdt %0" : : "m"(cpu->gdtr.limit));
	}
	__asm__ volatile("lldt %0" : : "r"((u16)SEL_LDT) : "memory");
}

/*
 * IPC within one address space. No server shares one with who calls it, so for
 * a while the callee's pages join the core's tables: what a call loads into CR3
 * is there already, and both loads can be NOPs. The rest is the path as it is.
 */
#include "bench/core/rows.h"
#include "gates/relay.h"
#include "kernel/cpu.h"
#include "kernel/decode.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/server.h"

#define HALF	 (LINEAR_CORE >> 22) /* slots of a directory that are its own */
#define FARTHEST 512u /* bytes of a path until it loads CR3 */
#define CR0_WP	 0x10000u
#define LOAD	 3u /* bytes: 0F 22 /r */

extern u8 back_far_server_0[], back_far_server_1[];

/* Both loads of CR3, and what their bytes were. */
static struct load {
	u8 *at, bytes[LOAD];
} loads[2];

static u32 own_directory; /* the callee's */

/* The first instruction from there on that loads CR3, or NULL. */
static u8 *load_find(const u8 *code)
{
	static const struct decode_registers none;
	struct decoded d;

	for (u32 at = 0; at < FARTHEST; at += d.length) {
		if (!instruction_decode(code + at, DECODE_MOST, &none, &d))
			return 0;
		if (code[at] == 0x0F && code[at + 1] == 0x22 &&
		    (code[at + 2] & 0xF8) == 0xD8)
			return (u8 *)(u32)(code + at);
	}
	return 0;
}

/* The core's text is read-only, but for its own stores with WP clear. */
static void code_write(u8 *at, const u8 *bytes)
{
	u32 cr0;

	world_hold();
	__asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
	__asm__ volatile("mov %0, %%cr0" : : "r"(cr0 & ~CR0_WP) : "memory");
	memory_copy(at, bytes, LOAD);
	__asm__ volatile("mov %0, %%cr0" : : "r"(cr0) : "memory");
	world_release();
}

/* The quick way to a function of the callee's without words and buffers. */
static const u8 *way_find(const struct domain *d)
{
	const struct relay *r = &relays[d->first_gate - SLOT_GATES];

	for (u32 i = 0; i < d->image.manifest->entry_count; i++, r++)
		if (!r->words && !r->shape)
			return (const u8 *)(u32)r->way[CALLER_FAR];
	return 0;
}

static void servers_count(struct generation *g, void *count)
{
	*(u32 *)count += !g->dead && (g->door->flags & DOOR_SERVER) != 0;
}

/* The callee's half of a directory goes into another one, which has none. */
static void half_move(u32 from_there, u32 into_there)
{
	u32 *old = direct((struct physical){ from_there });
	u32 *new = direct((struct physical){ into_there });

	memory_copy(new, old, HALF * sizeof(u32));
	memory_fill(old, 0, HALF * sizeof(u32));
	tlb_flush_local();
}

static i32 loads_find(const struct generation *g)
{
	const u8 *way = way_find(g->domain);
	u32 servers = 0;

	generation_each(servers_count, &servers);
	if ((g->door->flags & (DOOR_SERVER | DOOR_QUEUED)) != DOOR_SERVER ||
	    servers != 1 || cpu_count > 1 || !way)
		return -E_KIND;
	loads[0].at = load_find(way);
	loads[1].at =
		load_find(g->door->flags & DOOR_CONCURRENT ? back_far_server_0 :
							     back_far_server_1);
	return loads[0].at && loads[1].at ? 0 : -E_FORM;
}

static void join(struct generation *g)
{
	static const u8 nop[LOAD] = { 0x0F, 0x1F, 0x00 };

	own_directory = server_of(g)->directory;
	half_move(own_directory, page_directory());
	server_of(g)->directory = page_directory();
	relays_open(g);
	for (u32 i = 0; i < 2; i++) {
		memory_copy(loads[i].bytes, loads[i].at, LOAD);
		code_write(loads[i].at, nop);
	}
}

static void part(struct generation *g)
{
	for (u32 i = 0; i < 2; i++)
		code_write(loads[i].at, loads[i].bytes);
	server_of(g)->directory = own_directory;
	half_move(page_directory(), own_directory);
	relays_open(g);
}

i32 bench_joined(struct bench_pair *p)
{
	i32 error = loads_find(p->callee->now);

	if (error)
		return error;
	join(p->callee->now);
	rows_of(p->organizations, 0, BEFORE_JOINED);
	error = caller_rows(p, 0, 0);
	part(p->callee->now);
	return error;
}

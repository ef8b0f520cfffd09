/* Page tables of servers, their calls, and switching to and from them. */
#include "kernel/server.h"

#include "gates/relay.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/heap.h"
#include "kernel/linux/vdso.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/server_queue.h"
#include "kernel/space/table.h"
#include "seg/gdt.h"
#include "seg/sealed.h"

#define CALL_BYTES 16u /* of text for each call */
#define CORE_SLOTS (LINEAR_CORE >> 22)

static u32 *directory_of(const struct server *s)
{
	return direct((struct physical){ s->directory });
}

u32 *server_entry(struct server *s, u32 address)
{
	u32 *slot = &directory_of(s)[address >> 22];

	if (!*slot) {
		struct physical p = frame_take_zero_now();

		if (!frame_ok(p))
			return 0;
		*slot = p.address | PAGE_PRESENT | PAGE_WRITE | PAGE_USER;
	}
	return table_of(*slot) + (address >> 12 & 1023);
}

/* ---- making one ---- */

static void text_put(u8 **at, const void *bytes, u32 size)
{
	memory_copy(*at, bytes, size);
	*at += size;
}

/*
 * A page of text: the landing (ESP leads to the entry; EDI and EBP have what
 * SYSEXIT has no registers for), then 16 bytes for each call, by place.
 */
static void text_fill(u8 *page)
{
	static const u8 landing[] = { 0x89, 0xFA, /* mov edx, edi */
				      0x89, 0xE9, /* mov ecx, ebp */
				      0x31, 0xED, /* xor ebp, ebp */
				      0xC3 };
	static const u8 call[] = { 0x55, /* push ebp */
				   0x89, 0xE5, /* mov ebp, esp */
				   0x0F, 0x34 }; /* sysenter */

	memory_fill(page, 0xCC, PAGE);
	memory_copy(page, landing, sizeof(landing));
	for (u32 n = 1; n <= SERVER_CALLS; n++) {
		u8 *at = page + n * CALL_BYTES;
		u32 number = SERVER_NUMBER + n;

		text_put(&at, "\xBF", 1); /* mov edi, number */
		text_put(&at, &number, sizeof(number));
		text_put(&at, call, sizeof(call));
	}
}

static i32 text_map(struct server *s)
{
	struct physical p = frame_take_zero_now();
	u32 *entry = server_entry(s, SERVER_CODE);

	if (!frame_ok(p) || !entry)
		return -E_MEMORY;
	text_fill(direct(p));
	*entry = p.address | PAGE_PRESENT | PAGE_USER;
	return 0;
}

i32 server_make(struct generation *g)
{
	const u32 *core = direct((struct physical){ page_directory() });
	struct physical p = FRAME_NONE;
	struct server *s;

	if (doorways_open() < 0)
		return -E_DEVICE;
	s = heap_take_now(sizeof(*s));
	if (s)
		p = frame_take_zero_now();
	if (!frame_ok(p)) {
		heap_give(s);
		return -E_MEMORY;
	}
	s->directory = p.address;
	for (u32 i = 0; i < SERVER_STACKS; i++)
		s->lent[i][0].frame = s->lent[i][1].frame = FRAME_NONE;
	memory_copy(directory_of(s) + CORE_SLOTS, core + CORE_SLOTS,
		    (1024 - CORE_SLOTS) * sizeof(u32));
	g->door->tables = (u32)s;
	list_init(&s->messages);
	wait_queue_init(&s->work);
	if (text_map(s) < 0 ||
	    (g->door->flags & DOOR_QUEUED && queue_worker(s) < 0))
		return -E_MEMORY;
	for (u32 at = PAGE; at < g->size; at += PAGE)
		if (page_entry(g->base + at) && !server_page(g, at))
			return -E_MEMORY;
	return 0;
}

void server_close(struct generation *g)
{
	u32 *directory = directory_of(server_of(g));

	for (u32 i = 0; i < CORE_SLOTS; i++)
		directory[i] &= ~(u32)PAGE_USER;
}

void server_free(struct generation *g)
{
	struct server *s = server_of(g);
	u32 *directory;

	if (!s)
		return;
	directory = directory_of(s);
	if (directory[SERVER_CODE >> 22] & PAGE_PRESENT)
		frame_give(entry_frame(*table_of(directory[SERVER_CODE >> 22])),
			   0);
	for (u32 i = 0; i < CORE_SLOTS; i++)
		if (directory[i])
			frame_give(entry_frame(directory[i]), 0);
	for (u32 i = 0; i < 2 * SERVER_STACKS; i++)
		if (frame_ok(s->lent[i / 2][i % 2].frame))
			frame_give(s->lent[i / 2][i % 2].frame, 0);
	frame_give((struct physical){ s->directory }, 0);
	g->door->tables = 0;
	if (!queue_close(s))
		heap_give(s);
}

int server_page(struct generation *g, u32 address)
{
	u32 there = address < g->size ? page_entry(g->base + address) : 0;
	u32 *entry;

	if (!there || g->dead)
		return 0;
	entry = server_entry(server_of(g), address);
	if (!entry || *entry == ((there | PAGE_USER) & ~(u32)PAGE_GLOBAL))
		return 0; /* it was there: something else is wrong */
	*entry = (there | PAGE_USER) & ~(u32)PAGE_GLOBAL;
	return 1;
}

/* ---- its calls ---- */

void server_calls_clear(struct generation *g)
{
	server_of(g)->calls = SERVER_CALL_NONE;
}

i32 server_call_add(struct generation *g, struct server_call call,
		    struct far_slot *out)
{
	struct server *s = server_of(g);
	u32 number = s->calls;

	if (number == SERVER_CALLS)
		return -E_BIG;
	s->call[number] = call;
	s->calls++;
	*out = (struct far_slot){ .offset = SERVER_CODE + number * CALL_BYTES,
				  .selector = SEL_USER_CODE };
	return 0;
}

/* ---- switching ---- */

struct generation *server_running(const struct thread *t)
{
	struct generation *g = generation_top(t);

	return g && g->door->flags & DOOR_SERVER ? g : 0;
}

void server_load(struct cpu *cpu, struct thread *t)
{
	const struct generation *g = server_running(t);
	u32 depth = t->crossing->top / LEND_SLOT;
	u32 directory = g ? server_of(g)->directory : 0;

	if (g) {
		cpu->gdt[SLOT_SERVED_FROM] = t->crossing->served[depth - 1][0];
		cpu->gdt[SLOT_SERVED_INTO] = t->crossing->served[depth - 1][1];
	}
	if (directory == cpu->served)
		return;
	cpu->served = directory;
	if (!directory)
		directory = cpu->directory;
	__asm__ volatile("mov %0, %%cr3" : : "r"(directory) : "memory");
}

/* ---- leaving ---- */

/* From the core's doors, interrupts off: all that is due to what is on top. */
void tables_restore(struct cpu *cpu, struct thread *t);
void tables_restore(struct cpu *cpu, struct thread *t)
{
	server_lends_back(t);
	tables_load(cpu, t);
	server_load(cpu, t);
}

/* A number that is none of its calls'. */
void server_bad_call(struct frame *f);
void server_bad_call(struct frame *f)
{
	struct generation *g = server_running(thread_current());

	if (g && !g->dead)
		fault_charge(g, 0, "a server calls what it imports");
	unwind(f);
}

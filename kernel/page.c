/*
 * Page tables of the core's linear range. Tables for windows, stacks and
 * devices are made once, at boot, so that they never have to be added to the
 * directories of other address spaces.
 */
#include "kernel/page.h"

#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/thread.h"

#define WINDOW_UNIT 0x10000u
#define STACK_UNIT  (2 * THREAD_STACK) /* the stack and as much guard */
#define LARGE	    64u /* a run is large that is more than one part in so many */

extern u32 boot_directory[1024];
extern u8 core_start[], text_start[], text_end[], rodata_end[], core_end[];

static u32 window_bits[WINDOWS_SIZE / WINDOW_UNIT / 32];
static u32 stack_bits[(LINEAR_DEVICES - LINEAR_STACKS) / STACK_UNIT / 32];
static struct spinlock range_lock = SPINLOCK("range");
static u32 device_next = LINEAR_DEVICES;

struct range range_windows = {
	.base = LINEAR_WINDOWS,
	.unit = WINDOW_UNIT,
	.count = sizeof(window_bits) * 8,
	.used = window_bits,
};

/* The last units stay free: the empty segment's base points there. */
struct range range_stacks = {
	.base = LINEAR_STACKS,
	.unit = STACK_UNIT,
	.count = sizeof(stack_bits) * 8 - 256,
	.used = stack_bits,
};

static u32 *entry_at(u32 linear)
{
	u32 directory = boot_directory[linear >> 22];
	u32 *table = direct((struct physical){ directory & ~0xFFFu });

	assert((directory & 0x81) == 1);
	return &table[(linear >> 12) & 1023];
}

static void table_make(u32 linear)
{
	struct physical p = frame_take_zero_now();

	assert(frame_ok(p));
	boot_directory[linear >> 22] = p.address | PAGE_PRESENT | PAGE_WRITE;
}

/* The 4 MiB that hold the core's image, as small pages. */
static void split_image(void)
{
	for (u32 big = LINEAR_CORE; big < (u32)core_end; big += 0x400000) {
		struct physical p = frame_take_zero_now();
		u32 *table = direct(p);

		assert(frame_ok(p));
		for (u32 i = 0; i < 1024; i++)
			table[i] = (big - LINEAR_CORE + i * PAGE) |
				   PAGE_PRESENT | PAGE_WRITE | PAGE_GLOBAL;
		boot_directory[big >> 22] =
			p.address | PAGE_PRESENT | PAGE_WRITE;
	}
}

void page_init(void)
{
	split_image();
	for (u32 at = 0; at < WINDOWS_SIZE; at += 0x400000)
		table_make(LINEAR_WINDOWS + at);
	for (u32 at = LINEAR_STACKS; at < LINEAR_END; at += 0x400000)
		table_make(at);
	tlb_flush_local();
}

void page_seal(void)
{
	for (u32 at = (u32)text_start; at < (u32)rodata_end; at += PAGE)
		*entry_at(at) &= ~(u32)PAGE_WRITE;
	tlb_flush_local();
}

void page_drop_identity(void)
{
	memory_fill(boot_directory, 0, DIRECT_SIZE / 0x400000 * 4);
	tlb_flush_local();
}

void page_map(u32 linear, struct physical p, u32 flags)
{
	u32 *entry = entry_at(linear);

	assert(!*entry);
	*entry = p.address | flags | PAGE_PRESENT;
}

void page_set(u32 linear, struct physical p, u32 flags)
{
	*entry_at(linear) = p.address | flags | PAGE_PRESENT;
}

struct physical page_unmap(u32 linear)
{
	u32 *entry = entry_at(linear);
	u32 was = *entry;

	*entry = 0;
	return was ? (struct physical){ was & ~0xFFFu } : FRAME_NONE;
}

u32 page_entry(u32 linear)
{
	u32 directory = boot_directory[linear >> 22];

	if (!(directory & PAGE_PRESENT))
		return 0;
	if (directory & 0x80)
		return (directory & 0xFFC00000u) | (linear & 0x3FF000) |
		       (directory & 0xF7F);
	return *entry_at(linear);
}

void *device_map(u32 physical, u32 bytes)
{
	u32 offset = physical % PAGE;
	u32 at = device_next;

	for (u32 done = 0; done < offset + bytes; done += PAGE) {
		assert(device_next < LINEAR_END);
		page_map(device_next,
			 (struct physical){ physical - offset + done },
			 PAGE_WRITE | PAGE_UNCACHED | PAGE_GLOBAL);
		device_next += PAGE;
	}
	return (void *)(at + offset);
}

static int run_free(const struct range *r, u32 first, u32 units)
{
	for (u32 i = first; i < first + units; i++)
		if (r->used[i / 32] & (1u << i % 32))
			return 0;
	return 1;
}

static void run_mark(struct range *r, u32 first, u32 units, u32 used)
{
	for (u32 i = first; i < first + units; i++)
		if (used)
			r->used[i / 32] |= 1u << i % 32;
		else
			r->used[i / 32] &= ~(1u << i % 32);
}

/* The first free run that begins in [first, end); `end` if none does. */
static u32 run_find(const struct range *r, u32 first, u32 end, u32 units)
{
	while (first < end &&
	       (first + units > r->count || !run_free(r, first, units)))
		first++;
	return first;
}

/*
 * Small runs come round and round in the lower half: what was given back is
 * not used again at once. Large ones are taken from the top down: small ones
 * that stay do not break up their room.
 */
static u32 run_choose(struct range *r, u32 units)
{
	u32 half = r->count / 2, first;

	if (units > r->count / LARGE) {
		for (first = r->count - units + 1; first-- > 0;)
			if (run_free(r, first, units))
				return first;
		return r->count;
	}
	first = run_find(r, r->next, half, units);
	if (first == half)
		first = run_find(r, 0, r->count, units);
	r->next = (first + units) % half;
	return first;
}

u32 range_take(struct range *r, u32 bytes)
{
	u32 units = (bytes + r->unit - 1) / r->unit, first;

	if (units > r->count)
		return 0;
	spin_lock(&range_lock);
	first = run_choose(r, units);
	if (first < r->count)
		run_mark(r, first, units, 1);
	spin_unlock(&range_lock);
	return first < r->count ? r->base + first * r->unit : 0;
}

void range_give(struct range *r, u32 linear, u32 bytes)
{
	spin_lock(&range_lock);
	run_mark(r, (linear - r->base) / r->unit,
		 (bytes + r->unit - 1) / r->unit, 0);
	spin_unlock(&range_lock);
}

u32 page_directory(void)
{
	return (u32)boot_directory - LINEAR_CORE;
}

void tlb_flush_local(void)
{
	u32 cr4;

	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	__asm__ volatile("mov %0, %%cr4" : : "r"(cr4 & ~0x80u) : "memory");
	__asm__ volatile("mov %0, %%cr4" : : "r"(cr4 | 0x80) : "memory");
}

/*
 * Linear memory of the core: the direct map, domain windows, stacks and
 * device mappings. One set of page tables serves every address space.
 */
#ifndef KERNEL_PAGE_H
#define KERNEL_PAGE_H

#include "kernel/frame.h"

#define LINEAR_CORE  0xC0000000u /* the direct map begins */
#define DIRECT_SIZE  0x28000000u /* 640 MiB */
#define LINEAR_SMALL 0xE8000000u /* kept for small address spaces */
/*
 * Windows of flat domains lie below 2 GiB, in what are programs' addresses
 * otherwise: services answer with numbers in them, and a negative one is an
 * error.
 */
#define LINEAR_WINDOWS (FLAT_BUILD ? 0x78000000u : 0xF0000000u)
#define WINDOWS_SIZE   0x08000000u
#define LINEAR_STACKS  (FLAT_BUILD ? 0xF0000000u : 0xF8000000u)
#define LINEAR_DEVICES 0xFC000000u
#define LINEAR_END     0xFFC00000u

struct linear {
	u32 address;
};

/* Physical memory through the direct map. */
static inline void *direct(struct physical p)
{
	return (void *)(LINEAR_CORE + p.address);
}

static inline struct physical direct_physical(const void *pointer)
{
	return (struct physical){ (u32)pointer - LINEAR_CORE };
}

enum page_flag {
	PAGE_PRESENT = 1,
	PAGE_WRITE = 2,
	PAGE_USER = 4,
	PAGE_UNCACHED = 0x18,
	PAGE_GLOBAL = 0x100,
};

/* Build the page tables of the core's range; boot only. */
void page_init(void);

/* Map one page. The old mapping must be absent. */
void page_map(u32 linear, struct physical p, u32 flags);

/* Replace a page's flags or frame; the caller flushes TLBs. */
void page_set(u32 linear, struct physical p, u32 flags);

/* Unmap one page; returns its frame or FRAME_NONE. The caller flushes. */
struct physical page_unmap(u32 linear);

/* The entry of a page: frame and flags, 0 if absent. */
u32 page_entry(u32 linear);

/* Make the core's text and constants read-only, and drop the identity map. */
void page_seal(void);
void page_drop_identity(void);

/* Map `bytes` of a device, uncached, for good. */
void *device_map(u32 physical, u32 bytes);

/* A linear range taken in units; for windows and for stacks. */
struct range {
	u32 base, unit, count;
	u32 *used; /* bitmap */
	u32 next;
};

/* `bytes` rounded up to units. 0 when no run is free. */
u32 range_take(struct range *r, u32 bytes);
void range_give(struct range *r, u32 linear, u32 bytes);

extern struct range range_windows, range_stacks;

u32 page_directory(void); /* CR3 */

static inline void tlb_flush_page(u32 linear)
{
	__asm__ volatile("invlpg (%0)" : : "r"(linear) : "memory");
}

/* Every entry of this CPU's TLB, global ones too. */
void tlb_flush_local(void);

#endif

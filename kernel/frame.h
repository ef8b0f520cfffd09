/*
 * Physical page frames: a buddy allocator over the memory that the boot
 * loader reported, up to what the direct map covers. (A trap's registers are
 * in kernel/trap.h; here a frame is 4 KiB of memory.)
 */
#ifndef KERNEL_FRAME_H
#define KERNEL_FRAME_H

#include "gates/abi.h"

#define PAGE	     4096u
#define FRAME_ORDERS 11 /* runs of 1 to 1024 frames */

struct physical {
	u32 address;
};

#define FRAME_NONE ((struct physical){ 0xFFFFFFFFu })

static inline int frame_ok(struct physical p)
{
	return p.address != FRAME_NONE.address;
}

/* Give the allocator a range of free memory; boot only. */
void frame_add(u32 first, u32 last);

/* Prepare for memory up to `top`; the table starts at direct address `at`.
 * Returns the bytes it takes. */
u32 frame_init(void *at, u32 top);

/*
 * Take 2^order frames that lie together and end at or below `below` (0:
 * anywhere). FRAME_NONE when there are none. Never sleeps.
 */
struct physical frame_take_now(u32 order, u32 below);

/* The same for one frame out of this thread's reservation. */
struct physical frame_take_reserved(void);

/* As frame_take_now for one frame, filled with zero bytes. */
struct physical frame_take_zero_now(void);

void frame_give(struct physical p, u32 order);

/*
 * Set `pages` frames aside for this thread, waiting until there are as many;
 * -E_MEMORY if the machine will never have them. Give the rest back after.
 */
i32 frame_reserve(u32 pages);
void frame_unreserve(void);

/* Free frames, those set aside not counted. */
u32 frame_free_count(void);
u32 frame_total(void);

/* Physical memory that the direct map covers ends here. */
u32 frame_total_bytes(void);

/* Kept with each frame for whoever owns it (the heap, page tables). */
struct frame_note {
	u32 first;
	u16 kind, used;
};
struct frame_note *frame_note(struct physical p);

/* ---- frames that several may use at once: pages of processes, the cache ----
 *
 * One of these comes with one share; whoever lets the last go gives the frame
 * back. The counts are kept in the frame table, which frame.c alone changes
 * otherwise.
 */
struct frame_entry {
	union {
		u32 next; /* while free */
		u32 shares;
	};
	union {
		u32 prev; /* while free */
		struct frame_note note;
	};
	u8 order, free;
	u16 unused;
};

extern struct frame_entry *frame_table;

/* One frame with one share, filled with zero bytes if asked. FRAME_NONE when
 * only what is kept for the core's own use is left. Never sleeps. */
struct physical frame_take_shared(int zeroed);

/* Free frames that are kept for the core's own use. */
u32 frame_kept(void);

/* Such a frame made of memory that never was the allocator's: a boot module's.
 * Its contents stay. */
void frame_adopt(struct physical p);

/* The last share of these frames went. */
void frame_end(struct physical p);
void frame_end_many(const u32 *addresses, u32 count);
void frame_end_zero(struct physical p); /* it holds nothing but zero bytes */

static inline u32 *frame_share_count(struct physical p)
{
	return &frame_table[p.address / PAGE].shares;
}

static inline void frame_share(struct physical p)
{
	__atomic_add_fetch(frame_share_count(p), 1, __ATOMIC_RELAXED);
}

/* Let one share go: is it the last? Then frame_end is due. */
static inline int frame_unshare(struct physical p)
{
	return !__atomic_sub_fetch(frame_share_count(p), 1, __ATOMIC_ACQ_REL);
}

static inline void frame_drop(struct physical p)
{
	if (frame_unshare(p))
		frame_end(p);
}

static inline u32 frame_shares(struct physical p)
{
	return *(volatile u32 *)frame_share_count(p);
}

/* Frames in such use. */
u32 frame_shared_count(void);

#endif

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
 * anywhere). `_now` answers FRAME_NONE when there are none; `_wait` sleeps
 * until somebody gives some back.
 */
struct physical frame_take_now(u32 order, u32 below);
struct physical frame_take_wait(u32 order);

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

/* A number kept with each frame for whoever owns it (the heap). */
struct frame_note {
	u16 kind, used;
	u32 first;
};
struct frame_note *frame_note(struct physical p);

#endif

/*
 * What the core has given out, counted when nothing is on its way back any
 * more: two counts with some work in between tell what it lost.
 */
#ifndef KERNEL_STOCK_H
#define KERNEL_STOCK_H

#include "gates/abi.h"

struct stock {
	u32 frames; /* free ones, and those that what is there may have grown
		     * by: see stock.c */
	u32 blocks; /* of the heap, small ones */
	u32 descriptors, threads;
};

/* Threads of queued servers': as many as calls happened to need. Each has
 * STOCK_THREAD frames, and one block of the heap. */
#define STOCK_THREAD 3u
u32 stock_workers(void);

/* Frames that are free, or that the heap, so many workers, stack pools and
 * servers may have grown by: less is a loss. */
u32 stock_frames(u32 workers);

/* A queued server's threads end with it, and what they leave is kept for the
 * next ones, up to a limit. Where there are such servers: as much is kept
 * afterwards as always will be. Before each count that is compared. */
void stock_spares(void);

/* Count; waits until the counts stay the same, some seconds at most. */
struct stock stock_take(void);

/* Say how they changed. True if they did not. */
int stock_compare(const char *who, const struct stock *was,
		  const struct stock *is);

#endif

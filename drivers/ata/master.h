/*
 * The bus master: the drive's data go to and from memory by themselves, as a
 * table of runs of memory tells.
 */
#ifndef ATA_MASTER_H
#define ATA_MASTER_H

#include "channel.h"

/* Find the controller and let it reach memory; without one, or without its
 * bus master, the channels do without. */
void master_find(struct channel channels[CHANNELS]);

/* Fill the channel's table from `size` bytes of struct block_piece, together
 * `bytes`. -E_RANGE if they are not that, -E_BIG if they do not fit. */
i32 master_fill(struct channel *c, from u8 *pieces, u32 size, u32 bytes);

/* Before the drive is told the command, and after it. */
void master_ready(const struct channel *c);
void master_go(const struct channel *c);

/* Stop it, whatever it does. */
void master_stop(const struct channel *c);

/* After an interrupt: 0 it was not the drive's, 1 all is moved, -E_DEVICE it
 * is not. Takes the drive's interrupt away, whose `state` is returned. */
i32 master_end(const struct channel *c, u32 *state);

#endif

/*
 * The volume's own structures (all but directories and the texts of links),
 * read and written as by gate `volume`, with the same errors, through a cache.
 */
#ifndef FS_EXT2_CACHE_H
#define FS_EXT2_CACHE_H

#include "volume.h"

i32 cache_read(u32 block, u32 at, void *to, u32 size);
i32 cache_write(u32 block, u32 at, const void *from_here, u32 size);
i32 cache_clear(u32 block);
i32 cache_release(u32 block, u32 count);

/* An operation begins; did the one before end well? */
void cache_begin(bool ended);

/* It may be another volume by now. */
void cache_forget(void);

#endif

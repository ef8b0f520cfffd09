/*
 * The table of clusters: which one follows which, and which are free. A loop
 * in it is the caller's to notice.
 */
#ifndef FS_FAT_TABLE_H
#define FS_FAT_TABLE_H

#include "volume.h"

/* An operation begins to look; its changes of the free count, written. */
void table_begin(void);
i32 table_end(void);

/* What memory says about free clusters may be wrong. */
void table_hints_drop(void);

/* A cluster's cell: CELL_FREE, CELL_BAD, CELL_END or a number, which may be
 * anything. The cluster is one of the volume's. */
i32 cell_get(u32 cluster, u32 *value);
i32 cell_set(u32 cluster, u32 value);

/* Is there room in this operation for changes of more cells? */
bool cells_may_change(void);

/* A free cluster below `end`, near `near` if that is not 0: taken, the end of
 * a chain. -E_FULL. */
i32 cluster_take(u32 near, u32 end, u32 *cluster);

/* Mark it as free. */
i32 cluster_give(u32 cluster);

/* How many are free; all cells are looked at if nobody knows. */
i32 clusters_free(u32 *count);

/* Count them, and write that down. */
i32 clusters_count_write(void);

/* Cell 1, which says whether the volume is in order, and the boot sector. */
i32 clean_get(void);
i32 clean_set(bool clean);

#endif

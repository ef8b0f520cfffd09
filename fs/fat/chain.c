/*
 * Chains, followed from their beginning, or from a place of theirs that was
 * seen lately.
 */
#include "chain.h"

#include "table.h"

#define HINTS 16u

/* The cluster at place `index` of the chain that begins with `first`. */
static struct hint {
	u32 first, index, cluster;
} hints[HINTS];

void hints_drop(void)
{
	memset(hints, 0, sizeof hints);
}

static struct hint *hint_of(u32 first)
{
	return &hints[first % HINTS];
}

/* The cluster after this one: 0 at the end. */
static i32 chain_next(u32 cluster, u32 *next)
{
	RETURN_IF(cell_get(cluster, next));
	if (*next == CELL_END) {
		*next = 0;
		return 0;
	}
	return cluster_ok(*next) && *next != cluster ? 0 : -E_FORM;
}

i32 chain_at(u32 first, u32 index, u32 *cluster)
{
	struct hint *h = hint_of(first);
	u32 at = 0, next;

	*cluster = first;
	if (!first)
		return 0;
	if (!cluster_ok(first) || index >= fs.clusters)
		return -E_FORM;
	if (h->first == first && h->index <= index) {
		at = h->index;
		*cluster = h->cluster;
	}
	while (at < index) {
		i32 error = chain_next(*cluster, &next);

		if (error == -E_AGAIN)
			*h = (struct hint){ first, at, *cluster };
		RETURN_IF(error);
		*cluster = next;
		if (!next)
			return 0;
		at++;
	}
	*h = (struct hint){ first, at, *cluster };
	return 0;
}

i32 chain_last(u32 first, u32 *last, u32 *length)
{
	struct hint *h = hint_of(first);
	u32 next;

	*last = first;
	*length = 0;
	if (!first)
		return 0;
	if (!cluster_ok(first))
		return -E_FORM;
	if (h->first == first) {
		*length = h->index;
		*last = h->cluster;
	}
	for (;;) {
		i32 error = chain_next(*last, &next);

		if (error == -E_AGAIN || !next)
			*h = (struct hint){ first, *length, *last };
		RETURN_IF(error);
		++*length;
		if (!next)
			return 0;
		if (*length >= fs.clusters)
			return -E_FORM;
		*last = next;
	}
}

i32 chain_length(u32 first, u32 most, u32 *length)
{
	u32 cluster = first;

	for (*length = 0; cluster; ++*length) {
		if (*length == most || !cluster_ok(cluster))
			return -E_FORM;
		RETURN_IF(chain_next(cluster, &cluster));
	}
	return 0;
}

i32 chain_append(u32 first, u32 last, u32 index, u32 end, u32 *cluster)
{
	RETURN_IF(cluster_take(last, end, cluster));
	if (last)
		RETURN_IF(cell_set(last, *cluster));
	else
		first = *cluster;
	*hint_of(first) = (struct hint){ first, index, *cluster };
	return 0;
}

/* Free clusters from `next` on, as many as one operation can: *next is the
 * first of those left. */
static i32 clusters_free_from(u32 *next, bool release)
{
	u32 releases = 0, cell;

	while (*next && cells_may_change() && releases < 200) {
		if (!cluster_ok(*next))
			break;
		RETURN_IF(cell_get(*next, &cell));
		if (cell == CELL_FREE || cell == CELL_BAD)
			break;
		RETURN_IF(cluster_give(*next));
		if (release) {
			releases++;
			RETURN_IF(volume_release(cluster_block(*next),
						 cluster_blocks()));
		}
		*next = cell;
		if (cell == CELL_END)
			*next = 0;
		else if (!cluster_ok(cell))
			break;
	}
	if (*next && cells_may_change() && releases < 200) {
		say("fat: a chain leads to cluster %x: fsck.vfat", *next);
		*next = 0;
	}
	return *next != 0;
}

i32 chain_cut(u32 *first, u32 keep, bool release)
{
	u32 last = 0, next = *first;
	i32 more;

	if (keep) {
		RETURN_IF(chain_at(*first, keep - 1, &last));
		if (!last)
			return 0; /* it is shorter */
		RETURN_IF(cell_get(last, &next));
		if (next == CELL_END)
			return 0;
	}
	hints_drop();
	more = clusters_free_from(&next, release);
	RETURN_IF(more);
	if (last)
		RETURN_IF(cell_set(last, next ? next : CELL_END));
	else
		*first = next;
	return more;
}

i32 chain_run(u32 first, u32 at, u32 most, struct filesystem_run *run)
{
	u32 per_cluster = cluster_blocks(), in_cluster = at % per_cluster;
	u32 cluster, next, count = per_cluster - in_cluster;

	*run = (struct filesystem_run){ at, most, HOLE };
	if (at / per_cluster >= fs.clusters)
		return 0;
	RETURN_IF(chain_at(first, at / per_cluster, &cluster));
	if (!cluster)
		return 0;
	run->block = cluster_block(cluster) + in_cluster;
	for (; count < most; count += per_cluster) {
		i32 error = chain_next(cluster, &next);

		if (error == -E_AGAIN)
			break; /* what is known already */
		RETURN_IF(error);
		if (next != cluster + 1)
			break;
		cluster = next;
	}
	run->count = min(count, most);
	return 0;
}

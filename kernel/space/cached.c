/* The tree of cached pages. A node at level 0 holds frames, others nodes. */
#include "kernel/space/cached.h"

#include "kernel/heap.h"

#define WAY_BITS  6u
#define LEVELS	  6u /* enough for 32 bits of page number */
#define NODE_SIZE (CACHED_WAYS * sizeof(u32))

static u32 way_of(u32 index, u32 level)
{
	return index >> (WAY_BITS * level) & (CACHED_WAYS - 1);
}

/* Does a tree of that height have a place for page `index`? */
static int covers(u32 height, u32 index)
{
	return height >= LEVELS || (height && !(index >> (WAY_BITS * height)));
}

u32 *cached_find(const struct cached *c, u32 index)
{
	u32 *node = c->root;

	if (!covers(c->height, index))
		return 0;
	for (u32 level = c->height - 1; level && node; level--)
		node = (u32 *)node[way_of(index, level)];
	return node ? &node[way_of(index, 0)] : 0;
}

static int grow(struct cached *c, u32 index)
{
	while (!covers(c->height, index) || !c->root) {
		u32 *node = heap_take_now(NODE_SIZE);

		if (!node)
			return 0;
		node[0] = (u32)c->root;
		c->root = node;
		c->height++;
	}
	return 1;
}

u32 *cached_make(struct cached *c, u32 index)
{
	u32 *node;

	if (!grow(c, index))
		return 0;
	node = c->root;
	for (u32 level = c->height - 1; level; level--) {
		u32 *way = &node[way_of(index, level)];

		if (!*way)
			*way = (u32)heap_take_now(NODE_SIZE);
		if (!*way)
			return 0;
		node = (u32 *)*way;
	}
	return &node[way_of(index, 0)];
}

/* The last way in use, counting from CACHED_WAYS; 0: none. */
static u32 last_way(const u32 *node)
{
	u32 n = CACHED_WAYS;

	while (n && !node[n - 1])
		n--;
	return n;
}

/*
 * The way down to the last node of level 0: path[level], and in *index the
 * number of the page that its first word stands for. Nodes without anything
 * below are freed on the way; 0: the tree is empty.
 */
static int last_path(struct cached *c, u32 *path[LEVELS], u32 *index)
{
	while (c->root) {
		u32 level = c->height - 1, ways;

		*index = 0;
		path[level] = c->root;
		while ((ways = last_way(path[level])) && level) {
			*index |= (ways - 1) << (WAY_BITS * level);
			path[level - 1] = (u32 *)path[level][ways - 1];
			level--;
		}
		if (ways)
			return 1;
		heap_give(path[level]);
		if (level + 1 == c->height) {
			c->root = 0;
			c->height = 0;
		} else {
			path[level + 1][way_of(*index, level + 1)] = 0;
		}
	}
	return 0;
}

u32 cached_cut(struct cached *c, u32 first, u32 frames[CACHED_WAYS])
{
	u32 *path[LEVELS], index, found = 0;

	if (!last_path(c, path, &index))
		return 0;
	for (u32 way = first > index ? first - index : 0; way < CACHED_WAYS;
	     way++) {
		if (!path[0][way])
			continue;
		frames[found++] = path[0][way];
		path[0][way] = 0;
	}
	c->count -= found;
	if (!c->count)
		last_path(c, path, &index);
	return found;
}

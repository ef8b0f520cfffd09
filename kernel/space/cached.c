/*
 * The tree of cached pages. A node at level 0 is 64 addresses of frames, one
 * above that 64 pointers to nodes.
 */
#include "kernel/space/cached.h"

#include "kernel/heap.h"

#define WAY_BITS 6u
#define LEVELS	 6u /* enough for 32 bits of page number */

static u32 way_of(u32 index, u32 level)
{
	return index >> (WAY_BITS * level) & (CACHED_WAYS - 1);
}

static void *node_make(u32 level)
{
	u32 way = level ? sizeof(void *) : sizeof(u32);

	return heap_take_now(CACHED_WAYS * way);
}

/* Does a tree of that height have a place for page `index`? */
static int covers(u32 height, u32 index)
{
	return height >= LEVELS || (height && !(index >> (WAY_BITS * height)));
}

u32 *cached_find(const struct cached *c, u32 index)
{
	void *node = c->root;

	if (!covers(c->height, index))
		return 0;
	for (u32 level = c->height - 1; level && node; level--)
		node = ((void **)node)[way_of(index, level)];
	return node ? (u32 *)node + way_of(index, 0) : 0;
}

/* The words of the first node from page *index on that is there; *index: the
 * page looked for in it, or its first one. */
static u32 *node_next(const struct cached *c, u32 *index)
{
	u32 span;

	while (covers(c->height, *index)) {
		void *node = c->root;
		u32 level = c->height - 1;

		while (level && ((void **)node)[way_of(*index, level)]) {
			node = ((void **)node)[way_of(*index, level)];
			level--;
		}
		if (!level)
			return node;
		span = 1u << (WAY_BITS * level);
		*index = (*index | (span - 1)) + 1;
		if (!*index)
			return 0;
	}
	return 0;
}

u32 *cached_next(const struct cached *c, u32 *index)
{
	u32 *words;

	while ((words = node_next(c, index))) {
		u32 way = way_of(*index, 0);

		for (; way < CACHED_WAYS; way++)
			if (words[way]) {
				*index = (*index & ~(CACHED_WAYS - 1)) + way;
				return &words[way];
			}
		*index = (*index | (CACHED_WAYS - 1)) + 1;
		if (!*index)
			return 0;
	}
	return 0;
}

static int grow(struct cached *c, u32 index)
{
	while (!covers(c->height, index)) {
		void *node = node_make(c->height);

		if (!node)
			return 0;
		if (c->height)
			*(void **)node = c->root;
		c->root = node;
		c->height++;
	}
	return 1;
}

u32 *cached_make(struct cached *c, u32 index)
{
	void *node;

	if (!grow(c, index))
		return 0;
	node = c->root;
	for (u32 level = c->height - 1; level; level--) {
		void **way = (void **)node + way_of(index, level);

		if (!*way)
			*way = node_make(level - 1);
		if (!*way)
			return 0;
		node = *way;
	}
	return (u32 *)node + way_of(index, 0);
}

/* The last way in use, counting from CACHED_WAYS down; 0: none. */
static u32 last_way(const void *node, u32 level)
{
	u32 n = CACHED_WAYS;

	if (level)
		while (n && !((void *const *)node)[n - 1])
			n--;
	else
		while (n && !((const u32 *)node)[n - 1])
			n--;
	return n;
}

/*
 * The way down to the last node of level 0: path[level], and in *index the
 * number of the page that its first word stands for. Nodes without anything
 * below are freed on the way; 0: the tree is empty.
 */
static int last_path(struct cached *c, void *path[LEVELS], u32 *index)
{
	while (c->height) {
		u32 level = c->height - 1, ways;

		*index = 0;
		path[level] = c->root;
		while ((ways = last_way(path[level], level)) && level) {
			*index |= (ways - 1) << (WAY_BITS * level);
			path[level - 1] = ((void **)path[level])[ways - 1];
			level--;
		}
		if (ways)
			return 1;
		heap_give(path[level]);
		if (level + 1 < c->height) {
			void **above = path[level + 1];

			above[way_of(*index, level + 1)] = 0;
			continue;
		}
		c->root = 0;
		c->height = 0;
	}
	return 0;
}

u32 cached_cut(struct cached *c, u32 first, u32 frames[CACHED_WAYS])
{
	void *path[LEVELS];
	u32 index, found = 0;

	if (!last_path(c, path, &index))
		return 0;
	u32 *words = path[0];
	for (u32 way = first > index ? first - index : 0; way < CACHED_WAYS;
	     way++) {
		if (!words[way])
			continue;
		frames[found++] = words[way];
		words[way] = 0;
	}
	c->count -= found;
	if (!c->count)
		last_path(c, path, &index);
	return found;
}

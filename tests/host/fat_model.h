/*
 * What fs/fat is compared with: the same tree as tables that are always
 * searched from end to end, and for each file the blocks that were written.
 */
#ifndef TESTS_HOST_FAT_MODEL_H
#define TESTS_HOST_FAT_MODEL_H

#include <strings.h>

#include "fat_domain.h"

#define NODES	  250u
#define BLOCKS	  6000u
#define NAME_SIZE 260u

struct model_node {
	u32 inode; /* 0: none */
	bool is_dir, has_name, read_only;
	u32 parent; /* index */
	u32 size, modified;
	char name[NAME_SIZE];
};

struct model_block {
	u32 node, at; /* node 0: none */
	u32 stamp; /* what was written there */
};

/* Nodes from 1 on; 1 is the root. */
static struct model_node nodes[NODES];
static struct model_block blocks[BLOCKS];

static void model_begin(void)
{
	memset(nodes, 0, sizeof nodes);
	memset(blocks, 0, sizeof blocks);
	nodes[1] = (struct model_node){ .inode = ROOT,
					.is_dir = true,
					.has_name = true };
}

static u32 model_find(u32 dir, const char *name)
{
	for (u32 n = 2; n < NODES; n++)
		if (nodes[n].inode && nodes[n].has_name &&
		    nodes[n].parent == dir &&
		    strcasecmp(nodes[n].name, name) == 0)
			return n;
	return 0;
}

static u32 model_room(void)
{
	for (u32 n = 2; n < NODES; n++)
		if (!nodes[n].inode)
			return n;
	return 0;
}

static u32 model_children(u32 dir, bool dirs_only)
{
	u32 count = 0;

	for (u32 n = 2; n < NODES; n++)
		count += nodes[n].inode && nodes[n].has_name &&
			 nodes[n].parent == dir &&
			 (!dirs_only || nodes[n].is_dir);
	return count;
}

static bool model_lies_in(u32 dir, u32 node)
{
	while (dir != node && dir != 1)
		dir = nodes[dir].parent;
	return dir == node;
}

static struct model_block *model_block(u32 node, u32 at)
{
	for (u32 i = 0; i < BLOCKS; i++)
		if (blocks[i].node == node && (!node || blocks[i].at == at))
			return &blocks[i];
	return NULL;
}

static void model_cut(u32 node, u32 keep)
{
	for (u32 i = 0; i < BLOCKS; i++)
		if (blocks[i].node == node && blocks[i].at >= keep)
			blocks[i].node = 0;
}

static u32 model_blocks_left(void)
{
	u32 n = 0;

	for (u32 i = 0; i < BLOCKS; i++)
		n += !blocks[i].node;
	return n;
}

#endif

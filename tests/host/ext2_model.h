/*
 * What fs/ext2 is compared with: the same tree as tables that are always
 * searched from end to end, and for each file the blocks that were written.
 */
#ifndef TESTS_HOST_EXT2_MODEL_H
#define TESTS_HOST_EXT2_MODEL_H

#include "ext2_image.h"

#define NODES  400u
#define NAMES  500u
#define BLOCKS 3000u

struct model_node {
	u32 inode; /* 0: none */
	u32 mode, links, uid;
	u32 parent; /* of directories: index */
	u32 device, target; /* target: length of a link's text */
	u64 size;
};

struct model_name {
	u32 dir, node; /* indexes; dir 0: no name (node 0 is the root's own) */
	char text[256];
};

struct model_block {
	u32 node, at; /* node 0: none */
	u32 stamp; /* what was written there */
};

/* Nodes from 1 on; 1 is the root. */
static struct model_node nodes[NODES];
static struct model_name names[NAMES];
static struct model_block blocks[BLOCKS];

static bool kind_is(u32 node, u32 kind)
{
	return (nodes[node].mode & MODE_KIND) == kind;
}

static bool folder(u32 node)
{
	return kind_is(node, MODE_FOLDER);
}

static struct model_name *model_find(u32 dir, const char *text)
{
	for (u32 i = 0; i < NAMES; i++)
		if (names[i].dir == dir && strcmp(names[i].text, text) == 0)
			return &names[i];
	return NULL;
}

static struct model_name *model_room(void)
{
	return model_find(0, "");
}

static u32 node_room(void)
{
	u32 i = 1;

	while (i < NODES && nodes[i].inode)
		i++;
	return i;
}

static bool model_empty(u32 dir)
{
	for (u32 i = 0; i < NAMES; i++)
		if (names[i].dir == dir)
			return false;
	return true;
}

static void model_name_set(struct model_name *n, u32 dir, u32 node,
			   const char *text)
{
	n->dir = dir;
	n->node = node;
	strcpy(n->text, text);
}

static void model_name_clear(struct model_name *n)
{
	n->dir = 0;
	n->text[0] = 0;
}

/* A node lost a name in that directory. */
static void model_leave(u32 node, u32 dir)
{
	nodes[node].links--;
	if (folder(node)) {
		nodes[node].links = 0;
		nodes[dir].links--;
	}
}

static bool lies_in_node(u32 dir, u32 node)
{
	while (dir != node && dir != 1)
		dir = nodes[dir].parent;
	return dir == node;
}

static void model_blocks_cut(u32 node, u32 keep)
{
	for (u32 i = 0; i < BLOCKS; i++)
		if (blocks[i].node == node && blocks[i].at >= keep)
			blocks[i].node = 0;
}

static struct model_block *model_block(u32 node, u32 at)
{
	for (u32 i = 0; i < BLOCKS; i++)
		if (blocks[i].node == node && (!node || blocks[i].at == at))
			return &blocks[i];
	return NULL;
}

static void model_begin(u32 root)
{
	memset(nodes, 0, sizeof nodes);
	memset(names, 0, sizeof names);
	memset(blocks, 0, sizeof blocks);
	nodes[1] = (struct model_node){ .inode = root,
					.mode = MODE_FOLDER | 0755,
					.links = 2,
					.parent = 1 };
}

#endif

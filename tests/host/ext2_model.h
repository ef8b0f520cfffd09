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

/* What a rename answers, before it is made. 1: nothing is to be done. */
static i32 expect_rename(u32 how, struct model_name *a, struct model_name *b)
{
	if (!a || (how == 2 && !b))
		return -E_NAME;
	if (b && how == 1)
		return -E_EXISTS;
	if (b && a->node == b->node)
		return 1;
	if (!b || how == 2)
		return 0;
	if (folder(b->node) != folder(a->node))
		return folder(b->node) ? -E_FOLDER : -E_KIND;
	return folder(b->node) && !model_empty(b->node) ? -E_FILLED : 0;
}

static void model_moved(u32 node, u32 dir, u32 to)
{
	if (!folder(node))
		return;
	nodes[dir].links--;
	nodes[to].links++;
	nodes[node].parent = to;
}

/* A rename that is to be done. Returns the node whose last name went. */
static u32 model_rename(u32 how, u32 dir, u32 to, struct model_name *a,
			struct model_name *b, const char *name)
{
	u32 node = a->node, other = b ? b->node : 0;

	model_moved(node, dir, to);
	if (how == 2) {
		model_moved(other, to, dir);
		a->node = other;
		b->node = node;
		return 0;
	}
	if (!b) {
		model_name_set(a, to, node, name);
		return 0;
	}
	model_leave(other, to);
	b->node = node;
	model_name_clear(a);
	return nodes[other].links ? 0 : other;
}

#endif

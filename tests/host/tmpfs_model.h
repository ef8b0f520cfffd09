/*
 * What fs/tmpfs is compared with: the same tree as two tables that are always
 * searched from end to end.
 */
#ifndef TESTS_HOST_TMPFS_MODEL_H
#define TESTS_HOST_TMPFS_MODEL_H

#include "tmpfs_domain.h"

#define NODES 300u
#define NAMES 300u

struct model_node {
	u32 inode; /* 0: none */
	u32 mode, links;
	u32 parent; /* of directories: index */
};

struct model_name {
	u32 dir, node; /* indexes; dir 0: no name (node 0 is the root's own) */
	char text[64];
};

/* Nodes from 1 on; 1 is the root. */
static struct model_node nodes[NODES];
static struct model_name names[NAMES];
static bool folder(u32 node)
{
	return (nodes[node].mode & MODE_KIND) == MODE_FOLDER;
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
	for (u32 i = 0; i < NAMES; i++)
		if (!names[i].dir)
			return &names[i];
	return NULL;
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

static bool model_inside(u32 dir, u32 node)
{
	while (dir != node && dir != 1)
		dir = nodes[dir].parent;
	return dir == node;
}

static void model_leave(u32 node, u32 dir)
{
	if (folder(node)) {
		nodes[node].links = 0;
		nodes[dir].links--;
	} else {
		nodes[node].links--;
	}
}

static i32 model_rename(u32 how, u32 dir, u32 to_dir, struct model_name *a,
			struct model_name *b)
{
	if (!a || (how == 2 && !b))
		return -E_NAME;
	if (b && how == 1)
		return -E_EXISTS;
	if (b && a->node == b->node)
		return 0;
	if (folder(a->node) && model_inside(to_dir, a->node))
		return -E_RANGE;
	if (how == 2)
		return folder(b->node) && model_inside(dir, b->node) ?
			       -E_RANGE :
			       0;
	if (!b)
		return 0;
	if (folder(b->node) != folder(a->node))
		return folder(b->node) ? -E_FOLDER : -E_KIND;
	return folder(b->node) && !model_empty(b->node) ? -E_FILLED : 0;
}

static void model_moved(u32 node, u32 dir, u32 to_dir)
{
	if (!folder(node))
		return;
	nodes[dir].links--;
	nodes[to_dir].links++;
	nodes[node].parent = to_dir;
}

/* Returns the node whose last name went, or 0. */
static u32 model_move(u32 how, u32 dir, u32 to_dir, struct model_name *a,
		      struct model_name *b, const char *to)
{
	u32 node = a->node, gone = 0;

	model_moved(node, dir, to_dir);
	if (how == 2) {
		model_moved(b->node, to_dir, dir);
		a->node = b->node;
		b->node = node;
		return 0;
	}
	a->dir = 0;
	if (b) {
		model_leave(b->node, to_dir);
		gone = nodes[b->node].links ? 0 : b->node;
	} else {
		b = a;
	}
	b->dir = to_dir;
	b->node = node;
	strcpy(b->text, to);
	return gone;
}

#endif

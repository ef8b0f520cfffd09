/*
 * Renaming: the new name leads to the inode before the old one goes, and all
 * of it is one operation.
 */
#include "tree.h"
#include "truncate.h"

enum how { REPLACE, NEW, EXCHANGE };

/* A rename, looked up. */
static struct {
	struct inode from_folder, to_folder, node, to_node;
	struct inode *to; /* to_folder, or from_folder if that is the same */
	struct word name, to_name;
	struct spot spot, to_spot;
	struct gap gap;
	i32 there; /* 1: the new name is */
} move;

static i32 words_split(u32 size)
{
	u32 first = (u32)strlen(words);

	if (first == size)
		return -E_FORM; /* there is no second name */
	RETURN_IF(word_of(words, &move.name));
	return word_of(words + first + 1, &move.to_name);
}

static i32 move_find(u32 dir, u32 to_dir, u32 how)
{
	i32 there;

	move.to = dir == to_dir ? &move.from_folder : &move.to_folder;
	RETURN_IF(folder_get(dir, &move.from_folder));
	RETURN_IF(folder_get(to_dir, move.to));
	if (!move.to->raw.links)
		return -E_NAME;
	RETURN_IF(
		name_get(&move.from_folder, move.name, &move.spot, &move.node));
	there = folder_find(move.to, move.to_name, &move.to_spot, &move.gap);
	RETURN_IF(there);
	move.there = there;
	if (!there)
		return how == EXCHANGE ? -E_NAME : 0;
	if (how == NEW)
		return -E_EXISTS;
	there = inode_get(move.to_spot.inode, &move.to_node);
	return there == -E_NAME ? -E_FORM : there;
}

/* Nothing may come to lie in itself, as far as that is seen from here. */
static i32 move_check(u32 how)
{
	const struct inode *node = &move.node, *to_node = &move.to_node;
	u32 from_number = move.from_folder.number, to_number = move.to->number;

	if (node->number == INODE_ROOT || node->number == to_number ||
	    node->number == from_number)
		return -E_RANGE;
	if (!move.there)
		return 0;
	if (to_node->number == INODE_ROOT || to_node->number == from_number ||
	    to_node->number == to_number)
		return how == EXCHANGE ? -E_RANGE : -E_FILLED;
	return how == EXCHANGE ? 0 : leave_check(to_node, is_folder(node));
}

/* A directory has a new place: who counts it, and its "..". */
static i32 folder_moved(const struct inode *i, struct inode *old,
			struct inode *new)
{
	if (!is_folder(i) || old == new)
		return 0;
	if (new->raw.links >= LINKS_MOST)
		return -E_FULL;
	link_drop(old);
	new->raw.links++;
	return folder_parent_set(i, new->number);
}

static i32 names_exchange(void)
{
	RETURN_IF(folder_replace(&move.spot, &move.to_node));
	RETURN_IF(folder_replace(&move.to_spot, &move.node));
	RETURN_IF(folder_moved(&move.node, &move.from_folder, move.to));
	RETURN_IF(folder_moved(&move.to_node, move.to, &move.from_folder));
	RETURN_IF(inode_stamp(&move.to_node, STAMP_CHANGED));
	return inode_put(&move.to_node);
}

/* What had the new name has lost it. */
static i32 name_replace(void)
{
	RETURN_IF(folder_replace(&move.to_spot, &move.node));
	RETURN_IF(inode_leave(&move.to_node, move.to));
	return inode_put(&move.to_node);
}

static i32 name_move(void)
{
	if (move.there)
		RETURN_IF(name_replace());
	else
		RETURN_IF(folder_insert(move.to, &move.gap, move.to_name,
					&move.node));
	RETURN_IF(folder_moved(&move.node, &move.from_folder, move.to));
	return folder_remove(&move.spot);
}

static i32 move_end(void)
{
	u32 both = STAMP_MODIFIED | STAMP_CHANGED;

	RETURN_IF(inode_stamp(&move.node, STAMP_CHANGED));
	RETURN_IF(inode_put(&move.node));
	RETURN_IF(inode_stamp(&move.from_folder, both));
	RETURN_IF(inode_put(&move.from_folder));
	if (move.to == &move.from_folder)
		return 0;
	RETURN_IF(inode_stamp(move.to, both));
	return inode_put(move.to);
}

i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, from char *names,
		      u32 size)
{
	bool gone;

	(void)op;
	if (how > EXCHANGE)
		return -E_RANGE;
	RETURN_IF(operation_begin(true));
	RETURN_IF(words_take(names, size));
	RETURN_IF(words_split(size));
	RETURN_IF(move_find(dir, to_dir, how));
	if (move.there && move.spot.inode == move.to_spot.inode)
		return 0; /* two names of one inode: both stay */
	RETURN_IF(move_check(how));
	RETURN_IF(how == EXCHANGE ? names_exchange() : name_move());
	RETURN_IF(move_end());
	gone = move.there && !move.to_node.raw.links;
	return operation_end(gone ? (i32)move.to_node.number : 0);
}

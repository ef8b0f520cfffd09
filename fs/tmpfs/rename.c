/*
 * Renaming: a name leads elsewhere in one commit, and what was there before
 * is gone in the same one. As in tree.c, nothing fails after the first change.
 */
#include "tree.h"

/* A rename, looked up. */
struct move {
	u32 dir, to_dir;
	struct node *from_folder, *to_folder;
	struct word to_word;
	struct name *name, *to_name; /* to_name: NULL if there is none */
	struct node *node, *to_node;
};

static i32 move_find(struct move *m, u32 how)
{
	const char *to = words + strlen(words) + 1;
	i32 error = word_check(words);

	if (!error)
		error = folder_check(m->to_folder, to);
	if (error < 0)
		return error;
	m->name = name_find(m->dir, word_in(m->dir, words, (u32)strlen(words)));
	m->to_word = word_in(m->to_dir, to, (u32)strlen(to));
	m->to_name = name_find(m->to_dir, m->to_word);
	if (!m->name || (how == 2 && !m->to_name))
		return -E_NAME;
	m->node = cell(m->name->node);
	m->to_node = m->to_name ? cell(m->to_name->node) : NULL;
	return m->to_name && how == 1 ? -E_EXISTS : 0;
}

/* Is `dir` in the directory n, or n itself? */
static bool lies_in(u32 dir, const struct node *n)
{
	u32 number = cell_number(n);

	while (dir != number) {
		u32 parent = ((struct node *)cell(dir))->parent;

		if (parent == dir)
			return false;
		dir = parent;
	}
	return true;
}

static i32 move_check(const struct move *m, u32 how)
{
	if (is_folder(m->node) && lies_in(m->to_dir, m->node))
		return -E_RANGE;
	if (!m->to_node)
		return store_reserve(name_cells(m->to_word.length));
	if (how == 2)
		return is_folder(m->to_node) && lies_in(m->dir, m->to_node) ?
			       -E_RANGE :
			       0;
	if (is_folder(m->to_node) && !is_folder(m->node))
		return -E_FOLDER;
	if (!is_folder(m->to_node) && is_folder(m->node))
		return -E_KIND;
	return is_folder(m->to_node) && m->to_node->first ? -E_FILLED : 0;
}

/* A directory has a new place: who counts it, and its "..". */
static void folder_moved(struct node *n, struct node *old, struct node *new)
{
	if (!is_folder(n))
		return;
	old->links--;
	new->links++;
	n->parent = cell_number(new);
	touch(old, sizeof *old);
	touch(new, sizeof *new);
	touch(n, sizeof *n);
}

static void names_exchange(struct move *m)
{
	u32 node = m->name->node;

	m->name->node = m->to_name->node;
	m->to_name->node = node;
	touch(m->name, sizeof *m->name);
	touch(m->to_name, sizeof *m->to_name);
	folder_moved(m->node, m->from_folder, m->to_folder);
	folder_moved(m->to_node, m->to_folder, m->from_folder);
}

/* Returns the inode whose last link went, or 0. */
static i32 name_move(struct move *m)
{
	u32 node = m->name->node;
	i32 gone = 0;

	folder_moved(m->node, m->from_folder, m->to_folder);
	if (m->to_name) {
		if (node_leave(m->to_node, m->to_folder) == 0)
			gone = (i32)cell_number(m->to_node);
		m->to_name->node = node;
		touch(m->to_name, sizeof *m->to_name);
	} else {
		name_insert(m->to_dir, m->to_word, node);
	}
	name_remove(m->name);
	return gone;
}

i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, from char *names,
		      u32 size)
{
	struct operation o = { op, RENAME, dir };
	struct move m = { .dir = dir, .to_dir = to_dir };
	i32 answer, error = folder_find(dir, &m.from_folder);

	if (!error)
		error = folder_find(to_dir, &m.to_folder);
	if (error < 0)
		return error;
	if (operation_done(o, m.from_folder, &answer))
		return answer;
	if (how > 2 || m.from_folder->mount != m.to_folder->mount)
		return -E_RANGE;
	error = words_take(names, size);
	if (!error && strlen(words) == size)
		error = -E_FORM; /* there is no second name */
	if (!error)
		error = move_find(&m, how);
	if (error < 0 || m.node == m.to_node)
		return error; /* two names of one inode: both stay */
	error = move_check(&m, how);
	if (error < 0)
		return error;
	answer = 0;
	if (how == 2)
		names_exchange(&m);
	else
		answer = name_move(&m);
	return operation_end(o, m.from_folder->mount, answer);
}

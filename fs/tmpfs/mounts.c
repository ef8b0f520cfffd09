/*
 * Mounts: a root each, in one store. A mount ends when its root is forgotten;
 * its tree is then taken down name by name, each of them a commit, so that the
 * next generation can go on where this one died.
 */
#include "mounts.h"

#define OPTIONS_MOST 512u

struct options {
	u32 mode, uid, gid;
};

struct node *node_make(u32 mount, u32 mode, u32 uid, u32 gid)
{
	struct node *n = cell_take(CELL_NODE);

	n->mount = (u8)mount;
	n->mode = (u16)mode;
	n->uid = uid;
	n->gid = gid;
	head->counts.nodes++;
	return n;
}

void node_free(struct node *n)
{
	if ((n->mode & MODE_KIND) == MODE_LINK)
		text_give(n->target);
	head->counts.nodes--;
	head->counts.blocks -= n->blocks;
	cell_give(n);
}

static bool is_last(const struct mount *m, struct operation o)
{
	return m->operation == o.number && m->what == o.what &&
	       m->subject == o.subject;
}

bool operation_done(struct operation o, const struct node *subject, i32 *answer)
{
	const struct mount *m = &head->mounts[subject->mount];

	if (!is_last(m, o))
		return false;
	*answer = m->answer;
	return true;
}

bool operation_done_anywhere(struct operation o)
{
	for (u32 i = 0; i < MOUNTS; i++)
		if (head->mounts[i].root && is_last(&head->mounts[i], o))
			return true;
	return false;
}

i32 operation_end(struct operation o, u32 mount, i32 answer)
{
	struct mount *m = &head->mounts[mount];

	m->operation = o.number;
	m->what = o.what;
	m->subject = o.subject;
	m->answer = answer;
	touch(m, sizeof *m);
	store_commit();
	return answer;
}

bool is_root(const struct node *n)
{
	return head->mounts[n->mount].root == cell_number(n);
}

/* One name less in `dir`: that of a file, or of an empty directory. */
static void leaf_remove(struct name *name, struct node *child)
{
	name_remove(name);
	child->links--;
	if (child->links == 0 || is_folder(child))
		node_free(child);
	else
		touch(child, sizeof *child);
	store_commit();
}

/* Down the first names to one without anything below it; that goes; again. */
static void tree_remove(struct node *root)
{
	struct node *dir = root;

	while (root->first) {
		struct name *name = cell(dir->first);
		struct node *child = cell(name->node);

		if (is_folder(child) && child->first) {
			dir = child;
			continue;
		}
		leaf_remove(name, child);
		if (!dir->first)
			dir = cell(dir->parent);
	}
}

static void mount_remove(struct mount *m)
{
	struct node *root = cell(m->root);

	tree_remove(root);
	node_free(root);
	memset(m, 0, sizeof *m);
	touch(m, sizeof *m);
	store_commit();
}

void mount_end(struct node *root)
{
	struct mount *m = &head->mounts[root->mount];

	m->ending = 1;
	touch(m, sizeof *m);
	store_commit();
	mount_remove(m);
}

void mounts_start(void)
{
	for (u32 i = 0; i < MOUNTS; i++)
		if (head->mounts[i].ending)
			mount_remove(&head->mounts[i]);
}

/* A number in that base up to a comma or the end; false if it is none. */
static bool number_parse(const char **at, u32 base, u32 *value)
{
	u32 n = 0;

	if (**at == ',' || !**at)
		return false;
	for (; **at && **at != ','; (*at)++) {
		u32 digit = (u32)(**at - '0');

		if (digit >= base || n > (0xFFFFFFFF - digit) / base)
			return false;
		n = n * base + digit;
	}
	*value = n;
	return true;
}

/* Digits, and k, m, g or %: any other size is a mistake. */
static bool size_parse(const char **at)
{
	const char *first = *at;

	while (**at >= '0' && **at <= '9')
		(*at)++;
	if (*at == first)
		return false;
	switch (**at) {
	case 'k':
	case 'K':
	case 'm':
	case 'M':
	case 'g':
	case 'G':
	case '%':
		(*at)++;
	}
	return !**at || **at == ',';
}

static bool option_is(const char **at, const char *name)
{
	u32 length = (u32)strlen(name);

	if (memcmp(*at, name, length) != 0)
		return false;
	*at += length;
	return true;
}

static bool option_parse(const char **at, struct options *o)
{
	if (option_is(at, "mode="))
		return number_parse(at, 8, &o->mode) && o->mode <= MODE_BITS;
	if (option_is(at, "uid="))
		return number_parse(at, 10, &o->uid);
	if (option_is(at, "gid="))
		return number_parse(at, 10, &o->gid);
	if (option_is(at, "size=") || option_is(at, "nr_blocks=") ||
	    option_is(at, "nr_inodes="))
		return size_parse(at);
	return false;
}

/*
 * As mount(8) has them. Memory is one for all mounts, so what limits one of
 * them is read and has no effect.
 */
static i32 options_parse(const char *text, struct options *o)
{
	while (*text) {
		if (*text == ',')
			text++;
		else if (!option_parse(&text, o))
			return -E_FORM;
	}
	return 0;
}

static i32 mount_free(void)
{
	for (u32 i = 0; i < MOUNTS; i++)
		if (!head->mounts[i].root)
			return (i32)i;
	return -E_FULL;
}

/* Asked again after a death it makes one more: the first then stays empty. */
i32 filesystem_mount(from char *options, u32 size)
{
	static char text[OPTIONS_MOST + 16]; /* zeros behind, for option_is */
	struct options o = { .mode = 01777 };
	i32 mount = mount_free();
	struct node *root;

	if (size > OPTIONS_MOST)
		return -E_FORM;
	memset(text, 0, sizeof text);
	take(text, options, size);
	if (options_parse(text, &o) < 0)
		return -E_FORM;
	if (mount < 0 || store_reserve(1) < 0)
		return -E_FULL;
	root = node_make((u32)mount, MODE_FOLDER | o.mode, o.uid, o.gid);
	root->links = 2;
	root->size = FOLDER_SIZE;
	root->parent = cell_number(root);
	head->mounts[mount] = (struct mount){ .root = cell_number(root) };
	touch(&head->mounts[mount], sizeof *head->mounts);
	store_commit();
	return (i32)cell_number(root);
}

/* Contents are the page cache's alone. */
i32 filesystem_map(u32 inode, u32 at, u32 count, into u8 *runs, u32 room)
{
	(void)inode, (void)at, (void)count, (void)runs, (void)room;
	return -E_KIND;
}

i32 filesystem_allocate(u32 inode, u32 at, u32 count, u32 size, u32 size_high,
			into u8 *runs, u32 room)
{
	(void)inode, (void)at, (void)count, (void)size, (void)size_high;
	(void)runs, (void)room;
	return -E_KIND;
}

i32 filesystem_writing(u32 on)
{
	(void)on;
	return 0;
}

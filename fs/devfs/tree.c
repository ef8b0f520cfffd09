/*
 * Names in devfs: nodes, links, directories, sockets and fifos can be made
 * in it, in so far as the table has room. Regular files cannot: they would
 * need contents; and in pts/ only the core makes names.
 */
#include "tree.h"

static char words[NAME_ROOM + TARGET_ROOM];

i32 operation_end(u32 op, i32 answer)
{
	kept->operation = op;
	kept->answer = answer;
	memory_commit();
	return answer;
}

static bool is_done(u32 op, i32 *answer)
{
	*answer = kept->answer;
	return op == kept->operation;
}

/* Copy to `words`, with a NUL behind. */
static i32 words_take(from char *text, u32 size)
{
	if (size >= sizeof words)
		return -E_FULL;
	take(words, text, size);
	words[size] = 0;
	return 0;
}

static i32 word_check(const char *text)
{
	u32 length = (u32)strlen(text);

	if (length == 0)
		return -E_NAME;
	if (length >= NAME_ROOM)
		return -E_FULL;
	for (u32 i = 0; i < length; i++)
		if (text[i] == '/')
			return -E_FORM;
	if (text[0] == '.' && (!text[1] || (text[1] == '.' && !text[2])))
		return -E_EXISTS;
	return 0;
}

/* A directory in which names can be made and removed. */
static i32 folder_check(u32 dir)
{
	const struct node *d = node_find(dir);

	if (!d || !d->links)
		return -E_NAME;
	if (!is_folder(d))
		return -E_KIND;
	return dir == PTS ? -E_DENIED : 0;
}

static i32 device_parse(const char *text, u32 *device)
{
	u32 n = 0;

	for (; *text; text++) {
		u32 digit = (u32)(*text - '0');

		if (digit > 9 || n > (0xFFFFFFFF - digit) / 10)
			return -E_FORM;
		n = n * 10 + digit;
	}
	*device = n;
	return 0;
}

/* Fill *n from what make() was asked for; `behind` follows the name. */
static i32 node_plan(struct node *n, u32 mode, const char *behind)
{
	switch (mode & MODE_KIND) {
	case MODE_LINK:
		if (!*behind)
			return -E_NAME;
		if (strlen(behind) >= TARGET_ROOM)
			return -E_FULL;
		memcpy(n->target, behind, strlen(behind));
		return 0;
	case MODE_CHARACTER:
	case MODE_BLOCK:
		return device_parse(behind, &n->device);
	case MODE_FOLDER:
	case MODE_FIFO:
	case MODE_SOCKET:
		return 0;
	}
	return -E_DENIED;
}

i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    from char *name, u32 size,
		    into struct filesystem_attributes *made)
{
	struct node n = { .owner = { mode & 0177777, uid, gid }, .links = 1 };
	struct node *room = node_free();
	i32 answer, error = folder_check(dir);
	u32 length;

	if (is_done(op, &answer))
		return attributes_give((u32)answer, made);
	if (!error)
		error = words_take(name, size);
	if (!error)
		error = word_check(words);
	if (error < 0)
		return error;
	if (node_named(dir, words))
		return -E_EXISTS;
	length = (u32)strlen(words);
	error = node_plan(&n, mode, length < size ? words + length + 1 : "");
	if (error < 0)
		return error;
	if (!room)
		return -E_FULL;
	n.dir = dir;
	memcpy(n.name, words, length);
	memcpy(room, &n, sizeof n);
	operation_end(op, (i32)node_inode(room));
	return attributes_give(node_inode(room), made);
}

/* A node has one name. */
i32 filesystem_link(u32 op, u32 dir, u32 inode, from char *name, u32 size)
{
	(void)op;
	(void)dir;
	(void)inode;
	(void)name;
	(void)size;
	return -E_DENIED;
}

i32 filesystem_unlink(u32 op, u32 dir, u32 folder, from char *name, u32 size)
{
	struct node *n;
	i32 answer, error = folder_check(dir);

	if (is_done(op, &answer))
		return answer;
	if (!error)
		error = words_take(name, size);
	if (error < 0)
		return error;
	n = node_named(dir, words);
	if (!n)
		return -E_NAME;
	if (is_folder(n) && !folder)
		return -E_FOLDER;
	if (!is_folder(n) && folder)
		return -E_KIND;
	if (node_inode(n) == PTS)
		return -E_BUSY;
	if (folder && !is_empty(node_inode(n)))
		return -E_FILLED;
	n->links = 0;
	return operation_end(op, 0);
}

/* May n take the place of `old`? */
static i32 replace_check(const struct node *n, const struct node *old, u32 how)
{
	if (is_folder(n) || how == 2)
		return -E_DENIED; /* directories stay where they are */
	if (!old)
		return 0;
	if (how == 1)
		return -E_EXISTS;
	return is_folder(old) ? -E_FOLDER : 0;
}

i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, from char *names,
		      u32 size)
{
	const char *to;
	struct node *n, *old;
	i32 answer, error = folder_check(dir);

	if (is_done(op, &answer))
		return answer;
	if (!error)
		error = folder_check(to_dir);
	if (!error)
		error = words_take(names, size);
	if (!error && strlen(words) == size)
		error = -E_FORM;
	to = words + strlen(words) + 1;
	if (!error)
		error = word_check(to);
	if (error < 0)
		return error;
	n = node_named(dir, words);
	old = node_named(to_dir, to);
	if (!n)
		return -E_NAME;
	if (n == old)
		return 0;
	error = replace_check(n, old, how);
	if (error < 0)
		return error;
	if (old)
		old->links = 0;
	n->dir = to_dir;
	memset(n->name, 0, NAME_ROOM);
	memcpy(n->name, to, strlen(to));
	return operation_end(op, old ? (i32)node_inode(old) : 0);
}

i32 filesystem_forget(u32 op, u32 inode)
{
	struct node *n = node_find(inode);
	i32 answer;

	if (is_done(op, &answer) || !n || n->links)
		return 0;
	memset(n, 0, sizeof *n);
	return operation_end(op, 0);
}

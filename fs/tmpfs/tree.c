/*
 * Operations that change a tree. Each looks first and reserves what cells it
 * takes; from its first change on nothing fails, and it ends in one commit.
 */
#include "tree.h"

#define LINKS_MOST 0x7FFFFFFFu

char words[WORDS_MOST + 1];
static bool restarted;

i32 life_start(u32 generation)
{
	char text[64];
	i32 error = store_open();

	if (error < 0)
		return error;
	mounts_start();
	restarted = generation > 1;
	log_write(text,
		  print_to(text, sizeof text, "tmpfs: start %u, %u inodes",
			   generation, head->counts.nodes));
	return 0;
}

i32 words_take(from char *text, u32 size)
{
	if (size > WORDS_MOST)
		return -E_BIG;
	take(words, text, size);
	words[size] = 0;
	return 0;
}

i32 word_check(const char *text)
{
	u32 length = (u32)strlen(text);

	if (length == 0)
		return -E_NAME;
	if (length > NAME_MOST)
		return -E_BIG;
	for (u32 i = 0; i < length; i++)
		if (text[i] == '/')
			return -E_FORM;
	if (text[0] == '.' && (!text[1] || (text[1] == '.' && !text[2])))
		return -E_EXISTS;
	return 0;
}

i32 folder_find(u32 number, struct node **found)
{
	*found = node_find(number);
	if (!*found)
		return -E_NAME;
	return is_folder(*found) ? 0 : -E_KIND;
}

i32 folder_check(const struct node *dir, const char *text)
{
	i32 error = word_check(text);

	if (error < 0)
		return error;
	return dir->links ? 0 : -E_NAME;
}

static bool device_parse(const char *text, u32 *device)
{
	u32 n = 0;

	for (; *text; text++) {
		u32 digit = (u32)(*text - '0');

		if (digit > 9 || n > (0xFFFFFFFF - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*device = n;
	return true;
}

/* What make() is to make, but for who owns it. */
struct plan {
	u32 mode;
	const char *target;
	u32 target_length, device;
};

static i32 plan_make(struct plan *p, u32 mode, const char *behind)
{
	*p = (struct plan){ .mode = mode & (MODE_KIND | MODE_BITS) };
	switch (mode & MODE_KIND) {
	case MODE_LINK:
		p->target = behind;
		p->target_length = (u32)strlen(behind);
		if (p->target_length == 0)
			return -E_NAME;
		return p->target_length > TARGET_MOST ? -E_BIG : 0;
	case MODE_BLOCK:
	case MODE_CHARACTER:
		return device_parse(behind, &p->device) ? 0 : -E_FORM;
	case MODE_FILE:
	case MODE_FOLDER:
	case MODE_FIFO:
	case MODE_SOCKET:
		return 0;
	}
	return -E_FORM;
}

static struct node *planned_node(const struct plan *p, u32 dir, u32 uid,
				 u32 gid)
{
	struct node *d = cell(dir);
	struct node *n = node_make(d->mount, p->mode, uid, gid);

	n->links = 1;
	if (p->target) {
		n->size = p->target_length;
		n->target = text_make(p->target, p->target_length);
	} else if (is_folder(n)) {
		n->links = 2;
		n->size = FOLDER_SIZE;
		n->parent = dir;
		d->links++; /* name_insert touches it */
	} else {
		n->device = p->device;
	}
	return n;
}

i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    from char *name, u32 size,
		    into struct filesystem_attributes *made)
{
	struct operation o = { op, MAKE, dir };
	struct node *d, *n;
	struct plan plan;
	struct word w;
	i32 number, error = folder_find(dir, &d);

	if (error < 0)
		return error;
	if (operation_done(o, d, &number))
		return filesystem_attributes((u32)number, made);
	error = words_take(name, size);
	if (!error)
		error = folder_check(d, words);
	if (error < 0)
		return error;
	w = word_in(dir, words, (u32)strlen(words));
	if (name_find(dir, w))
		return -E_EXISTS;
	error = plan_make(&plan, mode,
			  w.length < size ? words + w.length + 1 : "");
	if (!error)
		error = store_reserve(1 + text_cells(plan.target_length) +
				      name_cells(w.length));
	if (error < 0)
		return error;
	n = planned_node(&plan, dir, uid, gid);
	name_insert(dir, w, cell_number(n));
	operation_end(o, d->mount, (i32)cell_number(n));
	return filesystem_attributes(cell_number(n), made);
}

i32 filesystem_link(u32 op, u32 dir, u32 inode, from char *name, u32 size)
{
	struct operation o = { op, LINK, dir };
	struct node *d, *n = node_find(inode);
	struct word w;
	i32 answer, error = folder_find(dir, &d);

	if (error < 0)
		return error;
	if (operation_done(o, d, &answer))
		return answer;
	if (!n || n->mount != d->mount || n->links == 0)
		return -E_NAME;
	if (is_folder(n))
		return -E_FOLDER;
	error = words_take(name, size);
	if (!error)
		error = folder_check(d, words);
	if (error < 0)
		return error;
	w = word_in(dir, words, (u32)strlen(words));
	if (name_find(dir, w))
		return -E_EXISTS;
	if (n->links == LINKS_MOST || store_reserve(name_cells(w.length)) < 0)
		return -E_FULL;
	name_insert(dir, w, inode);
	n->links++;
	touch(n, sizeof *n);
	return operation_end(o, d->mount, 0);
}

u32 node_leave(struct node *n, struct node *dir)
{
	if (is_folder(n)) {
		n->links = 0;
		dir->links--;
		touch(dir, sizeof *dir);
	} else {
		n->links--;
	}
	touch(n, sizeof *n);
	return n->links;
}

i32 filesystem_unlink(u32 op, u32 dir, u32 folder, from char *name, u32 size)
{
	struct operation o = { op, UNLINK, dir };
	struct name *found;
	struct node *d, *n;
	i32 answer, error = folder_find(dir, &d);

	if (error < 0)
		return error;
	if (operation_done(o, d, &answer))
		return answer;
	error = words_take(name, size);
	if (error < 0)
		return error;
	found = name_find(dir, word_in(dir, words, (u32)strlen(words)));
	if (!found)
		return -E_NAME;
	n = cell(found->node);
	if (is_folder(n) && !folder)
		return -E_FOLDER;
	if (!is_folder(n) && folder)
		return -E_KIND;
	if (is_folder(n) && n->first)
		return -E_FILLED;
	name_remove(found);
	return operation_end(o, d->mount, (i32)node_leave(n, d));
}

i32 filesystem_forget(u32 op, u32 inode)
{
	struct operation o = { op, FORGET, inode };
	struct node *n = node_find(inode);
	u32 mount;

	if (!n)
		return 0;
	if (is_root(n)) {
		mount_end(n);
		return 0;
	}
	/* That number may be another file's by now. */
	if (n->links || (restarted && operation_done_anywhere(o)))
		return 0;
	mount = n->mount;
	node_free(n);
	return operation_end(o, mount, 0);
}

/*
 * Following symbolic links: their targets, which are kept with their inodes,
 * and the links of procfs that lead into a process. Buffers for texts.
 */
#include "kernel/heap.h"
#include "kernel/inspect/inspect.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/process/process.h"
#include "kernel/vfs/store.h"
#include "kernel/vfs/walk.h"

#define TEXTS_KEPT 8u

static struct spinlock texts_lock = SPINLOCK("path texts");
static char *texts[TEXTS_KEPT];
static u32 text_count;

char *path_text_take(void)
{
	char *text = 0;

	spin_lock(&texts_lock);
	if (text_count)
		text = texts[--text_count];
	spin_unlock(&texts_lock);
	return text ? text : heap_take_now(PATH_TEXT);
}

void path_text_give(char *text)
{
	if (!text)
		return;
	spin_lock(&texts_lock);
	if (text_count < TEXTS_KEPT) {
		texts[text_count++] = text;
		text = 0;
	}
	spin_unlock(&texts_lock);
	heap_give(text);
}

/* What the link says, NUL-terminated, in a buffer of PATH_TEXT bytes; -EIO if
 * that is not as long as its domain answers. */
static i32 target_read(struct inode *link, char *text)
{
	i32 r;

	memory_fill(text, 0, PATH_MOST);
	r = store_readlink(link, text, PATH_MOST - 1);
	if (r < 0)
		return r;
	text[PATH_MOST - 1] = 0;
	return r == (i32)text_length(text) ? r : -EIO;
}

/* Keep it with the inode, unless somebody has done so before. */
static void target_keep(struct inode *link, const char *text)
{
	u32 size = text_length(text) + 1;
	char *copy = heap_take_now(size);
	void *none = 0;

	if (!copy)
		return;
	memory_copy(copy, text, size);
	if (!__atomic_compare_exchange_n(&link->special, &none, copy, 0,
					 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		heap_give(copy);
}

i32 link_target(struct inode *link, char *text)
{
	i32 r;

	if (link->special) {
		text_copy(text, PATH_MOST, link->special);
		return (i32)text_length(text);
	}
	r = target_read(link, text);
	if (r > 0 && !(link->flags & INODE_ASK))
		target_keep(link, text);
	return r;
}

/* The target and then what follows the link becomes the text. */
static i32 splice(struct walk *w, const char *target, const char *end)
{
	u32 size = text_length(target), left = text_length(end);

	if (size == 0)
		return -ENOENT;
	if (size + left + 8 > PATH_TEXT)
		return -ENAMETOOLONG;
	memmove(w->text + size, end, left + 1);
	memory_copy(w->text, target, size);
	w->rest = w->text;
	if (target[0] == '/')
		w->at = w->root;
	return 0;
}

static i32 splice_read(struct walk *w, struct inode *link, const char *end)
{
	char *text;
	i32 r = -ENOMEM;

	spin_unlock(&entry_lock);
	text = path_text_take();
	if (text)
		r = link_target(link, text);
	spin_lock(&entry_lock);
	if (r >= 0)
		r = splice(w, text, end);
	path_text_give(text);
	return r;
}

static i32 jump(struct walk *w, const struct inode *link, char *end)
{
	struct place p;
	i32 r;

	spin_unlock(&entry_lock);
	r = jump_follow(link, &p);
	spin_lock(&entry_lock);
	if (r < 0)
		return r;
	walk_keep(w, p.entry);
	w->at = p.entry;
	w->rest = end;
	return 0;
}

i32 walk_follow(struct walk *w, struct entry *e, char *end)
{
	struct inode *link = e->inode;

	if (++w->links > LINKS_MOST)
		return -ELOOP;
	if (link->special && !link->jump)
		return splice(w, link->special, end);
	entry_hold(e);
	walk_keep(w, e);
	if (link->jump)
		return jump(w, link, end);
	return splice_read(w, link, end);
}

/* ---- links into processes ---- */

enum jump { JUMP_EXECUTABLE = 1, JUMP_HERE = 2, JUMP_ROOT = 3, JUMP_FILE = 16 };

static struct place executable(struct process *p)
{
	struct place found;

	spin_lock(&process_lock);
	found = p->executable;
	place_hold(found);
	spin_unlock(&process_lock);
	return found;
}

static struct place stands(struct process *p, u32 how)
{
	struct whereabouts *w;
	struct place found = { 0 };

	spin_lock(&process_lock);
	w = p->whereabouts;
	if (w)
		whereabouts_hold(w);
	spin_unlock(&process_lock);
	if (!w)
		return found;
	found = how == JUMP_ROOT ? whereabouts_root(w) : whereabouts_here(w);
	whereabouts_drop(w);
	return found;
}

static struct place open_file(struct process *p, u32 number)
{
	struct files *t;
	struct file *f = 0;
	struct place found = { 0 };

	spin_lock(&process_lock);
	t = p->files;
	if (t)
		files_hold(t);
	spin_unlock(&process_lock);
	if (!t)
		return found;
	f = files_peek(t, number);
	files_drop(t);
	if (!f)
		return found;
	found = f->place;
	if (found.entry)
		place_hold(found);
	else
		found = place_anonymous(f->inode);
	file_drop(f);
	return found;
}

i32 jump_follow(const struct inode *link, struct place *out)
{
	struct process *p = process_find(link->process);

	if (!p)
		return -ENOENT;
	*out = (struct place){ 0 };
	if (!inspect_may(p)) {
		process_drop(p);
		return -EACCES;
	}
	if (link->jump == JUMP_EXECUTABLE)
		*out = executable(p);
	else if (link->jump == JUMP_HERE || link->jump == JUMP_ROOT)
		*out = stands(p, link->jump);
	else if (link->jump >= JUMP_FILE)
		*out = open_file(p, link->jump - JUMP_FILE);
	process_drop(p);
	return out->entry ? 0 : -ENOENT;
}

struct place place_anonymous(struct inode *i)
{
	const char *kind = (i->mode & MODE_KIND) == MODE_FIFO	? "pipe" :
			   (i->mode & MODE_KIND) == MODE_SOCKET ? "socket" :
								  "anon_inode";
	char text[32];
	struct name n = { .text = text };

	n.length = print_to(text, sizeof(text), "%s:[%u]", kind, i->number);
	inode_hold(i);
	struct place p = { entry_make(0, 0, &n, i) };

	if (!p.entry)
		inode_drop(i);
	return p;
}

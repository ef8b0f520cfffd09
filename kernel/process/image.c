/*
 * Finding out what execve was given: an ELF program, with its interpreter, or
 * a script, whose first line names another file to be looked at.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/execute.h"

#define SCRIPTS_MOST 4u
#define MS_NOSUID    2u
#define MS_NOEXEC    8u
#define MODE_SETUID  04000u
#define MODE_SETGID  02000u
#define MODE_GROUP_X 010u
#define PERMIT_X     1u

void image_drop(struct image_file *i)
{
	if (i->file)
		file_drop(i->file);
	if (i->text) {
		__atomic_sub_fetch(&i->inode->text, 1, __ATOMIC_RELAXED);
		i->text = 0;
	}
	if (i->place.entry)
		place_drop(i->place);
	heap_give(i->program);
	i->file = 0;
	i->place.entry = 0;
	i->program = 0;
}

/* Nobody may write what is executed. */
static i32 image_claim(struct image_file *i)
{
	struct inode *inode = i->inode;

	__atomic_add_fetch(&inode->text, 1, __ATOMIC_SEQ_CST);
	i->text = 1;
	return inode->writers ? -ETXTBSY : 0;
}

/* Open i->place, if it may be executed, and read its beginning. */
static i32 image_open(struct image_file *i, u8 *head, u32 *size)
{
	struct inode *inode = i->inode = place_inode(i->place);
	i32 r;

	if ((inode->mode & MODE_KIND) == MODE_LINK)
		return -ELOOP;
	if ((inode->mode & MODE_KIND) != MODE_FILE)
		return -EACCES;
	if (inode->mount && (inode->mount->flags & MS_NOEXEC))
		return -EACCES;
	r = inode_permit(inode, PERMIT_X);
	if (r == 0)
		r = image_claim(i);
	if (r == 0)
		r = file_open(&i->place, O_RDONLY, &i->file);
	if (r == 0)
		r = file_read_core(i->file, 0, head, PROGRAM_HEAD);
	if (r < 0)
		return r;
	*size = (u32)r;
	memory_fill(head + *size, 0, PROGRAM_HEAD - *size);
	return 0;
}

/* ---- scripts ---- */

static int is_blank(u8 c)
{
	return c == ' ' || c == '\t';
}

/*
 * Cut "#! interpreter argument" in `head` into texts: the argument, which may
 * hold blanks, is NULL if there is none. -ENOEXEC: the name is cut off.
 */
static i32 script_line(u8 *head, const char **name, const char **argument)
{
	u32 at = 2, end = 2;

	while (end < PROGRAM_HEAD - 1 && head[end] && head[end] != '\n')
		end++;
	int whole = head[end] == '\n' || !head[end];

	while (end > at && is_blank(head[end - 1]))
		end--;
	head[end] = 0;
	while (is_blank(head[at]))
		at++;
	*name = (const char *)head + at;
	*argument = 0;
	while (head[at] && !is_blank(head[at]))
		at++;
	if (head[at]) {
		head[at++] = 0;
		while (is_blank(head[at]))
			at++;
		*argument = (const char *)head + at;
	} else if (!whole) {
		return -ENOEXEC;
	}
	return **name ? 0 : -ENOEXEC;
}

/* The script's interpreter takes its place, and its own first arguments. */
static i32 script_follow(struct execution *e, u8 *head, const char *path,
			 char **next)
{
	const char *texts[3];
	u32 count = 0;
	struct walked w;
	i32 r = script_line(head, &texts[0], &texts[1]);

	if (r < 0)
		return r;
	count = texts[1] ? 2 : 1;
	texts[count++] = path;
	r = strings_replace_first(&e->strings, texts, count);
	if (r == 0)
		r = walk_core(texts[0], 0, &w);
	if (r < 0)
		return r;
	image_drop(&e->image);
	e->image.place = w.place;
	place_hold(w.place);
	walked_drop(&w);
	*next = heap_take_now(PROGRAM_HEAD);
	if (!*next)
		return -ENOMEM;
	text_copy(*next, PROGRAM_HEAD, texts[0]);
	return 0;
}

/* ---- programs ---- */

/* The file that PT_INTERP names, in its place beside the program. */
static i32 interpreter_open(struct execution *e, u8 *head)
{
	const struct program *p = e->image.program;
	char *name = (char *)head;
	struct walked w;
	u32 size;
	i32 r;

	r = file_read_core(e->image.file, p->interpreter_at, name,
			   p->interpreter_size);
	if (r < 0)
		return r;
	if ((u32)r != p->interpreter_size || name[r - 1])
		return -ENOEXEC;
	r = walk_core(name, 0, &w);
	if (r < 0)
		return r;
	e->interpreter.place = w.place;
	place_hold(w.place);
	walked_drop(&w);
	r = image_open(&e->interpreter, head, &size);
	if (r == 0)
		r = program_read(e->interpreter.file, head, size,
				 &e->interpreter.program);
	return r;
}

/* As whom the program will run. */
static void identity_find(struct execution *e)
{
	const struct credentials *c = &process_current()->credentials;
	const struct inode *i = e->image.inode;

	e->uid = c->euid;
	e->gid = c->egid;
	if (c->no_new_privileges || !i->mount || (i->mount->flags & MS_NOSUID))
		return;
	if (i->mode & MODE_SETUID)
		e->uid = i->uid;
	if ((i->mode & MODE_SETGID) && (i->mode & MODE_GROUP_X))
		e->gid = i->gid;
}

static i32 image_find_in(struct execution *e, u8 *head)
{
	char *path = e->path, *next = 0;
	u32 size = 0;
	i32 r;

	for (u32 scripts = 0;; scripts++) {
		r = image_open(&e->image, head, &size);
		if (r < 0 || head[0] != '#' || head[1] != '!')
			break;
		r = scripts < SCRIPTS_MOST ?
			    script_follow(e, head, path, &next) :
			    -ELOOP;
		if (path != e->path)
			heap_give(path);
		path = next;
		next = 0;
		if (r < 0)
			break;
	}
	if (path != e->path)
		heap_give(path);
	if (r == 0)
		r = program_read(e->image.file, head, size, &e->image.program);
	if (r == 0)
		identity_find(e);
	if (r == 0 && e->image.program->interpreter_size)
		r = interpreter_open(e, head);
	return r;
}

i32 image_find(struct execution *e)
{
	u8 *head = heap_take_now(PROGRAM_HEAD);
	i32 r = head ? image_find_in(e, head) : -ENOMEM;

	heap_give(head);
	return r;
}

void name_of_path(char *name, const char *path)
{
	const char *last = path;

	for (; *path; path++)
		if (*path == '/' && path[1])
			last = path + 1;
	memory_fill(name, 0, TASK_NAME);
	text_copy(name, TASK_NAME, last);
}

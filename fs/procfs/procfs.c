/*
 * What the core knows, as files, behind the `filesystem` gate. Nothing is
 * remembered: names and attributes are looked up and texts are made when they
 * are asked for. What may be seen by whom is the core's to say.
 */
#include "links.h"
#include "text.h"
#include "tree.h"

#define MAGIC	   0x9FA0u /* as statfs has it on Linux */
#define BLOCK	   4096u
#define LINK_SIZE  64u /* what links into processes claim */
#define WRITE_MOST 256u
#define JUMP_FILE  16u
#define ASK	   1u
#define MADE	   2u

/* Bits of `change`: mode, owner, group cannot be; times are the core's own. */
#define CHANGE_OWNER 7u

static u32 boot_time; /* seconds since 1970 */

/* At the first start nobody has asked the clock yet. */
static void boot_time_read(void)
{
	struct inspect_machine now;

	if (inspect_machine(&now) >= 0)
		boot_time = now.boot_time;
}

i32 filesystem_mount(from char *options, u32 size)
{
	static const char sysfs[] = "sysfs";
	char word[sizeof sysfs] = "";
	struct node root = { .rows = machine_rows, .row = ROOT };

	boot_time_read();
	take(word, options, min(size, (u32)sizeof sysfs - 1));
	if (memcmp(word, sysfs, sizeof sysfs) == 0)
		root.row = SYSFS;
	return (i32)node_inode(&root);
}

/* ---- attributes ---- */

static u32 link_size(const struct node *n)
{
	const struct row *r = node_row(n);

	return n->row && r->text ? (u32)strlen(r->text) : LINK_SIZE;
}

/* A link that leads each who reads it elsewhere. */
static bool is_self(const struct node *n)
{
	const struct row *r = node_row(n);

	return (r->mode & MODE_KIND) == MODE_LINK && !r->text;
}

/* 0, or -E_NAME: its process, thread or open file is gone. */
static i32 describe(const struct node *n, struct filesystem_attributes *a)
{
	struct inspect_process p = { .pid = 0 };

	*a = (struct filesystem_attributes){
		.inode = node_inode(n),
		.mode = node_mode(n),
		.links = 1,
		.modified = boot_time,
		.flags = MADE,
	};
	if (n->who.pid && inspect_process(n->who.pid, n->who.tid, &p) < 0)
		return -E_NAME;
	if (!a->mode)
		return -E_NAME;
	if (n->who.pid) {
		a->uid = p.effective_uid;
		a->gid = p.effective_gid;
		a->modified += p.started_ticks / 100;
	}
	if (n->who.pid || n->row == ROOT || is_self(n))
		a->flags |= ASK;
	a->accessed = a->changed = a->modified;
	if ((a->mode & MODE_KIND) == MODE_FOLDER)
		a->links = 2;
	if ((a->mode & MODE_KIND) != MODE_LINK)
		return 0;
	a->size = link_size(n);
	a->process = n->who.pid;
	a->jump = n->row ? node_row(n)->jump : JUMP_FILE + n->file;
	return 0;
}

static i32 describe_to(const struct node *n,
		       into struct filesystem_attributes *found)
{
	struct filesystem_attributes a;
	i32 error = describe(n, &a);

	if (!error)
		give(found, &a, sizeof a);
	return error;
}

i32 filesystem_attributes(u32 inode, into struct filesystem_attributes *found)
{
	struct node n;

	return node_of(inode, &n) ? describe_to(&n, found) : -E_NAME;
}

i32 filesystem_lookup(u32 dir, from char *name, u32 size,
		      into struct filesystem_attributes *found)
{
	char text[NAME_ROOM] = "";
	struct node d, n;
	i32 error;

	if (!node_of(dir, &d) || size >= NAME_ROOM)
		return -E_NAME;
	take(text, name, size);
	error = node_find(&d, text, &n);
	return error < 0 ? error : describe_to(&n, found);
}

/* ---- what is in directories ---- */

i32 filesystem_entries(u32 dir, u32 at, into u8 *list, u32 room)
{
	char name[NAME_ROOM];
	u8 entry[10 + NAME_ROOM];
	struct node d, n;
	u32 done = 0;

	if (!node_of(dir, &d))
		return -E_NAME;
	if ((node_mode(&d) & MODE_KIND) != MODE_FOLDER)
		return -E_KIND;
	while (node_next(&d, &at, &n, name)) {
		u32 inode = node_inode(&n), length = (u32)strlen(name);

		if (10 + length > room - done)
			return done ? (i32)done : -E_RANGE;
		memcpy(entry, &inode, 4);
		memcpy(entry + 4, &at, 4);
		entry[8] = (u8)(node_mode(&n) >> 12);
		entry[9] = (u8)length;
		memcpy(entry + 10, name, length);
		give(list + done, entry, 10 + length);
		done += 10 + length;
	}
	return (i32)done;
}

i32 filesystem_readlink(u32 inode, into char *target, u32 room)
{
	struct node n;
	const char *text;
	i32 size;

	if (!node_of(inode, &n))
		return -E_NAME;
	if ((node_mode(&n) & MODE_KIND) != MODE_LINK)
		return n.row ? -E_FORM : -E_NAME;
	size = link_read(&n, &text);
	if (size < 0)
		return size;
	size = (i32)min((u32)size, room);
	give(target, text, (u32)size);
	return size;
}

/* ---- contents ---- */

static i32 make(const struct node *n)
{
	const struct row *r = node_row(n);

	if (!n->row)
		return file_info_make(n->who, n->file);
	if (r->make)
		return r->make(n->who);
	put(r->text);
	return 0;
}

/*
 * A text is kept until its end was read: who reads it in parts, from the
 * beginning on, sees one state of things.
 */
static struct {
	u32 inode, start;
} kept;

static i32 text_make(u32 inode, const struct node *n, u32 at)
{
	i32 error;

	text_begin(at, kept.inode == inode);
	kept.inode = 0;
	error = make(n);
	if (error < 0)
		return error;
	kept.inode = inode;
	kept.start = at;
	return 0;
}

i32 filesystem_read(u32 inode, u32 at, into u8 *data, u32 room)
{
	const char *text;
	struct node n;
	u32 size;
	i32 error;

	if (!node_of(inode, &n))
		return -E_NAME;
	if ((node_mode(&n) & MODE_KIND) == MODE_FOLDER)
		return -E_FOLDER;
	text_kept(&size);
	if (!at || kept.inode != inode || at < kept.start ||
	    at - kept.start > size ||
	    (at - kept.start == size && text_full())) {
		error = text_make(inode, &n, at);
		if (error < 0)
			return error;
	}
	text = text_kept(&size);
	at -= kept.start;
	room = min(room, size - at);
	if (room == 0)
		kept.inode = 0;
	give(data, text + at, room);
	return (i32)room;
}

i32 filesystem_write(u32 inode, u32 at, from u8 *data, u32 size)
{
	static char text[WRITE_MOST];
	u32 length = size;
	struct node n;
	i32 error;

	if (!node_of(inode, &n))
		return -E_NAME;
	if (!n.row || !node_row(&n)->change)
		return -E_DENIED;
	if (at || size > WRITE_MOST)
		return -E_RANGE;
	take(text, data, size);
	if (length && text[length - 1] == '\n')
		length--;
	error = node_row(&n)->change(n.who, text, length);
	return error < 0 ? error : (i32)size;
}

/* ---- what cannot be changed ---- */

i32 filesystem_change(u32 op, u32 inode, u32 which,
		      from struct filesystem_attributes *wanted)
{
	struct node n;

	(void)op;
	(void)wanted;
	if (!node_of(inode, &n))
		return -E_NAME;
	return which & CHANGE_OWNER ? -E_DENIED : 0;
}

i32 filesystem_forget(u32 op, u32 inode)
{
	(void)op;
	(void)inode;
	return 0;
}

i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    from char *name, u32 size,
		    into struct filesystem_attributes *made)
{
	(void)op, (void)dir, (void)mode, (void)uid, (void)gid;
	(void)name, (void)size, (void)made;
	return -E_NAME;
}

i32 filesystem_link(u32 op, u32 dir, u32 inode, from char *name, u32 size)
{
	(void)op, (void)dir, (void)inode, (void)name, (void)size;
	return -E_DENIED;
}

i32 filesystem_unlink(u32 op, u32 dir, u32 folder, from char *name, u32 size)
{
	(void)op, (void)dir, (void)folder, (void)name, (void)size;
	return -E_DENIED;
}

i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, from char *names,
		      u32 size)
{
	(void)op, (void)dir, (void)to_dir, (void)how, (void)names, (void)size;
	return -E_DENIED;
}

i32 filesystem_space(into struct filesystem_space *found)
{
	struct filesystem_space space = { .block_size = BLOCK, .kind = MAGIC };

	give(found, &space, sizeof space);
	return 0;
}

/* Contents are made when they are read. */
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

i32 life_start(u32 generation)
{
	char text[48];

	boot_time_read();
	log_write(text,
		  print_to(text, sizeof text, "procfs: start %u", generation));
	return 0;
}

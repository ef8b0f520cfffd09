/* Links: to oneself, into processes, and to other places here. */
#include "links.h"

#include "text.h"

#define O_LARGEFILE 0100000u

char path_text[PATH_ROOM + 1];

i32 path_end(i32 size)
{
	path_text[size < 0 ? 0 : size] = '\0';
	return size;
}

/* self and thread-self: whoever reads them. */
static i32 self_read(bool thread)
{
	i32 pid = inspect_self(), tid = inspect_self_thread();

	if (!pid)
		return -E_NAME;
	if (!thread)
		return (i32)print_to(path_text, PATH_ROOM, "%u", (u32)pid);
	return (i32)print_to(path_text, PATH_ROOM, "%u/task/%u", (u32)pid,
			     (u32)tid);
}

i32 link_read(const struct node *n, const char **text)
{
	const struct row *r = node_row(n);

	*text = path_text;
	if (!n->row)
		return inspect_file_name(n->who.pid, n->file, path_text,
					 PATH_ROOM);
	if (r->jump)
		return inspect_path(n->who.pid, r->jump, path_text, PATH_ROOM);
	if (!n->who.pid && !r->text)
		return self_read(r->name[0] == 't');
	*text = r->text;
	return (i32)strlen(r->text);
}

i32 file_info_make(struct who w, u32 file)
{
	struct inspect_file f;
	i32 error = inspect_file(w.pid, file, &f);

	if (error < 0)
		return error;
	put("pos:\t");
	put_wide(f.at, f.at_high);
	put("\nflags:\t0");
	put_octal(f.flags | O_LARGEFILE);
	print("\nmnt_id:\t%u\nino:\t%u\n", f.device, f.inode);
	return 0;
}

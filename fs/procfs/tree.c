/* Inode numbers and names. A number is 15 bits of pid or tid, 17 of what. */
#include "tree.h"

#define CODE_BITS   17u
#define CODE_THREAD 256u /* rows of threads; of processes below */
#define CODE_INFO   512u /* fdinfo/N */
#define CODE_FILE   65536u /* fd/N */
#define CODE_END    131072u
#define INFO_FILES  (CODE_FILE - CODE_INFO)

#define POSITION_NUMBERS 1024u /* numbered entries behind the rows */

u32 node_inode(const struct node *n)
{
	u32 number = n->who.tid ? n->who.tid : n->who.pid, code = n->row;

	if (!n->row)
		code = n->file + (n->under == FD ? CODE_FILE : CODE_INFO);
	else if (n->who.tid)
		code += CODE_THREAD;
	return number << CODE_BITS | code;
}

static bool row_of(u32 row, const struct row *rows, u32 count, struct node *n)
{
	n->rows = rows;
	n->row = row;
	return row > 0 && row < count && rows[row].name;
}

bool node_of(u32 inode, struct node *n)
{
	u32 number = inode >> CODE_BITS, code = inode & (CODE_END - 1);
	i32 pid;

	*n = (struct node){ .who = { .pid = number } };
	if (!number)
		return row_of(code, machine_rows, machine_row_count, n);
	if (code < CODE_THREAD)
		return row_of(code, process_rows, process_row_count, n);
	if (code < CODE_INFO) {
		pid = inspect_owner(number);
		n->who.pid = pid < 0 ? 0 : (u32)pid;
		n->who.tid = number;
		return pid > 0 && row_of(code - CODE_THREAD, process_rows,
					 process_row_count, n);
	}
	n->rows = process_rows;
	n->under = code < CODE_FILE ? FDINFO : FD;
	n->file = code - (code < CODE_FILE ? CODE_INFO : CODE_FILE);
	return true;
}

/* ---- what is in a directory ---- */

static u32 row_count(const struct node *n)
{
	return n->rows == machine_rows ? machine_row_count : process_row_count;
}

/* Is that row an entry of this directory? */
static bool row_shown(const struct node *dir, u32 row)
{
	const struct row *r = &dir->rows[row];

	return r->name && r->parent == dir->row && !(r->whole && dir->who.tid);
}

static bool is_machine(const struct node *n, u32 row)
{
	return n->rows == machine_rows && n->row == row;
}

static bool is_process(const struct node *n, u32 row)
{
	return n->rows == process_rows && n->row == row;
}

/*
 * Entries that are numbers: the first at `number` or later, -E_NAME past the
 * last; -E_KIND where there are none.
 */
static i32 number_next(const struct node *dir, u32 number)
{
	if (is_machine(dir, ROOT))
		return inspect_next(number);
	if (is_process(dir, TASK))
		return inspect_next_thread(dir->who.pid, number);
	if (is_process(dir, FD) || is_process(dir, FDINFO))
		return inspect_next_file(dir->who.pid, number);
	return -E_KIND;
}

static struct node number_node(const struct node *dir, u32 number)
{
	struct node n = { .rows = process_rows };

	if (is_machine(dir, ROOT)) {
		n.who.pid = number;
		n.row = PROCESS;
	} else if (is_process(dir, TASK)) {
		n.who.pid = dir->who.pid;
		n.who.tid = number;
		n.row = PROCESS;
	} else {
		n.who.pid = dir->who.pid;
		n.under = dir->row;
		n.file = number;
	}
	return n;
}

/* A decimal number as it would be printed, or -1. */
static i32 number_parse(const char *name)
{
	u32 n = 0;

	if (!name[0] || (name[0] == '0' && name[1]) || strlen(name) > 6)
		return -1;
	for (; *name; name++) {
		if (*name < '0' || *name > '9')
			return -1;
		n = n * 10 + (u32)(*name - '0');
	}
	return (i32)n;
}

static bool is_numbered(const struct node *dir, u32 number)
{
	if (is_machine(dir, ROOT) && number == 0)
		return false;
	if (is_process(dir, FDINFO) && number >= INFO_FILES)
		return false;
	return number_next(dir, number) == (i32)number;
}

i32 node_find(const struct node *dir, const char *name, struct node *out)
{
	i32 number = number_parse(name);

	if (!dir->row || (node_row(dir)->mode & MODE_KIND) != MODE_FOLDER)
		return -E_KIND;
	if (number >= 0 && is_numbered(dir, (u32)number)) {
		*out = number_node(dir, (u32)number);
		return 0;
	}
	*out = *dir;
	for (u32 row = 1; row < row_count(dir); row++)
		if (row_shown(dir, row) &&
		    strlen(name) == strlen(dir->rows[row].name) &&
		    memcmp(name, dir->rows[row].name, strlen(name)) == 0) {
			out->row = row;
			return 0;
		}
	return -E_NAME;
}

static bool row_next(const struct node *dir, u32 *at, struct node *out,
		     char *name)
{
	for (u32 row = max(*at, 1u); row < row_count(dir); row++)
		if (row_shown(dir, row)) {
			*out = *dir;
			out->row = row;
			*at = row + 1;
			print_to(name, NAME_ROOM, "%s", dir->rows[row].name);
			return true;
		}
	return false;
}

bool node_next(const struct node *dir, u32 *at, struct node *out, char *name)
{
	i32 number;

	if (*at < POSITION_NUMBERS && row_next(dir, at, out, name))
		return true;
	*at = max(*at, POSITION_NUMBERS);
	number = number_next(dir, *at - POSITION_NUMBERS);
	if (number < 0 ||
	    (is_process(dir, FDINFO) && number >= (i32)INFO_FILES))
		return false;
	*out = number_node(dir, (u32)number);
	*at = POSITION_NUMBERS + (u32)number + 1;
	print_to(name, NAME_ROOM, "%u", (u32)number);
	return true;
}

u32 node_mode(const struct node *n)
{
	struct inspect_file f;
	u32 access;

	if (n->row)
		return node_row(n)->mode;
	if (n->under == FDINFO)
		return MODE_FILE | 0444;
	if (inspect_file(n->who.pid, n->file, &f) < 0)
		return 0;
	access = (f.flags & 3) + 1;
	return MODE_LINK | (access & 1 ? 0500u : 0u) |
	       (access & 2 ? 0300u : 0u);
}

/* The memory of a process: its areas, its arguments and environment. */
#include "files.h"
#include "links.h"
#include "text.h"

#define BLOCK	    1024u
#define NAME_COLUMN 49u /* as Linux has it on 32-bit machines */
#define AUXV_MOST   512u

enum area_flag {
	READ = 1,
	WRITE = 2,
	EXECUTE = 4,
	SHARED = 8,
	STACK = 16,
	HEAP = 32,
	VDSO = 64,
};

/* ---- texts in its memory ---- */

/* Put [at, end) of its memory, or up to the first NUL. */
static i32 put_memory(u32 pid, u32 at, u32 end, bool one_text)
{
	static char block[BLOCK];

	while (at < end && !text_full()) {
		u32 n = min(end - at, BLOCK), kept = 0;
		i32 size = inspect_memory(pid, at, (u8 *)block, n);

		if (size <= 0)
			return size;
		while (kept < (u32)size && !(one_text && !block[kept]))
			kept++;
		put_bytes(block, kept);
		if (kept < n)
			return 0;
		at += n;
	}
	return 0;
}

/*
 * A program that has written over its arguments, and over the NUL at their
 * end, means one text that may go on into the environment.
 */
i32 arguments_make(struct who w)
{
	struct inspect_process p;
	i32 error = inspect_process(w.pid, w.tid, &p);
	u32 end = p.args_end;
	u8 last = 0;

	if (error < 0 || p.args_start >= end)
		return error;
	inspect_memory(w.pid, end - 1, &last, 1);
	if (last && p.environment_start == end && inspect_may(w.pid) >= 0)
		end = p.environment_end;
	return put_memory(w.pid, p.args_start, end, last);
}

i32 environ_make(struct who w)
{
	struct inspect_process p;
	i32 error = inspect_process(w.pid, w.tid, &p);

	if (error < 0)
		return error;
	return put_memory(w.pid, p.environment_start, p.environment_end, false);
}

/* Pairs of words up to one that begins with 0. */
i32 auxv_make(struct who w)
{
	u32 words[AUXV_MOST / 4], n = 0;
	struct inspect_process p;
	i32 size, error = inspect_process(w.pid, w.tid, &p);

	if (error < 0 || !p.auxiliary)
		return error;
	size = inspect_memory(w.pid, p.auxiliary, (u8 *)words, AUXV_MOST);
	if (size < 0)
		return size;
	while (n + 2 <= (u32)size / 4 && words[n])
		n += 2;
	put_bytes((const char *)words, (n + 2) * 4);
	return 0;
}

/* ---- areas ---- */

static const char *name_of(u32 flags)
{
	return flags & VDSO  ? "[vdso]" :
	       flags & HEAP  ? "[heap]" :
	       flags & STACK ? "[stack]" :
			       NULL;
}

/* Up to the name, and that, if there is one. */
static void put_area(const struct inspect_area *a, const char *name)
{
	u32 begin = text_position(), page = a->page;

	print("%08x-%08x %c%c%c%c ", a->start, a->end,
	      a->flags & READ ? 'r' : '-', a->flags & WRITE ? 'w' : '-',
	      a->flags & EXECUTE ? 'x' : '-', a->flags & SHARED ? 's' : 'p');
	if (page >> 20)
		print("%x", page >> 20);
	print("%08x 00:%02x %u ", page << 12, a->device, a->inode);
	if (*name) {
		put_spaces(begin, NAME_COLUMN);
		put_escaped(name, "\n");
	}
	put("\n");
}

/* Area `index`: 0, or an error; with its line put. */
static i32 area_make(u32 pid, u32 index, struct inspect_area *a)
{
	i32 error = inspect_area(pid, index, a);
	const char *name;

	text_item(index);
	if (error < 0)
		return error;
	name = name_of(a->flags);
	if (name)
		a->inode = 0;
	if (a->inode)
		path_end(inspect_area_name(pid, index, path_text, PATH_ROOM));
	put_area(a, name ? name : a->inode ? path_text : "");
	return 0;
}

/* After the last: a process without memory has an empty list. */
static i32 areas_end(u32 index, i32 error)
{
	return error == -E_NAME || index ? 0 : error;
}

i32 maps_make(struct who w)
{
	struct inspect_area a;
	i32 error = 0;
	u32 i = text_item_first();

	while (!text_full() && (error = area_make(w.pid, i, &a)) >= 0)
		i++;
	return areas_end(i, error);
}

/* ---- pages ---- */

static void put_use(const char *label, u32 bytes)
{
	put_left(label, 16);
	print("%8u kB\n", bytes / 1024);
}

static void put_uses(const struct inspect_pages *p)
{
	u32 dirty = p->private_dirty + p->shared_dirty;

	put_pages("Rss:", p->resident);
	put_use("Pss:", p->proportional);
	put_use("Pss_Dirty:",
		p->resident ? p->proportional / p->resident * dirty : 0);
	put_pages("Shared_Clean:", p->shared_clean);
	put_pages("Shared_Dirty:", p->shared_dirty);
	put_pages("Private_Clean:", p->private_clean);
	put_pages("Private_Dirty:", p->private_dirty);
	put_pages("Referenced:", p->referenced);
	put_pages("Anonymous:", p->anonymous);
	put_pages("LazyFree:", 0);
	put_pages("AnonHugePages:", 0);
	put_pages("ShmemPmdMapped:", 0);
	put_pages("FilePmdMapped:", 0);
	put_pages("Shared_Hugetlb:", 0);
	put_pages("Private_Hugetlb:", 0);
	put_pages("Swap:", 0);
	put_pages("SwapPss:", 0);
	put_pages("Locked:", 0);
}

static void put_area_flags(u32 flags)
{
	put("THPeligible:    0\nVmFlags: ");
	put(flags & READ ? "rd " : "");
	put(flags & WRITE ? "wr " : "");
	put(flags & EXECUTE ? "ex " : "");
	put(flags & SHARED ? "sh " : "");
	put("mr mw me ");
	put(flags & STACK ? "gd " : "");
	put("\n");
}

i32 smaps_make(struct who w)
{
	struct inspect_area a;
	struct inspect_pages p;
	i32 error = 0;
	u32 i = text_item_first();

	while (!text_full() && (error = area_make(w.pid, i, &a)) >= 0) {
		if (inspect_area_pages(w.pid, i, &p) < 0)
			break;
		put_pages("Size:", (a.end - a.start) / 4096);
		put_pages("KernelPageSize:", 1);
		put_pages("MMUPageSize:", 1);
		put_uses(&p);
		put_area_flags(a.flags);
		i++;
	}
	return areas_end(i, error);
}

static void pages_add(struct inspect_pages *sum, const struct inspect_pages *p)
{
	sum->resident += p->resident;
	sum->proportional += p->proportional;
	sum->shared_clean += p->shared_clean;
	sum->shared_dirty += p->shared_dirty;
	sum->private_clean += p->private_clean;
	sum->private_dirty += p->private_dirty;
	sum->referenced += p->referenced;
	sum->anonymous += p->anonymous;
}

i32 smaps_rollup_make(struct who w)
{
	struct inspect_pages sum = { .resident = 0 }, p;
	struct inspect_area a, all = { .start = 0 };
	i32 error;
	u32 i = 0;

	while ((error = inspect_area(w.pid, i, &a)) >= 0 &&
	       inspect_area_pages(w.pid, i, &p) >= 0) {
		if (!i++)
			all.start = a.start;
		all.end = a.end;
		pages_add(&sum, &p);
	}
	if (!i)
		return areas_end(i, error);
	put_area(&all, "[rollup]");
	put_uses(&sum);
	return 0;
}

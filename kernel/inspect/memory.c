/*
 * The memory of processes: their areas, the pages that are there, and their
 * contents. Nothing is faulted in for whoever looks.
 */
#include "kernel/inspect/inspect.h"

#include "kernel/memory.h"
#include "kernel/space/cache.h"
#include "kernel/space/table.h"

#define RUN	 32u /* entries looked at together: table_run's most */
#define BLOCK	 256u /* bytes copied at a time */
#define FLAGS	 127u /* the area flags that the gate knows */
#define ACCESSED 0x20u
#define DIRTY	 0x40u
#define NO_FILE	 "/dev/zero (deleted)" /* as Linux calls shared memory */

/* Area `index`, with the space's lock taken if there is one; else NULL. */
static const struct area *area_at(struct space *s, u32 index)
{
	mutex_lock(&s->lock);
	if (index < s->area_count)
		return s->index[index];
	mutex_unlock(&s->lock);
	return 0;
}

static struct inspect_area describe(const struct area *a)
{
	struct inspect_area out = {
		.start = a->start,
		.end = a->end,
		.flags = a->flags & FLAGS,
	};

	if (a->inode) {
		out.page = a->page;
		out.inode = a->inode->number;
		if (a->inode->mount)
			out.device = a->inode->mount->number;
	}
	return out;
}

i32 up_inspect_area(u32 pid, u32 index, into struct inspect_area *found)
{
	struct inspect_area out;
	const struct area *a;
	struct space *s;
	i32 r = inspect_space(pid, 1, &s);

	if (r < 0)
		return r;
	a = area_at(s, index);
	if (a) {
		out = describe(a);
		mutex_unlock(&s->lock);
	}
	space_drop(s);
	return a ? lend_give(found, &out, sizeof(out)) : -E_NAME;
}

i32 up_inspect_area_name(u32 pid, u32 index, into char *name, u32 room)
{
	char *buffer = path_text_take();
	const char *text = "";
	const struct area *a = 0;
	struct space *s;
	i32 r = buffer ? inspect_space(pid, 1, &s) : -E_MEMORY;

	if (r == 0) {
		a = area_at(s, index);
		if (a && a->file && a->file->place.entry)
			text = place_path(a->file->place, buffer, PATH_TEXT);
		else if (a && a->inode)
			text = NO_FILE;
		if (a)
			mutex_unlock(&s->lock);
		space_drop(s);
		r = !a	 ? -E_NAME :
		    text ? inspect_give_text(name, room, text) :
			   -E_BIG;
	}
	path_text_give(buffer);
	return r;
}

/* ---- which pages are there ---- */

/* One page that is there: of its file (or shared memory), or its own. */
static void page_add(struct inspect_pages *out, u32 entry, int of_file)
{
	u32 shares = *frame_share_count(entry_frame(entry));
	u32 users = of_file && shares > 1 ? shares - 1 : shares;
	int dirty = !of_file || (entry & DIRTY);

	out->resident++;
	out->proportional += PAGE / max(users, 1u);
	if (users > 1)
		dirty ? out->shared_dirty++ : out->shared_clean++;
	else
		dirty ? out->private_dirty++ : out->private_clean++;
	if (entry & ACCESSED)
		out->referenced++;
	if (!of_file)
		out->anonymous++;
}

/* Pages of an area; the space's lock is held. */
static void area_count(const struct space *s, const struct area *a,
		       struct inspect_pages *out)
{
	u32 at = a->start, count, cached[RUN];
	const u32 *entry;

	while ((entry = table_run(s, &at, a->end, &count)) != 0) {
		u32 first = at - count * PAGE;

		memory_fill(cached, 0, sizeof(cached));
		if (a->inode)
			cache_look_run(a->inode,
				       a->page + (first - a->start) / PAGE,
				       count, cached);
		for (u32 i = 0; i < count; i++) {
			u32 page = entry[i] & ~(PAGE - 1);

			if (entry[i])
				page_add(out, entry[i], page == cached[i]);
		}
	}
}

i32 up_inspect_area_pages(u32 pid, u32 index, into struct inspect_pages *found)
{
	struct inspect_pages out;
	const struct area *a;
	struct space *s;
	i32 r = inspect_space(pid, 1, &s);

	if (r < 0)
		return r;
	memory_fill(&out, 0, sizeof(out));
	a = area_at(s, index);
	if (a) {
		area_count(s, a, &out);
		mutex_unlock(&s->lock);
	}
	space_drop(s);
	return a ? lend_give(found, &out, sizeof(out)) : -E_NAME;
}

/* Is it code of the program itself, as program_note has it? */
static int is_own_text(const struct space *s, const struct area *a)
{
	return a->start < s->code_end && a->end > s->code_start;
}

static void usage_add(const struct space *s, const struct area *a,
		      struct inspect_usage *out)
{
	u32 pages = (a->end - a->start) / PAGE;
	struct inspect_pages there;

	memory_fill(&there, 0, sizeof(there));
	area_count(s, a, &there);
	out->anonymous += there.anonymous;
	if (a->inode && (a->flags & AREA_SHARED) && !a->file)
		out->memory += there.resident - there.anonymous;
	else
		out->file += there.resident - there.anonymous;
	if (a->flags & AREA_EXECUTE)
		is_own_text(s, a) ? (out->text += pages) :
				    (out->libraries += pages);
	else if (a->flags & AREA_STACK)
		out->stack += pages;
	else if ((a->flags & (AREA_WRITE | AREA_SHARED)) == AREA_WRITE)
		out->data += pages;
}

i32 up_inspect_usage(u32 pid, into struct inspect_usage *found)
{
	struct inspect_usage out;
	struct space *s;
	i32 r = inspect_space(pid, 0, &s);

	if (r < 0)
		return r;
	memory_fill(&out, 0, sizeof(out));
	mutex_lock(&s->lock);
	for (u32 i = 0; i < s->area_count; i++)
		usage_add(s, s->index[i], &out);
	out.tables = s->tables;
	mutex_unlock(&s->lock);
	space_drop(s);
	return lend_give(found, &out, sizeof(out));
}

/* ---- contents ---- */

/* Copy what is there, up to the end of a page: 0 if nothing is. */
static u32 peek(struct space *s, u32 at, u8 *to, u32 size)
{
	u32 n = min(size, PAGE - at % PAGE);
	const struct area *a;
	const u32 *entry;

	mutex_lock(&s->lock);
	a = space_area(s, at);
	entry = table_entry(s, at);
	if (!a || (a->inode && !(entry && *entry)))
		n = 0;
	else if (entry && *entry)
		memory_copy(to, (u8 *)direct(entry_frame(*entry)) + at % PAGE,
			    n);
	else
		memory_fill(to, 0, n);
	mutex_unlock(&s->lock);
	return n;
}

i32 up_inspect_memory(u32 pid, u32 at, into u8 *bytes, u32 room)
{
	u8 block[BLOCK];
	struct space *s;
	u32 done = 0, n;
	i32 r = inspect_space(pid, 0, &s);

	if (r < 0)
		return r;
	if (at < s->args_start || at > s->args_end || room > s->args_end - at)
		r = up_inspect_may(pid);
	while (r == 0 && done < room && at + done < USER_END) {
		n = peek(s, at + done, block, min(BLOCK, room - done));
		if (!n)
			break;
		if (lend_give(bytes + done, block, n) < 0)
			r = -E_GONE;
		done += n;
	}
	space_drop(s);
	return r < 0 ? r : (i32)done;
}

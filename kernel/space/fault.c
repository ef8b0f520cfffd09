/*
 * Page faults on users' addresses: what makes a page come. What cannot be had
 * at once with the space's lock held (a page that must be read, a frame when
 * there are none) is got without it; then all is looked at again.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/space/area.h"
#include "kernel/space/flush.h"
#include "kernel/space/table.h"
#include "kernel/vfs/inode.h"

#define AROUND 16u /* pages of a file that are mapped at once, at most */

/* What one look with the lock held came to. */
struct look {
	enum space_answer answer;
	enum {
		NEED_NOTHING,
		NEED_FRAME,
		NEED_PAGE, /* of inode, which is counted */
		NEED_TIME, /* inode, counted, has been written to */
		NEED_DIRTY, /* page of inode, counted, is about to be */
	} need;
	struct inode *inode;
	u32 page;
};

static void need_inode(struct look *l, u32 need, struct inode *i, u32 page)
{
	inode_hold(i);
	l->need = need;
	l->inode = i;
	l->page = page;
}

static void set(struct space *s, u32 *entry, u32 address, u32 value)
{
	*entry = value;
	table_note(entry, address);
	if (++s->resident > s->peak)
		s->peak = s->resident;
}

/* A stack that is to reach down to `address`; NULL: it may not. */
static struct area *grow(struct space *s, u32 address)
{
	u32 n = area_from(s, address), start = address & -PAGE, more;
	struct area *a;

	if (n == s->area_count || address < USER_LEAST)
		return 0;
	a = s->index[n];
	if (!(a->flags & AREA_STACK) || a->end - start > s->limit_stack)
		return 0;
	if (n && start - s->index[n - 1]->end < GUARD_GAP &&
	    (s->index[n - 1]->flags & AREA_ACCESS))
		return 0;
	more = (a->start - start) / PAGE;
	if (!space_allows(s, more, a->flags))
		return 0;
	a->start = start;
	s->mapped += more;
	return a;
}

static int permitted(const struct area *a, u32 access)
{
	if (access == ACCESS_WRITE)
		return (a->flags & AREA_WRITE) != 0;
	return (a->flags & AREA_ACCESS) != 0;
}

/* A fresh page of the process's own: zeros, or a copy of `of`. */
static void own_page(struct space *s, u32 *entry, u32 address, const void *of,
		     u32 flags, struct look *l)
{
	struct physical p = frame_take_shared(!of);

	if (!frame_ok(p)) {
		l->need = NEED_FRAME;
		return;
	}
	if (of)
		memory_copy(direct(p), of, PAGE);
	set(s, entry, address, p.address | flags);
}

static u32 page_at(const struct area *a, u32 address)
{
	return a->page + (address - a->start) / PAGE;
}

/* Writing to a page that is there, and read-only. */
static void write_present(struct space *s, const struct area *a, u32 *entry,
			  u32 address, struct look *l)
{
	struct physical old = entry_frame(*entry);
	u32 flags = PAGE_PRESENT | PAGE_USER | PAGE_WRITE;

	if (a->flags & AREA_SHARED) {
		if (!cache_is_dirty(a->inode, page_at(a, address))) {
			need_inode(l, NEED_DIRTY, a->inode,
				   page_at(a, address));
			return;
		}
		*entry |= PAGE_WRITE;
		if (a->file)
			need_inode(l, NEED_TIME, a->inode, 0);
		return;
	}
	if (frame_shares(old) == 1) {
		*entry |= PAGE_WRITE;
		return;
	}
	own_page(s, entry, address, direct(old), flags, l);
	if (l->need != NEED_NOTHING)
		return;
	s->resident--;
	flush_range(s, address, address + PAGE);
	frame_drop(old);
}

/*
 * Map the cached pages around `address` read-only: those of its 16 pages that
 * lie in the area, in the file, and are not mapped yet. Returns whether
 * address is among them.
 */
static int map_around(struct space *s, const struct area *a, u32 address)
{
	u32 first = max(address & ~(AROUND * PAGE - 1), a->start);
	u32 end = min((address | (AROUND * PAGE - 1)) + 1, a->end);
	u32 pages = (u32)((a->inode->size + PAGE - 1) / PAGE);
	u32 index = page_at(a, first), found[AROUND];
	u32 count = min((end - first) / PAGE, pages - index);
	u32 flags = PAGE_PRESENT | PAGE_USER;
	u32 *entry = table_entry(s, first);
	int done = 0;

	if (a->flags & AREA_SHARED)
		flags |= ENTRY_SHARED;
	cache_look_run(a->inode, index, count, found);
	for (u32 i = 0; i < count; i++) {
		if (!found[i])
			continue;
		if (entry[i])
			frame_drop((struct physical){ found[i] });
		else
			set(s, &entry[i], first + i * PAGE, found[i] | flags);
		done |= first + i * PAGE == (address & -PAGE);
	}
	return done;
}

static void file_page(struct space *s, const struct area *a, u32 *entry,
		      u32 address, u32 access, struct look *l)
{
	u32 page = page_at(a, address);
	u32 flags = PAGE_PRESENT | PAGE_USER;
	struct physical p;

	if ((u64)page * PAGE >= a->inode->size) {
		l->answer = SPACE_BEYOND;
		return;
	}
	if (access != ACCESS_WRITE && a->file) {
		if (!map_around(s, a, address))
			need_inode(l, NEED_PAGE, a->inode, page);
		return;
	}
	p = cache_look(a->inode, page);
	if (!frame_ok(p)) {
		need_inode(l, NEED_PAGE, a->inode, page);
	} else if (a->flags & AREA_SHARED) {
		if (a->flags & AREA_WRITE && cache_is_dirty(a->inode, page))
			flags |= PAGE_WRITE;
		if (access == ACCESS_WRITE && !(flags & PAGE_WRITE)) {
			frame_drop(p);
			need_inode(l, NEED_DIRTY, a->inode, page);
			return;
		}
		set(s, entry, address, p.address | flags | ENTRY_SHARED);
		if (a->file)
			need_inode(l, NEED_TIME, a->inode, 0);
	} else if (access != ACCESS_WRITE) {
		set(s, entry, address, p.address | flags);
	} else {
		own_page(s, entry, address, direct(p), flags | PAGE_WRITE, l);
		frame_drop(p);
	}
}

/* One look, lock held. */
static void look(struct space *s, u32 address, u32 access, struct look *l)
{
	struct area *a = space_area(s, address);
	u32 *entry;

	if (!a)
		a = grow(s, address);
	if (!a || !permitted(a, access)) {
		l->answer = a ? SPACE_DENIED : SPACE_UNMAPPED;
		return;
	}
	entry = table_entry_make(s, address);
	if (!entry) {
		l->need = NEED_FRAME;
		return;
	}
	if (!*entry) {
		if (a->inode)
			file_page(s, a, entry, address, access, l);
		else
			own_page(s, entry, address, 0,
				 PAGE_PRESENT | PAGE_USER |
					 (a->flags & AREA_WRITE ? PAGE_WRITE :
								  0u),
				 l);
		return;
	}
	*entry |= PAGE_PRESENT; /* it may have been hidden */
	if (access == ACCESS_WRITE && !(*entry & PAGE_WRITE))
		write_present(s, a, entry, address, l);
}

/* Without the lock: get what was missing. */
static enum space_answer fetch(struct space *s, struct look *l)
{
	struct physical p;
	i32 error;

	switch (l->need) {
	case NEED_FRAME:
		p = frame_take_user(0);
		if (!frame_ok(p))
			return SPACE_NO_MEMORY;
		frame_drop(p);
		return SPACE_OK;
	case NEED_PAGE:
		error = cache_page_read(l->inode, l->page, 0, &p);
		inode_drop(l->inode);
		if (error < 0)
			return error == -ENOMEM ? SPACE_NO_MEMORY : SPACE_ERROR;
		frame_drop(p);
		s->faults_major++;
		s->faults_minor--;
		return SPACE_OK;
	case NEED_DIRTY:
		error = cache_dirty(l->inode, l->page);
		inode_drop(l->inode);
		if (error < 0)
			return error == -ENOMEM ? SPACE_NO_MEMORY : SPACE_ERROR;
		return SPACE_OK;
	default:
		return SPACE_OK;
	}
}

enum space_answer space_fault(struct space *s, u32 address, u32 access)
{
	s->faults_minor++;
	for (;;) {
		struct look l = { .answer = SPACE_OK };
		enum space_answer fetched;

		mutex_lock(&s->lock);
		look(s, address, access, &l);
		mutex_unlock(&s->lock);
		if (l.need == NEED_TIME) {
			inode_touch(l.inode, CHANGE_MODIFIED | CHANGE_CHANGED);
			inode_drop(l.inode);
		}
		if (l.need == NEED_NOTHING || l.need == NEED_TIME)
			return l.answer;
		fetched = fetch(s, &l);
		if (fetched != SPACE_OK)
			return fetched;
	}
}

void space_populate(struct space *s, u32 start, u32 end)
{
	for (u32 at = start; at < end; at += PAGE) {
		const struct area *a;
		u32 access;

		mutex_lock(&s->lock);
		a = space_area(s, at);
		access = a && (a->flags & AREA_WRITE) &&
					 !(a->flags & AREA_SHARED) ?
				 ACCESS_WRITE :
				 ACCESS_READ;
		mutex_unlock(&s->lock);
		if (!a || space_fault(s, at, access) != SPACE_OK)
			return;
	}
}

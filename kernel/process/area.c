/*
 * Thread-local segments: set_thread_area and get_thread_area. A task has three,
 * flat data with a base, in GDT slots from SLOT_TLS on.
 */
#include "kernel/process/area.h"

#include "kernel/linux/errno.h"
#include "kernel/space/user.h"
#include "seg/selectors.h"

/* struct user_desc. */
struct area_words {
	u32 entry, base, limit, flags;
};

enum area_bit {
	IS_32BIT = 1,
	CONTENTS = 6,
	READ_ONLY = 8,
	LIMIT_IN_PAGES = 16,
	ABSENT = 32,
	USEABLE = 64,
};

/* Both ways in which programs say that an entry is to be cleared. */
static int area_is_empty(const struct area_words *w)
{
	if (w->base || w->limit)
		return 0;
	return (w->flags & ~(u32)USEABLE) == (READ_ONLY | ABSENT) || !w->flags;
}

static i32 area_describe(const struct area_words *w, struct descriptor *out)
{
	if (area_is_empty(w)) {
		*out = DESCRIPTOR_ABSENT;
		return 0;
	}
	if ((w->flags & (CONTENTS | ABSENT)) || !(w->flags & IS_32BIT))
		return -EINVAL;
	if (descriptor_thread_local(w->base, w->limit,
				    w->flags & LIMIT_IN_PAGES,
				    w->flags & READ_ONLY, out) < 0)
		return -EINVAL;
	return 0;
}

static i32 area_free(const struct task *t)
{
	for (u32 i = 0; i < TLS_SLOTS; i++)
		if (!t->tls[i].high)
			return (i32)i;
	return -ESRCH;
}

i32 area_set(struct task *t, u32 user, int any)
{
	struct area_words w;
	struct descriptor d;
	i32 slot, r;

	if (user_read(&w, user, sizeof(w)) < 0)
		return -EFAULT;
	r = area_describe(&w, &d);
	if (r < 0)
		return r;
	if (any && w.entry == 0xFFFFFFFFu) {
		slot = area_free(t);
		if (slot < 0)
			return slot;
		if (user_write32(user, SLOT_TLS + (u32)slot) < 0)
			return -EFAULT;
	} else {
		slot = (i32)(w.entry - SLOT_TLS);
		if ((u32)slot >= TLS_SLOTS)
			return -EINVAL;
	}
	t->tls[slot] = d;
	return 0;
}

i32 call_set_thread_area(u32 user);
i32 call_set_thread_area(u32 user)
{
	i32 r = area_set(task_current(), user, 1);

	if (r == 0)
		thread_tls_changed();
	return r;
}

i32 call_get_thread_area(u32 user);
i32 call_get_thread_area(u32 user)
{
	struct area_words w = { .flags = READ_ONLY | ABSENT };
	u32 slot;

	if (user_read32(&w.entry, user) < 0)
		return -EFAULT;
	slot = w.entry - SLOT_TLS;
	if (slot >= TLS_SLOTS)
		return -EINVAL;
	struct descriptor_view v = descriptor_read(task_current()->tls[slot]);

	if (v.present) {
		int pages = v.limit > 0xFFFFF;

		w.base = v.base;
		w.limit = pages ? v.limit >> 12 : v.limit;
		w.flags = IS_32BIT | USEABLE | (pages ? LIMIT_IN_PAGES : 0) |
			  (v.type & 2 ? 0 : READ_ONLY);
	}
	return user_write(user, &w, sizeof(w));
}

/*
 * Copies between the core and processes: the checks around user.asm, and
 * looking into a space that is not the current one.
 */
#include "kernel/space/user.h"

#include "kernel/memory.h"
#include "kernel/space/table.h"

i32 copy_user(void *to, const void *of, u32 size);
i32 zero_user(u32 user, u32 size);
i32 load_user(u32 *to, u32 user);
i32 store_user(u32 user, u32 value);
i32 text_user(char *to, u32 user, u32 room);
u32 exchange_user(u32 user, u32 expected, u32 wanted, i32 *error);

/* Does it all lie where a process's memory can be? */
static inline int is_user(u32 user, u32 size)
{
	return size <= USER_END && user <= USER_END - size;
}

i32 user_read(void *to, u32 user, u32 size)
{
	if (!is_user(user, size))
		return -EFAULT;
	return copy_user(to, (const void *)user, size);
}

i32 user_write(u32 user, const void *bytes, u32 size)
{
	if (!is_user(user, size))
		return -EFAULT;
	return copy_user((void *)user, bytes, size);
}

i32 user_zero(u32 user, u32 size)
{
	return is_user(user, size) ? zero_user(user, size) : -EFAULT;
}

i32 user_read32(u32 *to, u32 user)
{
	return is_user(user, 4) ? load_user(to, user) : -EFAULT;
}

i32 user_write32(u32 user, u32 value)
{
	return is_user(user, 4) ? store_user(user, value) : -EFAULT;
}

i32 user_text(char *to, u32 user, u32 room)
{
	u32 there = user < USER_END ? min(room, USER_END - user) : 0;
	i32 length;

	if (!there)
		return room ? -EFAULT : -ENAMETOOLONG;
	length = text_user(to, user, there);
	if (length != (i32)there)
		return length;
	return there < room ? -EFAULT : -ENAMETOOLONG;
}

u32 user_exchange(u32 user, u32 expected, u32 wanted, i32 *error)
{
	if (!is_user(user, 4)) {
		*error = -EFAULT;
		return 0;
	}
	return exchange_user(user, expected, wanted, error);
}

/* What can be seen of one page, lock held: a frame, with a share. 0: nothing
 * is mapped, 1: a frame, 2: zeros that were never touched, 3: to be had by a
 * fault. */
enum seen { SEEN_NOTHING, SEEN_FRAME, SEEN_ZEROS, SEEN_ABSENT };

static enum seen see(struct space *s, u32 user, int writes, struct physical *p)
{
	const struct area *a = space_area(s, user);
	const u32 *entry = table_entry(s, user);

	if (!a || (writes && !(a->flags & AREA_WRITE)))
		return SEEN_NOTHING;
	if (entry && *entry && (!writes || (*entry & PAGE_WRITE))) {
		*p = entry_frame(*entry);
		frame_share(*p);
		return SEEN_FRAME;
	}
	return a->inode || writes ? SEEN_ABSENT : SEEN_ZEROS;
}

/* The page of `user`, faulted in if need be. 0, or -EFAULT; FRAME_NONE stands
 * for zeros. */
static i32 page_of(struct space *s, u32 user, int writes, struct physical *p)
{
	for (;;) {
		enum seen seen;

		*p = FRAME_NONE;
		mutex_lock(&s->lock);
		seen = see(s, user, writes, p);
		mutex_unlock(&s->lock);
		if (seen == SEEN_FRAME || seen == SEEN_ZEROS)
			return 0;
		if (seen == SEEN_NOTHING ||
		    space_fault(s, user, writes ? ACCESS_WRITE : ACCESS_READ) !=
			    SPACE_OK)
			return -EFAULT;
	}
}

u32 user_peek(struct space *s, u32 user, void *to, u32 size)
{
	u32 done = 0;

	while (done < size && user + done < USER_END) {
		u32 at = user + done, n = min(PAGE - at % PAGE, size - done);
		struct physical p;

		if (page_of(s, at, 0, &p) < 0)
			break;
		if (frame_ok(p)) {
			memory_copy((u8 *)to + done,
				    (u8 *)direct(p) + at % PAGE, n);
			frame_drop(p);
		} else {
			memory_fill((u8 *)to + done, 0, n);
		}
		done += n;
	}
	return done;
}

i32 user_poke(struct space *s, u32 user, const void *bytes, u32 size)
{
	u32 done = 0;

	while (done < size) {
		u32 at = user + done, n = min(PAGE - at % PAGE, size - done);
		struct physical p;

		if (at >= USER_END || page_of(s, at, 1, &p) < 0)
			return -EFAULT;
		memory_copy((u8 *)direct(p) + at % PAGE,
			    (const u8 *)bytes + done, n);
		frame_drop(p);
		done += n;
	}
	return 0;
}

/*
 * The calls for ids from when they had 16 bits: 0xFFFF leaves one as it is,
 * and an id that does not fit is shown as 65534.
 */
#include "kernel/linux/errno.h"
#include "kernel/process/credentials.h"
#include "kernel/space/user.h"

#define TOO_LARGE 65534u

static u32 wide(u32 id)
{
	return (id & 0xFFFF) == 0xFFFF ? ID_SAME : id & 0xFFFF;
}

static u32 narrow(u32 id)
{
	return id > 0xFFFF ? TOO_LARGE : id;
}

i32 call_getuid(void);
i32 call_getuid(void)
{
	return (i32)narrow(ids_get(USER_IDS).real);
}

i32 call_geteuid(void);
i32 call_geteuid(void)
{
	return (i32)narrow(ids_get(USER_IDS).effective);
}

i32 call_getgid(void);
i32 call_getgid(void)
{
	return (i32)narrow(ids_get(GROUP_IDS).real);
}

i32 call_getegid(void);
i32 call_getegid(void)
{
	return (i32)narrow(ids_get(GROUP_IDS).effective);
}

i32 call_setuid(u32 id);
i32 call_setuid(u32 id)
{
	return ids_set(USER_IDS, wide(id));
}

i32 call_setgid(u32 id);
i32 call_setgid(u32 id)
{
	return ids_set(GROUP_IDS, wide(id));
}

i32 call_setreuid(u32 real, u32 effective);
i32 call_setreuid(u32 real, u32 effective)
{
	return ids_set_two(USER_IDS, wide(real), wide(effective));
}

i32 call_setregid(u32 real, u32 effective);
i32 call_setregid(u32 real, u32 effective)
{
	return ids_set_two(GROUP_IDS, wide(real), wide(effective));
}

i32 call_setresuid(u32 real, u32 effective, u32 saved);
i32 call_setresuid(u32 real, u32 effective, u32 saved)
{
	return ids_set_three(USER_IDS, wide(real), wide(effective),
			     wide(saved));
}

i32 call_setresgid(u32 real, u32 effective, u32 saved);
i32 call_setresgid(u32 real, u32 effective, u32 saved)
{
	return ids_set_three(GROUP_IDS, wide(real), wide(effective),
			     wide(saved));
}

static i32 id_write(u32 user, u32 id)
{
	u16 value = (u16)narrow(id);

	return user_write(user, &value, sizeof(value));
}

static i32 ids_write(enum whose which, u32 real, u32 effective, u32 saved)
{
	struct ids n = ids_get(which);

	if (id_write(real, n.real) < 0 || id_write(effective, n.effective) < 0)
		return -EFAULT;
	return id_write(saved, n.saved);
}

i32 call_getresuid(u32 real, u32 effective, u32 saved);
i32 call_getresuid(u32 real, u32 effective, u32 saved)
{
	return ids_write(USER_IDS, real, effective, saved);
}

i32 call_getresgid(u32 real, u32 effective, u32 saved);
i32 call_getresgid(u32 real, u32 effective, u32 saved)
{
	return ids_write(GROUP_IDS, real, effective, saved);
}

i32 call_setfsuid(u32 id);
i32 call_setfsuid(u32 id)
{
	return (i32)narrow((u32)ids_set_files(USER_IDS, wide(id)));
}

i32 call_setfsgid(u32 id);
i32 call_setfsgid(u32 id)
{
	return (i32)narrow((u32)ids_set_files(GROUP_IDS, wide(id)));
}

i32 call_getgroups(u32 room, u32 to);
i32 call_getgroups(u32 room, u32 to)
{
	struct groups *g = groups_of(process_current());
	u32 count = g ? g->count : 0;
	i32 r = (i32)count;

	if ((i32)room < 0 || (room && room < count))
		r = -EINVAL;
	for (u32 i = 0; room && i < count && r >= 0; i++)
		if (id_write(to + 2 * i, g->sorted[i]) < 0)
			r = -EFAULT;
	groups_drop(g);
	return r;
}

i32 call_setgroups(u32 count, u32 user);
i32 call_setgroups(u32 count, u32 user)
{
	struct groups *g;
	u16 group;

	if (!process_privileged())
		return -EPERM;
	if (count > GROUPS_MOST)
		return -EINVAL;
	g = groups_make(count);
	if (!g)
		return -ENOMEM;
	for (u32 i = 0; i < count; i++) {
		if (user_read(&group, user + 2 * i, sizeof(group)) < 0) {
			groups_drop(g);
			return -EFAULT;
		}
		g->sorted[i] = wide(group);
	}
	groups_set(g);
	return 0;
}

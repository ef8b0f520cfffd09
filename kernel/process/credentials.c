/*
 * User and group ids of the current process. One whose effective user id is 0
 * may take any.
 */
#include "kernel/process/credentials.h"

#include "kernel/linux/errno.h"
#include "kernel/space/user.h"

struct ids ids_get(enum whose which)
{
	const struct credentials *c = &process_current()->credentials;

	if (which == USER_IDS)
		return (struct ids){ c->uid, c->euid, c->suid, c->fsuid };
	return (struct ids){ c->gid, c->egid, c->sgid, c->fsgid };
}

/* Who acts as somebody else leaves no core files about it. */
static void ids_put(enum whose which, struct ids n)
{
	struct process *p = process_current();
	struct credentials *c = &p->credentials;
	struct ids old = ids_get(which);

	spin_lock(&process_lock);
	if (which == USER_IDS) {
		c->uid = n.real;
		c->euid = n.effective;
		c->suid = n.saved;
		c->fsuid = n.files;
		capabilities_follow(old, n);
	} else {
		c->gid = n.real;
		c->egid = n.effective;
		c->sgid = n.saved;
		c->fsgid = n.files;
	}
	if (n.effective != old.effective || n.files != old.files)
		p->dumpable = 0;
	spin_unlock(&process_lock);
}

i32 ids_set(enum whose which, u32 id)
{
	struct ids n = ids_get(which);

	if (id == ID_SAME)
		return -EINVAL;
	if (process_privileged())
		n.real = n.saved = id;
	else if (id != n.real && id != n.saved)
		return -EPERM;
	n.effective = n.files = id;
	ids_put(which, n);
	return 0;
}

i32 ids_set_two(enum whose which, u32 real, u32 effective)
{
	struct ids old = ids_get(which), n = old;
	int any = process_privileged();

	if (real != ID_SAME) {
		if (!any && real != old.real && real != old.effective)
			return -EPERM;
		n.real = real;
	}
	if (effective != ID_SAME) {
		if (!any && effective != old.real &&
		    effective != old.effective && effective != old.saved)
			return -EPERM;
		n.effective = effective;
	}
	if (real != ID_SAME || (effective != ID_SAME && effective != old.real))
		n.saved = n.effective;
	n.files = n.effective;
	ids_put(which, n);
	return 0;
}

static int id_allowed(const struct ids *old, u32 id)
{
	return id == ID_SAME || id == old->real || id == old->effective ||
	       id == old->saved;
}

i32 ids_set_three(enum whose which, u32 real, u32 effective, u32 saved)
{
	struct ids old = ids_get(which), n = old;

	if (!process_privileged() &&
	    !(id_allowed(&old, real) && id_allowed(&old, effective) &&
	      id_allowed(&old, saved)))
		return -EPERM;
	if (real != ID_SAME)
		n.real = real;
	if (effective != ID_SAME)
		n.effective = effective;
	if (saved != ID_SAME)
		n.saved = saved;
	n.files = n.effective;
	ids_put(which, n);
	return 0;
}

i32 ids_set_files(enum whose which, u32 id)
{
	struct ids old = ids_get(which), n = old;

	if (id != ID_SAME &&
	    (process_privileged() || id == old.files || id_allowed(&old, id))) {
		n.files = id;
		ids_put(which, n);
	}
	return (i32)old.files;
}

/* ---- calls ---- */

i32 call_getuid32(void);
i32 call_getuid32(void)
{
	return (i32)process_current()->credentials.uid;
}

i32 call_geteuid32(void);
i32 call_geteuid32(void)
{
	return (i32)process_current()->credentials.euid;
}

i32 call_getgid32(void);
i32 call_getgid32(void)
{
	return (i32)process_current()->credentials.gid;
}

i32 call_getegid32(void);
i32 call_getegid32(void)
{
	return (i32)process_current()->credentials.egid;
}

i32 call_setuid32(u32 id);
i32 call_setuid32(u32 id)
{
	return ids_set(USER_IDS, id);
}

i32 call_setgid32(u32 id);
i32 call_setgid32(u32 id)
{
	return ids_set(GROUP_IDS, id);
}

i32 call_setreuid32(u32 real, u32 effective);
i32 call_setreuid32(u32 real, u32 effective)
{
	return ids_set_two(USER_IDS, real, effective);
}

i32 call_setregid32(u32 real, u32 effective);
i32 call_setregid32(u32 real, u32 effective)
{
	return ids_set_two(GROUP_IDS, real, effective);
}

i32 call_setresuid32(u32 real, u32 effective, u32 saved);
i32 call_setresuid32(u32 real, u32 effective, u32 saved)
{
	return ids_set_three(USER_IDS, real, effective, saved);
}

i32 call_setresgid32(u32 real, u32 effective, u32 saved);
i32 call_setresgid32(u32 real, u32 effective, u32 saved)
{
	return ids_set_three(GROUP_IDS, real, effective, saved);
}

static i32 ids_write(enum whose which, u32 real, u32 effective, u32 saved)
{
	struct ids n = ids_get(which);

	if (user_write32(real, n.real) < 0 ||
	    user_write32(effective, n.effective) < 0)
		return -EFAULT;
	return user_write32(saved, n.saved);
}

i32 call_getresuid32(u32 real, u32 effective, u32 saved);
i32 call_getresuid32(u32 real, u32 effective, u32 saved)
{
	return ids_write(USER_IDS, real, effective, saved);
}

i32 call_getresgid32(u32 real, u32 effective, u32 saved);
i32 call_getresgid32(u32 real, u32 effective, u32 saved)
{
	return ids_write(GROUP_IDS, real, effective, saved);
}

i32 call_setfsuid32(u32 id);
i32 call_setfsuid32(u32 id)
{
	return ids_set_files(USER_IDS, id);
}

i32 call_setfsgid32(u32 id);
i32 call_setfsgid32(u32 id)
{
	return ids_set_files(GROUP_IDS, id);
}

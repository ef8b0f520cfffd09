/* Who may do what with an inode, and the stamps that doing leaves on it. */
#include "kernel/linux/errno.h"
#include "kernel/process/credentials.h"
#include "kernel/vfs/inode_table.h"

#define DAY (24u * 60 * 60)

/* NULL: a thread of the core's. */
static const struct credentials *credentials(void)
{
	struct task *t = task_current();

	return t ? &t->process->credentials : 0;
}

int group_mine(u32 gid)
{
	const struct credentials *c = credentials();

	return !c || c->fsgid == gid || groups_contain(c, gid);
}

static int is_folder(const struct inode *i)
{
	return (i->mode & MODE_KIND) == MODE_FOLDER;
}

/* Device nodes, sockets and fifos lead elsewhere: they can be written. */
static i32 permit_change(const struct inode *i)
{
	u32 kind = i->mode & MODE_KIND;

	if (i->mount && (i->mount->flags & MOUNT_READ_ONLY) &&
	    (kind == MODE_FILE || kind == MODE_FOLDER || kind == MODE_LINK))
		return -EROFS;
	return 0;
}

static i32 permit(const struct inode *i, u32 want, const struct credentials *c,
		  u32 uid, u32 gid)
{
	u32 bits = i->mode;

	if ((want & PERMIT_WRITE) && permit_change(i) < 0)
		return -EROFS;
	if (!c || uid == 0) {
		if ((want & PERMIT_EXECUTE) && !is_folder(i) && !(bits & 0111))
			return -EACCES;
		return 0;
	}
	if (uid == i->uid)
		bits >>= 6;
	else if (gid == i->gid || groups_contain(c, i->gid))
		bits >>= 3;
	return (bits & want) == want ? 0 : -EACCES;
}

i32 inode_permit(struct inode *i, u32 want)
{
	const struct credentials *c = credentials();

	return permit(i, want, c, c ? c->fsuid : 0, c ? c->fsgid : 0);
}

i32 inode_permit_real(struct inode *i, u32 want)
{
	const struct credentials *c = credentials();

	return permit(i, want, c, c ? c->uid : 0, c ? c->gid : 0);
}

int inode_owned(const struct inode *i)
{
	const struct credentials *c = credentials();

	return !c || c->fsuid == 0 || c->fsuid == i->uid;
}

void inode_own(struct inode *i)
{
	const struct credentials *c = credentials();

	if (!c)
		return;
	i->uid = c->fsuid;
	i->gid = c->fsgid;
}

static int before(struct instant a, struct instant b)
{
	return a.seconds < b.seconds ||
	       (a.seconds == b.seconds && a.nanoseconds < b.nanoseconds);
}

/* Access times need only tell whether a file was read since it changed. */
static int access_told(const struct inode *i, struct instant now)
{
	if (i->mount &&
	    (i->mount->flags & (MOUNT_READ_ONLY | MOUNT_NO_ACCESSED)))
		return 1;
	return before(i->modified, i->accessed) &&
	       before(i->changed, i->accessed) &&
	       now.seconds - i->accessed.seconds < DAY;
}

void inode_touch(struct inode *i, u32 which)
{
	struct instant now;

	if (i->flags & INODE_ASK)
		return;
	now = instant_now();
	if ((which & CHANGE_ACCESSED) && access_told(i, now))
		which &= ~(u32)CHANGE_ACCESSED;
	if (which & CHANGE_ACCESSED)
		i->accessed = now;
	if (which & CHANGE_MODIFIED)
		i->modified = now;
	if (which & CHANGE_CHANGED)
		i->changed = now;
	if (which)
		__atomic_fetch_or(&i->dirty, which, __ATOMIC_RELEASE);
}

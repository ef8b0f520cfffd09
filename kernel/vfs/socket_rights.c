/*
 * Open files on their way through a socket: the domain carries a token, the
 * core keeps the files. Control messages as i386 programs lay them out.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/socket.h"

#define BUNDLES	     256u
#define BUNDLE_FILES 64u
#define SOL_SOCKET   1u
#define ALIGN(n)     (((n) + 3) & ~3u)

enum control_type { SCM_RIGHTS = 1, SCM_CREDENTIALS = 2 };

struct control {
	u32 size, level, type;
};

/* Who has a bundle. */
enum bundle_state { FREE, HELD, SENT, LOST };

struct bundle {
	u32 state;
	u32 token; /* tells one use of it from the next */
	u32 count;
	struct file *files[BUNDLE_FILES];
};

static struct bundle bundles[BUNDLES];
static struct spinlock bundle_lock = SPINLOCK("rights");

static struct bundle *bundle_take(u32 *token)
{
	static u32 uses;
	struct bundle *b = 0;

	spin_lock(&bundle_lock);
	for (u32 i = 0; i < BUNDLES && !b; i++)
		if (bundles[i].state == FREE) {
			b = &bundles[i];
			uses = uses % (0xFFFFFFFF / BUNDLES) + 1;
			b->token = uses * BUNDLES + i;
			b->state = HELD;
			b->count = 0;
			*token = b->token;
		}
	spin_unlock(&bundle_lock);
	return b;
}

/* The bundle of that token, or NULL. Lock held. */
static struct bundle *bundle_find(u32 token)
{
	struct bundle *b = &bundles[token % BUNDLES];

	return token && b->state != FREE && b->token == token ? b : 0;
}

void rights_send(u32 token)
{
	struct bundle *b;

	spin_lock(&bundle_lock);
	b = bundle_find(token);
	if (b) {
		b->state = SENT;
	}
	spin_unlock(&bundle_lock);
}

i32 rights_claim(u32 token)
{
	struct bundle *b;
	i32 r = 0;

	spin_lock(&bundle_lock);
	b = bundle_find(token);
	if (b && b->state == SENT) {
		b->state = HELD;
		r = 1;
	} else if (b && b->state == HELD) {
		r = -EAGAIN;
	}
	spin_unlock(&bundle_lock);
	return r;
}

/* The domain may say so only of what it has. */
void rights_lost(u32 token)
{
	struct bundle *b;

	spin_lock(&bundle_lock);
	b = bundle_find(token);
	if (b && b->state == SENT)
		b->state = LOST;
	spin_unlock(&bundle_lock);
}

/* Take the bundle's files out of it, once. */
static u32 bundle_empty(u32 token, struct file **files)
{
	struct bundle *b;
	u32 n = 0;

	spin_lock(&bundle_lock);
	b = bundle_find(token);
	if (b) {
		n = b->count;
		memory_copy(files, b->files, n * sizeof(*files));
		b->state = FREE;
	}
	spin_unlock(&bundle_lock);
	return n;
}

void rights_drop(u32 token)
{
	struct file *files[BUNDLE_FILES];
	u32 n = bundle_empty(token, files);

	for (u32 i = 0; i < n; i++)
		file_drop(files[i]);
}

/* The token of something that will not arrive, 0: there is none. */
static u32 lost_find(void)
{
	u32 token = 0;

	spin_lock(&bundle_lock);
	for (u32 i = 0; i < BUNDLES && !token; i++) {
		const struct bundle *b = &bundles[i];

		if (b->state == LOST)
			token = b->token;
	}
	spin_unlock(&bundle_lock);
	return token;
}

/*
 * Files that are dropped here may be sockets with more files on their way to
 * them: one thread goes on until nothing is left, and no deeper.
 */
void rights_sweep(void)
{
	static u32 wanted;
	u32 token;

	if (__atomic_fetch_add(&wanted, 1, __ATOMIC_SEQ_CST))
		return;
	do {
		__atomic_store_n(&wanted, 1, __ATOMIC_SEQ_CST);
		while ((token = lost_find()) != 0)
			rights_drop(token);
	} while (__atomic_sub_fetch(&wanted, 1, __ATOMIC_SEQ_CST));
}

static i32 bundle_fill(struct bundle *b, u32 user, u32 size)
{
	for (u32 done = 0; done + 4 <= size; done += 4) {
		struct file *f;
		u32 descriptor;
		i32 r = user_read32(&descriptor, user + done);

		if (r < 0)
			return r;
		if (b->count == BUNDLE_FILES)
			return -EINVAL;
		f = file_get_any(descriptor);
		if (!f)
			return -EBADF;
		b->files[b->count++] = f;
	}
	return 0;
}

/* Root may speak for anybody, others for themselves. */
static i32 sender_take(u32 user, u32 size, struct socket_peer *who)
{
	const struct credentials *c = &process_current()->credentials;
	struct socket_peer said;
	i32 r = size == sizeof(said) ? user_read(&said, user, size) : -EINVAL;

	if (r < 0)
		return r;
	if (c->euid && (said.process != process_current()->pid ||
			(said.uid != c->uid && said.uid != c->euid &&
			 said.uid != c->suid) ||
			(said.gid != c->gid && said.gid != c->egid &&
			 said.gid != c->sgid)))
		return -EPERM;
	*who = said;
	return 0;
}

static i32 control_take(const struct control *c, u32 user, struct sending *how)
{
	struct bundle *b;

	if (c->level != SOL_SOCKET)
		return -EINVAL;
	if (c->type == SCM_CREDENTIALS)
		return sender_take(user, c->size - sizeof(*c), &how->who);
	if (c->type != SCM_RIGHTS || how->rights)
		return -EINVAL;
	b = bundle_take(&how->rights);
	if (!b)
		return -ENOBUFS;
	return bundle_fill(b, user, c->size - sizeof(*c));
}

i32 rights_take(u32 user, u32 size, struct sending *how)
{
	i32 r = 0;

	for (u32 at = 0; r >= 0 && at + sizeof(struct control) <= size;) {
		struct control c;

		r = user_read(&c, user + at, sizeof(c));
		if (r >= 0 && (c.size < sizeof(c) || c.size > size - at))
			r = -EINVAL;
		if (r >= 0)
			r = control_take(&c, user + at + sizeof(c), how);
		at += ALIGN(c.size);
	}
	if (r < 0)
		rights_drop(how->rights);
	return r;
}

static i32 control_write(u32 user, u32 type, const u32 *words, u32 count)
{
	struct control c = { sizeof(c) + 4 * count, SOL_SOCKET, type };
	i32 r = user_write(user, &c, sizeof(c));

	return r < 0 ? r : user_write(user + sizeof(c), words, 4 * count);
}

static i32 files_give(u32 token, u32 user, u32 room, u32 message_flags,
		      u32 *flags)
{
	struct file *files[BUNDLE_FILES];
	u32 descriptors[BUNDLE_FILES];
	u32 n = bundle_empty(token, files), given = 0;
	u32 how = message_flags & MSG_CMSG_CLOEXEC ? FILE_CLOSE_ON_EXEC : 0;

	for (u32 i = 0; i < n; i++) {
		i32 d = -EMFILE;

		if (room >= sizeof(struct control) + 4 * (given + 1))
			d = files_add(process_current()->files, files[i], 0,
				      how);
		if (d < 0) {
			file_drop(files[i]);
			*flags |= MSG_CTRUNC;
		} else {
			descriptors[given++] = (u32)d;
		}
	}
	if (!given)
		return 0;
	i32 r = control_write(user, SCM_RIGHTS, descriptors, given);
	return r < 0 ? r : (i32)(sizeof(struct control) + 4 * given);
}

i32 rights_give(const struct socket_message *m, int credentials, u32 user,
		u32 room, u32 message_flags, u32 *flags)
{
	u32 sender[3] = { m->process, m->uid, m->gid };
	u32 done = 0;
	i32 r = 0;

	if (credentials) {
		u32 size = sizeof(struct control) + sizeof(sender);

		if (room < size) {
			*flags |= MSG_CTRUNC;
		} else {
			r = control_write(user, SCM_CREDENTIALS, sender, 3);
			done = size;
		}
	}
	if (r < 0 || !m->rights)
		return r < 0 ? r : (i32)done;
	r = files_give(m->rights, user + done, room - done, message_flags,
		       flags);
	return r < 0 ? r : (i32)done + r;
}

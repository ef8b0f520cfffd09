/*
 * Capabilities: a process has all of them or none, as its user ids say; it may
 * lay all down, and take them up again while they are permitted.
 */
#include "kernel/linux/errno.h"
#include "kernel/process/credentials.h"
#include "kernel/space/user.h"

#define VERSION_1 0x19980330u
#define VERSION_2 0x20071026u
#define VERSION_3 0x20080522u

void capabilities_follow(struct ids old, struct ids new)
{
	struct process *p = process_current();
	struct credentials *c = &p->credentials;
	int was_root = !old.real || !old.effective || !old.saved;
	int is_root = !new.real || !new.effective || !new.saved;

	if (was_root && !is_root && !p->keep_capabilities)
		c->permitted = c->effective = 0;
	if (!old.effective && new.effective)
		c->effective = 0;
	if (old.effective && !new.effective)
		c->effective = c->permitted;
}

void capabilities_execute(struct credentials *c)
{
	c->permitted = !c->uid || !c->euid;
	c->effective = !c->euid;
}

/* Words that each set has in this version; 0: unknown, the best one was
 * written back. */
static i32 words_of(u32 header, u32 *pid)
{
	u32 version;

	if (user_read32(&version, header) < 0 ||
	    user_read32(pid, header + 4) < 0)
		return -EFAULT;
	if (version == VERSION_1)
		return 1;
	if (version == VERSION_2 || version == VERSION_3)
		return 2;
	return user_write32(header, VERSION_3);
}

/* A set that holds all, or none. */
static u32 set_word(int all, u32 word)
{
	if (!all)
		return 0;
	return word ? (1u << (CAPABILITIES - 32)) - 1 : 0xFFFFFFFFu;
}

i32 call_capget(u32 header, u32 data);
i32 call_capget(u32 header, u32 data)
{
	u32 pid, words[6] = { 0 };
	i32 n = words_of(header, &pid), r = -ESRCH;

	if (n <= 0)
		return n < 0 ? n : data ? -EINVAL : 0;
	spin_lock(&process_lock);
	struct task *t = pid ? task_find(pid) : task_current();

	for (u32 i = 0; t && i < (u32)n; i++) {
		const struct credentials *c = &t->process->credentials;

		words[3 * i] = set_word(c->effective, i);
		words[3 * i + 1] = set_word(c->permitted, i);
		r = 0;
	}
	spin_unlock(&process_lock);
	return r < 0 ? r : user_write(data, words, (u32)n * 12);
}

/* Sets that are neither empty nor full count as what they began as. */
i32 call_capset(u32 header, u32 data);
i32 call_capset(u32 header, u32 data)
{
	struct credentials *c = &process_current()->credentials;
	u32 pid, words[6] = { 0 };
	i32 n = words_of(header, &pid);

	if (n <= 0)
		return n < 0 ? n : -EINVAL;
	if (pid && pid != task_current()->tid)
		return -EPERM;
	if (user_read(words, data, (u32)n * 12) < 0)
		return -EFAULT;
	int effective = words[0] || words[3], permitted = words[1] || words[4];

	if ((effective || permitted) && !c->permitted)
		return -EPERM;
	if (effective && !permitted)
		return -EPERM;
	c->permitted = (u8)permitted;
	c->effective = (u8)effective;
	return 0;
}

/* Asking domains with what programs lend them. */
#include "kernel/vfs/lent.h"

#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/space/space.h"

#define ANY_SIZE 0xFFFFFFFFu

/*
 * Once: the domain's answer, or -EFAULT in *fault. Nothing stays lent. *size:
 * how much was lent the last time, which must be lent again; ANY_SIZE: never.
 */
static i32 ask_once(const struct lent *l, struct transfer *t, u32 access,
		    u32 *size, i32 *fault)
{
	u32 address = 0;
	i32 lent = transfer_lend(t, access, &address), answer;

	*fault = min(lent, 0);
	if (lent > 0 && *size != ANY_SIZE && (u32)lent != *size) {
		transfer_lent(t, 0);
		*fault = -EFAULT;
	}
	if (*fault < 0)
		return 0;
	*size = (u32)lent;
	answer = l->call(l->argument, (void *)address, (u32)lent);
	if (!lent)
		return answer_status(answer);
	answer = transfer_lent(t, answer);
	return !answer && access == ACCESS_READ ? -E_DEVICE : answer;
}

i32 lent_ask(const struct lent *l, struct transfer *t, u32 access)
{
	u32 size = ANY_SIZE;
	i32 answer, fault;

	do
		answer = ask_once(l, t, access, &size, &fault);
	while (answer == -E_GONE && import_revive(l->to) == 0 && l->again);
	if (fault < 0)
		return fault;
	return answer < 0 ? l->error(answer) : answer;
}

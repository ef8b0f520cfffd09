/* What domains tell: up calls of the `notice` gate, handed on to listeners. */
#include "kernel/vfs/notice.h"

#include "core.h"
#include "gates/unwind.h"
#include "kernel/disk/disk.h"
#include "kernel/panic.h"
#include "kernel/process/signal.h"
#include "kernel/vfs/notifier.h"

#define LISTENERS 8u

static const struct listener *listeners[LISTENERS];

void notice_listen(const struct listener *l)
{
	u32 i = 0;

	while (i < LISTENERS && listeners[i])
		i++;
	assert(i < LISTENERS);
	listeners[i] = l;
}

static const struct listener *listener_of(const struct domain *d)
{
	for (u32 i = 0; i < LISTENERS && listeners[i]; i++)
		if (listeners[i]->import->domain == d)
			return listeners[i];
	return 0;
}

/* Who listens to the domain that is calling. */
static const struct listener *listener(void)
{
	struct generation *g = generation_asking();

	return g ? listener_of(g->domain) : 0;
}

void notice_restarted(const struct domain *d)
{
	const struct listener *l = listener_of(d);

	if (l && l->restarted)
		l->restarted();
	disks_restarted(d);
}

i32 up_notice_ready(u32 number, u32 events)
{
	const struct listener *l = listener();

	if (!l)
		return -E_NAME;
	l->ready(number, events & READY_SAID);
	return 0;
}

i32 up_notice_signal(u32 number, u32 signal)
{
	const struct listener *l = listener();

	if (!l || !l->signal)
		return -E_NAME;
	if (signal != SIGINT && signal != SIGQUIT && signal != SIGTSTP)
		return -E_RANGE; /* no key means anything else */
	l->signal(number, signal);
	return 0;
}

i32 up_notice_lost(u32 token)
{
	const struct listener *l = listener();

	if (!l || !l->lost)
		return -E_NAME;
	l->lost(token);
	return 0;
}

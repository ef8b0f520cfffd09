/* What domains tell: up calls of the `notice` gate, handed on to listeners. */
#include "kernel/vfs/notice.h"

#include "core.h"
#include "gates/unwind.h"
#include "kernel/panic.h"

#define LISTENERS 8u

static struct listener {
	const struct import *import;
	void (*ready)(u32 number, u32 events);
	void (*signal)(u32 number, u32 signal);
} listeners[LISTENERS];

void notice_listen(const struct import *import,
		   void (*ready)(u32 number, u32 events),
		   void (*signal)(u32 number, u32 signal))
{
	u32 i = 0;

	while (i < LISTENERS && listeners[i].import)
		i++;
	assert(i < LISTENERS);
	listeners[i].ready = ready;
	listeners[i].signal = signal;
	listeners[i].import = import;
}

/* Who listens to the domain that is calling. */
static const struct listener *listener(void)
{
	struct generation *g =
		generation_of(record_top(thread_current())->cs);

	for (u32 i = 0; g && i < LISTENERS && listeners[i].import; i++)
		if (listeners[i].import->domain == g->domain)
			return &listeners[i];
	return 0;
}

i32 up_notice_ready(u32 number, u32 events)
{
	const struct listener *l = listener();

	if (!l)
		return -E_NAME;
	l->ready(number, events);
	return 0;
}

i32 up_notice_signal(u32 number, u32 signal)
{
	const struct listener *l = listener();

	if (!l || !l->signal)
		return -E_NAME;
	if (!signal || signal > 64)
		return -E_RANGE;
	l->signal(number, signal);
	return 0;
}

/* Timeouts and deadlines. */
#include "kernel/vfs/timeout.h"

#include "kernel/space/user.h"
#include "kernel/thread.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define SECOND 1000000000u

/* Longer is for ever: 2^32 seconds, some 136 years. */
static u64 deadline_of(u64 seconds, u32 nanoseconds)
{
	if (!seconds && !nanoseconds)
		return 0;
	if (seconds >> 32)
		return WAIT_FOREVER;
	return tsc_now() + wide_product((u32)seconds, SECOND) + nanoseconds;
}

i32 timeout_read(u32 user, enum timeout_form form, u64 *deadline)
{
	struct {
		i64 seconds;
		i32 part, unused;
	} wide;
	i32 old[2];

	*deadline = WAIT_FOREVER;
	if (!user)
		return 0;
	if (form == TIMEOUT_WIDE) {
		if (user_read(&wide, user, sizeof(wide)) < 0)
			return -EFAULT;
	} else {
		if (user_read(old, user, sizeof(old)) < 0)
			return -EFAULT;
		wide.seconds = old[0];
		wide.part = old[1];
	}
	if (form == TIMEOUT_MICRO && wide.part >= 0) {
		wide.seconds += wide.part / 1000000;
		wide.part = wide.part % 1000000 * 1000;
	}
	if (wide.seconds < 0 || (u32)wide.part >= SECOND)
		return -EINVAL;
	*deadline = deadline_of((u64)wide.seconds, (u32)wide.part);
	return 0;
}

void timeout_write(u32 user, enum timeout_form form, u64 deadline)
{
	u64 now = tsc_now(), left = deadline > now ? deadline - now : 0;
	u32 part, words[4] = { 0 };

	if (!user || deadline == WAIT_FOREVER)
		return;
	words[0] = (u32)wide_divide(left, SECOND, &part);
	if (form == TIMEOUT_WIDE) {
		words[2] = part;
		user_write(user, words, sizeof(words));
		return;
	}
	words[1] = form == TIMEOUT_MICRO ? part / 1000 : part;
	user_write(user, words, 8);
}

u64 timeout_of_ms(i32 ms)
{
	if (ms < 0)
		return WAIT_FOREVER;
	return ms ? tsc_now() + wide_product((u32)ms, 1000000) : 0;
}

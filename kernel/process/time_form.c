/* Structures of time in programs' memory, and nanoseconds. */
#include "kernel/process/clock.h"

#include "kernel/linux/errno.h"
#include "kernel/space/user.h"
#include "kernel/thread.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define PER_MICROSECOND 1000u

u32 time_size(enum time_form form)
{
	return form == TIME_SPEC64 ? 16 : 8;
}

u64 time_split(u64 ns, u32 *rest)
{
	return wide_divide(ns, SECOND, rest);
}

u64 time_join(u64 seconds, u32 nanoseconds)
{
	if (seconds >= 9000000000ull)
		return TIME_LONG;
	return (seconds >> 32 ? wide_product((u32)(seconds >> 1), SECOND) * 2 +
					(seconds & 1 ? SECOND : 0) :
				wide_product((u32)seconds, SECOND)) +
	       nanoseconds;
}

i32 time_read(u32 user, enum time_form form, u64 *ns)
{
	u32 words[4];
	u32 unit = form == TIME_VAL ? PER_MICROSECOND : 1;
	u32 fraction;
	u64 seconds;

	if (user_read(words, user, time_size(form)) < 0)
		return -EFAULT;
	if (form == TIME_SPEC64) {
		seconds = (u64)words[1] << 32 | words[0];
		fraction = words[2];
	} else {
		seconds = (u64)(i64)(i32)words[0];
		fraction = words[1];
	}
	if (seconds >> 63 || fraction >= SECOND / unit)
		return -EINVAL;
	*ns = time_join(seconds, fraction * unit);
	return 0;
}

i32 time_write(u32 user, enum time_form form, u64 ns)
{
	u32 words[4] = { 0 };
	u32 rest;
	u64 seconds = time_split(ns, &rest);

	words[0] = (u32)seconds;
	if (form == TIME_SPEC64) {
		words[1] = (u32)(seconds >> 32);
		words[2] = rest;
	} else {
		words[1] = form == TIME_VAL ? rest / PER_MICROSECOND : rest;
	}
	return user_write(user, words, time_size(form));
}

i32 time_read_pair(u32 user, enum time_form form, u64 ns[2])
{
	i32 r = time_read(user, form, &ns[0]);

	return r < 0 ? r : time_read(user + time_size(form), form, &ns[1]);
}

i32 time_write_pair(u32 user, enum time_form form, const u64 ns[2])
{
	i32 r = time_write(user, form, ns[0]);

	return r < 0 ? r : time_write(user + time_size(form), form, ns[1]);
}

u64 deadline_after(u64 ns)
{
	return ns >= TIME_LONG ? WAIT_FOREVER : tsc_now() + ns;
}

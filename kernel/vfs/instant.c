/*
 * The time of day: the core's clock, which counts from boot, and where it was
 * by the battery-backed clock when somebody first asked.
 */
#include "kernel/linux/errno.h"
#include "kernel/lock.h"
#include "kernel/tsc.h"
#include "kernel/vfs/inode.h"
#include "kernel/wide.h"

#define SECOND 1000000000u

static struct spinlock instant_lock = SPINLOCK("instant");
static struct import clock;
static u64 origin; /* nanoseconds since 1970 when tsc_now() was 0 */
static u32 asked;

u64 instant_origin(void)
{
	u64 value;

	spin_lock(&instant_lock);
	value = origin;
	spin_unlock(&instant_lock);
	return value;
}

void instant_set(struct instant now)
{
	u64 value = wide_product(now.seconds, SECOND) + now.nanoseconds;

	spin_lock(&instant_lock);
	asked = 1;
	origin = value - tsc_now();
	spin_unlock(&instant_lock);
}

void instant_start(void)
{
	struct clock_date date;
	i32 r;

	if (asked || import_bind(&clock, "clock", 0) < 0)
		return;
	while ((r = down_clock_today(&clock, &date)) == -E_GONE)
		if (import_revive(&clock) < 0)
			return;
	if (r == 0)
		instant_set((struct instant){ date.seconds, date.nanoseconds });
}

struct instant instant_now(void)
{
	struct instant now;

	now.seconds = (u32)wide_divide(instant_origin() + tsc_now(), SECOND,
				       &now.nanoseconds);
	return now;
}

/* A concurrent domain: its variables are changed by atomic operations. */
#include "crowd.h"

static u32 inside, most;

static u64 milliseconds_now(void)
{
	struct time_instant now;

	time_now(&now);
	return (u64)now.seconds * 1000 + now.nanoseconds / 1000000;
}

i32 crowd_meet(u32 count, u32 milliseconds)
{
	u64 until = milliseconds_now() + milliseconds;
	u32 here = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
	i32 answer = (i32)count;

	while (here < count &&
	       __atomic_load_n(&most, __ATOMIC_SEQ_CST) < count) {
		if (milliseconds_now() > until) {
			answer = -E_TIME;
			break;
		}
		waits_time_sleep(1);
		here = __atomic_load_n(&inside, __ATOMIC_SEQ_CST);
	}
	if (here >= count)
		__atomic_store_n(&most, here, __ATOMIC_SEQ_CST);
	if (__atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST) == 0)
		__atomic_store_n(&most, 0, __ATOMIC_SEQ_CST);
	return answer;
}

i32 crowd_fail(void)
{
	__asm__ volatile("ud2");
	return 0;
}

i32 crowd_hoard(u32 bytes)
{
	return memory_grow(bytes);
}

i32 crowd_greed(u32 milliseconds)
{
	u64 until = milliseconds_now() + milliseconds;

	while (milliseconds_now() < until)
		;
	return 0;
}

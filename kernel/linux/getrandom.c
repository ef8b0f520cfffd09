/* getrandom(2): random bytes from the core's generator. */
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/random.h"
#include "kernel/space/user.h"
#include "kernel/thread.h"

#define FLAGS 7u /* GRND_NONBLOCK, RANDOM, INSECURE: nothing here waits */
#define MOST  0x1FFFFFFu
#define PIECE 256u

i32 call_getrandom(u32 user, u32 size, u32 flags);
i32 call_getrandom(u32 user, u32 size, u32 flags)
{
	u8 bytes[PIECE];
	u32 done = 0;

	if (flags & ~FLAGS)
		return -EINVAL;
	size = min(size, MOST);
	while (done < size &&
	       !(done && (thread_current()->attention & ATTENTION_LEAVE))) {
		u32 n = min(size - done, PIECE);

		random_bytes(bytes, n);
		if (user_write(user + done, bytes, n) < 0)
			return done ? (i32)done : -EFAULT;
		done += n;
	}
	return (i32)done;
}

/* Gates' errors as Linux' error numbers. */
#include "kernel/linux/errno.h"

i32 errno_of(i32 answer)
{
	static const u8 numbers[] = {
		[E_GONE] = EIO,	      [E_RANGE] = EINVAL,
		[E_BIG] = ENAMETOOLONG, [E_DENIED] = EACCES,
		[E_AGAIN] = EAGAIN,   [E_TIME] = ETIMEDOUT,
		[E_MEMORY] = ENOMEM,  [E_DEVICE] = EIO,
		[E_NAME] = ENOENT,    [E_BUSY] = EBUSY,
		[E_FORM] = EINVAL,    [E_EXISTS] = EEXIST,
		[E_FOLDER] = EISDIR,  [E_KIND] = ENOTDIR,
		[E_FILLED] = ENOTEMPTY, [E_FULL] = ENOSPC,
		[E_CLOSED] = EPIPE,   [E_REFUSED] = ECONNREFUSED,
	};

	if (answer >= 0)
		return answer;
	if (answer <= -(i32)sizeof(numbers))
		return -EIO;
	return -numbers[-answer];
}

/* Gate `request`: what drivers tell of the requests they were given. */
#include "core.h"

i32 up_request_done(u32 tag, i32 result)
{
	(void)tag, (void)result;
	return -E_NAME;
}

i32 up_request_put(u32 tag, u32 at, from u8 *data, u32 size)
{
	(void)tag, (void)at, (void)data, (void)size;
	return -E_NAME;
}

i32 up_request_get(u32 tag, u32 at, into u8 *data, u32 size)
{
	(void)tag, (void)at, (void)data, (void)size;
	return -E_NAME;
}

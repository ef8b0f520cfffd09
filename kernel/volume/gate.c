/* Gate `volume`: what file systems ask of the volume that they are on. */
#include "core.h"

i32 up_volume_facts(into struct volume_facts *found)
{
	(void)found;
	return -E_NAME;
}

i32 up_volume_open(u32 block_size)
{
	(void)block_size;
	return -E_NAME;
}

i32 up_volume_read(u32 block, u32 at, into u8 *data, u32 size)
{
	(void)block, (void)at, (void)data, (void)size;
	return -E_NAME;
}

i32 up_volume_write(u32 block, u32 at, from u8 *data, u32 size)
{
	(void)block, (void)at, (void)data, (void)size;
	return -E_NAME;
}

i32 up_volume_clear(u32 block)
{
	(void)block;
	return -E_NAME;
}

i32 up_volume_ahead(u32 block, u32 count)
{
	(void)block, (void)count;
	return -E_NAME;
}

i32 up_volume_release(u32 block, u32 count)
{
	(void)block, (void)count;
	return -E_NAME;
}

i32 up_volume_journal(from u8 *runs, u32 size)
{
	(void)runs, (void)size;
	return -E_NAME;
}

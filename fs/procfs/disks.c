/* Disks and their partitions. */
#include "files.h"
#include "text.h"

i32 partitions_make(struct who w)
{
	struct inspect_disk d;

	(void)w;
	put("major minor  #blocks  name\n\n");
	for (u32 i = 0; inspect_disk(i, &d) >= 0; i++)
		if (d.sectors)
			print("%4u  %7u %10u %s\n", d.device >> 8,
			      d.device & 0xFF, d.sectors / 2,
			      (const char *)d.name);
	return 0;
}

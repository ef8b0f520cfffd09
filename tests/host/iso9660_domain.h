/*
 * fs/iso9660 as part of a host program.
 */
#ifndef TESTS_HOST_ISO9660_DOMAIN_H
#define TESTS_HOST_ISO9660_DOMAIN_H

#include "volume_image.h"

#define DOMAIN_ISO9660_H /* instead of the header that gatec makes */

#include "fs/iso9660/volume.c"
#include "fs/iso9660/name.c"
#include "fs/iso9660/rock.c"
#include "fs/iso9660/record.c"
#include "fs/iso9660/folder.c"
#include "fs/iso9660/map.c"
#include "fs/iso9660/look.c"

/* The domain as a new generation finds itself. */
static void domain_start(void)
{
	memset(&fs, 0, sizeof fs);
	records_block = NONE;
	life_start(1);
}

#endif

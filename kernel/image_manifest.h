/*
 * The half of the image checker that judges the manifest. For image.c alone;
 * everybody else asks image_check().
 */
#ifndef KERNEL_IMAGE_MANIFEST_H
#define KERNEL_IMAGE_MANIFEST_H

#include <stdbool.h>

#include "kernel/image.h"

/* Do `count` bytes at `at` lie within the first `size`? */
static inline bool bytes_inside(u32 at, u32 count, u32 size)
{
	return at <= size && count <= size - at;
}

/*
 * Judge image->manifest, of which `room` bytes lie in the file, against the
 * segments of `image`; fill in the tables. Returns NULL, or why not.
 */
const char *image_manifest_check(struct image *image, u32 room);

#endif

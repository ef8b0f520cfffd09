// sources: kernel/image.c kernel/image_manifest.c
/*
 * The domain loader's checker under a coverage-guided fuzzer (libFuzzer, or
 * AFL++'s driver for it): `make soak` runs it. An input is laid over the good
 * sample by exclusive or, its first two bytes cutting the end off, so that
 * the fuzzer starts out from a file that is accepted. Any file may be
 * refused; one that is accepted must keep the promises.
 */
#include <stdlib.h>

#include "image_sample.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct sample sample = sample_good();
	struct image image;
	const char *why;
	size_t cut, total;
	u8 *file;

	if (size < 2)
		return 0;
	cut = data[0] | (size_t)data[1] << 8;
	data += 2;
	size -= 2;

	total = size > sizeof sample ? size : sizeof sample;
	file = calloc(1, total);
	memcpy(file, &sample, sizeof sample);
	for (size_t i = 0; i < size; i++)
		file[i] ^= data[i];
	total -= cut < total ? cut : total;
	file = realloc(file, total + !total); /* so that its end is watched */

	if (image_check(file, (u32)total, &image, &why) == 0 &&
	    !image_holds(&image, (u32)total))
		abort();
	free(file);
	return 0;
}

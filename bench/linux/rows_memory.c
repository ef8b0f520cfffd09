/*
 * Rows about memory: the first touch of a page, copying one on a write after
 * fork, maps that come and go.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "row.h"

#define PAGE  4096u
#define BATCH 256u /* pages mapped at once */

static char *pages_map(uint32_t pages)
{
	char *map = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(map == MAP_FAILED ? -1 : 0, "mmap");
	return map;
}

/* One page touched; mapping and unmapping them is not measured. */
static void fault_run(uint32_t count)
{
	uint32_t batch, at;
	char *map;

	for (; count; count -= batch) {
		batch = count < BATCH ? count : BATCH;
		map = pages_map(batch);
		watch_start();
		for (at = 0; at < batch; at++)
			map[at * PAGE] = 1;
		watch_stop();
		munmap(map, batch * PAGE);
	}
}

/* Map 64 KiB and unmap it, untouched. */
static void map_run(uint32_t count)
{
	watch_start();
	while (count--)
		munmap(pages_map(16), 16 * PAGE);
	watch_stop();
}

/* The same, with each of its 16 pages touched. */
static void map_touch_run(uint32_t count)
{
	uint32_t at;
	char *map;

	watch_start();
	while (count--) {
		map = pages_map(16);
		for (at = 0; at < 16; at++)
			map[at * PAGE] = 1;
		munmap(map, 16 * PAGE);
	}
	watch_stop();
}

const struct row rows_memory[] = {
	{ "page-fault", fault_run },
	{ "mmap", map_run },
	{ "mmap-touch", map_touch_run },
	{ 0 },
};

/*
 * Operations of the exerciser that more than one view has a part in: files
 * written through a shared mapping and by calls at once, and one file in
 * which every process has slots of its own, many on a page.
 */
#include "exercise.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	  4096u
#define SPAN	  (16 * PAGE) /* mapped at once, at most */
#define SLOTS	  64u /* of each process */
#define SLOT_SIZE 100u

static char path[PATH_ROOM];
static sigjmp_buf back;
static uint32_t slot[SLOTS]; /* the seed of each; 0: never written */

static void bus_error(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

/* Copies to a page of a mapping; 0 if there is no room for it. */
static int page_copy(volatile uint8_t *to, const uint8_t *from, uint32_t length)
{
	if (sigsetjmp(back, 1))
		return 0;
	memcpy((void *)to, from, length);
	return 1;
}

/* Writes through a mapping of bytes from `base` on, page by page. */
static void map_write(struct node *n, uint8_t *map, uint32_t base, uint32_t at,
		      uint32_t length)
{
	uint32_t seed = contents_seed(), end = at + length, part;

	seed_fill(seed, at, buffer, length);
	for (uint32_t i = at; i < end; i += part) {
		part = PAGE - (i & (PAGE - 1));
		if (part > end - i)
			part = end - i;
		if (!page_copy(map + (i - base), buffer + (i - at), part)) {
			errno = ENOSPC;
			result_check(-1, 0, 1, "a page of", path);
			return;
		}
		contents_write(n, i, part, seed);
	}
}

/* By the map, by a call, by the map; each must see what the other did. */
static void map_use(struct node *n, uint8_t *map, int fd, uint32_t base,
		    uint32_t length)
{
	for (uint32_t i = 0; i < 1 + below(4); i++) {
		uint32_t at = base + below(length), part;

		part = 1 + below(base + length - at);
		if (n->count >= PIECES - SPAN / PAGE - 4 || full)
			break;
		map_write(n, map, base, at, part);
		if (pread(fd, buffer, length, base) != (long)length)
			differs("read %s: %s", path, strerror(errno));
		bytes_check(n, base, buffer, length, path);
	}
	memcpy(buffer, map, length);
	bytes_check(n, base, buffer, length, "a map of a file");
	count->checks++;
	if (below(4) == 0)
		result_check(msync(map, length, below(2) ? MS_SYNC : MS_ASYNC),
			     0, 0, "msync", path);
}

void map_file(void)
{
	struct name *name = name_pick(REGULAR);
	uint32_t base, length;
	uint8_t *map;
	int fd;

	if (!name || !name->node->size)
		return;
	name_path(name->folder, name->text, path);
	fd = open(path, O_RDWR);
	result_check(fd, 0, 0, "open", path);
	base = below(name->node->size) & ~(PAGE - 1);
	length = name->node->size - base;
	if (length > SPAN)
		length = SPAN;
	map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, base);
	if (map == MAP_FAILED)
		differs("mmap %s: %s", path, strerror(errno));
	signal(SIGBUS, bus_error);
	map_use(name->node, map, fd, base, length);
	signal(SIGBUS, SIG_DFL);
	munmap(map, length);
	close(fd);
}

static int slots_open(void)
{
	int fd;

	sprintf(path, "%s/slots", options.folder);
	fd = open(path, O_RDWR);
	result_check(fd, 0, 0, "open", path);
	return fd;
}

static uint32_t slot_place(uint32_t i)
{
	return (i * options.processes + process) * SLOT_SIZE;
}

static void slot_check(int fd, uint32_t i)
{
	uint8_t found[SLOT_SIZE] = { 0 }, wanted[SLOT_SIZE];

	if (pread(fd, found, SLOT_SIZE, slot_place(i)) < 0)
		differs("read %s: %s", path, strerror(errno));
	memset(wanted, 0, SLOT_SIZE);
	if (slot[i])
		seed_fill(slot[i], 0, wanted, SLOT_SIZE);
	for (uint32_t n = 0; n < SLOT_SIZE; n++)
		if (found[n] != wanted[n])
			differs("%s: byte %u is %02x, must be %02x", path,
				slot_place(i) + n, found[n], wanted[n]);
}

/* A slot has room in advance (exercise.c wrote them all). */
void write_slot(void)
{
	uint32_t i = below(SLOTS), seed = contents_seed();
	uint8_t from[SLOT_SIZE];
	int fd = slots_open();

	slot_check(fd, i);
	seed_fill(seed, 0, from, SLOT_SIZE);
	if (pwrite(fd, from, SLOT_SIZE, slot_place(i)) != SLOT_SIZE)
		differs("write %s: %s", path, strerror(errno));
	slot[i] = seed;
	slot_check(fd, i);
	close(fd);
}

void slots_check(void)
{
	int fd = slots_open();

	for (uint32_t i = 0; i < SLOTS; i++)
		slot_check(fd, i);
	close(fd);
}

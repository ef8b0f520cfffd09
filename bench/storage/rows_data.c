/* Rows about the contents of one file: read when nothing of it is cached, and
 * written until it is durable. */
#include "row.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME	 "bench.file"
#define MIB	 (1u << 20)
#define BYTES	 (32 * MIB)
#define SMALL	 4096u
#define LARGE	 65536u
#define APPENDS	 100u
#define RANDOM_4 1000u
#define RANDOM_L 200u

static unsigned char buffer[LARGE];

static int file_open(int how)
{
	return (int)must(open(NAME, how, 0644), NAME);
}

static void file_close(int file)
{
	must(close(file), "close");
}

/* Where access `n` goes: each place of the file at most once. */
static off_t place(uint32_t n, uint32_t size)
{
	return (off_t)(n * 40503u % (BYTES / size)) * size;
}

static void file_make(const struct row *row)
{
	int file = file_open(O_CREAT | O_TRUNC | O_WRONLY);
	uint32_t at;

	(void)row;
	memset(buffer, 0x5A, sizeof(buffer));
	for (at = 0; at < BYTES; at += LARGE)
		must(write(file, buffer, LARGE), "write");
	file_close(file);
}

static void file_remove(const struct row *row)
{
	(void)row;
	must(unlink(NAME), "unlink");
}

static void short_is_wrong(long moved, uint32_t size)
{
	if (moved != (long)size)
		must(-1, "a short transfer");
}

static void read_all(const struct row *row)
{
	int file = file_open(O_RDONLY);
	uint32_t n;

	for (n = 0; n < row->count; n++)
		short_is_wrong(read(file, buffer, row->size), row->size);
	file_close(file);
}

static void read_random(const struct row *row)
{
	int file = file_open(O_RDONLY);
	uint32_t n;

	for (n = 0; n < row->count; n++)
		short_is_wrong(pread(file, buffer, row->size,
				     place(n, row->size)),
			       row->size);
	file_close(file);
}

static void write_all(const struct row *row)
{
	int file = file_open(O_CREAT | O_TRUNC | O_WRONLY);
	uint32_t n;

	for (n = 0; n < row->count; n++)
		short_is_wrong(write(file, buffer, row->size), row->size);
	must(fsync(file), "fsync");
	file_close(file);
}

static void write_random(const struct row *row)
{
	int file = file_open(O_WRONLY);
	uint32_t n;

	for (n = 0; n < row->count; n++)
		short_is_wrong(pwrite(file, buffer, row->size,
				      place(n, row->size)),
			       row->size);
	must(fsync(file), "fsync");
	file_close(file);
}

static void append_durably(const struct row *row)
{
	int file = file_open(O_CREAT | O_TRUNC | O_WRONLY);
	uint32_t n;

	for (n = 0; n < row->count; n++) {
		short_is_wrong(write(file, buffer, row->size), row->size);
		must(fsync(file), "fsync");
	}
	file_close(file);
}

const struct row rows_data[] = {
	{ "read-4k", BYTES / SMALL, SMALL, file_make, read_all, file_remove },
	{ "read-64k", BYTES / LARGE, LARGE, file_make, read_all, file_remove },
	{ "read-random-4k", RANDOM_4, SMALL, file_make, read_random,
	  file_remove },
	{ "read-random-64k", RANDOM_L, LARGE, file_make, read_random,
	  file_remove },
	{ "write-4k", BYTES / SMALL, SMALL, NULL, write_all, file_remove },
	{ "write-64k", BYTES / LARGE, LARGE, NULL, write_all, file_remove },
	{ "write-random-4k", RANDOM_4, SMALL, file_make, write_random,
	  file_remove },
	{ "write-random-64k", RANDOM_L, LARGE, file_make, write_random,
	  file_remove },
	{ "fsync", APPENDS, SMALL, NULL, append_durably, file_remove },
	{ NULL, 0, 0, NULL, NULL, NULL },
};

/*
 * Rows about files on tmpfs, in /tmp/measure.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "row.h"

#define FOLDER "/tmp/measure"
#define BATCH  200u
#define BLOCK  4096u
#define BLOCKS 64u /* the file's size: 256 KiB */

static void folder_enter(void)
{
	mkdir(FOLDER, 0777);
	must(chdir(FOLDER), FOLDER);
}

static void folder_leave(void)
{
	must(chdir("/"), "chdir");
	must(rmdir(FOLDER), "rmdir");
}

static void names_make(char names[BATCH][16], uint32_t count)
{
	uint32_t at;

	for (at = 0; at < count; at++)
		snprintf(names[at], sizeof(names[at]), "file-%u", at);
}

/* Make and remove `count` empty files; one of the two is measured. */
static void create_unlink(uint32_t count, int unlinking)
{
	char names[BATCH][16];
	uint32_t batch, at;

	names_make(names, BATCH);
	folder_enter();
	for (; count; count -= batch) {
		batch = count < BATCH ? count : BATCH;
		if (!unlinking)
			watch_start();
		for (at = 0; at < batch; at++)
			close((int)must(open(names[at], O_CREAT | O_RDWR, 0644),
					"open"));
		if (!unlinking)
			watch_stop();
		else
			watch_start();
		for (at = 0; at < batch; at++)
			must(unlink(names[at]), "unlink");
		if (unlinking)
			watch_stop();
	}
	folder_leave();
}

static void create_run(uint32_t count)
{
	create_unlink(count, 0);
}

static void unlink_run(uint32_t count)
{
	create_unlink(count, 1);
}

static int blocks_make(char *block)
{
	int file, at;

	memset(block, 'b', BLOCK);
	folder_enter();
	file = (int)must(open("blocks", O_CREAT | O_RDWR, 0644), "open");
	for (at = 0; at < (int)BLOCKS; at++)
		must(write(file, block, BLOCK), "write");
	return file;
}

static void blocks_end(int file)
{
	close(file);
	must(unlink("blocks"), "unlink");
	folder_leave();
}

/* 4 KiB of a file that is there, one block after the other. */
static void read_run(uint32_t count)
{
	char block[BLOCK];
	int file = blocks_make(block);

	watch_start();
	while (count--)
		must(pread(file, block, BLOCK, count % BLOCKS * BLOCK), "read");
	watch_stop();
	blocks_end(file);
}

static void write_run(uint32_t count)
{
	char block[BLOCK];
	int file = blocks_make(block);

	watch_start();
	while (count--)
		must(pwrite(file, block, BLOCK, count % BLOCKS * BLOCK),
		     "write");
	watch_stop();
	blocks_end(file);
}

/* A new file of 16 KiB, written in blocks of 4 KiB; removing it is not
 * measured. */
static void new_run(uint32_t count)
{
	char block[BLOCK];
	int file, at;

	memset(block, 'b', BLOCK);
	folder_enter();
	while (count--) {
		watch_start();
		file = (int)must(open("new", O_CREAT | O_RDWR, 0644), "open");
		for (at = 0; at < 4; at++)
			must(write(file, block, BLOCK), "write");
		close(file);
		watch_stop();
		must(unlink("new"), "unlink");
	}
	folder_leave();
}

static void stat_run(uint32_t count)
{
	struct stat about;
	char block[BLOCK];
	int file = blocks_make(block);

	watch_start();
	while (count--)
		must(stat(FOLDER "/blocks", &about), "stat");
	watch_stop();
	blocks_end(file);
}

const struct row rows_file[] = {
	{ "file-create", create_run },
	{ "file-read", read_run },
	{ "file-write", write_run },
	{ "file-unlink", unlink_run },
	{ "file-new-16K", new_run },
	{ "stat", stat_run },
	{ 0 },
};

/*
 * Requests to a volume of which each is a sample: 4 KiB that nothing has
 * cached, 4 KiB that are, 4 KiB made durable; and a compile, of which all is
 * one operation.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/lab/program/rows.h"
#include "bench/lab/program/sample.h"

#define NAME	"lab.file"
#define BLOCK	4096u
#define BLOCKS	4096u /* 16 MiB */
#define SOURCES 12

static unsigned char block[BLOCK];

static void whole(long moved)
{
	if (moved != BLOCK)
		must(-1, "a short transfer");
}

static void file_make(const struct row *row)
{
	int file = (int)must(open(NAME, O_CREAT | O_WRONLY, 0644), NAME);
	uint32_t n;

	(void)row;
	for (n = 0; n < BLOCKS; n++)
		whole(write(file, block, BLOCK));
	must(close(file), "close");
}

static void file_remove(const struct row *row)
{
	(void)row;
	must(unlink(NAME), "unlink");
}

/* Blocks in an order that no read-ahead foresees, each at most once. */
static void read_cold(const struct row *row)
{
	int file = (int)must(open(NAME, O_RDONLY), NAME);
	uint32_t n;

	sample_start();
	for (n = 0; n < row->count; n++) {
		whole(pread(file, block, BLOCK,
			    (off_t)(n * 1619u % BLOCKS * BLOCK)));
		sample_take();
	}
	close(file);
}

/* The same sixteen blocks over and over. */
static void read_warm(const struct row *row)
{
	int file = (int)must(open(NAME, O_RDONLY), NAME);
	uint32_t n;

	for (n = 0; n < 16; n++)
		whole(pread(file, block, BLOCK, (off_t)(n * BLOCK)));
	sample_start();
	for (n = 0; n < row->count; n++) {
		whole(pread(file, block, BLOCK, (off_t)(n % 16 * BLOCK)));
		sample_take();
	}
	close(file);
}

static void write_durably(const struct row *row)
{
	int file = (int)must(open(NAME, O_CREAT | O_WRONLY, 0644), NAME);
	uint32_t n;

	sample_start();
	for (n = 0; n < row->count; n++) {
		whole(write(file, block, BLOCK));
		must(fsync(file), "fsync");
		sample_take();
	}
	close(file);
}

/* Sources that use the C library's headers, and call each other. */
static void sources_make(const struct row *row)
{
	char name[32];
	FILE *file;
	int n, line;

	(void)row;
	for (n = 0; n < SOURCES; n++) {
		snprintf(name, sizeof(name), "lab%d.c", n);
		file = fopen(name, "w");
		must(file ? 0 : -1, name);
		fputs("#include <errno.h>\n#include <fcntl.h>\n"
		      "#include <stdio.h>\n#include <stdlib.h>\n"
		      "#include <string.h>\n#include <sys/stat.h>\n"
		      "#include <time.h>\n#include <unistd.h>\n",
		      file);
		for (line = 0; line < 100; line++)
			fprintf(file,
				"int f%d_%d(int a, int b) { int c = a * %d; "
				"if (c > b) c -= strlen(\"text\") + b; "
				"return c ^ %d; }\n",
				n, line, line + 3, n);
		if (n == 0)
			fprintf(file,
				"int f%d_9(int, int);\nint main(void) "
				"{ return !f%d_9(1, 2); }\n",
				SOURCES - 1, SOURCES - 1);
		must(fclose(file), name);
	}
}

static void compile(const struct row *row)
{
	(void)row;
	volume_run("for ((i = 0; i < 12; i++)); do tcc -c lab$i.c || exit; "
		   "done; tcc -o lab.out lab*.o && ./lab.out && sync");
}

static void sources_remove(const struct row *row)
{
	(void)row;
	volume_run("rm lab*.c lab*.o lab.out");
}

const struct row rows_volume[] = {
	{ "read-cold", 1000, BLOCK, file_make, read_cold, file_remove },
	{ "read-warm", 5000, BLOCK, file_make, read_warm, file_remove },
	{ "write-durable", 100, BLOCK, NULL, write_durably, file_remove },
	{ "compile", 1, 0, sources_make, compile, sources_remove },
	{ NULL, 0, 0, NULL, NULL, NULL },
};

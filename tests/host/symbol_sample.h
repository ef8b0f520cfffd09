/*
 * A real ELF file for tests/host/symbol.c: two sources written, compiled,
 * linked and given their lines by tools/lines, as the build does it.
 */
#ifndef TESTS_HOST_SYMBOL_SAMPLE_H
#define TESTS_HOST_SYMBOL_SAMPLE_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gates/abi.h"

/* Each function is one line, so that its line is known without a debugger. */
static const char sample_one[] =
	"int many(int x);\n"
	"__attribute__((noinline)) static int hidden(int x) { return x * 3; }\n"
	"int counter = 5, zeroed[64];\n"
	"const int fixed[] = {1, 2, 3};\n"
	"int first(int x) { return hidden(x) + counter; }\n"
	"int second(int x) { return first(x) + many(x) + zeroed[x]; }\n"
	"asm(\".globl label\\nlabel: nop\\nnop\\nlabel.local: nop\\n\");\n";
static const char sample_two[] = "static inline int twice(int x)\n"
				 "{\n"
				 "	return 2 * x;\n"
				 "}\n"
				 "\n"
				 "int many(int x)\n"
				 "{\n"
				 "	int sum = 0;\n"
				 "\n"
				 "	for (int i = 0; i < x; i++) {\n"
				 "		if (i % 3)\n"
				 "			sum += twice(i);\n"
				 "		else\n"
				 "			sum -= x / (i + 1);\n"
				 "	}\n"
				 "	return sum;\n"
				 "}\n";

struct sample {
	char folder[64];
	u8 *file; /* exactly `size` bytes from malloc */
	u32 size;
};

/* Run a command inside the sample's folder; its exit status. */
static int sample_run(const struct sample *s, const char *command)
{
	char line[PATH_MAX + 512];

	snprintf(line, sizeof(line), "cd %s && %s", s->folder, command);
	return system(line);
}

static int sample_write(const struct sample *s, const char *name,
			const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	out = fopen(path, "w");
	if (!out)
		return -1;
	fputs(text, out);
	return fclose(out);
}

static int sample_read(struct sample *s)
{
	char path[128];
	struct stat state;
	FILE *in;

	snprintf(path, sizeof(path), "%s/sample.elf", s->folder);
	in = fopen(path, "r");
	if (!in || fstat(fileno(in), &state) != 0)
		return -1;
	s->size = (u32)state.st_size;
	s->file = malloc(s->size);
	if (!s->file || fread(s->file, 1, s->size, in) != s->size)
		return -1;
	return fclose(in);
}

#define SAMPLE_OPTIONS \
	" -m32 -O2 -fno-inline-functions -fno-pic -fno-pie" \
	" -ffreestanding -fno-asynchronous-unwind-tables -static" \
	" -nostdlib -no-pie -Wl,--build-id=none,-Ttext=0x1000" \
	" -Wl,-e,second -o sample.elf one.c src/two.c 2>/dev/null"

/* `debug` is "-g", or "" for a file that tools/lines must refuse. */
static int sample_build(struct sample *s, const char *debug)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "(gcc %s" SAMPLE_OPTIONS
		 " || i686-linux-gnu-gcc %s" SAMPLE_OPTIONS ")",
		 debug, debug);
	return sample_run(s, command);
}

/* Run tools/lines; its exit status. */
static int sample_lines(const struct sample *s, const char *options)
{
	char root[PATH_MAX], command[PATH_MAX + 64];

	if (!realpath("tools/lines", root))
		return -1;
	snprintf(command, sizeof(command), "%s %s", root, options);
	return sample_run(s, command);
}

static int sample_make(struct sample *s)
{
	strcpy(s->folder, "/tmp/symbol.XXXXXX");
	if (!mkdtemp(s->folder) || sample_run(s, "mkdir src") != 0 ||
	    sample_write(s, "one.c", sample_one) != 0 ||
	    sample_write(s, "src/two.c", sample_two) != 0)
		return -1;
	if (sample_build(s, "-g") != 0 || sample_lines(s, "sample.elf") != 0)
		return -1;
	return sample_read(s);
}

static int sample_free(struct sample *s)
{
	char command[128];

	free(s->file);
	snprintf(command, sizeof(command), "rm -r %s", s->folder);
	return system(command);
}

#endif

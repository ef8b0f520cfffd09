/*
 * Files in, refusals out, and memory that lives as long as gatec does (kept
 * in one chain, so that a leak checker sees all of it).
 */
#include "lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
	struct chunk *next;
	_Alignas(max_align_t) u8 bytes[];
};

static struct chunk *chunks;

_Noreturn void refuse(struct place place, const char *format, ...)
{
	va_list arguments;

	if (place.line > 0)
		fprintf(stderr, "%s:%u: ", place.file, place.line);
	else
		fprintf(stderr, "%s: ", place.file);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

void *memory_take(size_t size)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (chunk == NULL)
		refuse((struct place){ "gatec", 0 }, "out of memory");
	chunk->next = chunks;
	chunks = chunk;
	return chunk->bytes;
}

char *text_copy(const char *text, size_t size)
{
	char *copy = memory_take(size + 1);

	memcpy(copy, text, size);
	return copy;
}

char *file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *whole = NULL;
	char block[4096];
	size_t part;
	FILE *all;

	if (file == NULL)
		return NULL;
	all = open_memstream(&whole, size);
	if (all == NULL) {
		fclose(file);
		return NULL;
	}
	while ((part = fread(block, 1, sizeof(block), file)) > 0)
		fwrite(block, 1, part, all);
	part = (size_t)ferror(file);
	fclose(file);
	if (fclose(all) != 0)
		part = 1;
	if (part == 0) {
		char *copy = text_copy(whole, *size);

		free(whole);
		return copy;
	}
	free(whole);
	return NULL;
}

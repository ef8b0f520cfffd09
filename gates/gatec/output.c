/*
 * Generated files. A file is replaced whole by a rename, so that nobody
 * reads half of one.
 */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lexer.h"

static char *path_join(const char *directory, const char *name,
		       const char *suffix)
{
	size_t size = strlen(directory) + strlen(name) + strlen(suffix) + 2;
	char *path = memory_take(size);

	snprintf(path, size, "%s%s%s%s", directory, *directory ? "/" : "", name,
		 suffix);
	return path;
}

static _Noreturn void output_refuse(const char *path)
{
	refuse((struct place){ path, 0 }, "cannot be written: %s",
	       strerror(errno));
}

void output_open(struct output *out, const char *directory, const char *name,
		 const char *suffix)
{
	out->path = path_join(directory, name, suffix);
	out->to = open_memstream(&out->text, &out->size);
	if (out->to == NULL)
		output_refuse(out->path);
}

void output_close(struct output *out)
{
	char *fresh = path_join("", out->path, ".new");
	size_t old_size;
	char *old;
	FILE *file;
	bool good;

	if (fclose(out->to) != 0)
		output_refuse(out->path);
	old = file_read(out->path, &old_size);
	if (old == NULL || old_size != out->size ||
	    memcmp(old, out->text, old_size) != 0) {
		file = fopen(fresh, "wb");
		if (file == NULL)
			output_refuse(fresh);
		good = fwrite(out->text, 1, out->size, file) == out->size;
		good = fclose(file) == 0 && good;
		if (!good || rename(fresh, out->path) != 0)
			output_refuse(out->path);
	}
	free(out->text);
}

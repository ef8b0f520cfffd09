/*
 * The cpio reader. An entry of the "newc" format is a header of 110 ASCII
 * characters (a magic number, then 13 fields of 8 hexadecimal digits), the
 * name, and the contents, the last two padded to a multiple of 4 from the
 * archive's start. An entry named TRAILER!!! ends one archive.
 */
#include "kernel/archive.h"

#include <stdbool.h>
#include <stddef.h>

#define MAGIC_SIZE  6
#define FIELD_SIZE  8
#define HEADER_SIZE 110

enum field {
	FIELD_NUMBER,
	FIELD_MODE,
	FIELD_UID,
	FIELD_GID,
	FIELD_LINKS,
	FIELD_MODIFIED,
	FIELD_FILE_SIZE,
	FIELD_DEVICE_MAJOR = 9,
	FIELD_DEVICE_MINOR,
	FIELD_NAME_SIZE,
};

typedef u32 __attribute__((may_alias)) word;

static bool equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static bool field_read(const u8 *header, enum field field, u32 *value)
{
	const u8 *digit = header + MAGIC_SIZE + FIELD_SIZE * field;

	*value = 0;
	for (u32 i = 0; i < FIELD_SIZE; i++) {
		u8 c = digit[i];
		u8 letter = c | 0x20;

		if (c >= '0' && c <= '9')
			*value = *value << 4 | (u32)(c - '0');
		else if (letter >= 'a' && letter <= 'f')
			*value = *value << 4 | (u32)(letter - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* 070701, or 070702 with a checksum, which nobody here needs. */
static bool is_header(const u8 *header)
{
	static const char magic[] = "07070";

	for (u32 i = 0; i < MAGIC_SIZE - 1; i++)
		if (header[i] != (u8)magic[i])
			return false;
	return header[MAGIC_SIZE - 1] == '1' || header[MAGIC_SIZE - 1] == '2';
}

/* Step over `bytes` and the padding behind them, as far as there is any. */
static bool skip(struct archive *a, u32 bytes)
{
	u32 left = a->size - a->at;
	u32 padding = -(a->at + bytes) & 3;

	if (bytes > left)
		return false;
	a->at += bytes;
	a->at += padding < left - bytes ? padding : left - bytes;
	return true;
}

static bool fields_read(const u8 *header, struct archive_file *file)
{
	u32 major, minor;

	if (!field_read(header, FIELD_NUMBER, &file->number) ||
	    !field_read(header, FIELD_MODE, &file->mode) ||
	    !field_read(header, FIELD_UID, &file->uid) ||
	    !field_read(header, FIELD_GID, &file->gid) ||
	    !field_read(header, FIELD_LINKS, &file->links) ||
	    !field_read(header, FIELD_MODIFIED, &file->modified) ||
	    !field_read(header, FIELD_FILE_SIZE, &file->size) ||
	    !field_read(header, FIELD_DEVICE_MAJOR, &major) ||
	    !field_read(header, FIELD_DEVICE_MINOR, &minor))
		return false;
	file->device = major << 8 | (minor & 0xFF);
	return true;
}

/* Text, one NUL, and as many more as there is room for. */
static bool is_name(const char *name, u32 size)
{
	u32 at = 0;

	while (at < size && name[at])
		at++;
	if (at == size)
		return false;
	while (at < size && (size_t)(name + at) % 4)
		if (name[at++])
			return false;
	for (; size - at >= 4; at += 4)
		if (*(const word *)(name + at))
			return false;
	while (at < size)
		if (name[at++])
			return false;
	return true;
}

static bool entry_read(struct archive *a, struct archive_file *file)
{
	const u8 *header = a->bytes + a->at;
	const char *name = (const char *)header + HEADER_SIZE;
	u32 name_size;

	if (a->size - a->at < HEADER_SIZE || !is_header(header) ||
	    !fields_read(header, file) ||
	    !field_read(header, FIELD_NAME_SIZE, &name_size))
		return false;
	if (name_size > a->size - a->at - HEADER_SIZE ||
	    !is_name(name, name_size))
		return false;

	skip(a, HEADER_SIZE + name_size);
	file->name = name[0] == '.' && name[1] == '/' ? name + 2 : name;
	file->bytes = a->bytes + a->at;
	return skip(a, file->size);
}

void archive_open(struct archive *archive, const void *bytes, u32 size)
{
	*archive = (struct archive){ .bytes = bytes, .size = size };
}

i32 archive_next(struct archive *archive, struct archive_file *file)
{
	struct archive next = *archive;

	do {
		while (next.at < next.size && next.bytes[next.at] == 0)
			next.at++;
		if (next.at == next.size)
			return 0;
		if (next.at % 4 != 0 || !entry_read(&next, file))
			return -E_FORM;
	} while (equal(file->name, "TRAILER!!!"));
	*archive = next;
	return 1;
}

i32 archive_find(const void *bytes, u32 size, const char *name,
		 struct archive_file *file)
{
	struct archive archive;
	struct archive_file one;
	i32 found = -E_NAME;
	i32 more;

	archive_open(&archive, bytes, size);
	while ((more = archive_next(&archive, &one)) > 0) {
		if (equal(one.name, name)) {
			*file = one;
			found = 0;
		}
	}
	return more < 0 ? more : found;
}

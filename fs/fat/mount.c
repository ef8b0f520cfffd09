/*
 * A volume taken into use: options, and the marks that say how it was left.
 */
#include "inode.h"
#include "kept.h"
#include "table.h"

#define TEXT_MOST 1024u

/* The number that text begins with; where it ends. */
static const char *number_parse(const char *text, u32 base, u32 *value)
{
	for (*value = 0; (u32)(*text - '0') < base; text++)
		*value = *value * base + (u32)(*text - '0');
	return text;
}

static bool begins_with(const char *text, const char *word)
{
	while (*word && *text == *word)
		text++, word++;
	return !*word;
}

/* One of "uid=N,gid=N,umask=N,fmask=N,dmask=N"; others mean nothing here. */
static void option_parse(const char *text)
{
	u32 value;

	if (begins_with(text, "uid=")) {
		number_parse(text + 4, 10, &options.uid);
	} else if (begins_with(text, "gid=")) {
		number_parse(text + 4, 10, &options.gid);
	} else if (begins_with(text, "umask=")) {
		number_parse(text + 6, 8, &value);
		options.file_mask = options.folder_mask = value & 0777;
	} else if (begins_with(text, "fmask=")) {
		number_parse(text + 6, 8, &value);
		options.file_mask = value & 0777;
	} else if (begins_with(text, "dmask=")) {
		number_parse(text + 6, 8, &value);
		options.folder_mask = value & 0777;
	}
}

static void options_parse(const char *text)
{
	options = (struct options){ .file_mask = 0022, .folder_mask = 0022 };
	while (*text) {
		option_parse(text);
		while (*text && *text++ != ',')
			;
	}
}

i32 filesystem_mount(from char *text, u32 size)
{
	static char copy[TEXT_MOST + 1];
	i32 clean;

	if (size > TEXT_MOST)
		return -E_BIG;
	take(copy, text, size);
	copy[size] = 0;
	fs.ready = false;
	table_hints_drop();
	RETURN_IF(operation_begin(false));
	clean = clean_get();
	RETURN_IF(clean);
	if (!clean)
		say("fat: it was not unmounted: fsck.vfat (cells of %u bits)",
		    fs.width);
	options_parse(copy);
	options.was_clean = (u32)clean;
	options.block_size = fs.block_size;
	RETURN_IF(options_keep());
	return ROOT;
}

i32 filesystem_writing(u32 on)
{
	i32 clean;

	RETURN_IF(operation_begin(on != 0));
	if (fs.read_only)
		return 0;
	if (!on && !options.was_clean)
		return 0;
	clean = clean_get();
	RETURN_IF(clean);
	if (on)
		RETURN_IF(clusters_count_write());
	if (clean == !on)
		return operation_end(0);
	RETURN_IF(clean_set(!on));
	return operation_end(0);
}

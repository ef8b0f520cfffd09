/*
 * Volume descriptors, and the choice among the trees that they lead to: the
 * first one if it has Rock Ridge's fields, else Joliet's, else the first.
 */
#include "volume.h"

#include "record.h"

struct geometry fs;

void say(const char *format, u32 number)
{
	char line[96];

	log_write(line, print_to(line, sizeof line, format, number));
}

bool extent_ok(u32 block, u32 bytes)
{
	u32 count = bytes / BLOCK + (bytes % BLOCK != 0);

	return block < fs.blocks && count <= fs.blocks - block;
}

/* Descriptors that were found. */
struct choice {
	bool has_first, has_wide;
	struct descriptor first, wide;
};

static bool is_wide(const struct descriptor *d)
{
	const u8 *e = d->escapes;

	return e[0] == '%' && e[1] == '/' &&
	       (e[2] == '@' || e[2] == 'C' || e[2] == 'E');
}

/* 0 at the end of them. */
static i32 descriptor_look(u32 block, struct choice *c)
{
	struct descriptor d;

	RETURN_IF(volume_read(block, 0, (u8 *)&d, sizeof d));
	if (memcmp(d.magic, "CD001", sizeof d.magic) != 0)
		return 0;
	if (d.kind == DESCRIPTOR_FIRST && !c->has_first) {
		c->has_first = true;
		c->first = d;
	} else if (d.kind == DESCRIPTOR_OTHER && is_wide(&d)) {
		c->has_wide = true;
		c->wide = d;
	}
	return d.kind != DESCRIPTOR_END;
}

static i32 descriptors_find(struct choice *c)
{
	i32 more = 1;

	volume_ahead(FIRST, 4);
	for (u32 n = 0; n < DESCRIPTORS && more > 0; n++)
		more = descriptor_look(FIRST + n, c);
	if (more < 0 && more != -E_RANGE)
		return more;
	if (c->has_first && c->first.block_size.low == BLOCK)
		return 0;
	say("iso9660: none here, or blocks of another size (%u)",
	    c->has_first ? c->first.block_size.low : 0);
	return -E_FORM;
}

static i32 root_set(const struct descriptor *d, enum naming naming)
{
	fs.naming = (u8)naming;
	fs.skip = 0;
	fs.stated = d->blocks.low;
	fs.root_extent = d->root.extent.low + d->root.attribute_blocks;
	fs.root_bytes = d->root.bytes.low;
	if (fs.root_extent && extent_ok(fs.root_extent, fs.root_bytes))
		return 0;
	say("iso9660: the root (block %u) is not there", fs.root_extent);
	return -E_FORM;
}

i32 geometry_load(void)
{
	struct choice c = { 0 };
	i32 blocks = volume_open(BLOCK), rock;

	RETURN_IF(blocks);
	fs.ready = false;
	fs.blocks = (u32)blocks;
	RETURN_IF(descriptors_find(&c));
	RETURN_IF(root_set(&c.first, NAMING_PLAIN));
	rock = rock_find();
	RETURN_IF(rock);
	if (rock)
		fs.naming = NAMING_ROCK;
	else if (c.has_wide && root_set(&c.wide, NAMING_WIDE) < 0)
		RETURN_IF(root_set(&c.first, NAMING_PLAIN));
	fs.ready = true;
	return 0;
}

i32 operation_begin(void)
{
	blocks_begin();
	return fs.ready ? 0 : geometry_load();
}

/*
 * fs/ext2 compared with its model: names, listings, links, and where the
 * contents of files are.
 */
#ifndef TESTS_HOST_EXT2_COMPARE_H
#define TESTS_HOST_EXT2_COMPARE_H

#include "ext2_model.h"

static u32 random_file(void)
{
	for (u32 tries = 0; tries < 200; tries++) {
		u32 i = 1 + random_below(NODES - 1);

		if (nodes[i].inode && kind_is(i, MODE_FILE))
			return i;
	}
	return 0;
}

/* What is written into a block of contents says whose it is. */
static void stamp(u32 block, u32 value)
{
	u32 *at = (u32 *)(shim.image + (u64)block * shim.block_size);

	for (u32 n = 0; n < shim.block_size / 4; n += 32)
		at[n] = value;
}

static bool stamped(u32 block, u32 value)
{
	const u32 *at = (u32 *)(shim.image + (u64)block * shim.block_size);

	for (u32 n = 0; n < shim.block_size / 4; n += 32)
		if (at[n] != value)
			return false;
	return true;
}

static void check_names(void)
{
	static struct filesystem_attributes a;

	for (u32 i = 0; i < NAMES; i++) {
		struct model_node *n = &nodes[names[i].node];

		if (!names[i].dir)
			continue;
		hold(ask(0, filesystem_lookup(
				    nodes[names[i].dir].inode, names[i].text,
				    (u32)strlen(names[i].text), &a)) == 0);
		hold(a.inode == n->inode && a.links == n->links);
		hold(a.mode == n->mode && a.uid == n->uid);
		hold(a.device == n->device);
		if ((n->mode & MODE_KIND) == MODE_FILE)
			hold(a.size == (u32)n->size);
		if ((n->mode & MODE_KIND) == MODE_LINK)
			hold(a.size == n->target);
	}
}

static void check_blocks(void)
{
	static struct filesystem_run run;

	for (u32 i = 0; i < BLOCKS; i++) {
		if (!blocks[i].node)
			continue;
		hold(ask(0, filesystem_map(nodes[blocks[i].node].inode,
					   blocks[i].at, 1, (u8 *)&run, 12)) ==
		     12);
		hold(run.at == blocks[i].at && run.count == 1);
		hold(run.block != HOLE && stamped(run.block, blocks[i].stamp));
	}
}

/* All of some files is either known to be written, or a hole. */
static void check_holes(void)
{
	static struct filesystem_run runs[8];
	u32 node = random_file(), at = 0, end;

	if (!node)
		return;
	end = (u32)(nodes[node].size / shim.block_size) + 3;
	while (at < end) {
		i32 n = ask(0, filesystem_map(nodes[node].inode, at, end - at,
					      (u8 *)runs, sizeof runs));

		hold(n > 0 && n % 12 == 0);
		for (u32 r = 0; r < (u32)n / 12; r++) {
			hold(runs[r].at == at);
			for (u32 k = 0; k < runs[r].count; k++)
				hold((runs[r].block == HOLE) ==
					     !model_block(node, at + k) ||
				     runs[r].count > 5000);
			at += runs[r].count;
		}
	}
	hold(at == end);
}

static u32 listed(u32 inode, u32 room)
{
	static u8 list[600];
	u32 at = 0, count = 0;

	for (;;) {
		i32 n = ask(0, filesystem_entries(inode, at, list, room));

		hold(n >= 0);
		if (n == 0)
			return count;
		for (u32 i = 0; i < (u32)n; i += 10u + list[i + 9]) {
			memcpy(&at, list + i + 4, 4);
			count++;
		}
	}
}

static void check_listings(void)
{
	for (u32 dir = 1; dir < NODES; dir++) {
		u32 count = 0;

		if (!nodes[dir].inode || !folder(dir))
			continue;
		for (u32 i = 0; i < NAMES; i++)
			count += names[i].dir == dir;
		if (dir == 1)
			count++; /* lost+found */
		hold(listed(nodes[dir].inode, 300) == count);
	}
}

static void check_links(void)
{
	static char text[5000];

	for (u32 i = 1; i < NODES; i++)
		if (nodes[i].inode && kind_is(i, MODE_LINK))
			hold(ask(0, filesystem_readlink(nodes[i].inode, text,
							sizeof text)) ==
				     (i32)nodes[i].target &&
			     text[0] == 'x' &&
			     text[nodes[i].target - 1] == 'x');
}

static void check_model(void)
{
	check_names();
	check_blocks();
	check_listings();
	check_links();
	check_holes();
}

static void image_copy(void)
{
	hold(command("cp --sparse=always %s %s", image_path, copy_path) == 0);
}

/* A copy, as a crash would leave it, is in order once it was recovered: of
 * what is found wrong nothing is about anything but orphans. */
static void image_recovers(void)
{
	int status;

	image_copy();
	status = command("e2fsck -f -y %s >%s.log 2>&1", copy_path, copy_path);
	if (command("grep -Eiq 'fix|wrong|invalid|unattached' %s.log",
		    copy_path, "") == 0)
		status = 4 + command("cat %s.log", copy_path, "");
	hold(status == 0 || status == 1);
	hold(command("e2fsck -f -n %s >/dev/null 2>&1", copy_path, "") == 0);
	hold(command("rm %s.log", copy_path, "") == 0);
}

#endif

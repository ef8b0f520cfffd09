// sources:
/*
 * fs/fat on the host: random operations on images that mkfs.vfat made,
 * against a model of tables, with blocks that are not there yet and deaths
 * between any two calls. Now and then fsck.vfat must find nothing wrong, and
 * the tree is compared with the model.
 */
#include "fat_model.h"

static u32 rounds = 5000, op, fulls;

/* ---- choosing ---- */

static u32 random_node(bool must_be_dir)
{
	for (;;) {
		u32 n = 1 + random_below(NODES - 1);

		if (random_below(8) == 0)
			return 1;
		if (nodes[n].inode && nodes[n].has_name &&
		    (!must_be_dir || nodes[n].is_dir))
			return n;
	}
}

static u32 random_file(void)
{
	for (u32 tries = 0; tries < 300; tries++) {
		u32 n = 2 + random_below(NODES - 2);

		if (nodes[n].inode && !nodes[n].is_dir)
			return n;
	}
	return 0;
}

/* Few enough that they meet, in all the ways that names are stored. */
static void random_name(char *text)
{
	static const char *const forms[] = {
		"N%u.TXT",
		"n%u.c",
		"Mixed%u.Case",
		"NAME%u.low",
		"long name %u.text",
		"n%u",
		".hidden%u",
		"a+b[%u]",
		"\303\204rger %u",
		"\360\237\230\200 %u",
		"dots.in.%u.name.x",
		"longer_than_%u.c",
		"%0200u",
		"longer_than_eight_letters_%u.c",
	};

	sprintf(text, forms[random_below(sizeof forms / sizeof *forms)],
		random_below(14));
	for (u32 n = 0; text[n] && random_below(3) == 0; n++)
		if (text[n] >= 'a' && text[n] <= 'z')
			text[n] = (char)(text[n] - (int)random_below(2) * 32);
}

static bool was_full(i32 answer)
{
	fulls += answer == -E_FULL;
	return answer == -E_FULL;
}

/* ---- names ---- */

static i32 lookup(u32 dir, const char *name, struct filesystem_attributes *a)
{
	return ask(0, filesystem_lookup(nodes[dir].inode, name,
					(u32)strlen(name), a));
}

static void forget(u32 node)
{
	hold(ask_all(filesystem_forget(++op, nodes[node].inode)) == 0);
	model_cut(node, 0);
	nodes[node].inode = 0;
}

static void try_make(u32 dir, const char *name)
{
	static struct filesystem_attributes made;
	u32 node = model_room(), is_dir = random_below(3) == 0;
	u32 mode = is_dir ? MODE_FOLDER | 0755 : MODE_FILE | 0644;
	i32 answer;

	if (!node)
		return;
	if (random_below(5) == 0)
		mode &= ~0222u;
	answer = ask(1, filesystem_make(++op, nodes[dir].inode, mode, 0, 0,
					name, (u32)strlen(name), &made));
	if (model_find(dir, name)) {
		hold(answer == -E_EXISTS);
		return;
	}
	if (was_full(answer))
		return;
	hold(answer == 0);
	nodes[node] = (struct model_node){
		.inode = made.inode,
		.is_dir = is_dir,
		.has_name = true,
		.read_only = !is_dir && !(mode & 0200),
		.parent = dir,
		.modified = shim.seconds & ~1u,
	};
	strcpy(nodes[node].name, name);
}

/* It has no name any more; sometimes it stays for a while. */
static void leave(u32 node)
{
	nodes[node].has_name = false;
	if (random_below(4))
		forget(node);
}

static void try_unlink(u32 dir, const char *name)
{
	u32 node = model_find(dir, name), wanted = random_below(2);
	i32 answer = ask(1, filesystem_unlink(++op, nodes[dir].inode, wanted,
					      name, (u32)strlen(name)));
	i32 expected = 0;

	if (!node)
		expected = -E_NAME;
	else if (nodes[node].is_dir != wanted)
		expected = wanted ? -E_KIND : -E_FOLDER;
	else if (wanted && model_children(node, false))
		expected = -E_FILLED;
	hold(answer == expected);
	if (!expected)
		leave(node);
}

static i32 expect_rename(u32 how, u32 a, u32 b)
{
	if (!a || (how == 2 && !b))
		return -E_NAME;
	if (b && how == 1 && a != b)
		return -E_EXISTS;
	if (!b || how == 2 || a == b)
		return 0;
	if (nodes[a].is_dir != nodes[b].is_dir)
		return nodes[b].is_dir ? -E_FOLDER : -E_KIND;
	return nodes[b].is_dir && model_children(b, false) ? -E_FILLED : 0;
}

/* The number that goes with the name from now on. */
static void renumber(u32 node, u32 dir, const char *name)
{
	static struct filesystem_attributes a;

	nodes[node].parent = dir;
	strcpy(nodes[node].name, name);
	hold(lookup(dir, name, &a) == 0);
	nodes[node].inode = a.inode;
}

static void try_rename(u32 dir, const char *name)
{
	u32 how = random_below(3), to = random_node(true), a, b, size;
	char new_name[NAME_SIZE], both[2 * NAME_SIZE];
	i32 answer, expected;

	random_name(new_name);
	size = (u32)sprintf(both, "%s%c%s", name, 0, new_name);
	a = model_find(dir, name);
	b = model_find(to, new_name);
	expected = expect_rename(how, a, b);
	if (!expected &&
	    ((nodes[a].is_dir && model_lies_in(to, a)) ||
	     (how == 2 && b && nodes[b].is_dir && model_lies_in(dir, b))))
		expected = -E_RANGE;
	if (expected == -E_RANGE && a == b)
		expected = 0;
	answer = ask(1, filesystem_rename(++op, nodes[dir].inode,
					  nodes[to].inode, how, both, size));
	if (!expected && was_full(answer))
		return;
	if (expected) {
		hold(answer == expected);
		return;
	}
	if (how == 2 && a != b) {
		strcpy(both, nodes[a].name);
		strcpy(new_name, nodes[b].name);
		renumber(a, to, new_name);
		renumber(b, dir, both);
		hold(answer == (i32)nodes[a].inode);
		return;
	}
	if (how == 2)
		return;
	if (b && a != b)
		nodes[b].has_name = false;
	renumber(a, to, new_name);
	hold(answer == (i32)nodes[a].inode);
	if (b && a != b)
		leave(b);
}

/* ---- contents ---- */

static u32 *block_words(u32 block)
{
	return (u32 *)(shim.image + (u64)block * shim.block_size);
}

static void model_write(u32 node, u32 at, u32 block)
{
	struct model_block *b = model_block(node, at);
	static u32 value;

	if (!b)
		b = model_block(0, 0);
	*b = (struct model_block){ node, at, 0xC0000000u | ++value };
	for (u32 n = 0; n < shim.block_size / 4; n += 32)
		block_words(block)[n] = b->stamp;
}

static void try_allocate(u32 dir, const char *name)
{
	static struct filesystem_run runs[20];
	u32 node = random_file(), at, count, end, done = 0;
	u32 most = 1 + random_below(20), size;
	i32 answer;

	(void)dir, (void)name;
	if (!node)
		return;
	end = (nodes[node].size + shim.block_size - 1) / shim.block_size;
	at = random_below(2) ? end : random_below(end + 1);
	count = 1 + (random_below(8) ? random_below(12) : random_below(400));
	size = (at + count) * shim.block_size - random_below(500);
	if (model_blocks_left() < count)
		return;
	answer = ask(1, filesystem_allocate(nodes[node].inode, at, count, size,
					    0, (u8 *)runs, most * 12));
	if (was_full(answer))
		return;
	hold(answer > 0 && answer % 12 == 0);
	for (u32 r = 0; r < (u32)answer / 12; r++) {
		hold(runs[r].at == at + done && runs[r].block != HOLE);
		for (u32 n = 0; n < runs[r].count; n++)
			model_write(node, at + done + n, runs[r].block + n);
		done += runs[r].count;
	}
	hold(done <= count);
	if (done < count) { /* it says itself how large it is */
		static struct filesystem_attributes a;

		hold(ask(0, filesystem_attributes(nodes[node].inode, &a)) == 0);
		hold(a.size >= min(size, (at + done) * shim.block_size));
		hold(a.size <= max(size, nodes[node].size));
		a.size = max(nodes[node].size,
			     min(size, (at + done) * shim.block_size));
		hold(ask_all(filesystem_change(++op, nodes[node].inode, 8,
					       &a)) == 0);
		size = a.size;
	}
	nodes[node].size = max(nodes[node].size, size);
}

static void try_change(u32 dir, const char *name)
{
	static struct filesystem_attributes a;
	u32 node = random_below(2) ? random_file() : random_node(false);
	u32 which = 64 | random_below(64);

	(void)dir, (void)name;
	if (!node || node == 1)
		return;
	if (nodes[node].is_dir)
		which &= ~8u;
	a = (struct filesystem_attributes){
		.mode = random_below(2) ? 0644 : 0444,
		.size = random_below(nodes[node].size + 1),
		.modified = shim.seconds,
		.accessed = shim.seconds,
	};
	if (random_below(3) == 0)
		a.size = 0;
	hold(ask_all(filesystem_change(++op, nodes[node].inode, which, &a)) ==
	     0);
	if (which & 1 && !nodes[node].is_dir)
		nodes[node].read_only = !(a.mode & 0200);
	if (which & 32)
		nodes[node].modified = shim.seconds & ~1u;
	if (!(which & 8))
		return;
	nodes[node].size = a.size;
	model_cut(node, (a.size + shim.block_size - 1) / shim.block_size);
}

/* ---- comparing ---- */

static void check_attributes(u32 node, const struct filesystem_attributes *a)
{
	const struct model_node *n = &nodes[node];

	hold(a->inode == n->inode && a->uid == 5 && a->gid == 6);
	if (n->is_dir) {
		hold(a->mode == (MODE_FOLDER | 0750));
		hold(a->links ==
		     (n->has_name ? 2 + model_children(node, true) : 0));
	} else {
		hold(a->mode == (MODE_FILE | (n->read_only ? 0550u : 0750u)));
		hold(a->size == n->size && a->links == n->has_name);
	}
	if (node != 1)
		hold(a->modified == n->modified);
}

static void check_nodes(void)
{
	static struct filesystem_attributes a;

	for (u32 n = 1; n < NODES; n++) {
		if (!nodes[n].inode)
			continue;
		hold(ask(0, filesystem_attributes(nodes[n].inode, &a)) == 0);
		check_attributes(n, &a);
		if (n == 1 || !nodes[n].has_name)
			continue;
		hold(lookup(nodes[n].parent, nodes[n].name, &a) == 0);
		check_attributes(n, &a);
	}
}

static void check_blocks(void)
{
	static struct filesystem_run run;

	for (u32 i = 0; i < BLOCKS; i++) {
		u32 *words;

		if (!blocks[i].node)
			continue;
		hold(ask(0, filesystem_map(nodes[blocks[i].node].inode,
					   blocks[i].at, 1, (u8 *)&run, 12)) ==
		     12);
		hold(run.at == blocks[i].at && run.count == 1);
		hold(run.block != HOLE);
		words = block_words(run.block);
		for (u32 n = 0; n < shim.block_size / 4; n += 32)
			hold(words[n] == blocks[i].stamp);
	}
}

/* Each name once, spelled as it was made. */
static void check_listing(u32 dir)
{
	static u8 list[700];
	u32 at = 0, count = 0;
	i32 bytes;

	while ((bytes = ask(0, filesystem_entries(nodes[dir].inode, at, list,
						  300 + random_below(400)))) >
	       0)
		for (u8 *e = list; e < list + bytes; e += 10 + e[9]) {
			char name[NAME_SIZE] = "";
			u32 inode, node;

			memcpy(&inode, e, 4);
			memcpy(&at, e + 4, 4);
			memcpy(name, e + 10, e[9]);
			node = model_find(dir, name);
			hold(node && nodes[node].inode == inode);
			hold(strcmp(nodes[node].name, name) == 0);
			hold(e[8] == (nodes[node].is_dir ? 4 : 8));
			count++;
		}
	hold(bytes == 0 && count == model_children(dir, false));
}

static void check_model(void)
{
	check_nodes();
	check_blocks();
	for (u32 n = 1; n < NODES; n++)
		if (nodes[n].inode && nodes[n].is_dir && nodes[n].has_name)
			check_listing(n);
}

static void image_is_clean(void)
{
	msync(shim.image, shim.bytes, MS_SYNC);
	if (command("fsck.vfat -n %s >/dev/null 2>&1", image_path, "") == 0)
		return;
	command("fsck.vfat -n -v %s", image_path, "");
	hold(!"fsck.vfat is content");
}

static void check_space(void)
{
	static struct filesystem_space before, after;

	hold(ask(0, filesystem_space(&before)) == 0);
	domain_start();
	table_hints_drop();
	counted_to = CELL_FIRST; /* not what the volume says about it */
	counted = 0;
	hold(ask(0, filesystem_space(&after)) == 0);
	if (before.free != after.free)
		fprintf(stderr, "%u free, %u counted\n", before.free, after.free);
	hold(before.free == after.free);
}

/* Stop, look, and go on. */
static void check_image(void)
{
	shim.death = 0;
	check_model();
	for (u32 n = 2; n < NODES; n++)
		if (nodes[n].inode && !nodes[n].has_name)
			forget(n);
	check_space();
	hold(ask_all(filesystem_writing(0)) == 0);
	image_is_clean();
	hold(ask_all(filesystem_writing(1)) == 0);
}

static void mount_it(void)
{
	static const char text[] = "rw,uid=5,gid=6,umask=027";

	hold(ask(0, filesystem_mount(text, sizeof text - 1)) == ROOT);
	hold(ask_all(filesystem_writing(1)) == 0);
}

static void run(const char *options, const char *size)
{
	void (*const tries[])(u32, const char *) = {
		try_make,     try_make,	  try_make,	try_unlink,
		try_unlink,   try_rename, try_rename,	try_allocate,
		try_allocate, try_change, try_allocate,
	};

	image_name("fat");
	hold(command("truncate -s %s %s", size, image_path) == 0);
	hold(command("mkfs.vfat %s %s >/dev/null 2>&1", options, image_path) ==
	     0);
	image_open();
	domain_first();
	shim.again = 40;
	fulls = shim.deaths = shim.staged_most = 0;
	model_begin();
	mount_it();
	for (u32 round = 0; round < rounds; round++) {
		char name[NAME_SIZE];

		shim.death = 600;
		shim.seconds++;
		random_name(name);
		tries[random_below(11)](random_node(true), name);
		if (round % (rounds / 8) == rounds / 8 - 1)
			check_image();
	}
	fprintf(stderr,
		"%s: %u deaths, %u times full, %u blocks at most staged\n",
		options, shim.deaths, fulls, shim.staged_most);
}

int main(int count, char **list)
{
	if (count > 1)
		rounds = (u32)atoi(list[1]);
	if (count > 2)
		shim.random = (u32)atoi(list[2]);
	shim.log = getenv("LOG") != NULL;
	run("-F 12", "1440K");
	run("-F 12 -s 8 -f 1", "9M");
	run("-F 16 -s 1", "8M");
	run("-F 16 -s 16 -r 64", "40M");
	run("-F 32 -s 1", "36M");
	run("-F 32 -s 8", "300M");
	run("-F 16 -S 4096 -s 1", "64M");
	run("-F 32 -S 2048 -s 2 -f 1", "280M");
	return 0;
}

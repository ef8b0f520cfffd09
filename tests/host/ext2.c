// sources:
/*
 * fs/ext2 on the host: random operations on images that mke2fs made, against
 * a model of tables, with blocks that are not there yet and deaths between
 * any two calls. Now and then e2fsck must find nothing wrong, and the tree is
 * compared with the model.
 */
#define _GNU_SOURCE

#include "ext2_compare.h"

static u32 rounds = 2500, op, fulls;

/* A node that has names, of any kind, or a directory. */
static u32 random_node(bool must_be_folder)
{
	for (;;) {
		u32 i = 1 + random_below(NODES - 1);

		if (random_below(8) == 0)
			return 1;
		if (nodes[i].inode && nodes[i].links &&
		    (!must_be_folder || folder(i)))
			return i;
	}
}

/* Few enough that they meet; some of them long. */
static void random_name(char *text)
{
	u32 n = random_below(60);
	int width = n % 8 == 0 ? 200 : n % 8 == 1 ? 28 : 0;

	sprintf(text, "n%0*u", width, n);
}

static void forget(u32 node)
{
	i32 answer = ask_all(filesystem_forget(++op, nodes[node].inode));

	hold(answer == 0);
	model_blocks_cut(node, 0);
	nodes[node].inode = 0;
}

/* -E_FULL is an answer only once everything released can be used. */
static bool was_full(i32 answer)
{
	if (answer != -E_FULL)
		return false;
	fulls++;
	shim_commit();
	return true;
}

static const u32 kinds[] = { MODE_FILE,	  MODE_FILE,   MODE_FOLDER,
			     MODE_FOLDER, MODE_LINK,   MODE_CHARACTER,
			     MODE_BLOCK,  MODE_SOCKET, MODE_FIFO };

/* What goes behind the name of a node of that kind; the size of both. */
static u32 make_text(char *both, const char *text, struct model_node *n)
{
	u32 size = (u32)sprintf(both, "%s", text), kind = n->mode & MODE_KIND;

	if (kind == MODE_LINK) {
		n->target = 1 + random_below(random_below(2) ? 900 : 59);
		memset(both + size + 1, 'x', n->target);
		return size + 1 + n->target;
	}
	if (kind != MODE_CHARACTER && kind != MODE_BLOCK)
		return size;
	n->device = random_below(0x10000);
	return size + 1 + (u32)sprintf(both + size + 1, "%u", n->device);
}

static void try_make(u32 dir, const char *text)
{
	static char both[5000];
	static struct filesystem_attributes made;
	struct model_name *room = model_room();
	struct model_node n = { .mode = kinds[random_below(9)] | 0640,
				.uid = 70000,
				.links = 1,
				.parent = dir };
	u32 node = node_room(), size = make_text(both, text, &n);
	bool is_folder = (n.mode & MODE_KIND) == MODE_FOLDER;
	i32 answer;

	if (!room || node == NODES)
		return;
	answer = ask(1, filesystem_make(++op, nodes[dir].inode, n.mode, n.uid,
					6, both, size, &made));
	if (model_find(dir, text)) {
		hold(answer == -E_EXISTS);
		return;
	}
	if (was_full(answer))
		return;
	hold(answer == 0);
	hold(made.mode == n.mode && made.device == n.device);
	n.inode = made.inode;
	n.links += is_folder;
	nodes[node] = n;
	nodes[dir].links += is_folder;
	model_name_set(room, dir, node, text);
}

static void try_link(u32 dir, const char *text)
{
	struct model_name *room = model_room();
	u32 node = random_node(false);
	i32 answer, expected = 0;

	if (!room)
		return;
	answer = ask(1,
		     filesystem_link(++op, nodes[dir].inode, nodes[node].inode,
				     text, (u32)strlen(text)));
	if (folder(node))
		expected = -E_FOLDER;
	else if (model_find(dir, text))
		expected = -E_EXISTS;
	if (!expected && was_full(answer))
		return;
	hold(answer == expected);
	if (expected)
		return;
	nodes[node].links++;
	model_name_set(room, dir, node, text);
}

static void try_unlink(u32 dir, const char *text)
{
	struct model_name *n = model_find(dir, text);
	u32 wanted = random_below(2), node = n ? n->node : 0;
	i32 expected = 0;
	i32 answer = ask(1, filesystem_unlink(++op, nodes[dir].inode, wanted,
					      text, (u32)strlen(text)));

	if (!n)
		expected = -E_NAME;
	else if (folder(node) != wanted)
		expected = wanted ? -E_KIND : -E_FOLDER;
	else if (wanted && !model_empty(node))
		expected = -E_FILLED;
	if (!expected) {
		model_leave(node, dir);
		model_name_clear(n);
		expected = (i32)nodes[node].links;
	}
	hold(answer == expected);
	if (answer == 0 && nodes[node].links == 0 && random_below(4))
		forget(node);
}

static void try_rename(u32 dir, const char *text)
{
	u32 how = random_below(3), to = random_node(true), gone = 0;
	char name[256], both[600];
	struct model_name *a, *b;
	i32 answer, expected;
	u32 size;

	random_name(name);
	size = (u32)sprintf(both, "%s%c%s", text, 0, name);
	a = model_find(dir, text);
	b = model_find(to, name);
	if ((a && folder(a->node) && lies_in_node(to, a->node)) ||
	    (b && folder(b->node) && lies_in_node(dir, b->node)))
		return; /* the core asks for nothing of that kind */
	expected = expect_rename(how, a, b);
	answer = ask(1, filesystem_rename(++op, nodes[dir].inode,
					  nodes[to].inode, how, both, size));
	if (!expected && was_full(answer))
		return;
	if (expected) {
		hold(answer == min(expected, 0));
		return;
	}
	gone = model_rename(how, dir, to, a, b, name);
	hold(answer == (gone ? (i32)nodes[gone].inode : 0));
	if (gone)
		forget(gone);
}

/* ---- contents ---- */

static const u32 bases[] = { 0, 0, 5, 11, 13, 260, 268, 1036, 65804, 70000 };

static void model_write(u32 node, u32 at, u32 block)
{
	struct model_block *b = model_block(node, at);
	static u32 value;

	if (!b)
		b = model_block(0, 0);
	*b = (struct model_block){ node, at, 0xC0000000u | ++value };
	stamp(block, b->stamp);
}

static u32 model_blocks_left(void)
{
	u32 n = 0;

	for (u32 i = 0; i < BLOCKS; i++)
		n += !blocks[i].node;
	return n;
}

static void try_allocate(u32 dir, const char *text)
{
	static struct filesystem_run runs[20];
	u32 node = random_file(), at, count, most, done = 0;
	u64 size;
	i32 answer;

	(void)dir, (void)text;
	at = bases[random_below(10)] + random_below(8);
	count = 1 + (random_below(8) ? random_below(6) : random_below(300));
	if (!node || model_blocks_left() < count)
		return;
	size = (u64)(at + count) * shim.block_size - random_below(900);
	most = 1 + random_below(20);
	answer = ask(1, filesystem_allocate(nodes[node].inode, at, count,
					    (u32)size, (u32)(size >> 32),
					    (u8 *)runs, most * 12));
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
	size = min(size, (u64)(at + done) * shim.block_size);
	nodes[node].size = max(nodes[node].size, size);
}

static void try_change(u32 dir, const char *text)
{
	static struct filesystem_attributes a;
	u32 node = random_below(2) ? random_file() : random_node(false);
	u32 which = 64 | random_below(64);
	u64 size = (u64)bases[random_below(10)] * shim.block_size +
		   random_below(3000);

	(void)dir, (void)text;
	if (!node)
		return;
	if (!kind_is(node, MODE_FILE))
		which &= ~8u;
	if (random_below(3) == 0)
		size = 0;
	a = (struct filesystem_attributes){
		.mode = random_below(010000),
		.uid = random_below(100000),
		.gid = random_below(100000),
		.size = (u32)size,
		.size_high = (u32)(size >> 32),
	};
	hold(ask_all(filesystem_change(++op, nodes[node].inode, which, &a)) ==
	     0);
	if (which & 1)
		nodes[node].mode = (nodes[node].mode & MODE_KIND) | a.mode;
	if (which & 2)
		nodes[node].uid = a.uid;
	if (!(which & 8))
		return;
	nodes[node].size = size;
	model_blocks_cut(node,
			 (u32)((size + shim.block_size - 1) / shim.block_size));
}

static void mount_it(void)
{
	hold(ask(0, filesystem_mount("", 0)) == INODE_ROOT);
	hold(ask_all(filesystem_writing(1)) == 0);
}

/* Orphans are gone after a mount: nobody has them open any more. */
static void orphans_lose(void)
{
	for (u32 i = 1; i < NODES; i++)
		if (nodes[i].inode && !nodes[i].links) {
			model_blocks_cut(i, 0);
			nodes[i].inode = 0;
		}
}

/* Stop, look, and go on: in good order, or as after a crash. */
static void check_image(void)
{
	shim.death = 0;
	check_model();
	shim_commit();
	if (random_below(3) == 0) {
		image_recovers();
		domain_start();
		mount_it();
		orphans_lose();
	} else {
		for (u32 i = 1; i < NODES; i++)
			if (nodes[i].inode && !nodes[i].links)
				forget(i);
	}
	hold(ask_all(filesystem_writing(0)) == 0);
	image_is_clean();
	hold(ask_all(filesystem_writing(1)) == 0);
}

static void run(const char *options, u64 bytes)
{
	void (*const tries[])(u32, const char *) = {
		try_make,     try_make,	    try_make,	  try_link,
		try_unlink,   try_unlink,   try_rename,	  try_rename,
		try_allocate, try_allocate, try_allocate, try_change,
	};

	image_make(options, bytes);
	shim.again = 40;
	fulls = 0;
	mount_it();
	model_begin(INODE_ROOT);
	nodes[1].links = 3; /* lost+found */
	for (u32 round = 0; round < rounds; round++) {
		char text[256];

		shim.death = 600;
		shim.seconds++;
		if (random_below(20) == 0)
			shim_commit();
		random_name(text);
		tries[random_below(12)](random_node(true), text);
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
	run("-t ext2 -b 1024 -I 128", 4 << 20);
	run("-t ext3 -b 1024", 40 << 20);
	run("-t ext3 -b 4096", 64 << 20);
	run("-t ext2 -b 2048 -O ^filetype,^resize_inode", 8 << 20);
	run("-t ext2 -b 1024 -g 256 -N 600 -O "
	    "sparse_super2,^resize_inode,^meta_bg",
	    2 << 20);
	run("-t ext2 -b 1024 -r 0", 3 << 20);
	run("-t ext2 -b 1024 -g 256 -N 400", 700 << 10);
	run("-t ext3 -b 4096 -N 64", 9 << 20);
	return 0;
}

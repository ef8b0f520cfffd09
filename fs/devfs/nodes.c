/*
 * The table of device nodes, and what is in it from the beginning. Numbers of
 * devices as on Linux; 240 is this system's own.
 */
#include "nodes.h"

#define MAGIC		 0x73666565u
#define DEVICE(major, n) ((major) << 8 | (n))

struct initial {
	const char *name;
	u32 mode, device;
	const char *target;
};

/* The first two are ROOT and PTS. */
static const struct initial initial[] = {
	{ "", MODE_FOLDER | 0755, 0, "" },
	{ "pts", MODE_FOLDER | 0755, 0, "" },
	{ "shm", MODE_FOLDER | 01777, 0, "" },
	{ "mqueue", MODE_FOLDER | 01777, 0, "" },
	{ "null", MODE_CHARACTER | 0666, DEVICE(1, 3), "" },
	{ "zero", MODE_CHARACTER | 0666, DEVICE(1, 5), "" },
	{ "full", MODE_CHARACTER | 0666, DEVICE(1, 7), "" },
	{ "random", MODE_CHARACTER | 0666, DEVICE(1, 8), "" },
	{ "urandom", MODE_CHARACTER | 0666, DEVICE(1, 9), "" },
	{ "kmsg", MODE_CHARACTER | 0644, DEVICE(1, 11), "" },
	{ "tty1", MODE_CHARACTER | 0620, DEVICE(4, 1), "" },
	{ "ttyS0", MODE_CHARACTER | 0620, DEVICE(4, 64), "" },
	{ "tty", MODE_CHARACTER | 0666, DEVICE(5, 0), "" },
	{ "console", MODE_CHARACTER | 0600, DEVICE(5, 1), "" },
	{ "ptmx", MODE_CHARACTER | 0666, DEVICE(5, 2), "" },
	{ "channel0", MODE_CHARACTER | 0666, DEVICE(240, 0), "" },
	{ "channel1", MODE_CHARACTER | 0666, DEVICE(240, 1), "" },
	{ "channel2", MODE_CHARACTER | 0666, DEVICE(240, 2), "" },
	{ "monitor", MODE_CHARACTER | 0600, DEVICE(240, 3), "" },
	{ "fd", MODE_LINK | 0777, 0, "/proc/self/fd" },
	{ "stdin", MODE_LINK | 0777, 0, "/proc/self/fd/0" },
	{ "stdout", MODE_LINK | 0777, 0, "/proc/self/fd/1" },
	{ "stderr", MODE_LINK | 0777, 0, "/proc/self/fd/2" },
};

struct kept *kept;

static void node_fill(struct node *n, const struct initial *from_this)
{
	u32 kind = from_this->mode & MODE_KIND;

	n->owner.mode = from_this->mode;
	n->owner.gid =
		DEVICE(4, 0) == (from_this->device & ~0xFFu) ? TERMINAL_GID : 0;
	n->links = kind == MODE_FOLDER ? 2 : 1;
	n->dir = ROOT;
	n->device = from_this->device;
	for (u32 i = 0; i < 6; i += 2) {
		n->times[i] = kept->born;
		n->times[i + 1] = kept->born_ns;
	}
	memcpy(n->name, from_this->name, strlen(from_this->name));
	memcpy(n->target, from_this->target, strlen(from_this->target));
}

static void nodes_make(void)
{
	struct clock_date date = { 0 };

	memset(kept, 0, sizeof *kept);
	clock_today(&date); /* or 1970, if nobody knows */
	kept->born = date.seconds;
	kept->born_ns = date.nanoseconds;
	for (u32 i = 0; i < sizeof initial / sizeof *initial; i++)
		node_fill(&kept->nodes[i], &initial[i]);
	kept->magic = MAGIC;
	memory_commit();
}

i32 nodes_open(void)
{
	i32 at = memory_kept();

	if (at < 0)
		return at;
	kept = (struct kept *)at;
	if (kept->magic != MAGIC)
		nodes_make();
	return 0;
}

static void disk_fill(struct node *n, const struct inspect_disk *d)
{
	const struct initial disk = {
		.name = (const char *)d->name,
		.mode = MODE_BLOCK | 0660,
		.device = d->device,
		.target = "",
	};

	node_fill(n, &disk);
	n->owner.gid = DISK_GID;
}

void nodes_of_disks(void)
{
	u32 before = kept->disks;
	struct inspect_disk d;

	while (inspect_disk(kept->disks, &d) >= 0) {
		struct node *n = node_free();

		d.name[sizeof d.name - 1] = 0;
		if (n && !node_named(ROOT, (const char *)d.name))
			disk_fill(n, &d);
		kept->disks++;
	}
	if (kept->disks != before)
		memory_commit();
}

struct node *node_find(u32 inode)
{
	struct node *n = &kept->nodes[inode - 1];

	return inode - 1 < NODES && n->owner.mode ? n : NULL;
}

u32 node_inode(const struct node *n)
{
	return (u32)(n - kept->nodes) + 1;
}

static bool text_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

struct node *node_named(u32 dir, const char *name)
{
	for (u32 i = 0; i < NODES; i++) {
		struct node *n = &kept->nodes[i];

		if (n->owner.mode && n->links && n->dir == dir && n->name[0] &&
		    text_equal(n->name, name))
			return n;
	}
	return NULL;
}

struct node *node_free(void)
{
	for (u32 i = 0; i < NODES; i++)
		if (!kept->nodes[i].owner.mode)
			return &kept->nodes[i];
	return NULL;
}

u32 folders_in(u32 dir)
{
	u32 count = 0;

	for (u32 i = ROOT; i < NODES; i++) { /* but for the root, index 0 */
		const struct node *n = &kept->nodes[i];

		count += n->links && n->dir == dir && is_folder(n);
	}
	return count;
}

bool is_empty(u32 dir)
{
	for (u32 i = ROOT; i < NODES; i++)
		if (kept->nodes[i].links && kept->nodes[i].dir == dir)
			return false;
	return true;
}

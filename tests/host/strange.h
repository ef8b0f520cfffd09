/*
 * Strange images: a good one is changed where the file system looks, then
 * mounted, walked, read and written to. Where that is, is seen by watching
 * what it reads of the good one: each read is a structure, and a field of it
 * becomes something that is likely to go wrong. Whoever includes this says how
 * an image is given to its domain (strange_load), and includes the domain.
 */
#ifndef TESTS_HOST_STRANGE_H
#define TESTS_HOST_STRANGE_H

#define PLACES_MOST   4096u
#define SEEN	      48u
#define STRANGE_NAMES 300u
#define STRANGE_DEPTH 6u
#define STEPS_MOST    100000u
#define ASKED_MOST    40000000u /* calls of the volume's in one image */
#define JOURNAL_MAGIC 0x98393BC0u

static void strange_load(u8 *image, u64 bytes);

static u8 *strange_good, *strange_image;
static u64 strange_bytes;

static struct strange_place {
	u64 at;
	u32 size;
} strange_places[PLACES_MOST];
static u32 strange_count;

/* What the walk met. */
static struct strange_seen {
	u32 dir, inode, mode, size;
	char name[256];
} seen[SEEN];
static u32 seen_count, strange_names, strange_mounts;

/* ---- where it looks ---- */

static void place_add(u64 at, u32 size)
{
	for (u32 n = 0; n < strange_count; n++)
		if (strange_places[n].at == at &&
		    strange_places[n].size == size)
			return;
	if (strange_count < PLACES_MOST && size)
		strange_places[strange_count++] =
			(struct strange_place){ at, size };
}

/* Blocks of a journal are read by somebody else. */
static void places_of_journal(void)
{
	for (u64 at = 0; at + 512 <= strange_bytes; at += 512) {
		u32 word;

		memcpy(&word, strange_good + at, 4);
		if (word == JOURNAL_MAGIC)
			place_add(at, 96);
	}
}

/* ---- one field becomes strange ---- */

static u32 strange_value(u32 was)
{
	static const u32 edges[] = { 0,	   1,	   2,	       3,
				     4,	   8,	   11,	       12,
				     255,  1024,   4096,       0x7FFF,
				     0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000 };
	u32 word;

	switch (random_below(8)) {
	case 0:
		return was + 1;
	case 1:
		return was - 1;
	case 2:
		return was ^ 1u << random_below(32);
	case 3:
		return random_below((u32)(strange_bytes >> 9)) >>
		       random_below(8);
	case 4: /* something else that the image says */
		memcpy(&word,
		       strange_good + random_below((u32)strange_bytes - 4), 4);
		return word;
	case 5:
		return 0xFFFFFFFF;
	default:
		return edges[random_below(16)];
	}
}

static void strange_field(u64 at, u32 size)
{
	u32 word = 0;

	if (at + size > strange_bytes)
		return;
	memcpy(&word, strange_image + at, size);
	word = strange_value(word);
	memcpy(strange_image + at, &word, size);
}

/* A structure instead of another. */
static void strange_copy(const struct strange_place *p)
{
	const struct strange_place *q =
		&strange_places[random_below(strange_count)];
	u32 size = min(p->size, q->size);

	memcpy(strange_image + p->at, strange_good + q->at, size);
}

static void strange_change(void)
{
	const struct strange_place *p =
		&strange_places[random_below(strange_count)];
	u32 size = 1u << random_below(3);
	u32 near = min(p->size, 64u << random_below(7));
	u32 at = random_below(near) & ~(size - 1);

	if (random_below(16) == 0)
		strange_copy(p);
	else if (random_below(64) == 0)
		memset(strange_image + p->at, random_below(2) ? 0xFF : 0,
		       p->size);
	else
		strange_field(p->at + at, size);
}

/* ---- mounted, and looked at ---- */

static void strange_see(u32 dir, const char *name,
			const struct filesystem_attributes *a)
{
	u32 n = seen_count;

	if (n == SEEN)
		n = random_below(SEEN);
	else
		seen_count++;
	seen[n] = (struct strange_seen){ .dir = dir,
					 .inode = a->inode,
					 .mode = a->mode,
					 .size = a->size };
	memcpy(seen[n].name, name, strlen(name) + 1);
}

/* Runs as the core takes them: in order, and all on the volume. */
static void strange_map(u32 inode, u32 at, u32 count)
{
	struct filesystem_run runs[20];
	i32 bytes = ask(0, filesystem_map(inode, at, count, (u8 *)runs,
					  sizeof runs));

	hold(bytes > -20 && bytes <= (i32)sizeof runs);
	for (i32 n = 0; n < bytes / 12; n++) {
		const struct filesystem_run *r = &runs[n];

		hold(r->at == at && r->count && r->count <= count);
		at += r->count;
		count -= r->count;
		if (r->block != 0xFFFFFFFF)
			hold(r->block < shim.blocks &&
			     r->count <= shim.blocks - r->block);
	}
}

static void strange_folder(u32 dir, u32 depth);

static void strange_name(u32 dir, const char *name, u32 depth)
{
	static u8 target[4100];
	struct filesystem_attributes a;
	i32 answer =
		ask(0, filesystem_lookup(dir, name, (u32)strlen(name), &a));

	hold(answer > -20 && answer <= 0);
	if (answer < 0)
		return;
	strange_see(dir, name, &a);
	ask(0, filesystem_attributes(a.inode, &a));
	if ((a.mode & 0170000) == 0040000) {
		strange_folder(a.inode, depth + 1);
	} else if ((a.mode & 0170000) == 0120000) {
		answer = ask(0, filesystem_readlink(a.inode, (char *)target,
						    sizeof target));
		hold(answer > -20 && answer <= (i32)sizeof target);
	} else {
		strange_map(a.inode, 0, min(a.size / shim.block_size, 5000u) + 1);
		strange_map(a.inode, a.size / shim.block_size, 9);
		strange_map(a.inode, random_below(0xFFFFFF), 1000);
	}
}

/* Entries are whole, and their names are names. */
static void strange_folder(u32 dir, u32 depth)
{
	u8 list[700];
	u32 at = 0;

	while (depth < STRANGE_DEPTH && strange_names < STRANGE_NAMES) {
		i32 bytes = ask(0, filesystem_entries(dir, at, list,
						      sizeof list));

		hold(bytes > -20 && bytes <= (i32)sizeof list);
		if (bytes <= 0)
			return;
		for (u8 *e = list; e < list + bytes; e += 10 + e[9]) {
			char name[256] = "";

			hold(list + bytes - e > 10 && e[9] &&
			     list + bytes - e >= 10 + e[9]);
			memcpy(&at, e + 4, 4);
			memcpy(name, e + 10, e[9]);
			strange_names++;
			if (strcmp(name, ".") && strcmp(name, ".."))
				strange_name(dir, name, depth);
		}
	}
}

/* ---- and written to ---- */

static i32 strange_all(u32 what, u32 inode, u32 which,
		       struct filesystem_attributes *a)
{
	u32 steps = 0;
	i32 answer;

	do {
		answer = what ? ask(1, filesystem_change(1, inode, which, a)) :
				ask(1, filesystem_forget(1, inode));
		hold(++steps < STEPS_MOST);
	} while (answer == 1);
	return answer;
}

static void strange_grow(const struct strange_seen *s)
{
	struct filesystem_run runs[10];
	u32 at = random_below(4) ? s->size / shim.block_size :
				   random_below(2000);
	u32 count = 1 + random_below(60);
	i32 answer = ask(1, filesystem_allocate(
				    s->inode, at, count,
				    (at + count) * shim.block_size, 0,
				    (u8 *)runs, sizeof runs));

	hold(answer > -20 && answer <= (i32)sizeof runs);
	for (i32 n = 0; n < answer / 12; n++)
		hold(runs[n].block != 0xFFFFFFFF &&
		     runs[n].block < shim.blocks &&
		     runs[n].count <= shim.blocks - runs[n].block);
}

static void strange_rename(const struct strange_seen *s,
			   const struct strange_seen *to)
{
	static char both[600];
	u32 length = (u32)strlen(s->name);
	u32 size = (u32)snprintf(both, sizeof both, "%s%c%s", s->name, 0,
				 random_below(2) ? to->name : "renamed");
	u32 dir = random_below(3) ? to->dir : to->inode;

	hold(size > length);
	ask(1, filesystem_rename(1, s->dir, dir, random_below(3), both, size));
}

static void strange_write(void)
{
	static const u32 kinds[] = { 0100644, 040755, 0120777, 020600 };
	const struct strange_seen *s = &seen[random_below(seen_count)];
	const struct strange_seen *to = &seen[random_below(seen_count)];
	struct filesystem_attributes a = { .mode = random_below(0777),
					   .size = random_below(s->size + 1) };
	u32 length = (u32)strlen(s->name);
	char name[300];
	u32 size, mode;

	switch (random_below(8)) {
	case 0:
	case 1:
		size = (u32)snprintf(name, sizeof name, "new name %u%c%u",
				     random_below(5), 0, random_below(5000));
		mode = kinds[random_below(4)];
		if (mode == 0100644 || mode == 040755)
			size = (u32)strlen(name);
		if (!ask(1, filesystem_make(1, s->dir, mode, 1, 1, name, size,
					    &a)))
			strange_see(s->dir, name, &a);
		break;
	case 2:
		size = ask(1, filesystem_unlink(1, s->dir,
						(s->mode & 0170000) == 0040000,
						s->name, length)) == 0;
		if (size)
			strange_all(0, s->inode, 0, &a);
		break;
	case 3:
		strange_rename(s, to);
		break;
	case 4:
		ask(1, filesystem_link(1, to->dir, s->inode, "link", 4));
		break;
	case 5:
		strange_all(1, s->inode, random_below(128), &a);
		break;
	default:
		strange_grow(s);
	}
}

/* As the core would. */
static void strange_use(u32 writes)
{
	struct filesystem_space space;
	i32 root;

	seen_count = strange_names = 0;
	root = ask(0, filesystem_mount("", 0));
	hold(root > -20);
	if (root <= 0)
		return;
	strange_mounts++;
	seen[seen_count++] = (struct strange_seen){
		(u32)root, (u32)root, 040755, 0, "nothing"
	};
	ask(0, filesystem_space(&space));
	strange_folder((u32)root, 0);
	if (!writes || ask_all(filesystem_writing(1)) < 0)
		return;
	while (writes--)
		strange_write();
	strange_names = 0;
	strange_folder((u32)root, 0);
	ask_all(filesystem_writing(0));
}

/* ---- many of them ---- */

static void strange_open(const char *path)
{
	FILE *file = fopen(path, "r");

	hold(file && fseek(file, 0, SEEK_END) == 0);
	strange_bytes = (u64)ftell(file) & ~511ull;
	strange_good = malloc(strange_bytes);
	strange_image = malloc(strange_bytes);
	hold(strange_good && strange_image && strange_bytes >= 4096);
	rewind(file);
	hold(fread(strange_good, strange_bytes, 1, file) == 1);
	fclose(file);
	memcpy(strange_image, strange_good, strange_bytes);
	shim.watch = place_add;
	strange_load(strange_image, strange_bytes);
	strange_use(0);
	hold(strange_mounts == 1 && seen_count > 2);
	shim.watch = NULL;
	places_of_journal();
}

static void strange_make(u32 seed)
{
	shim.random = seed * 2654435761u + 12345;
	random_below(2);
	memcpy(strange_image, strange_good, strange_bytes);
	for (u32 n = 1 + random_below(1 + random_below(16)); n; n--)
		strange_change();
}

/* Images of these seeds: tried, or (`print`) put on standard output. */
static int strange_try(const char *path, u32 count, u32 seed, bool print)
{
	strange_open(path);
	path = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	strange_mounts = 0;
	for (u32 n = 0; n < count; n++) {
		strange_make(seed + n);
		if (print) {
			if (fwrite(strange_image, strange_bytes, 1, stdout) !=
			    1)
				return 1;
			continue;
		}
		shim.calls = 0;
		shim.again = 3000;
		strange_load(strange_image, strange_bytes);
		strange_use(30);
		hold(shim.calls < ASKED_MOST);
	}
	if (!print)
		printf("%u strange images of %s (%u places), %u mounted: no "
		       "report\n",
		       count, path, strange_count, strange_mounts);
	return 0;
}

#endif

// sources:
/*
 * fs/iso9660 on the host: images that xorriso makes of a folder, compared with
 * that folder, name by name and byte by byte: with Rock Ridge, with Joliet,
 * and with neither; with blocks that are not there yet and deaths between any
 * two calls.
 */
#include <dirent.h>

#include "iso9660_domain.h"

#define PATH_SIZE 1200

static char folder[80];
static u32 compared;

/* ---- what the image is made of ---- */

static void shell(const char *line)
{
	hold(command("mkdir -p %s && cd %s", folder, folder) == 0);
	hold(chdir(folder) == 0);
	hold(system(line) == 0);
	hold(chdir("/") == 0);
}

static void folder_remove(void)
{
	command("rm -rf %s", folder, "");
}

static void folder_make(void)
{
	image_name("iso9660");
	snprintf(folder, sizeof folder, "%s.d", image_path);
	folder_remove();
	atexit(folder_remove);
	shell("mkdir many a; for i in `seq 300`; do echo $i > "
	      "many/a_name_that_is_rather_long_$i.text; done");
	shell("seq 200000 > a/Numbers; : > empty; echo x > 'with space'");
	shell("mkdir -p 1/2/3/4/5/6/7/8/9/10/11; echo deep > "
	      "1/2/3/4/5/6/7/8/9/10/11/file; chmod 640 a/Numbers");
	shell("echo u > \"$(printf 'na\\303\\257ve')\"");
}

/* What only Rock Ridge can say. */
static void folder_add_links(void)
{
	shell("ln -s ../a/Numbers 1/link; ln -s / root; ln -s "
	      "/usr/./share/../$(printf 'x%.0s' $(seq 240))/"
	      "$(printf 'y%.0s' $(seq 240))/z long");
	shell("echo u > \"$(printf '\\360\\237\\230\\200 x')\"");
	shell("mkfifo pipe; printf 'n%.0s' $(seq 240) > t; mv t $(cat t)");
	shell("touch -d '2001-02-03 04:05:06 UTC' empty");
}

static void image_make(const char *options)
{
	char line[300];

	snprintf(line, sizeof line,
		 "xorriso -as mkisofs -quiet %.200s -o %%s %%s 2>/dev/null",
		 options);
	hold(command(line, image_path, folder) == 0);
	image_open();
}

/* ---- comparing ---- */

static i32 lookup(u32 dir, const char *name, struct filesystem_attributes *a)
{
	return ask(0, filesystem_lookup(dir, name, (u32)strlen(name), a));
}

static void check_bytes(u32 inode, const char *path, u64 size)
{
	static struct filesystem_run runs[3];
	u32 at = 0, count = (u32)((size + BLOCK - 1) / BLOCK);
	FILE *file = fopen(path, "r");

	hold(file);
	while (at < count) {
		u32 n = 0;
		i32 answer = ask(0, filesystem_map(inode, at, count - at,
						   (u8 *)runs, sizeof runs));

		hold(answer >= 12 && answer % 12 == 0);
		for (n = 0; n < (u32)answer / 12; n++) {
			const u8 *there =
				shim.image + (u64)runs[n].block * BLOCK;
			u64 bytes = min((u64)runs[n].count * BLOCK,
					size - (u64)at * BLOCK);
			u8 *here = malloc(bytes);

			hold(runs[n].at == at && runs[n].block != HOLE);
			hold(fread(here, 1, bytes, file) == bytes);
			hold(memcmp(here, there, bytes) == 0);
			free(here);
			at += runs[n].count;
		}
	}
	hold(ask(0, filesystem_map(inode, count + 5, 9, (u8 *)runs, 36)) == 12);
	hold(runs[0].block == HOLE && runs[0].count == 9);
	fclose(file);
}

static void check_rock(const struct stat *s,
		       const struct filesystem_attributes *a, const char *path)
{
	char here[PATH_SIZE], there[PATH_SIZE];
	i32 size;

	hold(a->mode == s->st_mode);
	hold(a->uid == s->st_uid && a->gid == s->st_gid);
	hold(a->modified == s->st_mtime);
	if (!S_ISLNK(s->st_mode))
		return;
	size = ask(0, filesystem_readlink(a->inode, there, sizeof there));
	hold(size == s->st_size && a->size == (u32)size);
	hold(readlink(path, here, sizeof here) == size);
	hold(memcmp(here, there, (u32)size) == 0);
}

/* Entries of a directory that the gate lists. */
static u32 listed(u32 inode)
{
	static u8 list[700];
	u32 at = 0, count = 0;
	i32 bytes;

	while ((bytes = ask(0, filesystem_entries(inode, at, list,
						  300 + random_below(400)))) >
	       0)
		for (u8 *e = list; e < list + bytes; e += 10 + e[9]) {
			static struct filesystem_attributes a;
			char name[NAME_MOST + 1] = "";
			u32 number;

			memcpy(&number, e, 4);
			memcpy(&at, e + 4, 4);
			memcpy(name, e + 10, e[9]);
			hold(lookup(inode, name, &a) == 0);
			hold(a.inode == number && a.mode >> 12 == e[8]);
			count += strcmp(name, "rr_moved") != 0;
		}
	hold(bytes == 0);
	return count;
}

static void check_folder(u32 inode, const char *path, bool rock)
{
	struct filesystem_attributes a;
	DIR *dir = opendir(path);
	struct dirent *e;
	u32 count = 0;

	hold(dir);
	while ((e = readdir(dir))) {
		char below[PATH_SIZE];
		struct stat s;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(below, sizeof below, "%.900s/%s", path, e->d_name);
		hold(lstat(below, &s) == 0);
		if (lookup(inode, e->d_name, &a) != 0)
			fprintf(stderr, "%s is missing\n", below);
		hold(lookup(inode, e->d_name, &a) == 0);
		hold((a.mode & MODE_KIND) == (s.st_mode & MODE_KIND));
		if (rock)
			check_rock(&s, &a, below);
		if (S_ISDIR(s.st_mode))
			check_folder(a.inode, below, rock);
		if (S_ISREG(s.st_mode)) {
			hold(a.size == s.st_size);
			check_bytes(a.inode, below, (u64)s.st_size);
		}
		hold(ask(0, filesystem_attributes(a.inode, &a)) == 0);
		count++;
		compared++;
	}
	closedir(dir);
	hold(listed(inode) == count);
}

static void mount_it(u32 naming)
{
	struct filesystem_space space;

	shim.again = 30;
	shim.death = 500;
	hold(ask(0, filesystem_mount("", 0)) == ROOT);
	hold(ask(0, filesystem_space(&space)) == 0);
	hold(fs.naming == naming && space.free == 0);
	hold((u64)space.blocks * BLOCK <= shim.bytes);
	hold(ask(1, filesystem_writing(1)) == -E_DENIED);
}

/* ---- cases ---- */

static void case_rock(const char *options)
{
	image_make(options);
	mount_it(NAMING_ROCK);
	check_folder(ROOT, folder, true);
}

static void case_wide(void)
{
	hold(command("xorriso -as mkisofs -quiet --norock -J -joliet-long "
		     "-o %s %s 2>/dev/null",
		     image_path, folder) == 0);
	image_open();
	mount_it(NAMING_WIDE);
	check_folder(ROOT, folder, false);
}

/* Neither: the names are capitals, shown as small letters. */
static void case_plain(void)
{
	struct filesystem_attributes a;

	hold(command("xorriso -as mkisofs -quiet --norock -iso-level 3 -o %s "
		     "%s/a 2>/dev/null",
		     image_path, folder) == 0);
	image_open();
	mount_it(NAMING_PLAIN);
	hold(lookup(ROOT, "numbers", &a) == 0 && a.mode == (MODE_FILE | 0555));
	hold(lookup(ROOT, "Numbers", &a) == -E_NAME);
}

/* A file of several extents: a record of one is cut in two by hand. */
static void case_extents(void)
{
	static struct filesystem_run runs[4];
	struct filesystem_attributes a;
	u32 block, at;
	struct record *r, *more;

	hold(command("xorriso -as mkisofs -quiet --norock -o %s %s/a "
		     "2>/dev/null",
		     image_path, folder) == 0);
	image_open();
	mount_it(NAMING_PLAIN);
	hold(lookup(ROOT, "numbers", &a) == 0);
	block = a.inode / (BLOCK / UNIT);
	for (at = 0; at / UNIT != a.inode % (BLOCK / UNIT);)
		at += shim.image[block * BLOCK + at];
	r = (struct record *)(shim.image + block * BLOCK + at);
	more = (struct record *)((u8 *)r + r->size);
	memcpy(more, r, r->size);
	r->flags |= RECORD_GOES_ON;
	r->bytes.low = 4096;
	more->extent.low = 20;
	more->bytes.low = 5000;
	hold(ask(0, filesystem_attributes(a.inode, &a)) == 0 && a.size == 9096);
	hold(lookup(ROOT, "numbers", &a) == 0 && a.size == 9096);
	hold(listed(ROOT) == 1);
	hold(ask(0, filesystem_map(a.inode, 1, 9, (u8 *)runs, 48)) == 36);
	hold(runs[0].at == 1 && runs[0].count == 1);
	hold(runs[1].at == 2 && runs[1].count == 3 && runs[1].block == 20);
	hold(runs[2].at == 5 && runs[2].count == 5 && runs[2].block == HOLE);
}

int main(void)
{
	shim.log = getenv("LOG") != NULL;
	umask(022);
	setenv("LC_ALL", "C.UTF-8", 1);
	folder_make();
	case_wide();
	case_plain();
	case_extents();
	folder_add_links();
	case_rock("-R");
	case_rock("-R -J -iso-level 3");
	fprintf(stderr, "%u names compared, %u deaths\n", compared,
		shim.deaths);
	return 0;
}

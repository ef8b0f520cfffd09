// sources:
/*
 * fs/ext2 on the host, case by case: what random operations seldom meet. Large
 * and sparse files, truncation in steps, directories of many blocks, hashed
 * ones, shared attributes, volumes that are full to the last block or inode.
 */
#define _GNU_SOURCE

#include "ext2_image.h"

static u32 op;

static void mount_it(void)
{
	hold(ask(0, filesystem_mount("", 0)) == INODE_ROOT);
	hold(ask_all(filesystem_writing(1)) == 0);
}

static void unmount_it(void)
{
	hold(ask_all(filesystem_writing(0)) == 0);
	image_is_clean();
}

/* Make a file; its inode or what was answered. */
static i32 make(u32 dir, u32 mode, const char *text)
{
	struct filesystem_attributes made;
	i32 error = ask(1, filesystem_make(++op, dir, mode, 0, 0, text,
					   (u32)strlen(text), &made));

	return error < 0 ? error : (i32)made.inode;
}

static i32 find(u32 dir, const char *text)
{
	struct filesystem_attributes a;
	i32 error = ask(0, filesystem_lookup(dir, text, (u32)strlen(text), &a));

	return error < 0 ? error : (i32)a.inode;
}

static i32 drop(u32 dir, const char *text, bool folder)
{
	i32 inode = find(dir, text), left;

	if (inode < 0)
		return inode;
	left = ask(1, filesystem_unlink(++op, dir, folder, text,
					(u32)strlen(text)));
	if (left)
		return left;
	return ask_all(filesystem_forget(++op, (u32)inode));
}

static i32 cut(u32 inode, u64 size, u32 *steps)
{
	struct filesystem_attributes a = { .size = (u32)size,
					   .size_high = (u32)(size >> 32) };
	i32 answer = 1;

	for (*steps = 0; answer == 1; ++*steps)
		answer = ask(1, filesystem_change(++op, inode, 8, &a));
	return answer;
}

/* Give blocks to a range; how many of it got some, or an error. */
static i32 fill(u32 inode, u32 at, u32 count)
{
	static struct filesystem_run runs[32];
	u32 done = 0;

	while (done < count) {
		u64 size = (u64)(at + count) * shim.block_size;
		i32 n = ask(1,
			    filesystem_allocate(inode, at + done, count - done,
						(u32)size, (u32)(size >> 32),
						(u8 *)runs, sizeof runs));

		if (n < 0)
			return done ? (i32)done : n;
		for (u32 r = 0; r < (u32)n / 12; r++) {
			hold(runs[r].at == at + done && runs[r].block != HOLE);
			done += runs[r].count;
		}
	}
	return (i32)done;
}

static struct filesystem_space space_now(void)
{
	struct filesystem_space s;

	hold(ask(0, filesystem_space(&s)) == 0);
	return s;
}

/* A file of each level of the map, made and cut in steps. */
static void case_large(const char *options, u64 bytes, u32 blocks)
{
	static const u32 keeps[] = { 60000, 2000, 1037, 1036, 268, 13, 12, 1 };
	struct filesystem_space before;
	i32 inode;
	u32 steps;

	image_make(options, bytes);
	mount_it();
	before = space_now();
	inode = make(2, MODE_FILE | 0644, "large");
	hold(inode > 0);
	hold(fill((u32)inode, 0, blocks) == (i32)blocks);
	image_is_clean();
	for (u32 n = 0; n < 8; n++) {
		u64 size = (u64)keeps[n] * shim.block_size - n;

		if (keeps[n] > blocks)
			continue;
		hold(cut((u32)inode, size, &steps) == 0);
		image_is_clean();
	}
	shim_commit();
	hold(fill((u32)inode, 0, blocks) == (i32)blocks);
	hold(drop(2, "large", false) == 0);
	hold(space_now().free == before.free);
	hold(space_now().files_free == before.files_free);
	unmount_it();
}

/* Sizes over 2 and 4 GiB, with little in them. */
static void case_sparse(const char *options)
{
	static const u64 sizes[] = { 0x7FFFFFFFu, 0x80000000u, 0x100000000u,
				     0x280000123u };
	struct filesystem_attributes a;
	struct filesystem_run run;
	u32 steps, features;

	image_make(options, 24 << 20);
	mount_it();
	for (u32 n = 0; n < 4; n++) {
		char text[] = { 'a', (char)('0' + n), 0 };
		i32 inode = make(2, MODE_FILE | 0644, text);
		u32 last = (u32)((sizes[n] - 1) / shim.block_size);

		hold(cut((u32)inode, sizes[n], &steps) == 0);
		hold(fill((u32)inode, last - 1, 1) == 1);
		hold(ask(0, filesystem_attributes((u32)inode, &a)) == 0);
		hold(((u64)a.size_high << 32 | a.size) == sizes[n]);
		hold(ask(0, filesystem_map((u32)inode, 3, last, (u8 *)&run,
					   12)) == 12);
		hold(run.block == HOLE && run.count > 0);
		hold(cut((u32)inode, ~0ull, &steps) == -E_BIG);
	}
	memcpy(&features, shim.image + 1024 + 100, 4);
	hold(features & LARGE_FILE);
	image_is_clean();
	hold(cut((u32)find(2, "a3"), 5, &steps) == 0);
	unmount_it();
}

/* Many names: directories of many blocks, and many directories. */
static void case_names(const char *options)
{
	struct filesystem_space before;
	char text[40];
	i32 dir;

	image_make(options, 32 << 20);
	mount_it();
	before = space_now();
	dir = make(2, MODE_FOLDER | 0755, "d");
	for (u32 n = 0; n < 3000; n++) {
		u32 mode = n % 8 ? MODE_FILE : MODE_FOLDER;

		sprintf(text, "a rather long name %u", n);
		hold(make((u32)dir, mode | 0644, text) > 0);
		shim_commit();
	}
	image_is_clean();
	hold(find((u32)dir, "a rather long name 2999") > 0);
	hold(find((u32)dir, "a rather long name 3000") == -E_NAME);
	hold(drop(2, "d", true) == -E_FILLED);
	for (u32 n = 0; n < 3000; n++) {
		sprintf(text, "a rather long name %u", n * 7 % 3000);
		hold(drop((u32)dir, text, n * 7 % 3000 % 8 == 0) == 0);
	}
	image_is_clean();
	hold(drop(2, "d", true) == 0);
	hold(space_now().free == before.free);
	hold(space_now().files_free == before.files_free);
	unmount_it();
}

/* Full to the last inode, and to the last block. */
static void case_full(const char *options, u64 bytes)
{
	char text[40];
	u32 n = 0, made, steps;
	i32 inode, last, got = 0;

	image_make(options, bytes);
	mount_it();
	inode = make(2, MODE_FILE | 0644, "filler");
	hold(inode > 0);
	while (n < 1000000 && (got = fill((u32)inode, n, 100)) > 0)
		n += (u32)got;
	hold(got == -E_FULL && space_now().free == 0);
	image_is_clean();
	hold(make(2, MODE_FOLDER | 0755, "folder") == -E_FULL);
	hold(make(2, MODE_FILE | 0755, "file") > 0);
	hold(cut((u32)inode, (u64)(n - 40) * shim.block_size, &steps) == 0);
	hold(make(2, MODE_FOLDER | 0755, "folder") == -E_FULL); /* held */
	shim_commit();
	for (made = 0, last = 1; last > 0; made++) {
		sprintf(text, "name %u", made);
		last = make(2, (made % 9 ? MODE_FILE : MODE_FOLDER) | 0755,
			    text);
	}
	hold(last == -E_FULL);
	image_is_clean();
	hold(drop(2, "filler", false) == 0);
	unmount_it();
}

/* Directories that Linux has hashed, and files with shared attributes. */
static void case_foreign(void)
{
	char line[300], text[300];
	struct filesystem_space before;
	i32 dir;

	image_paths();
	snprintf(line, sizeof line,
		 "mkdir -p %s.d/h && cd %s.d/h && for i in `seq 400`; do "
		 ": > a_name_that_is_quite_long_$i; done",
		 image_path, image_path);
	hold(system(line) == 0);
	snprintf(line, sizeof line, "-t ext3 -b 1024 -d %s.d", image_path);
	image_make(line, 16 << 20);
	hold(command("rm -r %s.d", image_path, "") == 0);
	image_check(image_path, "-D -y >/dev/null 2>&1");
	mount_it();
	before = space_now();
	dir = find(2, "h");
	hold(dir > 0);
	for (u32 n = 1; n <= 400; n++) {
		sprintf(text, "a_name_that_is_quite_long_%u", n);
		hold(find((u32)dir, text) > 0);
		if (n % 3 == 0)
			hold(drop((u32)dir, text, false) == 0);
	}
	image_is_clean();
	for (u32 n = 0; n < 300; n++) {
		sprintf(text, "another_name_%u", n);
		hold(make((u32)dir, MODE_FILE | 0600, text) > 0);
	}
	hold(before.files_free == space_now().files_free + 300 - 133);
	unmount_it();
}

/* Attributes in a block of their own: two inodes share it. */
static void case_attributes(void)
{
	char line[400];
	u32 block = 0, users;
	i32 a, b;

	image_make("-t ext2 -b 1024 -I 128", 4 << 20);
	mount_it();
	a = make(2, MODE_FILE | 0600, "a");
	b = make(2, MODE_FILE | 0600, "b");
	unmount_it();
	snprintf(line, sizeof line,
		 "debugfs -w -R 'ea_set a user.x 12345' %s >/dev/null 2>&1",
		 image_path);
	hold(system(line) == 0);
	mount_it();
	{
		struct inode i, j;

		shim_begin(1);
		hold(inode_get((u32)a, &i) == 0 && inode_get((u32)b, &j) == 0);
		block = i.raw.attributes;
		j.raw.attributes = block;
		j.raw.sectors = 2;
		hold(block && inode_put(&j) == 0);
		users = 2;
		hold(volume_write(block, 4, (u8 *)&users, 4) == 0);
		shim_done(0);
	}
	image_is_clean();
	hold(drop(2, "a", false) == 0);
	image_is_clean();
	hold(drop(2, "b", false) == 0);
	unmount_it();
}

/* What is not understood is not mounted, or not written. */
static void case_features(void)
{
	struct filesystem_attributes made;

	image_make("-t ext4 -b 1024", 8 << 20);
	hold(ask(0, filesystem_mount("", 0)) == -E_FORM);
	image_make("-t ext2 -b 1024 -O uninit_bg", 8 << 20);
	hold(ask(0, filesystem_mount("", 0)) == INODE_ROOT);
	hold(ask(1, filesystem_writing(1)) == -E_DENIED);
	hold(ask(1, filesystem_make(1, 2, MODE_FILE, 0, 0, "a", 1, &made)) ==
	     -E_DENIED);
	hold(find(2, "lost+found") == 11);
	image_make("-O journal_dev -b 1024", 8 << 20);
	hold(ask(0, filesystem_mount("", 0)) == -E_FORM);
	memset(shim.image, 0, 8 << 20);
	hold(ask(0, filesystem_mount("", 0)) == -E_FORM);
}

int main(void)
{
	shim.log = getenv("LOG") != NULL;
	case_large("-t ext2 -b 1024 -I 128", 90 << 20, 70000);
	case_large("-t ext3 -b 4096", 300 << 20, 63000);
	case_sparse("-t ext2 -b 1024 -O ^large_file");
	case_sparse("-t ext3 -b 4096");
	case_names("-t ext2 -b 1024 -N 4000");
	case_names("-t ext3 -b 4096 -N 4000");
	case_full("-t ext2 -b 1024 -N 128 -g 512", 1500 << 10);
	case_full("-t ext3 -b 4096 -N 256", 12 << 20);
	case_foreign();
	case_attributes();
	case_features();
	return 0;
}

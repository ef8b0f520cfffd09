/*
 * What the core does around an operation of a file system's domain, over the
 * volume of ext2_volume.h: it publishes or drops what was staged, and makes
 * the operation again. The domain's part is a function domain_start, which
 * lets it begin again knowing nothing.
 */
#ifndef TESTS_HOST_VOLUME_IMAGE_H
#define TESTS_HOST_VOLUME_IMAGE_H

/* Not every domain asks for all of it. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "ext2_volume.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void domain_start(void);

/* What the domain said before it died is its answer: see memory.gate. */
static bool answer_is_kept;
static i32 kept_answer;

/* The gate's functions, as gatec declares them. */
i32 life_start(u32 generation);
i32 filesystem_mount(const char *options, u32 size);
i32 filesystem_lookup(u32 dir, const char *name, u32 size,
		      struct filesystem_attributes *found);
i32 filesystem_attributes(u32 inode, struct filesystem_attributes *found);
i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    const char *name, u32 size,
		    struct filesystem_attributes *made);
i32 filesystem_link(u32 op, u32 dir, u32 inode, const char *name, u32 size);
i32 filesystem_unlink(u32 op, u32 dir, u32 folder, const char *name, u32 size);
i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, const char *names,
		      u32 size);
i32 filesystem_change(u32 op, u32 inode, u32 which,
		      const struct filesystem_attributes *wanted);
i32 filesystem_forget(u32 op, u32 inode);
i32 filesystem_readlink(u32 inode, char *target, u32 room);
i32 filesystem_entries(u32 dir, u32 at, u8 *list, u32 room);
i32 filesystem_read(u32 inode, u32 at, u8 *data, u32 room);
i32 filesystem_write(u32 inode, u32 at, const u8 *data, u32 size);
i32 filesystem_space(struct filesystem_space *found);
i32 filesystem_map(u32 inode, u32 at, u32 count, u8 *runs, u32 room);
i32 filesystem_allocate(u32 inode, u32 at, u32 count, u32 size, u32 size_high,
			u8 *runs, u32 room);
i32 filesystem_writing(u32 on);

static void image_take(u8 *image, u64 bytes)
{
	u32 most = (u32)(bytes / 512) + 1;

	free(shim.known);
	free(shim.held);
	free(shim.staged_at);
	shim.image = image;
	shim.bytes = bytes;
	shim.known = calloc(most, 1);
	shim.held = calloc(most, 1);
	shim.staged_at = calloc(most, sizeof *shim.staged_at);
	hold(shim.known && shim.held && shim.staged_at);
	shim.staged_count = shim.release_count = 0;
	shim.block_size = 512;
	shim.blocks = (u32)(bytes / 512);
	domain_start();
}

/* What was staged becomes the image, or is forgotten. */
static void staged_end(bool publish)
{
	for (u32 n = 0; n < shim.staged_count; n++) {
		u8 *block = shim.image + (u64)shim.staged[n] * shim.block_size;

		shim.staged_at[shim.staged[n]] = 0;
		if (publish)
			memcpy(block, shim.contents[n], shim.block_size);
	}
	for (u32 r = 0; publish && r < shim.release_count; r++)
		memset(shim.image + (u64)shim.releases[r][0] * shim.block_size,
		       0xD5, (u64)shim.releases[r][1] * shim.block_size);
	shim.staged_most = max(shim.staged_most, shim.staged_count);
	shim.staged_count = shim.release_count = 0;
}

static void operation_start(u32 changes)
{
	shim.running = 1;
	shim.changes = changes;
	answer_is_kept = false;
	if (shim.again && random_below(shim.again) == 0)
		memset(shim.known, 0, shim.blocks);
}

/* Returns true once the operation's answer is the last one. */
static bool operation_done(i32 *answer)
{
	bool dying = shim.dying;

	shim.running = 0;
	shim.dying = false;
	if (dying) {
		shim.deaths++;
		*answer = answer_is_kept ? kept_answer : -E_GONE;
		domain_start();
	}
	staged_end(*answer >= 0);
	return *answer != -E_AGAIN && !(dying && *answer == -E_GONE);
}

/* The answer of one operation, as the core would have it made. */
#define ask(changing, call) \
	({ \
		i32 ask_answer; \
		do { \
			operation_start(changing); \
			ask_answer = (call); \
		} while (!operation_done(&ask_answer)); \
		ask_answer; \
	})

/* The same of one that is done in steps. */
#define ask_all(call) \
	({ \
		i32 all_answer; \
		while ((all_answer = ask(1, call)) == 1) \
			; \
		all_answer; \
	})

/* ---- images in files ---- */

static char image_path[64];

static int command(const char *format, const char *a, const char *b)
{
	char line[500];
	int status;

	snprintf(line, sizeof line, format, a, b);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void image_remove(void)
{
	unlink(image_path);
}

/* A path for the image of this run, gone at the end. */
static void image_name(const char *kind)
{
	const char *folder = getenv("TMPDIR");

	if (*image_path)
		return;
	snprintf(image_path, sizeof image_path, "%.30s/%s.%d",
		 folder ? folder : "/tmp", kind, getpid());
	atexit(image_remove);
	setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
}

static void image_open(void)
{
	struct stat s;
	int file = open(image_path, O_RDWR);
	u8 *image;

	hold(file >= 0 && fstat(file, &s) == 0);
	if (shim.image)
		munmap(shim.image, shim.bytes);
	image = mmap(NULL, (size_t)s.st_size, PROT_READ | PROT_WRITE,
		     MAP_SHARED, file, 0);
	hold(image != MAP_FAILED);
	close(file);
	image_take(image, (u64)s.st_size);
}

#endif

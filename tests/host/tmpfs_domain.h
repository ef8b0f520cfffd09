/*
 * fs/tmpfs as part of a host program: its sources, over a stand-in for the
 * gates that it calls. Kept memory is two copies, as in the core; a commit may
 * be made to kill the domain, before or after it took place.
 */
#ifndef TESTS_HOST_TMPFS_DOMAIN_H
#define TESTS_HOST_TMPFS_DOMAIN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "gates/abi.h"

#define DOMAIN_TMPFS_H /* instead of the header that gatec makes */
#define from	       const
#define into
#define assert	      assert_true
#define min(a, b)     ((a) < (b) ? (a) : (b))
#define max(a, b)     ((a) > (b) ? (a) : (b))
#define take	      memcpy
#define give	      memcpy
#define print_to(...) ((u32)snprintf(__VA_ARGS__))

#include "filesystem.gate.h"

#define KEPT_AT	       0x10000000u
#define KEPT_MOST_SHIM (24u << 20)
#define PAGE	       4096u

enum death { LIVE, DIE_BEFORE, DIE_AFTER };

static u8 *kept, *committed;
static u32 kept_there;
static enum death death; /* at the next commit */
static jmp_buf death_place;
static u32 grow_refused;

static i32 memory_kept(void)
{
	return (i32)KEPT_AT;
}

static i32 memory_kept_size(void)
{
	return (i32)kept_there;
}

static i32 memory_kept_grow(u32 bytes)
{
	u32 at = kept_there;

	assert_int_equal(bytes % PAGE, 0);
	if (grow_refused || bytes > KEPT_MOST_SHIM - at)
		return -E_MEMORY;
	assert_int_equal(mprotect(kept + at, bytes, PROT_READ | PROT_WRITE), 0);
	kept_there += bytes;
	return (i32)(KEPT_AT + at);
}

static i32 memory_commit_parts(const u8 *list, u32 size)
{
	enum death now = death;

	death = LIVE;
	if (now == DIE_BEFORE)
		longjmp(death_place, 1);
	for (; size; size -= 8, list += 8) {
		u32 part[2];

		memcpy(part, list, 8);
		part[0] -= KEPT_AT;
		assert_true(part[0] <= kept_there);
		assert_true(part[1] <= kept_there - part[0]);
		memcpy(committed + part[0], kept + part[0], part[1]);
	}
	if (now == DIE_AFTER)
		longjmp(death_place, 1);
	return 0;
}

static i32 log_write(const char *text, u32 size)
{
	(void)text;
	return (i32)size;
}

/* The gate's functions, as gatec declares them. */
i32 filesystem_attributes(u32 inode, struct filesystem_attributes *found);
i32 life_start(u32 generation);
i32 filesystem_mount(const char *options, u32 size);
i32 filesystem_lookup(u32 dir, const char *name, u32 size,
		      struct filesystem_attributes *found);
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

#include "fs/tmpfs/store.c"
#undef MAGIC
#include "fs/tmpfs/names.c"
#include "fs/tmpfs/mounts.c"
#include "fs/tmpfs/tree.c"
#include "fs/tmpfs/rename.c"
#include "fs/tmpfs/tmpfs.c"

static u32 generation;

/* Start it, on what was committed; what is not kept is as at any start. */
static void domain_start(void)
{
	memcpy(kept, committed, kept_there);
	part_count = there = 0;
	cursor_next = 0;
	memset(cursors, 0, sizeof cursors);
	assert_int_equal(life_start(++generation), 0);
}

/* With empty kept memory. */
static void domain_load(void)
{
	void *at = (void *)(uintptr_t)KEPT_AT;

	if (kept)
		munmap(kept, KEPT_MOST_SHIM);
	free(committed);
	kept = mmap(at, KEPT_MOST_SHIM, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	assert_true(kept == at);
	committed = calloc(1, KEPT_MOST_SHIM);
	assert_non_null(committed);
	kept_there = 0x10000;
	mprotect(kept, kept_there, PROT_READ | PROT_WRITE);
	generation = 0;
	domain_start();
}

/* Everything that changed was committed. */
static void check_committed(void)
{
	assert_memory_equal(kept, committed, kept_there);
}

#endif

/*
 * Disks as the core has them: whole ones and their partitions, each a run of
 * sectors of some driver's unit; and the requests to them. Requests are the
 * core's: a driver that dies loses none, its next generation gets them again.
 */
#ifndef KERNEL_DISK_DISK_H
#define KERNEL_DISK_DISK_H

#include "gates/manifest.h"
#include "kernel/list.h"

#define SECTOR 512u

struct unit; /* of a driver: kernel/disk/unit.h */

enum disk_flag { DISK_READ_ONLY = 1, DISK_CACHES = 2, DISK_OPTICAL = 8 };

struct disk {
	char name[12]; /* sda, sda1, vdb, ram0, sr0 */
	u32 device; /* major << 8 | minor */
	struct unit *unit;
	u32 first, sectors; /* on the unit */
	u32 flags; /* enum disk_flag */
	u32 users; /* enum disk_user, added up; atomic */
	struct list list; /* of disks */
};

/* A disk is mounted (once), or some have it open for writing. */
enum disk_user { DISK_MOUNTED = 1, DISK_WRITER = 2 };

extern struct list disks; /* in order of finding; they never go */

/* Ask all drivers for their disks, read partition tables, and go on to do so
 * when asked again (a domain was started later). May sleep. */
void disks_find(void);

/* That domain runs again after a death, runs for the first time, or is off:
 * if it has disks, what it had under way begins again. World stopped. */
struct domain;
void disks_restarted(const struct domain *d);

/* NULL if there is none. */
struct disk *disk_named(const char *name);
struct disk *disk_of(u32 device);
u64 disk_bytes(u32 device); /* its size; 0: there is none */

enum io_how { IO_READ = 1, IO_WRITE = 2, IO_FLUSH = 3 };

/* Frames or parts of them, never across a frame's end. */
struct io_piece {
	u32 address, bytes; /* physical; bytes: a multiple of 512 */
};

/*
 * One transfer. Whoever makes it keeps it and its pieces until `done` was
 * called, once: by any thread, possibly inside a driver's up call; it takes
 * spinlocks and wakes threads, and nothing that sleeps. A flush comes after
 * all that was done before it was given, and needs no pieces. Transfers under
 * way at once have no order: of two that overlap, one waits for the other.
 */
struct io {
	struct disk *disk;
	u32 how; /* enum io_how */
	u32 sector, count; /* on the disk */
	struct io_piece *pieces;
	u32 piece_count;
	void (*done)(struct io *io);
	void *context; /* the maker's */
	i32 result; /* 0 or -errno: EIO, EROFS, ENXIO (past the end) */
	u32 moved, alone; /* the queue's: sectors done; tried for itself */
	struct list list; /* the queue's */
};

/* Queue it: io_go is to follow, so that requests next to each other are merged,
 * and given to the driver in order of sectors. Never sleeps; no spinlock but
 * the caller's own held. */
void io_start(struct io *io);

/* Give what is queued to the driver, as much as it takes; the rest follows by
 * itself. May sleep. */
void io_go(struct disk *d);

/* Queue it and wait for it, whatever `done` is. 0 or -errno. */
i32 io_wait(struct io *io);

/* The same for `count` sectors to or from memory of the core that lies in the
 * direct map and is aligned to 512 bytes. */
i32 disk_read(struct disk *d, u32 sector, u32 count, void *to);
i32 disk_write(struct disk *d, u32 sector, u32 count, const void *bytes);
i32 disk_flush(struct disk *d);

/* Special files of disks: opening one, its device number being its inode's;
 * making what was written to it durable. 0 or -errno. */
struct file;
i32 disk_open(struct file *f);
i32 disk_file_sync(struct file *f);

#endif

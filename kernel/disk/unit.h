/*
 * Units: what drivers call their disks, and the requests that are under way
 * to each. A unit is made when it is found and never goes; its driver may.
 */
#ifndef KERNEL_DISK_UNIT_H
#define KERNEL_DISK_UNIT_H

#include "core.h"
#include "kernel/disk/queue.h"
#include "kernel/domain.h"

#define UNITS	 16u /* in all */
#define REQUESTS 32u /* under way at once to one unit, at most */
#define PIECES	 128u /* runs of memory of a request, at most */
/* Of block_disk.flags: pieces are for it; it takes requests in rows. */
#define DISK_REACHES 4u
#define DISK_ROWS    16u

/* One that may have disks: a domain that exports `block`. */
struct driver {
	const char *name; /* of the domain; NULL: none yet */
	const char *prefix, *prefix_optical; /* of its disks' names */
	u32 major, major_optical;
	u32 minors; /* for each disk: it and its partitions */
	u32 found, found_optical; /* disks so far */
	u32 asked; /* units so far */
	char own[MANIFEST_NAME_SIZE]; /* where `name` is that, if not known */
	struct import block;
};

enum request_state {
	REQUEST_FREE,
	REQUEST_GIVEN, /* to the driver */
	REQUEST_LOST, /* by it: to be given again */
};

struct request {
	struct unit *unit;
	u32 tag; /* another one each time that it is given; 0: free */
	u8 state; /* enum request_state */
	u8 tries; /* that took too long */
	u8 copying; /* put and get under way */
	u8 how; /* enum io_how */
	u32 sector, count; /* on the unit */
	u64 deadline;
	struct list ios;
	struct io_piece *pieces; /* as the driver gets them */
	u32 piece_count;
};

struct unit {
	struct driver *driver;
	u32 number; /* the driver's */
	u32 index; /* in `units` */
	struct block_disk is; /* as checked */
	struct limits limits;
	struct disk *whole;
	struct mutex writing; /* programs' writes, of parts of sectors */
	struct spinlock lock; /* of all below */
	struct queue queue;
	struct list refused; /* transfers with a result that is not told yet */
	struct request requests[REQUESTS];
	u32 given; /* requests with the driver */
	u32 sequence; /* of tags */
	u32 started; /* by io_start; about right is enough */
	u8 giving; /* a thread gives requests to the driver, */
	u8 again; /* and is to look again */
	u8 gone; /* the driver is: the unit's thread revives it */
	u8 full; /* the driver takes no more until one is done */
	u8 changed; /* it is another disk now: nothing works */
	u32 fruitless; /* revivals of a driver that was there */
	u32 generation; /* of the driver, when it was last revived */
	/* guarded by the scheduler's lock */
	struct wait_queue work;
	u8 go;
	u64 look; /* the unit's thread looks at the latest then */
};

extern struct unit *units[UNITS]; /* in order of finding; NULL: no more */

/* ---- unit.c ---- */

/* Ask the driver what disk this is, and check the answer: 0, or -E_NAME,
 * -E_DEVICE, -E_GONE. */
i32 unit_identify(struct driver *driver, u32 number, struct block_disk *is);

/* A disk, or one of its partitions, from now on. NULL without memory. */
struct disk *disk_add(struct unit *u, u32 part, u32 first, u32 sectors);

/* The same as below, by itself; names that were not in /dev are looked for
 * anew. */
i32 partitions_read_again(struct unit *u);

/* ---- partition.c ---- */

/* Make disks of the partitions that the unit's first sectors tell of; of those
 * known before, change the place. 0 or -errno. */
i32 partitions_read(struct unit *u);

/* ---- run.c: giving requests to the driver ---- */

/* A thread for each unit. -E_MEMORY. */
i32 unit_start(struct unit *u);

/* Give what waits to the driver, as much as it takes. May sleep. */
void unit_run(struct unit *u);

/* Have the unit's thread do so. No lock but spinlocks held. */
void unit_go(struct unit *u);

/* ---- request.c: the requests ---- */

/* The driver has one request more, or less. Unit's lock held. */
void given_change(struct unit *u, i32 change);

/* Room for its pieces. -E_MEMORY. */
i32 requests_make(struct unit *u);

/* The next request to be given, made or made again; NULL: none. What could
 * not be made one has gone to `ended`. Unit's lock held. */
struct request *request_next(struct unit *u, struct list *ended);

/*
 * Whether the driver is to be given more. One that takes rows gets them when it
 * has done half of what it can have: few rows, and long ones. Unit's lock held.
 */
int unit_hungry(const struct unit *u);

/* The driver has not got it. Unit's lock held. */
void request_lose(struct request *r);

/* It is at its end: -E_NAME for failure. Unit's lock held. */
void request_end(struct request *r, i32 result, struct list *ended);

/* Those with the driver are lost. Unit's lock held. */
void requests_lose(struct unit *u);

/* Everything fails, what waits as well. May sleep. */
void unit_fail(struct unit *u);

/* Call `done` of all of these; no locks held. */
void ios_end(struct list *ended);

#endif

/*
 * Finding disks: every domain that may have some is asked when the system
 * starts, and again when one of them begins to run. What they answer is
 * checked: the rest of the core counts on it.
 */
#include "kernel/disk/unit.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/tsc.h"
#include "kernel/vfs/entry.h"

#define NUMBERS	   16u /* units that a driver is asked for */
#define ALIGN_MOST 128u /* sectors */
#define MOST	   8192u /* sectors of one request */
#define PART_WHOLE 0u

struct list disks = { &disks, &disks };
struct unit *units[UNITS];

static struct driver drivers[] = {
	{ .name = "ata",
	  .prefix = "sd",
	  .major = 8,
	  .minors = 16,
	  .prefix_optical = "sr",
	  .major_optical = 11 },
	{ .name = "virtio", .prefix = "vd", .major = 254, .minors = 16 },
	{ .name = "ram", .prefix = "ram", .major = 1, .minors = 1 },
	{ .major = 259, .minors = 1 }, /* some other one, by its own name */
	{ .major = 260, .minors = 1 },
};

#define DRIVERS (sizeof(drivers) / sizeof(*drivers))

static struct mutex finding = MUTEX(finding, "disks");
static struct wait_queue wanted_queue = { { &wanted_queue.threads,
					    &wanted_queue.threads } };
static u32 wanted;

struct disk *disk_named(const char *name)
{
	for (struct list *l = disks.next; l != &disks; l = l->next) {
		struct disk *d = LIST_OF(l, struct disk, list);

		if (text_equal(d->name, name))
			return d;
	}
	return 0;
}

struct disk *disk_of(u32 device)
{
	for (struct list *l = disks.next; l != &disks; l = l->next) {
		struct disk *d = LIST_OF(l, struct disk, list);

		if (d->device == device)
			return d;
	}
	return 0;
}

/* ---- what a driver says that its disk is ---- */

static int is_power(u32 n)
{
	return n && !(n & (n - 1));
}

/* Make sense of it: 0, or -E_DEVICE. */
static i32 check(struct block_disk *is)
{
	u32 known = DISK_READ_ONLY | DISK_CACHES | DISK_REACHES | DISK_ROWS |
		    DISK_OPTICAL;

	is->flags &= known;
	is->depth = min(is->depth, REQUESTS);
	is->pieces = min(is->pieces, PIECES);
	is->most = min(is->most, MOST);
	if (!is_power(is->align) || is->align > ALIGN_MOST)
		return -E_DEVICE;
	is->most -= is->most % is->align;
	is->sectors -= is->sectors % is->align;
	if (!is->sectors || !is->most || !is->depth || !is->pieces)
		return -E_DEVICE;
	if (is->flags & DISK_OPTICAL)
		is->flags |= DISK_READ_ONLY;
	for (u32 i = 0; i < sizeof(is->model); i++)
		if (is->model[i] && (is->model[i] < ' ' || is->model[i] > '~'))
			is->model[i] = '?';
	is->model[sizeof(is->model) - 1] = 0;
	return 0;
}

i32 unit_identify(struct driver *driver, u32 number, struct block_disk *is)
{
	i32 error = down_block_identify(&driver->block, number, is);

	return error < 0 ? error : check(is);
}

/* ---- making one ---- */

struct disk *disk_add(struct unit *u, u32 part, u32 first, u32 sectors)
{
	int optical = u->driver->prefix_optical && (u->is.flags & DISK_OPTICAL);
	struct driver *driver = u->driver;
	struct disk *d = heap_take_now(sizeof(*d));
	u32 n = part ? 0 : optical ? driver->found_optical : driver->found;

	if (!d)
		return 0;
	if (part) {
		print_to(d->name, sizeof(d->name), "%s%u", u->whole->name,
			 part);
		d->device = u->whole->device + part;
	} else if (optical || driver->minors == 1) {
		print_to(d->name, sizeof(d->name), "%s%u",
			 optical ? driver->prefix_optical : driver->prefix, n);
		d->device = (optical ? driver->major_optical : driver->major)
				    << 8 |
			    n;
	} else {
		print_to(d->name, sizeof(d->name), "%s%c", driver->prefix,
			 'a' + (char)n);
		d->device = driver->major << 8 | n * driver->minors;
	}
	d->unit = u;
	d->first = first;
	d->sectors = sectors;
	d->flags = u->is.flags & (DISK_READ_ONLY | DISK_CACHES | DISK_OPTICAL);
	list_add_last(&disks, &d->list);
	return d;
}

static void unit_free(struct unit *u)
{
	for (u32 i = 0; i < REQUESTS; i++)
		heap_give(u->requests[i].pieces);
	heap_give(u);
}

static struct unit *unit_make(struct driver *driver, u32 number,
			      const struct block_disk *is)
{
	static struct lock_class class = { .name = "disk" };
	static struct lock_class writing = { .name = "disk writes" };
	struct unit *u = heap_take_now(sizeof(*u));

	if (!u)
		return 0;
	u->driver = driver;
	u->number = number;
	while (units[u->index])
		u->index++;
	u->is = *is;
	u->limits = (struct limits){
		.most = is->most,
		.pieces = is->flags & DISK_REACHES ? is->pieces : 0,
		.align = is->align,
	};
	u->lock.class = &class;
	mutex_init(&u->writing, &writing);
	queue_init(&u->queue);
	list_init(&u->refused);
	u->generation = driver->block.domain->generations;
	if (requests_make(u) == 0)
		u->whole = disk_add(u, PART_WHOLE, 0, is->sectors);
	if (u->whole)
		return u;
	unit_free(u);
	return 0;
}

static void unit_found(struct driver *driver, u32 number,
		       const struct block_disk *is)
{
	struct unit *u = units[UNITS - 1] ? 0 : unit_make(driver, number, is);

	if (!u || unit_start(u) < 0) {
		print("disks: no room for unit %u of %s\n", number,
		      driver->name);
		return;
	}
	if (driver->prefix_optical && (is->flags & DISK_OPTICAL))
		driver->found_optical++;
	else
		driver->found++;
	__atomic_store_n(&units[u->index], u, __ATOMIC_RELEASE);
	print("disk %s: %u MiB%s, %s\n", u->whole->name, is->sectors / 2048,
	      is->flags & DISK_READ_ONLY ? ", read-only" : "", is->model);
	partitions_read(u);
}

/* ---- looking for them ---- */

/* Its units from the first that was not asked for yet. */
static void driver_ask(struct driver *driver)
{
	while (driver->asked < NUMBERS) {
		struct block_disk is;
		i32 error = unit_identify(driver, driver->asked, &is);

		if (error == -E_GONE && import_revive(&driver->block) == 0) {
			thread_sleep(tsc_now() + 10000000);
			continue;
		}
		if (error == -E_GONE)
			return;
		if (error == 0)
			unit_found(driver, driver->asked, &is);
		driver->asked = error == -E_NAME ? NUMBERS : driver->asked + 1;
	}
}

static int is_bound(const struct driver *driver)
{
	const struct domain *d = driver->block.domain;

	return d && driver->name && text_equal(d->name, driver->name);
}

/* d is no driver that is known yet: it gets a row if it has disks. */
static void driver_add(const struct domain *d)
{
	struct driver *free = 0;

	for (u32 i = DRIVERS; i-- > 0;) {
		if (!drivers[i].name)
			free = &drivers[i];
		else if (text_equal(drivers[i].name, d->name))
			return;
	}
	for (u32 n = 0; free && n < d->image.manifest->export_count; n++)
		if (text_equal(d->image.exports[n].gate, "block")) {
			text_copy(free->own, sizeof(free->own), d->name);
			free->name = free->prefix = free->own;
		}
}

static void drivers_look(void)
{
	mutex_lock(&domain_mutex);
	for (struct list *l = domains.next; l != &domains; l = l->next)
		driver_add(LIST_OF(l, struct domain, list));
	mutex_unlock(&domain_mutex);
}

static void find(void)
{
	struct list *last = disks.prev;

	mutex_lock(&finding);
	drivers_look();
	for (u32 i = 0; i < DRIVERS; i++) {
		struct driver *d = &drivers[i];

		if (d->name && !d->block.domain)
			import_bind(&d->block, "block", d->name);
		if (is_bound(d))
			driver_ask(d);
	}
	if (disks.prev != last)
		entries_prune(0); /* that there is no /dev/sda is forgotten */
	mutex_unlock(&finding);
}

i32 partitions_read_again(struct unit *u)
{
	i32 error;

	mutex_lock(&finding);
	error = partitions_read(u);
	entries_prune(0);
	mutex_unlock(&finding);
	return error;
}

/* Finds disks of domains that are started later. */
static void finder(void *argument)
{
	(void)argument;
	for (;;) {
		scheduler_lock();
		while (!wanted)
			wait_in(&wanted_queue, WAIT_FOREVER);
		wanted = 0;
		scheduler_unlock();
		find();
	}
}

void disks_find(void)
{
	static u32 started;

	if (!__atomic_exchange_n(&started, 1, __ATOMIC_RELAXED) &&
	    !thread_start("disks", RANK_NORMAL, finder, 0))
		print("disks: no memory for their thread\n");
	find();
}

static void find_soon(void)
{
	scheduler_lock();
	wanted = 1;
	wake_all(&wanted_queue);
	scheduler_unlock();
}

void disks_restarted(const struct domain *d)
{
	for (u32 n = 0; n < UNITS && units[n]; n++) {
		struct unit *u = units[n];

		if (!text_equal(u->driver->name, d->name))
			continue;
		spin_lock(&u->lock);
		u->gone = 1;
		requests_lose(u);
		spin_unlock(&u->lock);
		unit_go(u);
	}
	for (u32 n = 0; n < d->image.manifest->export_count; n++)
		if (text_equal(d->image.exports[n].gate, "block"))
			find_soon();
}

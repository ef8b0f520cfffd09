/*
 * Volumes: making them with an instance of the domain that understands them,
 * and the frame around each operation of that domain.
 */
#include "kernel/volume/volume.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/load.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/space/cache.h"
#include "kernel/vfs/inode.h"
#include "kernel/volume/buffer.h"
#include "kernel/volume/transaction.h"

#define ENOUGH 32u /* frames that are freed when memory is short */
#define FEW    2u /* or blocks, if there are none */

static struct list volumes = { &volumes, &volumes };
static struct mutex volumes_lock = MUTEX(volumes_lock, "volumes");
static struct lock_class operating_class = { .name = "volume" };
static u32 instances; /* ever made */

const char *volume_domain(const struct volume *v)
{
	return v->name;
}

struct disk *volume_disk(const struct volume *v)
{
	return v->disk;
}

struct mount *volume_mount(const struct volume *v)
{
	return v->mount;
}

void volume_mount_set(struct volume *v, struct mount *m)
{
	v->mount = m;
}

void volume_changed(struct volume *v)
{
	transaction_changed(v);
}

u32 volume_block_sectors(const struct volume *v)
{
	return v->block_size / SECTOR;
}

/* ---- making one ---- */

static void volume_free(struct volume *v)
{
	if (v->domain) {
		domain_stop(v->domain);
		domain_unload(v->domain);
	}
	journal_free(v);
	if (v->buckets)
		buffers_drop(v);
	set_free(&v->held);
	set_free(&v->held_before);
	set_free(&v->revokes);
	heap_give(v->undo);
	heap_give(v->buckets);
	heap_give(v);
}

static struct volume *volume_make(struct disk *disk, int read_only)
{
	struct volume *v = heap_take_now(sizeof(*v));

	if (!v)
		return 0;
	v->disk = disk;
	v->read_only = (u8)read_only;
	mutex_init(&v->operating, &operating_class);
	wait_queue_init(&v->reads);
	list_init(&v->used);
	list_init(&v->staged);
	list_init(&v->running);
	list_init(&v->committing);
	list_init(&v->home);
	v->buckets = heap_take_now(BUCKETS * sizeof(*v->buckets));
	v->undo = heap_take_now(UNDO_BYTES);
	if (!v->buckets || !v->undo) {
		heap_give(v->undo);
		heap_give(v->buckets);
		heap_give(v);
		return 0;
	}
	for (u32 i = 0; i < BUCKETS; i++)
		list_init(&v->buckets[i]);
	return v;
}

/* Its domain: an instance of `kind` with a name of its own. */
static i32 instance_start(struct volume *v, const char *kind, int sealed)
{
	i32 error;

	print_to(v->name, sizeof(v->name), "%s.%u", kind,
		 __atomic_add_fetch(&instances, 1, __ATOMIC_RELAXED));
	error = load_instance(kind, v->name, &v->domain);
	if (error < 0) {
		v->domain = 0;
		return error == -E_MEMORY ? -ENOMEM : -ENODEV;
	}
	v->domain->volume = v;
	if (sealed)
		v->domain->organization = ORGANIZATION_SEALED;
	return domain_start(v->domain) < 0 ? -ENOMEM : 0;
}

i32 volume_open(struct disk *disk, const char *kind, u32 flags,
		struct volume **out)
{
	struct volume *v;
	u32 nobody = 0;
	i32 error;

	if (!__atomic_compare_exchange_n(&disk->users, &nobody, 1, 0,
					 __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		return -EBUSY;
	v = volume_make(disk, flags & MOUNT_READ_ONLY ||
				      (disk->flags & DISK_READ_ONLY));
	error = v ? instance_start(v, kind, flags & MOUNT_SEALED) : -ENOMEM;
	if (!error)
		error = transactions_start(v);
	if (error < 0) {
		if (v)
			volume_free(v);
		__atomic_sub_fetch(&disk->users, 1, __ATOMIC_SEQ_CST);
		return error;
	}
	mutex_lock(&volumes_lock);
	list_add_last(&volumes, &v->list);
	mutex_unlock(&volumes_lock);
	*out = v;
	return 0;
}

void volume_close(struct volume *v)
{
	struct disk *disk = v->disk;

	transactions_stop(v);
	mutex_lock(&volumes_lock);
	list_remove(&v->list);
	mutex_unlock(&volumes_lock);
	volume_free(v);
	__atomic_sub_fetch(&disk->users, 1, __ATOMIC_SEQ_CST);
}

i32 volume_size_set(struct volume *v, u32 size)
{
	u32 sectors = size / SECTOR;

	if (size < SECTOR || size > PAGE || size & (size - 1))
		return -E_RANGE;
	if (size != v->block_size) {
		if (v->running_count || v->committing_count || v->home_count)
			return -E_BUSY;
		stage_drop(v);
		v->missed = 0;
		buffers_drop(v);
		set_free(&v->held);
		set_free(&v->held_before);
		set_free(&v->revokes);
		v->block_size = size;
		v->blocks = v->disk->sectors / sectors;
		if (set_make(&v->held, v->blocks) < 0 ||
		    set_make(&v->held_before, v->blocks) < 0 ||
		    set_make(&v->revokes, v->blocks) < 0) {
			v->blocks = v->block_size = 0;
			return -E_MEMORY;
		}
	}
	return (i32)v->blocks;
}

i32 volume_read_only(struct volume *v, int read_only)
{
	if (!read_only && (v->failed || v->disk->flags & DISK_READ_ONLY))
		return -EROFS;
	mutex_lock(&v->operating);
	v->read_only = (u8) !!read_only;
	mutex_unlock(&v->operating);
	return 0;
}

/* ---- one operation ---- */

void volume_begin(struct volume *v, int changes)
{
	mutex_lock(&v->operating);
	while (changes && !v->failed && transaction_is_full(v)) {
		mutex_unlock(&v->operating);
		transaction_room(v);
		mutex_lock(&v->operating);
	}
	v->operator= thread_asking();
	v->changes = (u32)changes;
	v->missed = 0;
	v->starved = v->waits_journal = 0;
}

/* It lacked memory: make some. Blocks go last, and few of them: those that
 * the operation has just got must be there when it is made again. */
static void feed(void)
{
	struct physical p;

	if (cache_evict(ENOUGH) || volumes_trim(FEW))
		return;
	p = frame_take_user(0);
	if (frame_ok(p))
		frame_drop(p);
}

/* What an operation that answered -E_AGAIN lacked. 1: it is there now. */
static int provide(struct volume *v, struct buffer *missed, u32 starved,
		   u32 journal, i32 *answer)
{
	i32 error;

	if (missed) {
		buffer_wait(missed);
		buffer_unpin(missed);
		return 1;
	}
	if (starved) {
		feed();
		return 1;
	}
	if (journal) {
		error = journal_look(v);
		*answer = error == -ENOMEM ? -E_MEMORY : -E_FORM;
		return error == 0;
	}
	*answer = -E_FORM; /* it would ask for ever */
	return 0;
}

/* It found no room: is there some that only the next commit gives back? Then
 * make that, and look again. No locks held. */
static int room_release(struct volume *v)
{
	if (!v->held.count && !v->held_before.count)
		return 0;
	return !transaction_is_here(v) && volume_sync(v) == 0;
}

int volume_end(struct volume *v, i32 *answer)
{
	struct buffer *missed = v->missed;
	u32 starved = v->starved, journal = v->waits_journal;
	u32 full = frame_total() / 8, reading = v->reading;

	if (*answer >= 0)
		stage_publish(v);
	else
		stage_drop(v);
	v->operator= 0;
	v->reading = 0;
	if (*answer != -E_AGAIN)
		missed = 0;
	if (missed)
		buffer_pin(missed);
	if (v->buffers > full)
		volume_trim(v, v->buffers - full);
	mutex_unlock(&v->operating);
	if (reading)
		io_go(v->disk);
	if (*answer == -E_FULL)
		return room_release(v);
	if (*answer != -E_AGAIN)
		return 0;
	return provide(v, missed, starved, journal, answer);
}

/* ---- all of them ---- */

u32 volumes_trim(u32 most)
{
	u32 gone = 0;

	if (!mutex_try(&volumes_lock))
		return 0;
	for (struct list *l = volumes.next; l != &volumes; l = l->next) {
		struct volume *v = LIST_OF(l, struct volume, list);

		if (gone >= most || v->operator== thread_asking() ||
		    !mutex_try(&v->operating))
			continue;
		gone += volume_trim(v, most - gone);
		mutex_unlock(&v->operating);
	}
	mutex_unlock(&volumes_lock);
	return gone;
}

/*
 * Directory entries as inodes, and what their attributes are.
 */
#include "inode.h"

#include "kept.h"

#define DAY	   86400u
#define FIRST_DAY  3652u /* 1980-01-01, in days since 1970 */
#define CIVIL_ZERO 719468u /* days from March of year 0 to 1970 */
#define ERA	   146097u /* days of 400 years */

u32 record_cluster(const struct record *r)
{
	u32 high = fs.width == 32 ? r->cluster_high : 0;

	return high << 16 | r->cluster_low;
}

void record_cluster_set(struct record *r, u32 cluster)
{
	r->cluster_low = (u16)cluster;
	if (fs.width == 32)
		r->cluster_high = (u16)(cluster >> 16);
}

/* ---- getting and putting ---- */

static void inode_root(struct inode *i)
{
	*i = (struct inode){ .number = ROOT,
			     .record = { .attributes = RECORD_FOLDER } };
	record_cluster_set(&i->record, fs.root_cluster);
	i->stored = i->record;
}

i32 inode_get(u32 number, struct inode *i)
{
	const struct orphan *orphan = orphan_find(number);
	const struct record *r = &i->record;

	if (!number)
		return -E_NAME;
	if (number == ROOT) {
		inode_root(i);
		return 0;
	}
	i->number = number;
	i->is_orphan = orphan != NULL;
	if (orphan)
		i->record = orphan->record;
	else if (!slot_ok(number))
		return -E_NAME;
	else
		RETURN_IF(slot_read(number, &i->record));
	i->stored = i->record;
	if (r->name[0] == RECORD_UNUSED || r->name[0] == RECORD_GONE ||
	    r->name[0] == '.' || r->attributes & RECORD_LABEL)
		return -E_NAME;
	return 0;
}

void inode_of(const struct found *f, struct inode *i)
{
	*i = (struct inode){ .number = f->number,
			     .record = f->record,
			     .stored = f->record };
}

i32 inode_put(struct inode *i)
{
	if (i->number == ROOT ||
	    memcmp(&i->record, &i->stored, sizeof i->record) == 0)
		return 0;
	i->stored = i->record;
	if (i->is_orphan)
		return orphan_set(i->number, &i->record);
	return slot_write(i->number, &i->record);
}

i32 folder_of(const struct inode *i, struct folder *dir)
{
	if (!is_folder(i))
		return -E_KIND;
	if (i->is_orphan)
		return -E_NAME;
	dir->number = i->number;
	dir->cluster = record_cluster(&i->record);
	if (i->number != ROOT && !cluster_ok(dir->cluster))
		return -E_FORM;
	return 0;
}

i32 folder_get(u32 number, struct folder *dir)
{
	struct inode i;

	RETURN_IF(inode_get(number, &i));
	return folder_of(&i, dir);
}

/* ---- times ---- */

struct moment moment_of(u32 seconds)
{
	u32 day = seconds / DAY, of_era, year, of_year, month, rest;

	if (day < FIRST_DAY)
		return (struct moment){ 1 << 5 | 1, 0 };
	rest = seconds % DAY;
	of_era = (day + CIVIL_ZERO) % ERA;
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA - 1)) /
	       365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	year += (day + CIVIL_ZERO) / ERA * 400;
	month = (5 * of_year + 2) / 153;
	day = of_year - (153 * month + 2) / 5 + 1;
	month = month < 10 ? month + 3 : month - 9;
	year += month <= 2;
	return (struct moment){
		.date = (u16)((year - 1980) << 9 | month << 5 | day),
		.time = (u16)(rest / 3600 << 11 | rest / 60 % 60 << 5 |
			      rest % 60 / 2),
	};
}

u32 moment_seconds(u32 date, u32 time)
{
	u32 year = 1980 + (date >> 9), month = date >> 5 & 15;
	u32 day = max(date & 31, 1u), of_year, of_era;

	month = min(max(month, 1u), 12u);
	year -= month <= 2;
	month = month > 2 ? month - 3 : month + 9;
	of_year = (153 * month + 2) / 5 + day - 1;
	of_era = year % 400 * 365 + year % 400 / 4 - year % 400 / 100 + of_year;
	day = year / 400 * ERA + of_era - CIVIL_ZERO;
	if (day > 0xFFFFFFFFu / DAY - 1)
		day = 0xFFFFFFFFu / DAY - 1;
	return day * DAY + (time >> 11) % 24 * 3600 +
	       (time >> 5 & 63) % 60 * 60 + (time & 31) % 30 * 2;
}

/* ---- attributes ---- */

i32 inode_attributes(const struct inode *i, struct filesystem_attributes *a)
{
	const struct record *r = &i->record;
	u32 modified = moment_seconds(r->date, r->time), size = r->size;
	u32 cluster = 1u << fs.cluster_shift;
	struct folder dir;

	*a = (struct filesystem_attributes){
		.inode = i->number,
		.mode = MODE_FILE | (0777 & ~options.file_mask),
		.links = 1,
		.uid = options.uid,
		.gid = options.gid,
		.accessed = moment_seconds(r->accessed_date, 0),
		.modified = modified,
		.changed = modified,
		.flags = NO_HOLES,
	};
	if (is_folder(i)) {
		i32 error = folder_of(i, &dir);
		u32 folders = 0;

		size = 0;
		if (!error)
			error = folder_measure(&dir, &folders, &size);
		if (error == -E_AGAIN)
			return error;
		a->links = folders + 2;
		a->mode = MODE_FOLDER | (0777 & ~options.folder_mask);
	} else if (r->attributes & RECORD_READ_ONLY) {
		a->mode &= ~0222u;
	}
	if (i->is_orphan)
		a->links = 0;
	a->size = size;
	a->blocks = (size / cluster + (size % cluster != 0)) * (cluster / 512);
	return 0;
}

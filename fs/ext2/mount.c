/*
 * A volume taken into use: the superblock, the journal, orphans of an earlier
 * life, and the marks that say how it was left.
 */
#include "cache.h"
#include "folder.h"
#include "truncate.h"

#define JOURNAL_RUNS  512u
#define JOURNAL_LEAST 1024u /* blocks */

/* Was it in order when it was mounted? A hint: one that is lost means no. */
static bool was_clean;

/* The journal's place: u32 first, u32 count of each run. */
static u32 journal_runs[2 * JOURNAL_RUNS];

static i32 journal_list(const struct inode *i, u32 count, u32 *runs)
{
	u32 *next = journal_runs;

	for (u32 at = 0; at < count;) {
		struct filesystem_run run;

		RETURN_IF(map_run(i, at, count - at, &run));
		if (run.block == HOLE)
			return -E_FORM;
		if (at && next[-2] + next[-1] == run.block) {
			next[-1] += run.count;
		} else if (next == journal_runs + 2 * JOURNAL_RUNS) {
			return -E_FORM;
		} else {
			*next++ = run.block;
			*next++ = run.count;
		}
		at += run.count;
	}
	*runs = (u32)(next - journal_runs) / 2;
	return 0;
}

static i32 journal_open(void)
{
	struct inode i;
	u32 count, runs;
	i32 error;

	RETURN_IF(inode_get_journal(&i));
	if (inode_kind(&i) != MODE_FILE || !i.raw.links)
		return -E_FORM;
	RETURN_IF(inode_blocks(&i, fs.blocks, &count));
	if (count < JOURNAL_LEAST)
		return -E_FORM;
	error = journal_list(&i, count, &runs);
	RETURN_IF(error);
	error = volume_journal((const u8 *)journal_runs, runs * 8);
	cache_forget(); /* what is replayed is not what was there */
	folder_forget();
	return error;
}

i32 filesystem_mount(from char *options, u32 size)
{
	u16 state;
	i32 error;

	(void)options, (void)size;
	fs.ready = false;
	folder_changed();
	folder_forget();
	RETURN_IF(operation_begin(false));
	if (fs.journal) {
		error = journal_open();
		if (error == -E_FORM)
			say("ext2: inode %u is no journal", INODE_JOURNAL);
		RETURN_IF(error);
	}
	RETURN_IF(super_read(offsetof(struct super_block, state), &state, 2));
	was_clean = (state & STATE_CLEAN) && !(state & STATE_ERRORS);
	if (!was_clean)
		say("ext2: it was not unmounted, or has errors (%x): e2fsck",
		    state);
	return INODE_ROOT;
}

/* ---- what was left by an earlier life ---- */

/* One step of the first orphan's end. */
static i32 orphan_step(u32 number)
{
	static struct inode i;
	i32 error = inode_get(number, &i);

	if (error == -E_NAME || error == -E_FORM)
		return orphans_drop();
	RETURN_IF(error);
	if (!i.raw.links) {
		error = inode_end(&i);
	} else if (inode_kind(&i) == MODE_FILE) {
		error = file_cut(&i);
	} else {
		RETURN_IF(orphan_remove(&i));
		error = inode_put(&i);
	}
	return error;
}

static i32 state_change(u16 gone, u16 come)
{
	u32 at = offsetof(struct super_block, state);
	u16 state;

	RETURN_IF(super_read(at, &state, sizeof state));
	state = (u16)((state & ~gone) | come);
	return super_write(at, &state, sizeof state);
}

static i32 recover_change(u32 on)
{
	u32 at = offsetof(struct super_block, incompatible), features;

	RETURN_IF(super_read(at, &features, sizeof features));
	features = (features & ~(u32)RECOVER) | (on ? RECOVER : 0);
	return super_write(at, &features, sizeof features);
}

/* With a journal a volume is in order at any time, once that was replayed. */
static i32 mark(u32 on)
{
	if (fs.journal)
		return recover_change(on);
	if (on)
		return state_change(STATE_CLEAN, 0);
	return was_clean ? state_change(0, STATE_CLEAN) : 0;
}

static i32 is_marked(void)
{
	struct super_block s;

	RETURN_IF(super_read(0, &s, offsetof(struct super_block, uuid)));
	if (fs.journal)
		return !!(s.incompatible & RECOVER);
	return !(s.state & STATE_CLEAN);
}

/* Times, and the count of mounts. */
static i32 history_write(u32 on)
{
	u32 at = offsetof(struct super_block, mounted), times[2], nanoseconds;
	u16 count;

	RETURN_IF(super_read(at, times, sizeof times));
	RETURN_IF(time_now(&times[1], &nanoseconds));
	if (on)
		times[0] = times[1];
	RETURN_IF(super_write(at, times, sizeof times));
	if (!on)
		return 0;
	at = offsetof(struct super_block, mount_count);
	RETURN_IF(super_read(at, &count, sizeof count));
	count++;
	return super_write(at, &count, sizeof count);
}

i32 filesystem_writing(u32 on)
{
	u32 orphan = 0;
	i32 marked;

	RETURN_IF(operation_begin(on != 0));
	if (fs.read_only)
		return 0;
	marked = is_marked();
	RETURN_IF(marked);
	if (!on || !marked) {
		if (on && fs.journal) /* it may have been read-only so far */
			RETURN_IF(journal_open());
		RETURN_IF(history_write(on));
		RETURN_IF(mark(on));
		return on ? 1 : 0;
	}
	RETURN_IF(orphan_first(&orphan));
	if (!orphan)
		return 0;
	RETURN_IF(orphan_step(orphan));
	return operation_end(1);
}

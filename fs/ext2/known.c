/*
 * The name that was looked up last: whoever makes, removes or renames it
 * next need not look again. What was found holds until an operation begins
 * that changes something; that one may use it, once.
 */
#include "folder.h"

static struct {
	u32 dir; /* 0: nothing is known */
	u32 length;
	char text[NAME_MOST];
	i32 there;
	struct spot spot;
	struct gap gap;
	u32 since; /* what changes_begun was */
} known;

static bool changing;
static u32 changes_begun;

void known_forget(void)
{
	known.dir = 0;
}

void folder_begin(bool changes, bool ended)
{
	block_begin(ended);
	changing = changes;
	changes_begun += changes;
	if (changes_begun - known.since > 1)
		known_forget();
}

void folder_changed(void)
{
	changes_begun++;
	known_forget();
}

u32 folder_changes(void)
{
	return changes_begun;
}

bool known_find(const struct inode *dir, struct word name, i32 *there,
		struct spot *found, struct gap *gap)
{
	if (known.dir != dir->number ||
	    changes_begun - known.since != changing ||
	    known.length != name.length ||
	    memcmp(known.text, name.text, name.length) != 0)
		return false;
	*there = known.there;
	*found = known.spot;
	*gap = known.gap;
	return true;
}

void known_set(const struct inode *dir, struct word name, i32 there,
	       const struct spot *found, const struct gap *gap)
{
	known_forget();
	if (changing)
		return;
	known.dir = dir->number;
	known.length = name.length;
	memcpy(known.text, name.text, name.length);
	known.there = there;
	known.spot = *found;
	known.gap = *gap;
	known.since = changes_begun;
}

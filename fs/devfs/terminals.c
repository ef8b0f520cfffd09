/*
 * Pseudo-terminals as files. They come and go without a word to this domain:
 * what chown and chmod made of one is forgotten when a look at pts/ does not
 * find it any more.
 */
#include "terminals.h"

#define MAJOR 136u

static const struct owner as_it_comes = { MODE_CHARACTER | 0620, 0,
					  TERMINAL_GID };

/* The core's next number from this one on; those between are gone. */
static i32 number_next(u32 number)
{
	i32 next = inspect_next_terminal(number);
	u32 end = next < 0 ? TERMINALS : min((u32)next, TERMINALS);
	bool changed = false;

	for (u32 i = number; i < end; i++) {
		changed |= kept->terminals[i].mode != 0;
		kept->terminals[i].mode = 0;
	}
	if (changed)
		memory_commit();
	return next;
}

bool terminal_is(u32 inode)
{
	u32 number = inode - TERMINAL_INODE;

	return number < 0xFFFFF && number_next(number) == (i32)number;
}

u32 terminal_named(const char *name)
{
	u32 number = 0;

	if (!*name || (name[0] == '0' && name[1]))
		return 0;
	for (; *name; name++) {
		u32 digit = (u32)(*name - '0');

		if (digit > 9 || number > 9999)
			return 0;
		number = number * 10 + digit;
	}
	number += TERMINAL_INODE;
	return terminal_is(number) ? number : 0;
}

u32 terminal_next(u32 inode)
{
	i32 next = number_next(inode - TERMINAL_INODE);

	return next < 0 ? 0 : (u32)next + TERMINAL_INODE;
}

static const struct owner *owner_of(u32 number)
{
	if (number < TERMINALS && kept->terminals[number].mode)
		return &kept->terminals[number];
	return &as_it_comes;
}

void terminal_describe(u32 inode, struct filesystem_attributes *a)
{
	u32 number = inode - TERMINAL_INODE;
	const struct owner *o = owner_of(number);

	*a = (struct filesystem_attributes){
		.inode = inode,
		.mode = o->mode,
		.links = 1,
		.uid = o->uid,
		.gid = o->gid,
		.device = MAJOR << 8 | number,
		.accessed = kept->born,
		.modified = kept->born,
		.changed = kept->born,
		.flags = 1,
	};
}

void terminal_change(u32 inode, u32 which,
		     const struct filesystem_attributes *a)
{
	u32 number = inode - TERMINAL_INODE;
	struct owner o = *owner_of(number);

	if (number >= TERMINALS)
		return;
	if (which & 1)
		o.mode = MODE_CHARACTER | (a->mode & MODE_BITS);
	if (which & 2)
		o.uid = a->uid;
	if (which & 4)
		o.gid = a->gid;
	kept->terminals[number] = o;
}

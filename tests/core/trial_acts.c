/*
 * The table of forbidden acts that need more than their name. All others are
 * called straight from the core with 16 bytes to read and 64 to fill.
 */
#include "tests/core/trial_acts.h"

#include "kernel/memory.h"

#define KIB 1024u
#define MIB (1024u * 1024u)

#define AIMED(shown, does, where) \
	{ \
		.name = shown, .act = does, .aim = where, .size = 16, \
		.room = 64 \
	}
#define SIZED(shown, does, how, from_size, into_size) \
	{ \
		.name = shown, .act = does, .way = how, .size = from_size, \
		.room = into_size \
	}
#define COUNTED(shown, does, count) \
	{ \
		.name = shown, .act = does, .argument = count, .size = 16, \
		.room = 64 \
	}
/* A lend of so many bytes, from a domain: byte `size`, and the one before. */
#define LENT(shown, bytes) \
	SIZED("read-past-" shown, "from-read-past", WAY_LENDER, bytes, 1), \
		SIZED("read-last-" shown, "from-read-last", WAY_LENDER, bytes, \
		      1), \
		SIZED("write-past-" shown, "into-write-past", WAY_LENDER, 1, \
		      bytes), \
		SIZED("write-last-" shown, "into-write-last", WAY_LENDER, 1, \
		      bytes)

static const struct forbidden table[] = {
	AIMED("core-read", "linear-read", AIM_CORE),
	AIMED("core-write", "linear-write", AIM_CORE),
	AIMED("neighbour-read", "linear-read", AIM_NEIGHBOUR),
	AIMED("neighbour-write", "linear-write", AIM_NEIGHBOUR),
	AIMED("esp-core", "esp-linear", AIM_CORE),
	AIMED("esp-neighbour", "esp-linear", AIM_NEIGHBOUR),
	AIMED("core-code-call", "core-code-call", AIM_CORE),
	AIMED("core-code-jump", "core-code-jump", AIM_CORE),
	AIMED("core-code-return", "core-code-return", AIM_CORE),
	AIMED("core-iret", "core-iret", AIM_CORE),
	AIMED("gate-load", "gate-load", AIM_OWN_GATE),
	AIMED("gate-own", "gate-own", AIM_OWN_GATE),
	AIMED("gate-not-imported", "gate-forged", AIM_OTHER_GATE),
	AIMED("other-data-load", "other-data-load", AIM_NEIGHBOUR_DATA),
	COUNTED("gate-beyond-table", "gate-forged", 0xFFF9),
	COUNTED("gate-absent", "gate-forged", 8000 * 8 + 1),
	COUNTED("gate-null", "gate-forged", 0),
	COUNTED("return-far-off", "return-corrupted", 0xDEAD0000),
	COUNTED("return-null", "return-corrupted", 0),
	LENT("1", 1),
	LENT("2", 2),
	LENT("4095", 4095),
	LENT("4096", 4096),
	LENT("64k-less-1", 64 * KIB - 1),
	LENT("64k", 64 * KIB),
	LENT("64k-and-1", 64 * KIB + 1),
	LENT("1m-less-1", MIB - 1),
	LENT("1m", MIB),
	LENT("1m-and-page", MIB + 4 * KIB),
	LENT("2m", 2 * MIB),
	SIZED("read-empty", "empty-read", WAY_DIRECT, 0, 64),
	SIZED("write-empty", "empty-write", WAY_DIRECT, 16, 0),
	SIZED("read-empty-lent", "empty-read", WAY_LENDER, 0, 64),
	SIZED("write-empty-lent", "empty-write", WAY_LENDER, 16, 0),
	SIZED("read-empty-lent-on", "empty-read", WAY_LENT_ON, 0, 64),
	SIZED("write-empty-lent-on", "empty-write", WAY_LENT_ON, 16, 0),
	SIZED("read-past-lent-on", "from-read-past", WAY_LENT_ON, 16, 64),
	SIZED("read-last-lent-on", "from-read-last", WAY_LENT_ON, 16, 64),
	SIZED("read-before-lent-on", "from-read-negative", WAY_LENT_ON, 16, 64),
	SIZED("write-past-lent-on", "into-write-past", WAY_LENT_ON, 16, 64),
	SIZED("write-last-lent-on", "into-write-last", WAY_LENT_ON, 16, 64),
	SIZED("write-from-lent-on", "from-write", WAY_LENT_ON, 16, 64),
	SIZED("lend-1m-and-1", "from-read-last", WAY_LENDER, MIB + 1, 1),
	SIZED("lend-2m-less-1", "into-write-last", WAY_LENDER, 1, 2 * MIB - 1),
	SIZED("down-return-across", "down-return", WAY_LENDER, 16, 16),
};

const struct forbidden *forbidden_find(const char *name)
{
	for (u32 i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (text_equal(table[i].name, name))
			return &table[i];
	return 0;
}

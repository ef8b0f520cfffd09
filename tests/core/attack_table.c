/*
 * The attacks, family by family. A row is a plan of the domain `intruder` with
 * what it is aimed at; sweeps try one plan with many arguments, each of which
 * may cost it a life.
 */
#include "tests/core/attack_table.h"

#include "kernel/memory.h"
#include "seg/selectors.h"

#define TRICK(shown, does, where, what) \
	{ \
		.name = shown, .plan = does, .target = TARGET_##where, \
		.number = what \
	}
#define TRICK_BY(shown, does, way, where, what) \
	{ \
		.name = shown, .plan = does, .approach = APPROACH_##way, \
		.target = TARGET_##where, .number = what \
	}
#define TRICK_ON(shown, does, where, kind) \
	{ \
		.name = shown, .plan = does, .target = TARGET_##where, \
		.argument = ARGUMENT_##kind \
	}
#define SWEEP(shown, does, where, from_there, to_there, by) \
	{ \
		.name = shown, .plan = does, .target = TARGET_##where, \
		.number = from_there, .last = to_there, .step = by \
	}
#define SWEEP_ON(shown, does, where, kind) \
	{ \
		.name = shown, .plan = does, .target = TARGET_##where, \
		.argument = ARGUMENT_##kind, .step = 1 \
	}

#define LENT_FROM 0x05 /* as a domain sees it that the core calls */

static const struct trick tricks[] = {
	/* programs' flat selectors, and others of ring 3 */
	TRICK("flat-ds", "ds-read", CORE, SEL_USER_DATA),
	TRICK("flat-es", "es-read", CORE, SEL_USER_DATA),
	TRICK("flat-fs", "fs-read", CORE, SEL_USER_DATA),
	TRICK("flat-gs", "gs-read", CORE, SEL_USER_DATA),
	TRICK("flat-level-1", "es-read", CORE, SEL_USER_DATA & ~2),
	TRICK("flat-level-0", "gs-read", NEIGHBOUR, SEL_USER_DATA & ~3),
	TRICK("flat-code", "gs-read", CORE, SEL_USER_CODE),
	TRICK("flat-neighbour", "ds-read", NEIGHBOUR, SEL_USER_DATA),
	TRICK("flat-write", "es-write", NEIGHBOUR, SEL_USER_DATA),
	TRICK("flat-write-core", "ds-write", CORE, SEL_USER_DATA),
	TRICK("flat-stack", "ss-load", NONE, SEL_USER_DATA),
	TRICK("flat-les", "les-read", CORE, SEL_USER_DATA),
	TRICK("flat-lfs", "lfs-read", CORE, SEL_USER_DATA),
	TRICK("flat-lgs", "lgs-read", NEIGHBOUR, SEL_USER_DATA),
	TRICK("flat-lss", "lss-read", NEIGHBOUR, SEL_USER_DATA),
	TRICK("tls-load", "gs-load", NONE, SLOT_TLS * 8 + 3),
	TRICK("served-load", "es-load", NONE, SEL_SERVED_FROM),
	TRICK("served-into-load", "es-load", NONE, SEL_SERVED_INTO),

	/* other domains' selectors and gates */
	TRICK_ON("neighbour-ds", "ds-read", INSIDE, DATA),
	TRICK_ON("neighbour-es", "es-read", INSIDE, DATA),
	TRICK_ON("neighbour-fs", "fs-read", INSIDE, DATA),
	TRICK_ON("neighbour-gs", "gs-read", INSIDE, DATA),
	TRICK_ON("neighbour-gs-write", "gs-write", INSIDE, DATA),
	TRICK_ON("neighbour-ds-write", "ds-write", INSIDE, DATA),
	TRICK_ON("neighbour-ss", "ss-load", NONE, DATA),
	TRICK_ON("neighbour-lss", "lss-read", INSIDE, DATA),
	TRICK_ON("neighbour-lgs", "lgs-read", INSIDE, DATA),
	TRICK_ON("neighbour-text", "gs-read", INSIDE, CODE),
	TRICK_ON("neighbour-call", "call-there", RETURN, CODE),
	TRICK_ON("neighbour-jump", "jump-there", RETURN, CODE),
	TRICK_ON("gate-of-other", "gate-call", NONE, GATE),
	TRICK("readable-scan", "readable-scan", NONE, 0),
	TRICK("writable-scan", "writable-scan", NONE, 0),
	TRICK("limits-scan", "limits-scan", NONE, 0),
	TRICK_ON("gates-scan", "gates-scan", NONE, IMPORTED),
	SWEEP_ON("present-ds", "ds-load", NONE, PRESENT),
	SWEEP_ON("present-gs", "gs-load", NONE, PRESENT),
	SWEEP_ON("present-ss", "ss-load", NONE, PRESENT),
	SWEEP_ON("present-call", "call-there", NONE, PRESENT),
	SWEEP_ON("present-jump", "jump-there", NONE, PRESENT),
	SWEEP_ON("gates-call", "gate-call", NONE, GATES),
	SWEEP("every-ds", "ds-load", NONE, 0, 0xFFFF, 1),
	SWEEP("every-es", "es-load", NONE, 0, 0xFFFF, 1),
	SWEEP("every-fs", "fs-load", NONE, 0, 0xFFFF, 1),
	SWEEP("every-gs", "gs-load", NONE, 0, 0xFFFF, 1),
	SWEEP("every-call", "call-there", NONE, 0, 0xFFFF, 1),
	SWEEP("every-jump", "jump-there", NONE, 0, 0xFFFF, 1),

	/* far returns outward and sideways */
	TRICK_ON("return-neighbour", "return-there", RETURN, CODE),
	TRICK_ON("iret-neighbour", "iret-there", RETURN, CODE),
	TRICK("return-user", "return-outward", NONE, SEL_USER_CODE),
	TRICK("iret-user", "iret-outward", NONE, SEL_USER_CODE),
	TRICK("return-level-2", "own-outward", NONE, 2),
	TRICK("return-level-3", "own-outward", NONE, 3),
	TRICK("return-core", "return-there", CORE, SEL_CORE_CODE),
	TRICK("return-core-1", "return-there", CORE, SEL_CORE_CODE + 1),
	TRICK("iret-virtual", "iret-flags", NONE, 0x20202),
	TRICK("iret-iopl", "iret-flags", NONE, 0x3002),
	TRICK("iret-nested", "iret-flags", NONE, 0x4202),
	TRICK("sysexit", "sysexit", NONE, 0),
	SWEEP_ON("present-return", "return-there", NONE, PRESENT),
	SWEEP_ON("present-iret", "iret-there", NONE, PRESENT),

	/* interrupts, system calls, gates, with all flags */
	SWEEP("int-every", "interrupt", NONE, 0, 255, 1),
	SWEEP("int-trap", "interrupt", NONE, 0x100, 0x1FF, 1),
	SWEEP("int-direction", "interrupt", NONE, 0x200, 0x2FF, 1),
	SWEEP("int-nested", "interrupt", NONE, 0x300, 0x3FF, 1),
	SWEEP("int-alignment", "interrupt", NONE, 0x400, 0x4FF, 1),
	SWEEP("int-all-flags", "interrupt", NONE, 0x500, 0x5FF, 1),
	TRICK("int-80", "interrupt", NONE, 0x80),
	TRICK("int-80-all-flags", "interrupt", NONE, 0x580),
	TRICK("shadow-int", "shadow-interrupt", NONE, 0),
	TRICK("shadow-call", "shadow-call", NONE, 0),
	SWEEP("sysenter-flags", "sysenter", NONE, 0, 0x500, 0x100),
	TRICK("sysenter-stack", "sysenter-stack", CORE, 0),
	SWEEP("call-numbers", "call-number", NONE, 0, 299, 1),
	SWEEP("syscall-flags", "syscall", NONE, 0, 0x500, 0x100),
	SWEEP("system-gate", "system-gate", NONE, 0, 0x500, 0x100),
	SWEEP("up-flags", "up-flags", NONE, 0, 0x500, 0x100),
	SWEEP("relay-flags", "relay-flags", NONE, 0, 0x500, 0x100),
	TRICK("return-trap", "return-early", NONE, 0x100),
	TRICK("return-nested", "return-early", NONE, 0x4000),
	TRICK("return-all-flags", "return-early", NONE, 0x44500),
	SWEEP("doors-flags", "door-flags", CORE, 0, 0x5F, 1),

	/* gates with offsets, and jumps into thunks and stubs */
	SWEEP("gate-offset", "gate-offset", NONE, 0, 0xF0000000, 0x10000001),
	SWEEP("relay-offset", "relay-offset", NONE, 0, 0xF0000000, 0x10000001),
	SWEEP("return-offset", "return-offset", NONE, 1, 0xF0000000,
	      0x30000001),
	TRICK("gate-jump", "gate-jump", NONE, 0),
	TRICK("gate-return", "gate-return", NONE, 0),
	SWEEP("thunk-jump", "thunk-jump", NONE, 0, 399, 1),
	SWEEP("thunk-bare-jump", "thunk-bare-jump", NONE, 0, 299, 1),
	SWEEP("down-jump", "down-jump", NONE, 0, 63, 1),
	SWEEP("down-bare-jump", "down-bare-jump", NONE, 0, 63, 1),
	SWEEP("stub-jump", "stub-jump", NONE, 0, 95, 1),
	SWEEP("relay-stub-jump", "relay-stub-jump", NONE, 0, 63, 1),

	/* linkage and doors */
	TRICK("linkage-write", "linkage-write", NONE, 0),
	TRICK("linkage-top", "linkage-write", NONE, 512),
	TRICK("linkage-read", "linkage-read", NONE, 1024),
	TRICK("doors-write", "doors-write", NONE, 4096),
	TRICK("return-early", "return-early", NONE, 0),
	TRICK_BY("return-early-across", "return-early", OUTER, NONE, 0),
	TRICK_BY("return-early-bare", "return-early", BARE, NONE, 0),
	SWEEP("return-wild-stack", "return-wild-stack", NONE, 0, 0xFFFFFFF0,
	      0x3FFFFFFC),
	TRICK("return-lent-stack", "return-lent-stack", NONE, 0),
	TRICK_BY("return-lent-across", "return-lent-stack", OUTER, NONE, 0),
	TRICK("return-forged", "return-forged", NONE, 0),
	SWEEP("revive-anything", "revive", NONE, 0, 0xFFFF0000, 0xFFF001),
	TRICK("revive-canary", "revive-canary", CORE, 0),
	TRICK("gone-lent-stack", "gone-lent-stack", NONE, 0),

	/* lends that are over, or others' */
	TRICK_BY("stale-read", "lend-stale", TWICE, NONE, 0),
	TRICK_BY("stale-write", "lend-stale-write", TWICE, NONE, 0),
	TRICK_BY("stale-scan", "lend-stale-scan", TWICE, NONE, 0),
	TRICK_BY("stale-mapped", "window-read", TWICE, OUTER, 0x80000000),
	TRICK_BY("stale-mapped-into", "window-read", TWICE, OUTER, 0x80800000),
	TRICK_BY("other-thread", "lend-of-other", COMPANY, NONE, 0),
	TRICK_BY("outer-scan", "ldt-scan", OUTER, OUTER, 0),
	TRICK_BY("outer-read", "outer-read", OUTER, OUTER, 0),
	TRICK("callee-scan", "lend-callee", NONE, 0),
	TRICK("core-scan", "lend-core", NONE, 0),
	TRICK_BY("callee-scan-across", "lend-callee", OUTER, OUTER, 0),
	TRICK("lend-past", "lend-past", NONE, 0),
	TRICK("lend-on-more", "lend-on-more", NONE, 0),

	/* stacks */
	TRICK("pop-core", "pop-there", CORE, 0),
	TRICK("pop-neighbour", "pop-there", NEIGHBOUR, 0),
	TRICK("push-neighbour", "push-there", NEIGHBOUR, 0),
	TRICK("enter-frame", "enter-frame", CORE, 0),
	TRICK("up-bait", "up-there", BAIT, 0),
	TRICK("relay-bait", "relay-there", BAIT, 0),
	SWEEP("up-stack", "up-stack", NONE, 0, 0xFFFFFFF0, 0x0FFFFFFC),
	SWEEP("relay-stack", "relay-stack", NONE, 0, 0xFFFFFFF0, 0x0FFFFFFC),
	SWEEP("up-stack-end", "up-stack-end", NONE, 0, 19, 1),
	SWEEP("relay-stack-end", "relay-stack-end", NONE, 0, 19, 1),
	SWEEP("relay-no-stack", "relay-no-stack", NONE, 0, 0xFFFFFFF0,
	      0x0FFFFFFC),
	TRICK("up-lent-stack", "up-lent-stack", NONE, 0),
	TRICK("relay-lent-stack", "relay-lent-stack", NONE, 0),
	TRICK("relay-lent-stack-read", "relay-lent-stack-read", CORE, 0),
	TRICK_BY("relay-lent-across", "relay-lent-stack", OUTER, OUTER, 0),
	TRICK("up-lent-pairs", "up-lent-stack-pairs", BAIT, 0),
	TRICK("relay-lent-pairs", "relay-lent-stack-pairs", BAIT, 0),
	SWEEP("lent-stack-fault", "lent-stack-fault", NONE, 0, 0xFFFFFFF0,
	      0x1FFFFFFC),
	SWEEP("wild-stack-fault", "wild-stack-fault", NONE, 0, 0xFFFFFFF0,
	      0x1FFFFFFC),
	TRICK("lent-stack-wait", "lent-stack-wait", NONE, 64),
	TRICK("from-stack", "from-stack", NONE, 0),
	TRICK("return-empty", "return-empty", NONE, 0),
	SWEEP("return-rubbish", "return-rubbish", NONE, 0, 0xFFFF, 0x7F1),

	/* every slot of the LDT */
	TRICK("ldt-scan", "ldt-scan", NONE, 0),
	TRICK_BY("ldt-scan-bare", "ldt-scan", BARE, NONE, 0),
	SWEEP("ldt-low", "gs-load", NONE, LENT_FROM + 16, LENT_FROM + 504, 8),
	SWEEP("ldt-high", "es-load", NONE, LENT_FROM + 512, 0xFFFF, 0x400),
	SWEEP("ldt-stack", "ss-load", NONE, LENT_FROM + 16, LENT_FROM + 504, 8),
	SWEEP("ldt-call", "call-there", NONE, LENT_FROM, LENT_FROM + 504, 8),
	SWEEP("ldt-every", "fs-load", NONE, LENT_FROM + 16, 0xFFFF, 8),

	/* authority, and what is told to everybody */
	TRICK("fpu-read", "fpu-read", NONE, 0),
	TRICK("fpu-write", "fpu-write", NONE, 0),
	TRICK("port-refused", "port-refused", NONE, 0x60),
	TRICK("tables-told", "tables-told", NONE, 0),
	TRICK("registers-told", "registers-told", NONE, 0),
};

const struct trick *trick_find(const char *name)
{
	for (u32 i = 0; i < sizeof(tricks) / sizeof(*tricks); i++)
		if (text_equal(tricks[i].name, name))
			return &tricks[i];
	return 0;
}

/*
 * Descriptors: the one constructor of segment and gate descriptors, and their
 * reader. Pure functions over values; they know no table and no CPU.
 * Intel SDM volume 3, sections 3.4.5 (segments), 3.5 (system), 5.8.3 (gates).
 */
#ifndef SEG_DESCRIPTOR_H
#define SEG_DESCRIPTOR_H

#include "gates/abi.h"

struct descriptor {
	u32 low, high;
};

#define DESCRIPTOR_ABSENT ((struct descriptor){ .low = 0, .high = 0 })

enum segment_kind {
	SEGMENT_READ, /* data, read-only */
	SEGMENT_WRITE, /* data, readable and writable */
	SEGMENT_EXECUTE, /* code, not readable */
	SEGMENT_CODE, /* code, readable: the core's and the processes' */
	SEGMENT_TSS, /* available 32-bit TSS */
	SEGMENT_LDT,
};

struct segment {
	u32 base;
	u32 size; /* bytes; descriptor_flat makes the 4 GiB one */
	u8 kind; /* enum segment_kind */
	u8 level; /* descriptor privilege level, 0 to 3 */
};

/* A segment of one byte with another size, of at most 64 KiB. */
static inline struct descriptor descriptor_sized(struct descriptor d, u32 size)
{
	d.low += size - 1;
	return d;
}

/*
 * Describe the `size` bytes from `base`: exact up to 1 MiB, page multiples
 * above. Accessed bits are set already, so that a CPU never writes the table.
 * -E_RANGE for size 0, wrap-around, an unknown kind or level; -E_BIG for what
 * the limit field cannot say. `out` is written on success alone.
 */
i32 descriptor_segment(struct segment s, struct descriptor *out);

/* The flat 4 GiB segment, whose size a u32 cannot hold. */
i32 descriptor_flat(u8 kind, u8 level, struct descriptor *out);

/*
 * A process' thread-local data at `base`: level 3, `limit` as the descriptor
 * holds it (bytes, or pages where it counts those). It may wrap around: page
 * tables fence processes. -E_RANGE: a limit above 20 bits.
 */
i32 descriptor_thread_local(u32 base, u32 limit, int in_pages, int read_only,
			    struct descriptor *out);

/*
 * A data segment in which no offset is valid (expand-down, limit 4 GiB - 1):
 * what a lend of no bytes is. LSL reads 0xFFFFFFFF, one less than 0 bytes.
 */
struct descriptor descriptor_empty(u8 level);

/* A 32-bit call gate without parameters. -E_RANGE for a bad level. */
i32 descriptor_gate(u16 selector, u32 offset, u8 level, struct descriptor *out);

/* A task gate to the TSS behind `selector`. */
struct descriptor descriptor_task_gate(u16 selector, u8 level);

/* A 32-bit interrupt gate. */
struct descriptor descriptor_interrupt_gate(u16 selector, u32 offset, u8 level);

/* What a descriptor says, as the CPU reads it. */
struct descriptor_view {
	u32 base, limit; /* limit: the last byte's offset */
	u16 selector; /* gates */
	u32 offset; /* gates */
	u8 type; /* the four type bits */
	u8 level;
	u8 system; /* 1: not code or data */
	u8 present;
};

struct descriptor_view descriptor_read(struct descriptor d);

/* "data, read-only", "code", "call gate" and so on. */
const char *descriptor_kind_name(struct descriptor_view v);

enum descriptor_type {
	TYPE_LDT = 0x2,
	TYPE_TASK_GATE = 0x5,
	TYPE_TSS = 0x9,
	TYPE_TSS_BUSY = 0xB,
	TYPE_CALL_GATE = 0xC,
	TYPE_INTERRUPT_GATE = 0xE,
};

#endif

/*
 * The one constructor of descriptors and their reader. Nothing else in the
 * tree computes a limit, a granularity bit or a split base.
 */
#include "seg/descriptor.h"

#define PRESENT	    0x8000u
#define NOT_SYSTEM  0x1000u
#define BIG	    0x400000u /* 32-bit default operand and stack size */
#define GRANULAR    0x800000u /* limit counts pages */
#define BYTE_LIMITS 0x100000u /* the most bytes a byte-granular limit covers \
			       */
#define PAGE	    4096u
#define EXPAND_DOWN 0x500u /* data, read-only, accessed, expand-down */
#define EMPTY_BASE  0xFBC00000u /* never mapped, where limits go unchecked */

static const u32 type_bits[] = {
	[SEGMENT_READ] = NOT_SYSTEM | BIG | 0x100,
	[SEGMENT_WRITE] = NOT_SYSTEM | BIG | 0x300,
	[SEGMENT_EXECUTE] = NOT_SYSTEM | BIG | 0x900,
	[SEGMENT_CODE] = NOT_SYSTEM | BIG | 0xB00,
	[SEGMENT_TSS] = TYPE_TSS << 8,
	[SEGMENT_LDT] = TYPE_LDT << 8,
};

static struct descriptor compose(u32 base, u32 limit, u32 bits, u8 level)
{
	return (struct descriptor){
		.low = (base << 16) | (limit & 0xFFFF),
		.high = (base & 0xFF000000) | ((base >> 16) & 0xFF) |
			(limit & 0xF0000) | bits | PRESENT | ((u32)level << 13),
	};
}

i32 descriptor_segment(struct segment s, struct descriptor *out)
{
	if (s.kind > SEGMENT_LDT || s.level > 3)
		return -E_RANGE;
	if (s.size == 0 || s.size - 1 > 0xFFFFFFFFu - s.base)
		return -E_RANGE;
	if (s.size <= BYTE_LIMITS) {
		*out = compose(s.base, s.size - 1, type_bits[s.kind], s.level);
		return 0;
	}
	if (s.size % PAGE != 0)
		return -E_BIG;
	*out = compose(s.base, s.size / PAGE - 1, type_bits[s.kind] | GRANULAR,
		       s.level);
	return 0;
}

i32 descriptor_flat(u8 kind, u8 level, struct descriptor *out)
{
	if (kind > SEGMENT_CODE || level > 3)
		return -E_RANGE;
	*out = compose(0, 0xFFFFF, type_bits[kind] | GRANULAR, level);
	return 0;
}

i32 descriptor_thread_local(u32 base, u32 limit, int in_pages, int read_only,
			    struct descriptor *out)
{
	u32 bits = type_bits[read_only ? SEGMENT_READ : SEGMENT_WRITE];

	if (limit > 0xFFFFF)
		return -E_RANGE;
	*out = compose(base, limit, bits | (in_pages ? GRANULAR : 0), 3);
	return 0;
}

struct descriptor descriptor_empty(u8 level)
{
	return compose(EMPTY_BASE, 0xFFFFF,
		       NOT_SYSTEM | BIG | GRANULAR | EXPAND_DOWN, level & 3);
}

static struct descriptor gate(u16 selector, u32 offset, u32 type, u8 level)
{
	return (struct descriptor){
		.low = ((u32)selector << 16) | (offset & 0xFFFF),
		.high = (offset & 0xFFFF0000) | PRESENT | (type << 8) |
			((u32)level << 13),
	};
}

i32 descriptor_gate(u16 selector, u32 offset, u8 level, struct descriptor *out)
{
	if (level > 3 || selector < 8)
		return -E_RANGE;
	*out = gate(selector, offset, TYPE_CALL_GATE, level);
	return 0;
}

struct descriptor descriptor_task_gate(u16 selector, u8 level)
{
	return gate(selector, 0, TYPE_TASK_GATE, level & 3);
}

struct descriptor descriptor_interrupt_gate(u16 selector, u32 offset, u8 level)
{
	return gate(selector, offset, TYPE_INTERRUPT_GATE, level & 3);
}

struct descriptor_view descriptor_read(struct descriptor d)
{
	u32 limit = (d.high & 0xF0000) | (d.low & 0xFFFF);

	if (d.high & GRANULAR)
		limit = (limit << 12) | 0xFFF;
	return (struct descriptor_view){
		.base = (d.high & 0xFF000000) | ((d.high & 0xFF) << 16) |
			(d.low >> 16),
		.limit = limit,
		.selector = (u16)(d.low >> 16),
		.offset = (d.high & 0xFFFF0000) | (d.low & 0xFFFF),
		.type = (u8)((d.high >> 8) & 0xF),
		.level = (u8)((d.high >> 13) & 3),
		.system = !(d.high & NOT_SYSTEM),
		.present = !!(d.high & PRESENT),
	};
}

const char *descriptor_kind_name(struct descriptor_view v)
{
	if (!v.system) {
		if (v.type & 8)
			return v.type & 2 ? "code" : "code, execute-only";
		if (v.type & 4)
			return "data, empty";
		return v.type & 2 ? "data, writable" : "data, read-only";
	}
	switch (v.type) {
	case TYPE_LDT:
		return "LDT";
	case TYPE_TASK_GATE:
		return "task gate";
	case TYPE_TSS:
	case TYPE_TSS_BUSY:
		return "TSS";
	case TYPE_CALL_GATE:
		return "call gate";
	case TYPE_INTERRUPT_GATE:
		return "interrupt gate";
	default:
		return "absent";
	}
}

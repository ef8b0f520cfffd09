/* Lends: checked against what the lender itself can reach, byte for byte. */
#include "seg/lend.h"

i32 lend_make(u32 linear, u32 size, u8 writable, struct descriptor *out)
{
	if (!size) {
		*out = descriptor_empty(1);
		return 0;
	}
	return descriptor_segment(
		(struct segment){ .base = linear,
				  .size = size,
				  .kind = writable ? SEGMENT_WRITE :
						     SEGMENT_READ,
				  .level = 1 },
		out);
}

/* Bytes that a live lend covers; 0 for an empty or an absent one. */
static u32 lend_size(struct descriptor_view v)
{
	return v.present && v.limit != 0xFFFFFFFF ? v.limit + 1 : 0;
}

i32 lend_pair(const struct door *door, const struct descriptor own[2],
	      struct pair pair, u8 writable, struct descriptor *out)
{
	u32 source = pair.offset & PAIR_SOURCE;
	u32 base = door->base, size = door->limit + 1;
	u32 offset = pair.offset;

	if (source == PAIR_IN_FROM && writable)
		return -E_DENIED;
	if (source == PAIR_IN_FROM || source == PAIR_IN_INTO) {
		struct descriptor_view v =
			descriptor_read(own[source == PAIR_IN_INTO]);

		base = v.base;
		size = lend_size(v);
		offset &= ~PAIR_SOURCE;
	}
	if (!pair.length)
		return lend_make(base, 0, writable, out);
	if (offset >= size || pair.length > size - offset)
		return -E_RANGE;
	return lend_make(base + offset, pair.length, writable, out);
}

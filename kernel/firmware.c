/* Reading physical memory where firmware left its tables. */
#include "kernel/firmware.h"

#include <stddef.h>

#include "kernel/memory.h"
#include "kernel/page.h"

#define PIECE  0x10000u
#define PIECES 8

static struct piece {
	u32 number; /* physical address / PIECE */
	const u8 *mapped;
} pieces[PIECES];

/* The piece with that number, mapped, or NULL if there is no room for it. */
static const u8 *piece_at(u32 number)
{
	for (u32 i = 0; i < PIECES; i++) {
		if (pieces[i].mapped == NULL) {
			pieces[i].number = number;
			pieces[i].mapped = device_map(number * PIECE, PIECE);
		}
		if (pieces[i].number == number)
			return pieces[i].mapped;
	}
	return NULL;
}

bool firmware_read(u32 physical, void *to, u32 bytes)
{
	u8 *out = to;

	if (physical < DIRECT_SIZE && bytes <= DIRECT_SIZE - physical) {
		memory_copy(to, direct((struct physical){ physical }), bytes);
		return true;
	}
	if (bytes > 0 && bytes - 1 > 0xFFFFFFFFu - physical)
		return false;
	while (bytes > 0) {
		u32 offset = physical % PIECE;
		u32 n = min(bytes, PIECE - offset);
		const u8 *piece = piece_at(physical / PIECE);

		if (piece == NULL)
			return false;
		memory_copy(out, piece + offset, n);
		out += n;
		physical += n;
		bytes -= n;
	}
	return true;
}

/*
 * VGA text mode, 80 by 25. Everything a restart has to know is in the device:
 * the text, the cursor (in the CRTC, where the core's reports move it too),
 * and, in video memory that is never shown, the pen. Escape sequences are in
 * ansi.c. Registers as in IBM's VGA technical reference, 2-56.
 */
#include "vga.h"
#include "ansi.h"

#define CRTC_INDEX 0x3D4
#define CRTC_DATA  0x3D5
#define CRTC_HIGH  0x0E /* cursor: number of its cell */
#define CRTC_LOW   0x0F

#define PEN_CELL 16000 /* the pen lies here, behind what is shown */

static u16 *cells; /* attribute << 8 | character */

static u32 crtc_read(u8 index)
{
	i32 value;

	port_write8(CRTC_INDEX, index);
	value = port_read8(CRTC_DATA);
	assert(value >= 0); /* vga.dom grants it */
	return (u32)value;
}

static u32 cursor_read(void)
{
	u32 at = crtc_read(CRTC_HIGH) << 8 | crtc_read(CRTC_LOW);

	return min(at, (u32)SCREEN_CELLS - 1);
}

/* Both halves in one call: a 16-bit access writes the index and its data. */
static void cursor_write(u32 at)
{
	u16 halves[2] = {
		(u16)((at & 0xFF00) | CRTC_HIGH),
		(u16)(at << 8 | CRTC_LOW),
	};

	port_write_block(CRTC_INDEX, (u8 *)halves, sizeof halves);
}

i32 life_start(u32 generation)
{
	i32 offset = memory_mmio(0);

	(void)generation;
	if (offset < 0)
		return offset;
	cells = (u16 *)offset;
	pen_load(cells + PEN_CELL);
	return 0;
}

i32 screen_write(from char *text, u32 size)
{
	struct screen screen = { .cells = cells, .at = cursor_read() };
	char part[64];

	for (u32 done = 0; done < size;) {
		u32 n = min(size - done, (u32)sizeof part);

		take(part, text + done, n);
		for (u32 i = 0; i < n; i++)
			screen_show(&screen, part[i]);
		done += n;
	}
	cursor_write(screen.at);
	pen_save(cells + PEN_CELL);
	return (i32)size;
}

i32 screen_size(void)
{
	return SCREEN_COLUMNS << 16 | SCREEN_ROWS;
}

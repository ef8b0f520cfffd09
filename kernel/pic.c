/* The two 8259 interrupt controllers (Intel 8259A data sheet). */
#include "kernel/pic.h"

#include "kernel/port.h"

#define MASTER	   0x20 /* its data port is the next one */
#define SLAVE	   0xA0
#define JOINT	   2 /* the master's line that the slave is on */
#define LINES	   16
#define LEVELS	   0x4D0 /* edge/level control, where there is a PCI bus */
#define LEVEL_ABLE 0xDEF8u /* lines 0, 1, 2, 8 and 13 never are */

#define BEGIN	     0x11 /* edge-triggered, joined, four words */
#define MODE_8086    0x01
#define READ_SERVICE 0x0B
#define END_LINE     0x60 /* end the line in bits 0-2 */

static u16 masked_lines = 0xFFFF;

static void write_masks(void)
{
	port_out8(MASTER + 1, (u8)masked_lines);
	port_out8(SLAVE + 1, (u8)(masked_lines >> 8));
}

void pic_init(u8 base)
{
	write_masks();
	port_out8(MASTER, BEGIN);
	port_out8(SLAVE, BEGIN);
	port_out8(MASTER + 1, base);
	port_out8(SLAVE + 1, (u8)(base + 8));
	port_out8(MASTER + 1, 1u << JOINT);
	port_out8(SLAVE + 1, JOINT);
	port_out8(MASTER + 1, MODE_8086);
	port_out8(SLAVE + 1, MODE_8086);
	write_masks();
}

bool pic_has(u32 line)
{
	return line < LINES && line != JOINT;
}

u32 pic_levels(void)
{
	u32 levels = port_in8(LEVELS) | (u32)port_in8(LEVELS + 1) << 8;

	return levels & ~LEVEL_ABLE ? 0 : levels;
}

void pic_set_masked(u32 line, bool masked)
{
	if (masked)
		masked_lines = (u16)(masked_lines | 1u << line);
	else
		masked_lines = (u16)(masked_lines & ~(1u << line));
	/* The joint is open while any of the slave's lines is. */
	if ((masked_lines | 0xFF) == 0xFFFF)
		masked_lines = (u16)(masked_lines | 1u << JOINT);
	else
		masked_lines = (u16)(masked_lines & ~(1u << JOINT));
	write_masks();
}

/* Only a controller's last line can be: 7, or 15 by way of the joint. */
bool pic_spurious(u32 line)
{
	u16 port = line < 8 ? MASTER : SLAVE;

	if (line % 8 != 7)
		return false;
	port_out8(port, READ_SERVICE);
	if (port_in8(port) & 0x80)
		return false;
	if (port == SLAVE)
		port_out8(MASTER, END_LINE | JOINT);
	return true;
}

void pic_end(u32 line)
{
	if (line >= 8) {
		port_out8(SLAVE, (u8)(END_LINE | (line - 8)));
		line = JOINT;
	}
	port_out8(MASTER, (u8)(END_LINE | line));
}

/*
 * Interrupt lines over the I/O APICs or the 8259s. The one lock guards both
 * kinds of registers; it is taken below all others.
 */
#include "kernel/line.h"

#include "kernel/apic.h"
#include "kernel/ioapic.h"
#include "kernel/lock.h"
#include "kernel/pic.h"
#include "kernel/port.h"
#include "kernel/trap.h"

#define IMCR_SELECT 0x22
#define IMCR_DATA   0x23

static struct spinlock line_lock = SPINLOCK("line");
static struct topology_line lines[TOPOLOGY_LINES];
static u32 entries[TOPOLOGY_LINES]; /* low halves, as the I/O APIC has them */
static bool by_ioapic;
static u8 boot_apic_id;

static void entry_begin(u32 line)
{
	entries[line] = IOAPIC_MASKED | (VECTOR_LINES + line) |
			(lines[line].low ? IOAPIC_LOW : 0) |
			(lines[line].level ? IOAPIC_LEVEL : 0);
	ioapic_write(lines[line].ioapic, lines[line].pin, entries[line],
		     boot_apic_id);
}

/*
 * Firmware that puts PCI devices on an ISA line makes it level-triggered in
 * the 8259s' record, even where its table says nothing of that line.
 */
static void begin_ioapic(const struct topology *t)
{
	u32 levels = pic_levels();

	for (u32 i = 0; i < TOPOLOGY_LINES; i++) {
		lines[i] = t->line[i];
		if (lines[i].ioapic == TOPOLOGY_NONE)
			continue;
		if (!lines[i].stated && levels >> i & 1)
			lines[i].level = true;
		if (lines[i].pin < ioapic_pins(lines[i].ioapic))
			entry_begin(i);
		else
			lines[i].ioapic = TOPOLOGY_NONE;
	}
	if (t->imcr) { /* MP specification 3.6.2.1 */
		port_out8(IMCR_SELECT, 0x70);
		port_out8(IMCR_DATA, 1);
	}
}

static void begin_pic(void)
{
	u32 level = pic_levels();

	for (u32 i = 0; i < TOPOLOGY_LINES; i++)
		lines[i] = (struct topology_line){
			.ioapic = pic_has(i) ? 0 : TOPOLOGY_NONE,
			.level = level >> i & 1,
		};
	apic_take_8259();
}

void line_init(const struct topology *t)
{
	/*
	 * The 8259 first: under QEMU an interrupt that it has pending when
	 * the local APIC stops listening reaches the CPU without a vector.
	 */
	pic_init(VECTOR_LINES);
	by_ioapic = apic_init(t->lapic) == 0 && ioapic_init(t) > 0;
	boot_apic_id = apic_id();
	if (by_ioapic)
		begin_ioapic(t);
	else
		begin_pic();
}

const char *line_controller(void)
{
	return by_ioapic ? "I/O APIC" : "8259";
}

bool line_exists(u32 line)
{
	return line < TOPOLOGY_LINES && lines[line].ioapic != TOPOLOGY_NONE;
}

bool line_is_level(u32 line)
{
	return line_exists(line) && lines[line].level;
}

static void set_masked(u32 line, bool masked)
{
	if (!line_exists(line))
		return;
	spin_lock(&line_lock);
	if (by_ioapic) {
		entries[line] &= ~IOAPIC_MASKED;
		entries[line] |= masked ? IOAPIC_MASKED : 0;
		ioapic_write_low(lines[line].ioapic, lines[line].pin,
				 entries[line]);
	} else {
		pic_set_masked(line, masked);
	}
	spin_unlock(&line_lock);
}

void line_mask(u32 line)
{
	set_masked(line, true);
}

void line_unmask(u32 line)
{
	set_masked(line, false);
}

i32 line_route(u32 line, u8 vector, u8 apic_id)
{
	if (!line_exists(line))
		return -E_NAME;
	if (vector < 32 || vector == VECTOR_SPURIOUS || apic_id == 0xFF)
		return -E_RANGE;
	if (!by_ioapic)
		return vector == VECTOR_LINES + line &&
				       apic_id == boot_apic_id ?
			       0 :
			       -E_RANGE;
	spin_lock(&line_lock);
	entries[line] = (entries[line] & ~0xFFu) | vector;
	ioapic_write(lines[line].ioapic, lines[line].pin, entries[line],
		     apic_id);
	spin_unlock(&line_lock);
	return 0;
}

bool interrupt_spurious(u32 vector)
{
	bool spurious;

	if (vector == VECTOR_SPURIOUS)
		return true;
	if (by_ioapic || vector < VECTOR_LINES || vector >= VECTOR_LINES_END)
		return false;
	spin_lock(&line_lock);
	spurious = pic_spurious(vector - VECTOR_LINES);
	spin_unlock(&line_lock);
	return spurious;
}

void interrupt_end(u32 vector)
{
	if (by_ioapic || vector < VECTOR_LINES || vector >= VECTOR_LINES_END) {
		apic_end();
		return;
	}
	spin_lock(&line_lock);
	pic_end(vector - VECTOR_LINES);
	spin_unlock(&line_lock);
}

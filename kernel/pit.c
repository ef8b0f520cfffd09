/*
 * The interval timer (8254, Intel data sheet 231164). Channel 2 runs down
 * once in mode 0: its output tells a long wait from a short one, so that a
 * measurement that was interrupted for too long is seen, and repeated.
 */
#include "kernel/pit.h"

#include <stdbool.h>

#include "kernel/port.h"
#include "kernel/wide.h"

#define PIT_HZ	  1193182u
#define CHANNEL_0 0x40
#define CHANNEL_2 0x42
#define COMMAND	  0x43
#define SYSTEM_B  0x61 /* gate of channel 2, speaker */

#define RATE_0	     0x34 /* channel 0, low then high byte, mode 2 */
#define ONCE_2	     0xB0 /* channel 2, low then high byte, mode 0 */
#define LATCH_2	     0xC8 /* read back: status, then count */
#define STATUS_OUT   0x80 /* has run down */
#define STATUS_EMPTY 0x40 /* has not taken its count yet */

#define SPAN	 (PIT_HZ / 50) /* of the 65535 that fit */
#define ATTEMPTS 20
#define TRIES	 8 /* samples, of which the narrowest is taken */
#define STUCK	 1000000 /* readings without change: this is no timer */

struct sample {
	u32 ticks; /* of the counter, in the middle of the latching */
	u32 width; /* ticks that latching took */
	u16 count;
	u8 status;
};

static struct sample sample_take(u32 (*counter)(void))
{
	struct sample s;
	u32 before = counter();

	port_out8(COMMAND, LATCH_2);
	s.width = counter() - before;
	s.ticks = before + s.width / 2;
	s.status = port_in8(CHANNEL_2);
	s.count = port_in8(CHANNEL_2);
	s.count = (u16)(s.count | port_in8(CHANNEL_2) << 8);
	return s;
}

/* An interruption makes a sample wide; a narrow one knows its time. */
static struct sample sample_narrow(u32 (*counter)(void))
{
	struct sample best = sample_take(counter);

	for (u32 i = 1; i < TRIES; i++) {
		struct sample s = sample_take(counter);

		if (s.width < best.width)
			best = s;
	}
	return best;
}

/* Poll until the count is `count` or less, or has run down. */
static bool count_reaches(u32 (*counter)(void), u32 count)
{
	struct sample last = sample_take(counter);

	for (u32 same = 0; same < STUCK; same++) {
		struct sample s = sample_take(counter);

		if (!(s.status & STATUS_EMPTY) &&
		    (s.count <= count || (s.status & STATUS_OUT)))
			return true;
		if (s.count != last.count)
			same = 0;
		last = s;
	}
	return false;
}

static i32 measure_once(u32 (*counter)(void), struct pit_span *out)
{
	struct sample begin, end;
	u32 rest;

	port_out8(COMMAND, ONCE_2);
	port_out8(CHANNEL_2, 0xFF);
	port_out8(CHANNEL_2, 0xFF);
	if (!count_reaches(counter, 0xFFF0))
		return -E_DEVICE;
	begin = sample_narrow(counter);
	if (begin.count < SPAN || (begin.status & STATUS_OUT))
		return -E_TIME;
	if (!count_reaches(counter, begin.count - SPAN))
		return -E_DEVICE;
	end = sample_narrow(counter);
	if ((end.status & STATUS_OUT) || end.count >= begin.count)
		return -E_TIME;
	out->ticks = end.ticks - begin.ticks;
	out->nanoseconds = (u32)wide_divide(
		wide_product(begin.count - end.count, 1000000000), PIT_HZ,
		&rest);
	return out->ticks == 0 ? -E_DEVICE : 0;
}

i32 pit_measure(u32 (*counter)(void), struct pit_span *out)
{
	u8 system = port_in8(SYSTEM_B);
	i32 error = -E_TIME;

	port_out8(SYSTEM_B, (u8)((system & 0x0C) | 1));
	for (u32 i = 0; i < ATTEMPTS && error == -E_TIME; i++)
		error = measure_once(counter, out);
	port_out8(SYSTEM_B, system & 0x0F);
	return error;
}

i32 pit_start(u32 hz)
{
	u32 count;

	if (hz < 19 || hz > 10000)
		return -E_RANGE;
	count = (PIT_HZ + hz / 2) / hz;
	port_out8(COMMAND, RATE_0);
	port_out8(CHANNEL_0, (u8)count);
	port_out8(CHANNEL_0, (u8)(count >> 8));
	return 0;
}

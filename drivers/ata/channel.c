/* Registers of a channel, waiting for its drives, and setting them back. */
#include "channel.h"
#include "ata.h"

#define SETTLE_READS 4 /* a drive has shown its state after 400 ns */
#define RESET_READS  20 /* 5 us */
#define RESET_MS     3
#define SOON_READS   1000 /* a machine that stands still passes time, too */

u32 register_read(const struct channel *c, u32 which)
{
	return (u32)port_read8(c->base + which) & 0xFF;
}

void register_write(const struct channel *c, u32 which, u32 value)
{
	port_write8(c->base + which, value);
}

u32 channel_state(const struct channel *c)
{
	return (u32)port_read8(c->control) & 0xFF;
}

static u32 milliseconds(void)
{
	struct time_instant now;

	time_now(&now);
	return now.seconds * 1000 + now.nanoseconds / 1000000;
}

u32 channel_settle(const struct channel *c)
{
	u32 state = channel_state(c);

	if (!(state & STATUS_BUSY))
		return state;
	u32 begin = milliseconds();
	for (u32 reads = 0; state & STATUS_BUSY; reads++) {
		if (reads >= SOON_READS && milliseconds() - begin >= SOON_MS)
			break;
		state = channel_state(c);
	}
	return state;
}

i32 channel_expect(const struct channel *c, u32 data)
{
	u32 state = channel_settle(c);

	if (state & (STATUS_BUSY | STATUS_ERROR | STATUS_FAULT))
		return -E_DEVICE;
	return (state & STATUS_DATA) == data ? 0 : -E_DEVICE;
}

static void channel_pause(const struct channel *c, u32 reads)
{
	while (reads--)
		channel_state(c);
}

i32 channel_select(struct channel *c, u32 drive, u32 bits)
{
	u32 was = c->selected;

	bits |= drive ? DEVICE_SECOND : 0;
	if (channel_settle(c) & (STATUS_BUSY | STATUS_DATA))
		return -E_DEVICE;
	if (was == bits)
		return 0;
	register_write(c, DEVICE, bits);
	c->selected = bits;
	if (was != NOT_KNOWN && !((was ^ bits) & DEVICE_SECOND))
		return 0;
	channel_pause(c, SETTLE_READS);
	return channel_settle(c) & STATUS_BUSY ? -E_DEVICE : 0;
}

void channel_tell(const struct channel *c, u32 command)
{
	register_write(c, COMMAND, command);
	channel_pause(c, SETTLE_READS);
}

i32 channel_command(struct channel *c, u32 drive, u32 command, u32 features,
		    u32 count)
{
	if (channel_select(c, drive, 0) < 0)
		return -E_DEVICE;
	register_write(c, FEATURES, features);
	register_write(c, COUNT, count);
	channel_tell(c, command);
	return channel_expect(c, 0);
}

void channel_strobe(struct channel *c)
{
	register_write(c, DEVICE, 0); /* the second, if it is not there, is
				       * never seen to be busy */
	c->selected = NOT_KNOWN;
	port_write8(c->control, CONTROL_RESET);
	channel_pause(c, RESET_READS);
	port_write8(c->control, 0);
}

void channel_strobed(void)
{
	for (u32 begin = milliseconds(); milliseconds() - begin < RESET_MS;)
		continue;
}

i32 channel_reset(struct channel *c)
{
	channel_strobe(c);
	channel_strobed();
	return channel_settle(c) & STATUS_BUSY ? -E_DEVICE : 0;
}

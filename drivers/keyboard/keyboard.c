/*
 * The PS/2 keyboard behind its 8042 controller: bytes of scan code set 1 in,
 * characters out. What each key means is in keys.c. Registers as in IBM's
 * PS/2 technical reference, keyboard and auxiliary device controller.
 */
#include "keyboard.h"
#include "gates/domain/ring.h"
#include "keys.h"

#define DATA	0x60
#define STATUS	0x64 /* when read */
#define COMMAND 0x64 /* when written */

#define STATUS_FULL  0x01 /* a byte for us to read */
#define STATUS_BUSY  0x02 /* our last byte is not yet taken */
#define STATUS_MOUSE 0x20 /* the byte for us is the mouse's */

#define CONFIG_READ   0x20
#define CONFIG_WRITE  0x60
#define MOUSE_OFF     0xA7
#define KEYBOARD_OFF  0xAD
#define KEYBOARD_ON   0xAE
#define DEVICE_ENABLE 0xF4
#define DEVICE_ANSWER 0xFA

#define CONFIG_IRQ	 0x01
#define CONFIG_MOUSE_IRQ 0x02
#define CONFIG_STOPPED	 0x10
#define CONFIG_TRANSLATE 0x40 /* to scan code set 1 */

#define POLLS_MOST 20000 /* a port access takes about 1 microsecond */
#define BYTES_MOST 64 /* in one interrupt */

enum keyboard_event { TYPED = 1 };

static struct ring typed;

static u32 get(u32 port)
{
	i32 value = port_read8(port);

	assert(value >= 0); /* keyboard.dom grants it */
	return (u32)value;
}

static bool status_wait(u32 mask, u32 value)
{
	for (u32 i = 0; i < POLLS_MOST; i++)
		if ((get(STATUS) & mask) == value)
			return true;
	return false;
}

static void put(u32 port, u8 value)
{
	status_wait(STATUS_BUSY, 0);
	port_write8(port, value);
}

/* The next byte for us, or -E_TIME. */
static i32 answer(void)
{
	if (!status_wait(STATUS_FULL, STATUS_FULL))
		return -E_TIME;
	return (i32)get(DATA);
}

i32 life_start(u32 generation)
{
	char text[48];
	i32 config;
	bool there;

	put(COMMAND, KEYBOARD_OFF);
	put(COMMAND, MOUSE_OFF);
	for (u32 i = 0; i < BYTES_MOST && get(STATUS) & STATUS_FULL; i++)
		get(DATA);
	put(COMMAND, CONFIG_READ);
	config = answer();
	if (config < 0)
		return -E_DEVICE;

	config |= CONFIG_IRQ | CONFIG_TRANSLATE;
	config &= ~(CONFIG_MOUSE_IRQ | CONFIG_STOPPED);
	put(COMMAND, CONFIG_WRITE);
	put(DATA, (u8)config);
	put(COMMAND, KEYBOARD_ON);
	put(DATA, DEVICE_ENABLE);
	there = answer() == DEVICE_ANSWER;
	log_write(text,
		  print_to(text, sizeof text, "keyboard: %s, start %u",
			   there ? "ready" : "none plugged in", generation));
	return 0;
}

i32 life_stop(void)
{
	put(COMMAND, KEYBOARD_OFF);
	return 0;
}

i32 life_interrupt(u32 line)
{
	u32 bytes = 0, before = typed.in;
	u32 status;

	(void)line;
	while (bytes < BYTES_MOST && (status = get(STATUS)) & STATUS_FULL) {
		u8 code = (u8)get(DATA);

		bytes++;
		if (!(status & STATUS_MOUSE))
			key_code(&typed, code);
	}
	if (typed.in != before)
		event_raise(TYPED);
	return bytes > 0;
}

i32 keyboard_read(u32 milliseconds, into char *keys, u32 room)
{
	while (ring_used(&typed) == 0) {
		i32 event = waits_event_wait(TYPED, milliseconds);

		if (event < 0)
			return event;
	}
	u32 n = ring_give(&typed, keys, room);

	if (ring_used(&typed))
		event_raise(TYPED); /* for whoever else waits */
	return (i32)n;
}

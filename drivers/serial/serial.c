/*
 * The first 16550, interrupt-driven both ways at 115200 baud, 8N1. A byte
 * waits in one of two queues: `received` until somebody reads it, `sending`
 * until the device has room. Registers as in the PC16550D data sheet, 8.0.
 */
#include "serial.h"
#include "gates/domain/ring.h"

#define BASE	0x3F8
#define DATA	(BASE + 0) /* while LINE_DIVISOR is set: divisor, low byte */
#define ENABLE	(BASE + 1) /* while LINE_DIVISOR is set: its high byte */
#define CAUSE	(BASE + 2) /* when read */
#define FIFO	(BASE + 2) /* when written */
#define LINE	(BASE + 3)
#define MODEM	(BASE + 4)
#define STATUS	(BASE + 5)
#define SCRATCH (BASE + 7)

#define ENABLE_RECEIVE 0x05 /* bytes and errors */
#define ENABLE_SEND    0x02
#define CAUSE_NONE     0x01
#define FIFO_ON	       0x81 /* interrupt at 8 bytes; turning it on empties it */
#define LINE_8N1       0x03
#define LINE_DIVISOR   0x80
#define MODEM_THERE    0x09 /* DTR, and OUT2, which lets interrupts out */
#define MODEM_READY    0x02 /* RTS: the other side may send */
#define STATUS_DATA    0x01
#define STATUS_OVERRUN 0x02
#define STATUS_ROOM    0x20 /* for FIFO_SIZE bytes */
#define STATUS_SENT    0x40 /* down to the last bit */

#define FIFO_SIZE     16
#define CAUSES_MOST   64 /* in one interrupt; a device with more is broken */
#define DRAIN_POLL_MS 2 /* no interrupt tells that the last bit is sent */

enum serial_event { RECEIVED = 1, SENT = 2 };

/*
 * The queues outlive this domain (kept memory): what waits in them is neither
 * lost nor sent twice by a restart, but for what a call that died was at.
 */
struct queues {
	struct ring received, sending;
};

static struct queues *queues;
static bool listening; /* the device may interrupt with bytes */
static u32 overruns;

static u32 get(u32 port)
{
	i32 value = port_read8(port);

	assert(value >= 0); /* serial.dom grants it */
	return (u32)value;
}

/* While our queue is full, bytes wait in the device, then at the sender's. */
static void listen(bool on)
{
	listening = on;
	port_write8(ENABLE, ENABLE_SEND | (on ? ENABLE_RECEIVE : 0));
	port_write8(MODEM, MODEM_THERE | (on ? MODEM_READY : 0));
}

static void receive(void)
{
	struct ring *received = &queues->received;
	u32 before = received->in;
	u32 status = get(STATUS);

	for (; status & STATUS_DATA; status = get(STATUS)) {
		if (ring_used(received) == RING_SIZE)
			break;
		if ((status & STATUS_OVERRUN) && overruns++ == 0)
			log_write("serial: input was lost", 22);
		ring_put(received, (char)get(DATA));
	}
	if (received->in != before)
		event_raise(RECEIVED);
	if (listening != (ring_used(received) < RING_SIZE))
		listen(!listening);
}

static void send(void)
{
	struct ring *sending = &queues->sending;

	if (ring_used(sending) == 0 || !(get(STATUS) & STATUS_ROOM))
		return;
	for (u32 i = 0; i < FIFO_SIZE && ring_used(sending); i++)
		port_write8(DATA, (u8)ring_get(sending));
	if (ring_used(sending) == 0)
		event_raise(SENT);
}

/* Where the last generation left the queues, if they make sense. */
static void queues_find(void)
{
	queues = (struct queues *)memory_kept();
	if (ring_used(&queues->received) > RING_SIZE ||
	    ring_used(&queues->sending) > RING_SIZE)
		memset(queues, 0, sizeof *queues);
}

i32 life_start(u32 generation)
{
	char text[48];

	port_write8(SCRATCH, 0x5A);
	if (get(SCRATCH) != 0x5A)
		return -E_DEVICE;
	queues_find();

	port_write8(LINE, LINE_DIVISOR);
	port_write8(DATA, 1); /* 115200 baud / 1 */
	port_write8(ENABLE, 0);
	port_write8(LINE, LINE_8N1);
	port_write8(ENABLE, 0);
	port_write8(FIFO, FIFO_ON);
	listen(true);
	log_write(text, print_to(text, sizeof text,
				 "serial: 16550 at port %x, start %u", BASE,
				 generation));
	return 0;
}

i32 life_stop(void)
{
	port_write8(ENABLE, 0);
	return 0;
}

/*
 * Until the device has no cause left: the line is edge-triggered, and a cause
 * left behind would keep it from ever rising again.
 */
i32 life_interrupt(u32 line)
{
	u32 causes = 0;

	(void)line;
	while (causes < CAUSES_MOST && !(get(CAUSE) & CAUSE_NONE)) {
		causes++;
		receive();
		send();
	}
	if (causes)
		memory_commit();
	return causes > 0;
}

i32 serial_write(from char *data, u32 size)
{
	u32 taken = ring_take(&queues->sending, data, size);

	send(); /* an idle device has no interrupt to come */
	memory_commit();
	return (i32)taken;
}

i32 serial_read(u32 milliseconds, into char *data, u32 room)
{
	struct ring *received = &queues->received;

	while (ring_used(received) == 0) {
		i32 event = waits_event_wait(RECEIVED, milliseconds);

		if (event < 0)
			return event;
	}
	u32 n = ring_give(received, data, room);

	if (ring_used(received))
		event_raise(RECEIVED); /* for whoever else waits */
	if (!listening)
		receive();
	memory_commit();
	return (i32)n;
}

i32 serial_drain(void)
{
	while (ring_used(&queues->sending) || !(get(STATUS) & STATUS_SENT)) {
		i32 event = waits_event_wait(SENT, DRAIN_POLL_MS);

		if (event < 0 && event != -E_TIME)
			return event;
		send();
		memory_commit();
	}
	return 0;
}

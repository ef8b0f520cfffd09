/*
 * The battery-backed clock. Its whole seconds are dated by its own
 * update-ended interrupt against the core's clock, which then counts on; the
 * interrupt is off again once that is known and nobody waits for the next.
 */
#include "clock.h"
#include "mc146818.h"

#define RESYNC_SECONDS 64 /* what today() goes on without asking again */
#define TICK_MOST_MS   3000 /* a clock that is silent for longer is broken */

/* The device said `seconds` when the core's clock said `at`. */
static struct {
	u32 seconds;
	struct time_instant at;
} mark;

static u32 ticks; /* update-ended interrupts */
static u32 waiting; /* events of those in clock_tick(), one bit each */

static void mark_set(u32 seconds)
{
	mark.seconds = seconds;
	time_now(&mark.at);
}

/* The first interrupt, within a second, tells where a second begins. */
i32 life_start(u32 generation)
{
	char text[48];
	u32 seconds = 0;
	i32 error = rtc_read(&seconds);

	if (error == -E_DEVICE)
		return error;
	mark_set(seconds);
	rtc_acknowledge();
	rtc_updates(true);
	log_write(text, print_to(text, sizeof text, "clock: %s, start %u",
				 error ? "date not set" : "ready", generation));
	return 0;
}

i32 life_stop(void)
{
	rtc_updates(false);
	return 0;
}

i32 life_interrupt(u32 line)
{
	u32 seconds;

	(void)line;
	if (!rtc_acknowledge())
		return 0;
	if (rtc_read(&seconds) == 0)
		mark_set(seconds);
	ticks++;
	if (waiting)
		event_raise(waiting);
	else
		rtc_updates(false);
	return 1;
}

i32 clock_today(into struct clock_date *at)
{
	struct time_instant now;
	struct clock_date date = { .seconds = mark.seconds };

	time_now(&now);
	if (now.nanoseconds < mark.at.nanoseconds) {
		now.nanoseconds += 1000000000;
		now.seconds--;
	}
	date.seconds += now.seconds - mark.at.seconds;
	date.nanoseconds = now.nanoseconds - mark.at.nanoseconds;
	give(at, &date, sizeof date);

	if (now.seconds - mark.at.seconds >= RESYNC_SECONDS)
		rtc_updates(true);
	return 0;
}

i32 clock_set(u32 seconds)
{
	i32 error = rtc_write(seconds);

	if (error)
		return error;
	mark_set(seconds);
	rtc_updates(true);
	return 0;
}

/* An event goes to one waiter only, so each has an event of its own. */
i32 clock_tick(void)
{
	u32 mine = ~waiting & (waiting + 1);
	u32 seen = ticks;
	i32 event = 0;

	if (!mine)
		return -E_BUSY;
	waiting |= mine;
	rtc_updates(true);
	while (ticks == seen && event >= 0)
		event = waits_event_wait(mine, TICK_MOST_MS);
	waiting &= ~mine;
	if (event < 0)
		return event == -E_TIME ? -E_DEVICE : event;
	return (i32)(mark.seconds & 0x7FFFFFFF);
}

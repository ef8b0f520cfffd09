/*
 * The device as in Motorola's MC146818A data sheet: 64 bytes behind an index
 * and a data port, of which ten are the clock. Numbers are BCD or binary and
 * hours go to 12 or to 24, as register B says; the century is where PCs
 * have put it since.
 */
#include "mc146818.h"
#include "clock.h"

#define INDEX 0x70
#define DATA  0x71

#define STATUS_A       0x0A
#define STATUS_B       0x0B
#define STATUS_C       0x0C
#define A_UPDATING     0x80 /* or within 244 microseconds of it */
#define B_HALT	       0x80u
#define B_INTERRUPTS   0x70u
#define B_UPDATE_ENDED 0x10u
#define B_BINARY       0x04u
#define B_24_HOURS     0x02u
#define C_UPDATE_ENDED 0x10
#define HOUR_PM	       0x80u

#define POLLS_MOST 20000 /* an update takes 2 ms, a port access 1 us */
#define READS_MOST 8
#define FIRST_YEAR 1970
#define LAST_YEAR  2105 /* a u32 of seconds ends in 2106 */
#define DAY	   86400u

enum part { SECOND, MINUTE, HOUR, DATE, MONTH, YEAR, CENTURY, PARTS };

static const u8 registers[PARTS] = { 0, 2, 4, 7, 8, 9, 0x32 };
static const u8 month_days[12] = { 31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31 };

static u32 get(u32 index)
{
	i32 value;

	port_write8(INDEX, index);
	value = port_read8(DATA);
	assert(value >= 0); /* clock.dom grants it */
	return (u32)value;
}

static void put(u32 index, u32 value)
{
	port_write8(INDEX, index);
	port_write8(DATA, value);
}

static bool leap(u32 year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static u32 days_of_year(u32 year)
{
	return leap(year) ? 366 : 365;
}

static u32 days_of_month(u32 year, u32 month)
{
	return month_days[month - 1] + (month == 2 && leap(year) ? 1u : 0u);
}

/* All parts from one and the same second. */
static i32 parts_read(u32 *parts)
{
	for (u32 i = 0; i < READS_MOST; i++) {
		u32 polls = 0;

		while (get(STATUS_A) & A_UPDATING)
			if (++polls == POLLS_MOST)
				return -E_DEVICE;
		for (u32 n = 0; n < PARTS; n++)
			parts[n] = get(registers[n]);
		if (!(get(STATUS_A) & A_UPDATING) &&
		    get(registers[SECOND]) == parts[SECOND])
			return 0;
	}
	return -E_DEVICE;
}

static u32 decode(u32 raw, u32 format)
{
	return format & B_BINARY ? raw : (raw >> 4) * 10 + (raw & 0xF);
}

static u32 encode(u32 value, u32 format)
{
	return format & B_BINARY ? value : value / 10 << 4 | value % 10;
}

static u32 hour_decode(u32 raw, u32 format)
{
	u32 hour = decode(raw & ~HOUR_PM, format);

	if (format & B_24_HOURS)
		return decode(raw, format);
	return hour % 12 + (raw & HOUR_PM ? 12 : 0);
}

static u32 hour_encode(u32 hour, u32 format)
{
	u32 half = hour % 12 ? hour % 12 : 12;

	if (format & B_24_HOURS)
		return encode(hour, format);
	return encode(half, format) | (hour >= 12 ? HOUR_PM : 0);
}

/* A machine without the century's register is after 1970 and before 2070. */
static u32 year_decode(const u32 *parts, u32 format)
{
	u32 year = decode(parts[YEAR], format);
	u32 century = decode(parts[CENTURY], format);

	if (century < 19 || century > 21)
		century = year < 70 ? 20 : 19;
	return century * 100 + year;
}

i32 rtc_read(u32 *seconds)
{
	u32 format = get(STATUS_B);
	u32 parts[PARTS];
	i32 error = parts_read(parts);

	if (error)
		return error;
	u32 second = decode(parts[SECOND], format);
	u32 minute = decode(parts[MINUTE], format);
	u32 hour = hour_decode(parts[HOUR], format);
	u32 date = decode(parts[DATE], format);
	u32 month = decode(parts[MONTH], format);
	u32 year = year_decode(parts, format);

	if (second > 59 || minute > 59 || hour > 23 || month < 1 ||
	    month > 12 || year < FIRST_YEAR || year > LAST_YEAR || date < 1 ||
	    date > days_of_month(year, month))
		return -E_FORM;

	u32 days = date - 1;
	while (--month)
		days += days_of_month(year, month);
	while (--year >= FIRST_YEAR)
		days += days_of_year(year);
	*seconds = days * DAY + hour * 3600 + minute * 60 + second;
	return 0;
}

i32 rtc_write(u32 seconds)
{
	u32 days = seconds / DAY, rest = seconds % DAY;
	u32 year = FIRST_YEAR, month = 1;
	u32 format = get(STATUS_B);
	u32 parts[PARTS];

	if (format == 0xFF)
		return -E_DEVICE;
	for (; days >= days_of_year(year); year++)
		days -= days_of_year(year);
	for (; days >= days_of_month(year, month); month++)
		days -= days_of_month(year, month);

	parts[SECOND] = encode(rest % 60, format);
	parts[MINUTE] = encode(rest / 60 % 60, format);
	parts[HOUR] = hour_encode(rest / 3600, format);
	parts[DATE] = encode(days + 1, format);
	parts[MONTH] = encode(month, format);
	parts[YEAR] = encode(year % 100, format);
	parts[CENTURY] = encode(year / 100, format);
	put(STATUS_B, format | B_HALT);
	for (u32 n = 0; n < PARTS; n++)
		put(registers[n], parts[n]);
	put(STATUS_B, format & ~B_HALT);
	return 0;
}

void rtc_updates(bool on)
{
	u32 others = get(STATUS_B) & ~B_INTERRUPTS;

	put(STATUS_B, others | (on ? B_UPDATE_ENDED : 0));
}

bool rtc_acknowledge(void)
{
	return get(STATUS_C) & C_UPDATE_ENDED;
}

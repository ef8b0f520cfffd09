/*
 * The MC146818 and its descendants: the date in whole seconds, and the
 * interrupt at the end of each update. Keeps no state of its own.
 */
#ifndef CLOCK_MC146818_H
#define CLOCK_MC146818_H

#include "gates/domain/domain.h"

/*
 * Seconds since 1970 as the device has them. -E_DEVICE if it does not
 * answer, -E_FORM if what it holds is no date.
 */
i32 rtc_read(u32 *seconds);

/* Set the date, in the format that the device uses. 0 or -E_DEVICE. */
i32 rtc_write(u32 seconds);

/* Interrupt at the end of each update, or not. */
void rtc_updates(bool on);

/* Was the interrupt an update's end? Only then does the next one come. */
bool rtc_acknowledge(void);

#endif

/*
 * The core's own words: a ring of text, and the polled writers (COM2 or port
 * E9, and for reports COM1 and VGA) that depend on no domain.
 */
#ifndef KERNEL_PRINT_H
#define KERNEL_PRINT_H

#include <stdarg.h>

#include "gates/abi.h"

/* %s %c %u %d %x, field widths and 0-padding for the numbers, %%. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * As print, with the line also on COM1 and VGA at once, by polling. One thread
 * at a time: report_fault sees to that.
 */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As print into memory; always terminated. Returns the length kept. */
u32 print_to(char *buffer, u32 size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

u32 print_list(char *buffer, u32 size, const char *format, va_list list);

/* Add bytes as they are. */
void print_bytes(const char *text, u32 size);

/* Text between these two in what print_read gives was on the console before. */
#define PRINT_SHOWN '\016'
#define PRINT_NEW   '\017'

/*
 * Copy what was printed from position *at onward, which moves; returns bytes.
 * Positions count from boot; text that the ring dropped is skipped.
 */
u32 print_read(u32 *at, char *buffer, u32 size);

/* Woken at every addition; its condition is *at != print_end(). */
struct wait_queue *print_queue(void);
u32 print_end(void);

/* Whether COM1 carries a command's bytes and no reports. */
void print_init(u32 com1_is_channel);
void print_start(void); /* threads run now: let one send the log */
void print_set_screen(void *text_memory);

/* Send bytes to COM1 by polling; for panics and before there is a domain. */
void print_polled(const char *text, u32 size);

/* Wait until the last byte has left COM2. */
void print_flush(void);

/* From a panic on, every line is also a report and no lock is taken. */
void print_panic_mode(void);

#endif

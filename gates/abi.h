/*
 * What both sides of every gate agree on: integer types, error names and the
 * two words that mark a lent buffer. Included by domains and by the core;
 * knows nothing of either.
 */
#ifndef GATES_ABI_H
#define GATES_ABI_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char i8;
typedef short i16;
typedef int i32;
typedef long long i64;

_Static_assert(sizeof(u32) == 4 && sizeof(u64) == 8, "integer widths");

/* Is this the build in which all domains are flat (make FLAT=1)? */
#ifdef FLAT
#define FLAT_BUILD 1
#else
#define FLAT_BUILD 0
#endif

/*
 * A lent buffer: `from` is the caller's bytes to read, `into` to fill. Where
 * there are no segments, both are what the caller has.
 */
#if FLAT_BUILD
#define from const
#define into
#elif defined(__i386__)
#define from const __seg_fs
#define into __seg_gs
#endif

/* Every gate answers with a count or 0, or with one of these, negated. */
enum error {
	E_GONE = 1, /* the domain asked is stopped or died during the call */
	E_RANGE = 2, /* a number is outside what the gate accepts */
	E_BIG = 3, /* the buffer or the request is too large */
	E_DENIED = 4, /* the caller's manifest grants no such thing */
	E_AGAIN = 5, /* nothing there yet; ask again after an event */
	E_TIME = 6, /* the time allowed ran out */
	E_MEMORY = 7, /* no memory, and waiting would not help */
	E_DEVICE = 8, /* the device is missing, or answered wrongly */
	E_NAME = 9, /* nothing of that name */
	E_BUSY = 10, /* in use */
	E_FORM = 11, /* malformed */
	E_EXISTS = 12, /* that name is taken */
	E_FOLDER = 13, /* it is a directory */
	E_KIND = 14, /* it is not the kind of thing asked for */
	E_FILLED = 15, /* a directory has entries */
	E_FULL = 16, /* no room left */
	E_CLOSED = 17, /* the other side has closed */
	E_REFUSED = 18, /* nobody listens there */
};

#endif

/*
 * Names for addresses: the symbols and source lines of an ELF file that is
 * held in memory. Pure functions; the file may be hostile, and every number
 * in it is checked before it is used. Nothing is allocated.
 */
#ifndef KERNEL_SYMBOL_H
#define KERNEL_SYMBOL_H

#include "gates/abi.h"

#define SYMBOL_NAME_MOST 127 /* bytes; longer names count as absent */

/*
 * All of these return 0; -E_NAME if the file does not say; -E_FORM if it is
 * no ELF file for this machine or contradicts itself. Results are set on 0
 * alone. Names point into the file: printable ASCII, at most
 * SYMBOL_NAME_MOST bytes and a NUL.
 */

/*
 * The last symbol at or before `address` in the section that holds it:
 * functions and labels in text, objects elsewhere; names that begin with a dot
 * do not count. `offset` is the distance.
 */
i32 symbol_find(const u8 *file, u32 size, u32 address, const char **name,
		u32 *offset);

/* The value of the symbol called `name`; a global one, if there are several. */
i32 symbol_value(const u8 *file, u32 size, const char *name, u32 *value);

/* The source line of the instruction at `address` (tools/lines made it). */
i32 line_find(const u8 *file, u32 size, u32 address, const char **file_name,
	      u32 *line);

#endif

/*
 * One i686 instruction, decoded for the fault report: its length, its text
 * and what memory, selector, port or branch target it names. 32-bit code:
 * integer, system and x87 instructions, MMX, SSE and SSE2. Pure functions over
 * bytes and register values: nothing is read through a pointer found there.
 */
#ifndef KERNEL_DECODE_H
#define KERNEL_DECODE_H

#include <stdbool.h>

#include "gates/abi.h"

#define DECODE_MOST   15 /* bytes: a longer instruction faults (#GP) */
#define DECODE_TEXT   64 /* bytes, the NUL included */
#define DECODE_MEMORY 2 /* most memory operands of one instruction */

/* In the order in which instructions encode them. */
enum decode_segment {
	DECODE_ES,
	DECODE_CS,
	DECODE_SS,
	DECODE_DS,
	DECODE_FS,
	DECODE_GS,
	DECODE_LDTR,
	DECODE_TR,
	DECODE_NONE,
};

struct decode_registers {
	union {
		struct {
			u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
		};
		u32 general[8]; /* the same, in the order of encoding */
	};
	u32 eip;
	u16 selector[DECODE_GS + 1]; /* by enum decode_segment */
};

struct decode_memory {
	u8 segment; /* enum decode_segment */
	u16 selector; /* the register's value, as given */
	u32 offset; /* in the segment, at the registers' values */
	u32 size; /* bytes; of one element where the instruction repeats */
	bool reads, writes;
	bool stack; /* implied by push, pop, call, return and their kin; of
			 far transfers, what stays in the ring moves */
	bool string; /* implied by a string instruction */
};

enum decode_status {
	DECODE_OK,
	DECODE_UNKNOWN, /* not an instruction known here */
	DECODE_CUT, /* more bytes are needed than were given */
	DECODE_LONG, /* more than DECODE_MOST bytes, mostly prefixes */
};

struct decoded {
	u8 status; /* enum decode_status; unless OK only `text` counts */
	u8 length; /* bytes */
	u8 memory_count;
	struct decode_memory memory[DECODE_MEMORY]; /* the stack's own last */
	u8 loads; /* segment register loaded, or DECODE_NONE */
	bool selector_known; /* `selector` is what it is loaded with */
	bool target_known; /* `target` is the branch's offset in CS */
	bool port_known; /* `port` is the I/O port named */
	u16 selector, port;
	u32 target;
	char text[DECODE_TEXT]; /* like `mov dword [fs:edx+4], eax` */
};

/*
 * Decode the instruction that begins at code[0] and, as far as is known, goes
 * on to code[count - 1]; no other byte is read. False, with the reason in
 * `status` and as text, if that cannot be done. Opcodes: Intel SDM volume 2,
 * appendix A.
 */
bool instruction_decode(const u8 *code, u32 count,
			const struct decode_registers *registers,
			struct decoded *out);

/* "es" to "gs", "ldtr", "tr"; "none" for anything else. */
const char *decode_segment_name(u32 segment);

#endif

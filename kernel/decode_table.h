/*
 * The opcode maps as text, after the manner of Intel SDM volume 2, appendix A,
 * for kernel/decode.c alone. An absent entry is an unknown instruction.
 *
 * An entry is a mnemonic and operands: `mov =Eo,Go`. `=` marks an operand as
 * written, `+` as read and written, `*` likewise and with LOCK allowed if it
 * is in memory. A capital is where the operand is:
 *
 *   E register or memory by ModRM    G register by ModRM    M memory alone
 *   R register by ModRM's low bits   S segment register     C, D CRn, DRn
 *   T E that is jumped to            U E, a bit string that G indexes
 *   Z register in the opcode         K accumulator          F x87 st(i)
 *   P, Q MMX by ModRM as G, E (XMM with 66 for m, k)        V, W XMM likewise
 *   I immediate   J relative target  L far pointer          O offset
 *   X DS:ESI      Y ES:EDI           B DS:EBX+AL            N I/O port
 *
 * and the letter behind it is its size:
 *
 *   b w d q t x  1 2 4 8 10 16 bytes   v  4, or 2 after prefix 66
 *   o  v, or b in an even opcode       s  b, sign-extended
 *   p  far pointer    a  two v         g  6: a table's limit and base
 *   r  v, memory w    h  d, memory w   n  memory not touched
 *   e  x87 environment (28)  f  x87 state (108)  y  FXSAVE's 512
 *   z  x, or by prefix: F3 d, F2 q     m  q, after 66 x    k  d, after 66 x
 *
 * Not printed: `>v` pushes, `<v` pops, `^v` pops at EBP (3 and 8: so many v),
 * `!n` loads segment register n. In a mnemonic `?` is a condition, `$` one of
 * ps pd ss sd, `%` e with 32-bit addresses. `;` parts entries for no prefix,
 * 66, F3 and F2 (an absent one falls back, an empty one is unknown), `:` the
 * memory form from the register form. `@c` continues in the group whose
 * member ModRM's middle bits pick, `#c` in one picked by its low bits.
 */
#ifndef KERNEL_DECODE_TABLE_H
#define KERNEL_DECODE_TABLE_H

#include "gates/abi.h"

extern const char *const decode_one_byte[256];
extern const char *const decode_two_byte[256]; /* after 0F */

/* D8 to DF, then ModRM's middle bits. */
extern const char *const decode_fpu_memory[8][8];
extern const char *const decode_fpu_register[8][8];

struct decode_group {
	char name;
	const char *const member[8];
};

/* Never null: the tables name only groups that exist. */
const struct decode_group *decode_group_find(char name);

#endif

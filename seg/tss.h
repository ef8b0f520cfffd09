/* The 32-bit task-state segment (SDM volume 3, section 8.2.1). */
#ifndef SEG_TSS_H
#define SEG_TSS_H

#include "gates/abi.h"

struct tss {
	u32 link;
	u32 esp0, ss0;
	u32 esp1, ss1;
	u32 esp2, ss2;
	u32 cr3;
	u32 eip, eflags;
	u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
	u32 es, cs, ss, ds, fs, gs;
	u32 ldt;
	u16 trap, io_map; /* beyond the limit: no port for anyone */
};

_Static_assert(sizeof(struct tss) == 104, "as the manual has it");

#endif

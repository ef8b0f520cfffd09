/* Far calls made by hand. */
#include "call.h"

#define SAVE \
	"pushl %%ebp\n\t" \
	"pushl %%edi\n\t" \
	"pushl %%fs\n\t" \
	"pushl %%gs\n\t"
#define RESTORE \
	"popl %%gs\n\t" \
	"popl %%fs\n\t" \
	"popl %%edi\n\t" \
	"popl %%ebp"

i32 far_call(const struct far_slot *slot, u32 eax, u32 edx, u32 edi, u32 flags)
{
	__asm__ volatile(SAVE "movl %%esi, %%edi\n\t"
			      "pushfl\n\t"
			      "orl %%ecx, (%%esp)\n\t"
			      "popfl\n\t"
			      "lcall *(%%ebx)\n\t"
			      "cld\n\t" RESTORE
			 : "+a"(eax), "+d"(edx), "+c"(flags)
			 : "b"(slot), "S"(edi)
			 : "memory", "cc");
	return (i32)eax;
}

/* Behind the call DS may be anything: the stack comes back from registers. */
i32 far_call_stack(const struct far_slot *slot, u32 eax, u32 ss, u32 esp)
{
	__asm__ volatile(SAVE "movl %%esp, %%esi\n\t"
			      "pushl %%ds\n\t"
			      "pushl %%ebx\n\t"
			      "popl %%edi\n\t"
			      "popl %%ebx\n\t"
			      "movl %%edx, %%ss\n\t"
			      "movl %%ecx, %%esp\n\t"
			      "lcall *(%%edi)\n\t"
			      "movl %%ebx, %%ss\n\t"
			      "movl %%esi, %%esp\n\t"
			      "movl %%ebx, %%ds\n\t"
			      "movl %%ebx, %%es\n\t" RESTORE
			 : "+a"(eax), "+c"(esp), "+d"(ss), "+b"(slot)
			 :
			 : "esi", "memory", "cc");
	return (i32)eax;
}

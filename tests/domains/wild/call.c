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

i32 call_flags(const struct far_slot *slot, u32 first, u32 second, u32 flags)
{
	__asm__ volatile(SAVE "pushfl\n\t"
			      "orl %%ecx, (%%esp)\n\t"
			      "popfl\n\t"
			      "lcall *(%%ebx)\n\t" RESTORE
			 : "+a"(first), "+d"(second), "+c"(flags)
			 : "b"(slot)
			 : "memory", "cc");
	return (i32)first;
}

i32 call_plain(const struct far_slot *slot, u32 first, u32 second)
{
	return call_flags(slot, first, second, 0);
}

i32 call_pair(const struct far_slot *slot, u32 first, u32 offset, u32 length)
{
	__asm__ volatile(SAVE "pushl %%ecx\n\t"
			      "pushl %%edx\n\t"
			      "lcall *(%%ebx)\n\t" RESTORE
			 : "+a"(first), "+d"(offset), "+c"(length)
			 : "b"(slot)
			 : "memory", "cc");
	return (i32)first;
}

i32 call_with_esp(const struct far_slot *slot, u32 esp)
{
	i32 result = 0;

	__asm__ volatile(SAVE "movl %%esp, %%esi\n\t"
			      "movl %%edx, %%esp\n\t"
			      "lcall *(%%ebx)\n\t"
			      "movl %%esi, %%esp\n\t" RESTORE
			 : "+a"(result), "+d"(esp)
			 : "b"(slot)
			 : "ecx", "esi", "memory", "cc");
	return result;
}

i32 call_at_top(const struct far_slot *slot)
{
	u32 esp;

	__asm__ volatile("movl %%esp, %0" : "=r"(esp));
	return call_with_esp(slot, (esp | 4095) + 1);
}

i32 call_door(u32 selector, u32 edi)
{
	struct far_slot slot = { .selector = (u16)selector };
	u32 result = edi;

	__asm__ volatile(SAVE "movl %%eax, %%edi\n\t"
			      "lcall *(%%ebx)\n\t" RESTORE
			 : "+a"(result)
			 : "b"(&slot)
			 : "ecx", "edx", "memory", "cc");
	return (i32)result;
}

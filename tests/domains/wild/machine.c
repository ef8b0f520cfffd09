/* Instructions that are the core's alone. */
#include "act.h"

#define ACT(name, instruction) \
	static i32 name(const struct trial *t) \
	{ \
		static u32 memory[4]; \
		u32 eax = 0, edx = 0x80, *edi = memory, *esi = memory; \
\
		(void)t; \
		__asm__ volatile(instruction \
				 : "+a"(eax), "+d"(edx), "+D"(edi), "+S"(esi) \
				 : "c"(0x174) \
				 : "memory"); \
		return 0; \
	}

ACT(act_cli, "cli")
ACT(act_sti, "sti")
ACT(act_hlt, "hlt")
ACT(act_in8, "inb %%dx, %%al")
ACT(act_in32, "inl %%dx, %%eax")
ACT(act_out8, "outb %%al, %%dx")
ACT(act_out8_fixed, "outb %%al, $0x80")
ACT(act_ins, "insb")
ACT(act_outs, "outsb")
ACT(act_lgdt, "lgdt (%%esi)")
ACT(act_lidt, "lidt (%%esi)")
ACT(act_lldt, "lldt %%ax")
ACT(act_ltr, "ltr %%ax")
ACT(act_lmsw, "lmsw %%ax")
ACT(act_clts, "clts")
ACT(act_invlpg, "invlpg (%%esi)")
ACT(act_invd, "invd")
ACT(act_wbinvd, "wbinvd")
ACT(act_cr0_read, "movl %%cr0, %%eax")
ACT(act_cr0_write, "movl %%eax, %%cr0")
ACT(act_cr3_write, "movl %%eax, %%cr3")
ACT(act_cr4_write, "movl %%eax, %%cr4")
ACT(act_dr_read, "movl %%dr7, %%eax")
ACT(act_dr_write, "movl %%eax, %%dr7")
ACT(act_rdmsr, "rdmsr")
ACT(act_wrmsr, "wrmsr")

/* POPF below ring 0 and IOPL keeps IF and IOPL as they are: no fault. */
static i32 act_popf(const struct trial *t)
{
	u32 flags;

	(void)t;
	__asm__ volatile("pushl $0x3002\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %0"
			 : "=r"(flags));
	return (flags & 0x3200) == 0x200 ? -E_DENIED : 0;
}

/* No grant, no port; and a grant is for the gate alone. */
static i32 port_refused(const struct trial *t)
{
	(void)t;
	return port_read8(0x60);
}

static i32 port_beside(const struct trial *t)
{
	(void)t;
	return port_read16(0x81);
}

static i32 port_wrapped(const struct trial *t)
{
	(void)t;
	return port_write8(0x10080, 0);
}

static i32 port_granted(const struct trial *t)
{
	(void)t;
	return port_write8(0x80, 0);
}

const struct act acts_machine[] = {
	{ "cli", act_cli },
	{ "sti", act_sti },
	{ "hlt", act_hlt },
	{ "in8", act_in8 },
	{ "in32", act_in32 },
	{ "out8", act_out8 },
	{ "out8-fixed", act_out8_fixed },
	{ "ins", act_ins },
	{ "outs", act_outs },
	{ "lgdt", act_lgdt },
	{ "lidt", act_lidt },
	{ "lldt", act_lldt },
	{ "ltr", act_ltr },
	{ "lmsw", act_lmsw },
	{ "clts", act_clts },
	{ "invlpg", act_invlpg },
	{ "invd", act_invd },
	{ "wbinvd", act_wbinvd },
	{ "cr0-read", act_cr0_read },
	{ "cr0-write", act_cr0_write },
	{ "cr3-write", act_cr3_write },
	{ "cr4-write", act_cr4_write },
	{ "dr-read", act_dr_read },
	{ "dr-write", act_dr_write },
	{ "rdmsr", act_rdmsr },
	{ "wrmsr", act_wrmsr },
	{ "popf", act_popf },
	{ "port-refused", port_refused },
	{ "port-beside", port_beside },
	{ "port-wrapped", port_wrapped },
	{ "port-granted", port_granted },
	{ NULL, NULL },
};

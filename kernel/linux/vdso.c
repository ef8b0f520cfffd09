/*
 * Which way into the core programs take: what was asked for by syscall=, as
 * far as this CPU has it; opening that door on each CPU; and the vDSO's page.
 */
#include "kernel/linux/vdso.h"

#include "kernel/cpu.h"
#include "kernel/options.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/space/cache.h"
#include "kernel/space/space.h"
#include "kernel/vfs/inode.h"
#include "seg/gdt.h"

#define MSR_SYSENTER_CS	 0x174 /* SDM volume 2, SYSENTER */
#define MSR_SYSENTER_ESP 0x175
#define MSR_SYSENTER_EIP 0x176
#define FEATURE_SEP	 (1u << 11)

extern const u8 vdso_int80[], vdso_sysenter[], vdso_gate[];
void call_sysenter(void);
void call_gate(void);

static enum vdso_way way;
u32 vdso_way_sysenter; /* call_leave asks */

static int has_sysenter(void)
{
	u32 eax = 1, ebx, ecx, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	/* the Pentium Pro says so and has not (SDM volume 2, SYSENTER) */
	if ((eax & 0xF00) == 0x600 && (eax & 0xFF) < 0x33)
		return 0;
	return (edx & FEATURE_SEP) != 0;
}

void vdso_choose(void)
{
	way = options.way;
	if (way == VDSO_SYSENTER && !has_sysenter()) {
		print("syscall: this CPU has no SYSENTER; int 0x80 it is\n");
		way = VDSO_INT80;
	}
	vdso_way_sysenter = way == VDSO_SYSENTER;
}

enum vdso_way vdso_way(void)
{
	return way;
}

static void msr_write(u32 msr, u32 value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"(value), "d"(0));
}

static u32 doorways_wanted;

void doorway_open(struct cpu *cpu)
{
	if (cpu->doorway_tss)
		return;
	cpu->doorway_tss = &cpu->tss;
	msr_write(MSR_SYSENTER_ESP, (u32)&cpu->doorway_tss);
	msr_write(MSR_SYSENTER_EIP, (u32)call_sysenter);
	msr_write(MSR_SYSENTER_CS, SEL_CORE_CODE);
}

void doorway_answer(struct cpu *cpu)
{
	if (doorways_wanted)
		doorway_open(cpu);
}

i32 doorways_open(void)
{
	if (!has_sysenter())
		return -E_DEVICE;
	if (doorways_wanted)
		return 0;
	world_stop();
	doorways_wanted = 1;
	doorway_open(cpu_current());
	world_start();
	return 0;
}

void vdso_open_door(void)
{
	struct cpu *cpu = cpu_current();
	struct descriptor gate;

	if (way == VDSO_SYSENTER) {
		doorway_open(cpu);
	} else if (way == VDSO_GATE) {
		i32 error = descriptor_gate(SEL_CORE_CODE, (u32)call_gate, 3,
					    &gate);

		assert(error == 0);
		gdt_set_private(cpu, SLOT_SYSCALL, gate);
	}
}

/* The page as a file of its own, so that it is mapped like any other. */
static struct inode *vdso_inode(void)
{
	static const u8 *const pages[] = {
		[VDSO_INT80] = vdso_int80,
		[VDSO_SYSENTER] = vdso_sysenter,
		[VDSO_GATE] = vdso_gate,
	};
	static struct inode *inode;

	if (inode)
		return inode;
	inode = inode_anonymous(MODE_FILE | 0555);
	if (!inode)
		return 0;
	inode->size = PAGE;
	if (cache_adopt(inode, 0, direct_physical(pages[way])) < 0) {
		inode_drop(inode);
		inode = 0;
	}
	return inode;
}

u32 vdso_map(struct space *s, u32 *entry)
{
	struct inode *inode = vdso_inode();

	if (!inode ||
	    space_map(s, VDSO_BASE, PAGE, AREA_READ | AREA_EXECUTE | AREA_VDSO,
		      inode, 0, 0) < 0)
		return 0;
	s->vdso = VDSO_BASE;
	*entry = VDSO_BASE + VDSO_CALL_AT;
	return VDSO_BASE;
}

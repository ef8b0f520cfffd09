/*
 * Interrupts by number, system calls, and every way into the core, with flags
 * that no caller should have set.
 */
#include "attack.h"
#include "call.h"

#define VECTORS 256

/* `argument`: the vector, and above it 8 bits that choose the flags. */
static u32 flags_of(u32 argument)
{
	static const u32 sets[] = {
		0,
		FLAG_TRAP,
		FLAG_DIRECTION,
		FLAG_NESTED,
		FLAG_ALIGNMENT,
		FLAG_TRAP | FLAG_DIRECTION | FLAG_NESTED | FLAG_ALIGNMENT,
	};

	return 0x202 | sets[(argument >> 8) % (sizeof sets / sizeof *sets)];
}

/* POPF, INT n, RET: four bytes for each vector. */
__asm__(".section .text.interrupts, \"ax\"\n"
	"interrupts:\n\t"
	".set n, 0\n\t"
	".rept 256\n\t"
	".byte 0x9D, 0xCD, n, 0xC3\n\t"
	".set n, n + 1\n\t"
	".endr\n\t"
	".text");
extern u8 interrupts[];

static i32 interrupt(const struct attack *a)
{
	u8 *stub = interrupts + a->argument % VECTORS * 4;

	__asm__ volatile("pushl $1f\n\t"
			 "pushl %0\n\t"
			 "jmp *%1\n"
			 "1:\tcld"
			 :
			 : "r"(flags_of(a->argument)), "r"(stub)
			 : "eax", "ecx", "edx", "memory", "cc");
	return GAIN_RUN;
}

/* In the shadow of MOV SS, where traps wait for one instruction. */
static i32 shadow_interrupt(const struct attack *a)
{
	(void)a;
	__asm__ volatile("movl %%ss, %%eax\n\t"
			 "pushfl\n\t"
			 "orl $0x100, (%%esp)\n\t"
			 "popfl\n\t"
			 "movl %%eax, %%ss\n\t"
			 "int $0x80"
			 :
			 :
			 : "eax", "memory", "cc");
	return GAIN_RUN;
}

static i32 shadow_call(const struct attack *a)
{
	(void)a;
	__asm__ volatile("movl %%ss, %%edx\n\t"
			 "movl $0x60, %%eax\n\t"
			 "pushfl\n\t"
			 "orl $0x100, (%%esp)\n\t"
			 "popfl\n\t"
			 "movl %%edx, %%ss\n\t"
			 "lcall *%0\n\t"
			 "pushfl\n\t"
			 "andl $~0x100, (%%esp)\n\t"
			 "popfl"
			 :
			 : "m"(slots_port[PORT_READ8])
			 : "eax", "ecx", "edx", "memory", "cc");
	return GAIN_NOTHING;
}

static i32 system_enter(const struct attack *a)
{
	__asm__ volatile("pushl %0\n\t"
			 "popfl\n\t"
			 "sysenter"
			 :
			 : "r"(flags_of(a->argument)), "a"(20)
			 : "memory", "cc");
	return GAIN_RUN;
}

/* EBP is what the core takes for a caller's stack there. */
static i32 system_enter_stack(const struct attack *a)
{
	__asm__ volatile("movl %0, %%ebp\n\t"
			 "xorl %%edi, %%edi\n\t"
			 "sysenter"
			 :
			 : "r"(a->aim), "a"(20)
			 : "memory", "cc");
	return GAIN_RUN;
}

/* By number, as servers call: 0 and what is beyond its imports is refused. */
static i32 call_number(const struct attack *a)
{
	__asm__ volatile("pushl %%ebp\n\t"
			 "pushl %%esi\n\t"
			 "pushl $0\n\t"
			 "pushl $0\n\t"
			 "pushl %%cs\n\t"
			 "pushl $1f\n\t"
			 "pushl %%ebp\n\t"
			 "movl %%esp, %%ebp\n\t"
			 "sysenter\n"
			 "1:\taddl $8, %%esp\n\t"
			 "popl %%esi\n\t"
			 "popl %%ebp"
			 :
			 : "D"(a->argument), "a"(0)
			 : "ebx", "ecx", "edx", "memory", "cc");
	return GAIN_NOTHING;
}

static i32 system_call(const struct attack *a)
{
	__asm__ volatile("pushl %0\n\t"
			 "popfl\n\t"
			 ".byte 0x0F, 0x05"
			 :
			 : "r"(flags_of(a->argument)), "a"(20)
			 : "ecx", "memory", "cc");
	return GAIN_RUN;
}

/* The gate for system calls. */
static i32 system_gate(const struct attack *a)
{
	static const struct far_slot gate = { .selector = 0x73 };

	far_call(&gate, 20, 0, 0, flags_of(a->argument));
	return GAIN_RUN;
}

/* Calls that are allowed, with flags that are not. */
static i32 up_flags(const struct attack *a)
{
	return far_call(&slots_port[PORT_READ8], 0x60, 0, 0,
			flags_of(a->argument)) == -E_DENIED ?
		       GAIN_NOTHING :
		       GAIN_RUN;
}

static i32 relay_flags(const struct attack *a)
{
	return far_call(&slots_neighbour[NEIGHBOUR_NOTHING], 0, 0, 0,
			flags_of(a->argument)) == 0 ?
		       GAIN_NOTHING :
		       GAIN_RUN;
}

/* Each of the core's doors (low 4 bits), named as thunks name them. */
static i32 door_flags(const struct attack *a)
{
	struct far_slot door = { .selector = (u16)DOOR(a->argument %
						       DOORS_OF_ALL) };

	far_call(&door, 0, 0, a->aim, flags_of(a->argument << 4));
	return GAIN_NOTHING;
}

/* A call into the core gives back what the caller had in its registers. */
static i32 registers_told(const struct attack *a)
{
	u32 c = 0, d = 0, result = 0x60;

	(void)a;
	__asm__ volatile("pushl %%edi\n\t"
			 "lcall *%3\n\t"
			 "popl %%edi"
			 : "+a"(result), "+c"(c), "+d"(d)
			 : "m"(slots_port[PORT_READ8])
			 : "memory", "cc");
	return c >= 0xC0000000 || d >= 0xC0000000 ? GAIN_TOLD : GAIN_NOTHING;
}

/* A program's x87 registers, if the call is on its behalf and they are open. */
static i32 fpu_read(const struct attack *a)
{
	u16 control = 0;

	(void)a;
	__asm__ volatile("fnstcw %0" : "=m"(control));
	return control ? GAIN_READ : GAIN_NOTHING;
}

static i32 fpu_write(const struct attack *a)
{
	(void)a;
	__asm__ volatile("fninit\n\tfldpi");
	return GAIN_WRITE;
}

/* A port that its .dom does not name. */
static i32 port_refused(const struct attack *a)
{
	i32 answer = port_read8(a->argument);

	return answer < 0 ? answer : GAIN_TOLD;
}

const struct plan plans_flags[] = {
	{ "interrupt", interrupt },
	{ "shadow-interrupt", shadow_interrupt },
	{ "shadow-call", shadow_call },
	{ "sysenter", system_enter },
	{ "sysenter-stack", system_enter_stack },
	{ "call-number", call_number },
	{ "syscall", system_call },
	{ "system-gate", system_gate },
	{ "up-flags", up_flags },
	{ "relay-flags", relay_flags },
	{ "door-flags", door_flags },
	{ "fpu-read", fpu_read },
	{ "fpu-write", fpu_write },
	{ "port-refused", port_refused },
	{ "registers-told", registers_told },
	{ NULL, NULL },
};

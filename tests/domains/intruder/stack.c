/*
 * Stacks: SS and ESP that lead elsewhere, and calls made from there. Whoever
 * looks for a caller's pairs looks where ESP says.
 */
#include "attack.h"
#include "call.h"

#define SCRATCH 0x88u /* the port that this domain may write */

static u32 lent_data(void)
{
	u32 lent;

	__asm__ volatile("movl %%gs, %0" : "=r"(lent));
	return lent;
}

/* ESP so that [SS:ESP] is `aim`. */
static i32 pop_there(const struct attack *a)
{
	u32 seen;

	__asm__ volatile("movl %%esp, %%ecx\n\t"
			 "movl %1, %%esp\n\t"
			 "popl %0\n\t"
			 "movl %%ecx, %%esp"
			 : "=a"(seen)
			 : "r"(a->aim - a->base)
			 : "ecx", "memory");
	return seen == a->canary ? GAIN_READ : GAIN_NOTHING;
}

static i32 push_there(const struct attack *a)
{
	__asm__ volatile("movl %%esp, %%ecx\n\t"
			 "movl %0, %%esp\n\t"
			 "pushl %1\n\t"
			 "movl %%ecx, %%esp"
			 :
			 : "r"(a->aim - a->base + 4), "r"(~a->canary)
			 : "ecx", "memory");
	return GAIN_WRITE;
}

/* The core takes offset and length of a lend from `aim`: how long was it? */
static i32 up_there(const struct attack *a)
{
	i32 answer = far_call_stack(&slots_port[PORT_WRITE_BLOCK], SCRATCH,
				    data_selector(), a->aim - a->base);

	return answer == (i32)a->canary ? GAIN_READ : GAIN_NOTHING;
}

static i32 relay_there(const struct attack *a)
{
	far_call_stack(&slots_neighbour[NEIGHBOUR_SUM], 0, data_selector(),
		       a->aim - a->base);
	return GAIN_READ; /* it took what is no pair of ours */
}

/* ESP as a number, in its own window or outside. */
static i32 up_stack(const struct attack *a)
{
	far_call_stack(&slots_port[PORT_WRITE_BLOCK], SCRATCH, data_selector(),
		       a->argument);
	return GAIN_READ;
}

static i32 relay_stack(const struct attack *a)
{
	far_call_stack(&slots_neighbour[NEIGHBOUR_SUM], 0, data_selector(),
		       a->argument);
	return GAIN_READ;
}

/* At the last bytes that SS has. */
static i32 up_stack_end(const struct attack *a)
{
	u32 limit;

	__asm__("lsl %1, %0" : "=r"(limit) : "r"(data_selector()));
	far_call_stack(&slots_port[PORT_WRITE_BLOCK], SCRATCH, data_selector(),
		       limit - a->argument);
	return GAIN_READ;
}

static i32 relay_stack_end(const struct attack *a)
{
	u32 limit;

	__asm__("lsl %1, %0" : "=r"(limit) : "r"(data_selector()));
	far_call_stack(&slots_neighbour[NEIGHBOUR_SUM], 0, data_selector(),
		       limit - a->argument);
	return GAIN_READ;
}

/* A call without buffers needs no stack at all. */
static i32 relay_no_stack(const struct attack *a)
{
	return far_call_stack(&slots_neighbour[NEIGHBOUR_NOTHING], 0,
			      data_selector(), a->argument) == 0 ?
		       GAIN_NOTHING :
		       GAIN_RUN;
}

/*
 * A lend for a stack: who called is then not told by SS. Afterwards, is the
 * table of descriptors still its own?
 */
static i32 up_lent_stack(const struct attack *a)
{
	far_call_stack(&slots_port[PORT_READ8], 0x60, lent_data(), a->room);
	return readable(0x23) ? GAIN_LOAD : GAIN_NOTHING;
}

static i32 relay_lent_stack(const struct attack *a)
{
	far_call_stack(&slots_neighbour[NEIGHBOUR_NOTHING], 0, lent_data(),
		       a->room);
	return readable(0x23) ? GAIN_LOAD : GAIN_NOTHING;
}

/* And further: everything is there to be read, then. */
static i32 relay_lent_stack_read(const struct attack *a)
{
	u32 seen;

	far_call_stack(&slots_neighbour[NEIGHBOUR_NOTHING], 0, lent_data(),
		       a->room);
	if (!readable(0x23))
		return GAIN_NOTHING;
	__asm__ volatile("movl %1, %%es\n\t"
			 "movl %%es:(%2), %0\n\t"
			 "pushl %%ds\n\t"
			 "popl %%es"
			 : "=r"(seen)
			 : "r"(0x23), "r"(a->aim));
	return seen == a->canary ? GAIN_READ : GAIN_LOAD;
}

/* With pairs, which the core looks for in the window of SS. */
static i32 up_lent_stack_pairs(const struct attack *a)
{
	far_call_stack(&slots_port[PORT_WRITE_BLOCK], SCRATCH, lent_data(),
		       a->aim);
	return GAIN_READ;
}

static i32 relay_lent_stack_pairs(const struct attack *a)
{
	far_call_stack(&slots_neighbour[NEIGHBOUR_SUM], 0, lent_data(), a->aim);
	return GAIN_READ;
}

/* A fault, an interrupt, with no stack to speak of. */
static i32 lent_stack_fault(const struct attack *a)
{
	__asm__ volatile("movl %0, %%ss\n\t"
			 "movl %1, %%esp\n\t"
			 "ud2"
			 :
			 : "r"(lent_data()), "r"(a->argument)
			 : "memory");
	return GAIN_RUN;
}

static i32 wild_stack_fault(const struct attack *a)
{
	__asm__ volatile("movl %0, %%esp\n\t"
			 "ud2"
			 :
			 : "r"(a->argument)
			 : "memory");
	return GAIN_RUN;
}

static i32 lent_stack_wait(const struct attack *a)
{
	__asm__ volatile("movl %0, %%ss\n\t"
			 "movl %1, %%esp\n"
			 "1:\tjmp 1b"
			 :
			 : "r"(lent_data()), "r"(a->argument)
			 : "memory");
	return GAIN_RUN;
}

/* What was lent to be read is no stack. */
static i32 from_stack(const struct attack *a)
{
	u32 lent;

	(void)a;
	__asm__ volatile("movl %%fs, %0\n\t"
			 "movl %0, %%ss"
			 : "=r"(lent));
	return GAIN_LOAD;
}

/* A far return from a stack on which there is nothing, or only rubbish. */
static i32 return_empty(const struct attack *a)
{
	(void)a;
	__asm__ volatile("orl $4095, %%esp\n\t"
			 "incl %%esp\n\t"
			 "lret"
			 :
			 :
			 : "memory");
	return GAIN_RUN;
}

static i32 return_rubbish(const struct attack *a)
{
	__asm__ volatile("pushl %0\n\t"
			 "pushl %0\n\t"
			 "pushl %0\n\t"
			 "lret"
			 :
			 : "r"(a->argument)
			 : "memory");
	return GAIN_RUN;
}

static i32 enter_frame(const struct attack *a)
{
	__asm__ volatile("movl %0, %%ebp\n\t"
			 "enter $0x100, $31"
			 :
			 : "r"(a->aim - a->base)
			 : "memory");
	return GAIN_READ;
}

const struct plan plans_stack[] = {
	{ "pop-there", pop_there },
	{ "push-there", push_there },
	{ "up-there", up_there },
	{ "relay-there", relay_there },
	{ "up-stack", up_stack },
	{ "relay-stack", relay_stack },
	{ "up-stack-end", up_stack_end },
	{ "relay-stack-end", relay_stack_end },
	{ "relay-no-stack", relay_no_stack },
	{ "up-lent-stack", up_lent_stack },
	{ "relay-lent-stack", relay_lent_stack },
	{ "relay-lent-stack-read", relay_lent_stack_read },
	{ "up-lent-stack-pairs", up_lent_stack_pairs },
	{ "relay-lent-stack-pairs", relay_lent_stack_pairs },
	{ "lent-stack-fault", lent_stack_fault },
	{ "wild-stack-fault", wild_stack_fault },
	{ "lent-stack-wait", lent_stack_wait },
	{ "from-stack", from_stack },
	{ "return-empty", return_empty },
	{ "return-rubbish", return_rubbish },
	{ "enter-frame", enter_frame },
	{ NULL, NULL },
};

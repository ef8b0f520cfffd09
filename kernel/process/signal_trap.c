/*
 * Exceptions in ring 3 as signals (SDM volume 3, section 6.15; the codes are
 * Linux').
 */
#include "kernel/process/fpu.h"
#include "kernel/process/process.h"

#define VECTOR_DIVIDE 0u
#define VECTOR_X87    16u
#define VECTOR_CHECK  17u
#define VECTOR_SSE    19u

#define STATUS_INVALID	  0x01u
#define STATUS_DENORMAL	  0x02u
#define STATUS_DIVIDE	  0x04u
#define STATUS_OVERFLOW	  0x08u
#define STATUS_UNDERFLOW  0x10u
#define STATUS_PRECISION  0x20u
#define FXSAVE_MXCSR_WORD 6
#define MXCSR_MASK_SHIFT  7

static i32 float_code(u32 raised)
{
	if (raised & STATUS_INVALID)
		return FPE_FLTINV;
	if (raised & STATUS_DIVIDE)
		return FPE_FLTDIV;
	if (raised & STATUS_OVERFLOW)
		return FPE_FLTOVF;
	if (raised & (STATUS_UNDERFLOW | STATUS_DENORMAL))
		return FPE_FLTUND;
	if (raised & STATUS_PRECISION)
		return FPE_FLTRES;
	return 0;
}

/* What is raised and not masked, in the x87's status or in MXCSR. */
static void float_fault(const struct frame *f)
{
	const u32 *state = (const u32 *)fpu_saved(task_current())->bytes;
	u32 mxcsr = state[FXSAVE_MXCSR_WORD], raised;
	i32 code;

	if (f->vector == VECTOR_X87)
		raised = state[0] >> 16 & ~state[0];
	else
		raised = mxcsr & ~(mxcsr >> MXCSR_MASK_SHIFT);
	code = float_code(raised & 0x3F);
	if (code)
		signal_fault(SIGFPE, code, f->eip, f);
}

void signal_trap(struct frame *f)
{
	switch (f->vector) {
	case VECTOR_DIVIDE:
		signal_fault(SIGFPE, FPE_INTDIV, f->eip, f);
		break;
	case VECTOR_DEBUG:
		f->eflags &= ~FLAG_TRAP;
		signal_fault(SIGTRAP, TRAP_TRACE, f->eip, f);
		break;
	case VECTOR_BREAKPOINT:
		signal_fault(SIGTRAP, SI_KERNEL, 0, f);
		break;
	case VECTOR_INVALID:
		if (fpu_closed())
			fpu_use(); /* perhaps the first SSE instruction */
		else
			signal_fault(SIGILL, ILL_ILLOPN, f->eip, f);
		break;
	case VECTOR_FPU:
		fpu_use();
		break;
	case VECTOR_X87:
	case VECTOR_SSE:
		float_fault(f);
		break;
	case VECTOR_STACK:
	case VECTOR_ABSENT:
		signal_fault(SIGBUS, SI_KERNEL, 0, f);
		break;
	case VECTOR_CHECK:
		signal_fault(SIGBUS, BUS_ADRALN, 0, f);
		break;
	default: /* overflow, bound, protection and what should not be */
		signal_fault(SIGSEGV, SI_KERNEL, 0, f);
	}
}

void signal_page_fault(struct frame *f, u32 address, u32 why)
{
	switch (why) {
	case SPACE_UNMAPPED:
		signal_fault(SIGSEGV, SEGV_MAPERR, address, f);
		break;
	case SPACE_DENIED:
		signal_fault(SIGSEGV, SEGV_ACCERR, address, f);
		break;
	case SPACE_NO_MEMORY:
		signal_process(process_current(), SIGKILL, 0);
		break;
	default:
		signal_fault(SIGBUS, BUS_ADRERR, address, f);
	}
}

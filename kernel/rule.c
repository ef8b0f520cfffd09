/* From an exception to the rule that it broke. */
#include "kernel/rule.h"

#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/window.h"
#include "seg/gdt.h"
#include "seg/sealed.h"

struct descriptor_view selector_view(u32 selector)
{
	u32 slot = (selector & 0xFFFF) >> 3;
	struct thread *t = thread_current();
	const struct generation *g = generation_top(t);
	int sealed = g && g->door->flags & DOOR_SEALED;

	if (!(selector & 4))
		return descriptor_read(sealed ? sealed_get(g, slot) :
						gdt_get(t->cpu, slot));
	if (sealed) /* its LDT begins with its own two */
		slot += 2 * (t->crossing->top / LEND_SLOT - 1);
	if (slot >= 2 * LINKAGE_DEPTH)
		return descriptor_read(DESCRIPTOR_ABSENT);
	return descriptor_read(t->crossing->lends[slot / 2][slot % 2]);
}

static u32 fault_linear(void)
{
	return thread_current()->fault_address;
}

static void decode(const struct frame *f, struct finding *out)
{
	struct decode_registers r = {
		.eax = f->eax,
		.ecx = f->ecx,
		.edx = f->edx,
		.ebx = f->ebx,
		.esp = f->esp,
		.ebp = f->ebp,
		.esi = f->esi,
		.edi = f->edi,
		.eip = f->eip,
		.selector = { [DECODE_ES] = (u16)f->es,
			      [DECODE_CS] = (u16)f->cs,
			      [DECODE_SS] = (u16)f->ss,
			      [DECODE_DS] = (u16)f->ds,
			      [DECODE_FS] = (u16)f->fs,
			      [DECODE_GS] = (u16)f->gs },
	};
	struct generation *g = generation_of(f->cs);
	u8 bytes[DECODE_MOST];
	u32 count;

	if (!g || f->eip >= g->domain->image.text_end)
		return;
	count = min((u32)sizeof(bytes), g->domain->image.text_end - f->eip);
	if (window_read(g, f->eip, bytes, count) == count)
		out->decoded = instruction_decode(bytes, count, &r, &out->code);
}

/* By how many bytes [offset, offset + size) goes beyond the limit. */
static u32 beyond(const struct descriptor_view *v, u32 offset, u32 size)
{
	u32 last = offset + (size ? size - 1 : 0);

	if (last < offset)
		return 0xFFFFFFFF - v->limit;
	return last > v->limit ? last - v->limit : 0;
}

/* Why this operand cannot be reached through its segment; NULL if it can. */
static const char *operand_rule(struct finding *out,
				const struct decode_memory *m)
{
	struct descriptor_view v = selector_view(m->selector);
	const char *rule = 0;
	u32 empty = v.present && !v.system && (v.type & 0xC) == 4;

	if ((m->selector & ~3u) == 0)
		rule = "memory is reached through a segment; this selector is "
		       "null";
	else if (empty)
		rule = "a lend of no bytes is neither read nor written";
	else if (beyond(&v, m->offset, m->size))
		rule = m->writes ? "a write stays inside its segment" :
				   "a read stays inside its segment";
	else if (m->writes && v.type & 8)
		rule = "text is not written";
	else if (m->writes && !(v.type & 2))
		rule = "what was lent to be read is not written";
	else if (m->reads && (v.type & 8) && !(v.type & 2))
		rule = "text is executed, not read through CS";
	if (!rule)
		return 0;
	out->has_operand = 1;
	out->operand = *m;
	out->segment = v;
	out->missed = empty ? m->size : beyond(&v, m->offset, m->size);
	return rule;
}

static const char *operands_rule(struct finding *out)
{
	for (u32 i = 0; out->decoded && i < out->code.memory_count; i++) {
		const char *rule = operand_rule(out, &out->code.memory[i]);

		if (rule)
			return rule;
	}
	return 0;
}

static int begins(const char *text, const char *with)
{
	while (*with)
		if (*text++ != *with++)
			return 0;
	return 1;
}

static const char *privileged_rule(const struct finding *out)
{
	static const char *const core_only[] = {
		"cli",	 "sti",	  "hlt",    "lgdt",   "lidt",	"lldt",
		"ltr",	 "lmsw",  "clts",   "invlpg", "wbinvd", "invd",
		"rdmsr", "wrmsr", "mov cr", "mov dr", "rdpmc",
	};
	const char *text = out->code.text;

	if (!out->decoded)
		return 0;
	for (u32 i = 0; i < sizeof(core_only) / sizeof(*core_only); i++)
		if (begins(text, core_only[i]))
			return "only the core executes privileged instructions";
	if (begins(text, "mov") && text_length(text) > 3 &&
	    (text[text_length(text) - 3] == 'c' ||
	     text[text_length(text) - 3] == 'd') &&
	    text[text_length(text) - 2] == 'r')
		return "only the core executes privileged instructions";
	if (begins(text, "in ") || begins(text, "out ") ||
	    begins(text, "ins") || begins(text, "outs") ||
	    begins(text, "rep ins") || begins(text, "rep outs"))
		return "I/O ports are reached through the gate `port`";
	if (begins(text, "sysenter"))
		return "system calls are for processes";
	if (begins(text, "int"))
		return "interrupts belong to the core and to processes";
	return 0;
}

#define CONTROL_RULE "control goes where a gate or one's own text is"

static const char *selector_rule(const struct finding *out)
{
	if (!out->decoded)
		return 0;
	if (begins(out->code.text, "call") || begins(out->code.text, "jmp") ||
	    begins(out->code.text, "ret") || begins(out->code.text, "iret"))
		return CONTROL_RULE;
	if (out->code.loads != DECODE_NONE)
		return "a segment register holds selectors of this level and "
		       "kind";
	return 0;
}

static const char *protection_rule(const struct frame *f, struct finding *out)
{
	const struct generation *g = generation_of(f->cs);
	const char *rule;

	if (g && f->eip >= g->domain->image.text_end) {
		out->missed = f->eip - (g->domain->image.text_end - 1);
		return "execution stays inside the text";
	}
	rule = privileged_rule(out);
	if (!rule)
		rule = operands_rule(out);
	if (!rule && out->decoded && out->code.target_known && g &&
	    out->code.target >= g->domain->image.text_end) {
		out->missed =
			out->code.target - (g->domain->image.text_end - 1);
		return "execution stays inside the text";
	}
	if (!rule)
		rule = selector_rule(out);
	return rule ? rule : "the processor's protection holds";
}

static const char *stack_rule(const struct frame *f, struct finding *out)
{
	const char *rule = operands_rule(out);
	struct descriptor_view v = selector_view(f->ss);

	if (rule)
		return "the stack stays inside its segment";
	out->has_operand = 1;
	out->segment = v;
	out->operand = (struct decode_memory){ .segment = DECODE_SS,
					       .selector = (u16)f->ss,
					       .offset = f->esp - 4,
					       .size = 4,
					       .writes = 1,
					       .stack = 1 };
	out->missed = beyond(&v, f->esp - 4, 4);
	return "the stack stays inside its segment";
}

/* Is `offset` in an unmapped page below an activation stack? */
static int stack_guard(const struct generation *g, u32 offset)
{
	u32 stride = g->stack_bytes + PAGE;

	return offset >= g->stacks &&
	       offset < g->stacks + g->stack_most * stride &&
	       (offset - g->stacks) % stride < PAGE;
}

static const char *page_rule(const struct frame *f, const struct generation *g,
			     struct finding *out)
{
	u32 offset = out->linear - g->base;

	if (out->linear < g->base || offset >= g->size)
		return f->error & 2 ? "a write stays inside its own window" :
				      "a read stays inside its own window";
	if (offset < PAGE)
		return f->eip < PAGE ? "there is no code at address 0" :
				       "there is nothing at address 0";
	if (stack_guard(g, offset))
		return "an activation stack does not outgrow its size";
	if (f->error & 1)
		return offset < g->domain->image.text_end ?
			       "text is not written" :
			       "constants are not written";
	return "memory is used where it is mapped";
}

/* The operand that a page fault at `linear` was for. */
static void page_operand(struct finding *out)
{
	for (u32 i = 0; out->decoded && i < out->code.memory_count; i++) {
		const struct decode_memory *m = &out->code.memory[i];
		struct descriptor_view v = selector_view(m->selector);

		if (out->linear - (v.base + m->offset) >= max(m->size, 1u))
			continue;
		out->has_operand = 1;
		out->operand = *m;
		out->segment = v;
		return;
	}
}

void rule_find(const struct frame *f, const struct generation *charged,
	       struct finding *out)
{
	memory_fill(out, 0, sizeof(*out));
	decode(f, out);
	switch (f->vector) {
	case 0:
		out->rule = "a division has a result";
		break;
	case VECTOR_DEBUG:
		out->rule = "a domain does not single-step itself";
		break;
	case VECTOR_BREAKPOINT:
	case VECTOR_OVERFLOW:
		out->rule = "interrupts belong to the core and to processes";
		break;
	case 5:
		out->rule = "an index lies within its bounds";
		break;
	case 6:
		out->rule = out->decoded && begins(out->code.text, "ud2") ?
				    "what the source asserts holds" :
				    "an instruction is one this CPU has";
		break;
	case 10:
		out->rule = CONTROL_RULE;
		break;
	case VECTOR_ABSENT:
		out->rule = "a segment is used while it is there";
		break;
	case VECTOR_STACK:
		out->rule = stack_rule(f, out);
		break;
	case VECTOR_PAGE:
		out->linear = fault_linear();
		page_operand(out);
		out->rule = page_rule(f, charged, out);
		break;
	case VECTOR_PROTECTION:
		out->rule = protection_rule(f, out);
		break;
	default:
		out->rule = "a domain computes with integers, by the rules of "
			    "its CPU";
	}
}

/*
 * Crossings between domains on the host's own processor: a 32-bit Linux
 * program that gives two of Bulkhead's domains segments of its LDT
 * (modify_ldt) and has one call the other, with the code bytes of the kernel's
 * crossings; and, beside it, what Linux has between two processes. Prints the
 * laboratory's CSV. What ring 3 cannot do is said in remarks, not guessed.
 */
#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"
#include "rows.h"

static const char usage[] =
	"usage: silicon [--quick] TRACER TRACED\n"
	"Measures crossings between two of Bulkhead's domains on this host's\n"
	"processor, in ring 3, and what Linux has between two processes.\n"
	"TRACER and TRACED are the files of the domains of those names\n"
	"(build/release/domains). Prints CSV. Status 3: this host does not\n"
	"let a program have segments of its own, or the like.\n";

static int has_sse2(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && (d & bit_SSE2);
}

/* Leaves 0x80000002 to 4: the processor's own name. Leaf 1, ECX bit 31: a
 * hypervisor says that it is there. SDM volume 2, CPUID. */
static void processor_remark(void)
{
	uint32_t name[13] = { 0 }, a, b, c, d;

	for (uint32_t i = 0; i < 3; i++)
		if (!__get_cpuid(0x80000002 + i, &name[4 * i], &name[4 * i + 1],
				 &name[4 * i + 2], &name[4 * i + 3]))
			break;
	__get_cpuid(1, &a, &b, &c, &d);
	report_remark("processor: %s%s", (const char *)name,
		      c >> 31 ? ", under a hypervisor: what that intercepts "
				"(wake-ups between CPUs, perhaps INT) is dear" :
				"");
}

static void remarks(uint32_t changed)
{
	processor_remark();
	report_remark("TSC ticks and nanoseconds (%.3f ns a tick): not clocks "
		      "of the core, which change with its frequency",
		      ticks_nanoseconds(1));
	report_remark("round: a call and its return; one-way: one load, or "
		      "one instruction");
	report_remark("the median of the empty loop is subtracted; so a row of "
		      "a few ticks can have a least below 0");
	report_remark("warm: mean of a batch; cold: one call, its windows' and "
		      "tables' lines flushed before (not the TLB)");
	report_remark("across: stub and thunk byte for byte, but %u bytes of a "
		      "thunk: bits 0-2 of its two selectors, 4 loads",
		      changed);
	report_remark("a far pointer to the thunk stands for the call gate: "
		      "ring 3 can have no gate in its LDT");
	report_remark("lends: the thunk writes its descriptor, the segment it "
		      "then loads was made before by modify_ldt");
	report_remark("touch: the callee copies all bytes; else it does "
		      "nothing. segment-load-ss is LSS");
	report_remark("not measured, as ring 3 cannot: gate-same gate-inner "
		      "return-outward up down sealed task-gate lldt lgdt cr3");
}

/* In a process of its own: a wrong segment ends it, not us. */
static _Noreturn void child_run(char **paths, int quick)
{
	static struct window pair[2];
	uint32_t changed;

	window_load(&pair[0], paths[0], 0);
	window_load(&pair[1], paths[1], 1);
	window_tables(pair, 2);
	changed =
		window_patch(&pair[0], "target_none", &pair[1], "target_none");
	remarks(changed);
	report_begin();
	rows_segment(pair, quick);
	rows_flat(quick);
	rows_message(quick);
	exit(0);
}

int main(int count, char **words)
{
	int quick = count > 1 && strcmp(words[1], "--quick") == 0, status;
	pid_t child;

	if (count != 3 + quick) {
		int help = count == 2 && strcmp(words[1], "--help") == 0;

		fputs(usage, help ? stdout : stderr);
		return help ? 0 : 2;
	}
	if (!has_sse2())
		refuse("the processor has no LFENCE and CLFLUSH");
	ticks_measure();
	child = fork();
	if (must(child, "fork") == 0)
		child_run(words + 1 + quick, quick);
	must(waitpid(child, &status, 0), "waitpid");
	if (WIFSIGNALED(status)) {
		fprintf(stderr,
			"silicon: died of signal %d in the row after "
			"the last one printed\n",
			WTERMSIG(status));
		return 1;
	}
	return WEXITSTATUS(status);
}

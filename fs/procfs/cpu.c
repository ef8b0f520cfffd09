/* CPUs: what they are, what they did, and who interrupted them. */
#include "files.h"
#include "text.h"

#define TICK_RATE 10u /* the core's ticks in one of USER_HZ */

/* ---- cpuinfo ---- */

static const char *const edx_names[32] = {
	"fpu",	"vme",	 "de",	 "pse",	    "tsc",  "msr", "pae",  "mce",
	"cx8",	"apic",	 NULL,	 "sep",	    "mtrr", "pge", "mca",  "cmov",
	"pat",	"pse36", "pn",	 "clflush", NULL,   "dts", "acpi", "mmx",
	"fxsr", "sse",	 "sse2", "ss",	    "ht",   "tm",  "ia64", "pbe",
};

static const char *const ecx_names[32] = {
	"pni",	  "pclmulqdq",	"dtes64", "monitor", "ds_cpl",
	"vmx",	  "smx",	"est",	  "tm2",     "ssse3",
	"cid",	  "sdbg",	"fma",	  "cx16",    "xtpr",
	"pdcm",	  NULL,		"pcid",	  "dca",     "sse4_1",
	"sse4_2", "x2apic",	"movbe",  "popcnt",  "tsc_deadline_timer",
	"aes",	  "xsave",	NULL,	  "avx",     "f16c",
	"rdrand", "hypervisor",
};

static void put_features(u32 word, const char *const names[32])
{
	for (u32 bit = 0; bit < 32; bit++)
		if ((word >> bit & 1) && names[bit]) {
			put(" ");
			put(names[bit]);
		}
}

/* Family and model as CPUID's leaf 1 has them (SDM volume 2). */
static void put_signature(u32 signature)
{
	u32 family = signature >> 8 & 15, model = signature >> 4 & 15;

	if (family == 6 || family == 15)
		model += (signature >> 16 & 15) << 4;
	if (family == 15)
		family += signature >> 20 & 255;
	print("cpu family\t: %u\nmodel\t\t: %u\n", family, model);
}

/* A name of the CPU's begins with spaces, and not all have one. */
static void put_model(const struct inspect_machine *m)
{
	const char *name = (const char *)m->model;

	while (*name == ' ')
		name++;
	put("model name\t: ");
	put(*name ? name : "unknown");
	print("\nstepping\t: %u\n", m->signature & 15);
}

static void put_cpu(u32 number, const struct inspect_machine *m, u32 apic)
{
	print("processor\t: %u\nvendor_id\t: %s\n", number,
	      (const char *)m->vendor);
	put_signature(m->signature);
	put_model(m);
	print("cpu MHz\t\t: %u.%03u\n", m->khz / 1000, m->khz % 1000);
	print("physical id\t: 0\nsiblings\t: %u\ncore id\t\t: %u\n", m->cpus,
	      number);
	print("cpu cores\t: %u\napicid\t\t: %u\ninitial apicid\t: %u\n",
	      m->cpus, apic, apic);
	put("fdiv_bug\t: no\nf00f_bug\t: no\ncoma_bug\t: no\n");
	put("fpu\t\t: yes\nfpu_exception\t: yes\nwp\t\t: yes\nflags\t\t:");
	put_features(m->feature_edx, edx_names);
	put_features(m->feature_ecx, ecx_names);
	print("\nbogomips\t: %u.%02u\n", m->khz / 500, m->khz / 5 % 100);
	put("clflush size\t: 64\ncache_alignment\t: 64\n");
	put("address sizes\t: 32 bits physical, 32 bits virtual\n");
	put("power management:\n\n");
}

i32 cpuinfo_make(struct who w)
{
	struct inspect_machine m;
	struct inspect_processor p;
	i32 error = inspect_machine(&m);

	(void)w;
	if (error < 0)
		return error;
	for (u32 i = 0; inspect_processor(i, &p) >= 0; i++)
		put_cpu(i, &m, p.apic);
	return 0;
}

/* 0-3: those that are online, which all are. */
i32 cpus_make(struct who w)
{
	struct inspect_machine m;
	i32 error = inspect_machine(&m);

	(void)w;
	if (error < 0)
		return error;
	if (m.cpus > 1)
		print("0-%u\n", m.cpus - 1);
	else
		put("0\n");
	return 0;
}

/* ---- what they did ---- */

static void put_ticks(const struct inspect_processor *p)
{
	print(" %u 0 %u %u 0 0 0 0 0 0\n", p->user_ticks / TICK_RATE,
	      p->system_ticks / TICK_RATE, p->idle_ticks / TICK_RATE);
}

static u32 put_cpu_times(void)
{
	struct inspect_processor one, all = { .user_ticks = 0 };
	u32 i;

	for (i = 0; inspect_processor(i, &one) >= 0; i++) {
		all.user_ticks += one.user_ticks;
		all.system_ticks += one.system_ticks;
		all.idle_ticks += one.idle_ticks;
		all.switches += one.switches;
	}
	put("cpu ");
	put_ticks(&all);
	for (i = 0; inspect_processor(i, &one) >= 0; i++) {
		print("cpu%u", i);
		put_ticks(&one);
	}
	return all.switches;
}

static void put_lines(void)
{
	u32 total = 0;

	for (u32 line = 0; inspect_interrupts(line) >= 0; line++)
		total += (u32)inspect_interrupts(line);
	print("intr %u", total);
	for (u32 line = 0; inspect_interrupts(line) >= 0; line++)
		print(" %u", (u32)inspect_interrupts(line));
	put("\n");
}

i32 stat_make(struct who w)
{
	struct inspect_machine m;
	i32 error = inspect_machine(&m);
	u32 switches;

	(void)w;
	if (error < 0)
		return error;
	switches = put_cpu_times();
	put_lines();
	print("ctxt %u\nbtime %u\nprocesses %u\n", switches, m.boot_time,
	      m.created);
	print("procs_running %u\nprocs_blocked %u\n", m.running, m.blocked);
	put("softirq 0 0 0 0 0 0 0 0 0 0 0\n");
	return 0;
}

/* ---- interrupts ---- */

/* Lines go to the first CPU. */
static void put_line(u32 line, u32 cpus)
{
	print("%3u: %10u", line, (u32)inspect_interrupts(line));
	for (u32 i = 1; i < cpus; i++)
		print(" %10u", 0u);
	print("   line %u\n", line);
}

i32 interrupts_make(struct who w)
{
	struct inspect_machine m;
	struct inspect_processor p;
	i32 error = inspect_machine(&m);

	(void)w;
	if (error < 0)
		return error;
	put("    ");
	for (u32 i = 0; i < m.cpus; i++)
		print("       CPU%u", i);
	put("\n");
	for (u32 line = 0; inspect_interrupts(line) >= 0; line++)
		if (inspect_interrupts(line) > 0)
			put_line(line, m.cpus);
	put("ALL:");
	for (u32 i = 0; inspect_processor(i, &p) >= 0; i++)
		print(" %10u", p.interrupts);
	put("   Interrupts taken\n");
	return 0;
}

/* The long form of what a process is, and its limits. */
#include "files.h"
#include "text.h"

#define LIMITS	 16u
#define NO_LIMIT 0xFFFFFFFFu
#define GROUPS	 4096u /* bytes */

static const char *state_name(u32 letter)
{
	switch (letter) {
	case 'R':
		return "R (running)";
	case 'S':
		return "S (sleeping)";
	case 'T':
		return "T (stopped)";
	case 'Z':
		return "Z (zombie)";
	default:
		return "D (disk sleep)";
	}
}

static void put_groups(u32 pid)
{
	static u8 numbers[GROUPS];
	i32 size = inspect_groups(pid, numbers, GROUPS);

	put("Groups:\t");
	for (i32 at = 0; at + 4 <= size; at += 4) {
		u32 group;

		memcpy(&group, numbers + at, 4);
		print("%u ", group);
	}
	put("\n");
}

static void put_identity(struct who w, const struct inspect_process *p)
{
	put("Name:\t");
	put_escaped((const char *)p->name, "\n\\");
	put("\n");
	if (p->has_space)
		print("Umask:\t%c%c%c%c\n", '0',
		      (char)('0' + (p->umask >> 6 & 7)),
		      (char)('0' + (p->umask >> 3 & 7)),
		      (char)('0' + (p->umask & 7)));
	print("State:\t%s\nTgid:\t%u\nNgid:\t0\nPid:\t%u\n",
	      state_name(p->state), p->pid, w.tid ? w.tid : p->pid);
	print("PPid:\t%u\nTracerPid:\t0\n", p->parent);
	print("Uid:\t%u\t%u\t%u\t%u\n", p->uid, p->effective_uid, p->saved_uid,
	      p->file_uid);
	print("Gid:\t%u\t%u\t%u\t%u\n", p->gid, p->effective_gid, p->saved_gid,
	      p->file_gid);
	print("FDSize:\t%u\n", p->file_room);
	put_groups(w.pid);
	print("NStgid:\t%u\nNSpid:\t%u\nNSpgid:\t%u\nNSsid:\t%u\n", p->pid,
	      w.tid ? w.tid : p->pid, p->group, p->session);
}

static void put_kb(const char *label, u32 pages)
{
	print("%s:\t%8u kB\n", label, pages * 4);
}

/* The most it ever mapped is not known: what is mapped stands for it. */
static void put_space(struct who w, const struct inspect_process *p)
{
	struct inspect_usage u;

	if (!p->has_space || inspect_usage(w.pid, &u) < 0)
		return;
	put_kb("VmPeak", p->pages);
	put_kb("VmSize", p->pages);
	put_kb("VmLck", 0);
	put_kb("VmPin", 0);
	put_kb("VmHWM", p->peak);
	put_kb("VmRSS", p->resident);
	put_kb("RssAnon", u.anonymous);
	put_kb("RssFile", u.file);
	put_kb("RssShmem", u.memory);
	put_kb("VmData", u.data);
	put_kb("VmStk", u.stack);
	put_kb("VmExe", u.text);
	put_kb("VmLib", u.libraries);
	put_kb("VmPTE", u.tables);
	put_kb("VmSwap", 0);
}

static void put_set(const char *label, u32 low, u32 high)
{
	print("%s:\t%08x%08x\n", label, high, low);
}

static void put_signals(const struct inspect_process *p)
{
	print("Threads:\t%u\nSigQ:\t0/%u\n", max(p->threads, 1u), NO_LIMIT);
	put_set("SigPnd", p->pending, p->pending_high);
	put_set("ShdPnd", p->shared_pending, p->shared_pending_high);
	put_set("SigBlk", p->blocked, p->blocked_high);
	put_set("SigIgn", p->ignored, p->ignored_high);
	put_set("SigCgt", p->caught, p->caught_high);
}

/* Root has all capabilities (0 to 40), others none. */
static void put_rights(const struct inspect_process *p)
{
	u32 low = p->effective_uid ? 0 : 0xFFFFFFFF;
	u32 high = p->effective_uid ? 0 : 0x1FF;

	put_set("CapInh", 0, 0);
	put_set("CapPrm", low, high);
	put_set("CapEff", low, high);
	put_set("CapBnd", 0xFFFFFFFF, 0x1FF);
	put_set("CapAmb", 0, 0);
	print("NoNewPrivs:\t%u\nSeccomp:\t0\nSeccomp_filters:\t0\n",
	      p->no_new_privileges);
}

/* As Linux writes sets of CPUs: 0-2,5 */
static void put_cpu_list(u32 cpus)
{
	const char *comma = "";

	for (u32 i = 0; i < 32; i++) {
		u32 last = i;

		if (!(cpus >> i & 1))
			continue;
		while (last < 31 && (cpus >> (last + 1) & 1))
			last++;
		print(last > i ? "%s%u-%u" : "%s%u", comma, i, last);
		comma = ",";
		i = last;
	}
}

i32 status_make(struct who w)
{
	struct inspect_process p;
	i32 error = inspect_process(w.pid, w.tid, &p);

	if (error < 0)
		return error;
	put_identity(w, &p);
	put_space(w, &p);
	put_signals(&p);
	put_rights(&p);
	print("Cpus_allowed:\t%x\nCpus_allowed_list:\t", p.affinity);
	put_cpu_list(p.affinity);
	put("\nMems_allowed:\t1\nMems_allowed_list:\t0\n");
	print("voluntary_ctxt_switches:\t%u\n"
	      "nonvoluntary_ctxt_switches:\t%u\n",
	      p.switches, p.switches_forced);
	return 0;
}

/* ---- limits ---- */

static const char *const limit_names[LIMITS][2] = {
	{ "Max cpu time", "seconds" },	   { "Max file size", "bytes" },
	{ "Max data size", "bytes" },	   { "Max stack size", "bytes" },
	{ "Max core file size", "bytes" }, { "Max resident set", "bytes" },
	{ "Max processes", "processes" },  { "Max open files", "files" },
	{ "Max locked memory", "bytes" },  { "Max address space", "bytes" },
	{ "Max file locks", "locks" },	   { "Max pending signals", "signals" },
	{ "Max msgqueue size", "bytes" },  { "Max nice priority", NULL },
	{ "Max realtime priority", NULL }, { "Max realtime timeout", "us" },
};

static void put_limit(u32 value)
{
	char text[24];

	if (value == NO_LIMIT)
		print_to(text, sizeof text, "unlimited");
	else
		print_to(text, sizeof text, "%u", value);
	put_left(text, 21);
}

i32 limits_make(struct who w)
{
	put_left("Limit", 26);
	put_left("Soft Limit", 21);
	put_left("Hard Limit", 21);
	put_left("Units", 10);
	put("\n");
	for (u32 i = 0; i < LIMITS; i++) {
		u32 pair[2];
		i32 error = inspect_limit(w.pid, i, pair);

		if (error < 0)
			return error;
		put_left(limit_names[i][0], 26);
		put_limit(pair[0]);
		put_limit(pair[1]);
		if (limit_names[i][1])
			put_left(limit_names[i][1], 10);
		put("\n");
	}
	return 0;
}

/* One process or thread in a line: stat, statm, comm. */
#include "files.h"
#include "text.h"

#define NICE_DEFAULT 20
#define NO_LIMIT     4294967295u

static void put_comm(const struct inspect_process *p)
{
	put_bytes((const char *)p->name, (u32)strlen((const char *)p->name));
}

i32 comm_make(struct who w)
{
	struct inspect_process p;
	i32 error = inspect_process(w.pid, w.tid, &p);

	if (error < 0)
		return error;
	put_comm(&p);
	put("\n");
	return 0;
}

i32 comm_take(struct who w, const char *text, u32 size)
{
	return inspect_rename(w.pid, w.tid, text, size);
}

/* Fields 1 to 20: who it is and what it used. */
static void put_identity(struct who w, const struct inspect_process *p)
{
	i32 priority = p->policy == 1 || p->policy == 2 ?
			       -1 - (i32)p->priority :
			       NICE_DEFAULT + p->nice;

	print("%u (", w.tid ? w.tid : p->pid);
	put_comm(p);
	print(") %c %u %u %u %u %d 0 ", p->state, p->parent, p->group,
	      p->session, p->terminal, p->foreground ? (i32)p->foreground : -1);
	print("%u %u %u %u ", p->faults_minor, p->child_faults_minor,
	      p->faults_major, p->child_faults_major);
	print("%u %u %u %u ", p->user_ticks, p->system_ticks,
	      p->child_user_ticks, p->child_system_ticks);
	print("%d %d %u ", priority, p->nice, max(p->threads, 1u));
}

/* Fields 21 to 37: its memory and its signals, 31 of each kind. */
static void put_space(const struct inspect_process *p, bool may)
{
	print("0 %u ", p->started_ticks);
	print("%u %u %u ", p->pages * 4096, p->resident, NO_LIMIT);
	if (may)
		print("%u %u %u 0 0 ", p->code_start, p->code_end,
		      p->stack_start);
	else
		print("%u %u 0 0 0 ", p->has_space, p->has_space);
	print("%u %u %u %u ", p->pending & 0x7FFFFFFF, p->blocked & 0x7FFFFFFF,
	      p->ignored & 0x7FFFFFFF, p->caught & 0x7FFFFFFF);
	put("0 0 0 ");
}

/* Fields 38 to 52. */
static void put_rest(const struct inspect_process *p, bool may)
{
	print("%d %u %u %u 0 0 0 ", (i32)p->exit_signal, p->cpu,
	      p->policy == 1 || p->policy == 2 ? p->priority : 0, p->policy);
	if (may)
		print("%u %u %u %u %u %u %u %u\n", p->data_start, p->data_end,
		      p->heap_start, p->args_start, p->args_end,
		      p->environment_start, p->environment_end, p->exit_status);
	else
		put("0 0 0 0 0 0 0 0\n");
}

i32 process_stat_make(struct who w)
{
	struct inspect_process p;
	i32 error = inspect_process(w.pid, w.tid, &p);
	bool may = inspect_may(w.pid) >= 0;

	if (error < 0)
		return error;
	put_identity(w, &p);
	put_space(&p, may);
	put_rest(&p, may);
	return 0;
}

i32 statm_make(struct who w)
{
	struct inspect_process p;
	struct inspect_usage u = { .text = 0 };
	i32 error = inspect_process(w.pid, w.tid, &p);

	if (error < 0)
		return error;
	if (p.has_space)
		inspect_usage(w.pid, &u);
	print("%u %u %u %u 0 %u 0\n", p.pages, p.resident, u.file + u.memory,
	      u.text, u.data + u.stack);
	return 0;
}

/*
 * Linux' own ways between two processes: a message there and its answer back.
 * With a payload the message has that many bytes and the answer one ("in"), or
 * both have as many ("both"). Without: what the mechanism needs at least, that
 * is 1 byte each way (pipe, socketpair), 8 (eventfd), or a word in shared
 * memory (futex).
 */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"
#include "rows.h"

#define TRIPS	    50u /* in a batch */
#define BATCHES	    201u
#define BATCHES_FEW 51u
#define MOST	    65536u
#define CPUS	    2

/* Ends of two channels, one each way, as one side sees them. */
struct ends {
	int in, out;
};

struct channel {
	const char *name;
	uint32_t token; /* bytes of the smallest message; 0: no files */
	void (*open)(struct ends *ours, struct ends *theirs);
};

static volatile uint32_t *turn; /* futex: 0 ours, 1 the other's */
static int cpus[CPUS], cpu_count;
static uint8_t bytes[MOST];

static void pipe_open(struct ends *ours, struct ends *theirs)
{
	int there[2], back[2];

	must(pipe(there), "pipe");
	must(pipe(back), "pipe");
	*ours = (struct ends){ back[0], there[1] };
	*theirs = (struct ends){ there[0], back[1] };
}

static void socket_open(struct ends *ours, struct ends *theirs)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	*ours = (struct ends){ ends[0], ends[0] };
	*theirs = (struct ends){ ends[1], ends[1] };
}

static void event_open(struct ends *ours, struct ends *theirs)
{
	int there = (int)must(eventfd(0, 0), "eventfd");
	int back = (int)must(eventfd(0, 0), "eventfd");

	*ours = (struct ends){ back, there };
	*theirs = (struct ends){ there, back };
	bytes[0] = 1; /* what is added: not 0, not all ones */
}

static const struct channel channels[] = {
	{ "pipe", 1, pipe_open },
	{ "socketpair", 1, socket_open },
	{ "eventfd", 8, event_open },
	{ "futex", 0, NULL },
};

static void message_send(int file, uint32_t size)
{
	for (uint32_t sent = 0; sent < size;)
		sent += (uint32_t)must(write(file, bytes + sent, size - sent),
				       "write");
}

static void message_receive(int file, uint32_t size)
{
	for (uint32_t got = 0; got < size;) {
		long n = must(read(file, bytes + got, size - got), "read");

		if (n == 0)
			_exit(0); /* the other side has ended */
		got += (uint32_t)n;
	}
}

static void futex(int operation, uint32_t value)
{
	syscall(SYS_futex, turn, operation, value, NULL, NULL, 0);
}

static void turn_give(uint32_t to)
{
	*turn = to;
	futex(FUTEX_WAKE, 1);
}

static void turn_wait(uint32_t mine)
{
	while (*turn != mine)
		futex(FUTEX_WAIT, !mine);
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned int)cpu, &set);
	must(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

static _Noreturn void echo(struct ends ends, uint32_t in, uint32_t out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (!in) {
			turn_wait(1);
			turn_give(0);
		} else {
			message_receive(ends.in, in);
			message_send(ends.out, out);
		}
	}
}

static void trip(struct ends ends, uint32_t out, uint32_t in)
{
	if (!out) {
		turn_give(1);
		turn_wait(0);
	} else {
		message_send(ends.out, out);
		message_receive(ends.in, in);
	}
}

static void channel_run(const struct channel *c, struct label *label,
			uint32_t count)
{
	static struct samples samples;
	struct ends ours = { -1, -1 }, theirs = { -1, -1 };
	uint32_t out = label->payload ? label->payload : c->token;
	uint32_t in = strcmp(label->direction, "both") == 0 ? out : c->token;
	pid_t child;

	if (c->open)
		c->open(&ours, &theirs);
	*turn = 0;
	child = fork();
	if (must(child, "fork") == 0) {
		stay_on(cpus[label->cpus - 1]);
		echo(theirs, out, in);
	}
	samples.count = count;
	for (uint32_t i = 0; i < TRIPS; i++)
		trip(ours, out, in);
	for (uint32_t i = 0; i < count; i++) {
		uint64_t begin = ticks_now();

		for (uint32_t n = 0; n < TRIPS; n++)
			trip(ours, out, in);
		samples.each[i] = (double)(ticks_now() - begin) / TRIPS;
	}
	kill(child, SIGKILL);
	must(waitpid(child, NULL, 0), "waitpid");
	if (c->open) {
		close(ours.in), close(theirs.in);
		if (ours.in != ours.out)
			close(ours.out), close(theirs.out);
	}
	report_row(label, &samples);
}

static void channel_rows(const struct channel *c, uint32_t on, uint32_t count)
{
	static const uint32_t sizes[] = { 16, 64, 256, 1024, 4096, 65536 };
	struct label label = { c->name, "", 0, "none", "round", on, "warm" };

	channel_run(c, &label, count);
	for (uint32_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		if (c->token != 1)
			break; /* no bytes go through it */
		label.payload = sizes[i];
		label.direction = "in";
		channel_run(c, &label, count);
		label.direction = "both";
		channel_run(c, &label, count);
	}
}

static void cpus_find(void)
{
	cpu_set_t set;

	must(sched_getaffinity(0, sizeof(set), &set), "sched_getaffinity");
	for (int i = 0; i < CPU_SETSIZE && cpu_count < CPUS; i++)
		if (CPU_ISSET((unsigned int)i, &set))
			cpus[cpu_count++] = i;
	turn = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (turn == MAP_FAILED)
		must(-1, "mmap");
}

void rows_message(int quick)
{
	cpus_find();
	if (cpu_count < CPUS)
		report_remark("one CPU alone: no rows of two");
	for (uint32_t on = 1; on <= (uint32_t)cpu_count; on++)
		for (uint32_t i = 0; i < sizeof(channels) / sizeof(*channels);
		     i++) {
			stay_on(cpus[0]);
			channel_rows(&channels[i], on,
				     quick ? BATCHES_FEW : BATCHES);
		}
}

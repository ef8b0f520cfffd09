/*
 * exercise FOLDER [WORD=VALUE]...: random operations on the files there, each
 * compared with a model; status 0 and one line if nothing differed, else the
 * first difference and status 1. FOLDER must be empty.
 *
 *   seed=N operations=N   what is done, and how much by each process
 *   processes=N           each has a folder, and names in a shared one
 *   phases=N              at the end of each everything is compared
 *   remount=COMMAND       run between phases, then all is compared again
 *   room=KIB far=KIB      contents of a process; longest file
 *   until=FILE            the first phase lasts until it is there, too
 *
 * One process with enough room does the same on every system.
 */
#include "exercise.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 16u

struct options options = { .seed = 1,
			   .operations = 1000,
			   .processes = 1,
			   .phases = 1,
			   .far = 1u << 20 };
struct count *count;
uint32_t process;
const char *doing = "start";

static struct count *counts;
static int reports[2], orders[PROCESSES][2];
static pid_t workers[PROCESSES];

static const struct operation {
	void (*act)(void);
	const char *name;
	uint32_t weight, weight_full;
} operations[] = {
	{ make_file, "make a file", 60, 0 },
	{ make_folder, "make a folder", 14, 0 },
	{ make_link, "make a link", 12, 0 },
	{ make_name, "make a name", 16, 0 },
	{ remove_name, "remove a name", 42, 100 },
	{ remove_folder, "remove a folder", 12, 20 },
	{ move_name, "move", 50, 20 },
	{ change_mode, "change a mode", 12, 5 },
	{ change_owner, "change an owner", 8, 5 },
	{ change_time, "change a time", 8, 5 },
	{ check_name, "check a name", 40, 20 },
	{ check_folder, "check a folder", 10, 5 },
	{ check_absent, "check what is absent", 6, 2 },
	{ write_file, "write", 120, 2 },
	{ append_file, "append", 40, 1 },
	{ read_file, "read", 80, 20 },
	{ cut_file, "truncate", 30, 60 },
	{ begin_file, "begin anew", 14, 40 },
	{ map_file, "map", 30, 5 },
	{ sync_file, "sync", 8, 4 },
	{ hold_file, "hold open", 16, 5 },
	{ leave_file, "leave", 14, 10 },
	{ write_slot, "write a slot", 16, 4 },
};

#define OPERATIONS (sizeof(operations) / sizeof(*operations))

static uint32_t weight(const struct operation *o)
{
	return full || (options.room && used > options.room) ? o->weight_full :
							       o->weight;
}

static void operate(void)
{
	const struct operation *o = operations;
	uint32_t sum = 0, at;

	for (uint32_t i = 0; i < OPERATIONS; i++)
		sum += weight(&operations[i]);
	for (at = below(sum); at >= weight(o); o++)
		at -= weight(o);
	doing = o->name;
	if (full)
		full--;
	o->act();
	count->done++;
}

/* Tell the parent, and wait until it says to go on. */
static void meet(void)
{
	char byte = 0;

	if (write(reports[1], &byte, 1) != 1 ||
	    read(orders[process][0], &byte, 1) != 1)
		_exit(2);
}

static void folders_make(char *mine, char *shared)
{
	own = (struct node){ .kind = FOLDER, .mode = 0755, .path = mine };
	common = (struct node){
		.kind = FOLDER, .mode = 0755, .path = shared, .shared = 1
	};
	sprintf(mine, "%s/p%u", options.folder, process);
	sprintf(shared, "%s/shared", options.folder);
	if (mkdir(mine, 0755) < 0)
		differs("mkdir %s: %s", mine, strerror(errno));
}

static void operate_phase(uint32_t phase)
{
	for (uint32_t i = 0; i < options.operations / options.phases; i++)
		operate();
	while (!phase && options.until && access(options.until, F_OK) < 0)
		operate();
}

static _Noreturn void work(void)
{
	static char mine[PATH_ROOM], shared[PATH_ROOM];

	chance_start(options.seed * 100 + process);
	folders_make(mine, shared);
	for (uint32_t phase = 0; phase < options.phases; phase++) {
		operate_phase(phase);
		doing = "compare all";
		all_check();
		held_leave();
		meet();
		doing = "compare all after the phase";
		all_check();
	}
	_exit(0);
}

/* The file with slots, written in full, and the shared folder. */
static int common_make(void)
{
	static char path[PATH_ROOM], zeros[PROCESSES * 6400];
	long size = (long)options.processes * 6400;
	int fd, made;

	umask(0);
	sprintf(path, "%s/shared", options.folder);
	if (mkdir(path, 0755) < 0)
		return -1;
	sprintf(path, "%s/slots", options.folder);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
	made = fd >= 0 && write(fd, zeros, (size_t)size) == size;
	close(fd);
	return made ? 0 : -1;
}

/* A worker that ends before its time says so itself. */
static void child_ended(int number)
{
	siginfo_t info = { .si_pid = 0 };
	char byte = 1;

	(void)number;
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid && write(reports[1], &byte, 1) != 1)
		_exit(2);
}

/* Returns whether all workers came to the end of a phase. */
static int gather(void)
{
	char byte;
	long r;

	for (uint32_t i = 0; i < options.processes; i++) {
		do
			r = read(reports[0], &byte, 1);
		while (r < 0 && errno == EINTR);
		if (r != 1 || byte)
			return 0;
	}
	return 1;
}

static int phases_run(void)
{
	for (uint32_t phase = 0; phase < options.phases; phase++) {
		if (!gather())
			return 0;
		if (options.remount && system(options.remount) != 0) {
			printf("%s did not succeed\n", options.remount);
			return 0;
		}
		for (uint32_t i = 0; i < options.processes; i++)
			if (write(orders[i][1], "", 1) != 1)
				return 0;
	}
	return 1;
}

static void workers_start(void)
{
	if (pipe(reports) < 0)
		exit(2);
	for (uint32_t i = 0; i < options.processes; i++)
		if (pipe(orders[i]) < 0)
			exit(2);
	for (process = 0; process < options.processes; process++) {
		count = &counts[process];
		workers[process] = fork();
		if (workers[process] == 0) {
			close(reports[0]);
			for (uint32_t i = 0; i < options.processes; i++)
				close(orders[i][1]);
			work();
		}
	}
	signal(SIGCHLD, child_ended);
}

/* How each ended; one that finds a difference ends the others. */
static int workers_wait(void)
{
	int status, good = 1;
	pid_t pid;

	for (uint32_t i = 0; i < options.processes; i++) {
		pid = wait(&status);
		if (pid < 0 || status == 0)
			continue;
		if (good && WIFSIGNALED(status))
			printf("a process died of signal %d\n",
			       WTERMSIG(status));
		good = 0;
		for (uint32_t n = 0; n < options.processes; n++)
			if (workers[n] != pid)
				kill(workers[n], SIGKILL);
	}
	return good;
}

static int option_take(const char *word)
{
	const char *value = strchr(word, '=');
	uint32_t number;

	if (!value)
		return 0;
	number = (uint32_t)strtoul(++value, NULL, 0);
	if (strncmp(word, "remount=", 8) == 0)
		options.remount = value;
	else if (strncmp(word, "until=", 6) == 0)
		options.until = value;
	else if (strncmp(word, "seed=", 5) == 0)
		options.seed = number;
	else if (strncmp(word, "operations=", 11) == 0)
		options.operations = number;
	else if (strncmp(word, "processes=", 10) == 0)
		options.processes = number;
	else if (strncmp(word, "phases=", 7) == 0)
		options.phases = number;
	else if (strncmp(word, "room=", 5) == 0)
		options.room = number << 10;
	else if (strncmp(word, "far=", 4) == 0)
		options.far = number << 10;
	else
		return 0;
	return 1;
}

static int options_good(int argc, char **argv)
{
	if (argc < 2)
		return 0;
	options.folder = argv[1];
	for (int i = 2; i < argc; i++)
		if (!option_take(argv[i]))
			return 0;
	return options.processes && options.processes <= PROCESSES &&
	       options.phases && options.far >= 1u << 18 &&
	       options.far <= 0x7FFF0000;
}

int main(int argc, char **argv)
{
	uint32_t done = 0, refused = 0, checks = 0;
	int good;

	if (!options_good(argc, argv) || common_make() < 0) {
		printf("exercise FOLDER [WORD=VALUE]...; FOLDER is empty\n");
		return 2;
	}
	counts = mmap(NULL, PROCESSES * sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	workers_start();
	good = phases_run();
	for (uint32_t i = 0; i < options.processes; i++)
		close(orders[i][1]);
	good = workers_wait() && good;
	for (uint32_t i = 0; i < options.processes; i++) {
		done += counts[i].done;
		refused += counts[i].refused;
		checks += counts[i].checks;
	}
	fprintf(stderr,
		"exercise: %u operations, %u without room, %u comparisons\n",
		done, refused, checks);
	if (good)
		printf("%u operations: no difference\n", done);
	return good ? 0 : 1;
}

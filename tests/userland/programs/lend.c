/*
 * Memory that is lent to a domain while another thread takes it away: the call
 * moves what is there or says EFAULT, and no domain ever meets a fault.
 */
#include "check.h"
#include "terminal.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define PAGES	    256
#define PAGE	    4096u
#define SIZE	    (PAGES * PAGE)
#define MIDDLE	    (lent + SIZE / 2)
#define RACE_MS	    250
#define SHORTAGE_MS 3000

static char *lent, *other;
static int file; /* behind the memory, or -1 */
static volatile int over;

/* ---- what takes the memory away, again and again ---- */

static void map_at(char *at, size_t size, off_t offset)
{
	int flags = file >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;

	CHECK(mmap(at, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, file,
		   offset) == at);
}

static void unmapping(void)
{
	DO(munmap(MIDDLE, 4 * PAGE));
	map_at(MIDDLE, 4 * PAGE, SIZE / 2);
}

static void mapping_over(void)
{
	map_at(lent, SIZE, 0);
}

static void protecting(void)
{
	DO(mprotect(MIDDLE, PAGE, PROT_NONE));
	DO(mprotect(MIDDLE, PAGE, PROT_READ));
	DO(mprotect(MIDDLE, PAGE, PROT_READ | PROT_WRITE));
}

static void forgetting(void)
{
	DO(madvise(lent, SIZE, MADV_DONTNEED));
}

static void moving(void)
{
	CHECK(mremap(lent, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, other) ==
	      other);
	CHECK(mremap(other, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, lent) ==
	      lent);
}

static void forking(void)
{
	pid_t child = fork();

	if (child == 0) {
		lent[SIZE / 2] = 1;
		_exit(0);
	}
	CHECK(child > 0);
	IS(waitpid(child, NULL, 0), child);
}

static void truncating(void)
{
	DO(ftruncate(file, PAGE));
	DO(ftruncate(file, SIZE));
}

static void (*const takings[])(void) = { unmapping,  mapping_over, protecting,
					 forgetting, moving,	   forking };

/* ---- what lends it ---- */

struct ends {
	int in, out;
};

static void *reader(void *argument)
{
	struct ends *ends = argument;

	while (!over) {
		ssize_t n = read(ends->in, lent, SIZE);

		CHECK(n > 0 || errno == EFAULT || errno == EAGAIN);
		lseek(ends->in, 0, SEEK_SET); /* if it is a file */
	}
	return NULL;
}

static void *writer(void *argument)
{
	struct ends *ends = argument;
	const char *start = MIDDLE - SIZE / 32;

	while (!over) {
		ssize_t n = write(ends->out, start, SIZE / 16);

		CHECK(n > 0 || errno == EFAULT || errno == EAGAIN);
	}
	return NULL;
}

/* Both at work while the memory is taken away, then all is well again. */
static void race(struct ends ends, void (*take)(void))
{
	pthread_t in, out;
	long long end = clock_now() + RACE_MS;

	over = 0;
	IS(pthread_create(&in, NULL, reader, &ends), 0);
	if (ends.out >= 0)
		IS(pthread_create(&out, NULL, writer, &ends), 0);
	while (clock_now() < end)
		take();
	over = 1;
	IS(pthread_join(in, NULL), 0);
	if (ends.out >= 0)
		IS(pthread_join(out, NULL), 0);
}

/* Faults and restarts of all domains so far. */
static unsigned int domains_faults(void)
{
	char *text = malloc(65536), *line, *rest;
	unsigned int sum = 0;

	CHECK(text && file_read("/proc/domains", text, 65536));
	rest = strchr(text, '\n') + 1;
	while ((line = strsep(&rest, "\n")) && *line) {
		unsigned int faults, restarts;

		IS(sscanf(line,
			  "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %u %u",
			  &faults, &restarts),
		   2);
		sum += faults + restarts;
	}
	free(text);
	return sum;
}

/* No domain has met a fault, or been started again, since main began. */
static unsigned int faults_before;

__attribute__((constructor)) static void domains_note(void)
{
	faults_before = domains_faults();
}

static void domains_good(void)
{
	IS(domains_faults(), faults_before);
}

static void memory_make(int backing)
{
	char *area = mmap(NULL, 2 * SIZE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(area != MAP_FAILED);
	file = backing;
	lent = area;
	other = area + SIZE;
	map_at(lent, SIZE, 0);
}

static void race_all(struct ends ends)
{
	size_t i;

	memory_make(-1);
	for (i = 0; i < sizeof(takings) / sizeof(*takings); i++)
		race(ends, takings[i]);
	memory_make(file_make("backing", "", 0));
	DO(ftruncate(file, SIZE));
	race(ends, truncating);
	race(ends, unmapping);
	domains_good();
}

TEST(device)
{
	struct ends ends = { open("/dev/zero", O_RDWR), -1 };

	race_all(ends);
}

TEST(contents_made_when_read)
{
	struct ends ends = { open("/proc/segments", O_RDONLY), -1 };

	race_all(ends);
}

static void socket_race(int kind)
{
	int pair[2];

	DO(socketpair(AF_UNIX, kind | SOCK_NONBLOCK, 0, pair));
	race_all((struct ends){ pair[0], pair[1] });
}

TEST(stream_socket)
{
	socket_race(SOCK_STREAM);
}

TEST(record_socket)
{
	socket_race(SOCK_SEQPACKET);
}

static void nonblocking(int descriptor)
{
	DO(fcntl(descriptor, F_SETFL, O_RDWR | O_NONBLOCK));
}

TEST(terminal)
{
	struct pair pair = pair_make();

	raw_set(pair.inner);
	nonblocking(pair.inner);
	nonblocking(pair.outer);
	race_all((struct ends){ pair.inner, pair.outer });
}

TEST(terminal_output)
{
	struct pair pair = pair_make();

	raw_set(pair.inner);
	nonblocking(pair.inner);
	nonblocking(pair.outer);
	race_all((struct ends){ pair.outer, pair.inner });
}

/* The process ends, or becomes another program, in the midst of a read. */
static void end_amid(void (*end)(void))
{
	struct ends ends = { open("/dev/zero", O_RDWR), -1 };

	for (int i = 0; i < 20; i++) {
		pid_t child = fork();

		if (child == 0) {
			pthread_t thread;

			over = 0;
			pthread_create(&thread, NULL, reader, &ends);
			clock_sleep(1 + i % 4);
			end();
		}
		CHECK(child > 0);
		IS(child_status(child), 0);
	}
	domains_good();
}

static void exit_now(void)
{
	_exit(0);
}

static void exec_now(void)
{
	execl("/bin/true", "true", NULL);
	_exit(1);
}

TEST(exit_amid_a_read)
{
	memory_make(-1);
	end_amid(exit_now);
}

TEST(exec_amid_a_read)
{
	memory_make(-1);
	end_amid(exec_now);
}

/*
 * Memory runs out while a domain writes to what fork has made shared: each
 * child keeps what was there. Children are killed, and perhaps the reader.
 */
static void memory_end(void)
{
	struct ends ends = { open("/dev/zero", O_RDWR), -1 };
	long long end = clock_now() + SHORTAGE_MS;
	pthread_t thread;

	over = 0;
	IS(pthread_create(&thread, NULL, reader, &ends), 0);
	while (clock_now() < end) {
		if (fork() == 0) {
			clock_sleep(1000);
			_exit(0);
		}
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	_exit(0);
}

TEST(out_of_memory)
{
	int status;
	pid_t child;

	memory_make(-1);
	child = child_make();
	if (child == 0)
		memory_end();
	status = child_status(child);
	CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == 9));
	clock_sleep(1500); /* its children end */
	domains_good();
}

/*
 * Clocks, interval timers, alarms, POSIX timers, processor time.
 */
#include "check.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static volatile int count, value_seen, code_seen;

static void note(int number)
{
	(void)number;
	count++;
}

static void note_info(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	value_seen = info->si_value.sival_int;
	code_seen = info->si_code;
	count++;
}

static void handle(int number)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = note_info;
	action.sa_flags = SA_SIGINFO;
	DO(sigaction(number, &action, NULL));
}

/* Wait until `number` signals have come. */
static void count_wait(int number)
{
	long long end = clock_now() + 30000;

	while (count < number)
		CHECK(clock_now() < end);
}

TEST(clocks)
{
	struct timespec one, two;
	struct timeval day;
	clockid_t clocks[] = { CLOCK_REALTIME,	       CLOCK_MONOTONIC,
			       CLOCK_MONOTONIC_RAW,    CLOCK_REALTIME_COARSE,
			       CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME };
	size_t at;

	for (at = 0; at < sizeof(clocks) / sizeof(clocks[0]); at++) {
		DO(clock_gettime(clocks[at], &one));
		DO(clock_gettime(clocks[at], &two));
		CHECK(two.tv_sec > one.tv_sec ||
		      (two.tv_sec == one.tv_sec && two.tv_nsec >= one.tv_nsec));
		CHECK(one.tv_nsec >= 0 && one.tv_nsec < 1000000000);
		DO(clock_getres(clocks[at], &one));
	}
	DO(clock_gettime(CLOCK_REALTIME, &one));
	DO(gettimeofday(&day, NULL));
	CHECK(day.tv_sec - one.tv_sec >= 0 && day.tv_sec - one.tv_sec < 3);
	CHECK(one.tv_sec > 1500000000); /* this is no time before 2017 */
	CHECK(time(NULL) - one.tv_sec < 3);
	ERROR(clock_gettime(77, &one), EINVAL);
}

TEST(clock_calls)
{
	int64_t wide[2] = { 0, 0 };
	int32_t narrow[2] = { 0, 0 };

	DO(syscall(403, CLOCK_MONOTONIC, wide)); /* clock_gettime64 */
	DO(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, narrow));
	CHECK(narrow[0] - wide[0] >= 0 && narrow[0] - wide[0] < 3);
	DO(syscall(406, CLOCK_MONOTONIC, wide)); /* clock_getres_time64 */
	IS(wide[0], 0);
	ERROR(syscall(403, CLOCK_MONOTONIC, bad), EFAULT);
	ERROR(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, bad), EFAULT);
	ERROR(syscall(SYS_gettimeofday, bad, NULL), EFAULT);
	ERROR(syscall(SYS_time, bad), EFAULT);
}

TEST(time_never_goes_back)
{
	long long last = 0, now;
	struct timespec time;
	int round;

	for (round = 0; round < 20000; round++) {
		clock_gettime(CLOCK_MONOTONIC, &time);
		now = time.tv_sec * 1000000000ll + time.tv_nsec;
		CHECK(now >= last);
		last = now;
	}
}

TEST(processor_time)
{
	struct timespec before, after, thread;
	struct rusage usage;
	struct tms times_used;

	DO(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before));
	do {
		DO(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after));
	} while ((after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec -
			 before.tv_nsec <
		 50000000);
	DO(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &thread));
	CHECK(thread.tv_sec > 0 || thread.tv_nsec >= 40000000);
	DO(getrusage(RUSAGE_SELF, &usage));
	CHECK(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec > 0 ||
	      usage.ru_utime.tv_usec + usage.ru_stime.tv_usec > 20000);
	CHECK(times(&times_used) != (clock_t)-1);
	CHECK(times_used.tms_utime + times_used.tms_stime > 0);
	DO(getrusage(RUSAGE_CHILDREN, &usage));
	ERROR(getrusage(77, &usage), EINVAL);
	ERROR(syscall(SYS_getrusage, RUSAGE_SELF, bad), EFAULT);
	/* Sleeping takes none. */
	DO(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before));
	clock_sleep(50);
	DO(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after));
	CHECK(after.tv_sec == before.tv_sec || after.tv_nsec < before.tv_nsec);
}

TEST(alarms)
{
	signal(SIGALRM, note);
	IS(alarm(100) > 0, 1); /* the frame's own was set */
	IS(alarm(1), 100);
	ERROR(pause(), EINTR);
	IS(count, 1);
	IS(alarm(0), 0);
	ERROR(syscall(SYS_setitimer, ITIMER_REAL, bad, NULL), EFAULT);
}

TEST(real_interval)
{
	struct itimerval set = { { 0, 10000 }, { 0, 20000 } }, old;

	signal(SIGALRM, note);
	DO(setitimer(ITIMER_REAL, &set, NULL));
	count_wait(3);
	DO(getitimer(ITIMER_REAL, &old));
	IS(old.it_interval.tv_usec, 10000);
	CHECK(old.it_value.tv_sec == 0 && old.it_value.tv_usec <= 20000);
	memset(&set, 0, sizeof(set));
	DO(setitimer(ITIMER_REAL, &set, &old));
	IS(old.it_interval.tv_usec, 10000);
	count = 0;
	clock_sleep(40);
	IS(count, 0);
	set.it_value.tv_usec = 1000000;
	ERROR(setitimer(ITIMER_REAL, &set, NULL), EINVAL);
	ERROR(setitimer((__itimer_which_t)7, &set, NULL), EINVAL);
}

TEST(interval_is_not_inherited)
{
	struct itimerval set = { { 0, 0 }, { 0, 30000 } }, old;
	pid_t child;

	signal(SIGALRM, note);
	DO(setitimer(ITIMER_REAL, &set, NULL));
	child = child_make();
	if (child == 0) {
		DO(getitimer(ITIMER_REAL, &old));
		IS(old.it_value.tv_usec, 0);
		clock_sleep(60);
		IS(count, 0);
		child_end();
	}
	child_good(child);
	count_wait(1);
}

TEST(intervals_of_work)
{
	struct itimerval set = { { 0, 0 }, { 0, 30000 } };
	volatile int spin = 0;

	signal(SIGVTALRM, note);
	signal(SIGPROF, note);
	DO(setitimer(ITIMER_VIRTUAL, &set, NULL));
	while (count < 1)
		spin++;
	DO(setitimer(ITIMER_PROF, &set, NULL));
	while (count < 2)
		spin++;
}

TEST(work_limit)
{
	struct rlimit limit = { 1, 2 };
	volatile int spin = 0;
	pid_t child = child_make();

	if (child == 0) {
		signal(SIGXCPU, note);
		setrlimit(RLIMIT_CPU, &limit);
		while (count < 1)
			spin++;
		child_end();
	}
	child_good(child);
}

static timer_t timer_make(clockid_t clock, int number, int value)
{
	struct sigevent event;
	timer_t timer;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = number ? SIGEV_SIGNAL : SIGEV_NONE;
	event.sigev_signo = number;
	event.sigev_value.sival_int = value;
	DO(timer_create(clock, &event, &timer));
	return timer;
}

TEST(posix_timer)
{
	struct itimerspec set = { { 0, 0 }, { 0, 20000000 } }, now;
	timer_t timer;

	handle(SIGUSR1);
	timer = timer_make(CLOCK_MONOTONIC, SIGUSR1, 4711);
	DO(timer_gettime(timer, &now));
	IS(now.it_value.tv_sec + now.it_value.tv_nsec, 0);
	DO(timer_settime(timer, 0, &set, NULL));
	DO(timer_gettime(timer, &now));
	CHECK(now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 20000000);
	count_wait(1);
	IS(value_seen, 4711);
	IS(code_seen, SI_TIMER);
	DO(timer_delete(timer));
	ERROR(timer_delete(timer), EINVAL);
	ERROR(timer_gettime(timer, &now), EINVAL);
}

/* Expirations while the signal waits are counted, not queued. */
TEST(overruns)
{
	struct itimerspec set = { { 0, 5000000 }, { 0, 5000000 } };
	sigset_t blocked;
	timer_t timer;

	handle(SIGUSR2);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	DO(sigprocmask(SIG_BLOCK, &blocked, NULL));
	timer = timer_make(CLOCK_MONOTONIC, SIGUSR2, 1);
	DO(timer_settime(timer, 0, &set, NULL));
	clock_sleep(60);
	memset(&set, 0, sizeof(set));
	DO(sigprocmask(SIG_UNBLOCK, &blocked, NULL));
	CHECK(count >= 1);
	CHECK(timer_getoverrun(timer) >= 0);
	DO(timer_settime(timer, 0, &set, NULL));
	count = 0;
	clock_sleep(30);
	IS(count, 0);
}

TEST(absolute_timer)
{
	struct itimerspec set = { { 0, 0 }, { 0, 0 } };
	timer_t timer;

	handle(SIGUSR1);
	timer = timer_make(CLOCK_REALTIME, SIGUSR1, 2);
	DO(clock_gettime(CLOCK_REALTIME, &set.it_value));
	set.it_value.tv_sec -= 5; /* in the past: at once */
	DO(timer_settime(timer, TIMER_ABSTIME, &set, NULL));
	count_wait(1);
	IS(value_seen, 2);
}

TEST(timer_refusals)
{
	struct itimerspec set = { { 0, 0 }, { 0, 1000000000 } };
	struct sigevent event;
	timer_t timer;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = 99;
	ERROR(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
	event.sigev_signo = SIGUSR1;
	ERROR(timer_create(77, &event, &timer), EINVAL);
	timer = timer_make(CLOCK_MONOTONIC, SIGUSR1, 0);
	ERROR(timer_settime(timer, 0, &set, NULL), EINVAL);
	ERROR(syscall(SYS_timer_settime, 12345, 0, &set, NULL), EINVAL);
	ERROR(syscall(SYS_timer_create, CLOCK_MONOTONIC, bad, &timer), EFAULT);
}

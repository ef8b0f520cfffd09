/*
 * Signals: delivery, masks, order, what is told of the sender, and waiting
 * for them.
 */
#include "check.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

static volatile int count, numbers[64];
static siginfo_t infos[64];

static void note(int number)
{
	numbers[count++] = number;
}

static void note_info(int number, siginfo_t *info, void *context)
{
	(void)context;
	infos[count] = *info;
	numbers[count++] = number;
}

static void handle(int number, int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_flags = flags;
	if (flags & SA_SIGINFO)
		action.sa_sigaction = note_info;
	else
		action.sa_handler = note;
	DO(sigaction(number, &action, NULL));
}

static void block(int how, int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	DO(sigprocmask(how, &set, NULL));
}

TEST(handler_runs)
{
	handle(SIGUSR1, 0);
	DO(raise(SIGUSR1));
	DO(kill(getpid(), SIGUSR1));
	IS(count, 2);
	IS(numbers[0], SIGUSR1);
}

TEST(blocked_signals_wait)
{
	sigset_t pending;

	handle(SIGUSR1, 0);
	block(SIG_BLOCK, SIGUSR1);
	DO(raise(SIGUSR1));
	DO(raise(SIGUSR1));
	IS(count, 0);
	DO(sigpending(&pending));
	IS(sigismember(&pending, SIGUSR1), 1);
	IS(sigismember(&pending, SIGUSR2), 0);
	block(SIG_UNBLOCK, SIGUSR1);
	IS(count, 1); /* ordinary signals do not queue */
	DO(sigpending(&pending));
	IS(sigismember(&pending, SIGUSR1), 0);
}

TEST(own_signal_is_blocked_in_its_handler)
{
	sigset_t mask;

	handle(SIGUSR1, 0);
	DO(raise(SIGUSR1));
	DO(sigprocmask(SIG_SETMASK, NULL, &mask));
	IS(sigismember(&mask, SIGUSR1), 0);
}

static sigset_t mask_inside;

static void mask_note(int number)
{
	(void)number;
	sigprocmask(SIG_SETMASK, NULL, &mask_inside);
}

TEST(mask_in_a_handler)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = mask_note;
	sigaddset(&action.sa_mask, SIGHUP);
	sigaddset(&action.sa_mask, SIGKILL);
	sigaddset(&action.sa_mask, 40);
	DO(sigaction(SIGUSR1, &action, NULL));
	DO(sigaction(SIGUSR1, NULL, &action));
	IS(sigismember(&action.sa_mask, SIGKILL), 0);
	DO(raise(SIGUSR1));
	IS(sigismember(&mask_inside, SIGUSR1), 1);
	IS(sigismember(&mask_inside, SIGHUP), 1);
	IS(sigismember(&mask_inside, 40), 1);
	IS(sigismember(&mask_inside, SIGKILL), 0);
	IS(sigismember(&mask_inside, SIGUSR2), 0);
	action.sa_flags = SA_NODEFER;
	DO(sigaction(SIGUSR1, &action, NULL));
	DO(raise(SIGUSR1));
	IS(sigismember(&mask_inside, SIGUSR1), 0);
	IS(sigismember(&mask_inside, SIGHUP), 1);
}

TEST(reset_hand)
{
	struct sigaction action;

	handle(SIGUSR1, (int)SA_RESETHAND);
	DO(raise(SIGUSR1));
	IS(count, 1);
	DO(sigaction(SIGUSR1, NULL, &action));
	CHECK(action.sa_handler == SIG_DFL);
}

TEST(old_action_comes_back)
{
	struct sigaction action;

	handle(SIGUSR1, SA_SIGINFO | SA_RESTART);
	DO(sigaction(SIGUSR1, NULL, &action));
	CHECK(action.sa_sigaction == note_info);
	IS(action.sa_flags & (SA_SIGINFO | SA_RESTART | SA_NODEFER),
	   SA_SIGINFO | SA_RESTART);
	CHECK(signal(SIGUSR1, SIG_IGN) != SIG_DFL);
	CHECK(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
}

TEST(refusals)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	ERROR(sigaction(SIGKILL, &action, NULL), EINVAL);
	ERROR(sigaction(SIGSTOP, &action, NULL), EINVAL);
	ERROR(sigaction(0, &action, NULL), EINVAL);
	ERROR(sigaction(65, &action, NULL), EINVAL);
	ERROR(syscall(SYS_rt_sigaction, SIGUSR1, bad, NULL, 8), EFAULT);
	ERROR(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4), EINVAL);
	ERROR(syscall(SYS_rt_sigprocmask, 7, &action, NULL, 8), EINVAL);
	ERROR(kill(getpid(), 65), EINVAL);
	ERROR(kill(getpid(), -1), EINVAL);
	ERROR(kill(0x7ffffff0, 0), ESRCH);
	ERROR(kill(-0x7ffffff0, 0), ESRCH);
	ERROR(syscall(SYS_tgkill, getpid(), getppid(), 0), ESRCH);
	ERROR(syscall(SYS_tgkill, 0, getpid(), 0), EINVAL);
	DO(sigaction(SIGKILL, NULL, &action));
}

TEST(kill_and_stop_cannot_be_blocked)
{
	sigset_t all, now;

	sigfillset(&all);
	DO(sigprocmask(SIG_SETMASK, &all, NULL));
	DO(sigprocmask(SIG_SETMASK, NULL, &now));
	IS(sigismember(&now, SIGKILL), 0);
	IS(sigismember(&now, SIGSTOP), 0);
	IS(sigismember(&now, SIGTERM), 1);
}

TEST(sender_is_told)
{
	handle(SIGUSR1, SA_SIGINFO);
	DO(kill(getpid(), SIGUSR1));
	IS(infos[0].si_signo, SIGUSR1);
	IS(infos[0].si_code, SI_USER);
	IS(infos[0].si_pid, getpid());
	IS(infos[0].si_uid, getuid());
	DO(syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1));
	IS(infos[1].si_code, SI_TKILL);
	IS(infos[1].si_pid, getpid());
}

TEST(child_signal_tells)
{
	pid_t child;
	siginfo_t info;
	sigset_t set;

	handle(SIGCHLD, SA_SIGINFO);
	block(SIG_BLOCK, SIGCHLD);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	child = child_make();
	if (child == 0)
		_exit(6);
	IS(sigwaitinfo(&set, &info), SIGCHLD);
	IS(info.si_code, CLD_EXITED);
	IS(info.si_pid, child);
	IS(info.si_status, 6);
	IS(child_status(child), 6 << 8);
	child = child_make();
	if (child == 0) {
		raise(SIGTERM);
		_exit(1);
	}
	IS(sigwaitinfo(&set, &info), SIGCHLD);
	IS(info.si_code, CLD_KILLED);
	IS(info.si_status, SIGTERM);
	IS(child_status(child), SIGTERM);
}

TEST(ignored_children_leave_no_zombie)
{
	pid_t child;
	int status;

	signal(SIGCHLD, SIG_IGN);
	child = child_make();
	if (child == 0)
		_exit(1);
	ERROR(waitpid(child, &status, 0), ECHILD); /* waits for its end */
	ERROR(kill(child, 0), ESRCH);
	handle(SIGCHLD, SA_NOCLDWAIT);
	child = child_make();
	if (child == 0)
		_exit(1);
	ERROR(waitpid(child, &status, 0), ECHILD);
	IS(count, 1); /* the signal comes all the same */
}

TEST(values_queue_in_order)
{
	int at;

	for (at = 40; at <= 42; at++) {
		handle(at, SA_SIGINFO);
		block(SIG_BLOCK, at);
	}
	for (at = 0; at < 9; at++)
		DO(sigqueue(getpid(), 42 - at % 3,
			    (union sigval){ .sival_int = at }));
	{
		sigset_t none;

		sigemptyset(&none);
		DO(sigprocmask(SIG_SETMASK, &none, NULL));
	}
	IS(count, 9);
	/* All have come; waiting_takes_in_order tells the order. */
	for (at = 0; at < 9; at++) {
		IS(infos[at].si_code, SI_QUEUE);
		IS(infos[at].si_pid, getpid());
		CHECK(infos[at].si_value.sival_int >= 0);
	}
}

/* Taken one by one: lowest number first, each number first in, first out. */
TEST(waiting_takes_in_order)
{
	static const int must[][2] = { { 40, 2 }, { 40, 5 }, { 41, 1 },
				       { 41, 4 }, { 42, 0 }, { 42, 3 } };
	struct timespec no_time = { 0, 0 };
	siginfo_t info;
	sigset_t set;
	int at;

	sigemptyset(&set);
	for (at = 40; at <= 42; at++)
		sigaddset(&set, at);
	DO(sigprocmask(SIG_BLOCK, &set, NULL));
	for (at = 0; at < 6; at++)
		DO(sigqueue(getpid(), 42 - at % 3,
			    (union sigval){ .sival_int = at }));
	for (at = 0; at < 6; at++) {
		IS(sigtimedwait(&set, &info, &no_time), must[at][0]);
		IS(info.si_value.sival_int, must[at][1]);
	}
	ERROR(sigtimedwait(&set, &info, &no_time), EAGAIN);
}

TEST(suspend_waits_with_a_mask)
{
	sigset_t none;

	handle(SIGUSR1, 0);
	handle(SIGUSR2, 0);
	block(SIG_BLOCK, SIGUSR1);
	DO(raise(SIGUSR1));
	IS(count, 0);
	sigemptyset(&none);
	ERROR(sigsuspend(&none), EINTR);
	IS(count, 1);
	DO(raise(SIGUSR1)); /* blocked again */
	IS(count, 1);
}

TEST(pause_ends)
{
	pid_t child, parent = getpid();

	handle(SIGUSR1, 0);
	child = child_make();
	if (child == 0) {
		process_state_wait(parent, 'S');
		kill(parent, SIGUSR1);
		child_end();
	}
	ERROR(pause(), EINTR);
	IS(count, 1);
	child_good(child);
}

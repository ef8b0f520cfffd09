/*
 * Job control without a terminal: stopping, continuing, waiting for both,
 * process groups, sessions, orphaned groups.
 */
#include "check.h"

#include <fcntl.h>
#include <signal.h>

static volatile int count;

static void note(int number)
{
	(void)number;
	count++;
}

static pid_t sleeper_make(void)
{
	pid_t child = child_make();

	if (child == 0)
		for (;;)
			pause();
	return child;
}

static void end(pid_t child)
{
	int status;

	DO(kill(child, SIGKILL));
	IS(waitpid(child, &status, 0), child);
	IS(status, SIGKILL);
}

TEST(stop_and_continue)
{
	pid_t child = sleeper_make();
	int status;

	DO(kill(child, SIGSTOP));
	IS(waitpid(child, &status, WUNTRACED), child);
	CHECK(WIFSTOPPED(status));
	IS(WSTOPSIG(status), SIGSTOP);
	IS(waitpid(child, &status, WUNTRACED | WNOHANG), 0); /* told once */
	DO(kill(child, SIGCONT));
	IS(waitpid(child, &status, WCONTINUED), child);
	CHECK(WIFCONTINUED(status));
	IS(status, 0xffff);
	IS(waitpid(child, &status, WCONTINUED | WNOHANG), 0);
	end(child);
}

TEST(stops_are_not_ends)
{
	pid_t child = sleeper_make();
	int status;

	DO(kill(child, SIGSTOP));
	process_state_wait(child, 'T');
	IS(waitpid(child, &status, WNOHANG), 0);
	IS(waitpid(child, &status, WCONTINUED | WNOHANG), 0);
	end(child); /* also while it is stopped */
}

TEST(waitid_of_stops)
{
	pid_t child = sleeper_make();
	siginfo_t info;

	DO(kill(child, SIGSTOP));
	DO(waitid(P_PID, (id_t)child, &info, WSTOPPED | WNOWAIT));
	IS(info.si_code, CLD_STOPPED);
	IS(info.si_status, SIGSTOP);
	DO(waitid(P_PID, (id_t)child, &info, WSTOPPED));
	info.si_pid = 1;
	DO(waitid(P_PID, (id_t)child, &info, WSTOPPED | WNOHANG));
	IS(info.si_pid, 0);
	DO(kill(child, SIGCONT));
	DO(waitid(P_PID, (id_t)child, &info, WCONTINUED));
	IS(info.si_code, CLD_CONTINUED);
	IS(info.si_status, SIGCONT);
	end(child);
}

TEST(parent_is_told_of_stops)
{
	struct sigaction action;
	pid_t child;
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	DO(sigprocmask(SIG_BLOCK, &set, NULL));
	child = sleeper_make();
	DO(kill(child, SIGSTOP));
	IS(sigwaitinfo(&set, &info), SIGCHLD);
	IS(info.si_code, CLD_STOPPED);
	DO(kill(child, SIGCONT));
	IS(sigwaitinfo(&set, &info), SIGCHLD);
	IS(info.si_code, CLD_CONTINUED);
	memset(&action, 0, sizeof(action));
	action.sa_handler = note;
	action.sa_flags = SA_NOCLDSTOP;
	DO(sigaction(SIGCHLD, &action, NULL));
	DO(sigprocmask(SIG_UNBLOCK, &set, NULL));
	DO(kill(child, SIGSTOP));
	process_state_wait(child, 'T');
	IS(count, 0);
	end(child);
	IS(count, 1);
}

/* A stop signal drops a waiting SIGCONT, and the other way round. */
TEST(opposites_cancel)
{
	sigset_t set, pending;

	sigfillset(&set);
	DO(sigprocmask(SIG_SETMASK, &set, NULL));
	signal(SIGCONT, note);
	DO(raise(SIGCONT));
	DO(sigpending(&pending));
	IS(sigismember(&pending, SIGCONT), 1);
	signal(SIGTSTP, note);
	DO(raise(SIGTSTP));
	DO(sigpending(&pending));
	IS(sigismember(&pending, SIGCONT), 0);
	IS(sigismember(&pending, SIGTSTP), 1);
	DO(raise(SIGCONT));
	DO(sigpending(&pending));
	IS(sigismember(&pending, SIGTSTP), 0);
}

/* Other signals wait until a stopped process goes on; SIGKILL does not. */
TEST(signals_of_the_stopped)
{
	struct signpost told, ready;
	pid_t child;

	signpost_make(&told);
	signpost_make(&ready);
	child = child_make();
	if (child == 0) {
		signal(SIGUSR1, note);
		signpost_tell(&ready);
		while (!count)
			clock_sleep(5);
		signpost_tell(&told);
		child_end();
	}
	signpost_wait(&ready);
	DO(kill(child, SIGSTOP));
	process_state_wait(child, 'T');
	DO(kill(child, SIGUSR1));
	DO(fcntl(told.ends[0], F_SETFL, O_NONBLOCK));
	clock_sleep(50);
	ERROR(read(told.ends[0], &child, 1), EAGAIN);
	DO(fcntl(told.ends[0], F_SETFL, 0));
	DO(kill(child, SIGCONT));
	signpost_wait(&told);
	child_good(child);
}

/* SIGCONT continues even where it is blocked or ignored. */
TEST(continue_without_taking)
{
	pid_t child = child_make();

	if (child == 0) {
		signal(SIGCONT, SIG_IGN);
		raise(SIGSTOP);
		child_end();
	}
	process_state_wait(child, 'T');
	DO(kill(child, SIGCONT));
	child_good(child);
}

TEST(handled_terminal_stop)
{
	signal(SIGTSTP, note);
	DO(raise(SIGTSTP));
	IS(count, 1);
}

TEST(groups)
{
	pid_t child = sleeper_make(), other = sleeper_make();

	IS(getpgid(child), getpgrp());
	DO(setpgid(child, 0));
	IS(getpgid(child), child);
	DO(setpgid(other, child));
	IS(getpgid(other), child);
	DO(kill(-child, SIGKILL));
	IS(child_status(child), SIGKILL);
	IS(child_status(other), SIGKILL);
	ERROR(kill(-child, 0), ESRCH);
}

TEST(group_refusals)
{
	pid_t child;

	ERROR(setpgid(1, 0), ESRCH); /* not our child */
	ERROR(setpgid(0, -5), EINVAL);
	ERROR(getpgid(0x7ffffff0), ESRCH);
	child = sleeper_make();
	ERROR(setpgid(child, 1), EPERM); /* a group of another session */
	end(child);
}

TEST(no_group_change_after_exec)
{
	char path[64], text[256];
	struct signpost go;
	pid_t child;

	signpost_make(&go);
	child = child_make();
	if (child == 0) {
		/* A program that waits: this one, with its input a pipe. */
		dup2(go.ends[0], 0);
		execl("/proc/self/exe", "jobs", "--wait", NULL);
		_exit(1);
	}
	sprintf(path, "/proc/%d/cmdline", (int)child);
	while (file_read(path, text, sizeof(text)), strcmp(text, "jobs"))
		clock_sleep(2);
	ERROR(setpgid(child, child), EACCES);
	signpost_tell(&go);
	IS(child_status(child), 0);
}

__attribute__((constructor)) static void wait_start(int many, char **words)
{
	char byte;

	if (many == 2 && strcmp(words[1], "--wait") == 0)
		_exit(read(0, &byte, 1) != 1);
}

TEST(sessions)
{
	pid_t child = child_make();

	if (child == 0) {
		pid_t mine;

		IS(setsid(), getpid());
		IS(getsid(0), getpid());
		IS(getpgrp(), getpid());
		ERROR(setsid(), EPERM);
		ERROR(setpgid(0, 0), EPERM); /* it leads a session */
		CHECK(open("/dev/tty", O_RDWR) == -1);
		IS(errno, ENXIO);
		mine = child_make();
		if (mine == 0) {
			IS(getsid(0), getppid());
			ERROR(getsid(0x7ffffff0), ESRCH);
			DO(setpgid(0, 0));
			child_end();
		}
		child_good(mine);
		child_end();
	}
	child_good(child);
	CHECK(getsid(0) != child);
}

/*
 * The end of a shell orphans the groups of its session; a stopped one gets
 * SIGHUP and SIGCONT. An orphaned group cannot be stopped from the keyboard.
 */
TEST(orphaned_groups)
{
	struct signpost told;
	pid_t child;

	signpost_make(&told);
	child = child_make();
	if (child == 0) {
		pid_t job;

		setsid();
		job = child_make();
		if (job == 0) {
			setpgid(0, 0);
			signal(SIGHUP, note);
			raise(SIGSTOP);
			CHECK(count == 1);
			signpost_tell(&told);
			raise(SIGTSTP); /* ignored: nobody could continue it */
			signpost_tell(&told);
			child_end();
		}
		process_state_wait(job, 'T');
		child_end();
	}
	child_good(child);
	signpost_wait(&told);
	signpost_wait(&told);
}

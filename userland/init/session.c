/*
 * Login shells on the terminals: each in a session of its own with its
 * terminal as controlling terminal, started again when it has ended. Orphans
 * of all sessions end up here and are reaped.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "userland/init/init.h"

/* `term` unless the kernel's word `term=` says better for a serial line. */
static struct session {
	const char *path, *term;
	int serial;
	pid_t process; /* 0: none */
	time_t since;
} sessions[] = {
	{ .path = "/dev/ttyS0", .term = "vt102", .serial = 1 },
	{ .path = "/dev/tty1", .term = "linux" },
};

#define SESSIONS (sizeof(sessions) / sizeof(sessions[0]))

/* A shell that lives shorter than this, in seconds, is not hurried. */
#define SHORT_LIFE 2

static volatile sig_atomic_t asked; /* the last signal that is an order */

static void on_signal(int number)
{
	if (number != SIGCHLD && number != SIGALRM)
		asked = number;
}

static const int signals[] = { SIGCHLD, SIGALRM, SIGUSR1,
			       SIGUSR2, SIGTERM, SIGINT };

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* All of them are blocked but for the moments in sigsuspend(). */
static void signals_take(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &action, NULL);
}

pid_t child_start(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;
	pid_t process = fork();

	if (process != 0)
		return process;
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	return 0;
}

void streams_set(int in, int out, int error)
{
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(error, STDERR_FILENO);
	if (in > STDERR_FILENO)
		close(in);
	if (out > STDERR_FILENO && out != in)
		close(out);
	if (error > STDERR_FILENO && error != in && error != out)
		close(error);
}

/* A serial line cannot tell how large the user's window is: the host does. */
static void size_set(int terminal)
{
	struct winsize size = { 0 };
	const char *value;

	if ((value = word("rows")) != NULL)
		size.ws_row = (unsigned short)atoi(value);
	if ((value = word("columns")) != NULL)
		size.ws_col = (unsigned short)atoi(value);
	if (size.ws_row && size.ws_col)
		ioctl(terminal, TIOCSWINSZ, &size);
}

static void environment_set(const struct session *session)
{
	const char *term = session->serial ? word("term") : NULL;

	clearenv();
	setenv("TERM", term && term[0] ? term : session->term, 1);
	setenv("HOME", "/root", 1);
	setenv("USER", "root", 1);
	setenv("LOGNAME", "root", 1);
	setenv("SHELL", shell(), 1);
	setenv("PATH",
	       "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
	       "/sbin:/bin",
	       1);
}

/* The child's side; the name of a login shell starts with a dash. */
static void session_child(const struct session *session)
{
	const char *path = shell();
	char name[16] = "-";
	int terminal = open(session->path, O_RDWR | O_NOCTTY);

	if (terminal < 0 || ioctl(terminal, TIOCSCTTY, 0) < 0) {
		say("init: %s: %s", session->path, strerror(errno));
		_exit(1);
	}
	if (session->serial)
		size_set(terminal);
	streams_set(terminal, terminal, terminal);
	environment_set(session);
	if (chdir("/root") < 0)
		say("init: /root: %s", strerror(errno));
	execl(path, strcat(name, strrchr(path, '/') + 1), (char *)NULL);
	say("init: %s: %s", path, strerror(errno));
	_exit(127);
}

static void session_start(struct session *session)
{
	session->since = time(NULL);
	session->process = child_start();
	if (session->process == 0)
		session_child(session);
	if (session->process < 0)
		session->process = 0;
}

/* Terminals that are not there have no session, and none later. */
static int session_exists(const struct session *session)
{
	return access(session->path, F_OK) == 0;
}

/* Reap whoever has ended. */
static void reap(void)
{
	pid_t ended;

	while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {
		for (size_t i = 0; i < SESSIONS; i++) {
			if (sessions[i].process == ended)
				sessions[i].process = 0;
		}
	}
}

/* Start what does not run, but leave short lives some time. */
static void sessions_start(void)
{
	time_t now = time(NULL);

	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *session = &sessions[i];

		if (session->process || !session_exists(session))
			continue;
		if (session->since && now - session->since < SHORT_LIFE)
			alarm(SHORT_LIFE);
		else
			session_start(session);
	}
}

unsigned sessions_keep(void)
{
	sigset_t none;

	sigemptyset(&none);
	signals_take();
	for (;;) {
		reap();
		if (asked == SIGUSR1)
			return RB_HALT_SYSTEM;
		if (asked == SIGUSR2)
			return RB_POWER_OFF;
		if (asked)
			return RB_AUTOBOOT;
		sessions_start();
		sigsuspend(&none);
	}
}

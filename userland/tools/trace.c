/*
 * trace COMMAND ...: run it and show its system calls, and its children's, on
 * standard error, as strace(1) does. The kernel writes them into its log; this
 * switches that on and copies the lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "userland/tools/log.h"

#define PAUSE 10000 /* microseconds between looks at the log */

static void line_show(const char *text)
{
	if (!strncmp(text, "[pid ", 5))
		fprintf(stderr, "%s\n", text);
}

static int trace_myself(void)
{
	int monitor = open("/dev/monitor", O_WRONLY | O_CLOEXEC);
	char line[40];
	int size = snprintf(line, sizeof(line), "trace %d\n", (int)getpid());

	if (monitor < 0 || write(monitor, line, (size_t)size) != size)
		return -1;
	close(monitor);
	return 0;
}

static void child(char **command)
{
	if (trace_myself() < 0) {
		fprintf(stderr, "trace: /dev/monitor: %s\n", strerror(errno));
		_exit(125);
	}
	execvp(*command, command);
	fprintf(stderr, "trace: %s: %s\n", *command, strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

int main(int count, char **words)
{
	int log, status;
	pid_t pid;

	if (count < 2 || !strcmp(words[1], "--help")) {
		fprintf(stderr, "usage: trace COMMAND [WORD]...\n"
				"Run a command; show its system calls on "
				"standard error.\n");
		return count < 2 ? 2 : 0;
	}
	log = log_open("trace");
	pid = fork();
	if (pid == 0)
		child(words + 1);
	if (pid < 0) {
		perror("trace: fork");
		return 125;
	}
	signal(SIGINT, SIG_IGN);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		log_follow(log, line_show);
		usleep(PAUSE);
	}
	log_follow(log, line_show);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

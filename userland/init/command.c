/*
 * One command for the host, instead of sessions: its streams are the channel's
 * three devices, and its exit status goes to the log. Linux has no such
 * channel: there the streams are files, sent in the channel's frames over the
 * second serial line when the command has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "userland/init/init.h"

#define LINE "/dev/ttyS1"

static int input = -1; /* /run/stdin, if the host put one there */

/* Returns the whole file with a NUL behind it, or NULL. */
static char *file_read(const char *path)
{
	struct stat status;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	size_t used = 0;
	ssize_t got;

	if (file >= 0 && fstat(file, &status) == 0)
		text = malloc((size_t)status.st_size + 1);
	while (text && used < (size_t)status.st_size &&
	       (got = read(file, text + used, (size_t)status.st_size - used)) >
		       0)
		used += (size_t)got;
	if (text)
		text[used] = '\0';
	if (file >= 0)
		close(file);
	return text;
}

char *command_take(void)
{
	char *command = file_read("/run/exec");

	if (!command)
		return 0;
	input = open("/run/stdin", O_RDONLY | O_CLOEXEC);
	unlink("/run/exec"); /* the root may be a disk, and this for once */
	unlink("/run/stdin");
	return command;
}

static int scratch_open(void)
{
	char path[] = "/tmp/streamXXXXXX";
	int file = mkstemp(path);

	unlink(path);
	return file;
}

/* Without the channel: files. `streams` gets three descriptors. */
static void streams_open(int streams[3])
{
	static const char *const names[] = { "/dev/channel0", "/dev/channel1",
					     "/dev/channel2" };

	streams[0] = open(names[0], O_RDONLY | O_CLOEXEC);
	if (streams[0] >= 0) {
		streams[1] = open(names[1], O_WRONLY | O_CLOEXEC);
		streams[2] = open(names[2], O_WRONLY | O_CLOEXEC);
		return;
	}
	streams[0] = input >= 0 ? input : open("/dev/null", O_RDONLY);
	streams[1] = scratch_open();
	streams[2] = scratch_open();
}

static void command_child(const char *command, const int streams[3])
{
	static char *const environment[] = {
		"HOME=/root",
		"TERM=dumb",
		"USER=root",
		"LOGNAME=root",
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
		"/sbin:/bin",
		NULL,
	};
	const char *path = shell();

	streams_set(streams[0], streams[1], streams[2]);
	if (chdir("/root") < 0)
		say("init: /root: %s", strerror(errno));
	execle(path, strrchr(path, '/') + 1, "-c", command, (char *)NULL,
	       environment);
	say("init: %s: %s", path, strerror(errno));
	_exit(127);
}

/* All of a scratch file, in frames of this kind. */
static void stream_send(int line, unsigned char kind, int file)
{
	unsigned char frame[3 + 16384];
	ssize_t got;

	lseek(file, 0, SEEK_SET);
	while ((got = read(file, frame + 3, sizeof(frame) - 3)) > 0) {
		const unsigned char *at = frame;
		size_t left = 3 + (size_t)got;
		ssize_t done;

		frame[0] = kind;
		frame[1] = (unsigned char)got;
		frame[2] = (unsigned char)(got >> 8);
		while (left && (done = write(line, at, left)) > 0) {
			at += done;
			left -= (size_t)done;
		}
	}
}

static void streams_send(const int streams[3])
{
	struct stat status;
	struct termios raw;
	int line;

	if (fstat(streams[1], &status) < 0 || !S_ISREG(status.st_mode))
		return;
	line = open(LINE, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (line < 0 || tcgetattr(line, &raw) < 0) {
		say("init: " LINE ": %s", strerror(errno));
		return;
	}
	cfmakeraw(&raw);
	tcsetattr(line, TCSANOW, &raw);
	stream_send(line, 1, streams[1]);
	stream_send(line, 2, streams[2]);
	tcdrain(line);
	close(line);
}

void command_run(const char *command)
{
	int status = 0, streams[3];
	pid_t process, ended;

	streams_open(streams);
	say("exec: starts");
	process = child_start();
	if (process == 0)
		command_child(command, streams);
	do
		ended = waitpid(-1, &status, 0);
	while (process > 0 && ended != process &&
	       (ended > 0 || errno == EINTR));
	streams_send(streams);
	if (ended != process)
		say("exec: no process: %s", strerror(errno));
	else if (WIFSIGNALED(status))
		say("exec: exit status %d", 128 + WTERMSIG(status));
	else
		say("exec: exit status %d", WEXITSTATUS(status));
}

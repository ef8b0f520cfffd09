/*
 * The way from the kernel's hands to a usable system, and the way back: mounts,
 * the log, the kernel's words, power. What fails is said in the log and not
 * fatal: a system with less is better than none.
 */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "userland/init/init.h"

/* `other` is what Linux calls the same; `quiet`: not everybody has it. */
static const struct mount_point {
	const char *type, *other, *path, *options;
	mode_t mode;
	int quiet;
} mount_points[] = {
	{ "proc", NULL, "/proc", NULL, 0555, 0 },
	{ "devfs", "devtmpfs", "/dev", NULL, 0755, 0 },
	{ "sysfs", NULL, "/sys", NULL, 0555, 1 },
	{ "devpts", NULL, "/dev/pts", "ptmxmode=0666", 0755, 1 },
	{ "tmpfs", NULL, "/dev/shm", "mode=1777", 01777, 0 },
	{ "tmpfs", NULL, "/run", "mode=0755", 0755, 0 },
	{ "tmpfs", NULL, "/tmp", "mode=1777", 01777, 0 },
};

void say(const char *format, ...)
{
	char line[200];
	va_list arguments;
	int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (log < 0)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line) - 1, format, arguments);
	va_end(arguments);
	strcat(line, "\n");
	if (write(log, line, strlen(line)) < 0) {
		/* There is nobody left to tell. */
	}
	close(log);
}

static int mounted(const struct mount_point *point, const char *type)
{
	return mount(type, point->path, type, 0, point->options) == 0;
}

static void mount_one(const struct mount_point *point)
{
	mkdir(point->path, point->mode);
	if (mounted(point, point->type))
		return;
	if (point->other && errno == ENODEV && mounted(point, point->other))
		return;
	if (!point->quiet && errno != EBUSY)
		say("init: mount %s: %s", point->path, strerror(errno));
}

/* What a system with fewer devices of its own still needs in /dev. */
static void links_make(void)
{
	static const char *const links[][2] = {
		{ "/proc/self/fd", "/dev/fd" },
		{ "/proc/self/fd/0", "/dev/stdin" },
		{ "/proc/self/fd/1", "/dev/stdout" },
		{ "/proc/self/fd/2", "/dev/stderr" },
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (symlink(links[i][0], links[i][1]) < 0 && errno != EEXIST)
			say("init: %s: %s", links[i][1], strerror(errno));
	}
}

/* Returns the first line of a file in `text`, or "". */
static const char *line_read(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? 0 : read(file, text, size - 1);

	text[length > 0 ? length : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (file >= 0)
		close(file);
	return text;
}

void boot(void)
{
	char name[65];
	int file;

	for (size_t i = 0; i < sizeof(mount_points) / sizeof(mount_points[0]);
	     i++)
		mount_one(&mount_points[i]);
	links_make();
	do
		file = open("/dev/null", O_RDWR);
	while (file >= 0 && file <= STDERR_FILENO);
	if (file >= 0)
		close(file);
	line_read("/etc/hostname", name, sizeof(name));
	if (name[0] && sethostname(name, strlen(name)) < 0)
		say("init: hostname: %s", strerror(errno));
}

const char *word(const char *name)
{
	static char line[2048];
	size_t length = strlen(name);

	line_read("/proc/cmdline", line, sizeof(line));
	for (char *each = strtok(line, " "); each; each = strtok(NULL, " ")) {
		if (!strncmp(each, name, length) && each[length] == '=')
			return each + length + 1;
	}
	return NULL;
}

const char *shell(void)
{
	return access("/bin/bash", X_OK) == 0 ? "/bin/bash" : "/bin/sh";
}

/* Waits up to `tenths` of a second for the last child. */
static void children_await(int tenths)
{
	const struct timespec moment = { .tv_nsec = 10000000 };

	for (int i = 0; i < tenths * 10; i++) {
		pid_t ended;

		while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {
		}
		if (ended < 0)
			return;
		nanosleep(&moment, NULL);
	}
}

#define MOUNTS 64

/* Disks are to look clean: what was mounted last goes first, and the root is
 * written to no more. */
static void mounts_end(void)
{
	char *points[MOUNTS];
	int count = 0;
	FILE *file = setmntent("/proc/mounts", "r");
	struct mntent *each;

	while (file && count < MOUNTS && (each = getmntent(file)) != NULL)
		points[count++] = strdup(each->mnt_dir);
	if (file)
		endmntent(file);
	while (count-- > 1)
		if (points[count] && umount(points[count]) < 0)
			umount2(points[count], MNT_DETACH);
	mount("", "/", "", MS_REMOUNT | MS_RDONLY, NULL);
}

void power(unsigned how)
{
	/* A shell at a terminal minds SIGHUP alone. */
	kill(-1, SIGTERM);
	kill(-1, SIGHUP);
	kill(-1, SIGCONT);
	children_await(5);
	kill(-1, SIGKILL);
	children_await(5);
	sync();
	mounts_end();
	reboot((int)how);
	say("init: reboot: %s", strerror(errno));
	for (;;)
		pause();
}

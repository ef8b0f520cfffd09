/*
 * monitor COMMAND ...: have the kernel's monitor run a command, and show what
 * it said. `monitor help` lists them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "userland/tools/log.h"

#define LINE 120

static void line_show(const char *text)
{
	puts(text);
}

int main(int count, char **words)
{
	char line[LINE] = "";
	int monitor, log, error = 0;

	if (count < 2 || !strcmp(words[1], "--help")) {
		fprintf(stderr, "usage: monitor COMMAND [WORD]...\n"
				"A command of the kernel's monitor; `monitor "
				"help` lists them.\n");
		return count < 2 ? 2 : 0;
	}
	for (int i = 1; i < count; i++) {
		if (strlen(line) + strlen(words[i]) + 2 > LINE) {
			fprintf(stderr, "monitor: that is too long\n");
			return 2;
		}
		strcat(line, words[i]);
		strcat(line, i + 1 < count ? " " : "\n");
	}
	log = log_open("monitor");
	monitor = open("/dev/monitor", O_WRONLY);
	if (monitor < 0 || write(monitor, line, strlen(line)) < 0)
		error = errno;
	log_follow(log, line_show);
	if (error)
		fprintf(stderr, "monitor: %s\n", strerror(error));
	return error != 0;
}

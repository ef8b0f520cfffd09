/* Following the kernel's log: one read is one line, "6,POSITION,0,-;TEXT". */
#include "userland/tools/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int log_open(const char *program)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log < 0 || lseek(log, 0, SEEK_END) < 0) {
		fprintf(stderr, "%s: /dev/kmsg: %s\n", program,
			strerror(errno));
		exit(1);
	}
	return log;
}

void log_follow(int log, void (*line)(const char *text))
{
	char text[1100];
	ssize_t n;

	while ((n = read(log, text, sizeof(text) - 1)) > 0) {
		char *begin;

		text[n] = 0;
		text[strcspn(text, "\n")] = 0;
		begin = strchr(text, ';');
		line(begin ? begin + 1 : text);
	}
}

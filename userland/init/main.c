/*
 * init: the first process. Called as poweroff, reboot or halt, or by anybody
 * but the kernel, it sends the first process the signal that means so (as
 * busybox's commands do).
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "userland/init/init.h"

static const struct {
	const char *name;
	int signal;
	unsigned how;
} orders[] = {
	{ "poweroff", SIGUSR2, RB_POWER_OFF },
	{ "halt", SIGUSR1, RB_HALT_SYSTEM },
	{ "reboot", SIGTERM, RB_AUTOBOOT },
};

/* With -f the order goes to the kernel at once. */
static int order(const char *name, int force)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (strcmp(name, orders[i].name))
			continue;
		if (!force && kill(1, orders[i].signal) == 0)
			return 0;
		if (force) {
			sync();
			reboot((int)orders[i].how);
		}
		perror(name);
		return 1;
	}
	fprintf(stderr, "%s: to be started by the kernel\n", name);
	return 2;
}

int main(int count, char **arguments)
{
	const char *name = count ? strrchr(arguments[0], '/') : NULL;
	char *command;

	name = name ? name + 1 : count ? arguments[0] : "init";
	if (getpid() != 1)
		return order(name, count > 1 && !strcmp(arguments[1], "-f"));
	command = command_take();
	boot();
	if (command) {
		command_run(command);
		power(RB_POWER_OFF);
	}
	power(sessions_keep());
}

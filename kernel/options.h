/* Words of the kernel's command line, read once at boot. */
#ifndef KERNEL_OPTIONS_H
#define KERNEL_OPTIONS_H

#include "gates/abi.h"

#define OPTIONS_DOMAINS 16

/* What is done about the text of a domain that is to be sealed. */
enum scan_word { SCAN_OFF, SCAN_SAY, SCAN_REFUSE };

struct options {
	u8 organization; /* domains=far|sealed: enum organization */
	struct {
		char name[16];
		u8 organization;
	} domains[OPTIONS_DOMAINS]; /* domain.NAME=far|sealed */
	u32 domain_count;
	u32 com1_is_channel; /* channel=com1: the monitor's, byte for byte */
	u32 com1_is_framed; /* channel=framed: a program's, in frames */
	u32 way; /* syscall=int80|sysenter|gate: enum vdso_way */
	char init[64]; /* init=PATH */
	char root[12]; /* disk that the root is on; empty: none */
	u32 rows, columns; /* rows=N columns=N: of the terminal behind COM1 */
	u32 trace; /* trace=1: every process's system calls */
	u32 monitor; /* monitor=1: the monitor's prompt, no first process */
	u32 brief_reports; /* report=brief */
	u32 scan; /* scan=say|refuse|off: enum scan_word */
	u32 awake; /* awake=N: us that a CPU waits for a disk before it halts */
	u32 budget; /* budget=N|none: faults in 10 s; none: 0 */
	u32 watchdog; /* watchdog=MS, 0 none: time of its own a call has */
	u32 cpus; /* cpus=N: use at most so many; 0 all */
};

extern struct options options;

/* The word for an enum organization; NULL if there is none. */
const char *organization_name(u32 organization);

/* The organization of that name into *out; 0: there is none. */
int organization_read(const char *value, u8 *out);

/* How a domain is to be organized, by its name or what it is an instance of:
 * enum organization. The last word that says it counts. */
u8 options_organization(const char *domain);

/* Unknown words are named on the console and ignored. */
void options_read(const char *line);

#endif

/*
 * What makes the files of the two tables (rows.c): each writes a text, or
 * answers an error; those at the end take what was written to a file.
 */
#ifndef PROCFS_FILES_H
#define PROCFS_FILES_H

#include "tree.h"

/* machine.c, cpu.c */
i32 cmdline_make(struct who w);
i32 version_make(struct who w);
i32 uptime_make(struct who w);
i32 loadavg_make(struct who w);
i32 meminfo_make(struct who w);
i32 vmstat_make(struct who w);
i32 cpuinfo_make(struct who w);
i32 stat_make(struct who w);
i32 interrupts_make(struct who w);
i32 cpus_make(struct who w);
i32 hostname_make(struct who w);
i32 domainname_make(struct who w);
i32 ostype_make(struct who w);
i32 osrelease_make(struct who w);
i32 osversion_make(struct who w);
i32 uuid_make(struct who w);
i32 boot_id_make(struct who w);

/* domains.c */
i32 domains_make(struct who w);
i32 segments_make(struct who w);

/* disks.c */
i32 partitions_make(struct who w);

/* mounts.c */
i32 mounts_make(struct who w);
i32 mountinfo_make(struct who w);

/* state.c, status.c, limits.c */
i32 process_stat_make(struct who w);
i32 comm_make(struct who w);
i32 status_make(struct who w);
i32 statm_make(struct who w);
i32 limits_make(struct who w);

/* memory.c */
i32 arguments_make(struct who w);
i32 environ_make(struct who w);
i32 auxv_make(struct who w);
i32 maps_make(struct who w);
i32 smaps_make(struct who w);
i32 smaps_rollup_make(struct who w);

i32 comm_take(struct who w, const char *text, u32 size);
i32 hostname_take(struct who w, const char *text, u32 size);
i32 domainname_take(struct who w, const char *text, u32 size);

#endif

/* The two tables of what there is. Their order is that of listings. */
#include "files.h"

#define FOLDER	(MODE_FOLDER | 0555)
#define PRIVATE (MODE_FOLDER | 0500)
#define LINK	(MODE_LINK | 0777)
#define FILE	(MODE_FILE | 0444)
#define SECRET	(MODE_FILE | 0400)
#define CHANGED (MODE_FILE | 0644)

#define DEVICES_TEXT \
	"Character devices:\n  1 mem\n  4 tty\n  4 ttyS\n  5 /dev/tty\n" \
	"  5 /dev/console\n  5 /dev/ptmx\n136 pts\n\nBlock devices:\n" \
	"  1 ramdisk\n  8 sd\n 11 sr\n254 virtblk\n"

#define FILESYSTEMS_TEXT \
	"nodev\tproc\nnodev\tsysfs\nnodev\ttmpfs\nnodev\tramfs\n" \
	"nodev\tdevfs\nnodev\tdevtmpfs\n\text2\n\text3\n\tvfat\n" \
	"\tiso9660\n"

#define SWAPS_TEXT "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

/* procps learns the names of terminals here. */
#define DRIVERS_TEXT \
	"/dev/tty             /dev/tty        5       0 system:/dev/tty\n" \
	"/dev/console         /dev/console    5       1 system:console\n" \
	"/dev/ptmx            /dev/ptmx       5       2 system\n" \
	"serial               /dev/ttyS       4 64-95 serial\n" \
	"pty_slave            /dev/pts      136 0-60 pty:slave\n" \
	"unknown              /dev/tty        4 1-63 console\n"

/* There is no network beyond sockets in one machine: titles alone. */
#define DEV_TEXT \
	"Inter-|   Receive                                                " \
	"|  Transmit\n" \
	" face |bytes    packets errs drop fifo frame compressed multicast" \
	"|bytes    packets errs drop fifo colls carrier compressed\n"

#define TCP_TITLE \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when " \
	"retrnsmt   uid  timeout inode"
#define SPACES_21 "                     "
#define SPACES_32 "                                "

#define TCP_TEXT TCP_TITLE SPACES_32 SPACES_21 "\n"
#define UDP_TEXT " " TCP_TITLE " ref pointer drops             \n"
#define RAW_TEXT TCP_TITLE " ref pointer drops\n"

#define UNIX_TEXT "Num       RefCount Protocol Flags    Type St Inode Path\n"
#define ROUTE_TEXT \
	"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\t" \
	"MTU\tWindow\tIRTT" SPACES_32 "            \n"
#define ARP_TEXT \
	"IP address       HW type     Flags       HW address            " \
	"Mask     Device\n"

#define DIR(n, in) \
	{ \
		.name = n, .parent = in, .mode = FOLDER \
	}
#define TEXT(n, in, what) \
	{ \
		.name = n, .parent = in, .mode = FILE, .text = what \
	}
#define MAKE(n, in, how) \
	{ \
		.name = n, .parent = in, .mode = FILE, .make = how \
	}
#define TO(n, in, where) \
	{ \
		.name = n, .parent = in, .mode = LINK, .text = where \
	}

const struct row machine_rows[] = {
	[ROOT] = { .name = "", .mode = FOLDER },
	[SYSFS] = { .name = "", .mode = FOLDER },
	[NET] = DIR("net", ROOT),
	[TTY] = DIR("tty", ROOT),
	[SYS] = DIR("sys", ROOT),
	[SYS_KERNEL] = DIR("kernel", SYS),
	[SYS_RANDOM] = DIR("random", SYS_KERNEL),
	[SYS_VM] = DIR("vm", SYS),
	[SYS_FS] = DIR("fs", SYS),
	[SYS_NET] = DIR("net", SYS),
	[SYS_CORE] = DIR("core", SYS_NET),
	[SYSFS_DEVICES] = DIR("devices", SYSFS),
	[SYSFS_SYSTEM] = DIR("system", SYSFS_DEVICES),
	[SYSFS_CPU] = DIR("cpu", SYSFS_SYSTEM),
	[SYSFS_KERNEL] = DIR("kernel", SYSFS),
	[SYSFS_MM] = DIR("mm", SYSFS_KERNEL),
	[SYSFS_HUGE] = DIR("transparent_hugepage", SYSFS_MM),
	[MACHINE_FILES] = TO("self", ROOT, NULL),
	TO("thread-self", ROOT, NULL),
	TO("mounts", ROOT, "self/mounts"),
	MAKE("cmdline", ROOT, cmdline_make),
	MAKE("cpuinfo", ROOT, cpuinfo_make),
	TEXT("devices", ROOT, DEVICES_TEXT),
	TEXT("diskstats", ROOT, ""),
	MAKE("domains", ROOT, domains_make),
	TEXT("filesystems", ROOT, FILESYSTEMS_TEXT),
	MAKE("interrupts", ROOT, interrupts_make),
	MAKE("loadavg", ROOT, loadavg_make),
	MAKE("meminfo", ROOT, meminfo_make),
	TEXT("modules", ROOT, ""),
	MAKE("partitions", ROOT, partitions_make),
	MAKE("segments", ROOT, segments_make),
	MAKE("stat", ROOT, stat_make),
	TEXT("swaps", ROOT, SWAPS_TEXT),
	MAKE("uptime", ROOT, uptime_make),
	MAKE("version", ROOT, version_make),
	MAKE("vmstat", ROOT, vmstat_make),
	TEXT("arp", NET, ARP_TEXT),
	TEXT("dev", NET, DEV_TEXT),
	TEXT("raw", NET, RAW_TEXT),
	TEXT("route", NET, ROUTE_TEXT),
	TEXT("tcp", NET, TCP_TEXT),
	TEXT("udp", NET, UDP_TEXT),
	TEXT("unix", NET, UNIX_TEXT),
	TEXT("drivers", TTY, DRIVERS_TEXT),
	TEXT("cap_last_cap", SYS_KERNEL, "40\n"),
	TEXT("core_pattern", SYS_KERNEL, "core\n"),
	{ .name = "domainname",
	  .parent = SYS_KERNEL,
	  .mode = CHANGED,
	  .make = domainname_make,
	  .change = domainname_take },
	{ .name = "hostname",
	  .parent = SYS_KERNEL,
	  .mode = CHANGED,
	  .make = hostname_make,
	  .change = hostname_take },
	TEXT("ngroups_max", SYS_KERNEL, "65536\n"),
	MAKE("osrelease", SYS_KERNEL, osrelease_make),
	MAKE("ostype", SYS_KERNEL, ostype_make),
	TEXT("overflowgid", SYS_KERNEL, "65534\n"),
	TEXT("overflowuid", SYS_KERNEL, "65534\n"),
	TEXT("pid_max", SYS_KERNEL, "32768\n"),
	TEXT("tainted", SYS_KERNEL, "0\n"),
	TEXT("threads-max", SYS_KERNEL, "32768\n"),
	MAKE("version", SYS_KERNEL, osversion_make),
	MAKE("boot_id", SYS_RANDOM, boot_id_make),
	TEXT("entropy_avail", SYS_RANDOM, "256\n"),
	TEXT("poolsize", SYS_RANDOM, "256\n"),
	MAKE("uuid", SYS_RANDOM, uuid_make),
	TEXT("max_map_count", SYS_VM, "65536\n"),
	TEXT("mmap_min_addr", SYS_VM, "65536\n"),
	TEXT("overcommit_memory", SYS_VM, "0\n"),
	TEXT("file-max", SYS_FS, "2147483647\n"),
	TEXT("nr_open", SYS_FS, "65536\n"),
	TEXT("pipe-max-size", SYS_FS, "1048576\n"),
	TEXT("somaxconn", SYS_CORE, "4096\n"),
	MAKE("online", SYSFS_CPU, cpus_make),
	MAKE("possible", SYSFS_CPU, cpus_make),
	MAKE("present", SYSFS_CPU, cpus_make),
	TEXT("enabled", SYSFS_HUGE, "always madvise [never]\n"),
};

#define ID_MAP "         0          0 4294967295\n"
#define JUMP(n, where) \
	{ \
		.name = n, .parent = PROCESS, .mode = LINK, .jump = where \
	}

const struct row process_rows[] = {
	[PROCESS] = { .name = "", .mode = FOLDER },
	[TASK] = { .name = "task",
		   .parent = PROCESS,
		   .mode = FOLDER,
		   .whole = 1 },
	[FD] = { .name = "fd", .parent = PROCESS, .mode = PRIVATE },
	[FDINFO] = { .name = "fdinfo", .parent = PROCESS, .mode = FOLDER },
	[PROCESS_FILES] = { .name = "environ",
			    .parent = PROCESS,
			    .mode = SECRET,
			    .make = environ_make },
	{ .name = "auxv",
	  .parent = PROCESS,
	  .mode = SECRET,
	  .make = auxv_make },
	TEXT("cgroup", PROCESS, "0::/\n"),
	MAKE("cmdline", PROCESS, arguments_make),
	{ .name = "comm",
	  .parent = PROCESS,
	  .mode = CHANGED,
	  .make = comm_make,
	  .change = comm_take },
	JUMP("cwd", 2),
	JUMP("exe", 1),
	TEXT("gid_map", PROCESS, ID_MAP),
	MAKE("limits", PROCESS, limits_make),
	TEXT("loginuid", PROCESS, "4294967295"),
	MAKE("maps", PROCESS, maps_make),
	MAKE("mountinfo", PROCESS, mountinfo_make),
	MAKE("mounts", PROCESS, mounts_make),
	{ .name = "net",
	  .parent = PROCESS,
	  .mode = LINK,
	  .text = "../net",
	  .whole = 1 },
	TEXT("oom_adj", PROCESS, "0\n"),
	TEXT("oom_score", PROCESS, "0\n"),
	TEXT("oom_score_adj", PROCESS, "0\n"),
	TEXT("personality", PROCESS, "00000000\n"),
	JUMP("root", 3),
	TEXT("sessionid", PROCESS, "4294967295"),
	TEXT("setgroups", PROCESS, "allow\n"),
	MAKE("smaps", PROCESS, smaps_make),
	MAKE("smaps_rollup", PROCESS, smaps_rollup_make),
	MAKE("stat", PROCESS, process_stat_make),
	MAKE("statm", PROCESS, statm_make),
	MAKE("status", PROCESS, status_make),
	TEXT("uid_map", PROCESS, ID_MAP),
	TEXT("wchan", PROCESS, "0"),
};

const u32 machine_row_count = sizeof machine_rows / sizeof *machine_rows;
const u32 process_row_count = sizeof process_rows / sizeof *process_rows;

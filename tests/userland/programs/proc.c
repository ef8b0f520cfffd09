/*
 * /proc as programs read it: a process about itself and others, and the
 * machine's figures; and the devices that every system has.
 */
#include "check.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>

static char text[65536];

/* The rest of the line that begins with `key`, or NULL. */
static const char *line_of(const char *file, const char *key)
{
	static char line[256];
	char *at;

	file_read(file, text, sizeof(text));
	for (at = text; at && *at; at = strchr(at, '\n'), at += at != NULL)
		if (strncmp(at, key, strlen(key)) == 0) {
			snprintf(line, sizeof(line), "%.*s",
				 (int)strcspn(at + strlen(key), "\n"),
				 at + strlen(key));
			return line;
		}
	return NULL;
}

static long number_of(const char *file, const char *key)
{
	const char *line = line_of(file, key);

	CHECK(line != NULL);
	return strtol(line, NULL, 10);
}

TEST(links_of_a_process)
{
	char here[256], seen[256] = "", name[64];
	int file = file_make("f", "text", 4);

	CHECK(getcwd(here, sizeof(here)) != NULL);
	CHECK(readlink("/proc/self/cwd", seen, 255) > 0);
	TEXT(seen, here);
	memset(seen, 0, 256);
	IS(readlink("/proc/self/root", seen, 255), 1);
	TEXT(seen, "/");
	memset(seen, 0, 256);
	CHECK(readlink("/proc/self/exe", seen, 255) > 0);
	CHECK(seen[0] == '/' && strstr(seen, "proc"));
	memset(seen, 0, 256);
	CHECK(readlink("/proc/self", seen, 255) > 0);
	IS(atoi(seen), getpid());
	memset(seen, 0, 256);
	sprintf(name, "/proc/self/fd/%d", file);
	CHECK(readlink(name, seen, 255) > 0);
	strcat(here, "/f");
	TEXT(seen, here);
	DO(unlink("f"));
	memset(seen, 0, 256);
	CHECK(readlink(name, seen, 255) > 0);
	strcat(here, " (deleted)");
	TEXT(seen, here);
	IS(read(open(name, O_RDONLY), seen, 10), 4); /* a file still */
}

TEST(descriptors_are_listed)
{
	DIR *list = opendir("/proc/self/fd");
	struct dirent *entry;
	int found = 0;

	CHECK(list != NULL);
	CHECK(dup2(1, 57) == 57);
	while ((entry = readdir(list)))
		found += strcmp(entry->d_name, "57") == 0;
	IS(found, 1);
	ERROR(readlink("/proc/self/fd/58", text, 10), ENOENT);
}

TEST(stat_line)
{
	int pid, parent, group, session, terminal, foreground;
	char state, *behind;

	file_read("/proc/self/stat", text, sizeof(text));
	IS(strtol(text, NULL, 10), getpid());
	behind = strrchr(text, ')');
	CHECK(behind != NULL);
	IS(sscanf(behind + 2, "%c %d %d %d %d %d", &state, &parent, &group,
		  &session, &terminal, &foreground),
	   6);
	pid = 0;
	for (; *behind; behind++)
		pid += *behind == ' ';
	IS(pid, 50); /* so many fields behind the name */
	IS(state, 'R');
	IS(parent, getppid());
	IS(group, getpgrp());
	IS(session, getsid(0));
}

TEST(status_lines)
{
	TEXT(line_of("/proc/self/status", "Name:\t"), "proc");
	IS(number_of("/proc/self/status", "Pid:\t"), getpid());
	IS(number_of("/proc/self/status", "PPid:\t"), getppid());
	IS(number_of("/proc/self/status", "Tgid:\t"), getpid());
	IS(number_of("/proc/self/status", "Uid:\t"), getuid());
	IS(number_of("/proc/self/status", "Threads:\t"), 1);
	CHECK(number_of("/proc/self/status", "VmRSS:\t") > 0);
	CHECK(line_of("/proc/self/status", "State:\tR (running)") != NULL);
	CHECK(line_of("/proc/self/status", "SigBlk:\t") != NULL);
}

TEST(words_of_a_process)
{
	size_t size = file_read("/proc/self/cmdline", text, sizeof(text));

	CHECK(size > 0);
	IS(text[size - 1], '\0');
	CHECK(strstr(text, "proc") != NULL);
	setenv("UNSEEN", "1", 1);
	file_read("/proc/self/environ", text, sizeof(text));
	file_read("/proc/self/comm", text, sizeof(text));
	TEXT(text, "proc\n");
}

static int on_map(const void *address, char *rights)
{
	unsigned long from, to, place = (unsigned long)(uintptr_t)address;
	char *at;

	for (at = text; at && *at; at = strchr(at, '\n'), at += at != NULL)
		if (sscanf(at, "%lx-%lx %4s", &from, &to, rights) == 3 &&
		    place >= from && place < to)
			return 1;
	return 0;
}

TEST(maps)
{
	int file = file_make("mapped", "x", 1);
	char rights[8], here;
	void *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);

	file_read("/proc/self/maps", text, sizeof(text));
	CHECK(on_map((void *)(uintptr_t)on_map, rights));
	TEXT(rights, "r-xp");
	CHECK(on_map(text, rights));
	TEXT(rights, "rw-p");
	CHECK(on_map(&here, rights));
	CHECK(on_map(map, rights));
	TEXT(rights, "r--s");
	CHECK(strstr(text, "/mapped\n") != NULL);
	CHECK(strstr(text, "[stack]\n") != NULL);
	DO(munmap(map, 4096));
	file_read("/proc/self/maps", text, sizeof(text));
	CHECK(!on_map(map, rights));
}

TEST(other_processes)
{
	char name[64];
	struct stat about;
	DIR *list;
	struct dirent *entry;
	int found = 0, last = 0, status;
	pid_t child = child_make();

	if (child == 0)
		for (;;)
			pause();
	sprintf(name, "/proc/%d/status", (int)child);
	IS(number_of(name, "PPid:\t"), getpid());
	process_state_wait(child, 'S');
	list = opendir("/proc");
	while ((entry = readdir(list)))
		if (isdigit(entry->d_name[0])) {
			CHECK(atoi(entry->d_name) > last); /* in order */
			last = atoi(entry->d_name);
			found += last == child || last == getpid();
		}
	IS(found, 2);
	DO(kill(child, SIGKILL));
	process_state_wait(child, 'Z');
	IS(waitpid(child, &status, 0), child);
	ERROR(stat(name, &about), ENOENT);
	sprintf(name, "/proc/self/task/%d/stat", (int)getpid());
	DO(stat(name, &about));
}

TEST(figures_of_the_machine)
{
	struct sysinfo info;
	double up, idle;
	long total, left;

	total = number_of("/proc/meminfo", "MemTotal:");
	left = number_of("/proc/meminfo", "MemFree:");
	CHECK(total > 8000 && left > 0 && left < total);
	CHECK(number_of("/proc/meminfo", "MemAvailable:") > 0);
	DO(sysinfo(&info));
	CHECK(info.mem_unit > 0);
	IS((long long)info.totalram * info.mem_unit / 1024, total);
	file_read("/proc/uptime", text, sizeof(text));
	IS(sscanf(text, "%lf %lf", &up, &idle), 2);
	CHECK(up > 0);
	file_read("/proc/loadavg", text, sizeof(text));
	IS(sscanf(text, "%lf %lf", &up, &idle), 2);
	CHECK(line_of("/proc/stat", "cpu ") != NULL);
	CHECK(line_of("/proc/stat", "cpu0 ") != NULL);
	CHECK(number_of("/proc/stat", "btime ") > 1500000000);
	CHECK(line_of("/proc/cpuinfo", "processor\t: 0") != NULL);
	CHECK(line_of("/proc/filesystems", "nodev\ttmpfs") != NULL);
	CHECK(line_of("/proc/filesystems", "nodev\tproc") != NULL);
	CHECK(file_read("/proc/version", text, sizeof(text)) > 10);
}

TEST(mounts)
{
	int fields;
	char device[64], place[64], kind[64], options[512];

	CHECK(file_read("/proc/mounts", text, sizeof(text)) > 0);
	fields = sscanf(text, "%63s %63s %63s %511s", device, place, kind,
			options);
	IS(fields, 4);
	CHECK(strstr(text, " /proc proc ") != NULL);
	CHECK(file_read("/proc/self/mountinfo", text, sizeof(text)) > 0);
}

TEST(settings)
{
	file_read("/proc/sys/kernel/pid_max", text, sizeof(text));
	CHECK(atoi(text) >= 300);
	file_read("/proc/sys/kernel/ngroups_max", text, sizeof(text));
	IS(atoi(text), 65536);
	file_read("/proc/sys/vm/overcommit_memory", text, sizeof(text));
	CHECK(isdigit(text[0]));
	file_read("/proc/sys/kernel/hostname", text, sizeof(text));
	CHECK(strlen(text) > 1);
}

TEST(reading_in_pieces)
{
	char whole[8192], byte;
	int file;
	size_t size, at;

	size = file_read("/proc/filesystems", whole, sizeof(whole));
	file = open("/proc/filesystems", O_RDONLY);
	for (at = 0; at < size; at++) {
		IS(read(file, &byte, 1), 1);
		IS(byte, whole[at]);
	}
	IS(read(file, &byte, 1), 0);
	IS(lseek(file, 3, SEEK_SET), 3);
	IS(read(file, &byte, 1), 1);
	IS(byte, whole[3]);
	IS(pread(file, &byte, 1, 5), 1);
	IS(byte, whole[5]);
}

/* What has been read to its end ends there, though it has grown since. */
TEST(reading_to_the_end)
{
	int file = open("/proc/self/stat", O_RDONLY);

	DO(prctl(PR_SET_NAME, "a"));
	CHECK(read(file, text, sizeof(text)) > 0);
	DO(prctl(PR_SET_NAME, "longer"));
	CHECK(number_of("/proc/self/status", "Pid:") > 0);
	IS(read(file, text, sizeof(text)), 0);
	DO(lseek(file, 0, SEEK_SET));
	CHECK(read(file, text, sizeof(text)) > 0 && strstr(text, "(longer)"));
}

TEST(nothing_can_be_made)
{
	CHECK(open("/proc/new", O_RDWR | O_CREAT, 0644) == -1);
	CHECK(mkdir("/proc/new", 0755) == -1);
	CHECK(unlink("/proc/version") == -1);
	CHECK(rename("/proc/version", "/proc/x") == -1);
	ERROR(open("/proc/none", O_RDONLY), ENOENT);
	ERROR(open("/proc/self/none", O_RDONLY), ENOENT);
}

TEST(null_zero_full)
{
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
	int full = open("/dev/full", O_RDWR);
	char bytes[64];
	int at;

	IS(write(null, text, 5000), 5000);
	IS(read(null, bytes, 64), 0);
	IS(lseek(null, 100, SEEK_SET), 0);
	memset(bytes, 'x', 64);
	IS(read(zero, bytes, 64), 64);
	for (at = 0; at < 64; at++)
		IS(bytes[at], 0);
	IS(write(zero, bytes, 64), 64);
	ERROR(write(full, bytes, 1), ENOSPC);
	IS(read(full, bytes, 64), 64);
	IS(write(null, bad, 100), 100); /* it does not look */
	ERROR(read(zero, bad, 100), EFAULT);
}

TEST(random_bytes)
{
	unsigned char one[64], two[64];

	IS(read(open("/dev/urandom", O_RDONLY), one, 64), 64);
	IS(read(open("/dev/random", O_RDONLY), two, 64), 64);
	CHECK(memcmp(one, two, 64) != 0);
	IS(syscall(SYS_getrandom, one, 64, 1), 64);
	ERROR(syscall(SYS_getrandom, bad, 64, 0), EFAULT);
	ERROR(syscall(SYS_getrandom, one, 64, 77), EINVAL);
}

TEST(descriptors_as_devices)
{
	int ends[2];
	char name[32], byte;

	DO(pipe(ends));
	sprintf(name, "/dev/fd/%d", ends[1]);
	IS(write(open(name, O_WRONLY), "x", 1), 1);
	IS(read(ends[0], &byte, 1), 1);
	DO(dup2(ends[0], 0));
	IS(write(ends[1], "y", 1), 1);
	IS(read(open("/dev/stdin", O_RDONLY), &byte, 1), 1);
	IS(byte, 'y');
}

TEST(shared_memory_folder)
{
	struct stat about;
	int file = shm_open("/check-proc", O_RDWR | O_CREAT, 0600);

	CHECK(file >= 0);
	DO(stat("/dev/shm/check-proc", &about));
	DO(ftruncate(file, 4096));
	CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) !=
	      MAP_FAILED);
	DO(shm_unlink("/check-proc"));
}

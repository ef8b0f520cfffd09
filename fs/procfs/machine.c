/* The machine as a whole: memory, time, load, names. */
#include "files.h"
#include "text.h"

#define LOAD_ONE 2048u
#define NAME	 80u

/* The core's settings by number (gates/inspect.gate). */
enum setting { HOST = 1, DOMAIN, SYSTEM, RELEASE, VERSION };

static void put_setting(u32 which)
{
	char text[NAME];
	i32 n = inspect_setting(which, text, NAME);

	if (n > 0)
		put_bytes(text, (u32)n);
}

static i32 setting_make(u32 which)
{
	put_setting(which);
	put("\n");
	return 0;
}

i32 hostname_make(struct who w)
{
	(void)w;
	return setting_make(HOST);
}

i32 domainname_make(struct who w)
{
	(void)w;
	return setting_make(DOMAIN);
}

i32 ostype_make(struct who w)
{
	(void)w;
	return setting_make(SYSTEM);
}

i32 osrelease_make(struct who w)
{
	(void)w;
	return setting_make(RELEASE);
}

i32 osversion_make(struct who w)
{
	(void)w;
	return setting_make(VERSION);
}

i32 hostname_take(struct who w, const char *text, u32 size)
{
	(void)w;
	return inspect_set(HOST, text, size);
}

i32 domainname_take(struct who w, const char *text, u32 size)
{
	(void)w;
	return inspect_set(DOMAIN, text, size);
}

i32 version_make(struct who w)
{
	(void)w;
	put_setting(SYSTEM);
	put(" version ");
	put_setting(RELEASE);
	put(" (root@bulkhead) (gcc) ");
	put_setting(VERSION);
	put("\n");
	return 0;
}

i32 cmdline_make(struct who w)
{
	char text[512];
	i32 n = inspect_command_line(text, sizeof text);

	(void)w;
	if (n < 0)
		return n;
	put_bytes(text, (u32)n);
	put("\n");
	return 0;
}

/* ---- random numbers as UUIDs ---- */

static void put_uuid(u8 bytes[16])
{
	bytes[6] = (u8)((bytes[6] & 0x0F) | 0x40); /* version 4 */
	bytes[8] = (u8)((bytes[8] & 0x3F) | 0x80);
	for (u32 i = 0; i < 16; i++)
		print(i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
		      (u32)bytes[i]);
	put("\n");
}

i32 uuid_make(struct who w)
{
	u8 bytes[16];
	i32 n = inspect_random(bytes, sizeof bytes);

	(void)w;
	if (n >= 0)
		put_uuid(bytes);
	return n < 0 ? n : 0;
}

/* One for each time that the system runs. */
i32 boot_id_make(struct who w)
{
	static u8 id[16];
	static bool known;

	(void)w;
	if (!known)
		known = inspect_random(id, sizeof id) >= 0;
	put_uuid(id);
	return 0;
}

/* ---- time and load ---- */

i32 uptime_make(struct who w)
{
	struct inspect_machine m;
	i32 error = inspect_machine(&m);

	(void)w;
	if (error < 0)
		return error;
	print("%u.%02u %u.%02u\n", m.uptime, m.uptime_hundredths, m.idle,
	      m.idle_hundredths);
	return 0;
}

i32 loadavg_make(struct who w)
{
	struct inspect_machine m;
	i32 error = inspect_machine(&m);

	(void)w;
	if (error < 0)
		return error;
	for (u32 i = 0; i < 3; i++) {
		u32 load = m.load[i] + LOAD_ONE / 200; /* rounded */

		print("%u.%02u ", load / LOAD_ONE,
		      load % LOAD_ONE * 100 / LOAD_ONE);
	}
	print("%u/%u %u\n", m.running, m.threads, m.last_pid);
	return 0;
}

/* ---- memory ---- */

/*
 * All cached pages are files in memory, which are nowhere else: they count as
 * cached and as shared memory, as tmpfs does on Linux, and cannot be had.
 */
i32 meminfo_make(struct who w)
{
	struct inspect_machine m;
	i32 error = inspect_machine(&m);

	(void)w;
	if (error < 0)
		return error;
	put_pages("MemTotal:", m.frames);
	put_pages("MemFree:", m.frames_free);
	put_pages("MemAvailable:", m.frames_free);
	put_pages("Buffers:", 0);
	put_pages("Cached:", m.frames_cache);
	put_pages("SwapCached:", 0);
	put_pages("Active:", m.frames_spaces + m.frames_cache);
	put_pages("Inactive:", 0);
	put_pages("SwapTotal:", 0);
	put_pages("SwapFree:", 0);
	put_pages("Dirty:", 0);
	put_pages("Writeback:", 0);
	put_pages("AnonPages:",
		  m.frames_spaces - min(m.frames_spaces, m.frames_tables));
	put_pages("Shmem:", m.frames_cache);
	put_pages("KReclaimable:", 0);
	put_pages("Slab:", m.frames_heap);
	put_pages("SReclaimable:", 0);
	put_pages("SUnreclaim:", m.frames_heap);
	print("KernelStack:    %8u kB\n", m.kernel_stacks);
	put_pages("PageTables:", m.frames_tables);
	put_pages("CommitLimit:", m.frames);
	return 0;
}

i32 vmstat_make(struct who w)
{
	struct inspect_machine m;
	i32 error = inspect_machine(&m);

	(void)w;
	if (error < 0)
		return error;
	print("nr_free_pages %u\n", m.frames_free);
	print("nr_anon_pages %u\n",
	      m.frames_spaces - min(m.frames_spaces, m.frames_tables));
	print("nr_file_pages %u\nnr_shmem %u\n", m.frames_cache,
	      m.frames_cache);
	print("nr_page_table_pages %u\n", m.frames_tables);
	print("nr_kernel_stack %u\n", m.kernel_stacks);
	put("nr_dirty 0\nnr_writeback 0\npgpgin 0\npgpgout 0\n");
	put("pswpin 0\npswpout 0\n");
	return 0;
}

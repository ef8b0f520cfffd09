/*
 * Calls about the machine as a whole: its names, its memory and load, its log,
 * and turning it off.
 */
#include "kernel/process/system.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/process/task.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/vfs/terminal.h"
#include "kernel/wide.h"

static struct spinlock names_lock = SPINLOCK("system names");
static char names[2][SYSTEM_NAME] = { "bulkhead", "(none)" };

void system_name_get(enum system_name which, char *to)
{
	spin_lock(&names_lock);
	memory_copy(to, names[which], SYSTEM_NAME);
	spin_unlock(&names_lock);
}

i32 system_name_set(enum system_name which, const char *name, u32 size)
{
	if (size >= SYSTEM_NAME)
		return -EINVAL;
	spin_lock(&names_lock);
	memory_fill(names[which], 0, SYSTEM_NAME);
	memory_copy(names[which], name, size);
	spin_unlock(&names_lock);
	return 0;
}

/* struct utsname's six texts. */
i32 call_uname(u32 to);
i32 call_uname(u32 to)
{
	char *text = heap_take_now(6 * SYSTEM_NAME);
	i32 r;

	if (!text)
		return -ENOMEM;
	text_copy(text, SYSTEM_NAME, SYSTEM_SYSNAME);
	system_name_get(SYSTEM_HOST, text + SYSTEM_NAME);
	text_copy(text + 2 * SYSTEM_NAME, SYSTEM_NAME, SYSTEM_RELEASE);
	text_copy(text + 3 * SYSTEM_NAME, SYSTEM_NAME, SYSTEM_VERSION);
	text_copy(text + 4 * SYSTEM_NAME, SYSTEM_NAME, SYSTEM_MACHINE);
	system_name_get(SYSTEM_DOMAIN, text + 5 * SYSTEM_NAME);
	r = user_write(to, text, 6 * SYSTEM_NAME);
	heap_give(text);
	return r;
}

static i32 name_set_user(enum system_name which, u32 user, u32 size)
{
	char name[SYSTEM_NAME];

	if (!process_privileged())
		return -EPERM;
	if (size >= SYSTEM_NAME)
		return -EINVAL;
	if (user_read(name, user, size) < 0)
		return -EFAULT;
	return system_name_set(which, name, size);
}

i32 call_sethostname(u32 user, u32 size);
i32 call_sethostname(u32 user, u32 size)
{
	return name_set_user(SYSTEM_HOST, user, size);
}

i32 call_setdomainname(u32 user, u32 size);
i32 call_setdomainname(u32 user, u32 size)
{
	return name_set_user(SYSTEM_DOMAIN, user, size);
}

/* ---- memory and load ---- */

struct sysinfo {
	u32 uptime, loads[3];
	u32 memory, memory_free, shared, buffers, swap, swap_free;
	u16 tasks, padding;
	u32 high, high_free, unit;
	u8 rest[8];
};

i32 call_sysinfo(u32 to);
i32 call_sysinfo(u32 to)
{
	struct sysinfo info = { .unit = 1 };
	u32 rest;

	info.uptime = (u32)wide_divide(tsc_now(), 1000000000, &rest);
	load_get(info.loads);
	for (u32 i = 0; i < 3; i++)
		info.loads[i] <<= 5; /* 1/65536s */
	info.memory = frame_total() * PAGE;
	info.memory_free = frame_free_count() * PAGE;
	info.shared = cache_frames() * PAGE; /* as tmpfs on Linux */
	info.tasks = (u16)process_count.tasks;
	return user_write(to, &info, sizeof(info));
}

/* ---- the log ---- */

enum syslog {
	LOG_CLOSE = 0,
	LOG_OPEN = 1,
	LOG_READ_ALL = 3,
	LOG_READ_CLEAR = 4,
	LOG_CLEAR = 5,
	LOG_CONSOLE_OFF = 6,
	LOG_CONSOLE_ON = 7,
	LOG_CONSOLE_LEVEL = 8,
	LOG_UNREAD = 9,
	LOG_SIZE = 10,
};

#define LOG_BYTES (16u << 10)
#define LOG_CHUNK 256u

static u32 log_cleared; /* position up to which it was cleared */

/* The last `size` bytes of the log. Text from the console's marks is kept. */
static i32 log_read(u32 user, u32 size)
{
	char chunk[LOG_CHUNK];
	u32 end = print_end(), at = log_cleared, done = 0;

	if ((i32)size < 0)
		return -EINVAL;
	if (end - at > size)
		at = end - size;
	while (done < size && at != end) {
		u32 n = print_read(&at, chunk, min(LOG_CHUNK, size - done));
		u32 kept = 0;

		if (!n)
			break;
		for (u32 i = 0; i < n; i++)
			if (chunk[i] != PRINT_SHOWN && chunk[i] != PRINT_NEW)
				chunk[kept++] = chunk[i];
		if (user_write(user + done, chunk, kept) < 0)
			return -EFAULT;
		done += kept;
	}
	return (i32)done;
}

i32 call_syslog(u32 what, u32 user, u32 size);
i32 call_syslog(u32 what, u32 user, u32 size)
{
	i32 r = 0;

	switch (what) {
	case LOG_CLOSE:
	case LOG_OPEN:
		return 0;
	case LOG_READ_ALL:
		return log_read(user, size);
	case LOG_UNREAD:
		return 0;
	case LOG_SIZE:
		return LOG_BYTES;
	}
	if (!process_privileged())
		return -EPERM;
	switch (what) {
	case LOG_READ_CLEAR:
		r = log_read(user, size);
		log_cleared = print_end();
		return r;
	case LOG_CLEAR:
		log_cleared = print_end();
		return 0;
	case LOG_CONSOLE_OFF:
	case LOG_CONSOLE_ON:
	case LOG_CONSOLE_LEVEL:
		return 0; /* nothing is shown but what broke */
	default:
		return -EINVAL;
	}
}

/* ---- turning it off ---- */

#define MAGIC_1 0xFEE1DEADu

enum {
	REBOOT_RESTART = 0x01234567,
	REBOOT_POWER_OFF = 0x4321FEDC,
};
#define REBOOT_HALT	0xCDEF0123u
#define REBOOT_RESTART2 0xA1B2C3D4u
#define REBOOT_KEYS_ON	0x89ABCDEFu
#define REBOOT_KEYS_OFF 0u

static int is_magic_2(u32 word)
{
	return word == 672274793 || word == 85072278 || word == 369367448 ||
	       word == 537993216;
}

/* Halting turns the machine off as well: there is nothing to look at. */
i32 call_reboot(u32 magic, u32 magic_2, u32 what, u32 argument);
i32 call_reboot(u32 magic, u32 magic_2, u32 what, u32 argument)
{
	(void)argument;
	if (!process_privileged())
		return -EPERM;
	if (magic != MAGIC_1 || !is_magic_2(magic_2))
		return -EINVAL;
	switch (what) {
	case REBOOT_KEYS_ON:
	case REBOOT_KEYS_OFF:
		return 0;
	case REBOOT_RESTART:
	case REBOOT_RESTART2:
		terminal_settle();
		power_stop(POWER_REBOOT);
	case REBOOT_HALT:
	case REBOOT_POWER_OFF:
		terminal_settle();
		power_stop(POWER_OFF);
	default:
		return -EINVAL;
	}
}

/* Names of Linux' numbers. */
#include "kernel/linux/names.h"

#include "kernel/memory.h"
#include "kernel/print.h"

static const struct {
	u8 number;
	const char *name;
} errnos[] = {
	{ 1, "EPERM (Operation not permitted)" },
	{ 2, "ENOENT (No such file or directory)" },
	{ 3, "ESRCH (No such process)" },
	{ 4, "EINTR (Interrupted system call)" },
	{ 5, "EIO (Input/output error)" },
	{ 6, "ENXIO (No such device or address)" },
	{ 7, "E2BIG (Argument list too long)" },
	{ 8, "ENOEXEC (Exec format error)" },
	{ 9, "EBADF (Bad file descriptor)" },
	{ 10, "ECHILD (No child processes)" },
	{ 11, "EAGAIN (Resource temporarily unavailable)" },
	{ 12, "ENOMEM (Cannot allocate memory)" },
	{ 13, "EACCES (Permission denied)" },
	{ 14, "EFAULT (Bad address)" },
	{ 16, "EBUSY (Device or resource busy)" },
	{ 17, "EEXIST (File exists)" },
	{ 18, "EXDEV (Invalid cross-device link)" },
	{ 19, "ENODEV (No such device)" },
	{ 20, "ENOTDIR (Not a directory)" },
	{ 21, "EISDIR (Is a directory)" },
	{ 22, "EINVAL (Invalid argument)" },
	{ 23, "ENFILE (Too many open files in system)" },
	{ 24, "EMFILE (Too many open files)" },
	{ 25, "ENOTTY (Inappropriate ioctl for device)" },
	{ 26, "ETXTBSY (Text file busy)" },
	{ 27, "EFBIG (File too large)" },
	{ 28, "ENOSPC (No space left on device)" },
	{ 29, "ESPIPE (Illegal seek)" },
	{ 30, "EROFS (Read-only file system)" },
	{ 31, "EMLINK (Too many links)" },
	{ 32, "EPIPE (Broken pipe)" },
	{ 34, "ERANGE (Numerical result out of range)" },
	{ 35, "EDEADLK (Resource deadlock avoided)" },
	{ 36, "ENAMETOOLONG (File name too long)" },
	{ 38, "ENOSYS (Function not implemented)" },
	{ 39, "ENOTEMPTY (Directory not empty)" },
	{ 40, "ELOOP (Too many levels of symbolic links)" },
	{ 61, "ENODATA (No data available)" },
	{ 75, "EOVERFLOW (Value too large for defined data type)" },
	{ 88, "ENOTSOCK (Socket operation on non-socket)" },
	{ 92, "ENOPROTOOPT (Protocol not available)" },
	{ 95, "EOPNOTSUPP (Operation not supported)" },
	{ 97, "EAFNOSUPPORT (Address family not supported by protocol)" },
	{ 98, "EADDRINUSE (Address already in use)" },
	{ 104, "ECONNRESET (Connection reset by peer)" },
	{ 106, "EISCONN (Transport endpoint is already connected)" },
	{ 107, "ENOTCONN (Transport endpoint is not connected)" },
	{ 110, "ETIMEDOUT (Connection timed out)" },
	{ 111, "ECONNREFUSED (Connection refused)" },
	{ 115, "EINPROGRESS (Operation now in progress)" },
};

const char *names_errno(i32 number)
{
	for (u32 i = 0; i < sizeof(errnos) / sizeof(*errnos); i++)
		if (errnos[i].number == number)
			return errnos[i].name;
	return 0;
}

static const char *const signals[] = {
	[1] = "SIGHUP",	    [2] = "SIGINT",   [3] = "SIGQUIT",
	[4] = "SIGILL",	    [5] = "SIGTRAP",  [6] = "SIGABRT",
	[7] = "SIGBUS",	    [8] = "SIGFPE",   [9] = "SIGKILL",
	[10] = "SIGUSR1",   [11] = "SIGSEGV", [12] = "SIGUSR2",
	[13] = "SIGPIPE",   [14] = "SIGALRM", [15] = "SIGTERM",
	[16] = "SIGSTKFLT", [17] = "SIGCHLD", [18] = "SIGCONT",
	[19] = "SIGSTOP",   [20] = "SIGTSTP", [21] = "SIGTTIN",
	[22] = "SIGTTOU",   [23] = "SIGURG",  [24] = "SIGXCPU",
	[25] = "SIGXFSZ",   [26] = "SIGVTALRM", [27] = "SIGPROF",
	[28] = "SIGWINCH",  [29] = "SIGIO",   [30] = "SIGPWR",
	[31] = "SIGSYS",
};

const char *names_signal(u32 number)
{
	if (number < sizeof(signals) / sizeof(*signals) && signals[number])
		return signals[number];
	return number >= 32 && number <= 64 ? "SIGRT" : "?";
}

struct flag {
	u32 bits;
	const char *name;
};

static const struct flag open_flags[] = {
	{ 0100, "O_CREAT" },	  { 0200, "O_EXCL" },
	{ 0400, "O_NOCTTY" },	  { 01000, "O_TRUNC" },
	{ 02000, "O_APPEND" },	  { 04000, "O_NONBLOCK" },
	{ 010000, "O_DSYNC" },	  { 020000, "O_ASYNC" },
	{ 040000, "O_DIRECT" },	  { 0100000, "O_LARGEFILE" },
	{ 0200000, "O_DIRECTORY" }, { 0400000, "O_NOFOLLOW" },
	{ 01000000, "O_NOATIME" }, { 02000000, "O_CLOEXEC" },
	{ 010000000, "O_PATH" },  { 0, 0 },
};

static const struct flag protections[] = {
	{ 1, "PROT_READ" },
	{ 2, "PROT_WRITE" },
	{ 4, "PROT_EXEC" },
	{ 0, 0 },
};

static const struct flag map_flags[] = {
	{ 1, "MAP_SHARED" },	   { 2, "MAP_PRIVATE" },
	{ 0x10, "MAP_FIXED" },	   { 0x20, "MAP_ANONYMOUS" },
	{ 0x100, "MAP_GROWSDOWN" }, { 0x800, "MAP_DENYWRITE" },
	{ 0x4000, "MAP_NORESERVE" }, { 0x8000, "MAP_POPULATE" },
	{ 0x20000, "MAP_STACK" },  { 0x100000, "MAP_FIXED_NOREPLACE" },
	{ 0, 0 },
};

static void append(char *text, u32 room, const char *more)
{
	u32 used = text_length(text);

	text_copy(text + used, room - used, more);
}

static void flags_write(const struct flag *flags, u32 word, const char *first,
			const char *none, char *text, u32 room)
{
	char rest[16];

	text_copy(text, room, first);
	for (; flags->name; flags++)
		if (word & flags->bits) {
			append(text, room, *text ? "|" : "");
			append(text, room, flags->name);
			word &= ~flags->bits;
		}
	if (word) {
		print_to(rest, sizeof(rest), *text ? "|0x%x" : "0x%x", word);
		append(text, room, rest);
	}
	if (!*text)
		append(text, room, none);
}

int names_of_flags(char letter, u32 word, char *text, u32 room)
{
	static const char *const ways[] = { "O_RDONLY", "O_WRONLY", "O_RDWR",
					    "O_ACCMODE" };

	switch (letter) {
	case 'O':
		flags_write(open_flags, word & ~3u, ways[word & 3], "", text,
			    room);
		return 1;
	case 'M':
		flags_write(protections, word, "", "PROT_NONE", text, room);
		return 1;
	case 'F':
		flags_write(map_flags, word, "", "0", text, room);
		return 1;
	case 'g':
		text_copy(text, room, names_signal(word));
		return 1;
	default:
		return 0;
	}
}

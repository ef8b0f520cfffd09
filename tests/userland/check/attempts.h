/*
 * What tests/userland/programs/hostile tries: calls, their arguments, and
 * which of them is the bad pointer. Words from P on stand for what the
 * program puts there. Included there once.
 */
#ifndef USERLAND_ATTEMPTS_H
#define USERLAND_ATTEMPTS_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

enum {
	P = 0x5eed0000, /* the bad pointer */
	GOOD, /* memory full of the number 4 */
	NAME, /* a file's */
	LINK, /* a symbolic link's */
	MAPPED, /* a page */
	FILE_, /* descriptors: a file, */
	FOLDER,
	PIPE, /* a pipe's end, with bytes to read, */
	INTO, /* the other end, */
	SOCKET,
	SET, /* an epoll set, */
	WAKEFUL, /* and one with an event */
	WORDS_END
};

struct attempt {
	const char *name;
	int number;
	uint32_t words[6];
	int writes; /* the call writes into what P names */
};

static const struct attempt attempts[] = {
	{ "read", SYS_read, { FILE_, P, 8 }, 1 },
	{ "read-pipe", SYS_read, { PIPE, P, 8 }, 1 },
	{ "write", SYS_write, { FILE_, P, 8 }, 0 },
	{ "write-pipe", SYS_write, { INTO, P, 8 }, 0 },
	{ "pread64", SYS_pread64, { FILE_, P, 8, 0, 0 }, 1 },
	{ "pwrite64", SYS_pwrite64, { FILE_, P, 8, 0, 0 }, 0 },
	{ "readv", SYS_readv, { FILE_, P, 1 }, 0 },
	{ "writev", SYS_writev, { FILE_, P, 1 }, 0 },
	{ "open", SYS_open, { P, O_RDONLY, 0 }, 0 },
	{ "openat", SYS_openat, { FOLDER, P, O_RDONLY, 0 }, 0 },
	{ "creat", SYS_creat, { P, 0644 }, 0 },
	{ "link", SYS_link, { NAME, P }, 0 },
	{ "link-from", SYS_link, { P, NAME }, 0 },
	{ "unlink", SYS_unlink, { P }, 0 },
	{ "rename", SYS_rename, { NAME, P }, 0 },
	{ "rename-from", SYS_rename, { P, NAME }, 0 },
	{ "mkdir", SYS_mkdir, { P, 0755 }, 0 },
	{ "rmdir", SYS_rmdir, { P }, 0 },
	{ "symlink", SYS_symlink, { NAME, P }, 0 },
	{ "symlink-from", SYS_symlink, { P, NAME }, 0 },
	{ "readlink", SYS_readlink, { P, GOOD, 8 }, 0 },
	{ "readlink-into", SYS_readlinkat, { FOLDER, LINK, P, 8 }, 1 },
	{ "chdir", SYS_chdir, { P }, 0 },
	{ "chroot", SYS_chroot, { P }, 0 },
	{ "chmod", SYS_chmod, { P, 0644 }, 0 },
	{ "chown32", SYS_chown32, { P, 0, 0 }, 0 },
	{ "lchown32", SYS_lchown32, { P, 0, 0 }, 0 },
	{ "access", SYS_access, { P, 0 }, 0 },
	{ "mknod", SYS_mknod, { P, 0100644, 0 }, 0 },
	{ "truncate64", SYS_truncate64, { P, 0, 0 }, 0 },
	{ "utimensat", SYS_utimensat, { FOLDER, P, GOOD, 0 }, 0 },
	{ "utimensat-times", SYS_utimensat, { FOLDER, NAME, P, 0 }, 0 },
	{ "stat64", SYS_stat64, { NAME, P }, 1 },
	{ "stat64-name", SYS_stat64, { P, GOOD }, 0 },
	{ "lstat64", SYS_lstat64, { NAME, P }, 1 },
	{ "fstat64", SYS_fstat64, { FILE_, P }, 1 },
	{ "statx", SYS_statx, { FOLDER, NAME, 0, 0x7ff, P }, 1 },
	{ "statx-name", SYS_statx, { FOLDER, P, 0, 0x7ff, GOOD }, 0 },
	{ "statfs64", SYS_statfs64, { NAME, 84, P }, 1 },
	{ "fstatfs64", SYS_fstatfs64, { FILE_, 84, P }, 1 },
	{ "getdents64", SYS_getdents64, { FOLDER, P, 4096 }, 1 },
	{ "_llseek", SYS__llseek, { FILE_, 0, 0, P, 0 }, 1 },
	{ "getcwd", SYS_getcwd, { P, 4096 }, 1 },
	{ "pipe", SYS_pipe, { P }, 1 },
	{ "pipe2", SYS_pipe2, { P, 0 }, 1 },
	{ "fcntl64-lock", SYS_fcntl64, { FILE_, 12, P }, 1 },
	{ "fcntl64-set", SYS_fcntl64, { FILE_, 13, P }, 0 },
	{ "ioctl-count", SYS_ioctl, { PIPE, 0x541b, P }, 1 },
	{ "poll", SYS_poll, { P, 1, 0 }, 0 },
	{ "ppoll-time", SYS_ppoll, { GOOD, 0, P, 0, 8 }, 0 },
	{ "_newselect", SYS__newselect, { 8, P, 0, 0, GOOD }, 0 },
	{ "_newselect-time", SYS__newselect, { 8, 0, 0, 0, P }, 0 },
	{ "epoll_ctl", SYS_epoll_ctl, { SET, EPOLL_CTL_ADD, PIPE, P }, 0 },
	{ "epoll_wait", SYS_epoll_wait, { WAKEFUL, P, 1, 0 }, 1 },
	{ "sendfile64", SYS_sendfile64, { INTO, FILE_, P, 1 }, 0 },
	{ "execve", SYS_execve, { P, GOOD, GOOD }, 0 },
	{ "times", SYS_times, { P }, 1 },
	{ "time", SYS_time, { P }, 1 },
	{ "gettimeofday", SYS_gettimeofday, { P, 0 }, 1 },
	{ "clock_gettime", SYS_clock_gettime, { 1, P }, 1 },
	{ "clock_gettime64", SYS_clock_gettime64, { 1, P }, 1 },
	{ "clock_getres", SYS_clock_getres, { 1, P }, 1 },
	{ "nanosleep", SYS_nanosleep, { P, 0 }, 0 },
	{ "clock_nanosleep", SYS_clock_nanosleep, { 1, 0, P, 0 }, 0 },
	{ "getitimer", SYS_getitimer, { 0, P }, 1 },
	{ "setitimer", SYS_setitimer, { 0, P, 0 }, 0 },
	{ "timer_create", SYS_timer_create, { 1, P, GOOD }, 0 },
	{ "getrusage", SYS_getrusage, { 0, P }, 1 },
	{ "ugetrlimit", SYS_ugetrlimit, { 3, P }, 1 },
	{ "setrlimit", SYS_setrlimit, { 3, P }, 0 },
	{ "prlimit64", SYS_prlimit64, { 0, 3, 0, P }, 1 },
	{ "prlimit64-set", SYS_prlimit64, { 0, 3, P, 0 }, 0 },
	{ "uname", SYS_uname, { P }, 1 },
	{ "sysinfo", SYS_sysinfo, { P }, 1 },
	{ "getgroups32", SYS_getgroups32, { 32, P }, 1 },
	{ "setgroups32", SYS_setgroups32, { 3, P }, 0 },
	{ "getresuid32", SYS_getresuid32, { P, GOOD, GOOD }, 1 },
	{ "getresgid32", SYS_getresgid32, { GOOD, GOOD, P }, 1 },
	{ "rt_sigaction", SYS_rt_sigaction, { 10, P, 0, 8 }, 0 },
	{ "rt_sigaction-old", SYS_rt_sigaction, { 10, 0, P, 8 }, 1 },
	{ "rt_sigprocmask", SYS_rt_sigprocmask, { 0, P, 0, 8 }, 0 },
	{ "rt_sigprocmask-old", SYS_rt_sigprocmask, { 0, 0, P, 8 }, 1 },
	{ "rt_sigpending", SYS_rt_sigpending, { P, 8 }, 1 },
	{ "rt_sigsuspend", SYS_rt_sigsuspend, { P, 8 }, 0 },
	{ "rt_sigtimedwait", SYS_rt_sigtimedwait, { P, 0, 0, 8 }, 0 },
	{ "rt_sigqueueinfo", SYS_rt_sigqueueinfo, { 0, 10, P }, 0 },
	{ "sigaltstack", SYS_sigaltstack, { P, 0 }, 0 },
	{ "sigaltstack-old", SYS_sigaltstack, { 0, P }, 1 },
	{ "futex-wait", SYS_futex, { P, 0, 0, 0, 0, 0 }, 0 },
	{ "futex-time", SYS_futex, { GOOD, 0, 0, P, 0, 0 }, 0 },
	{ "set_thread_area", SYS_set_thread_area, { P }, 0 },
	{ "getrandom", SYS_getrandom, { P, 8, 0 }, 1 },
	{ "getcpu", SYS_getcpu, { P, 0, 0 }, 1 },
	{ "sched_getaffinity", SYS_sched_getaffinity, { 0, 64, P }, 1 },
	{ "sched_getparam", SYS_sched_getparam, { 0, P }, 1 },
	{ "capget", SYS_capget, { P, GOOD }, 0 },
	{ "mincore", SYS_mincore, { MAPPED, 4096, P }, 1 },
	{ "socketcall", SYS_socketcall, { 1, P }, 0 },
	{ "bind", SYS_bind, { SOCKET, P, 10 }, 0 },
	{ "connect", SYS_connect, { SOCKET, P, 10 }, 0 },
	{ "sendto", SYS_sendto, { SOCKET, P, 8, 0, 0, 0 }, 0 },
	{ "sendmsg", SYS_sendmsg, { SOCKET, P, 0 }, 0 },
	{ "getsockname", SYS_getsockname, { SOCKET, GOOD, P }, 1 },
	{ "getsockopt", SYS_getsockopt, { SOCKET, 1, 3, P, GOOD }, 1 },
	{ "setsockopt", SYS_setsockopt, { SOCKET, 1, 2, P, 4 }, 0 },
	{ "socketpair", SYS_socketpair, { 1, 1, 0, P }, 1 },
};

#endif

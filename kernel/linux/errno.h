/*
 * Linux' error numbers, as system calls answer them (negated). Inside the
 * system, gates answer with E_ names (gates/abi.h); errno_of turns one into
 * the other at the boundary.
 */
#ifndef KERNEL_LINUX_ERRNO_H
#define KERNEL_LINUX_ERRNO_H

#include "gates/abi.h"

enum errno {
	EPERM = 1,
	ENOENT = 2,
	ESRCH = 3,
	EINTR = 4,
	EIO = 5,
	ENXIO = 6,
	E2BIG = 7,
	ENOEXEC = 8,
	EBADF = 9,
	ECHILD = 10,
	EAGAIN = 11,
	ENOMEM = 12,
	EACCES = 13,
	EFAULT = 14,
	ENOTBLK = 15,
	EBUSY = 16,
	EEXIST = 17,
	EXDEV = 18,
	ENODEV = 19,
	ENOTDIR = 20,
	EISDIR = 21,
	EINVAL = 22,
	ENFILE = 23,
	EMFILE = 24,
	ENOTTY = 25,
	ETXTBSY = 26,
	EFBIG = 27,
	ENOSPC = 28,
	ESPIPE = 29,
	EROFS = 30,
	EMLINK = 31,
	EPIPE = 32,
	EDOM = 33,
	ERANGE = 34,
	EDEADLK = 35,
	ENAMETOOLONG = 36,
	ENOLCK = 37,
	ENOSYS = 38,
	ENOTEMPTY = 39,
	ELOOP = 40,
	ENODATA = 61,
	ETIME = 62,
	EOVERFLOW = 75,
	ENOTSOCK = 88,
	EDESTADDRREQ = 89,
	EMSGSIZE = 90,
	EPROTOTYPE = 91,
	ENOPROTOOPT = 92,
	EPROTONOSUPPORT = 93,
	ESOCKTNOSUPPORT = 94,
	EOPNOTSUPP = 95,
	EAFNOSUPPORT = 97,
	EADDRINUSE = 98,
	EADDRNOTAVAIL = 99,
	ENETUNREACH = 101,
	ECONNABORTED = 103,
	ECONNRESET = 104,
	ENOBUFS = 105,
	EISCONN = 106,
	ENOTCONN = 107,
	ETIMEDOUT = 110,
	ECONNREFUSED = 111,
	EALREADY = 114,
	EINPROGRESS = 115,
	ECANCELED = 125,

	/* never seen by programs: what a call broken off by a signal answers */
	ERESTARTSYS = 512, /* again if the handler has SA_RESTART, else EINTR */
	ERESTARTNOINTR = 513, /* again in any case */
	ERESTARTNOHAND = 514, /* again only if there is no handler */
	ERESTART_BLOCK = 516, /* restart_syscall goes on; EINTR with a handler */
};

/* A gate's answer (a count, 0 or -E_NAME) as a system call's. */
i32 errno_of(i32 answer);

#endif

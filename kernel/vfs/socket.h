/*
 * Sockets as files: clients of the `socket` gate. For kernel/vfs/socket*.c
 * alone. A socket's number is its domain's; a file has one.
 */
#ifndef KERNEL_VFS_SOCKET_H
#define KERNEL_VFS_SOCKET_H

#include "kernel/linux/errno.h"
#include "kernel/kept.h"
#include "kernel/vfs/file.h"
#include "kernel/vfs/lent.h"

#define AF_LOCAL  1u
#define SOCKETS	  512u
#define SOCKET_KEY  8u /* bytes in front of a name: mount and inode */
#define SOCKET_NAME 116u

enum socket_kind { SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_SEQPACKET = 5 };

#define OPTION_PEER 7u /* of the gate's `get` */

enum message_flag {
	MSG_PEEK = 2, MSG_CTRUNC = 8, MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40,
	MSG_EOR = 0x80, MSG_WAITALL = 0x100, MSG_NOSIGNAL = 0x4000,
	MSG_CMSG_CLOEXEC = 0x40000000,
};

struct socket {
	struct notifier notifier;
	u32 news; /* notices so far; scheduler's lock */
	u32 number;
	u8 kind;
	u8 pass_credentials; /* SO_PASSCRED */
	u8 sends_no_more, receives_no_more;
	struct place bound; /* the file it is bound to, if any */
	u32 receive_timeout, send_timeout; /* ms; 0: none */
};

/* The current process, as the sender of something. */
struct socket_peer socket_myself(void);

extern struct import sockets;
extern const struct file_kind socket_kind;

/* Ask the sockets' domain once: its answer, which outlives it. */
#define SOCKET_ONCE(call) \
	({ \
		kept_forget(); \
		kept_answer(sockets.domain, (call)); \
	})

/* Again and again while it is being restarted: what it did, it answered. */
#define SOCKET_ASK(call) \
	({ \
		i32 socket_answer; \
		do \
			socket_answer = SOCKET_ONCE(call); \
		while (socket_answer == -E_GONE && \
		       import_revive(&sockets) == 0); \
		socket_answer; \
	})

/* The gate's answers as sockets' errno. */
i32 socket_errno(i32 answer);

/* The same where there is nothing to answer but 0. */
static inline i32 socket_status(i32 answer)
{
	return socket_errno(answer_status(answer));
}

/*
 * Send or receive once (enum access: what is done to t's memory): as lent_ask.
 * `call` asks by SOCKET_ONCE. If the domain is off, -ECONNRESET.
 */
i32 socket_move(struct transfer *t, u32 access, lent_call *call,
		const void *argument);

/* What receiving says of files that came along and must be claimed first. */
#define FILES_CAME (-EISCONN)

/* A descriptor's socket, the file counted; NULL with *error (EBADF, ENOTSOCK)*/
struct file *socket_get(u32 descriptor, i32 *error);
static inline struct socket *socket_of(const struct file *f)
{
	return f->data;
}

/* A file for a number that the domain gave; NULL without memory (closed). */
struct file *socket_file(u32 number, u32 kind, u32 flags);

/* Sleep until news after `seen`: 0, -EAGAIN when time is up, -ERESTARTSYS. */
i32 socket_wait(struct socket *s, u32 seen, u64 deadline);
u64 socket_deadline(u32 milliseconds);

/* Who sends, and a token of what files go along (0: none). */
struct sending {
	struct socket_peer who;
	u32 rights;
};

/* One record has at most so many bytes. */
#define MOST 0x100000u

/* Move bytes; flags are MSG_'s. */
i32 socket_send(struct file *f, struct transfer *t, u32 flags,
		const struct sending *how);
i32 socket_receive(struct file *f, struct transfer *t, u32 flags,
		   struct socket_message *m);

/* Bytes of a user's address as the gate has names; or -errno. With `make` a
 * file is made for it. */
i32 socket_name_read(struct socket *s, u32 user, u32 size, int make, u8 *name);

/* A name as a program's sockaddr_un, with its length. */
i32 socket_name_write(const u8 *name, i32 size, u32 user, u32 user_size);

/* ---- files that travel: socket_rights.c ---- */

/* Control messages: SCM_RIGHTS' files become a token, SCM_CREDENTIALS says who
 * sends, if the caller may say that. 0 or -errno. */
i32 rights_take(u32 user_control, u32 size, struct sending *how);

/*
 * Write control messages: the files of a token (0: none) as new descriptors,
 * and if asked the sender. Returns bytes written; *flags gets MSG_CTRUNC.
 */
i32 rights_give(const struct socket_message *m, int credentials, u32 user,
		u32 room, u32 message_flags, u32 *flags);
void rights_drop(u32 token);

/* From here on the domain has it. A token that is not there any more, or 0, is
 * no mistake. */
void rights_send(u32 token);

/* Whoever receives has it again: 1; 0 if there is no such thing (any more); or
 * -EAGAIN, another one is receiving it. */
i32 rights_claim(u32 token);

/* It will not arrive: the next sweep drops it. Spinlocks at most. */
void rights_lost(u32 token);

/* Drop what will not arrive: its socket ended. */
void rights_sweep(void);

#endif

/*
 * Address spaces of processes: a page directory, and areas that say what lies
 * where. Pages come when they are touched. Shared by tasks that were cloned
 * with CLONE_VM; freed when the last lets go and no CPU has it loaded.
 */
#ifndef KERNEL_SPACE_SPACE_H
#define KERNEL_SPACE_SPACE_H

#include "kernel/list.h"
#include "kernel/mutex.h"
#include "kernel/page.h"

/* The first address that is no process's. */
#define USER_END   (FLAT_BUILD ? LINEAR_WINDOWS : LINEAR_CORE)
#define USER_LEAST 0x00010000u /* nothing is mapped below */

struct inode;
struct file;

enum area_flag {
	AREA_READ = 1,
	AREA_WRITE = 2,
	AREA_EXECUTE = 4,
	AREA_SHARED = 8, /* writes go to the file, or to all who share it */
	AREA_STACK = 16, /* grows down */
	AREA_HEAP = 32, /* brk */
	AREA_VDSO = 64,
	AREA_MAY_WRITE = 128, /* mprotect may add AREA_WRITE */
	AREA_NO_FORK = 256, /* a child of fork does not get it */
	AREA_POPULATE = 512, /* space_map: touch all its pages at once */
	AREA_KEEP = 1024, /* space_map: -EEXIST if something is there */
	AREA_NO_RESERVE = 2048, /* space_map: may be larger than memory */
};

#define AREA_ACCESS (AREA_READ | AREA_WRITE | AREA_EXECUTE)

/* A run of pages that are alike. */
struct area {
	u32 start, end; /* whole pages; end exclusive */
	u32 flags;
	struct inode *inode; /* contents; NULL: zeros. Counted, or through
				`file` where that is of the same inode */
	u32 page; /* of the inode, at `start` */
	struct file *file; /* what was mapped, for its name; counted; or NULL */
	struct list list; /* in space.areas */
	struct list mapping; /* in inode.areas */
	struct space *space;
};

#define SLOT_WORDS (USER_END / 0x400000u / 32)

struct space {
	struct physical directory; /* what CR3 holds */
	u32 *entries; /* the same through the direct map */
	u32 users; /* processes and others that hold it */
	u32 cpus; /* bit n: CPU n has it loaded */
	struct mutex lock; /* guards areas and page tables */
	struct list areas; /* in order of addresses */
	struct area **index; /* the same, for searching */
	u32 area_count, index_room;
	u32 last; /* index of the area found last */
	u32 place, hole; /* where space_place goes on: area.c */
	u32 slots[SLOT_WORDS]; /* bit n: entries[n] is there */
	u32 flush; /* bit n: CPU n has entries to drop */
	u32 visitors; /* cache_truncate at work in it: mapping.c */
	u32 visit; /* the last such visit */
	u32 unpin_waiters;
	u32 pinned; /* calls in flight that lend its pages */
	struct wait_queue unpinned;
	u32 mapped, resident, tables; /* pages */
	u32 peak; /* most resident */
	u32 code_start, code_end, data_start, data_end;
	u32 heap_start, heap_end; /* brk */
	u32 stack_top;
	u32 args_start, args_end, environment_start, environment_end;
	u32 auxiliary; /* where the auxiliary vector is */
	u32 vdso; /* address of the vDSO's page; 0: none */
	u32 limit_space, limit_stack, limit_data; /* rlimits, in bytes */
	u32 faults_minor, faults_major;
};

/* An empty one with the core's half in place. NULL without memory. */
struct space *space_make(void);

void space_hold(struct space *s);
void space_drop(struct space *s); /* the last frees everything */

/* Copy-on-write copy, for fork. NULL without memory. */
struct space *space_copy(struct space *s);

/*
 * Map `bytes` (rounded up) at exactly `start`, over what is there. `inode` may
 * be NULL. Takes counts of its own of inode and file. Returns 0 or -errno.
 * Takes the lock.
 */
i32 space_map(struct space *s, u32 start, u32 bytes, u32 flags,
	      struct inode *inode, struct file *file, u32 page);
i32 space_unmap(struct space *s, u32 start, u32 bytes);

/* A free place for `bytes`, searched from the top; 0: none. Lock held. */
u32 space_place(struct space *s, u32 bytes, u32 wish);

/* The area that holds `address`; NULL: none. Lock held. */
struct area *space_area(struct space *s, u32 address);

/* Why a page is wanted. */
enum access { ACCESS_READ = 0, ACCESS_WRITE = 1, ACCESS_EXECUTE = 2 };

/* What a page fault on a user's address comes to. */
enum space_answer {
	SPACE_OK,
	SPACE_UNMAPPED, /* SIGSEGV, SEGV_MAPERR */
	SPACE_DENIED, /* SIGSEGV, SEGV_ACCERR */
	SPACE_BEYOND, /* SIGBUS: past the end of the file */
	SPACE_NO_MEMORY, /* the process is to be killed */
	SPACE_ERROR, /* SIGBUS: the file cannot be read */
};

/*
 * Make `address` accessible, or say why not. May sleep. For the fault handler
 * (user's and core's alike), on the current thread's space.
 */
enum space_answer space_fault(struct space *s, u32 address, u32 access);

/*
 * Fault in all of [start, start + size) for that access and keep it from being
 * unmapped, moved or made read-only until space_unpin. 0; -EFAULT; or -EAGAIN,
 * which one page alone never is: other threads keep taking some of it away. For
 * lends of user's pages to domains: calls that do not wait.
 */
i32 space_pin(struct space *s, u32 start, u32 size, u32 access);
void space_unpin(struct space *s);

/* Load s (NULL: the core's own) on this CPU. Interrupts off; scheduler only. */
void space_load(struct space *s);

/* What this CPU has loaded; NULL: the core's own. */
struct space *space_loaded(void);

/* VECTOR_FLUSH: drop this CPU's entries of the space it has loaded. */
void space_flush_answer(void);

/* Frames used by all spaces: private pages, tables. For /proc and OOM. */
u32 space_frames(void);

#endif

/*
 * clone and clone3 without the C library's help, thread storage descriptors,
 * and what threads of one process share.
 */
#include "check.h"

#include <asm/ldt.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>

#define STACK (64 * 1024)
#define THREAD \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SYSVSEM)

struct start {
	int (*run)(void *);
	void *with;
};

/*
 * The call itself: EBX flags, ECX stack, EDX parent's word, ESI descriptor,
 * EDI child's word. The new thread finds function and argument on its stack.
 */
int clone_raw(uint32_t flags, void *stack, int *parent, void *tls, int *child);
__asm__(".globl clone_raw\n"
	"clone_raw: push %ebx; push %esi; push %edi\n"
	"mov 16(%esp), %ebx; mov 20(%esp), %ecx; mov 24(%esp), %edx\n"
	"mov 28(%esp), %esi; mov 32(%esp), %edi\n"
	"mov $120, %eax; int $0x80\n"
	"test %eax, %eax; jz 1f\n"
	"pop %edi; pop %esi; pop %ebx; ret\n"
	"1: pop %eax; call *%eax\n" /* its argument is what lies there now */
	"mov %eax, %ebx; mov $1, %eax; int $0x80\n");

static uint32_t *stack_make(int (*run)(void *), void *with)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t *top = (uint32_t *)(void *)(stack + STACK - 64);

	CHECK(stack != MAP_FAILED);
	top[0] = (uint32_t)(uintptr_t)run;
	top[1] = (uint32_t)(uintptr_t)with;
	return top;
}

static void word_wait(volatile int *word, int value)
{
	while (*word == value)
		syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

/* No errno, no checks: the new thread has no thread storage of its own. */
static long call0(long number)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number) : "memory");
	return result;
}

static int ids[4];

static int ids_take(void *with)
{
	ids[0] = (int)call0(SYS_getpid);
	ids[1] = (int)call0(SYS_gettid);
	ids[2] = (int)call0(SYS_getppid);
	*(int *)with = 7;
	return 0;
}

TEST(thread_identities)
{
	int value = 0, parent_word = 0, thread;
	volatile int child_word = 99;

	thread = clone_raw(THREAD | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
			   stack_make(ids_take, &value), &parent_word, NULL,
			   (int *)&child_word);
	CHECK(thread > 0);
	IS(parent_word, thread);
	word_wait(&child_word, 99);
	IS(child_word, 0);
	IS(value, 7);
	IS(ids[0], getpid());
	IS(ids[1], thread);
	IS(ids[2], getppid());
	ERROR(waitpid(thread, NULL, 0), ECHILD);
}

static int nothing(void *with)
{
	(void)with;
	return 5;
}

TEST(process_words)
{
	int parent_word = 0, child_word = 1, status, child;

	child = clone_raw(SIGCHLD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID,
			  stack_make(nothing, NULL), &parent_word, NULL,
			  &child_word);
	CHECK(child > 0);
	IS(parent_word, child);
	IS(child_word, 1); /* set in the child's memory */
	IS(waitpid(child, &status, 0), child);
	IS(status, 5 << 8);
}

TEST(end_without_signal)
{
	int child, status;

	child = clone_raw(0, stack_make(nothing, NULL), NULL, NULL, NULL);
	CHECK(child > 0);
	ERROR(waitpid(child, &status, 0), ECHILD); /* it tells by no SIGCHLD */
	IS(waitpid(child, &status, __WALL), child);
	IS(status, 5 << 8);
	child = clone_raw(0, stack_make(nothing, NULL), NULL, NULL, NULL);
	CHECK(child > 0);
	IS(waitpid(child, &status, (int)__WCLONE), child);
}

static int files_use(void *with)
{
	int *file = with;

	*file = open("/", O_RDONLY | O_DIRECTORY);
	return chdir("/") != 0;
}

/* Memory, files and folder are shared, or not, as the flags say. */
TEST(what_is_shared)
{
	char before[256], after[256];
	int file = -1, status, child;

	CHECK(getcwd(before, sizeof(before)) != NULL);
	child = clone_raw(SIGCHLD | CLONE_VM | CLONE_VFORK,
			  stack_make(files_use, &file), NULL, NULL, NULL);
	IS(waitpid(child, &status, 0), child);
	IS(status, 0);
	CHECK(file >= 0);
	ERROR(fcntl(file, F_GETFD), EBADF);
	CHECK(getcwd(after, sizeof(after)) != NULL);
	TEXT(after, before);

	child = clone_raw(SIGCHLD | CLONE_VM | CLONE_VFORK | CLONE_FILES |
				  CLONE_FS,
			  stack_make(files_use, &file), NULL, NULL, NULL);
	IS(waitpid(child, &status, 0), child);
	IS(status, 0);
	IS(fcntl(file, F_GETFD), 0);
	CHECK(getcwd(after, sizeof(after)) != NULL);
	TEXT(after, "/");
}

TEST(bad_flags)
{
	uint32_t *stack = stack_make(nothing, NULL);

	IS(clone_raw(CLONE_SIGHAND, stack, NULL, NULL, NULL), -EINVAL);
	IS(clone_raw(CLONE_THREAD | CLONE_VM, stack, NULL, NULL, NULL),
	   -EINVAL);
}

TEST(same_parent)
{
	pid_t child = child_make();
	int status;

	if (child == 0) {
		int sibling =
			clone_raw(CLONE_PARENT | SIGCHLD,
				  stack_make(nothing, NULL), NULL, NULL, NULL);

		CHECK(sibling > 0);
		ERROR(waitpid(sibling, NULL, 0), ECHILD);
		_exit(9);
	}
	IS(waitpid(child, &status, 0), child);
	IS(status, 9 << 8);
	CHECK(waitpid(-1, &status, 0) > 0);
	IS(status, 5 << 8);
}

static int descriptor_make(struct user_desc *about, void *base)
{
	memset(about, 0, sizeof(*about));
	about->entry_number = (unsigned int)-1;
	about->base_addr = (uint32_t)(uintptr_t)base;
	about->limit = 0xfffff;
	about->seg_32bit = 1;
	about->limit_in_pages = 1;
	about->useable = 1;
	return (int)syscall(SYS_set_thread_area, about);
}

static uint32_t fs_word(unsigned int entry, int offset)
{
	uint32_t value;
	unsigned short saved;

	__asm__ volatile("movw %%fs, %1; movw %w2, %%fs; movl %%fs:(%3), %0\n"
			 "movw %1, %%fs"
			 : "=&r"(value), "=&r"(saved)
			 : "r"(entry << 3 | 3), "r"(offset));
	return value;
}

TEST(thread_area)
{
	static uint32_t words[] = { 1, 2, 3 };
	struct user_desc about, read;

	IS(descriptor_make(&about, words + 1), 0);
	CHECK(about.entry_number != (unsigned int)-1);
	IS(fs_word(about.entry_number, 0), 2);
	IS(fs_word(about.entry_number, 4), 3);
	IS(fs_word(about.entry_number, -4), 1); /* the limit is 4 GiB */
	memset(&read, 0, sizeof(read));
	read.entry_number = about.entry_number;
	IS(syscall(SYS_get_thread_area, &read), 0);
	IS(read.base_addr, about.base_addr);
	IS(read.limit, 0xfffff);
	IS(read.seg_32bit, 1);
	IS(read.limit_in_pages, 1);
}

TEST(thread_areas_run_out)
{
	static uint32_t word = 8;
	struct user_desc about;
	int made = 0;

	while (descriptor_make(&about, &word) == 0)
		made++;
	IS(errno, ESRCH);
	IS(made, 2); /* of three; the C library has one */
	about.entry_number = 1;
	ERROR(syscall(SYS_set_thread_area, &about), EINVAL);
	ERROR(syscall(SYS_get_thread_area, &about), EINVAL);
	ERROR(syscall(SYS_set_thread_area, bad), EFAULT);
	ERROR(syscall(SYS_get_thread_area, bad), EFAULT);
}

/* A free slot is cleared by an empty descriptor; it survives fork. */
TEST(thread_area_in_a_child)
{
	static uint32_t word = 0x1234;
	struct user_desc about;
	pid_t child;

	IS(descriptor_make(&about, &word), 0);
	child = child_make();
	if (child == 0) {
		IS(fs_word(about.entry_number, 0), 0x1234);
		child_end();
	}
	child_good(child);
}

static volatile int gs_seen;

static int gs_take(void *with)
{
	int value;

	(void)with;
	__asm__ volatile("movl %%gs:0, %0" : "=r"(value));
	gs_seen = value;
	return 0;
}

/* CLONE_SETTLS: the new thread runs on another base, through the same slot. */
TEST(clone_sets_thread_storage)
{
	static int storage[64] = { 0x5151 };
	struct user_desc about;
	unsigned short gs;
	volatile int done = 1;

	__asm__("movw %%gs, %0" : "=r"(gs));
	memset(&about, 0, sizeof(about));
	about.entry_number = gs >> 3;
	about.base_addr = (uint32_t)(uintptr_t)storage;
	about.limit = 0xfffff;
	about.seg_32bit = about.limit_in_pages = about.useable = 1;
	CHECK(clone_raw(THREAD | CLONE_SETTLS | CLONE_CHILD_CLEARTID,
			stack_make(gs_take, NULL), NULL, &about,
			(int *)&done) > 0);
	word_wait(&done, 1);
	IS(gs_seen, 0x5151);
	about.entry_number = 1;
	IS(clone_raw(THREAD | CLONE_SETTLS, stack_make(gs_take, NULL), NULL,
		     &about, NULL),
	   -EINVAL);
}

TEST(clone3_makes_a_process)
{
	struct clone_args want = { .exit_signal = SIGCHLD };
	long child = syscall(SYS_clone3, &want, sizeof(want));
	int status;

	if (child == -1 && errno == ENOSYS)
		test_skip("clone3");
	if (child == 0)
		_exit(21);
	CHECK(child > 0);
	IS(waitpid((pid_t)child, &status, 0), child);
	IS(status, 21 << 8);
}

TEST(clone3_errors)
{
	struct clone_args want[2] = { { .exit_signal = SIGCHLD } };

	if (syscall(SYS_clone3, want, 0) == -1 && errno == ENOSYS)
		test_skip("clone3");
	ERROR(syscall(SYS_clone3, want, 8), EINVAL);
	ERROR(syscall(SYS_clone3, bad, sizeof(want[0])), EFAULT);
	ERROR(syscall(SYS_clone3, want, 8192), E2BIG);
	want[0].exit_signal = 1000;
	ERROR(syscall(SYS_clone3, want, sizeof(want[0])), EINVAL);
	want[0].exit_signal = SIGCHLD;
	want[0].stack = 4096; /* without a size */
	ERROR(syscall(SYS_clone3, want, sizeof(want[0])), EINVAL);
	want[1].flags = 1; /* what a later version might mean */
	ERROR(syscall(SYS_clone3, want, sizeof(want)), E2BIG);
}

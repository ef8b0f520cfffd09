/*
 * What a program finds when it starts: stack, auxiliary vector, thread
 * storage, heap; and what calls that do not exist answer.
 */
#include "check.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/utsname.h>

static __thread int thread_value = 41;
static int zeroed[3000];
static int filled = 17;

TEST(data_and_bss)
{
	size_t at;

	IS(filled, 17);
	for (at = 0; at < sizeof(zeroed) / sizeof(zeroed[0]); at++)
		IS(zeroed[at], 0);
}

TEST(thread_storage)
{
	IS(thread_value, 41);
	thread_value++;
	IS(thread_value, 42);
}

TEST(stack_alignment)
{
	double aligned __attribute__((aligned(16))) = 1.5;

	IS((uintptr_t)&aligned % 16, 0);
	CHECK((uintptr_t)&aligned > 0x40000000);
}

TEST(auxiliary_vector)
{
	const Elf32_Ehdr *head;

	IS(getauxval(AT_PAGESZ), 4096);
	IS(getauxval(AT_PHENT), sizeof(Elf32_Phdr));
	CHECK(getauxval(AT_PHNUM) > 2);
	CHECK(getauxval(AT_PHDR) != 0);
	CHECK(getauxval(AT_ENTRY) != 0);
	CHECK(getauxval(AT_RANDOM) != 0);
	IS(getauxval(AT_UID), getuid());
	IS(getauxval(AT_EUID), geteuid());
	IS(getauxval(AT_GID), getgid());
	IS(getauxval(AT_EGID), getegid());
	IS(getauxval(AT_SECURE), 0);
	IS(getauxval(AT_CLKTCK), 100);
	TEXT((const char *)getauxval(AT_PLATFORM), "i686");
	/* glibc takes both or neither. */
	IS(!getauxval(AT_SYSINFO), !getauxval(AT_SYSINFO_EHDR));
	head = (const void *)getauxval(AT_SYSINFO_EHDR);
	if (head)
		IS(memcmp(head->e_ident, ELFMAG, SELFMAG), 0);
}

TEST(auxiliary_names)
{
	const char *name = (const char *)getauxval(AT_EXECFN);

	CHECK(name != NULL);
	CHECK(strstr(name, "start") != NULL);
}

TEST(random_bytes_differ)
{
	const unsigned char *bytes = (const void *)getauxval(AT_RANDOM);
	unsigned char other[16];
	int at, different = 0;

	IS(getrandom(other, sizeof(other), 0), 16);
	for (at = 1; at < 16; at++)
		different += bytes[at] != bytes[0];
	CHECK(different > 0);
	CHECK(memcmp(bytes, other, 16) != 0);
}

TEST(heap_grows_and_shrinks)
{
	char *begin = sbrk(0), *page;

	CHECK(begin != (void *)-1);
	page = sbrk(1 << 20);
	CHECK(page == begin);
	IS(page[0], 0);
	IS(page[(1 << 20) - 1], 0);
	memset(page, 'x', 1 << 20);
	CHECK(sbrk(-(1 << 20)) != (void *)-1);
	CHECK(sbrk(0) == begin);
	page = sbrk(1 << 20);
	CHECK(page == begin);
	IS(page[4096], 0); /* given back and taken anew: zeros */
}

TEST(heap_refuses_quietly)
{
	uintptr_t now = (uintptr_t)syscall(SYS_brk, 0);

	IS((uintptr_t)syscall(SYS_brk, 4096), now);
	IS((uintptr_t)syscall(SYS_brk, 0xffffffffu), now);
	IS((uintptr_t)syscall(SYS_brk, now + 1), now + 1);
	IS((uintptr_t)syscall(SYS_brk, now), now);
}

TEST(unknown_calls)
{
	ERROR(syscall(17), ENOSYS); /* break, never implemented */
	ERROR(syscall(223), ENOSYS); /* unused */
	ERROR(syscall(999), ENOSYS);
	ERROR(syscall(100000), ENOSYS);
	ERROR(syscall(-1), ENOSYS);
	ERROR(syscall((long)0x80000000), ENOSYS);
}

TEST(system_name)
{
	struct utsname name;

	DO(uname(&name));
	CHECK(strlen(name.sysname) > 0);
	CHECK(atoi(name.release) >= 3); /* glibc: "kernel too old" */
	CHECK(strcmp(name.machine, "i686") == 0 ||
	      strcmp(name.machine, "x86_64") == 0);
}

TEST(identity)
{
	CHECK(getpid() > 1);
	CHECK(getppid() > 0);
	IS(syscall(SYS_gettid), getpid());
	IS(syscall(SYS_set_tid_address, NULL), getpid());
}

/* Registers a call must leave alone: all but EAX, by int 0x80. */
TEST(registers_survive_int80)
{
	uint32_t ebx = 0, ecx = 0x11111111, edx = 0x22222222, esi = 0x33333333,
		 edi = 0x44444444, result = SYS_getpid;

	__asm__ volatile("int $0x80"
			 : "+a"(result), "+b"(ebx), "+c"(ecx), "+d"(edx),
			   "+S"(esi), "+D"(edi)
			 :
			 : "memory");
	IS(result, getpid());
	IS(ebx, 0);
	IS(ecx, 0x11111111);
	IS(edx, 0x22222222);
	IS(esi, 0x33333333);
	IS(edi, 0x44444444);
}

/* The same through the door that the C library uses, if there is one. */
TEST(registers_survive_sysinfo)
{
	void *entry = (void *)getauxval(AT_SYSINFO);
	uint32_t ebx = 0x55555555, ecx = 0x11111111, edx = 0x22222222,
		 esi = 0x33333333, edi = 0x44444444, result = SYS_getpid;

	if (!entry)
		test_skip("AT_SYSINFO");
	__asm__ volatile("call *%[entry]"
			 : "+a"(result), "+b"(ebx), "+c"(ecx), "+d"(edx),
			   "+S"(esi), "+D"(edi)
			 : [entry] "m"(entry)
			 : "memory");
	IS(result, getpid());
	IS(ebx, 0x55555555);
	IS(ecx, 0x11111111);
	IS(edx, 0x22222222);
	IS(esi, 0x33333333);
	IS(edi, 0x44444444);
}

/* Six arguments: EBP is the sixth, which the fast door must take too. */
TEST(six_arguments)
{
	int file = file_make("six", "0123456789", 10);
	char *map;

	map = (char *)syscall(SYS_mmap2, 0, 4096, 1, 2, file, 0);
	CHECK(map != (char *)-1);
	IS(memcmp(map, "0123456789", 10), 0);
}

TEST(flags_survive)
{
	uint32_t before = 0x202 | 1 | 0x80, after; /* carry and sign */

	__asm__ volatile("pushl %1; popfl; int $0x80; pushfl; popl %0"
			 : "=&r"(after)
			 : "r"(before), "a"(SYS_getpid)
			 : "memory", "cc");
	IS(after & 0x81, 0x81);
	/* Alignment checks and the direction flag are the program's own. */
	__asm__ volatile("std; int $0x80; pushfl; popl %0; cld"
			 : "=&r"(after)
			 : "a"(SYS_getpid)
			 : "memory", "cc");
	IS(after & 0x400, 0x400);
}

TEST(standard_files)
{
	int file;

	DO(fcntl(0, F_GETFL));
	DO(fcntl(1, F_GETFL));
	DO(fcntl(2, F_GETFL));
	file = open("/", O_RDONLY);
	CHECK(file >= 3);
	DO(close(file));
	ERROR(close(file), EBADF);
	ERROR(close(-1), EBADF);
	ERROR(close(100000), EBADF);
}

/*
 * The checker of programs' ELF headers: good ones, each number out of its
 * range, and a million headers of noise that may make it say anything but must
 * leave what it accepts inside the user's half.
 */
// sources: kernel/process/elf.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/linux/errno.h"
#include "kernel/process/program.h"

#define HEADERS 4u
#define TEXT	0
#define DATA	1
#define INTERP	2
#define STACK	3
#define END	0xC0000000u

struct sample {
	struct elf_header head;
	struct elf_program headers[HEADERS];
};

static struct program out;

/* A position-independent program as ld makes them. */
static struct sample sample_make(void)
{
	return (struct sample){
		.head = { .magic = ELF_MAGIC,
			  .class = ELF_CLASS_32,
			  .data = ELF_LITTLE,
			  .ident_version = ELF_VERSION,
			  .type = 3,
			  .machine = ELF_I386,
			  .version = ELF_VERSION,
			  .entry = 0x1080,
			  .programs = sizeof(struct elf_header),
			  .program_size = sizeof(struct elf_program),
			  .program_count = HEADERS },
		.headers = {
			[TEXT] = { .type = ELF_LOAD,
				   .filesz = 0x1234,
				   .memsz = 0x1234,
				   .flags = ELF_R | ELF_X,
				   .align = 0x1000 },
			[DATA] = { .type = ELF_LOAD,
				   .offset = 0x2ED8,
				   .vaddr = 0x3ED8,
				   .filesz = 0x130,
				   .memsz = 0x2000,
				   .flags = ELF_R | ELF_W,
				   .align = 0x1000 },
			[INTERP] = { .type = 3,
				     .offset = 0x1B4,
				     .filesz = 19,
				     .memsz = 19 },
			[STACK] = { .type = ELF_GNU_STACK,
				    .flags = ELF_R | ELF_W },
		},
	};
}

static i32 check(const struct sample *s)
{
	u32 offset, bytes;
	i32 r = elf_check_header((const u8 *)&s->head, sizeof(s->head), &offset,
				 &bytes);

	if (r < 0)
		return r;
	if (bytes > sizeof(s->headers))
		bytes = sizeof(s->headers);
	memset(&out, 0x5A, sizeof(out));
	return elf_check((const u8 *)&s->head, (const u8 *)s->headers, bytes,
			 &out);
}

static void good(void **state)
{
	struct sample s = sample_make();

	(void)state;
	assert_int_equal(check(&s), 0);
	assert_int_equal(out.segment_count, 2);
	assert_int_equal(out.low, 0);
	assert_int_equal(out.high, 0x6000);
	assert_int_equal(out.header, sizeof(struct elf_header));
	assert_int_equal(out.interpreter_at, 0x1B4);
	assert_int_equal(out.interpreter_size, 19);
	assert_true(out.movable);
	assert_false(out.stack_executable);
	s.headers[STACK].type = ELF_NULL;
	assert_int_equal(check(&s), 0);
	assert_true(out.stack_executable);
	s.headers[INTERP].type = ELF_NULL;
	assert_int_equal(check(&s), 0);
	assert_int_equal(out.interpreter_size, 0);
}

static void fixed_place(void **state)
{
	struct sample s = sample_make();

	(void)state;
	s.head.type = ELF_EXECUTABLE;
	assert_int_equal(check(&s), -ENOEXEC); /* page 0 */
	s.headers[TEXT].vaddr = 0x08048000;
	s.headers[DATA].vaddr = 0x0804BED8;
	assert_int_equal(check(&s), 0);
	assert_false(out.movable);
	assert_int_equal(out.low, 0x08048000);
	assert_int_equal(out.high, 0x0804E000);
}

#define REFUSED(change) \
	do { \
		struct sample s = sample_make(); \
		s.change; \
		assert_int_equal(check(&s), -ENOEXEC); \
	} while (0)

static void headers_refused(void **state)
{
	(void)state;
	REFUSED(head.magic = 0x7F454C46);
	REFUSED(head.class = 2);
	REFUSED(head.data = 2);
	REFUSED(head.machine = 62);
	REFUSED(head.type = 1);
	REFUSED(head.type = 4);
	REFUSED(head.program_size = 56);
	REFUSED(head.program_count = 0);
	REFUSED(head.program_count = 129);
	REFUSED(head.programs = 0x80000000);
}

static void segments_refused(void **state)
{
	(void)state;
	REFUSED(headers[DATA].filesz = 0x2001);
	REFUSED(headers[DATA].vaddr = 0x3ED9);
	REFUSED(headers[DATA].vaddr = 0xBFFFFED8);
	REFUSED(headers[DATA].memsz = 0xFFFFFFFF);
	REFUSED(headers[DATA].memsz = 0xBF000000);
	REFUSED(headers[DATA].offset = 0x80000ED8);
	REFUSED(headers[DATA].offset = 0x7FFFFED8);
	REFUSED(headers[INTERP].filesz = 0);
	REFUSED(headers[INTERP].filesz = 1);
	REFUSED(headers[INTERP].filesz = 257);
	REFUSED(headers[INTERP].offset = 0xFFFFFF00);
	REFUSED(headers[TEXT].type = ELF_NULL; s.headers[DATA].type = ELF_NULL);
}

/* Program headers that no segment holds are said to be nowhere. */
static void headers_elsewhere(void **state)
{
	struct sample s = sample_make();

	(void)state;
	s.headers[TEXT].filesz = sizeof(s) - 1;
	assert_int_equal(check(&s), 0);
	assert_int_equal(out.header, 0);
	s.headers[TEXT].filesz = sizeof(s);
	assert_int_equal(check(&s), 0);
	assert_int_not_equal(out.header, 0);
}

static u32 random_state = 20260101;

static u32 random_word(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static void accepted_is_sound(void)
{
	u32 shift = out.movable ? 0x56555000u : 0;

	assert_in_range(out.segment_count, 1, PROGRAM_SEGMENTS);
	assert_true(out.low < out.high && out.high <= END);
	assert_true(out.low % 4096 == 0 && out.high % 4096 == 0);
	assert_true(out.interpreter_size <= INTERPRETER_MOST);
	for (u32 i = 0; i < out.segment_count; i++) {
		const struct program_segment *g = &out.segments[i];

		assert_true(g->start >= out.low && g->memsz > 0);
		assert_true((u64)g->start + g->memsz <= out.high);
		assert_true(g->filesz <= g->memsz);
		assert_true((u64)g->offset + g->filesz < 0x80000000u);
		assert_int_equal((g->start ^ g->offset) % 4096, 0);
		if (!shift)
			assert_true(g->start >= 0x10000);
	}
}

/* Good headers with a few words changed, so that many pass. */
static void noise(void **state)
{
	u32 accepted = 0;

	(void)state;
	for (u32 round = 0; round < 1000000; round++) {
		struct sample s = sample_make();
		u32 *words = (u32 *)&s;

		for (u32 n = random_word() % 3 + 1; n; n--) {
			u32 at = random_word() % (sizeof(s) / 4);
			u32 bits = random_word() % 32;

			words[at] = random_word() & 1 ? random_word() >> bits :
							words[at] ^ 1u << bits;
		}
		if (check(&s) == 0) {
			accepted++;
			accepted_is_sound();
		}
	}
	assert_true(accepted > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(fixed_place),
		cmocka_unit_test(headers_refused),
		cmocka_unit_test(segments_refused),
		cmocka_unit_test(headers_elsewhere),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

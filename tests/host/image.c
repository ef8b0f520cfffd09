// sources: kernel/image.c kernel/image_manifest.c
/*
 * The domain loader's checker: a good file is accepted, each way to break it
 * is refused with its own sentence, and no bytes at all make it read outside
 * the file or accept what breaks a promise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "image_sample.h"

#define FUZZ_ROUNDS 400000

/* In a block of exactly `size` bytes, so that sanitizers see its end. */
static i32 check(const void *file, u32 size, struct image *image,
		 const char **why)
{
	u8 *copy = malloc(size ? size : 1);
	i32 result;

	memcpy(copy, file, size);
	result = image_check(copy, size, image, why);
	if (result == 0)
		assert_true(image_holds(image, size));
	free(copy);
	return result;
}

static void test_good(void **state)
{
	struct sample s = sample_good();
	struct image image;
	const char *why = "unset";

	(void)state;
	assert_int_equal(image_check((u8 *)&s, sizeof s, &image, &why), 0);
	assert_null(why);
	assert_true(image_holds(&image, sizeof s));
	assert_int_equal(image.segment_count, 3);
	assert_int_equal(image.segments[1].offset, 0x2000);
	assert_int_equal(image.segments[1].access, IMAGE_RODATA);
	assert_int_equal(image.segments[2].memsz, 0x1801);
	assert_int_equal(image.segments[2].access, IMAGE_DATA);
	assert_int_equal(image.text_end, 0x1040);
	assert_int_equal(image.image_end, 0x5000);
	assert_int_equal(image.stack, 2048);
	assert_ptr_equal(image.manifest, &s.manifest);
	assert_ptr_equal(image.entries, s.entries);
	assert_ptr_equal(image.imports, s.imports);
}

struct refusal {
	u32 at, bytes; /* what of the sample is replaced */
	u32 value;
	const char *why; /* part of the sentence */
};

#define SET(field, value) SAMPLE_AT(field), SAMPLE_BYTES(field), (u32)(value)

static const struct refusal refusals[] = {
	{ SET(header.magic, 0), "not an ELF" },
	{ SET(header.class, 2), "-m32" },
	{ SET(header.data, 2), "-m32" },
	{ SET(header.machine, 62), "-m32" },
	{ SET(header.version, 2), "version of ELF" },
	{ SET(header.ident_version, 0), "version of ELF" },
	{ SET(header.type, 3), "linked executable" },
	{ SET(header.program_size, 31), "program headers" },
	{ SET(header.program_count, 0), "program headers" },
	{ SET(header.program_count, 17), "program headers" },
	{ SET(header.programs, 53), "program headers" },
	{ SET(header.programs, 0xFFFFFFFC), "program headers" },
	{ SET(header.programs, sizeof(struct sample) - 32), "program headers" },

	{ SET(programs[0].flags, 7), "writable and executable" },
	{ SET(programs[0].flags, 4), "first segment" },
	{ SET(programs[0].flags, 1), "not readable" },
	{ SET(programs[0].flags, 13), "unknown flags" },
	{ SET(programs[0].memsz, 65), "text continues" },
	{ SET(programs[0].vaddr, 0), "overlap" },
	{ SET(programs[0].vaddr, 0x1001), "at a page" },
	{ SET(programs[0].vaddr, 0x5000), "overlap" },
	{ SET(programs[0].type, 3), "more than loading" },
	{ SET(programs[0].type, 7), "more than loading" },
	{ SET(programs[0].type, 0), "first segment" },
	{ SET(programs[1].flags, 5), "second segment is executable" },
	{ SET(programs[1].vaddr, 0x1000), "overlap" },
	{ SET(programs[1].vaddr, 0xFFFFF000), "16 MiB" },
	{ SET(programs[2].flags, 2), "not readable" },
	{ SET(programs[2].vaddr, 0x1000000), "16 MiB" },
	{ SET(programs[2].memsz, 0xFFD001), "16 MiB" },
	{ SET(programs[2].memsz, 0xFFFFFFFF), "16 MiB" },
	{ SET(programs[2].memsz, 15), "larger in the file" },
	{ SET(programs[2].filesz, 17), "outside the file" },
	{ SET(programs[2].offset, 0xFFFFFFF8), "outside the file" },
	{ SET(programs[3].type, 0), "no manifest" },
	{ SET(programs[3].offset, 0xFFFFFFFC), "notes lie outside" },
	{ SET(programs[3].offset, SAMPLE_AT(note) + 2), "multiple of 4" },
	{ SET(programs[3].filesz, 0xFFFFFFFF), "notes lie outside" },
	{ SET(programs[3].filesz, 11), "no manifest" },

	{ SET(note.namesz, 0xFFFFFFFF), "note's name" },
	{ SET(note.namesz, 8), "no manifest" },
	{ SET(note.descsz, 0xFFFFFFFF), "runs out" },
	{ SET(note.descsz, 103), "note's name" },
	{ SET(note.type, 2), "no manifest" },
	{ SET(note_name[0], 'b'), "no manifest" },
	{ SET(note_name[8], '!'), "no manifest" },

	{ SET(manifest.magic, 0), "gatec" },
	{ SET(manifest.version, MANIFEST_VERSION + 1), "version" },
	{ SET(manifest.size, sizeof(struct manifest) - 1), "cut off" },
	{ SET(manifest.size, 0xFFFFFFFF), "cut off" },
	{ SET(manifest.size, sizeof(struct manifest)), "table" },
	{ SET(manifest.flags, 2), "flags" },
	{ SET(manifest.zero, 1), "flags" },
	{ SET(manifest.name[0], 'D'), "name" },
	{ SET(manifest.name[0], '0'), "name" },
	{ SET(manifest.name[0], 0), "name" },
	{ SET(manifest.name[3], '/'), "name" },
	{ SET(manifest.name[9], 'x'), "name" },
	{ SET(manifest.stack, 255), "stack" },
	{ SET(manifest.stack, 65537), "stack" },
	{ SET(manifest.heap, 0x4000001), "64M" },
	{ SET(manifest.kept, 0xFFFFFFFF), "64M" },
	{ SET(manifest.dma, 0x4000001), "64M" },
	{ SET(manifest.needs, 0x80000000), "64M" },
	{ SET(manifest.dma, 0), "dma" },
	{ SET(manifest.dma_below, 0xFFFF), "dma" },

	{ SET(manifest.port_count, 17), "table" },
	{ SET(manifest.mmio_count, 9), "table" },
	{ SET(manifest.irq_count, 9), "table" },
	{ SET(manifest.pci_count, 9), "table" },
	{ SET(manifest.export_count, 9), "table" },
	{ SET(manifest.entry_count, 65), "table" },
	{ SET(manifest.import_count, 17), "table" },
	{ SET(manifest.ports, 100), "table" },
	{ SET(manifest.mmios, 106), "table" },
	{ SET(manifest.irqs, 0xFFFFFFFC), "table" },
	{ SET(manifest.pcis, sample_manifest.size - 12), "table" },
	{ SET(manifest.exports, 0x80000000), "table" },
	{ SET(manifest.entries, IN_MANIFEST(imports)), "table" },
	{ SET(manifest.imports, IN_MANIFEST(imports) + 4), "table" },

	{ SET(ports[0].first, 0x1F8), "`ports`" },
	{ SET(mmios[0].last, 0), "`mmio`" },
	{ SET(mmios[0].first, 0xF0000000), "64M" },
	{ SET(mmios[0].first, 0xFEB00800), "whole pages" },
	{ SET(mmios[0].last, 0xFEB00FFE), "whole pages" },
	{ SET(irqs[0], 24), "above 23" },
	{ SET(irqs[1], 14), "twice" },
	{ SET(pcis[0].by_class, 2), "`pci`" },
	{ SET(pcis[1].by_class, 1), "`pci`" },

	{ SET(exports[0].gate[0], 'L'), "exported gate's name" },
	{ SET(exports[0].gate[0], 'w'), "`life`" },
	{ SET(exports[0].first_entry, 1), "share out" },
	{ SET(exports[0].entry_count, 0), "share out" },
	{ SET(exports[0].entry_count, 2), "share out" },
	{ SET(exports[1].entry_count, 0xFFFF), "share out" },
	{ SET(manifest.export_count, 1), "belongs to no export" },
	{ SET(entries[0].across, 0xFFF), "outside the text" },
	{ SET(entries[0].across, 0x1040), "outside the text" },
	{ SET(entries[1].down, 0xFFF), "outside the text" },
	{ SET(entries[1].down, 0x3000), "outside the text" },
	{ SET(entries[2].words, 6), "5 words" },
	{ SET(entries[2].buffer[0], 3), "buffers" },
	{ SET(entries[2].buffer[1], 1), "buffers" },
	{ SET(entries[3].buffer[1], BUFFER_INTO), "buffers" },
	{ SET(entries[3].flags, 4), "flags" },
	{ SET(entries[3].zero, 1), "flags" },
	{ SET(entries[3].needs, 0xFFFFFFFF), "64M" },
	{ SET(entries[3].id, 0), "no number" },
	{ SET(entries[3].id, 1), "same number" },

	{ SET(imports[0].gate[0], 0), "imported gate's name" },
	{ SET(imports[0].slots, 0), "slots" },
	{ SET(imports[0].slots, 65), "slots" },
	{ SET(imports[0].functions, 0), "functions" },
	{ SET(imports[0].functions, 0xFFFF), "functions" },
	{ SET(imports[0].functions, 64), "read-only" },
	{ SET(imports[0].functions, 3), "overlap" },
	{ SET(imports[0].table, 0x1000), "read-only" },
	{ SET(imports[0].table, 0x3000), "read-only" },
	{ SET(imports[0].table, 0x2004), "multiple of 8" },
	{ SET(imports[0].table, 0x2058), "read-only" },
	{ SET(imports[0].table, 0xFFFFFFF8), "read-only" },
	{ SET(imports[1].table, 0x2008), "overlap" },
	{ SET(manifest.doors, 0x3000), "core's doors" },
	{ SET(manifest.doors, 0x2034), "core's doors" },
	{ SET(manifest.doors, 0x2058), "core's doors" },
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *r = &refusals[i];
		struct sample s = sample_good();
		struct image image;
		const char *why = NULL;

		memcpy((u8 *)&s + r->at, &r->value, r->bytes);
		assert_int_equal(check(&s, sizeof s, &image, &why), -E_FORM);
		assert_non_null(why);
		if (!strstr(why, r->why))
			fail_msg("refusal %zu: \"%s\", not \"%s\"", i, why,
				 r->why);
	}
}

static void test_two_fields(void **state)
{
	struct sample s = sample_good();
	struct image image;
	const char *why;

	(void)state;
	s.exports[1] = (struct manifest_export){ "life", 2, 3, 1 };
	assert_int_equal(check(&s, sizeof s, &image, &why), -E_FORM);
	assert_non_null(strstr(why, "twice"));

	s = sample_good();
	s.programs[4] = s.programs[3];
	assert_int_equal(check(&s, sizeof s, &image, &why), -E_FORM);
	assert_non_null(strstr(why, "two manifests"));

	s = sample_good();
	s.note.descsz = sizeof(struct manifest) - 1;
	s.programs[3].filesz = 12 + 12 + s.note.descsz;
	assert_int_equal(check(&s, sizeof s, &image, &why), -E_FORM);
	assert_non_null(strstr(why, "not one"));

	s = sample_good();
	s.programs[2].memsz = s.programs[2].filesz = 0; /* no data: good */
	assert_int_equal(check(&s, sizeof s, &image, &why), 0);
	assert_int_equal(image.segment_count, 2);
}

static void test_cut_off(void **state)
{
	struct sample s = sample_good();
	struct image image;
	const char *why;
	u8 *unaligned = malloc(sizeof s + 1);

	(void)state;
	for (u32 size = 0; size < sizeof s; size++)
		assert_int_equal(check(&s, size, &image, &why), -E_FORM);
	memcpy(unaligned + 1, &s, sizeof s);
	assert_int_equal(image_check(unaligned + 1, sizeof s, &image, &why),
			 -E_FORM);
	free(unaligned);
}

static u32 random_next(u32 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* One edit: a word, a half or a byte becomes a telling or a random number. */
static void mutate(struct sample *s, u32 *seed)
{
	static const u32 telling[] = {
		0,	    1,		2,	    3,		4,
		5,	    6,		7,	    8,		15,
		16,	    63,		64,	    65,		0xFF,
		0xFFF,	    0x1000,	0x1040,	    0x2000,	0x2008,
		0x3000,	    0xFFFF,	0x1000000,  0x7FFFFFFF, 0x80000000,
		0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFF,
	};
	u32 count = sizeof telling / sizeof *telling;
	u32 pick = random_next(seed);
	u32 bytes = 1u << pick % 3;
	u32 at = random_next(seed) % SAMPLE_AT(text) & ~(bytes - 1);
	u32 old, value;

	memcpy(&old, (u8 *)s + at, bytes);
	switch (pick >> 8 & 3) {
	case 0:
		value = random_next(seed);
		break;
	case 1:
		value = telling[random_next(seed) % count];
		break;
	case 2:
		value = old + random_next(seed) % 9 - 4;
		break;
	default:
		value = old ^ 1u << random_next(seed) % (8 * bytes);
	}
	memcpy((u8 *)s + at, &value, bytes);
}

static void test_fuzz(void **state)
{
	u32 seed = 20240229;
	u32 accepted = 0;

	(void)state;
	for (u32 round = 0; round < FUZZ_ROUNDS; round++) {
		struct sample s = sample_good();
		struct image image;
		const char *why;
		u32 size = sizeof s;

		for (u32 edits = random_next(&seed) % 4 + 1; edits; edits--)
			mutate(&s, &seed);
		if (random_next(&seed) % 16 == 0)
			size = random_next(&seed) % size;
		accepted += check(&s, size, &image, &why) == 0;
	}
	assert_in_range(accepted, FUZZ_ROUNDS / 100, FUZZ_ROUNDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_two_fields),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_fuzz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * A small good domain file as a structure, so that a test breaks it by naming
 * a field; and what must be true of every file that the checker accepts,
 * written a second time and another way.
 */
#ifndef TESTS_IMAGE_SAMPLE_H
#define TESTS_IMAGE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "kernel/elf.h"
#include "kernel/image.h"

struct sample {
	struct elf_header header;
	struct elf_program programs[5];
	struct elf_note note;
	char note_name[12];
	struct manifest manifest;
	struct manifest_port ports[2];
	struct manifest_mmio mmios[1];
	u32 irqs[2];
	struct manifest_pci pcis[2];
	struct manifest_export exports[2];
	struct manifest_entry entries[4];
	struct manifest_import imports[2];
	u8 text[64], rodata[64], data[16];
};

#define SAMPLE_AT(field)    ((u32)offsetof(struct sample, field))
#define SAMPLE_BYTES(field) ((u32)sizeof(((struct sample *)0)->field))
#define IN_MANIFEST(field)  (SAMPLE_AT(field) - SAMPLE_AT(manifest))

static const struct elf_header sample_header = {
	.magic = ELF_MAGIC,
	.class = ELF_CLASS_32,
	.data = ELF_LITTLE,
	.ident_version = ELF_VERSION,
	.type = ELF_EXECUTABLE,
	.machine = ELF_I386,
	.version = ELF_VERSION,
	.entry = 0x1000,
	.programs = SAMPLE_AT(programs),
	.header_size = sizeof(struct elf_header),
	.program_size = sizeof(struct elf_program),
	.program_count = 5,
};

static const struct elf_program sample_programs[5] = {
	{ ELF_LOAD, SAMPLE_AT(text), 0x1000, 0x1000, 64, 64, ELF_R | ELF_X,
	  4096 },
	{ ELF_LOAD, SAMPLE_AT(rodata), 0x2000, 0x2000, 64, 96, ELF_R, 4096 },
	{ ELF_LOAD, SAMPLE_AT(data), 0x3000, 0x3000, 16, 0x1801, ELF_R | ELF_W,
	  4096 },
	{ ELF_NOTE, SAMPLE_AT(note), 0, 0, SAMPLE_AT(text) - SAMPLE_AT(note),
	  SAMPLE_AT(text) - SAMPLE_AT(note), ELF_R, 4 },
	{ .type = ELF_GNU_STACK, .flags = ELF_R | ELF_W },
};

static const struct manifest sample_manifest = {
	.magic = MANIFEST_MAGIC,
	.version = MANIFEST_VERSION,
	.size = SAMPLE_AT(text) - SAMPLE_AT(manifest),
	.name = "disk_0",
	.stack = 2048,
	.heap = 0x10000,
	.kept = 4096,
	.dma = 0x10000,
	.dma_below = 0x1000000,
	.port_count = 2,
	.mmio_count = 1,
	.irq_count = 2,
	.pci_count = 2,
	.export_count = 2,
	.entry_count = 4,
	.import_count = 2,
	.ports = IN_MANIFEST(ports),
	.mmios = IN_MANIFEST(mmios),
	.irqs = IN_MANIFEST(irqs),
	.pcis = IN_MANIFEST(pcis),
	.exports = IN_MANIFEST(exports),
	.entries = IN_MANIFEST(entries),
	.imports = IN_MANIFEST(imports),
	.doors = 0x2030,
};

static inline struct sample sample_good(void)
{
	struct sample s = {
		.header = sample_header,
		.note = { sizeof NOTE_NAME,
			  SAMPLE_AT(text) - SAMPLE_AT(manifest),
			  NOTE_MANIFEST },
		.note_name = NOTE_NAME,
		.manifest = sample_manifest,
		.ports = { { 0x1F0, 0x1F7 }, { 0x3F6, 0x3F6 } },
		.mmios = { { 0xFEB00000, 0xFEB00FFF } },
		.irqs = { 14, 15 },
		.pcis = { { 0x0101, 1 }, { 0x80867010, 0 } },
		.exports = { { "life", 1, 0, 3 }, { "block", 2, 3, 1 } },
		.imports = { { "event", 3, 1, 2, 0x2000 },
			     { "log", 4, 2, 3, 0x2010 } },
	};

	memcpy(s.programs, sample_programs, sizeof s.programs);
	for (u8 i = 0; i < 4; i++)
		s.entries[i] = (struct manifest_entry){
			.across = 0x1000u + 8 * i,
			.down = 0x1004u + 8 * i,
			.id = (u16)(i + 1),
			.words = i,
		};
	s.entries[3].buffer[0] = BUFFER_INTO;
	s.entries[3].buffer[1] = BUFFER_FROM;
	s.entries[3].flags = ENTRY_WAITS | ENTRY_AGAIN;
	return s;
}

/* Every claim in turn; the first that is false is printed. */
#define CLAIM(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "false: %s\n", #what); \
			return false; \
		} \
	} while (0)

static inline bool segments_hold(const struct image *i, u32 size)
{
	u64 end = 0x1000;

	CLAIM(i->segment_count >= 1 && i->segment_count <= IMAGE_SEGMENTS);
	for (u32 n = 0; n < i->segment_count; n++) {
		const struct image_segment *s = &i->segments[n];

		CLAIM(s->offset % 4096 == 0 && s->offset >= end);
		CLAIM(s->memsz > 0 && s->filesz <= s->memsz);
		CLAIM((u64)s->file_offset + s->filesz <= size);
		CLAIM((s->access == IMAGE_TEXT) == (n == 0));
		CLAIM(s->access <= IMAGE_DATA);
		end = (u64)s->offset + s->memsz;
	}
	CLAIM(end <= IMAGE_MOST);
	CLAIM(i->image_end == ((end + 4095) & ~4095ull));
	CLAIM(i->text_end == i->segments[0].offset + i->segments[0].memsz);
	CLAIM(i->segments[0].memsz == i->segments[0].filesz);
	return true;
}

static inline bool table_holds(const struct image *i, u32 size, const void *at,
			       u32 count, size_t each)
{
	const u8 *first = at;

	CLAIM(count == 0 || (first > (const u8 *)i->manifest &&
			     first + count * each <= i->file + size));
	return true;
}

static inline bool manifest_holds(const struct image *i, u32 size)
{
	const struct manifest *m = i->manifest;

	CLAIM((const u8 *)m >= i->file);
	CLAIM((const u8 *)m + m->size <= i->file + size);
	CLAIM(strnlen(m->name, 16) > 0 && strnlen(m->name, 16) < 16);
	CLAIM(i->stack == m->stack && i->stack >= 256 && i->stack <= 65536);
	CLAIM(table_holds(i, size, i->ports, m->port_count, 4));
	CLAIM(table_holds(i, size, i->mmios, m->mmio_count, 8));
	CLAIM(table_holds(i, size, i->irqs, m->irq_count, 4));
	CLAIM(table_holds(i, size, i->pcis, m->pci_count, 8));
	CLAIM(table_holds(i, size, i->exports, m->export_count, 24));
	CLAIM(table_holds(i, size, i->entries, m->entry_count, 20));
	CLAIM(table_holds(i, size, i->imports, m->import_count, 28));
	for (u32 n = 0; n < m->port_count; n++)
		CLAIM(i->ports[n].first <= i->ports[n].last);
	for (u32 n = 0; n < m->mmio_count; n++)
		CLAIM(i->mmios[n].first < i->mmios[n].last);
	for (u32 n = 0; n < m->irq_count; n++)
		CLAIM(i->irqs[n] < 24);
	return true;
}

static inline bool gates_hold(const struct image *i)
{
	const struct manifest *m = i->manifest;
	const struct image_segment *text = &i->segments[0];
	u32 owned = 0;
	static u8 taken[IMAGE_MOST / 8]; /* slots, one a byte */

	for (u32 n = 0; n < m->export_count; n++) {
		CLAIM(strnlen(i->exports[n].gate, 16) < 16);
		CLAIM(i->exports[n].first_entry == owned);
		owned += i->exports[n].entry_count;
	}
	CLAIM(owned == m->entry_count);
	for (u32 n = 0; n < m->entry_count; n++) {
		const struct manifest_entry *e = &i->entries[n];

		CLAIM(e->across - text->offset < text->filesz);
		CLAIM(e->down - text->offset < text->filesz);
		CLAIM(e->words <= 5);
		CLAIM(e->buffer[0] + e->buffer[1] <= 3);
		CLAIM(e->buffer[0] != e->buffer[1] || !e->buffer[0]);
	}
	memset(taken, 0, i->image_end / 8);
	for (u32 n = 0; n < m->import_count; n++) {
		u32 slots = (u32)i->imports[n].slots * i->imports[n].functions;
		u32 at = i->imports[n].table;

		CLAIM(at % 8 == 0 && slots > 0);
		for (u32 k = 0; k < slots; k++, at += 8) {
			u32 in = 0;

			for (u32 s = 0; s < i->segment_count; s++)
				in += i->segments[s].access == IMAGE_RODATA &&
				      at >= i->segments[s].offset &&
				      at + 8 <= i->segments[s].offset +
							i->segments[s].memsz;
			CLAIM(in == 1 && !taken[at / 8]++);
		}
	}
	return true;
}

/* Does what image_check() accepted keep all its promises? */
static inline bool image_holds(const struct image *i, u32 size)
{
	return segments_hold(i, size) && manifest_holds(i, size) &&
	       gates_hold(i);
}

#endif

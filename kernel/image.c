/*
 * The checker of domain files: the ELF side. Each step returns NULL, or the
 * sentence that says why the file is refused; a step relies only on what the
 * steps before it have checked. Sums are written so that they cannot wrap.
 */
#include "kernel/image.h"
#include "kernel/elf.h"
#include "kernel/image_manifest.h"

#include <stddef.h>

#define PAGE	      4096u
#define FILE_MOST     (64u << 20) /* with debug information */
#define PROGRAMS_MOST 16

static u32 page_up(u32 offset)
{
	return (offset + PAGE - 1) & ~(PAGE - 1);
}

static u32 word_up(u32 bytes)
{
	return (bytes + 3) & ~3u;
}

static const char *header_check(const u8 *file, u32 size)
{
	const struct elf_header *h = (const struct elf_header *)file;

	if ((size_t)file % 4 != 0)
		return "the file is not aligned to 4 bytes in memory";
	if (size < sizeof *h || h->magic != ELF_MAGIC)
		return "not an ELF file";
	if (size > FILE_MOST)
		return "the file is larger than 64 MiB: strip it";
	if (h->class != ELF_CLASS_32 || h->data != ELF_LITTLE ||
	    h->machine != ELF_I386)
		return "not for a 32-bit i386: compile it with -m32";
	if (h->ident_version != ELF_VERSION || h->version != ELF_VERSION)
		return "an unknown version of ELF";
	if (h->type != ELF_EXECUTABLE)
		return "not a linked executable: link it with domain.ld, "
		       "without -pie or -shared";
	if (h->program_size != sizeof(struct elf_program) ||
	    h->program_count == 0 || h->program_count > PROGRAMS_MOST)
		return "needs 1 to 16 program headers of 32 bytes";
	if (h->programs % 4 != 0 ||
	    !bytes_inside(h->programs, h->program_count * (u32)h->program_size,
			  size))
		return "the program headers lie outside the file, "
		       "or not at a multiple of 4";
	return NULL;
}

static const struct elf_program *program(const u8 *file, u32 index)
{
	const struct elf_header *h = (const struct elf_header *)file;

	return (const struct elf_program *)(file + h->programs) + index;
}

static u32 program_count(const u8 *file)
{
	return ((const struct elf_header *)file)->program_count;
}

static const char *access_check(const struct elf_program *p, u32 index,
				u32 *access)
{
	u32 flags = p->flags;

	if (flags & ~(u32)(ELF_R | ELF_W | ELF_X))
		return "a segment has unknown flags";
	if ((flags & ELF_W) && (flags & ELF_X))
		return "a segment is writable and executable";
	if (!(flags & ELF_R))
		return "a segment is not readable";
	if (index == 0 && !(flags & ELF_X))
		return "the first segment is not the text: link with domain.ld";
	if (index > 0 && (flags & ELF_X))
		return "a second segment is executable: put all code in .text";
	if (index == 0 && p->memsz != p->filesz)
		return "text continues beyond what the file holds of it";
	*access = flags & ELF_X ? IMAGE_TEXT :
		  flags & ELF_W ? IMAGE_DATA :
				  IMAGE_RODATA;
	return NULL;
}

/* `least` is where the segment may start: behind all those before it. */
static const char *place_check(const struct elf_program *p, u32 size, u32 least)
{
	if (p->vaddr % PAGE != 0)
		return "a segment does not start at a page: "
		       "link with domain.ld";
	if (p->vaddr < least)
		return "segments overlap, are not in ascending order, "
		       "or start below offset 0x1000";
	if (!bytes_inside(p->vaddr, p->memsz, IMAGE_MOST))
		return "a segment ends above 16 MiB";
	if (p->filesz > p->memsz)
		return "a segment is larger in the file than in memory";
	if (!bytes_inside(p->offset, p->filesz, size))
		return "a segment lies outside the file: is the file cut off?";
	return NULL;
}

static const char *segment_add(struct image *image, const struct elf_program *p,
			       u32 size)
{
	u32 index = image->segment_count;
	u32 access;
	const char *why;

	if (p->memsz == 0 && p->filesz == 0)
		return NULL;
	if (index == IMAGE_SEGMENTS)
		return "more than 4 segments: link with domain.ld";
	why = place_check(p, size, index ? image->image_end : IMAGE_FIRST);
	if (!why)
		why = access_check(p, index, &access);
	if (why)
		return why;

	image->segments[index] = (struct image_segment){
		.offset = p->vaddr,
		.memsz = p->memsz,
		.filesz = p->filesz,
		.file_offset = p->offset,
		.access = access,
	};
	image->segment_count = index + 1;
	image->image_end = page_up(p->vaddr + p->memsz);
	if (index == 0)
		image->text_end = p->vaddr + p->memsz;
	return NULL;
}

static const char *segments_read(struct image *image, u32 size)
{
	for (u32 i = 0; i < program_count(image->file); i++) {
		const struct elf_program *p = program(image->file, i);
		const char *why = NULL;

		switch (p->type) {
		case ELF_LOAD:
			why = segment_add(image, p, size);
			break;
		case ELF_NULL:
		case ELF_NOTE:
		case ELF_GNU_STACK:
			break;
		default:
			why = "asks for more than loading (an interpreter, "
			      "dynamic linking, TLS): link with domain.ld";
		}
		if (why)
			return why;
	}
	return image->segment_count ? NULL : "nothing in it is to be loaded";
}

static bool is_manifest(const struct elf_note *note)
{
	const char *name = (const char *)(note + 1);
	const char *wanted = NOTE_NAME;

	if (note->type != NOTE_MANIFEST || note->namesz != sizeof NOTE_NAME)
		return false;
	for (u32 i = 0; i < sizeof NOTE_NAME; i++)
		if (name[i] != wanted[i])
			return false;
	return true;
}

/* The `left` bytes at `at` are notes: find the manifest, and its room. */
static const char *notes_read(struct image *image, const u8 *at, u32 left,
			      u32 *room)
{
	while (left >= sizeof(struct elf_note)) {
		const struct elf_note *note = (const struct elf_note *)at;
		u32 desc, end;

		at += sizeof *note;
		left -= (u32)sizeof *note;
		if (note->namesz > left)
			return "a note's name runs out of its segment";
		desc = word_up(note->namesz);
		if (!bytes_inside(desc, note->descsz, left))
			return "a note runs out of its segment";
		if (is_manifest(note)) {
			if (image->manifest)
				return "holds two manifests: link one domain";
			image->manifest = (const void *)(at + desc);
			*room = note->descsz;
		}
		end = word_up(desc + note->descsz);
		if (end > left)
			break;
		at += end;
		left -= end;
	}
	return NULL;
}

static const char *manifest_find(struct image *image, u32 size, u32 *room)
{
	const u8 *file = image->file;

	for (u32 i = 0; i < program_count(file); i++) {
		const struct elf_program *p = program(file, i);
		const char *why;

		if (p->type != ELF_NOTE)
			continue;
		if (p->offset % 4 != 0 ||
		    !bytes_inside(p->offset, p->filesz, size))
			return "its notes lie outside the file, "
			       "or not at a multiple of 4";
		why = notes_read(image, file + p->offset, p->filesz, room);
		if (why)
			return why;
	}
	if (!image->manifest)
		return "has no manifest: link in the .asm that gatec made "
		       "from its .dom";
	return NULL;
}

i32 image_check(const u8 *file, u32 size, struct image *out, const char **why)
{
	u32 room = 0;

	*out = (struct image){ .file = file };
	*why = header_check(file, size);
	if (!*why)
		*why = segments_read(out, size);
	if (!*why)
		*why = manifest_find(out, size, &room);
	if (!*why)
		*why = image_manifest_check(out, room);
	return *why ? -E_FORM : 0;
}

/*
 * ELF32 as files hold it: the few structures and numbers that the loader's
 * checker reads. From the System V ABI, edition 4.1, chapters 4 and 5, and
 * its Intel386 supplement. No code, no trust.
 */
#ifndef KERNEL_ELF_H
#define KERNEL_ELF_H

#include "gates/abi.h"

#define ELF_MAGIC      0x464C457Fu /* 0x7F "ELF" in memory */
#define ELF_CLASS_32   1
#define ELF_LITTLE     1
#define ELF_VERSION    1
#define ELF_EXECUTABLE 2 /* type ET_EXEC */
#define ELF_I386       3

struct elf_header {
	u32 magic;
	u8 class, data, ident_version;
	u8 padding[9];
	u16 type, machine;
	u32 version;
	u32 entry;
	u32 programs; /* file offset of the program headers */
	u32 sections;
	u32 flags;
	u16 header_size;
	u16 program_size, program_count;
	u16 section_size, section_count;
	u16 section_names;
};

struct elf_section {
	u32 name, type, flags;
	u32 address;
	u32 offset, size; /* in the file */
	u32 link, info, align, entry_size;
};

enum elf_program_type {
	ELF_NULL = 0,
	ELF_LOAD = 1,
	ELF_NOTE = 4,
	ELF_GNU_STACK = 0x6474E551,
};

enum elf_program_flag { ELF_X = 1, ELF_W = 2, ELF_R = 4 };

struct elf_program {
	u32 type;
	u32 offset; /* in the file */
	u32 vaddr, paddr;
	u32 filesz, memsz;
	u32 flags;
	u32 align;
};

/* A name and a descriptor follow, each padded to a multiple of 4 bytes. */
struct elf_note {
	u32 namesz, descsz;
	u32 type;
};

#endif

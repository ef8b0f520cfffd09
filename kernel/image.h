/*
 * The checker of domain files: says whether an ELF file is a domain that may
 * be loaded, and where everything in it lies. A pure function over the file's
 * bytes; what it has not checked, nobody may use.
 */
#ifndef KERNEL_IMAGE_H
#define KERNEL_IMAGE_H

#include "gates/manifest.h"

#define IMAGE_SEGMENTS	  4
#define IMAGE_FIRST	  4096u /* page 0 of a window stays unmapped */
#define IMAGE_MOST	  (16u << 20) /* offsets in an image end here */
#define IMAGE_MEMORY_MOST (64u << 20) /* heap, kept, DMA, one MMIO range */
#define IMAGE_STACK_LEAST 256u
#define IMAGE_STACK_MOST  (64u << 10)
#define IMAGE_IRQ_LAST	  23
#define IMAGE_SLOTS	  64 /* of one import */
#define IMAGE_FUNCTIONS	  64 /* of one imported gate */

enum image_access { IMAGE_TEXT, IMAGE_RODATA, IMAGE_DATA };

struct image_segment {
	u32 offset; /* in the window, a multiple of a page */
	u32 memsz; /* bytes in the window; beyond filesz they are zero */
	u32 filesz; /* bytes in the file */
	u32 file_offset; /* where they start there */
	u32 access; /* enum image_access */
};

struct image {
	const u8 *file;
	struct image_segment segments[IMAGE_SEGMENTS]; /* ascending offsets */
	u32 segment_count; /* the first of them is the text */
	u32 text_end; /* exact window offset of the end of the text */
	u32 image_end; /* of the last segment, rounded up to a page */
	u32 stack; /* bytes of one activation stack */
	const struct manifest *manifest; /* in the file, as its tables are */
	const struct manifest_port *ports;
	const struct manifest_mmio *mmios;
	const u32 *irqs;
	const struct manifest_pci *pcis;
	const struct manifest_export *exports;
	const struct manifest_entry *entries;
	const struct manifest_import *imports;
};

/*
 * Check the `size` bytes at `file`, which starts at a multiple of 4. Returns
 * 0 with all of `out` set; or -E_FORM with a sentence in `why` that names
 * what is wrong and what would put it right. `out` points into the file, and
 * holds for as long as those bytes stay as they are.
 */
i32 image_check(const u8 *file, u32 size, struct image *out, const char **why);

#endif

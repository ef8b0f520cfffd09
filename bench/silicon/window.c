/* Domains as segments of this process's LDT; see window.h. */
#include "window.h"

#include <asm/ldt.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gates/linkage.h"
#include "report.h"
#include "seg/selectors.h"

#define OWN_BYTES   16384u
#define STACK_BYTES 16384u
#define STACKS	    4u /* activation stacks of each window */
#define LINE	    64u /* bytes that CLFLUSH drops, or fewer */
#define SEGMENTS    (sizeof(struct door) * 8 * 2) /* of the doors' segment */
#define LDT_BITS    7u /* LDT, ring 3, where Bulkhead's selectors have ring 1 */

enum { CODE = 2, DATA = 0 }; /* modify_ldt's `contents` */

static struct crossing *crossing;
static uint8_t *doors;

/* How far a door lies from where the kernel's would: a code selector here is
 * larger by 6, and thunks multiply it by 8. */
#define SHIFT	   ((LDT_BITS - 1u) * 8u)
#define RING_BYTES 4096u

static void *memory_take(size_t size, int protection)
{
	void *at = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	if (at == MAP_FAILED)
		refuse("memory of %zu bytes to run code in: %s", size,
		       strerror(errno));
	return at;
}

static void segment_set(uint32_t slot, const void *base, uint32_t size,
			unsigned int contents)
{
	struct user_desc d = {
		.entry_number = slot,
		.base_addr = (uint32_t)base,
		.limit = size - 1,
		.seg_32bit = 1,
		.contents = contents & 3,
		.read_exec_only = contents == CODE, /* execute, not read */
		.useable = 1,
	};

	if (syscall(SYS_modify_ldt, 0x11, &d, sizeof(d)) < 0)
		refuse("modify_ldt: %s", strerror(errno));
}

static _Noreturn void malformed(const struct window *w, const char *what)
{
	fprintf(stderr, "silicon: %s: %s\n", w->path, what);
	exit(1);
}

static void file_map(struct window *w)
{
	struct stat state;
	int file = (int)must(open(w->path, O_RDONLY), w->path);
	void *at;

	must(fstat(file, &state), w->path);
	w->file_size = (size_t)state.st_size;
	at = mmap(NULL, w->file_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (at == MAP_FAILED)
		must(-1, w->path);
	close(file);
	w->file = at;
	if (w->file_size < sizeof(Elf32_Ehdr) ||
	    memcmp(w->file, ELFMAG, SELFMAG) != 0)
		malformed(w, "no ELF file");
}

/* Its program headers; `count` of them. */
static const Elf32_Phdr *parts(const struct window *w, uint32_t *count)
{
	const Elf32_Ehdr *head = (const Elf32_Ehdr *)w->file;

	*count = head->e_phnum;
	return (const Elf32_Phdr *)(w->file + head->e_phoff);
}

/* The end of the image; w->text_end too. */
static uint32_t image_size(struct window *w)
{
	uint32_t count, end = 0;
	const Elf32_Phdr *part = parts(w, &count);

	for (; count; count--, part++) {
		if (part->p_type != PT_LOAD)
			continue;
		if (part->p_vaddr + part->p_memsz > end)
			end = part->p_vaddr + part->p_memsz;
		if (part->p_flags & PF_X)
			w->text_end = part->p_vaddr + part->p_memsz;
	}
	return (end + 4095) & ~4095u;
}

static void image_copy(const struct window *w)
{
	uint32_t count;
	const Elf32_Phdr *part = parts(w, &count);

	for (; count; count--, part++)
		if (part->p_type == PT_LOAD)
			memcpy(w->base + part->p_vaddr,
			       w->file + part->p_offset, part->p_filesz);
}

void window_load(struct window *w, const char *path, uint32_t pair)
{
	uint32_t slot = SLOT_DOMAINS + 2 * pair;

	w->path = path;
	file_map(w);
	w->own = image_size(w);
	w->buffers[0] = w->own + OWN_BYTES;
	w->buffers[1] = w->buffers[0] + WINDOW_BUFFER;
	w->stack = w->buffers[1] + WINDOW_BUFFER + STACKS * STACK_BYTES;
	w->size = w->stack;
	w->base = memory_take(w->size, PROT_READ | PROT_WRITE | PROT_EXEC);
	image_copy(w);
	segment_set(slot, w->base, w->text_end, CODE);
	segment_set(slot + 1, w->base, w->size, DATA);
	w->code = LDT_SELECTOR(slot);
	w->data = LDT_SELECTOR(slot + 1);
}

uint32_t window_symbol(const struct window *w, const char *name)
{
	const Elf32_Ehdr *head = (const Elf32_Ehdr *)w->file;
	const Elf32_Shdr *all = (const Elf32_Shdr *)(w->file + head->e_shoff);

	for (uint32_t i = 0; i < head->e_shnum; i++) {
		const Elf32_Sym *one =
			(const void *)(w->file + all[i].sh_offset);
		const char *names =
			(const char *)w->file + all[all[i].sh_link].sh_offset;

		if (all[i].sh_type != SHT_SYMTAB)
			continue;
		for (uint32_t n = all[i].sh_size / sizeof(*one); n; n--, one++)
			if (strcmp(names + one->st_name, name) == 0)
				return one->st_value;
	}
	fprintf(stderr, "silicon: %s has no symbol %s\n", w->path, name);
	exit(1);
}

/* MOV EDI, the kernel's selector: to the same slot of the LDT. How many there
 * are, those from earlier times among them. */
static uint32_t selector_patch(struct window *w, uint32_t begin, uint32_t end,
			       uint8_t selector)
{
	const uint8_t rest[3] = { 0 };
	uint32_t count = 0;

	for (uint32_t at = begin; at + 5 <= end; at++)
		if (w->base[at] == 0xBF &&
		    (w->base[at + 1] | LDT_BITS) == (selector | LDT_BITS) &&
		    memcmp(w->base + at + 2, rest, sizeof(rest)) == 0) {
			w->base[at + 1] |= LDT_BITS;
			count++;
		}
	return count;
}

/* Where CALL FAR [slot] of a stub has its slot. */
static uint32_t slot_find(const struct window *w, uint32_t stub)
{
	uint32_t slot;

	while (stub + 6 < w->text_end &&
	       (w->base[stub] != 0xFF || w->base[stub + 1] != 0x1D))
		stub++;
	memcpy(&slot, w->base + stub + 2, sizeof(slot));
	if (slot > w->own - 8)
		malformed(w, "a stub without CALL FAR [slot]");
	return slot;
}

uint32_t window_patch(struct window *caller, const char *stub,
		      struct window *callee, const char *thunk)
{
	char name[64];
	uint32_t begin, end, changed;
	struct {
		uint32_t offset, selector;
	} slot;

	snprintf(name, sizeof(name), "thunk_%s", thunk);
	begin = window_symbol(callee, name);
	snprintf(name, sizeof(name), "down_%s", thunk);
	end = window_symbol(callee, name);
	changed = selector_patch(callee, begin, end, SEL_CROSSING) +
		  selector_patch(callee, begin, end, SEL_DOORS);
	if (changed != 4)
		malformed(callee, "a thunk that loads its selectors otherwise "
				  "than window_patch() knows");
	slot.offset = begin;
	slot.selector = callee->code;
	memcpy(caller->base + slot_find(caller, window_symbol(caller, stub)),
	       &slot, sizeof(slot));
	return changed;
}

static void door_fill(struct door *door, const struct window *w)
{
	door->base = (uint32_t)w->base;
	door->reach = w->size - 65536;
	door->limit = w->size - 1;
	door->free[0] = ((1u << STACKS) - 1) & ~1u; /* stack 0 is the loop's */
	for (uint32_t i = 0; i < STACKS; i++) {
		door->stacks[i].esp = w->stack - i * STACK_BYTES;
		door->stacks[i].ss = w->data;
	}
}

void window_tables(const struct window *pairs, uint32_t count)
{
	uint32_t size = RING_BYTES + 4096;

	crossing = memory_take(sizeof(*crossing), PROT_READ | PROT_WRITE);
	segment_set(SLOT_CROSSING, crossing, sizeof(*crossing), DATA);
	doors = memory_take(size, PROT_READ | PROT_WRITE);
	segment_set(SLOT_DOORS, doors, size, DATA);
	for (uint32_t i = 0; i < count; i++)
		door_fill((struct door *)(doors + RING_BYTES + SHIFT) + i,
			  &pairs[i]);
}

void window_lend(const struct window *w, uint32_t slot, uint32_t offset,
		 uint32_t size)
{
	segment_set(slot, w->base + offset, size, DATA);
}

static void range_flush(const uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i < size; i += LINE)
		__asm__ volatile("clflush %0" : : "m"(at[i]) : "memory");
	__asm__ volatile("mfence" : : : "memory");
}

void window_flush(const struct window *w)
{
	range_flush(w->base, w->own + OWN_BYTES);
	range_flush(w->base + w->stack - STACKS * STACK_BYTES,
		    STACKS * STACK_BYTES);
	range_flush((const uint8_t *)crossing, sizeof(*crossing));
	range_flush(doors, RING_BYTES + 4096);
}

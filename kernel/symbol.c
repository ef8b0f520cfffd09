/*
 * Reads symbol tables, and the section that tools/lines adds, out of an ELF
 * file in memory. Believes no offset, count or name before it has checked it;
 * wrong contents can make an answer wrong, never a read outside the file.
 */
#include "kernel/symbol.h"

#include <stdbool.h>

#include "kernel/elf.h"

#define SECTION_SYMBOLS 2 /* section types and flags: System V ABI, chapter 4 \
			   */
#define SECTION_STRINGS 3
#define SECTION_NO_BITS 8
#define SECTION_ALLOC	2
#define SECTION_TEXT	4
#define INDEX_UNDEFINED 0

enum symbol_type { SYMBOL_NONE, SYMBOL_OBJECT, SYMBOL_FUNCTION };

#define LINES_SECTION ".bulkhead.lines"
#define LINES_MAGIC   0x454E494Cu /* "LINE" in memory */

/* Tables may start anywhere in the file: no alignment is assumed. */
#define LOOSE __attribute__((packed, aligned(1)))

typedef struct elf_header loose_header __attribute__((aligned(1)));

struct section {
	u32 name, type, flags;
	u32 address;
	u32 offset, size;
	u32 link, info, align, entry_size;
} LOOSE;

struct symbol {
	u32 name;
	u32 value, size;
	u8 info, other;
	u16 section;
} LOOSE;

struct lines_header {
	u32 magic;
	u32 rows;
	u32 strings; /* offset in the section of the first file name */
	u32 size;
} LOOSE;

struct lines_row {
	u32 address;
	u16 file, line;
} LOOSE;

struct file_offset {
	u32 offset; /* from `strings` */
} LOOSE;

/* A run of bytes that is known to lie in the file. */
struct extent {
	const u8 *start;
	u32 size;
};

struct elf {
	struct extent file;
	const struct section *sections;
	u32 section_count;
	u32 names; /* index of the section names' section */
};

/* `count` entries of `each` bytes from `offset`, or null if they stick out. */
static const void *table_at(struct extent in, u32 offset, u32 count, u32 each)
{
	if (offset > in.size || count > (in.size - offset) / each)
		return 0;
	return in.start + offset;
}

static i32 elf_open(const u8 *file, u32 size, struct elf *elf)
{
	struct extent whole = { .start = file, .size = size };
	const loose_header *h = table_at(whole, 0, 1, sizeof(*h));

	if (!h || h->magic != ELF_MAGIC || h->class != ELF_CLASS_32 ||
	    h->data != ELF_LITTLE || h->machine != ELF_I386)
		return -E_FORM;
	if (h->section_count == 0)
		return -E_NAME;
	if (h->section_size != sizeof(struct section))
		return -E_FORM;
	*elf = (struct elf){
		.file = whole,
		.sections = table_at(whole, h->sections, h->section_count,
				     sizeof(struct section)),
		.section_count = h->section_count,
		.names = h->section_names,
	};
	return elf->sections ? 0 : -E_FORM;
}

/* The section's bytes; none if it has none in the file or they stick out. */
static struct extent section_bytes(const struct elf *elf, u32 index)
{
	const struct section *s;
	struct extent none = { 0, 0 };

	if (index >= elf->section_count)
		return none;
	s = &elf->sections[index];
	if (s->type == SECTION_NO_BITS ||
	    !table_at(elf->file, s->offset, s->size, 1))
		return none;
	return (struct extent){ elf->file.start + s->offset, s->size };
}

/* The name at `offset` of a string table, or null if it may not be shown. */
static const char *name_at(struct extent strings, u32 offset)
{
	u32 length = 0;

	if (offset >= strings.size)
		return 0;
	while (strings.start[offset + length] != 0) {
		u8 c = strings.start[offset + length];

		length++;
		if (c <= ' ' || c > '~' || length > SYMBOL_NAME_MOST ||
		    length >= strings.size - offset)
			return 0;
	}
	return length ? (const char *)strings.start + offset : 0;
}

static bool names_match(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (*a == 0)
			return true;
	return false;
}

struct symbol_table {
	const struct symbol *symbols;
	u32 count;
	struct extent strings;
};

static i32 symbols_open(const struct elf *elf, struct symbol_table *out)
{
	u32 i = 0;

	while (elf->sections[i].type != SECTION_SYMBOLS)
		if (++i == elf->section_count)
			return -E_NAME;

	u32 link = elf->sections[i].link;
	struct extent bytes = section_bytes(elf, i);

	if (elf->sections[i].entry_size != sizeof(struct symbol) ||
	    link >= elf->section_count ||
	    elf->sections[link].type != SECTION_STRINGS)
		return -E_FORM;
	*out = (struct symbol_table){
		.symbols = (const struct symbol *)bytes.start,
		.count = bytes.size / sizeof(struct symbol),
		.strings = section_bytes(elf, link),
	};
	return 0;
}

static bool symbol_is_global(const struct symbol *s)
{
	return s->info >> 4 != 0;
}

static bool symbol_is_defined(const struct symbol *s)
{
	return s->section != INDEX_UNDEFINED && (s->info & 15) <= 2;
}

/* The section that is at `address` when loaded, or section_count. */
static u32 section_find(const struct elf *elf, u32 address)
{
	u32 i;

	for (i = 0; i < elf->section_count; i++) {
		const struct section *s = &elf->sections[i];

		if (s->flags & SECTION_ALLOC && address >= s->address &&
		    address - s->address < s->size)
			break;
	}
	return i;
}

/* Of two symbols, neither after the address: does `a` name it better? */
static bool symbol_is_nearer(const struct symbol *a, const struct symbol *b)
{
	bool a_typed = (a->info & 15) != SYMBOL_NONE;
	bool b_typed = (b->info & 15) != SYMBOL_NONE;

	if (a->value != b->value)
		return a->value > b->value;
	if (a_typed != b_typed)
		return a_typed;
	return symbol_is_global(a) && !symbol_is_global(b);
}

i32 symbol_find(const u8 *file, u32 size, u32 address, const char **name,
		u32 *offset)
{
	struct elf elf;
	struct symbol_table table;
	const struct symbol *best = 0;
	u8 unwanted;
	u32 home;
	i32 error = elf_open(file, size, &elf);

	if (!error)
		error = symbols_open(&elf, &table);
	if (error)
		return error;
	home = section_find(&elf, address);
	if (home == elf.section_count)
		return -E_NAME;
	unwanted = elf.sections[home].flags & SECTION_TEXT ? SYMBOL_OBJECT :
							     SYMBOL_FUNCTION;
	for (u32 i = 0; i < table.count; i++) {
		const struct symbol *s = &table.symbols[i];

		const char *text = name_at(table.strings, s->name);

		/* an assembler's own labels begin with a dot */
		if (s->section == home && symbol_is_defined(s) &&
		    (s->info & 15) != unwanted && s->value <= address &&
		    (!best || symbol_is_nearer(s, best)) && text &&
		    text[0] != '.')
			best = s;
	}
	if (!best)
		return -E_NAME;
	*name = name_at(table.strings, best->name);
	*offset = address - best->value;
	return 0;
}

i32 symbol_value(const u8 *file, u32 size, const char *name, u32 *value)
{
	struct elf elf;
	struct symbol_table table;
	const struct symbol *best = 0;
	i32 error = elf_open(file, size, &elf);

	if (!error)
		error = symbols_open(&elf, &table);
	if (error)
		return error;
	for (u32 i = 0; i < table.count; i++) {
		const struct symbol *s = &table.symbols[i];
		const char *its = name_at(table.strings, s->name);

		if (its && symbol_is_defined(s) && names_match(its, name) &&
		    (!best || symbol_is_global(s)))
			best = s;
	}
	if (!best)
		return -E_NAME;
	*value = best->value;
	return 0;
}

struct line_table {
	const struct lines_row *rows;
	u32 row_count;
	const struct file_offset *files; /* of file 1 first */
	u32 file_count;
	struct extent strings;
};

static i32 lines_open(const struct elf *elf, struct line_table *out)
{
	struct extent names = section_bytes(elf, elf->names);
	const struct lines_header *h;
	struct extent bytes;
	u32 i = 0, files;

	for (;; i++) {
		const char *name;

		if (i == elf->section_count)
			return -E_NAME;
		name = name_at(names, elf->sections[i].name);
		if (name && names_match(name, LINES_SECTION))
			break;
	}
	bytes = section_bytes(elf, i);
	h = table_at(bytes, 0, 1, sizeof(*h));
	if (!h || h->magic != LINES_MAGIC || h->size != bytes.size)
		return -E_FORM;
	out->row_count = h->rows;
	out->rows =
		table_at(bytes, sizeof(*h), h->rows, sizeof(struct lines_row));
	if (!out->rows || h->strings > bytes.size)
		return -E_FORM;
	files = (u32)sizeof(*h) + h->rows * (u32)sizeof(struct lines_row);
	if (h->strings < files)
		return -E_FORM;
	out->files = (const struct file_offset *)(bytes.start + files);
	out->file_count = (h->strings - files) / (u32)sizeof(*out->files);
	out->strings = (struct extent){ bytes.start + h->strings,
					bytes.size - h->strings };
	return 0;
}

/* How many rows begin at or before `address`. */
static u32 rows_before(const struct line_table *table, u32 address)
{
	u32 low = 0, high = table->row_count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (table->rows[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

i32 line_find(const u8 *file, u32 size, u32 address, const char **file_name,
	      u32 *line)
{
	struct elf elf;
	struct line_table table;
	const struct lines_row *row;
	const char *name;
	u32 before;
	i32 error = elf_open(file, size, &elf);

	if (!error)
		error = lines_open(&elf, &table);
	if (error)
		return error;
	before = rows_before(&table, address);
	if (before == 0)
		return -E_NAME;
	row = &table.rows[before - 1];
	if (row->file == 0 || row->line == 0)
		return -E_NAME;
	if (row->file > table.file_count)
		return -E_FORM;
	name = name_at(table.strings, table.files[row->file - 1].offset);
	if (!name)
		return -E_FORM;
	*file_name = name;
	*line = row->line;
	return 0;
}

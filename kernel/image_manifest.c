/*
 * The checker of domain files: the manifest. image.c has found it and the
 * segments; here every count, name, number and offset in it is judged. The
 * order is that of the steps: a table is read only after tables_find().
 */
#include "kernel/image_manifest.h"

#include <stddef.h>

#define PAGE 4096u

/* [a-z0-9_], a letter first, NULs up to the end and at least one of them. */
static bool name_is_clean(const char name[MANIFEST_NAME_SIZE])
{
	u32 n = 0;

	for (; n < MANIFEST_NAME_SIZE && name[n]; n++) {
		char c = name[n];
		bool letter = c >= 'a' && c <= 'z';
		bool later = (c >= '0' && c <= '9') || c == '_';

		if (!letter && (n == 0 || !later))
			return false;
	}
	if (n == 0 || n == MANIFEST_NAME_SIZE)
		return false;
	for (; n < MANIFEST_NAME_SIZE; n++)
		if (name[n])
			return false;
	return true;
}

static bool name_equal(const char *a, const char *b)
{
	u32 n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return a[n] == b[n];
}

static const char *fields_check(const struct manifest *m, u32 room)
{
	if (room < sizeof *m || m->magic != MANIFEST_MAGIC)
		return "its manifest is not one: build it with gatec";
	if (m->version != MANIFEST_VERSION)
		return "its manifest is of another version: build it anew";
	if (m->size < sizeof *m || m->size > room)
		return "its manifest is cut off";
	if (!name_is_clean(m->name))
		return "its name is not 1 to 15 of a-z, 0-9 and _";
	if (m->flags & ~(u32)MANIFEST_CONCURRENT || m->zero)
		return "its manifest sets flags that mean nothing";
	if (m->stack < IMAGE_STACK_LEAST || m->stack > IMAGE_STACK_MOST)
		return "`stack` is not 256 to 64K";
	if (m->heap > IMAGE_MEMORY_MOST || m->kept > IMAGE_MEMORY_MOST ||
	    m->dma > IMAGE_MEMORY_MOST || m->needs > IMAGE_MEMORY_MOST)
		return "`memory` or `needs` asks for more than 64M";
	if (m->dma_below && (m->dma == 0 || m->dma > m->dma_below))
		return "`dma` does not fit below its address";
	return NULL;
}

static const void *table(const struct manifest *m, u32 at, u32 count, u32 most,
			 u32 each)
{
	if (count > most)
		return NULL;
	if (count == 0)
		return m;
	if (at % 4 != 0 || at < sizeof *m ||
	    !bytes_inside(at, count * each, m->size))
		return NULL;
	return (const u8 *)m + at;
}

static const char *tables_find(struct image *i, const struct manifest *m)
{
	i->ports = table(m, m->ports, m->port_count, MANIFEST_PORTS,
			 sizeof *i->ports);
	i->mmios = table(m, m->mmios, m->mmio_count, MANIFEST_MMIOS,
			 sizeof *i->mmios);
	i->irqs =
		table(m, m->irqs, m->irq_count, MANIFEST_IRQS, sizeof *i->irqs);
	i->pcis =
		table(m, m->pcis, m->pci_count, MANIFEST_PCIS, sizeof *i->pcis);
	i->exports = table(m, m->exports, m->export_count, MANIFEST_EXPORTS,
			   sizeof *i->exports);
	i->entries = table(m, m->entries, m->entry_count, MANIFEST_ENTRIES,
			   sizeof *i->entries);
	i->imports = table(m, m->imports, m->import_count, MANIFEST_IMPORTS,
			   sizeof *i->imports);
	if (!i->ports || !i->mmios || !i->irqs || !i->pcis || !i->exports ||
	    !i->entries || !i->imports)
		return "a table of its manifest is too long or lies outside";
	return NULL;
}

static const char *devices_check(const struct image *i)
{
	const struct manifest *m = i->manifest;

	for (u32 n = 0; n < m->port_count; n++)
		if (i->ports[n].first > i->ports[n].last)
			return "a range in `ports` ends before it starts";
	for (u32 n = 0; n < m->mmio_count; n++) {
		if (i->mmios[n].first > i->mmios[n].last)
			return "a range in `mmio` ends before it starts";
		if (i->mmios[n].first % PAGE || (i->mmios[n].last + 1) % PAGE)
			return "a range in `mmio` is not of whole pages";
		if (i->mmios[n].last - i->mmios[n].first >= IMAGE_MEMORY_MOST)
			return "a range in `mmio` is larger than 64M";
	}
	for (u32 n = 0; n < m->irq_count; n++) {
		if (i->irqs[n] > IMAGE_IRQ_LAST)
			return "`irq` names a line above 23";
		for (u32 k = 0; k < n; k++)
			if (i->irqs[k] == i->irqs[n])
				return "`irq` names a line twice";
	}
	for (u32 n = 0; n < m->pci_count; n++)
		if (i->pcis[n].by_class > 1 ||
		    (i->pcis[n].by_class && i->pcis[n].match > 0xFFFF))
			return "`pci` matches what cannot be";
	return NULL;
}

static const char *entry_check(const struct image *i, u32 index)
{
	const struct manifest_entry *e = &i->entries[index];
	u32 text = i->segments[0].offset;

	if (e->across < text || e->across >= i->text_end || e->down < text ||
	    e->down >= i->text_end)
		return "an entry lies outside the text";
	if (e->words > 5)
		return "an entry takes more than 5 words";
	if (e->buffer[0] > BUFFER_INTO || e->buffer[1] > BUFFER_INTO ||
	    (e->buffer[1] && e->buffer[0] == e->buffer[1]) ||
	    (e->buffer[1] && !e->buffer[0]))
		return "an entry's buffers are not one `from` and one `into` "
		       "at most";
	if (e->flags & ~(u32)(ENTRY_WAITS | ENTRY_AGAIN) || e->zero)
		return "an entry sets flags that mean nothing";
	if (e->needs > IMAGE_MEMORY_MOST)
		return "an entry needs more than 64M";
	if (e->id == 0)
		return "an entry has no number";
	for (u32 k = 0; k < index; k++)
		if (i->entries[k].id == e->id)
			return "two entries have the same number";
	return NULL;
}

/* The exports in order own all entries in order, each entry once. */
static const char *exports_check(const struct image *i)
{
	const struct manifest *m = i->manifest;
	u32 next = 0;
	bool lives = false;

	for (u32 n = 0; n < m->export_count; n++) {
		const struct manifest_export *e = &i->exports[n];

		if (!name_is_clean(e->gate))
			return "an exported gate's name is malformed";
		for (u32 k = 0; k < n; k++)
			if (name_equal(i->exports[k].gate, e->gate))
				return "exports a gate twice";
		if (e->first_entry != next || e->entry_count == 0 ||
		    e->entry_count > m->entry_count - next)
			return "its exports do not share out its entries";
		next += e->entry_count;
		lives |= name_equal(e->gate, "life");
	}
	if (next != m->entry_count)
		return "an entry belongs to no export";
	if (!lives)
		return "does not export `life`: build it with gatec";
	for (u32 n = 0; n < m->entry_count; n++) {
		const char *why = entry_check(i, n);

		if (why)
			return why;
	}
	return NULL;
}

static u32 slot_bytes(const struct manifest_import *import)
{
	return (u32)sizeof(struct far_slot) * import->slots * import->functions;
}

static bool is_read_only(const struct image *i, u32 at, u32 bytes)
{
	for (u32 n = 0; n < i->segment_count; n++) {
		const struct image_segment *s = &i->segments[n];

		if (s->access == IMAGE_RODATA && at >= s->offset &&
		    bytes_inside(at - s->offset, bytes, s->memsz))
			return true;
	}
	return false;
}

static const char *imports_check(const struct image *i)
{
	for (u32 n = 0; n < i->manifest->import_count; n++) {
		const struct manifest_import *one = &i->imports[n];

		if (!name_is_clean(one->gate))
			return "an imported gate's name is malformed";
		if (one->slots == 0 || one->slots > IMAGE_SLOTS)
			return "an import has not 1 to 64 slots";
		if (one->functions == 0 || one->functions > IMAGE_FUNCTIONS)
			return "an imported gate has not 1 to 64 functions";
		if (one->table % sizeof(struct far_slot) != 0 ||
		    !is_read_only(i, one->table, slot_bytes(one)))
			return "an import's slots are not read-only data at a "
			       "multiple of 8";
		for (u32 k = 0; k < n; k++) {
			const struct manifest_import *two = &i->imports[k];

			if (one->table < two->table + slot_bytes(two) &&
			    two->table < one->table + slot_bytes(one))
				return "the slots of two imports overlap";
		}
	}
	if (i->manifest->doors % sizeof(struct far_slot) != 0 ||
	    !is_read_only(i, i->manifest->doors,
			  MANIFEST_DOORS * sizeof(struct far_slot)))
		return "the slots of the core's doors are not read-only data "
		       "at a multiple of 8";
	return NULL;
}

const char *image_manifest_check(struct image *image, u32 room)
{
	const char *why = fields_check(image->manifest, room);

	if (!why)
		why = tables_find(image, image->manifest);
	if (!why)
		why = devices_check(image);
	if (!why)
		why = exports_check(image);
	if (!why)
		why = imports_check(image);
	image->stack = why ? 0 : image->manifest->stack;
	return why;
}

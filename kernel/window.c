/*
 * What lies where in a window:
 *
 *   0        page 0, unmapped
 *   4 KiB    text (read-only), constants, data: as the file has them
 *            kept, DMA and device memory, a hole before each; kept memory
 *            beyond its first 64 KiB is mapped as it grows
 *            heap, mapped as it grows
 *            activation stacks, an unmapped page below each
 *   end      64 KiB that are never mapped, so that a lend's short check
 *            against `reach` covers everything before them
 */
#include "kernel/window.h"

#include "kernel/cpu.h"
#include "kernel/flat.h"
#include "kernel/kept.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"

#define TAIL	   0x10000u
#define STACKS	   64u /* activation stacks in a window at most */
#define READ_ONLY  PAGE_GLOBAL
#define READ_WRITE (PAGE_GLOBAL | PAGE_WRITE)

static u32 pages_up(u32 bytes)
{
	return (bytes + PAGE - 1) & ~(PAGE - 1);
}

/* Reserve `bytes` of the window behind a hole; returns the offset. */
static u32 lay(u32 *end, u32 bytes)
{
	u32 at = *end + PAGE;

	if (!bytes)
		return 0;
	*end = at + pages_up(bytes);
	return at;
}

static void layout(struct generation *g)
{
	const struct image *image = &g->domain->image;
	const struct manifest *m = image->manifest;
	u32 end = image->image_end;

	g->kept = lay(&end, m->kept);
	g->dma = lay(&end, m->dma);
	for (u32 i = 0; i < m->mmio_count; i++)
		g->mmio[i] =
			lay(&end, image->mmios[i].last - image->mmios[i].first +
					  1 + image->mmios[i].first % PAGE);
	g->heap = lay(&end, m->heap);
	g->heap_end = g->heap;
	g->heap_most = g->heap + pages_up(m->heap);
	g->stack_bytes = pages_up(image->stack);
	g->stack_most = STACKS;
	g->stacks = end;
	end += STACKS * (g->stack_bytes + PAGE) + TAIL;
	g->size = (end + TAIL - 1) & ~(TAIL - 1);
}

static i32 map_new(u32 linear, u32 flags)
{
	struct physical p = frame_take_zero_now();

	if (!frame_ok(p))
		return -E_MEMORY;
	page_map(linear, p, flags);
	return 0;
}

static i32 map_segment(struct generation *g, const struct image_segment *s)
{
	const u8 *file = g->domain->image.file + s->file_offset;
	u32 flags = s->access == IMAGE_DATA ? READ_WRITE : READ_ONLY;

	for (u32 at = 0; at < s->memsz; at += PAGE) {
		u32 linear = g->base + s->offset + at;

		if (map_new(linear, flags) < 0)
			return -E_MEMORY;
		if (at < s->filesz)
			memory_copy(direct((struct physical){
					    page_entry(linear) & ~0xFFFu }),
				    file + at, min(PAGE, s->filesz - at));
	}
	return 0;
}

static void map_devices(struct generation *g)
{
	const struct image *image = &g->domain->image;

	for (u32 i = 0; i < pages_up(image->manifest->dma) / PAGE; i++)
		page_map(g->base + g->dma + i * PAGE,
			 (struct physical){ g->domain->dma.address + i * PAGE },
			 READ_WRITE);
	for (u32 n = 0; n < image->manifest->mmio_count; n++) {
		u32 first = image->mmios[n].first & ~(PAGE - 1);

		for (u32 at = 0; at <= image->mmios[n].last - first; at += PAGE)
			page_map(g->base + g->mmio[n] + at,
				 (struct physical){ first + at },
				 READ_WRITE | PAGE_UNCACHED);
	}
}

i32 window_make(struct generation *g)
{
	const struct image *image = &g->domain->image;

	layout(g);
	g->base = range_take(&range_windows, g->size);
	if (!g->base)
		return -E_MEMORY;
	g->origin = FLAT_BUILD ? g->base : 0;
	for (u32 i = 0; i < image->segment_count; i++)
		if (map_segment(g, &image->segments[i]) < 0) {
			window_free(g);
			return -E_MEMORY;
		}
	if (g->organization == ORGANIZATION_FLAT && flat_relocate(g) < 0) {
		window_free(g);
		return -E_FORM;
	}
	kept_map(g);
	map_devices(g);
	return 0;
}

static int owned_by_window(const struct generation *g, u32 offset)
{
	const struct manifest *m = g->domain->image.manifest;

	if (g->kept && offset >= g->kept && offset < g->kept + m->kept)
		return 0;
	if (g->dma && offset >= g->dma && offset < g->dma + m->dma)
		return 0;
	for (u32 i = 0; i < m->mmio_count; i++)
		if (offset >= g->mmio[i] &&
		    offset - g->mmio[i] <=
			    g->domain->image.mmios[i].last -
				    (g->domain->image.mmios[i].first &
				     ~(PAGE - 1)))
			return 0;
	return 1;
}

/*
 * Pages are unmapped while the world stands, and their frames given back after
 * it has gone on, when no TLB knows them: until then they hang in a list, each
 * frame's first word leading to the next.
 */
void window_unmap(struct generation *g)
{
	for (u32 offset = 0; offset < g->size; offset += PAGE) {
		struct physical p = page_unmap(g->base + offset);

		if (!frame_ok(p) || !owned_by_window(g, offset))
			continue;
		*(u32 *)direct(p) = g->unmapped;
		g->unmapped = p.address | 1;
	}
	tlb_flush_local();
	g->empty = 1;
}

void window_free(struct generation *g)
{
	if (!g->empty) {
		world_stop();
		window_unmap(g);
		world_start();
	}
	while (g->unmapped) {
		struct physical p = { g->unmapped & ~1u };

		g->unmapped = *(u32 *)direct(p);
		frame_give(p, 0);
	}
	range_give(&range_windows, g->base, g->size);
	g->base = 0;
}

void window_write(struct generation *g, u32 offset, const void *bytes, u32 size)
{
	const u8 *b = bytes;

	while (size) {
		u32 entry = page_entry(g->base + offset);
		u32 n = min(size, PAGE - offset % PAGE);

		assert(entry);
		memory_copy((u8 *)direct((struct physical){ entry & ~0xFFFu }) +
				    offset % PAGE,
			    b, n);
		offset += n;
		b += n;
		size -= n;
	}
}

u32 window_read(const struct generation *g, u32 offset, void *bytes, u32 size)
{
	u8 *b = bytes;
	u32 present = 0;

	memory_fill(bytes, 0, size);
	while (size && offset < g->size) {
		u32 n = min(size, PAGE - offset % PAGE);
		u32 entry = page_entry(g->base + offset);

		if (entry && (entry & ~0xFFFu) < frame_total_bytes()) {
			memory_copy(b,
				    (u8 *)direct((struct physical){ entry &
								    ~0xFFFu }) +
					    offset % PAGE,
				    n);
			present += n;
		}
		offset += n;
		b += n;
		size -= n;
	}
	return present;
}

/* What a Multiboot 1 loader left in memory. */
#include "kernel/boot.h"

#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"

#define LOADER_MAGIC 0x2BADB002u
#define HAS_COMMAND  (1u << 2)
#define HAS_MODULES  (1u << 3)
#define HAS_MAP	     (1u << 6)
#define USABLE	     1u
#define LOW_MEMORY   0x100000u

struct info {
	u32 flags, lower, upper, device, command, module_count, modules;
	u32 symbols[4], map_size, map;
};

struct module {
	u32 first, end, text, zero;
};

struct region {
	u32 size, base, base_high, length, length_high, type;
};

struct boot boot;
extern u8 core_end[];

static void *at(u32 physical)
{
	return direct((struct physical){ physical });
}

/* Memory between `first` and `end` that lies below what the map covers. */
static void visit_map(const struct info *info,
		      void (*visit)(u32 first, u32 end))
{
	u32 done = 0;

	while (done + sizeof(struct region) <= info->map_size) {
		const struct region *r = at(info->map + done);
		u32 end = r->base + r->length;

		done += r->size + 4;
		if (r->type != USABLE)
			continue;
		if (r->base_high || r->base >= DIRECT_SIZE) {
			boot.beyond += r->length >> 10;
			continue;
		}
		if (r->length_high || end > DIRECT_SIZE || end < r->base) {
			boot.beyond += (end - DIRECT_SIZE) >> 10;
			end = DIRECT_SIZE;
		}
		visit(r->base, end);
	}
}

static u32 top, taken_end;

static void find_top(u32 first, u32 end)
{
	boot.memory += end - first;
	top = max(top, end);
}

/* Low memory stays free but page 0; above 1 MiB, what lies behind us. */
static void give(u32 first, u32 end)
{
	first = max(first, PAGE);
	if (first < LOW_MEMORY)
		frame_add((first + PAGE - 1) & ~(PAGE - 1),
			  min(end, 0x9F000u) & ~(PAGE - 1));
	first = max(first, taken_end);
	if (first < end)
		frame_add((first + PAGE - 1) & ~(PAGE - 1), end & ~(PAGE - 1));
}

static struct module_view module_view(const struct module *m)
{
	if (m->first >= m->end || m->end > DIRECT_SIZE)
		panic("a boot module lies outside memory: %08x-%08x", m->first,
		      m->end);
	taken_end = max(taken_end, m->end);
	return (struct module_view){ at(m->first), m->end - m->first };
}

/* The first is the boot archive; the rest make the root. */
static void read_modules(const struct info *info)
{
	const struct module *m = at(info->modules);

	if (!(info->flags & HAS_MODULES) || !info->module_count)
		return;
	struct module_view first = module_view(m);
	boot.archive = first.bytes;
	boot.archive_size = first.size;
	if (info->module_count > BOOT_ROOTS + 1)
		panic("more than %u boot modules", BOOT_ROOTS + 1);
	for (u32 i = 1; i < info->module_count; i++)
		boot.roots[boot.root_count++] = module_view(&m[i]);
}

void boot_read(u32 magic, u32 physical)
{
	const struct info *info = at(physical);
	struct info copy;

	if (magic != LOADER_MAGIC)
		panic("not started by a Multiboot loader (EAX %08x)", magic);
	copy = *info;
	if (!(copy.flags & HAS_MAP))
		panic("the boot loader gave no memory map");
	if (copy.flags & HAS_COMMAND)
		text_copy(boot.command_line, sizeof(boot.command_line),
			  at(copy.command));
	taken_end = (u32)core_end - LINEAR_CORE;
	read_modules(&copy);
	/* the map itself may lie in what is given away: keep clear of it */
	if (copy.map >= LOW_MEMORY)
		taken_end = max(taken_end, copy.map + copy.map_size);
	visit_map(&copy, find_top);
	top = min(top, (u32)DIRECT_SIZE);
	taken_end = (taken_end + PAGE - 1) & ~(PAGE - 1);
	taken_end += frame_init(at(taken_end), top);
	visit_map(&copy, give);
}

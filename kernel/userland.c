/*
 * From running domains to the first process: the root is a tmpfs filled from
 * the boot modules, and init is process 1.
 */
#include "kernel/userland.h"

#include "kernel/boot.h"
#include "kernel/disk/disk.h"
#include "kernel/linux/vdso.h"
#include "kernel/options.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/process/process.h"
#include "kernel/tsc.h"
#include "kernel/vfs/change.h"
#include "kernel/vfs/path.h"
#include "kernel/vfs/terminal.h"

/* Milliseconds since `then`. */
static u32 milliseconds_since(u64 then)
{
	return (u32)tsc_to_us(tsc_read() - then) / 1000;
}

/* root=NAME: a disk's; else memory, for the archives alone. */
static i32 root_mount(void)
{
	char device[20];
	struct mounting how = {
		.type = "tmpfs", .domain = "tmpfs", .source = "root", .options = "mode=755"
	};

	if (*options.root) {
		print_to(device, sizeof(device), "/dev/%s", options.root);
		how = (struct mounting){ .type = "ext3",
					 .domain = "ext2",
					 .source = device,
					 .options = "",
					 .disk = disk_named(options.root) };
		if (!how.disk)
			panic("root=%s: there is no such disk", options.root);
	}
	return mount_make(&how, (struct place){ 0 });
}

static void root_make(void)
{
	u64 begin = tsc_read();
	i32 error = root_mount();

	if (error < 0)
		panic("the root cannot be mounted (%d)", error);
	for (u32 i = 0; i < boot.root_count; i++) {
		error = unpack_archive(boot.roots[i].bytes, boot.roots[i].size);
		if (error < 0)
			panic("root archive %u cannot be unpacked (%d)", i,
			      error);
	}
	print("root: unpacked in %u ms\n", milliseconds_since(begin));
}

void userland_start(void)
{
	vdso_choose();
	terminal_start();
	root_make();
	process_first(options.init);
}

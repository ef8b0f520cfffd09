/*
 * From running domains to the first process: the root is a tmpfs filled from
 * the boot modules, and init is process 1.
 */
#include "kernel/userland.h"

#include "kernel/boot.h"
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

static void root_make(void)
{
	u64 begin = tsc_read();
	i32 error = mount_make("tmpfs", "root", (struct place){ 0 }, 0,
			       "mode=755");

	if (error < 0)
		panic("the root cannot be made (%d)", error);
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

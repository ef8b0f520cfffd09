/*
 * The core, from the boot loader's hands to running domains. Read this first:
 * each line leads to the file that does it.
 */
#include "gates/check.h"
#include "kernel/bind.h"
#include "kernel/boot.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/disk/disk.h"
#include "kernel/fault.h"
#include "kernel/frame.h"
#include "kernel/irq.h"
#include "kernel/load.h"
#include "kernel/options.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/process/fpu.h"
#include "kernel/prompt.h"
#include "kernel/trap.h"
#include "kernel/userland.h"
#include "seg/gdt.h"
#include "seg/probe.h"

static void first_thread(void *argument)
{
	(void)argument;
	load_boot_domains();
	disks_find();
	if ((boot.root_count || *options.root) && !options.com1_is_channel && !options.monitor) {
		userland_start();
		return;
	}
	console_start();
	prompt_run();
}

_Noreturn void core_main(u32 magic, u32 info);
_Noreturn void core_main(u32 magic, u32 info)
{
	thread_init();
	print_init(0);
	print_set_screen((void *)(LINEAR_CORE + 0xB8000));
	boot_read(magic, info);
	options_read(boot.command_line);
	print_init(options.com1_is_channel || options.com1_is_framed);
	page_init();
	if (gdt_make(&cpus[0]) < 0)
		panic("no memory for the first CPU's tables");
	trap_init();
	gdt_load(&cpus[0]);
	trap_load();
	fpu_init();
	print("Bulkhead: %u KiB of memory free\n", frame_free_count() * 4);
	if (boot.beyond)
		print("boot: %u KiB above 640 MiB stay unused\n", boot.beyond);
	bind_init();
	irq_init();
	cpu_start_all();
	page_drop_identity();
	page_seal();
	probe_run();
	print_start();
	undertaker_start();
	if (!thread_start("prompt", RANK_NORMAL, first_thread, 0))
		panic("no memory for the first thread");
	thread_current()->no_preempt = 0;
	__asm__ volatile("sti");
	thread_idle();
}

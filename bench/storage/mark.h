/*
 * Where a measured run begins (0) and ends (1), for plugins of QEMU: a no-op
 * with a number in it that no compiler makes.
 */
#ifndef BENCH_STORAGE_MARK_H
#define BENCH_STORAGE_MARK_H

#define MARK(n) \
	__asm__ volatile(".byte 0x0F, 0x1F, 0x80, " #n ", 0xB0, 0x1E, 0x5A" \
			 : \
			 : \
			 : "memory")

#endif

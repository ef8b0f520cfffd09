/* Domains from the boot archive. */
#ifndef KERNEL_LOAD_H
#define KERNEL_LOAD_H

#include "kernel/domain.h"

/* Load everything under domains/ and start it, exporters before importers. */
void load_boot_domains(void);

/*
 * Load `name` from the boot archive (domains/NAME or tests/NAME), not started.
 * Says on the console why it cannot. -E_NAME if it is not there.
 */
i32 load_domain(const char *name, struct domain **out);

/* Load one more domain from the file of `kind`, as `name`: quietly -E_NAME if
 * there is none, or it is not one to be had several times. */
i32 load_instance(const char *kind, const char *name, struct domain **out);

/* Is `kind` such a one, of a file system that needs a disk? */
int load_is_for_disks(const char *kind);

/* A file of the boot archive. */
i32 load_file(const char *path, const u8 **bytes, u32 *size);

#endif

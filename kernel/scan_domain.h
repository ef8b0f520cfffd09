/* The scan of a domain's text: at load, if it is to be sealed; by command. */
#ifndef KERNEL_SCAN_DOMAIN_H
#define KERNEL_SCAN_DOMAIN_H

#include "kernel/domain.h"
#include "kernel/scan.h"

/* Stubs and thunks are known by the names that d's own file gives them. */
void scan_domain(const struct domain *d, struct scan *out);

/*
 * As the kernel's word `scan=` has it: nothing (off), or a line on the console
 * with what there is at any byte (say); or also -E_DENIED (refuse) if the
 * linear decode has, outside of stubs and thunks, what a compiler never makes:
 * all kinds but loads of segment registers.
 */
i32 scan_at_load(const struct domain *d);

#endif

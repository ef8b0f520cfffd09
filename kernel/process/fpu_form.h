/*
 * The two forms of the FPU's state: FXSAVE's 512 bytes, and FNSAVE's 108, which
 * old signal frames and debuggers know (SDM volume 1, sections 10.5.1 and
 * 8.1.10). Pure functions.
 */
#ifndef KERNEL_PROCESS_FPU_FORM_H
#define KERNEL_PROCESS_FPU_FORM_H

#include "gates/abi.h"

struct fpu; /* FXSAVE's form, at a multiple of 16 */

#define FPU_LEGACY_WORDS 27u

void fpu_to_legacy(const struct fpu *state, u32 legacy[FPU_LEGACY_WORDS]);

/* What the legacy form does not have (SSE) stays as it is. */
void fpu_from_legacy(struct fpu *state, const u32 legacy[FPU_LEGACY_WORDS]);

#endif

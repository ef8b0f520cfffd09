/*
 * What gatec writes: for each gate and domain a header, for each domain and
 * the core its assembly, for the core its tables. All of a checked system.
 */
#ifndef GATEC_EMIT_H
#define GATEC_EMIT_H

#include "model.h"

/* GATE.gate.h: the gate's structs and its hash. */
void emit_gate_header(const char *directory, const struct gate *gate);

/* DOMAIN.h: what the domain defines and what it may call. */
void emit_domain_header(const struct system *all, const char *directory,
			const struct domain *one);

/* DOMAIN.asm: thunks, slots, stubs and the manifest. */
void emit_domain_asm(const struct system *all, const char *directory,
		     const struct domain *one, bool debug);

/* core.asm: the doors up and the calls down. */
void emit_core_asm(const struct system *all, const char *directory,
		   const struct domain *core, bool debug);

/* core.h, core_gates.h and core_gates.c. */
void emit_core(const struct system *all, const char *directory,
	       const struct domain *core);

/*
 * A stub exists once for each way its buffers can be given: near, or as a
 * lend that the caller itself was given in FS or GS.
 */
enum source { SOURCE_NEAR, SOURCE_FS, SOURCE_GS };

struct variant {
	enum source source[2];
	char suffix[8]; /* of the C name: "__n", "__f__g", "" */
};

#define VARIANTS_MOST 6

/*
 * Fill `list` with the variants of a function's stub; returns how many. A
 * flat one has no lends, and one stub.
 */
u32 function_variants(const struct function *one, bool flat,
		      struct variant list[VARIANTS_MOST]);

/* Is the core the one exporter of the gate? */
bool gate_of_core(const struct system *all, const struct gate *gate);

#endif

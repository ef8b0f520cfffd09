/*
 * What gatec knows of a system after reading its .gate and .dom files: plain
 * data, filled by the parsers, completed by check.c, read by the emitters.
 * Nothing here is ever freed: gatec runs once and ends.
 */
#ifndef GATEC_MODEL_H
#define GATEC_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "../manifest.h"

enum limit {
	LIMIT_NAME = MANIFEST_NAME_SIZE - 1, /* gates, domains, import names */
	LIMIT_C_NAME = 31, /* functions, structs, fields, parameters */
	LIMIT_WORDS = 5, /* words of one call */
	LIMIT_PARAMS = LIMIT_WORDS + 2,
	LIMIT_STRUCTS = 16, /* of one gate */
	LIMIT_FIELDS = 64, /* of one struct */
	LIMIT_FUNCTIONS = 64, /* of one gate */
	LIMIT_GATES = 256,
	LIMIT_DOMAINS = 256,
	LIMIT_LINKS = 64, /* exports or imports of the core */
	LIMIT_SLOTS = 64, /* of one import */
	LIMIT_CHAIN = 24, /* imports one below the other */
	LIMIT_IRQ = 23, /* highest interrupt line */
	LIMIT_BUFFER = 1 << 20, /* bytes up to which a lend is byte-exact */
	LIMIT_STACK = 64 << 10,
	LIMIT_STACK_LEAST = 256,
	LIMIT_MEMORY = 64 << 20, /* each of heap, kept, dma, mmio, needs */
};

struct place {
	const char *file;
	u32 line;
};

/* A type as a .gate may name it. `record` only for structs. */
struct type {
	const char *name;
	const struct record *record;
	u32 size, align;
};

struct field {
	const char *name;
	struct type type;
	u32 count; /* elements of an array; 0: not an array */
};

struct record {
	const char *name;
	const char *comment;
	struct field fields[LIMIT_FIELDS];
	u32 field_count;
	u32 size, align;
};

/* A word (kind BUFFER_NONE) or a buffer. */
struct param {
	const char *name;
	struct type type;
	enum buffer_kind kind;
	const char *count_name; /* of the length parameter; NULL: fixed */
	u32 fixed; /* bytes of a buffer of fixed size, else 0 */
};

struct function {
	const char *name;
	const char *comment; /* "// line\n..." as in the file, or NULL */
	struct place place;
	struct param params[LIMIT_PARAMS]; /* words, then buffers */
	u32 word_count, buffer_count;
	bool waits, again;
	u32 needs;
	u16 id; /* its number in this system, from 1 */
};

struct gate {
	const char *name;
	const char *comment;
	struct place place;
	struct record *records;
	u32 record_count;
	struct function *functions;
	u32 function_count;
	u32 hash; /* of its text, layout and comments apart */
};

struct range {
	u32 first, last; /* inclusive */
	u32 line;
};

/* One exported or imported gate as a .dom names it. */
struct link {
	const char *name; /* of the gate */
	const char *as; /* what the importer's C names begin with */
	struct gate *gate; /* found by check.c */
	u32 slots;
	u32 line;
	bool used; /* some source calls it; by sources.c */
};

struct domain {
	const char *name;
	struct place place;
	struct place waits_at; /* a source calls `waits` there; by sources.c */
	const char *waits; /* NULL: nowhere */
	bool lives; /* a source has life_start or life_stop, which may wait */
	bool core, concurrent;
	u32 stack, heap, kept, dma, dma_below, needs;
	struct range ports[MANIFEST_PORTS], mmios[MANIFEST_MMIOS];
	struct range irqs[MANIFEST_IRQS];
	struct manifest_pci pcis[MANIFEST_PCIS];
	u32 port_count, mmio_count, irq_count, pci_count;
	struct link exports[LIMIT_LINKS], imports[LIMIT_LINKS];
	u32 export_count, import_count; /* without life, which is implied */
	u32 below; /* bytes that all its callees take; by check.c */
	u32 depth; /* longest chain of imports under it; by check.c */
	int visit; /* check.c's mark while it walks the imports */
};

struct system {
	struct gate *gates[LIMIT_GATES]; /* by name, after system_check() */
	struct domain *domains[LIMIT_DOMAINS]; /* core first, then by name */
	u32 gate_count, domain_count;
	struct gate *life; /* what every domain exports to the core */
	u32 hash; /* of all gates */
	bool flat; /* near calls, no lends: gates/flat.inc */
};

/* The gate or domain of that name, or NULL. */
struct gate *system_gate(const struct system *all, const char *name);
struct domain *system_domain(const struct system *all, const char *name);

/* Does `one` export `gate`? */
bool domain_exports(const struct domain *one, const struct gate *gate);

/* Buffer `index` (0 or 1) of a function, or NULL. */
const struct param *function_buffer(const struct function *one, u32 index);

/* Bytes a call of `one` in domain `in` takes at most, callees included. */
u64 function_needs(const struct domain *in, const struct function *one);

/* enum entry_flag of a function. */
u32 function_flags(const struct function *one);

#endif

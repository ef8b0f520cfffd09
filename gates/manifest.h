/*
 * The manifest: what a domain is and may touch, as gatec writes it into the
 * domain's ELF file (PT_NOTE, name "Bulkhead", type NOTE_MANIFEST) and as the
 * loader reads it. Every offset is in bytes from the start of the manifest;
 * every table is checked against `size` before it is read.
 */
#ifndef GATES_MANIFEST_H
#define GATES_MANIFEST_H

#include "abi.h"

#define NOTE_NAME	   "Bulkhead"
#define NOTE_MANIFEST	   1
#define MANIFEST_MAGIC	   0x4B4C4842u /* "BHLK" in memory */
#define MANIFEST_VERSION   2
#define MANIFEST_NAME_SIZE 16 /* names are NUL-padded, at most 15 long */

#define MANIFEST_PORTS	 16 /* most entries of each kind in one manifest */
#define MANIFEST_MMIOS	 8
#define MANIFEST_IRQS	 8
#define MANIFEST_PCIS	 8
#define MANIFEST_EXPORTS 8
#define MANIFEST_ENTRIES 64
#define MANIFEST_IMPORTS 16

enum manifest_flag {
	MANIFEST_CONCURRENT = 1, /* not a monitor: many threads at once */
};

struct manifest {
	u32 magic;
	u32 version;
	u32 size; /* of the manifest with its tables, bytes */
	u32 system; /* hash of all .gate files this was built with */
	char name[MANIFEST_NAME_SIZE];
	u32 flags;
	u32 stack; /* bytes of one activation stack, before rounding up */
	u32 heap; /* most bytes of heap; 0 means none */
	u32 kept; /* bytes that outlive a generation */
	u32 dma; /* bytes of contiguous DMA memory */
	u32 dma_below; /* its end lies at or below this address; 0: anywhere */
	u32 needs; /* most bytes one call takes, with all its callees' needs */
	u16 port_count, mmio_count, irq_count, pci_count;
	u16 export_count, entry_count, import_count, zero;
	u32 ports; /* struct manifest_port[port_count] */
	u32 mmios; /* struct manifest_mmio[mmio_count] */
	u32 irqs; /* u32[irq_count]: line numbers */
	u32 pcis; /* struct manifest_pci[pci_count] */
	u32 exports; /* struct manifest_export[export_count] */
	u32 entries; /* struct manifest_entry[entry_count] */
	u32 imports; /* struct manifest_import[import_count] */
	u32 doors; /* window offset of struct far_slot[MANIFEST_DOORS] */
};

/* The core's own doors that every domain calls. */
enum manifest_door {
	MANIFEST_DOOR_RETURN, /* from what the core called */
	MANIFEST_DOOR_REVIVE, /* a gate answered -E_GONE: wait for the next */
	MANIFEST_DOORS,
};

struct manifest_port {
	u16 first, last; /* inclusive */
};

struct manifest_mmio {
	u32 first, last; /* physical addresses, inclusive */
};

struct manifest_pci {
	u32 match; /* vendor << 16 | device, or class << 8 | subclass */
	u32 by_class; /* 1: match is a class */
};

struct manifest_export {
	char gate[MANIFEST_NAME_SIZE];
	u32 hash; /* of the gate's text, layout apart */
	u16 first_entry, entry_count; /* rows of the entry table */
};

enum entry_flag {
	ENTRY_WAITS = 1,
	ENTRY_AGAIN = 2,
};

enum buffer_kind { BUFFER_NONE, BUFFER_FROM, BUFFER_INTO };

struct manifest_entry {
	u32 across; /* window offset of the thunk other domains enter */
	u32 down; /* window offset of the thunk the core enters */
	u16 id; /* the function's number in this system */
	u8 words; /* words in registers, 0 to 5 */
	u8 buffer[2]; /* enum buffer_kind, in order of declaration */
	u8 flags; /* enum entry_flag */
	u16 zero;
	u32 needs; /* bytes this call takes at most, callees included */
};

struct manifest_import {
	char gate[MANIFEST_NAME_SIZE];
	u32 hash;
	u16 slots; /* 1, or n for `imports gate[n]` */
	u16 functions; /* of the gate */
	u32 table; /* window offset of struct far_slot[slots][functions] */
};

/* One import slot as LCALL reads it: offset ignored, selector of a gate. */
struct far_slot {
	u32 offset;
	u16 selector;
	u16 zero;
};

#endif

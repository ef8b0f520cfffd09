/*
 * A plugin of QEMU's TCG: where the instructions between the marks of a
 * measuring program were executed. For each run it writes a line "run", then a
 * line "ADDRESS INSTRUCTIONS" for each block of code, by its first linear
 * address. An iteration of a repeated string instruction counts as one; a block
 * that a fault cuts short counts whole.
 */
#include "bench/storage/plugin/plugin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOTS (1u << 20) /* of the table of blocks; a power of two */

struct block {
	uint64_t address, count, begun;
};

const int qemu_plugin_version = 1;

static struct block *blocks[SLOTS];
static uint32_t used;
static FILE *out;

/* The block at this address, new if it was not there. Blocks stay for good:
 * translated code counts in them. */
static struct block *block_at(uint64_t address)
{
	uint32_t slot = (uint32_t)(address * 2654435761u >> 7) & (SLOTS - 1);

	while (blocks[slot] && blocks[slot]->address != address)
		slot = (slot + 1) & (SLOTS - 1);
	if (!blocks[slot]) {
		if (++used == SLOTS) {
			fputs("where: too many blocks\n", stderr);
			exit(1);
		}
		blocks[slot] = calloc(1, sizeof(struct block));
		if (!blocks[slot])
			abort();
		blocks[slot]->address = address;
	}
	return blocks[slot];
}

static void run_begin(void)
{
	uint32_t slot;

	for (slot = 0; slot < SLOTS; slot++)
		if (blocks[slot])
			blocks[slot]->begun = blocks[slot]->count;
}

static void run_end(void)
{
	const struct block *block;
	uint32_t slot;

	fputs("run\n", out);
	for (slot = 0; slot < SLOTS; slot++) {
		block = blocks[slot];
		if (block && block->count != block->begun)
			fprintf(out, "%" PRIx64 " %" PRIu64 "\n",
				block->address, block->count - block->begun);
	}
	fflush(out);
}

static void marked(unsigned int cpu, void *data)
{
	(void)cpu;
	if (data)
		run_end();
	else
		run_begin();
}

static void look(struct qemu_plugin_insn *insn)
{
	const uint8_t *code = qemu_plugin_insn_data(insn);
	int number = mark_number(code, qemu_plugin_insn_size(insn));

	if (number >= 0)
		qemu_plugin_register_vcpu_insn_exec_cb(
			insn, marked, NO_REGISTERS, (void *)(intptr_t)number);
}

static void block_translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	struct block *block = block_at(qemu_plugin_tb_vaddr(tb));
	size_t n, count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, ADD, &block->count, count);
	for (n = 0; n < count; n++)
		look(qemu_plugin_tb_get_insn(tb, n));
}

int qemu_plugin_install(uint64_t id, const void *info, int count, char **words)
{
	(void)info;
	if (count != 1 || strncmp(words[0], "out=", 4) != 0)
		return -1;
	out = fopen(words[0] + 4, "w");
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
	return 0;
}

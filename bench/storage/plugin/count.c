/*
 * A plugin of QEMU's TCG: counts what the processor does between the marks of
 * measure-storage, and writes one line for each run: instructions, accesses to
 * ports, returns from interrupts and faults, loads of CR3, halts, and loads of
 * segment registers with far calls. An iteration of a repeated string
 * instruction counts as one.
 */
#include "plugin.h"

#include <inttypes.h>
#include <stdio.h>

const int qemu_plugin_version = 1;

enum item { INSTRUCTION, PORT, RETURN, CR3, HALT, SEGMENT, ITEMS };

static uint64_t counts[ITEMS], begun[ITEMS];
static FILE *out;

static void marked(unsigned int cpu, void *data)
{
	(void)cpu;
	if (!data) {
		memcpy(begun, counts, sizeof(begun));
		return;
	}
	for (int n = 0; n < ITEMS; n++)
		fprintf(out, "%" PRIu64 "%c", counts[n] - begun[n],
			n + 1 < ITEMS ? ' ' : '\n');
	fflush(out);
}

static int is_prefix(uint8_t byte)
{
	return byte && strchr("\x66\x67\xF2\xF3\x2E\x36\x3E\x26\x64\x65", byte);
}

/* Intel's manual, volume 2, appendix A. INSTRUCTION: nothing special. */
static enum item item_of(const uint8_t *code, size_t size)
{
	while (size > 1 && is_prefix(*code)) {
		code++;
		size--;
	}
	switch (*code) {
	case 0x6C ... 0x6F:
	case 0xE4 ... 0xE7:
	case 0xEC ... 0xEF:
		return PORT;
	case 0xCF:
		return RETURN;
	case 0xF4:
		return HALT;
	case 0x07:
	case 0x17:
	case 0x1F:
	case 0x8E:
	case 0x9A:
	case 0xCB:
		return SEGMENT;
	case 0x0F:
		return size > 2 && code[1] == 0x22 && (code[2] & 0x38) == 0x18 ?
			       CR3 :
			       INSTRUCTION;
	}
	return INSTRUCTION;
}

static void look(struct qemu_plugin_insn *insn)
{
	const uint8_t *code = qemu_plugin_insn_data(insn);
	size_t size = qemu_plugin_insn_size(insn);
	enum item item = item_of(code, size);

	if (item != INSTRUCTION)
		qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD,
							   &counts[item], 1);
	if (mark_number(code, size) >= 0)
		qemu_plugin_register_vcpu_insn_exec_cb(
			insn, marked, NO_REGISTERS, (void *)(uintptr_t)code[3]);
}

static void block_translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, ADD, &counts[INSTRUCTION],
						 count);
	for (size_t n = 0; n < count; n++)
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

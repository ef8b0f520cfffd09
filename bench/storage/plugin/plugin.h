/*
 * What our plugins use of version 1 of QEMU's plugin interface
 * (qemu-plugin.h), so that QEMU's headers are not needed; and the marks of the
 * measuring programs (bench/storage/mark.h) as they lie in memory.
 */
#ifndef BENCH_STORAGE_PLUGIN_H
#define BENCH_STORAGE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*translated)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*executed)(unsigned int cpu, void *data);

enum { ADD = 0, NO_REGISTERS = 0 };

#define API __attribute__((visibility("default")))

API extern const int qemu_plugin_version;
API int qemu_plugin_install(uint64_t id, const void *info, int count,
			    char **words);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, translated call);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t n);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op,
					      void *to, uint64_t amount);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						int op, void *to,
						uint64_t amount);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    executed call, int flags,
					    void *data);

/* The number of the mark that these bytes are, or -1. */
static inline int mark_number(const uint8_t *code, size_t size)
{
	if (size != 7 || memcmp(code, "\x0F\x1F\x80", 3) != 0 ||
	    memcmp(code + 4, "\xB0\x1E\x5A", 3) != 0)
		return -1;
	return code[3];
}

#endif

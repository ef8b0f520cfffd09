/*
 * A plugin of QEMU's TCG: writes down every instruction that is executed
 * between the marks of bench/model/marks.h, with the pages that it reads and
 * writes. Lines of its file:
 *
 *   call NUMBER            a mark; what follows belongs to that call
 *   ADDRESS BYTES TIMES    linear, hexadecimal; TIMES in a row (REP)
 *   page ADDRESS           of data; by the instruction that follows
 *   end                    the mark MARKED_END
 *
 * QEMU's headers are not needed: what is used of version 1 of the interface
 * (qemu-plugin.h) is declared here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*translated)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*executed)(unsigned int cpu, void *data);
typedef void (*accessed)(unsigned int cpu, uint32_t how, uint64_t address,
			 void *data);
typedef void (*ended)(uint64_t id, void *data);

enum { NO_REGISTERS = 0, READS_AND_WRITES = 3 };

#define API __attribute__((visibility("default")))

API extern const int qemu_plugin_version;
API int qemu_plugin_install(uint64_t id, const void *info, int count,
			    char **words);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, translated call);
void qemu_plugin_register_atexit_cb(uint64_t id, ended call, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t n);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    executed call, int flags,
					    void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      accessed call, int flags, int which,
				      void *data);

const int qemu_plugin_version = 1;

#define INSTRUCTION_BYTES 15
#define PAGE_MASK	  (~(uint64_t)4095)

/* An instruction as it was translated. One for each translation; the program
 * is short, so they are kept. */
struct code {
	uint64_t address;
	size_t size;
	uint8_t bytes[INSTRUCTION_BYTES];
};

static FILE *out;
static int recording;
static const struct code *last; /* executed, not yet written */
static unsigned int times;
static uint64_t pages[2]; /* the last ones written: REP MOVS goes over two */

/* marks.h: MARK(); the byte behind these three is the number. */
static const uint8_t mark[] = { 0x0F, 0x1F, 0x80 };
static const uint8_t mark_end[] = { 0x4C, 0x0D, 0xE1 };
enum { MARK_SIZE = 7, MARK_NUMBER = 3, NUMBER_END = 255 };

static void last_write(void)
{
	if (!last)
		return;
	fprintf(out, "%08" PRIx64 " ", last->address);
	for (size_t n = 0; n < last->size; n++)
		fprintf(out, "%02x", last->bytes[n]);
	fprintf(out, " %u\n", times);
	last = NULL;
}

static int is_mark(const struct code *code)
{
	return code->size == MARK_SIZE && !memcmp(code->bytes, mark, 3) &&
	       !memcmp(code->bytes + 4, mark_end, 3);
}

static void marked(unsigned int number)
{
	last_write();
	recording = number != NUMBER_END;
	memset(pages, 0, sizeof(pages));
	if (recording)
		fprintf(out, "call %u\n", number);
	else
		fprintf(out, "end\n");
}

/* MOV CR3, r32: pages are new behind it. */
static int loads_cr3(const struct code *code)
{
	return code->size == 3 && code->bytes[0] == 0x0F &&
	       code->bytes[1] == 0x22 && (code->bytes[2] & 0x38) == 0x18;
}

static void on_instruction(unsigned int cpu, void *data)
{
	const struct code *code = data;

	(void)cpu;
	if (loads_cr3(code))
		memset(pages, 0, sizeof(pages));
	if (is_mark(code)) {
		marked(code->bytes[MARK_NUMBER]);
	} else if (recording) {
		if (code != last) {
			last_write();
			last = code;
			times = 0;
		}
		times++;
	}
}

static void on_access(unsigned int cpu, uint32_t how, uint64_t address,
		      void *data)
{
	uint64_t page = address & PAGE_MASK;

	(void)cpu;
	(void)how;
	(void)data;
	if (!recording || page == pages[0] || page == pages[1])
		return;
	pages[1] = pages[0];
	pages[0] = page;
	fprintf(out, "page %08" PRIx64 "\n", page);
}

static void look(struct qemu_plugin_insn *insn)
{
	struct code *code = calloc(1, sizeof(*code));

	if (!code)
		abort();
	code->address = qemu_plugin_insn_vaddr(insn);
	code->size = qemu_plugin_insn_size(insn);
	memcpy(code->bytes, qemu_plugin_insn_data(insn), code->size);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_instruction,
					       NO_REGISTERS, code);
	qemu_plugin_register_vcpu_mem_cb(insn, on_access, NO_REGISTERS,
					 READS_AND_WRITES, NULL);
}

static void block_translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t n = 0; n < count; n++)
		look(qemu_plugin_tb_get_insn(tb, n));
}

static void finish(uint64_t id, void *data)
{
	(void)id;
	(void)data;
	fclose(out);
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
	qemu_plugin_register_atexit_cb(id, finish, NULL);
	return 0;
}

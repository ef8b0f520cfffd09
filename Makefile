# Bulkhead. `make help` lists what can be asked for; README.md says more.
#
# Everything built goes into build/release, with DEBUG=1 into build/debug, with
# FLAT=1 (all domains in the core's segments) into build/flat.
# A new driver (drivers/NAME/NAME.c and NAME.dom), test domain or source file
# of the core is found by its place: nothing is listed here.

X := $(if $(filter 1,$(FLAT)),flat,$(if $(filter 1,$(DEBUG)),debug,release))
B := build/$X

# Build on all processors; a -j on the command line goes before this.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

# One short line a step; V=1 shows the commands themselves.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $1 $(patsubst $B/%,%,$2))

comma := ,

# ---- tools ------------------------------------------------------------------

# The host's own compiler where it makes i386 code, else the cross compiler.
CC := gcc
CC32 = $(eval CC32 := $(shell $(CC) -m32 -ffreestanding -fsyntax-only -x c \
	/dev/null 2>/dev/null && echo $(CC) -m32 || \
	echo i686-linux-gnu-gcc))$(CC32)
NASM := nasm
PYTHON := /usr/bin/python3
ARCHIVE := $(PYTHON) -B tools/machine/archive.py

# A flat domain's addresses are made linear when it is loaded.
DOMAIN_LDFLAGS := $(if $(filter flat,$X),-Wl$(comma)--emit-relocs)
WARNINGS := -Wall -Wextra -Wconversion -Werror
INCLUDES := -I. -I$B/gates
DEFINES := $(if $(filter debug,$X),-DDEBUG=1) $(if $(filter flat,$X),-DFLAT=1)
CFLAGS32 = -march=i686 -std=gnu11 -ffreestanding -fno-pic -fno-pie \
	-fno-stack-protector -fno-asynchronous-unwind-tables \
	-mgeneral-regs-only -mregparm=3 -fno-omit-frame-pointer -O2 -g \
	$(WARNINGS) $(INCLUDES) $(DEFINES) -MMD -MP
LDFLAGS32 := -nostdlib -static -no-pie -Wl,--build-id=none \
	-Wl,-z,max-page-size=4096,-z,noexecstack,--no-warn-rwx-segments
NASMFLAGS := -f elf32 -g -F dwarf -I ./ -I $B/gates/ -I $B/ $(DEFINES)
HOST_CFLAGS := -std=gnu11 -O2 -g $(WARNINGS) $(INCLUDES)
TEST_CFLAGS := $(HOST_CFLAGS) -fsanitize=address,undefined \
	-fno-sanitize-recover=all

# ---- what there is ----------------------------------------------------------

gates := $(wildcard gates/*.gate tests/domains/*/*.gate \
	bench/domains/*/*.gate)
drivers := $(wildcard drivers/*/*.dom fs/*/*.dom net/*/*.dom)
testers := $(wildcard tests/domains/*/*.dom)
benchers := $(wildcard bench/domains/*/*.dom)
doms := kernel/core.dom $(drivers) $(testers) $(benchers)
# A hostile domain has nothing to attack in the flat build.
tested := $(if $(filter flat,$X),$(filter-out tests/domains/intruder/%,$(testers)),$(testers))

# A .dom file's domain, the objects of its folder, and its ELF file.
dom_name = $(basename $(notdir $1))
dom_objects = $(patsubst %.c,$B/%.o,$(wildcard $(dir $1)*.c))
dom_file = $B/domains/$(call dom_name,$1)

generated_asm := $(foreach d,$(doms),$B/gates/$(call dom_name,$d).asm)
core_c := $(wildcard kernel/*.c kernel/*/*.c seg/*.c tests/core/*.c bench/core/*.c) \
	$(filter-out gates/offsets.c,$(wildcard gates/*.c))
core_asm := $(filter-out kernel/linux/vdso.asm,$(wildcard kernel/*.asm kernel/*/*.asm \
	seg/*.asm gates/*.asm bench/core/*.asm))
core_objects := $(core_c:%.c=$B/%.o) $(core_asm:%.asm=$B/%.asm.o) \
	$B/gates/core.asm.o $B/gates/core_gates.o
runtime_objects := \
	$(patsubst %.c,$B/%.o,$(wildcard gates/domain/*.c)) \
	$(patsubst %.asm,$B/%.asm.o,$(wildcard gates/domain/*.asm))
gatec_sources := $(wildcard gates/gatec/*.c)

# A file tests/host/NAME_fuzz.c is no test but an entry for `make soak`.
fuzzers := $(basename $(notdir $(wildcard tests/host/*_fuzz.c)))
host_tests := $(filter-out $(fuzzers:%=$B/tests/host/%),\
	$(patsubst %.c,$B/%,$(wildcard tests/host/*.c)))

# ---- what can be asked for --------------------------------------------------

.PHONY: all build setup flat run test bochs iso bench bench-linux bench-storage \
	bench-silicon bench-model lab lab-quick soak clean help

all: setup
	@+$(MAKE) --no-print-directory build

build: $B/bulkhead.elf $B/boot.cpio $B/tests.cpio roots \
	$(foreach d,$(benchers),$(call dom_file,$d))

setup:
	@tools/setup

flat: setup
	@+$(MAKE) --no-print-directory FLAT=1 build

run: all build/disk.ext3
	@tools/run $(if $(filter 1,$(DEBUG)),--debug) --root build/disk.ext3 \
		$(RUN)

bochs: all
	@tools/run $(if $(filter 1,$(DEBUG)),--debug) --machine bochs --screen $(RUN)

test: setup
	@tests/run $(if $(filter 1,$(DEBUG)),--debug) $(TESTS)

iso: all
	@+$(MAKE) --no-print-directory $B/bulkhead.iso
	@echo "$B/bulkhead.iso"

bench: all
	@bench/run $(BENCH)

bench-linux: all build/userland/measure
	@bench/linux/run $(BENCH)

bench-storage: all build/userland/measure-storage build/root/full.ext3 \
		build/bench/count.so
	@bench/storage/run $(BENCH)

bench-silicon: all build/userland/silicon
	@bench/silicon/run $(BENCH)

bench-model: all build/bench/trace.so
	@bench/model/run $(BENCH)

# LAB="PART...", --fresh and so on; bench/lab/run --help. One after the other,
# for all of them need the same roots.
lab_programs := $(addprefix build/userland/,measure measure-lab silicon) \
	$(addprefix build/bench/,where.so trace.so) build/root/lab.ext3
lab lab-quick: all
	@+$(MAKE) --no-print-directory flat
	@+$(MAKE) --no-print-directory $(lab_programs)
	@bench/lab/run $(if $(filter lab-quick,$@),--quick) $(LAB)

clean:
	rm -rf build

help:
	@echo 'make            build the kernel and all domains (build/release)'
	@echo 'make run        start it in QEMU; Ctrl-] leaves. Its disk is'
	@echo '                build/disk.ext3: remove it to have a fresh one'
	@echo 'make bochs      start it in Bochs, with keyboard and screen'
	@echo 'make test       all tests; TESTS="NAME..." runs some'
	@echo 'make iso        a bootable GRUB image with the full root'
	@echo 'make roots      the root images of the userland (build/root)'
	@echo 'make bench      measure crossings; prints and stores the tables'
	@echo 'make bench-linux  the same programs here and on Linux, side by side'
	@echo 'make bench-storage  the same of file systems on disks'
	@echo 'make bench-silicon  crossings on the processor of this host, in ring 3'
	@echo 'make bench-model  their clocks on 386, 486 and Pentium, by a model'
	@echo 'make lab        far calls against IPC: all that this machine can'
	@echo '                measure (20 minutes), and a report in build/lab'
	@echo 'make lab-quick  the same, less exactly (3 minutes)'
	@echo 'make soak       long campaigns (hours); SOAK=--list names them'
	@echo 'make clean      remove build/'
	@echo
	@echo 'DEBUG=1         the debug build (build/debug): checks that cost time'
	@echo 'FLAT=1          the build in which nothing is protected (build/flat)'
	@echo 'RUN="..."       more options for tools/run (see tools/run --help)'
	@echo 'Missing Debian packages are installed first (tools/setup).'

# ---- gatec: stubs, thunks and tables from .gate and .dom files --------------

$B/gatec: $(gatec_sources:%.c=$B/%.o)
	$(call say,link,$@)
	$Q$(CC) -o $@ $^

$B/gates/gatec/%.o: gates/gatec/%.c
	@mkdir -p $(@D)
	$(call say,host,$<)
	$Q$(CC) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<

# gatec sees the whole system and rewrites only what changed.
$B/gates/stamp: $B/gatec $(gates) $(doms)
	@mkdir -p $(@D)
	$(call say,gatec,'$(words $(gates)) gates $(words $(doms)) domains')
	$Q$B/gatec $(addprefix --,$(filter debug flat,$X)) -o $B/gates $(gates) $(doms)
	@touch $@

$(generated_asm) $B/gates/core_gates.c: $B/gates/stamp ;
$B/gates/%.h: $B/gates/stamp ;

# ---- the core ---------------------------------------------------------------

# Lines "->NAME VALUE" of the compiled file become NASM's constants. Like
# gatec's files, offsets.inc is only touched by a change.
$B/offsets.stamp: gates/offsets.c | $B/gates/stamp
	@mkdir -p $(@D)
	$(call say,sizes,offsets.inc)
	$Q$(CC32) $(CFLAGS32) -MT $@ -MF $B/offsets.d -S -o $B/offsets.s $<
	@sed -n 's/^->\([A-Za-z0-9_]*\) \$$\?\(-\?[0-9]*\).*/\1 equ \2/p' \
		$B/offsets.s > $B/offsets.new
	@cmp -s $B/offsets.new $B/offsets.inc || \
		cp $B/offsets.new $B/offsets.inc
	@touch $@

$B/offsets.inc: $B/offsets.stamp ;

$B/%.o: %.c | $B/gates/stamp
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$Q$(CC32) $(CFLAGS32) -c -o $@ $<

# NASM does not name included files in its dependencies: all depend on them.
asm_includes := $(wildcard gates/*.inc kernel/*.inc) $B/offsets.inc

$B/%.asm.o: %.asm $(asm_includes) | $B/gates/stamp
	@mkdir -p $(@D)
	$(call say,nasm,$<)
	$Q$(NASM) $(NASMFLAGS) -o $@ $<

$B/gates/%.asm.o: $B/gates/%.asm $(asm_includes)
	$(call say,nasm,$<)
	$Q$(NASM) $(NASMFLAGS) -o $@ $<

# The vDSO, once for each way into the core; entry.asm takes the files in.
vdsos := $(foreach w,int80 sysenter gate,$B/vdso_$w.so)

$B/vdso_%.so: kernel/linux/vdso.asm kernel/linux/vdso.ld $B/offsets.inc
	$(call say,vdso,$@)
	$Q$(NASM) -f elf32 -I $B/ -DWAY=$* -o $(@:.so=.o) $<
	$Q$(CC32) -shared -nostdlib -Wl,-soname=linux-gate.so.1 \
		-Wl,--hash-style=both,--build-id=none,-z,noexecstack \
		-Wl,-T,kernel/linux/vdso.ld -o $@ $(@:.so=.o)
	$Qstrip $@

$B/kernel/linux/entry.asm.o: $(vdsos)
$B/kernel/linux/table.o: kernel/linux/calls.def

$B/gates/core_gates.o: $B/gates/core_gates.c
	$(call say,cc,$<)
	$Q$(CC32) $(CFLAGS32) -c -o $@ $<

$B/bulkhead.elf: $(core_objects) kernel/kernel.ld tools/lines
	$(call say,link,$@)
	$Q$(CC32) $(LDFLAGS32) -Wl,-T,kernel/kernel.ld -o $@ $(core_objects)
	$Qtools/lines $@

# ---- domains ----------------------------------------------------------------

# What a domain does not use of the runtime is left out; a frame larger than the
# guard page below a stack could step over it.
$B/drivers/%.o $B/fs/%.o $B/net/%.o $B/tests/domains/%.o $B/bench/domains/%.o $B/gates/domain/%.o: \
	CFLAGS32 += -ffunction-sections -Wframe-larger-than=2048

define domain_rule
$(call dom_file,$1): $(call dom_objects,$1) \
		$B/gates/$(call dom_name,$1).asm.o $(runtime_objects) \
		gates/domain/domain.ld tools/lines
	@mkdir -p $$(@D)
	$$(call say,link,$$@)
	$$Q$B/gatec --check-sources $1 $(gates) $(wildcard $(dir $1)*.c)
	$$Q$$(CC32) $$(LDFLAGS32) $(DOMAIN_LDFLAGS) -Wl,--gc-sections \
		-Wl,-T,gates/domain/domain.ld -o $$@ $$(filter %.o,$$^)
	$$Qtools/lines $$@
endef
$(foreach d,$(drivers) $(tested) $(benchers),$(eval $(call domain_rule,$d)))

# Members are named as the kernel asks for them: what is in domains/ starts at
# boot, what is in waiting/ and tests/ waits to be loaded by name.
waiting := drivers/ram/ram.dom
archive_members = $(foreach d,$1,$2/$(call dom_name,$d)=$(call dom_file,$d))

$B/boot.cpio: $(foreach d,$(drivers),$(call dom_file,$d))
	$(call say,cpio,$@)
	$Q$(ARCHIVE) $@ $(call archive_members,$(waiting),waiting) \
		$(call archive_members,$(filter-out $(waiting),$(drivers)),domains)

$B/tests.cpio: $(foreach d,$(tested),$(call dom_file,$d))
	$(call say,cpio,$@)
	$Q$(ARCHIVE) $@ $(call archive_members,$(tested),tests)

$B/bulkhead.iso: $B/bulkhead.elf $B/boot.cpio build/root/full.cpio
	$(call say,iso,$@)
	$Q$(PYTHON) -B tools/machine/image.py $@ $^

# ---- userland ---------------------------------------------------------------

# Programs of our own are static, with musl from Debian's i386 packages. They
# and the root images are the same for both builds of the kernel.
SYSROOT := build/sysroot/usr
PROGRAM_CFLAGS = -march=i686 -std=gnu11 -O2 -g0 $(WARNINGS) -I. -fno-pic \
	-fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
	-ffunction-sections -nostdinc -isystem $(SYSROOT)/include/i386-linux-musl
PROGRAM_LDFLAGS := -static -no-pie -nostdlib -s -Wl,--build-id=none \
	-Wl,--gc-sections -Wl,-z,noexecstack
program_link = $(CC32) $(PROGRAM_CFLAGS) $(PROGRAM_LDFLAGS) -o $@ \
	$(addprefix $(SYSROOT)/lib/i386-linux-musl/,crt1.o crti.o) \
	$(filter %.c %.S,$^) $(SYSROOT)/lib/i386-linux-musl/libc.a \
	$(SYSROOT)/lib/gcc/i686-linux-gnu/12/libgcc.a \
	$(SYSROOT)/lib/i386-linux-musl/crtn.o

roots := $(patsubst %,build/root/%.cpio,small full dev)
root_files := $(shell find userland/root -type f)

# Written last: the sysroot is whole.
build/sysroot.packages: userland/root/sysroot.txt
	$Qtools/root $< build/sysroot/

build/userland/init: $(wildcard userland/init/*.c userland/init/*.h) \
		build/sysroot.packages
	@mkdir -p $(@D)
	$(call say,cc,$@)
	$Q$(program_link)

# Small tools of our own, each one file with the log's reader.
userland_tools := build/userland/trace build/userland/monitor

$(userland_tools): build/userland/%: userland/tools/%.c userland/tools/log.c \
		userland/tools/log.h build/sysroot.packages
	@mkdir -p $(@D)
	$(call say,cc,$@)
	$Q$(program_link)

$(roots): build/root/%.cpio: userland/root/%.txt $(root_files) tools/root \
		tools/machine/archive.py tools/machine/tree.py \
		build/userland/init $(userland_tools)
	$Qtools/root $< $@

.PHONY: roots
roots: $(roots)

# The disk of `make run`: what is changed on it stays, until it is removed.
build/root/full.ext3: build/root/full.cpio tools/machine/ext.py
	$Qtools/root userland/root/full.txt $@

# What the workloads of the laboratory run on.
build/root/lab.ext3: bench/lab/volume.txt build/root/full.cpio \
		tools/machine/ext.py
	$Qtools/root $< $@

build/disk.ext3: | build/root/full.ext3
	$Qcp --sparse=always build/root/full.ext3 $@

# ---- programs for the userland's tests and benchmarks -----------------------

# Static, with the C library of the root images; what is tested of threads is
# tested with that library linked at run time, too.
TESTROOT := build/testroot/usr
TESTROOT_GCC := $(TESTROOT)/lib/gcc/i686-linux-gnu/12
TESTROOT_LIB := $(TESTROOT)/lib/i386-linux-gnu
TESTER_CFLAGS = -march=i686 -std=gnu11 -O2 -g -D_GNU_SOURCE \
	-D_FILE_OFFSET_BITS=64 $(WARNINGS) -Wno-stringop-overflow \
	-Wno-stringop-overread -Itests/userland/check -fno-pie -nostdinc \
	-isystem $(shell $(CC32) -print-file-name=include) \
	-isystem $(TESTROOT)/include/i386-linux-gnu \
	-isystem $(TESTROOT)/include
tester_link = $(CC32) -nostdlib -no-pie -Wl,--build-id=none \
	$(TESTROOT_LIB)/crt1.o $(TESTROOT_LIB)/crti.o
tester_static = $(tester_link) -static $(TESTROOT_GCC)/crtbeginT.o -o $@ \
	$(filter %.o,$^) -Wl,--start-group $(TESTROOT_LIB)/libc.a \
	$(TESTROOT_LIB)/libm.a $(TESTROOT_GCC)/libgcc.a \
	$(TESTROOT_GCC)/libgcc_eh.a -Wl,--end-group \
	$(TESTROOT_GCC)/crtend.o $(TESTROOT_LIB)/crtn.o
tester_dynamic = $(tester_link) --sysroot=build/testroot \
	-Wl,-dynamic-linker,/lib/ld-linux.so.2 $(TESTROOT_GCC)/crtbegin.o \
	-o $@ $(filter %.o,$^) -L$(TESTROOT_LIB) -lc $(TESTROOT_GCC)/libgcc.a \
	$(TESTROOT_GCC)/crtend.o $(TESTROOT_LIB)/crtn.o

tester_programs := $(patsubst tests/userland/programs/%.c,\
	build/userland/programs/%,$(wildcard tests/userland/programs/*.c)) \
	build/userland/programs/thread-dynamic
check_objects := $(patsubst %.c,build/userland/%.o,\
	$(wildcard tests/userland/check/*.c))

build/testroot.packages: tests/userland/sysroot.txt
	$Qtools/root $< build/testroot/

build/userland/%.o: %.c build/testroot.packages
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$Q$(CC32) $(TESTER_CFLAGS) -MMD -MP -c -o $@ $<

build/userland/programs/%: build/userland/tests/userland/programs/%.o \
		$(check_objects)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$Q$(tester_static)

build/userland/programs/thread-dynamic: \
		build/userland/tests/userland/programs/thread.o $(check_objects)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$Q$(tester_dynamic)

# Plugins of QEMU.
build/bench/count.so: bench/storage/plugin/count.c
build/bench/trace.so: bench/model/trace.c
build/bench/where.so: bench/lab/plugin/where.c
build/bench/count.so build/bench/where.so: bench/storage/plugin/plugin.h
build/bench/count.so build/bench/trace.so build/bench/where.so:
	@mkdir -p $(@D)
	$(call say,cc,$@)
	$Q$(CC) -std=gnu11 -O2 -I. $(WARNINGS) -shared -fPIC -o $@ \
		$(filter %.c,$^)

build/userland/measure: $(patsubst %.c,build/userland/%.o,\
		$(wildcard bench/linux/*.c))
build/userland/measure-storage: $(patsubst %.c,build/userland/%.o,\
		$(wildcard bench/storage/*.c))
build/userland/silicon: $(patsubst %.c,build/userland/%.o,\
		$(wildcard bench/silicon/*.c))
build/userland/measure-lab: $(patsubst %.c,build/userland/%.o,\
		$(wildcard bench/lab/program/*.c) \
		bench/storage/rows_data.c bench/storage/rows_tree.c)
build/userland/bench/silicon/%.o build/userland/bench/lab/%.o: \
		TESTER_CFLAGS += -I.
build/userland/fuzz: $(patsubst %.c,build/userland/%.o,\
		$(wildcard tests/userland/fuzz/*.c))
build/userland/oom: $(patsubst %.c,build/userland/%.o,\
		$(wildcard tests/userland/oom/*.c))
build/userland/cuts build/userland/hostile build/userland/held: \
		build/userland/%: \
		build/userland/tests/userland/storage/%.o
build/userland/exercise: $(patsubst %,build/userland/tests/userland/storage/%.o,\
		exercise model judge change files mapped)
build/userland/measure build/userland/measure-storage build/userland/fuzz \
		build/userland/silicon build/userland/measure-lab \
		build/userland/oom build/userland/cuts build/userland/hostile \
		build/userland/exercise build/userland/held:
	$(call say,link,$@)
	$Q$(tester_static)

# A root of bash and coreutils alone, for Bochs.
build/userland/bash.cpio: tests/userland/bash.txt $(root_files) tools/root \
		tools/machine/archive.py tools/machine/tree.py \
		build/userland/init $(userland_tools)
	$Qtools/root $< $@

# Programs of tests/userland/tier0, linked both ways.
tier0_programs := $(foreach p,$(basename $(notdir $(wildcard \
	tests/userland/tier0/*.c))),$(addprefix build/userland/tier0/$p-,\
	static dynamic))
build/userland/tier0/%-static: build/userland/tests/userland/tier0/%.o
	@mkdir -p $(@D)
	$(call say,link,$@)
	$Q$(tester_static)
build/userland/tier0/%-dynamic: build/userland/tests/userland/tier0/%.o
	@mkdir -p $(@D)
	$(call say,link,$@)
	$Q$(tester_dynamic)

.PHONY: userland-tests
userland-tests: $(tester_programs) build/userland/measure build/userland/fuzz \
	build/userland/oom build/userland/cuts build/userland/hostile \
	build/userland/exercise build/userland/held \
	build/userland/bash.cpio \
	$(tier0_programs) $(roots)

# ---- host tests -------------------------------------------------------------

# Lines "// sources: FILE..." in a test name the sources it is linked with.
test_sources = $(shell sed -n 's,^// sources:,,p' $1)
test_headers := $(wildcard gates/*.h kernel/*.h seg/*.h tests/host/*.h \
	fs/*/*.[ch])

define host_rule
$B/tests/host/$1: tests/host/$1.c $(call test_sources,tests/host/$1.c) \
		$(test_headers) | $B/gates/stamp
	@mkdir -p $$(@D)
	$$(call say,host,$$@)
	$$Q$(CC) $(TEST_CFLAGS) -o $$@ tests/host/$1.c \
		$(call test_sources,tests/host/$1.c) -lcmocka
endef
ifneq ($(filter host-tests,$(MAKECMDGOALS)),)
$(foreach t,$(notdir $(host_tests)),$(eval $(call host_rule,$t)))
endif

.PHONY: host-tests
host-tests: $(host_tests)

FUZZ_SECONDS := 60
soak: all
	@tools/soak $(SOAK)

# The same as programs that take their inputs from random numbers.
strange := $(patsubst %,$B/strange/%,ext2 fat iso9660)
.PHONY: strange
strange: $(strange)
$(strange): $B/strange/%: tests/host/%_fuzz.c $(test_headers) | $B/gates/stamp
	@mkdir -p $(@D)
	$(call say,host,$@)
	$Q$(CC) $(TEST_CFLAGS) -DALONE -o $@ $<

soak-%: tests/host/%.c | $B/gates/stamp
	@command -v clang >/dev/null || { echo \
		'make soak needs clang: apt-get install clang' >&2; exit 1; }
	@mkdir -p build/soak/$*/corpus
	$Qclang $(TEST_CFLAGS) -fsanitize=fuzzer \
		-o build/soak/$*/fuzzer $< $(call test_sources,$<)
	build/soak/$*/fuzzer -max_total_time=$(FUZZ_SECONDS) -max_len=65536 \
		-artifact_prefix=build/soak/$*/ build/soak/$*/corpus \
		$(wildcard $B/domains)

-include $(shell find $B build/userland -name '*.d' 2>/dev/null)

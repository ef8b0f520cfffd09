#!/usr/bin/python3
"""Compare kernel/decode.c with Capstone on random instructions.

Usage: decode_capstone.py DECODER [COUNT [SEED]]. DECODER is the compiled
tests/host/decode.c. Lengths and explicit memory operands (segment, offset,
size) must agree. Where Capstone 4 knows later processors or departs from
Intel's manual, `excuse` says so. Prints every other disagreement; the exit
status is 1 if there is one.
"""
import collections
import random
import re
import subprocess
import sys

import capstone
from capstone import x86_const as x86

EIP = 0x100000
NAMES = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi")
VALUES = {name: 0x1000 * (i + 1) for i, name in enumerate(NAMES)}
VALUES.update({name[1:]: value for name, value in VALUES.items()})
VALUES.update({None: 0, "eiz": 0})

SEGMENTS = (b"", b"", b"", b"\x26", b"\x2e", b"\x36", b"\x3e", b"\x64",
            b"\x65")
PREFIXES = (b"", b"", b"", b"\x66", b"\x67", b"\xf2", b"\xf3", b"\x66\x67",
            b"\xf0")

# After the i686 and SSE2.
LATER_GROUPS = {"sse3", "ssse3", "sse41", "sse42", "sse4a", "avx", "avx2",
                "fma", "fma4", "xop", "tbm", "bmi", "bmi2", "3dnow", "aes",
                "adx", "rtm", "hle", "vm", "sha", "pclmul", "f16c", "sgx",
                "avx512", "fsgsbase", "smap"}
LATER = re.compile(r"syscall|sysret|ud0|xsave|xrstor|xgetbv|xsetbv|stac|clac|"
                   r"swapgs|prefetchw?\b|femms|popcnt|lzcnt|tzcnt|rd(rand|"
                   r"seed|tscp|pid)|movbe|crc32|monitor|mwait|encls|enclu|"
                   r"getsec|montmul|x(store|crypt|sha)|clwb|clflushopt|"
                   r"pcommit|fisttp|vm\w+|invept|invvpid|invpcid|skinit|"
                   r"clgi|stgi|invlpga|jmpe|xtest|vr|vs|k[a-z]+[bdqw] k")
# Capstone 4 gives these a size that is not the manual's, or a memory operand
# though they access none, or none though they do.
ODD_SIZE = re.compile(r"l[defgs]s |lss|nop|lea |invlpg|prefetch|clflush|xlat|"
                      r"fx?(save|rstor)|fn(save|stenv|stsw)|fldenv|[sl][gi]dt|"
                      r"comiss|ljmp|lcall|lsl |lar |punpckl|ud2b")


def strings(count, seed):
    """Byte strings: every opcode equally often, then purely random ones."""
    chance = random.Random(seed)
    for i in range(count):
        tail = chance.randbytes(13)
        if i % 8 == 7:
            yield tail[:chance.randrange(1, 14)]
            continue
        opcode = bytes([i // 2 % 256])
        if i % 2:
            opcode = b"\x0f" + opcode
        head = chance.choice(SEGMENTS) + chance.choice(PREFIXES)
        yield (head + opcode + tail)[:15]


class Instruction:
    """What is compared, and the text and groups to excuse it by."""

    def __init__(self, length, text, memory, groups=()):
        self.length = length
        self.text = text
        self.memory = sorted(memory)
        self.groups = set(groups)

    def __str__(self):
        return f"{self.length} bytes, {self.text}, {self.memory}"


def decode_ours(decoder, codes):
    text = "".join(code.hex(" ") + "\n" for code in codes)
    run = subprocess.run([decoder, "lines"], input=text, text=True,
                         capture_output=True, check=True)
    for line in run.stdout.splitlines():
        length, text, summary = line.split("|")
        noted = [note for note in summary.split(", ")
                 if not note.endswith("stack")]
        memory = re.findall(r"[rw]+(\d+) (\w\w):([0-9a-f]+)", ",".join(noted))
        yield Instruction(int(length), text,
                          [(segment, int(offset, 16), int(size))
                           for size, segment, offset in memory])


def decode_theirs(machine, code):
    found = next(machine.disasm(code, EIP, 1), None)
    if found is None:
        return Instruction(0, "(unknown)", [])
    memory = []
    for op in found.operands:
        if op.type != x86.X86_OP_MEM:
            continue
        base, index = (found.reg_name(r) if r else None
                       for r in (op.mem.base, op.mem.index))
        offset = VALUES[base] + VALUES[index] * op.mem.scale + op.mem.disp
        if re.match(r"pop", found.mnemonic) and base == "esp":
            offset += 2 if 0x66 in found.prefix else 4
        bit = found.op_str.split(", ")[-1]
        if re.search(r"\bbt[src]?$", found.mnemonic) and bit in VALUES:
            # 16-bit registers are signed: DI, 0x8000, is negative.
            value = VALUES[bit] - (0x10000 if bit == "di" else 0)
            offset += value // 32 * 4
        offset &= 0xFFFF if found.addr_size == 2 else 0xFFFFFFFF
        segment = "ss" if base in ("esp", "ebp", "bp") else "ds"
        if op.mem.segment:
            segment = found.reg_name(op.mem.segment)
        memory.append((segment, offset, op.size))
    return Instruction(found.size, f"{found.mnemonic} {found.op_str}", memory,
                       (found.group_name(g) for g in found.groups))


def prefixes(code):
    return set(re.match(rb"[\x26\x2e\x36\x3e\x64-\x67\xf0\xf2\xf3]*",
                        code).group())


def excuse(code, ours, theirs):
    """Why it is right that the two disagree, or None."""
    before = prefixes(code)
    if ours.length == 0:
        if theirs.groups & LATER_GROUPS or LATER.match(theirs.text):
            return "a later instruction"
        if 0xF0 in before:
            return "LOCK where it is not allowed"
        if theirs.groups & {"sse1", "sse2", "mmx"} and before & {0x66, 0xF2,
                                                                 0xF3}:
            return "a prefix that makes it another instruction"
        if "fpu" in theirs.groups or re.match("f(en|dis)i8087|fsetpm|ffreep",
                                              theirs.text):
            return "an undocumented alias"
        if re.match("mov cs", theirs.text):
            return "MOV to CS"
    elif theirs.length == 0:
        if ours.text.startswith("nop"):
            return "a reserved NOP"
    if ours.text.startswith("ud1") or "fence" in ours.text:
        return "ModRM of UD1 or of a fence"
    if "mm" in ours.text and before & {0x66, 0xF2, 0xF3} and \
            code[code.index(0x0F) - 1] not in (0x66, 0xF2, 0xF3):
        return "a prefix that Capstone overlooks where it is not the last"
    if 0x66 in before and before & {0xF2, 0xF3}:
        return "66 that Capstone mixes up with F2 or F3"
    if ours.length == theirs.length and ODD_SIZE.match(theirs.text):
        return "a size that Capstone has not from the manual"
    return None


def main():
    decoder = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    machine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_32)
    machine.detail = True
    codes = list(strings(count, seed))
    excused = collections.Counter()
    wrong = 0
    for code, ours in zip(codes, decode_ours(decoder, codes)):
        theirs = decode_theirs(machine, code)
        if (ours.length, ours.memory) == (theirs.length, theirs.memory):
            continue
        reason = excuse(code, ours, theirs)
        excused[reason] += 1
        if reason is None:
            wrong += 1
            print(f"{code.hex(' ')}\n  ours:   {ours}\n  theirs: {theirs}")
    del excused[None]
    print(f"# {count} strings, {wrong} disagreements")
    for reason, times in excused.most_common():
        print(f"# {times} times {reason}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

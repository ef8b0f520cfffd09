"""Which rows of clocks.csv an executed instruction is made of.

An instruction is one base form and forms for its prefixes. Far transfers are
told apart by the levels that they lead from and to, which addresses tell.
"""
import re

import capstone
from capstone import x86

from clocks import ModelError

CORE, DOMAIN, PROGRAM = 0, 1, 3  # levels

GROUPS = {"alu": "add adc sub sbb and or xor", "cmp": "cmp", "test": "test",
          "inc": "inc dec neg not", "movx": "movzx movsx",
          "shift": "shl shr sal sar rol ror", "shld": "shld shrd",
          "mul": "mul imul", "div": "div", "bsf": "bsf bsr", "bt": "bt",
          "bts": "bts btr btc", "cld": "cld clc stc cmc std"}
GROUP = {name: group for group, names in GROUPS.items()
         for name in names.split()}
ALIASES = {"pushal": "pusha", "pushad": "pusha", "popal": "popa",
           "popad": "popa", "pushfd": "pushf", "popfd": "popf"}
PLAIN = {"pusha", "popa", "pushf", "popf", "cld", "cli", "sti", "nop",
         "sysenter", "sysexit", "rdtsc"}
ONE_OPERAND = {"inc", "push", "pop", "jmp", "call", "lldt", "lgdt", "invlpg",
               "bswap", "div"}
DATA_SEGMENTS = ("ds", "es", "fs", "gs")
SEGMENTS = DATA_SEGMENTS + ("ss", "cs")
STRING = re.compile(r"(movs|stos)[bwd]")
CONDITION = re.compile(r"(set|cmov|j)(n?[abceglopsz]{1,3})")


class Levels:
    """The level of code at a linear address; limits from kernel/page.h, where
    the last number of a line is the one without the organization flat."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            found = dict(re.findall(
                r"#define LINEAR_(\w+)\s.*?(0x\w+)u\)?(?: /\*.*)?$",
                file.read(), re.MULTILINE))
        self.core = int(found["CORE"], 16)
        self.windows = int(found["WINDOWS"], 16)

    def of(self, address):
        if address < self.core:
            return PROGRAM
        return CORE if address < self.windows else DOMAIN


class Decoder:
    """Bytes as instructions; each different one is decoded once."""

    def __init__(self):
        self.engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_32)
        self.engine.detail = True
        self.known = {}

    def decode(self, code):
        if code not in self.known:
            found = list(self.engine.disasm(code, 0, 1))
            if not found or found[0].size != len(code):
                raise ModelError(f"{code.hex()} cannot be decoded")
            self.known[code] = found[0]
        return self.known[code]


def kind(one, operand):
    if operand.type == x86.X86_OP_MEM:
        return "m"
    if operand.type == x86.X86_OP_IMM:
        return "i"
    name = one.reg_name(operand.reg)
    return name if name in SEGMENTS or name.startswith("cr") else "r"


def mov_form(kinds):
    to, source = kinds
    if to in DATA_SEGMENTS:
        return f"mov sreg,{source}"
    if source in SEGMENTS:
        return f"mov {to},sreg"
    return f"mov {to},{'r' if source == 'i' else source}"


def transfer_form(name, kinds, levels):
    """Far transfers. `levels`: from and to."""
    here, there = levels
    if name == "lcall":
        return f"call far {kinds[0]} gate " + (
            "inner" if there < here else "same")
    way = "outer" if there > here else "same"
    if name == "retf":
        return f"retf {'i ' if kinds else ''}{way}"
    if name == "int":
        return "int inner" if there < here else "int same"
    return f"iret {way}"


def pair_form(one, group, kinds):
    """Two or three operands of the common kinds."""
    if group == "shift":
        count = one.operands[1]
        by_cl = count.type == x86.X86_OP_REG
        return f"shift {kinds[0]},{'cl' if by_cl else 'i'}"
    if group == "shld":
        return "shld r,r," + ("i" if kinds[2] == "i" else "cl")
    if group == "mul":
        return f"mul {'m' if 'm' in kinds else 'r'}"
    if group in ("bt", "bts"):
        return f"{group} " + ("r,r" if kinds[0] == "r" else ",".join(kinds))
    if group == "lea":
        indexed = one.operands[1].mem.index != 0
        return "lea r,m" + (" index" if indexed else "")
    if group == "test" or group == "xchg":
        return f"{group} {'m' if 'm' in kinds else 'r'},r"
    return f"{group} " + ",".join("r" if k == "i" else k for k in kinds)


def base_form(one, taken, levels):
    words = one.mnemonic.split()
    name = ALIASES.get(words[-1], words[-1])
    kinds = [kind(one, operand) for operand in one.operands]
    string, condition = STRING.fullmatch(name), CONDITION.fullmatch(name)
    if string:
        return ("rep " if words[0] == "rep" else "") + string[1]
    if name in ("lcall", "retf", "int", "iretd", "iret"):
        return transfer_form(name, kinds, levels)
    if name == "ret":
        return "ret i" if kinds else "ret"
    if name == "mov":
        return mov_form(kinds)
    if condition and condition[1] == "j" and name != "jmp":
        return "jcc taken" if taken else "jcc not taken"
    if condition and condition[1] != "j":
        return f"{condition[1]}cc {','.join(kinds)}"
    group = GROUP.get(name, name)
    if group in PLAIN:
        return group
    if group in ("push", "pop") and kinds[0] in SEGMENTS:
        return f"{group} sreg"
    if group == "push" and kinds[0] == "i":
        return "push r"
    if group in ONE_OPERAND:
        return f"{group} {kinds[0]}"
    return pair_form(one, group, kinds)


def extra_forms(one):
    """What prefixes and addressing add, a form for each."""
    repeat, *others = one.prefix
    yield from ["prefix"] * sum(1 for byte in others if byte)
    if repeat == 0xF0:
        yield "prefix"
    if one.opcode[0] == 0x0F and not 0x80 <= one.opcode[1] < 0x90:
        yield "prefix 0F"
    for operand in one.operands:
        if operand.type == x86.X86_OP_MEM and operand.mem.index and \
                one.mnemonic != "lea":
            yield "index"


def forms(one, taken, levels):
    """Names of rows, the base first."""
    return [base_form(one, taken, levels), *extra_forms(one)]

"""What each instruction of a crossing is for.

Walks the straight path of a crossing through the built files: from the stub
through gates, thunks and doors back to the caller, no conditional jump taken.
ITEM labels in gates/*.inc and gates/doors.asm name what the instructions after
them are for. A walk is an assumption about the path; bench/run compares its
sum with what was measured, and fails if they differ.
"""
import bisect
import re

import capstone
from elftools.elf.elffile import ELFFile

MOST = 2000  # instructions of a path

# Far transfers without a near return: what each leads to, in order.
PATHS = {
    "across": ("caller", "meter_{}", [("callee", "thunk_meter_{}")]),
    "up": ("caller", "coremeter_{}", [("core", "up_thunk_coremeter_{}")]),
    "down": ("core", "down_meter_{}",
             [("callee", "down_meter_{}"), ("core", "door_down_return")]),
}
# A domain's stubs come in variants, by the kinds of pointers they are given.
VARIANTS = {"none": "", "single": "__n", "both": "__n__n"}
NEAR = {"across": ("caller", "near_{}"), "up": ("caller", "near_{}"),
        "down": ("core", "near_{}")}


class AccountError(Exception):
    """The path cannot be followed; the text says where."""


class Image:
    """A built file: its code, its symbols and its ITEM labels."""

    def __init__(self, path):
        self.path = path
        self.engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_32)
        self.engine.detail = True
        self.sections = []
        self.symbols = {}
        marks = {}  # address: item, or None where another function begins
        with open(path, "rb") as file:
            elf = ELFFile(file)
            for section in elf.iter_sections():
                if section["sh_flags"] & 4:  # executable
                    self.sections.append((section["sh_addr"], section.data()))
            for symbol in elf.get_section_by_name(".symtab").iter_symbols():
                address = symbol["st_value"]
                item = re.fullmatch(r"\.\.@\d+\.item_(\w+)", symbol.name)
                if item:
                    marks[address] = item[1]
                    continue
                if "." not in symbol.name:
                    self.symbols[symbol.name] = address
                if symbol["st_info"]["type"] == "STT_FUNC" and \
                        address not in marks:
                    marks[address] = None
        self.addresses = sorted(marks)
        self.items = [marks[address] for address in self.addresses]

    def symbol(self, name):
        if name not in self.symbols:
            raise AccountError(f"{self.path}: no symbol {name}")
        return self.symbols[name]

    def item(self, address):
        """What the instruction is for; `body` in a C function."""
        index = bisect.bisect_right(self.addresses, address) - 1
        return (self.items[index] if index >= 0 else None) or "body"

    def decode(self, address):
        for start, code in self.sections:
            if start <= address < start + len(code):
                at = address - start
                for one in self.engine.disasm(code[at:at + 16], address, 1):
                    return one
        raise AccountError(f"{self.path}: no instruction at {address:#x}")


def follow(images, image, address, targets):
    """Yield (image name, instruction, item) from a function's entry to its
    return. `targets`: where far transfers lead."""
    near, far, targets = [], [], list(targets)
    for _ in range(MOST):
        one = images[image].decode(address)
        yield image, one, images[image].item(address)
        address = one.address + one.size
        name = one.mnemonic
        if name == "call":
            near.append(address)
            address = one.operands[0].imm
        elif name == "jmp":
            address = one.operands[0].imm
        elif name == "ret":
            if not near:
                return
            address = near.pop()
        elif name in ("lcall", "iretd") or name == "retf" and not far:
            if name == "lcall":
                far.append((image, address))
            if not targets:
                raise AccountError(f"{one.address:#x}: one far transfer "
                                   "more than expected")
            image, symbol = targets.pop(0)
            address = images[image].symbol(symbol)
        elif name == "retf":
            image, address = far.pop()
    raise AccountError("the path does not end")


class Account:
    """Instructions of one crossing, by item, beyond the same near call."""

    def __init__(self, images, row):
        way, kind = row.split(".")
        image, symbol, targets = PATHS[way]
        if image != "core":
            symbol += VARIANTS[kind]
        where = (images, image, images[image].symbol(symbol.format(kind)),
                 [(name, target.format(kind)) for name, target in targets])
        near_image, near = NEAR[way]
        self.items = {}
        self.lines = []
        for name, one, item in follow(*where):
            self.items[item] = self.items.get(item, 0) + 1
            self.lines.append(f"{item:13}{name:8}{one.address:08x}  "
                              f"{one.mnemonic} {one.op_str}".rstrip())
        body = sum(1 for _ in follow(images, near_image, images[
            near_image].symbol(near.format(kind)), []))
        # The callee's C, its RET included, is the near call's too; what remains
        # would be a difference in how the compiler wrote the two.
        rest = self.items.pop("body", 0) - body
        if rest:
            self.items["body"] = rest

    def total(self):
        return sum(self.items.values())

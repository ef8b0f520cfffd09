"""The sum of a stream of instructions' clocks."""
import clocks
import forms
from components import components

PAGE = 4096
# Cycles for an entry of the TLB: Liedtke (SOSP 1995; docs/costs.md) has a
# switch of page tables at 36 to 1196 cycles on a Pentium, with none or all of
# its 96 entries (32 and 64) to be filled again. For the others there is no
# figure.
TLB_MISS = {"pentium": (12, 13)}
BEHIND_END = 1  # components of the instruction behind the last, not known


class Model:
    """Clocks by the table; levels by where code lies."""

    def __init__(self, table, levels):
        self.table = table
        self.levels = levels
        self.decoder = forms.Decoder()

    def step_forms(self, steps, index):
        """(instruction, its forms, the 386's m) of one step."""
        step = steps[index]
        one = self.decoder.decode(step.code)
        following = steps[index + 1] if index + 1 < len(steps) else None
        there = following.address if following else step.address
        taken = bool(following) and there != step.address + len(step.code)
        names = forms.forms(one, taken, (self.levels.of(step.address),
                                         self.levels.of(there)))
        after = components(following.code) if following else BEHIND_END
        return one, names, after

    def step_cost(self, steps, index, processor):
        """(least, most) of one step. ModelError names its instruction."""
        one, names, after = self.step_forms(steps, index)
        least = most = 0
        times = steps[index].times
        repeated = names[0].startswith("rep ")
        try:
            for name in names:
                # the time that finds ECX empty is no repetition
                low, high = self.table.cost(name, processor, times - 1, after)
                least += low * (1 if repeated else times)
                most += high * (1 if repeated else times)
        except clocks.ModelError as error:
            raise type(error)(
                f"{steps[index].address:#x} {one.mnemonic} {one.op_str}: "
                f"{error}") from error
        return least, most

    def cost(self, steps, processor):
        """(least, most) of a whole stream."""
        found = [self.step_cost(steps, index, processor)
                 for index in range(len(steps))]
        return sum(low for low, _ in found), sum(high for _, high in found)

    def refill(self, steps):
        """Pages, of code and data, that were touched after a load of CR3; a
        page counts again after the next load. None without a load."""
        pages, count, loaded = set(), 0, False
        for step in steps:
            pages |= {page // PAGE for page in step.pages}
            pages.add(step.address // PAGE)
            if step.code[:2] == b"\x0f\x22" and step.code[2] & 0x38 == 0x18:
                count += len(pages) if loaded else 0
                pages, loaded = set(), True
        return count + len(pages) if loaded else None

    def listing(self, steps):
        """Lines for a person: each instruction and its clocks."""
        for index, step in enumerate(steps):
            one, names, _ = self.step_forms(steps, index)
            columns = ["-".join(map(str, dict.fromkeys(self.step_cost(
                steps, index, processor)))) for processor in
                clocks.PROCESSORS]
            yield (f"{step.address:08x} " +
                   "".join(f"{text:>9}" for text in columns) +
                   f"  {one.mnemonic} {one.op_str}".rstrip() +
                   f"  [{'; '.join(names)}]")
        for processor in clocks.PROCESSORS:
            yield f"{processor}: {self.cost(steps, processor)}"

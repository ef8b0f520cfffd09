"""The acts and attacks, family by family, from the tests' own files."""
import glob
import os
import re
from dataclasses import dataclass

from runner import describe

TABLE = "tests/core/attack_table.c"
ROW = re.compile(r'\b(?:TRICK|SWEEP)(?:_BY|_ON)?\(\s*"([a-z0-9-]+)"')
SECTION = re.compile(r"\t/\* (.*) \*/$")
LONG = re.compile(r"every-(?!.*flags)|ldt-every")

# Calls of every gate that there is: whoever can do that stops the machine.
HARMFUL = {"gates-call": ("far",)}

# Nothing wrong where the core is in between: it clears the flag; and a domain
# that it entered returns to it.
HARMLESS = {"across-trap": ("sealed",), "down-return-across": ("sealed",)}


# What does not need gates, lends or watched time to be tried.
FLAT = ("control", "exceptions", "machine", "selectors", "stack", "window")


@dataclass(frozen=True)
class Act:
    """One line of a test file, or of the table of attacks."""
    command: str  # forbid or attack
    name: str
    allowed: bool = False  # must pass, in whatever organization
    harmful: tuple = ()  # organizations in which it is not tried
    harmless: tuple = ()  # and in which it may pass


@dataclass(frozen=True)
class Family:
    """Acts of one kind, which share boots."""
    name: str
    acts: tuple
    cpus: str = "1"
    flat: bool = False  # it is tried in the flat build, too


def of_test(path):
    """A file of forbidden acts."""
    test = describe.parse(path, "tests")
    acts = tuple(Act("forbid", act.name,
                     not act.faults["bochs"] and not act.rule,
                     harmless=HARMLESS.get(act.name, ()))
                 for act in test.acts)
    name = os.path.basename(test.name)
    return Family(name, acts, test.cpus, name in FLAT)


def of_table(path, long):
    """The sections of the table of attacks."""
    name, names = "", []
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for line in text[text.index("tricks[] = {"):].splitlines():
        if section := SECTION.match(line):
            if names:
                yield name, names
            name, names = section[1], []
        if (row := ROW.search(line)) and (long or not LONG.match(row[1])):
            names.append(row[1])
    yield name, names


def families(long=False):
    """All of them: accidents first."""
    for path in sorted(glob.glob("tests/forbidden/*.test")):
        yield of_test(path)
    for name, names in of_table(TABLE, long):
        yield Family(f"attack: {name}",
                     tuple(Act("attack", n, harmful=HARMFUL.get(n, ()))
                           for n in names))

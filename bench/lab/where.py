"""Whose code a linear address is: a program's, the core's, a domain's, or that
of a crossing, which is neither's."""
import bisect
import collections
import functools
import glob
import os

from common import HOME, command

CORE = 0xC0000000
PROGRAMS = 0x08000000  # a server's window is below, from 0 on
LANDING = range(0x7F000000, 0x7F010000)  # what servers enter and leave by

# Objects of the core whose code is there for crossings: relays and doors,
# descriptors, sealed views, messages to servers.
CROSSING = ("gates/*.o", "seg/*.o", "kernel/server*.o")
# Copying into and out of a lend is not the crossing's work.
WORK = {"lend_give", "lend_take"}
REGIONS = ("program", "core", "crossing", "domain")


def symbols_read(path):
    """[(address, name)] of the code in an ELF file, sorted."""
    status, out, _ = command(["nm", path])
    words = [line.split() for line in out.splitlines()] if status == 0 else []
    return sorted((int(word[0], 16), word[2]) for word in words
                  if len(word) == 3 and word[1] in "tT")


def names_of(build, patterns):
    return {name for pattern in patterns
            for path in glob.glob(os.path.join(build, pattern))
            for _, name in symbols_read(path)}


class Image:
    """The symbols of one file, and which of them belong to crossings."""

    def __init__(self, build, path, patterns):
        self.symbols = symbols_read(os.path.join(build, path))
        self.starts = [start for start, _ in self.symbols]
        self.crossing = names_of(build, patterns) - WORK

    def find(self, address):
        """(is it a crossing's, name)."""
        at = bisect.bisect_right(self.starts, address) - 1
        if at < 0:
            return False, f"{address:x}"
        name = self.symbols[at][1]
        while at > 0 and name.startswith(".."):  # marks within a function
            at -= 1
            name = self.symbols[at][1]
        return self.symbols[at][1] in self.crossing, name


def windows_read(text):
    """[[(base, size, name)]] of the program's output, a list for each run."""
    found = []
    for line in text.splitlines():
        word = line.split()
        if word[:1] == ["run"]:
            found.append([])
        elif word[:1] == ["window"] and found:
            found[-1].append((int(word[2], 16), int(word[3], 16), word[1]))
    return found


@functools.lru_cache(maxsize=None)
def image_of(build, name):
    """Of the core, or of a domain; one that is started for a volume has that
    one's number behind its name."""
    build = os.path.join(HOME, "build", build)
    if name == "core":
        return Image(build, "bulkhead.elf", CROSSING)
    name = name.split(".")[0]
    return Image(build, f"domains/{name}", [f"gates/{name}.asm.o"])


class Places:
    """Addresses of one run of a system, with these windows."""

    def __init__(self, system, windows):
        self.linux = system == "linux"
        self.build = "flat" if system == "flat" else "release"
        self.windows, self.known = windows, {}

    def find(self, address):
        """(region, name of the function or of the domain)."""
        if address not in self.known:
            self.known[address] = self.look(address)
        return self.known[address]

    def look(self, address):
        if address in LANDING and not self.linux:
            return "crossing", "a server's landing"
        for base, size, name in self.windows:
            if base <= address < base + size:
                image = image_of(self.build, name)
                crossing, symbol = image.find(address - base)
                return ("crossing" if crossing else "domain",
                        f"{name.split('.')[0]}: {symbol}")
        if address < CORE:
            if address >= PROGRAMS or self.linux:
                return "program", "programs"
            return "domain", "servers"
        if self.linux:
            return "core", "Linux"
        crossing, symbol = image_of(self.build, "core").find(address)
        return "crossing" if crossing else "core", symbol

    def shares(self, blocks):
        """{region: instructions}."""
        found = dict.fromkeys(REGIONS, 0)
        for address, count in blocks.items():
            found[self.find(address)[0]] += count
        return found

    def top(self, blocks, most):
        """[(region, name, instructions)]: the largest of each region."""
        found = {region: collections.Counter() for region in REGIONS}
        for address, count in blocks.items():
            region, name = self.find(address)
            found[region][name] += count
        return [(region, name, count) for region in REGIONS
                for name, count in found[region].most_common(most)]


def blocks_read(path):
    """[{address: instructions}] of the plugin's file, one for each run."""
    runs = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line == "run\n":
                runs.append(collections.Counter())
            else:
                address, count = line.split()
                runs[-1][int(address, 16)] += int(count)
    return runs

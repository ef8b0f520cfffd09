"""What the instructions of a null crossing are, by what a single one of them
costs: the walk of bench/account.py, counted by mechanisms of bench/micro.py."""
import csv
import os

import account
import raw

OUT = os.path.join(raw.HOME, "build/lab/raw/micro-paths.csv")

# What a call gate and the return from it, or the way in that the gate is the
# return from, are priced as, both together.
TRANSFERS = {"across": "gate-same", "up": "gate-inner", "down": "gate-inner"}
LOADS = {"ds": "segment-load-ds", "es": "segment-load-ds",
         "ss": "segment-load-ss", "fs": "segment-load-fs",
         "gs": "segment-load-fs"}


def priced(way, one):
    """The mechanism whose row says what this instruction costs, alone."""
    if one.mnemonic == "lcall":
        return TRANSFERS[way]
    if one.mnemonic == "lss":
        return "segment-load-ss"
    if one.mnemonic in ("mov", "pop"):
        return LOADS.get(one.op_str.split(",")[0], "plain")
    return "plain"


def images():
    found = {"core": account.Image(f"{raw.BUILD}/bulkhead.elf")}
    for domain in raw.BENCHERS:
        found[domain] = account.Image(f"{raw.BUILD}/domains/{domain}")
    return found


def counts(way, built):
    """{mechanism: how often} of a null crossing. A far return or IRET is part
    of its call's row."""
    image, symbol, targets = account.PATHS[way]
    found = {}
    for _, one, _ in account.follow(
            built, image, built[image].symbol(symbol.format("none")),
            [(name, target.format("none")) for name, target in targets]):
        name = priced(way, one)
        if one.mnemonic not in ("retf", "iretd"):
            found[name] = found.get(name, 0) + 1
    return found


def write():
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    built = images()
    with open(OUT + ".new", "w", encoding="utf-8") as file:
        file.write("# instructions of a null crossing of the built files, "
                   "there and back, by the row that prices them\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("crossing", "priced", "count"))
        for way in account.PATHS:
            for name, count in counts(way, built).items():
                writer.writerow((way, name, count))
    os.replace(OUT + ".new", OUT)

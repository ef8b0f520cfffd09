"""The tables of `make bench`: what was measured, beside what is published."""

# Items of a crossing (ITEM in gates/*.inc): the bare duties, then the others.
BARE = {
    "stub": "registers saved and restored",
    "thread": "the running thread found",
    "record": "linkage record written and dropped",
    "stack": "stack switched (down: TSS.esp0 too)",
    "segments": "segment registers",
    "call": "near and far calls, returns",
}
ADDED = {
    "tables": "within an up call? then other tables are loaded",
    "doors": "the doors selector, our own door found",
    "flags": "flags made clean",
    "interrupts": "interrupts off while TSS.esp0 changes",
    "check": "the callee lives; the return is the callee's",
    "monitor": "monitor entered and left",
    "pool": "activation stack taken and given back",
    "counters": "calls counted",
    "ring": "ring of the last crossings",
    "reservation": "memory reserved, given back",
    "watch": "what the core is at; does the unwinder wait",
    "lends": "FS, GS and old lends emptied, come what may",
    "body": "the function itself, beyond the near one's",
}
TARGET = {"across": 36, "up": 25, "down": 43}
LEND_TARGET = 25
RATIO_TARGET = 6.5
WAYS = ("across", "up", "down")
LENDS = ("none", "single", "both")

NAMES = {
    "gate.same": "bare call gate and LRET, same ring",
    "gate.inner": "bare call gate to ring 0 and LRET",
    "none": "no lend", "single": "1 lend", "both": "2 lends",
    "zero": "1 lend of no bytes", "on": "1 lend, lent on",
    "big": "1 lend of more than 64 KiB",
}

# Under the same QEMU (7.2, TCG) on another day's host; TSC ticks at 2.3 GHz.
PUBLISHED = (
    ("seL4 ia32, fastpath, two address spaces", "round trip", 508, 17495),
    ("seL4 ia32, fastpath, one address space", "round trip", 504, 3403),
    ("L4Ka::Pistachio ia32, two address spaces", "round trip", 200, 14614),
    ("L4Ka::Pistachio ia32, one address space", "round trip", 194, 870),
    ("Linux 6.1 686, null call by SYSENTER", "round trip", 370, 1680),
)


# The loop alone, of rows that the caller does not measure.
LOOPS = {"down": "down.empty", "gate": "bare.empty.1"}


def rows_make(rows):
    """Rows of what raw.boot answers."""
    return Rows((row.row, (row.least, row.median, row.calls)) for row in rows)


class Rows(dict):
    """Raw rows of one boot: name: (minimum, median, count)."""

    def each(self, name, which=0):
        """What one call of a row took, without the loop, as a fraction of
        batches: (ticks, calls)."""
        loop = LOOPS.get(name.split(".", maxsplit=1)[0], "empty")
        return (self[name][which] - self[loop][which]) / self[name][2]

    def near(self, name):
        """The near call that a row is compared with."""
        way, kind = name.split(".")
        if f"near.{kind}" not in self:
            kind = "single"
        return f"down.near.{kind}" if way == "down" else f"near.{kind}"

    def beyond(self, name):
        """Exact instructions beyond the same near call. ValueError if the
        batches were not alike."""
        near, count = self.near(name), self[name][2]
        whole, rest = divmod(self[name][0] - self[near][0], count)
        if rest or self[near][2] != count:
            raise ValueError(f"{name}: {whole} and {rest}/{count}: not exact")
        return whole


def line(*columns):
    first, *others = columns
    return f"  {first:46}" + "".join(f"{one:>13}" for one in others)


def counted(rows, name):
    """Instructions of a row as one emulator counted them."""
    if not rows:
        return "-"
    near = 0 if name.startswith("gate.") else rows.each(rows.near(name))
    return f"{rows.each(name) - near:.1f}".removesuffix(".0")


def calls_table(icount, tsc, bochs):
    """Complete crossings: one call and its return."""
    bare = tsc.each("gate.same")
    out = ["Calls: each is one call and its return, one complete crossing.",
           "Instructions: beyond the same near call (its CALL and RET, its "
           "arguments). TSC ticks, ",
           "and how many bare gates they are: the whole call without the loop. "
           "A lend is of 64 bytes.",
           line("", "instructions", "in Bochs", "TSC least", "TSC median",
                "bare gates")]
    rows = [("near call and RET", "near.none"),
            (NAMES["gate.same"], "gate.same"),
            (NAMES["gate.inner"], "gate.inner")]
    rows += [(f"{way}, {NAMES[kind]}", f"{way}.{kind}") for way in WAYS
             for kind in (*LENDS, "zero", "on", "big")
             if f"{way}.{kind}" in icount]
    for text, name in rows:
        out.append(line(
            text, *("" if name == "near.none" else counted(one, name)
                    for one in (icount, bochs)),
            f"{tsc.each(name):.0f}", f"{tsc.each(name, 1):.0f}",
            f"{tsc.each(name) / bare:.2f}"))
    return out


def account_table(accounts):
    out = ["What the instructions of a null crossing are for (counted on the "
           "built files, equal to what was measured):",
           line("", *WAYS)]
    null = {way: accounts[f"{way}.none"].items for way in WAYS}

    def rows(items):
        for item, text in items.items():
            if any(item in null[way] for way in WAYS):
                yield line(text, *(null[way].get(item, "") for way in WAYS))

    def total(items):
        return [sum(null[way].get(item, 0) for item in items) for way in WAYS]

    out += [*rows(BARE), line("= bare duties", *total(BARE)),
            line("  to match or beat", *(TARGET[way] for way in WAYS)),
            *rows(ADDED), line("= a null crossing", *total({**BARE, **ADDED}))]
    first = [accounts[f"{way}.single"].total() - accounts[f"{way}.none"].total()
             for way in WAYS]
    second = [accounts[f"{way}.both"].total() -
              accounts[f"{way}.single"].total() for way in WAYS]
    return out + [line("one lend, made, checked and destroyed", *first),
                  line("  to match or beat", *[LEND_TARGET] * 3),
                  line("a second lend", *second)]


def bytes_table(icount, tsc):
    out = ["Bytes: one copy, in the callee. memcpy() within its segment, and "
           "the same loop through a lend.",
           line("", "memcpy", "take", "give", "memcpy TSC", "take TSC",
                "give TSC")]
    for size in (16, 256, 4096, 65536):
        names = [f"{verb}.{size}" for verb in ("copy", "take", "give")]
        out.append(line(f"{size} bytes", *(
            f"{icount[name][0] / icount[name][2]:.2f}" for name in names), *(
            f"{tsc[name][0] / tsc[name][2]:.0f}" for name in names)))
    return out


def lives_table(icount, tsc):
    def milliseconds(name, which):
        return f"{tsc[name][which] / tsc['khz'][0]:.3f} ms"

    return ["Lives of domains (guest time; least and median):",
            line("", "instructions", "time, least", "time, median", "wanted"),
            line("fresh hello, from its file to its start gate's end",
                 icount["start"][0], milliseconds("start", 0),
                 milliseconds("start", 1), "< 1 ms"),
            line("from a fault to the next call that succeeds",
                 icount["restart"][0], milliseconds("restart", 0),
                 milliseconds("restart", 1), "< 2 ms"),
            line("memory of hello: frames taken, all in all",
                 f"{icount['memory.all'][0] / 1024:g} KiB", "", "",
                 "< 48 KiB"),
            line("  of that its generation: window, stacks, tables",
                 f"{icount['memory.window'][0] / 1024:.1f} KiB")]


def published_table(icount, tsc):
    across = tsc.each("across.none")
    out = ["Beside it, measured earlier under QEMU 7.2 by TCG (TSC at 2.3 GHz; "
           "0 words):",
           line("", "", "instructions", "TSC ticks"),
           line("Bulkhead, domain to domain, null call", "round trip",
                f"{icount.each('across.none'):g}", f"{across:.0f}")]
    return out + [line(name, way, count, ticks)
                  for name, way, count, ticks in PUBLISHED]

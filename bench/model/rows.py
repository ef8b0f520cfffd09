"""Rows of the laboratory's CSV: names of mechanisms, and rows that are made of
the table alone."""
import clocks
import cost

HEAD = ("machine", "mechanism", "organization", "payload", "direction", "trip",
        "cpus", "unit", "state", "n", "least", "p10", "median", "p90", "p99",
        "most")
MACHINES = {"i386": "model-386", "i486": "model-486",
            "pentium": "model-pentium"}
LENT = 64  # bench/core/marked.c, bench/domains/tracer

# The end of a marked call's name: added to the mechanism, direction.
KINDS = {"none": ("", "none"), "single": ("", "in"), "both": ("", "both"),
         "taken": ("-touch", "in"), "given": ("-touch", "out"),
         "moved": ("-touch", "both")}

# Mechanism: trip, forms one after the other (386: m is 1 for each).
BARE = {
    "far-direct": ("round", ["call far m direct", "retf same"]),
    "gate-same": ("round", ["call far m gate same", "retf same"]),
    "gate-inner": ("round", ["call far m gate inner", "retf outer"]),
    "return-outward": ("one-way", ["retf outer"]),
    "int": ("round", ["int inner", "iret outer"]),
    "int-same": ("round", ["int same", "iret same"]),
    "iret": ("one-way", ["iret outer"]),
    "segment-load-ds": ("one-way", ["mov sreg,m"]),
    "segment-load-fs": ("one-way", ["mov sreg,m"]),
    "segment-load-ss": ("one-way", ["lss r,m"]),
    "lldt": ("one-way", ["lldt r"]),
    "lgdt": ("one-way", ["lgdt m"]),
    "cr3-warm": ("one-way", ["mov cr3,r"]),
    "task-gate": ("one-way", ["call far m task gate"]),
}

REMARKS = [
    "a model, no measurement: published clocks (bench/model/clocks.csv) added "
    "up over the executed instructions",
    "least and most: the sums of what ranges begin and end with; median: half "
    "way; the others are one of these. n is 1",
    "round: a call and its return; one-way: one instruction",
    "warm: all caches and the TLB hit, branches are predicted, no pairing",
    "cold: with CR3 loads, the TLB's refill added, an estimate: 12 to 13 "
    "cycles for each page touched after a load (Pentium alone: bench/model/"
    "cost.py)",
    "no SYSENTER before the Pentium II: INT to ring 0 and IRET outward stand "
    "for it and SYSEXIT in rows of far-ipc",
    "no CMOV either: a branch not taken and MOV stand for it; on 386 and 486 "
    "two loads of a counter for RDTSC",
    "touch: the callee copies all bytes (near-touch: within one segment); "
    "else it does nothing with them",
    "organization: of caller and callee across; up is the first one's call, "
    "down a call to the second",
    "sysenter: no row, none of the three has it",
]


def line(processor, label, state, least, most):
    middle = (least + most) / 2
    middle = int(middle) if middle == int(middle) else middle
    mechanism, organization, payload, direction, trip = label
    return (MACHINES[processor], mechanism, organization, payload, direction,
            trip, 1, "cycles", state, 1, least, least, middle, most, most,
            most)


def label(name, size, organization):
    """Mechanism, organization, payload, direction, trip; None for a call that
    another organization's boot has already shown."""
    way, what = name.split(".")
    if way in ("near", "up") and organization != "far":
        return None
    if what == "indirect":
        return "indirect", "", 0, "none", "round"
    suffix, direction = KINDS[what]
    if direction != "none" and not size:
        size = LENT
    between = "" if way == "near" else f"far-{organization}"
    return way + suffix, between, size, direction, "round"


def bare_lines(table):
    """Mechanisms that are one or two instructions."""
    out = []
    for mechanism, (trip, names) in BARE.items():
        for processor in clocks.PROCESSORS:
            found = [table.cost(name, processor, components=1)
                     for name in names]
            out.append(line(processor, (mechanism, "", 0, "none", trip),
                            "warm", sum(low for low, _ in found),
                            sum(high for _, high in found)))
    return out


def call_lines(model, where, steps, remarks):
    """A call, and if it loads CR3 once more with the TLB's refill. A processor
    that lacks one of its instructions has a remark instead of a row."""
    pages = model.refill(steps)
    out = []
    for processor in clocks.PROCESSORS:
        try:
            least, most = model.cost(steps, processor)
        except clocks.NotThere as error:
            remarks.append(f"no row {' '.join(map(str, where))}: {error}")
            continue
        out.append(line(processor, where, "warm", least, most))
        if pages and processor in cost.TLB_MISS:
            low, high = cost.TLB_MISS[processor]
            out.append(line(processor, where, "cold", least + pages * low,
                            most + pages * high))
    return out

"""The laboratory's rows of single mechanisms: boots, subtracts, writes CSV.

Each row counts one call and its return, or one way of it, as its `trip` says;
what the empty loop took is subtracted, and nothing else: a near call is a row
of its own. What was printed, unsubtracted, stays in build/bench/micro/.
"""
import csv
import os

import paths
import raw
from raw import BenchError, PERCENTS

OUT = os.path.join(raw.HOME, "build/lab/raw")
KEPT = os.path.join(raw.HOME, "build/bench/micro")
HEAD = ("machine", "mechanism", "organization", "payload", "direction", "trip",
        "cpus", "unit", "state", "n") + PERCENTS

BATCHES = 101  # SAMPLE_BATCHES of bench/sample.h

LIMIT = 300  # seconds for a boot

MACHINES = ("qemu-time", "qemu-icount", "bochs", "kvm")
OPTIONS = {"qemu-time": [], "qemu-icount": ["--icount"],
           "bochs": ["--machine", "bochs"], "kvm": []}
UNITS = {"qemu-time": "tsc", "qemu-icount": "instructions",
         "bochs": "instructions", "kvm": "tsc"}
KVM = {"BULKHEAD_QEMU": "-accel kvm"}

# Raw row: mechanism, trip, the row of the loop alone, times in a pass.
BARE = {
    "near": ("near", "round", "bare.empty.0", 1),
    "indirect": ("indirect", "round", "bare.empty.0", 1),
    "far.direct": ("far-direct", "round", "bare.empty.0", 1),
    "gate.same": ("gate-same", "round", "bare.empty.1", 1),
    "gate.inner": ("gate-inner", "round", "bare.empty.1", 1),
    "gate.user": ("gate-inner-ring3", "round", "bare.empty.3", 1),
    "gate.in": ("gate-inner", "one-way", "clock.1.in", 1),
    "gate.out": ("return-outward", "one-way", "clock.1.out", 1),
    "task.gate": ("task-gate", "round", "bare.empty.0", 1),
    "work": ("work", "round", "bare.empty.1", 1),
    "work.base": ("work-base", "round", "bare.empty.1", 1),
    "int": ("int", "round", "bare.empty.3", 1),
    "int.same": ("int-same", "round", "bare.empty.0", 1),
    "int.in": ("int", "one-way", "clock.3.in", 1),
    "int.out": ("iret", "one-way", "clock.3.out", 1),
    "sysenter": ("sysenter", "round", "bare.empty.3", 1),
    "load.ds": ("segment-load-ds", "one-way", "bare.empty.0", 1),
    "load.ds.ldt": ("segment-load-ds-ldt", "one-way", "bare.empty.0", 1),
    "load.fs": ("segment-load-fs", "one-way", "bare.empty.0", 1),
    "load.fs.ldt": ("segment-load-fs-ldt", "one-way", "bare.empty.0", 1),
    "load.ss": ("segment-load-ss", "one-way", "bare.empty.0", 1),
    "lldt": ("lldt", "one-way", "bare.empty.0", 1),
    "lgdt": ("lgdt", "one-way", "bare.empty.0", 1),
    "cr3": ("cr3-warm", "one-way", "bare.empty.0", 2),
    "cr3.touch": ("cr3-cold", "one-way", "touch", 1),
    "handover": ("handover", "round", None, 1),
    "wake": ("wake", "one-way", None, 1),
    "stop": ("stop", "round", None, 1),
}

# The end of a crossing's name: direction, bytes, what the mechanism gets.
KINDS = {
    "none": ("none", 0, ""), "single": ("in", 64, ""),
    "both": ("both", 64, ""), "zero": ("in", 0, "-empty"),
    "on": ("in", 64, "-on"),
    "big": ("in", 69632, "-big"),
}

# Calls just after this CPU, or another one, called the callee; and across in one
# address space. Without bytes.
STATES = {"same": "-after-own", "other": "-after-other",
          "joined": "-one-space"}

CALLEES = [("far", other) for other in ("far", "sealed", "ipc", "queued")]
QUICK = {"bochs": 1}  # how many of them with --quick; no flat build then
PAIRS = CALLEES + [("sealed", "far"), ("ipc", "far"), ("sealed", "sealed"),
                   ("ipc", "ipc")]


def kvm_refusal():
    """Why this host's KVM is not measured; None if it can be."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "/dev/kvm is not there, or may not be used"
    if os.path.exists("/sys/module/kvm_pvm"):
        return "/dev/kvm is software (kvm_pvm)"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = file.read().split()
    if "vmx" not in flags and "svm" not in flags:
        return "/dev/kvm is there without vmx or svm: software, refused"
    return None


def settled(machine):
    """Rows wait for QEMU's table of translations, where time is measured."""
    return " settled" * (UNITS[machine] == "tsc")


def mechanisms(machine, quick):
    """Monitor commands for one boot."""
    pairs = CALLEES[:QUICK.get(machine, 4)] if quick else PAIRS
    commands = ["bench bare" + settled(machine)]
    commands += [f"bench crossings {a} {b}" + settled(machine)
                 for a, b in pairs]
    commands += ["bench joined far ipc" + settled(machine),
                 "bench processors"]
    if UNITS[machine] == "tsc":
        commands.append("bench bare cold")
        commands += [f"bench crossings {a} {b} cold" for a, b in pairs]
    return "; ".join(commands)


def payloads(machine, quick):
    return "; ".join(f"bench payloads {a} {b}" + " quick" * quick +
                     settled(machine) for a, b in CALLEES)


def processors(_, quick):
    return "; ".join(f"bench processors {a} {b}"
                     for a, b in (CALLEES[:1] if quick else CALLEES))


# Part: its commands, the machines that it makes sense on, CPUs, and commands
# for the flat build.
PARTS = {
    "mechanisms": (mechanisms, MACHINES, 1, "bench crossings"),
    "payloads": (payloads, MACHINES, 1, "bench payloads"),
    "cpus": (processors, ("qemu-time", "kvm"), 2, ""),
}


def numbers(row, loop, times):
    """Its six numbers for one call, without the least that the loop took."""
    base = loop.least / loop.calls * row.calls if loop else 0
    out = []
    for percent in PERCENTS:
        each = max(0.0, getattr(row, percent) - base) / row.calls / times
        out.append(f"{each:.2f}".rstrip("0").rstrip("."))
    return out


def crossing(row, part):
    """Mechanism, organization, bytes, direction, row of the loop; or None."""
    way, *kind = row.row.split(".")
    organization, loop = row.organization, "empty"
    if row.state in STATES and (kind != ["none"] or row.state == "joined"
                                and way != "across"):
        return None
    if way == "down":
        loop = "down.empty"
        if kind[0] == "near":
            way, organization, kind = "near", "core", kind[1:]
    if way not in ("near", "across", "up", "down") or kind[0] == "empty":
        return None
    if part != "payloads":
        direction, size, suffix = KINDS[kind[0]]
        suffix += STATES.get(row.state, "")
        return way + suffix, organization, size, direction, loop
    suffix = "-touch" * (len(kind) > 1)
    return (way + suffix, organization, row.payload, kind[0],
            loop)


def lines_make(part, machine, rows, cpus):
    """CSV lines of raw rows."""
    core = set()  # its near calls are the same beside any domains
    loops = {(row.row, row.organization, row.payload, row.state): row
             for row in rows}
    for row in rows:
        if row.row in BARE and not row.organization:
            mechanism, trip, loop, times = BARE[row.row]
            where = (mechanism, "", 0, "none")
        else:
            found = crossing(row, part)
            if not found:
                continue
            *where, loop = found
            key = (*where, row.state)
            if where[1] == "core" and key in core:
                continue
            core.add(key)
            trip, times = "round", 1
        base = loops[loop, row.organization, row.payload, row.state] \
            if loop else None
        yield (machine, *where, trip, cpus_of(row, cpus), UNITS[machine],
               "cold" if row.state == "cold" else "warm",
               BATCHES, *numbers(row, base, times))


def cpus_of(row, cpus):
    """CPUs that take part: calls of state `same` have one."""
    return 1 if row.state == "same" else cpus


def boots(part, machine, quick):
    """Raw rows of the part on a machine, of both builds."""
    commands, _, cpus, flat = PARTS[part]
    options = OPTIONS[machine] + (["--cpus", str(cpus)] if cpus > 1 else [])
    environment = KVM if machine == "kvm" else None
    keep = os.path.join(KEPT, f"{part}-{machine}")
    rows = raw.boot(f"{keep}.csv", commands(machine, quick), options,
                    environment, LIMIT)
    if not flat or quick and machine in QUICK:
        return rows
    if not os.path.exists(os.path.join(raw.FLAT, "bulkhead.elf")):
        print("flat: not measured: it is built by make FLAT=1")
        return rows
    return rows + raw.boot(f"{keep}-flat.csv", flat + " quick" * quick,
                           options, environment, LIMIT, raw.FLAT)


def measure(part, machine, quick):
    rows = boots(part, machine, quick)
    khz = next(row.least for row in rows if row.row == "khz")
    path = os.path.join(OUT, f"micro-{part}-{machine}.csv")
    os.makedirs(OUT, exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        for line in raw.describe():
            file.write(f"# {line}\n")
        file.write(f"# ticks     {khz} in a millisecond\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(lines_make(part, machine, rows, PARTS[part][2]))
    os.replace(path + ".new", path)
    print(os.path.relpath(path, raw.HOME), flush=True)


def run(part, quick, machines):
    """Write the rows of one part. What cannot be measured here is said."""
    if part == "mechanisms":
        paths.write()
    for machine in PARTS[part][1]:
        if machine not in (machines or MACHINES):
            continue
        if quick and not machines and part == "payloads" and machine in QUICK:
            print("bochs: payloads are not counted again with --quick")
            continue
        why = kvm_refusal() if machine == "kvm" else None
        if why and machines:
            raise BenchError(why)
        if why:
            print(f"kvm: not measured: {why}")
        else:
            measure(part, machine, quick)

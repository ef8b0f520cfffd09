"""The pictures of the report: what each shows, out of the raw data. A figure
whose data is missing is None."""
import charts
import tax
from common import ORGANIZATIONS
from svg import number

COLOURS = {"flat": "#8c8c8c", "far": "#0072b2", "sealed": "#009e73",
           "ipc": "#d55e00", "queued": "#cc79a7", "linux": "#222222"}
BARE = "#a6bddb"
REGIONS = {"program": "#bdbdbd", "core": "#6baed6", "domain": "#74c476",
           "crossing": "#e6550d"}
TRIPS = {"round": "round trip", "one-way": "one way"}

BARE_ROWS = (
    ("near", "near call and RET"), ("indirect", "indirect call and RET"),
    ("far-direct", "far call and RETF"), ("gate-same", "call gate, same ring"),
    ("gate-inner", "call gate, inner ring"),
    ("return-outward", "far return outward"), ("int", "INT and IRET"),
    ("int-same", "INT and IRET, same ring"), ("sysenter", "SYSENTER, SYSEXIT"),
    ("task-gate", "task gate and back"), ("segment-load-ds", "load DS"),
    ("segment-load-fs", "load FS"), ("segment-load-ss", "load SS"),
    ("segment-load", "load DS"), ("lss", "LSS"),
    ("lldt", "LLDT"), ("lgdt", "LGDT"), ("cr3-warm", "load CR3, used again"),
    ("cr3-cold", "load CR3, pages touched"))
WAYS = (("across", "across"), ("across-one-space", "the same, one address space"),
        ("up", "up, into the core"),
        ("down", "down, from the core"))
PAIRS = ("flat-flat", "far-far", "far-sealed", "sealed-far", "sealed-sealed",
         "far-ipc", "ipc-far", "ipc-ipc", "far-queued", "queued-queued")
MESSAGES = ("pipe", "socketpair", "eventfd", "futex")


def colour_of(pair):
    """That of the dearer side."""
    dear = [name for name in pair.split("-") if name in COLOURS]
    return COLOURS[max(dear, key=list(COLOURS).index)] if dear else BARE


def bare_entries(data, machine, counts):
    found = []
    for name, label in BARE_ROWS:
        for trip in ("round", "one-way"):
            row = data.get(machine, name, trip=trip) or \
                data.get(machine, name, trip=trip, unit="cycles")
            if row:
                found.append((label, row.median, BARE,
                              note_of(data, row, counts)))
                break
    return found


def note_of(data, row, counts):
    """Instructions, where counted, and which trip it is."""
    count = data.get(counts, row.mechanism, row.organization, row.payload,
                     row.direction, cpus=row.cpus, trip=row.trip)
    text = f"{number(count.median)} instr., " if count else ""
    return f"({text}{TRIPS[row.trip]})"


def crossing_entries(data, machine, counts):
    found = []
    for way, label in WAYS:
        for pair in PAIRS:
            caller, callee = pair.split("-")
            if (way == "up" and callee not in ("far", "flat")
                    or way == "down" and caller not in ("far", "flat")):
                continue
            row = data.get(machine, way, pair) or \
                data.get(machine, way, pair, unit="cycles")
            if not row:
                continue
            who = {"up": caller, "down": callee}.get(
                way, f"{caller} → {callee}")
            found.append((f"{label}: {who}", row.median, colour_of(pair),
                          note_of(data, row, counts)))
    return found


def message_entries(data, machine, counts, label, colour, cpus=1):
    found = []
    for name in MESSAGES:
        rows = [row for row in data.rows.values()
                if row.machine == machine and row.mechanism == name and
                row.unit == "tsc" and row.cpus == cpus and row.payload <= 16
                and row.state == "warm"]
        if rows:
            row = min(rows, key=lambda one: one.payload)
            found.append((f"{label}: {name}", row.median, colour,
                          note_of(data, row, counts)))
    return found


def mechanism(data):
    bare = bare_entries(data, "qemu-time", "qemu-icount")
    crossings = crossing_entries(data, "qemu-time", "qemu-icount")
    peers = message_entries(data, "qemu-time", "qemu-icount", "Bulkhead",
                            COLOURS["far"]) + \
        message_entries(data, "linux-qemu", "linux-icount", "Linux 686",
                        COLOURS["linux"])
    groups = [(heading, entries) for heading, entries in (
        ("Single instructions and pairs of them", bare),
        ("A complete null call: stubs, checks, the way back", crossings),
        ("A message between two processes and its answer", peers)) if entries]
    return groups and charts.bars(
        "What a call costs, by mechanism",
        "QEMU's TCG, warm, one CPU, no payload (messages: one word or less); "
        "medians. \"instr.\" is counted exactly, with -icount.",
        "TSC ticks of the host (logarithmic)", groups)


def silicon(data):
    host = data.get("silicon", "across", "far")
    bare = bare_entries(data, "silicon", "")
    whole = crossing_entries(data, "silicon", "")
    messages = message_entries(data, "silicon", "", "one CPU",
                               COLOURS["linux"])
    messages += message_entries(data, "silicon", "", "two CPUs",
                                "#777777", cpus=2)
    groups = [(heading, entries) for heading, entries in (
        ("Single instructions and pairs of them", bare),
        ("A complete far call, the kernel's own code bytes", whole),
        ("The host's kernel: a message and its answer", messages)) if entries]
    return host and charts.bars(
        "The same on this host's processor",
        "Ring 3 with segments of an LDT, warm, medians. What ring 3 cannot "
        "do is not here: inner gates, LLDT, CR3.",
        "TSC ticks (logarithmic)", groups)


def payload(data):
    sizes = sorted({row.payload for row in data.rows.values()
                    if row.machine == "qemu-time" and
                    row.mechanism == "across-touch"})
    if not sizes:
        return None
    series = []
    for pair, label in (("near", "near call"), ("flat-flat", "flat"),
                        ("far-far", "far"), ("far-sealed", "sealed"),
                        ("far-ipc", "ipc"), ("far-queued", "queued")):
        way, pair_found = ("near-touch", "far-far") if pair == "near" else \
            ("across-touch", pair)
        points = {size: data.median("qemu-time", way, pair_found, size)
                  for size in sizes}
        points = {size: value for size, value in points.items() if value}
        if points:
            series.append((label, COLOURS.get(label, BARE),
                           "4 3" if pair == "near" else "", points))
    for machine, label, colour in (
            ("linux-qemu", "Linux pipe", COLOURS["linux"]),
            ("qemu-time", "Bulkhead pipe", "#777777")):
        points = {size: data.median(machine, "pipe", "", size, "both")
                  for size in sizes}
        points = {size: value for size, value in points.items() if value}
        if points:
            series.append((label, colour, "2 3", points))
    return charts.lines(
        "What a call costs, by payload",
        "Round trips under QEMU's TCG; a buffer goes in, and the callee reads "
        "every byte of it. Pipes: as many bytes there as back,\n"
        "written and read, not looked at. Medians.",
        "TSC ticks of the host (logarithmic)", sizes, series)


def systems(data, base):
    names = [name for name in (*ORGANIZATIONS, "linux")
             if name in data.organizations() and name != base]
    rows = tax.table(data, names, base)
    return rows and charts.slowdown(
        f"Whole-system workloads: time against {base}",
        f"1 is every domain {base}. Medians of alternating boots under QEMU's "
        "TCG; thin lines: 95 % of what resampling the runs gives.\n"
        "Above 1: slower. Linux is Debian's 686 kernel, on the same QEMU in "
        "the same rounds.",
        rows, {name: COLOURS[name] for name in names})


def where(data, base):
    rows = []
    for workload in tax.workloads(data.where):
        reference = sum(data.where.get((workload, base), {}).values())
        if not reference:
            continue
        first = True
        for name in (*ORGANIZATIONS, "linux"):
            parts = data.where.get((workload, name))
            if parts:
                rows.append((workload if first else "", name, {
                    part: value / reference
                    for part, value in parts.items()}))
                first = False
    return rows and charts.stacked(
        "Where the instructions are executed",
        f"Instructions of one operation; 1 is all of them with every domain "
        f"{base}. Counted by a plugin of QEMU; waiting costs none.\n"
        "\"crossing\" is code that is there for crossings only; Linux has "
        "its drivers in its core.",
        "of the instructions with every domain " + base, rows, REGIONS)


def latency(data):
    names = {"pipe": "pipe, a byte there and back (round trip)",
             "socketpair": "socketpair (round trip)",
             "eventfd": "eventfd (round trip)", "futex": "futex (round trip)",
             "tty": "a line typed and its answer (round trip)",
             "read-cold": "read 4 KiB, not cached (one request)",
             "read-warm": "read 4 KiB, cached (one request)",
             "write-durable": "write 4 KiB and fsync (one request)"}
    found = []
    for workload, heading in names.items():
        charts_of = {}
        for name, buckets in data.histograms.get(workload, {}).items():
            total = sum(buckets.values())
            charts_of[name] = tax.trimmed({
                time: count / total for time, count in buckets.items()})
        if charts_of:
            found.append((heading, charts_of))
    return found and charts.panels(
        "How long each single request takes",
        "Share of requests in buckets of a sixteenth of an octave; the "
        "slowest percent is left out of the picture, not of the tables.",
        found, COLOURS)


def protection(data):
    points = []
    for name in ORGANIZATIONS:
        results = [act.stopped for act in data.acts(name, True)]
        cost = data.median("qemu-time", "across", name)
        if results and cost:
            points.append((name, cost, 100 * sum(results) / len(results),
                           COLOURS[name]))
    return points and charts.scatter(
        "Cost against protection",
        "Each organization: what a null call into it costs, and how many of "
        "the attacks it stops (Bochs).",
        "null call across, round trip, TSC ticks under QEMU's TCG "
        "(logarithmic)", "attacks stopped", points)

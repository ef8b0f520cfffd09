"""What the figures say, in sentences. Each is chosen by the numbers that stand
in it; what was not measured gets no sentence here, but one in missing()."""
import os
import re

import tables
import tax
from common import HOME, ORGANIZATIONS
from figures import MESSAGES
from svg import size_text, time_text

PUBLISHED = {name: (count, ticks)
             for name, _, count, ticks in tables.PUBLISHED}
SEL4 = PUBLISHED["seL4 ia32, fastpath, two address spaces"]
SEL4_SAME = PUBLISHED["seL4 ia32, fastpath, one address space"]
PISTACHIO = PUBLISHED["L4Ka::Pistachio ia32, two address spaces"]
PISTACHIO_SAME = PUBLISHED["L4Ka::Pistachio ia32, one address space"]
# TSC ticks on the host of those figures (docs/costs.md).
GATE_PUBLISHED, CR3_PUBLISHED = 290, 4058
# Cycles of an IPC round trip, published (docs/costs.md): L4's are twice the
# one-way figure.
PROCESSORS = {"model-486": ("L4 on a 486", 2 * 250),
              "model-pentium": ("L4 on a Pentium", 2 * 121),
              "silicon": ("seL4 on a Haswell, 32-bit", 383 + 389)}
MODELS = {"model-386": "386", "model-486": "486",
          "model-pentium": "Pentium"}
MOST_NAMED = 8  # acts in one sentence
CLEARLY = 1.1  # less than a tenth apart is no difference worth a sentence


def ticks(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def compared(what, ours, other, theirs, unit=""):
    """A sentence: by how much one is cheaper, or that they are alike."""
    tail = f" ({ticks(ours)} against {ticks(theirs)}{unit})"
    if max(ours, theirs) < CLEARLY * min(ours, theirs):
        return f"{what} costs about what {other} does{tail}."
    if ours < theirs:
        return (f"{what} is {theirs / ours:.1f} times cheaper than "
                f"{other}{tail}.")
    return f"{what} is {ours / theirs:.1f} times dearer than {other}{tail}."


def null_calls(data):
    """Across, no payload, round trip, for each organization."""
    found = []
    far = data.get("qemu-time", "across", "far")
    for name in ORGANIZATIONS:
        time = data.get("qemu-time", "across", name)
        count = data.get("qemu-icount", "across", name)
        if not time and not count:
            continue
        parts = []
        if count:
            parts.append(f"{ticks(count.median)} instructions")
        if time:
            parts.append(f"{ticks(time.median)} TSC ticks under QEMU's TCG")
        text = (f"A null call into a domain that is `{name}` takes "
                f"{' and '.join(parts)}, round trip")
        if far and time and name != "far":
            text += f": {time.median / far.median:.2f} times a far call's time"
        found.append(text + ".")
    return found


def second_opinion(data):
    """Do Bochs and -icount agree?"""
    alike, far_off, worst = 0, 0, (0.0, "")
    for row in data.rows.values():
        if row.machine != "bochs" or row.unit != "instructions":
            continue
        other = data.get("qemu-icount", row.mechanism, row.organization,
                         row.payload, row.direction, state=row.state,
                         cpus=row.cpus, trip=row.trip)
        if not other:
            continue
        apart = abs(row.median - other.median)
        if apart <= 1:
            alike += 1
        else:
            far_off += 1
            share = apart / max(row.median, other.median)
            worst = max(worst, (share, f"{row.mechanism} "
                                f"{row.organization} {row.payload} bytes, "
                                f"{row.state}"))
    if not alike + far_off:
        return []
    text = (f"Bochs counts the same instructions as QEMU, within one, in "
            f"{alike} of {alike + far_off} rows")
    if far_off:
        text += f"; the largest difference is {worst[0]:.0%} ({worst[1]})"
    return [text + "."]


def against_published(data):
    found = []
    far = data.median("qemu-time", "across", "far")
    ipc = data.get("qemu-time", "across", "ipc")
    count = data.get("qemu-icount", "across", "ipc")
    if far and ipc:
        found.append(compared("Under TCG a null far call, round trip,", far,
                              "this system's own ipc call and reply",
                              ipc.median, " TSC ticks"))
    found += one_space(data)
    if ipc and count:
        for name, (instructions, time) in (("seL4's ia32 fastpath", SEL4),
                                           ("Pistachio's", PISTACHIO)):
            found.append(
                f"ipc between address spaces, round trip, against {name} as "
                f"published: {ticks(count.median)} instructions to "
                f"{instructions}, {ticks(ipc.median)} TSC ticks to "
                f"{ticks(time)}.")
    if far:
        found.append("*Where a far call loses:* " if
                     far > PISTACHIO_SAME[1] else "")
        found[-1] += compared(
            "within one address space, a far call", far,
            "the IPC of Pistachio, as published under the same emulator,",
            PISTACHIO_SAME[1], " TSC ticks, both round trip")
        if far > PISTACHIO_SAME[1]:
            found.append("That IPC protects nothing from its server, for both "
                         "are in one space; the far call keeps two domains "
                         "apart.")
    return found + other_host(data)


def one_space(data):
    """ipc without the change of address space; what is then left to gain."""
    far, ipc, joined, count = (
        data.median("qemu-time", "across", "far"),
        data.median("qemu-time", "across", "ipc"),
        data.median("qemu-time", "across-one-space", "ipc"),
        data.median("qemu-icount", "across-one-space", "ipc"))
    if not joined or not far or not ipc or joined >= ipc:
        return []
    text = ("Under TCG that ipc without its change of address space (both "
            "loads of CR3 left out, the callee's pages in the core's tables, "
            "where one server has room, all else the same) ")
    counted = f"{ticks(count)} instructions, " if count else ""
    return [text + f"takes {counted}{ticks(joined)} TSC ticks, round trip: "
            f"{joined / far:.2f} times a far call's time. So "
            f"{(ipc - joined) / ipc:.0%} of an ipc call's time are the "
            f"change; seL4's within one address space is published with "
            f"{ticks(SEL4_SAME[1])}."]


def other_host(data):
    """What the published ticks were taken on, against this host."""
    gate = data.median("qemu-time", "gate-same")
    load = data.median("qemu-time", "cr3-warm", trip="one-way")
    ipc = data.median("qemu-time", "across", "ipc")
    if not gate or not load:
        return []
    found = [f"The published ticks are of another host: there a bare call "
             f"gate of the same ring took {GATE_PUBLISHED} TSC ticks, "
             f"round trip, and a load of CR3 {ticks(CR3_PUBLISHED)}, "
             f"one way; here {ticks(gate)} and {ticks(load)}."]
    if ipc:
        found.append(f"Two loads of CR3 by themselves are {ticks(2 * load)} of "
                     f"the {ticks(ipc)} TSC ticks of an ipc call and reply "
                     f"({2 * load / ipc:.0%}); what QEMU has to translate "
                     "anew after each comes on top.")
    return found


def cold_and_far_apart(data):
    """Null calls when nothing is cached, and between two CPUs."""
    found = []
    for text, machine, more in (
            ("Cold, with caches run over and translations dropped before each "
             "call, under TCG", "qemu-time", {"state": "cold"}),
            ("Cold, on this host's processor", "silicon", {"state": "cold"}),
            ("On a machine of two CPUs", "qemu-time", {"cpus": 2})):
        parts = []
        for name in ORGANIZATIONS:
            value = data.median(machine, "across", name, **more)
            if value:
                parts.append(f"{name} {ticks(value)}")
        if parts:
            found.append(f"{text}, a null call takes, in TSC ticks, round "
                         f"trip: {', '.join(parts)}.")
    return found


def points_of(data, way, pair, machine="qemu-time", direction="in"):
    return {row.payload: row.median for row in data.rows.values()
            if (row.machine, row.mechanism, row.organization, row.direction,
                row.state, row.cpus) ==
            (machine, way, pair, direction, "warm", 1) and row.unit == "tsc"}


def crossover(low, high, factor):
    """The smallest payload at which `high` is less than `factor` times
    `low`."""
    for size in sorted(set(low) & set(high)):
        if size and high[size] < factor * low[size]:
            return size
    return None


def payloads(data):
    far = points_of(data, "across-touch", "far-far")
    found = []
    for name in ("sealed", "ipc", "queued"):
        other = points_of(data, "across-touch", f"far-{name}")
        sizes = sorted(set(far) & set(other))
        if not sizes:
            continue
        first, last = sizes[0], sizes[-1]
        found.append(
            f"With a buffer that goes in and is read whole (round trip, "
            f"TCG), `{name}` costs {other[first] / far[first]:.1f} times a far "
            f"call at {size_text(first)} and "
            f"{other[last] / far[last]:.2f} times at {size_text(last)}.")
        for factor, word in ((2, "twice"), (1.1, "1.1 times")):
            at = crossover(far, other, factor)
            found.append(
                f"It costs less than {word} the far call "
                + (f"from {size_text(at)} on." if at else
                   f"at no payload up to {size_text(last)}."))
    return found + lend_or_copy(data) + map_or_copy(data)


def lend_or_copy(data):
    """A lend costs the same for any size: when is a copy dearer?"""
    near, empty = (points_of(data, "near-touch", "far-far"),
                   data.median("qemu-time", "across", "far"))
    lent = points_of(data, "across", "far-far")
    sizes = sorted(set(near) & set(lent))
    if not sizes or not empty:
        return []
    price = lent[sizes[0]] - empty
    over = [size for size in sizes if near[size] > price]
    text = (f"A lend of {size_text(sizes[0])} adds {ticks(price)} TSC ticks to "
            f"a far null call, one of {size_text(sizes[-1])} "
            f"{ticks(lent[sizes[-1]] - empty)}. ")
    return [text + (
        f"To read a buffer's bytes once, as the least copy must, takes longer "
        f"than that from {size_text(over[0])} on: there lending beats copying."
        if over else "To read the bytes once is never dearer than that.")]


def copied_most(direction):
    """Bytes up to which ipc copies, as its source says; None: it does not."""
    path = os.path.join(HOME, "kernel/server_lend.c")
    name = {"in": "COPIED_READ", "out": "COPIED_FILLED"}[direction]
    with open(path, encoding="utf-8") as file:
        found = re.search(rf"#define {name}\s+(\d+)u", file.read())
    return int(found[1]) if found else None


def map_or_copy(data):
    """ipc copies small buffers and maps large ones: where do they meet, and
    does it change there?"""
    found = []
    for direction, text in (("in", "that goes in"),
                            ("out", "to be filled, so copied twice,")):
        points = points_of(data, "across", "far-ipc", direction=direction)
        most = copied_most(direction)
        small = sorted(size for size in points if 0 < size <= (most or 0))
        large = sorted(size for size in points if size > (most or 0))
        if len(small) < 2 or not large:
            continue
        mapped = points[large[0]]
        slope = ((points[small[-1]] - points[small[0]]) /
                 (small[-1] - small[0]))
        found.append(
            f"ipc copies a buffer {text} of up to {size_text(most)} and maps "
            f"a larger one: {ticks(points[small[-1]])} TSC ticks at "
            f"{size_text(small[-1])}, copied, and {ticks(mapped)} at "
            f"{size_text(large[0])}, mapped (across, round trip, TCG). " +
            meeting(small[-1], points[small[-1]], mapped, slope))
    return found


def meeting(size, copied, mapped, slope):
    """Where a copy that costs `slope` more a byte is as dear as a mapping."""
    if slope <= 0:
        return "Within the copied sizes the time does not grow measurably."
    if mapped <= copied:
        return "Mapping is not dearer than the largest copy measured."
    return (f"Extrapolated, copying costs as much as mapping at "
            f"{size + (mapped - copied) / slope:,.0f} bytes.")


def silicon(data):
    call = data.median("silicon", "across", "far")
    if not call:
        return []
    found = [f"On this host's processor a complete far call, the kernel's own "
             f"code bytes at ring 3, takes {ticks(call)} TSC ticks, round "
             f"trip."]
    near = data.median("silicon", "near")
    if near:
        found[0] = (found[0][:-1] +
                    f"; a near call and its return {ticks(near)}.")
    messages = {}
    for name in MESSAGES:
        rows = [row for row in data.rows.values() if row.mechanism == name and
                (row.machine, row.unit, row.cpus, row.state) ==
                ("silicon", "tsc", 1, "warm") and row.payload <= 16]
        if rows:
            messages[name] = min(row.median for row in rows)
    if messages:
        best = min(messages, key=messages.get)
        found.append(compared("There a far call, round trip,", call,
                              f"the quickest message and answer of the "
                              f"host's kernel on one CPU ({best})",
                              messages[best], " TSC ticks"))
    name, published = PROCESSORS["silicon"]
    found.append(compared("A far call there, round trip,", call,
                          f"an optimised IPC of today, {name}, as published,",
                          published, "; ticks against cycles"))
    return found


def models(data):
    found = []
    for machine, name in MODELS.items():
        call = data.median(machine, "across", "far", unit="cycles")
        if not call:
            continue
        text = (f"Model of a {name} (published clocks added up, not "
                f"measured): a far null call takes {ticks(call)} cycles, "
                "round trip")
        for other in ("sealed", "ipc"):
            value = data.median(machine, "across", other, unit="cycles")
            if value:
                text += f", {other} {ticks(value)}"
        found.append(text + ".")
        if machine in PROCESSORS:
            system, published = PROCESSORS[machine]
            found.append(compared(f"That far call, on a {name},", call,
                                  f"{system}, as published,", published,
                                  " cycles, both round trip"))
    return found


def whole_system(data, base):
    found = []
    for name in (*ORGANIZATIONS, "linux"):
        if name == base:
            continue
        six = tax.of_six(data, name, base)
        if not six:
            continue
        ratio, low, high = six
        sure = (f"{tax.runs(data, name, base)} runs of each, {low:.3f} to "
                f"{high:.3f} in 95 % of resamplings" if low < high else
                "one round: how sure that is, is not known")
        text = (f"`{name}` takes {ratio:.3f} times the time of `{base}` over "
                f"{', '.join(tax.NAMED)} (geometric mean, TCG; {sure})")
        counted = tax.instructions(data, name, base)
        if counted:
            text += f"; {counted:.3f} times its instructions"
        found.append(text + ".")
    return found + where_it_goes(data, base)


def where_it_goes(data, base):
    """For each organization the workload whose instructions grow most."""
    found = []
    for name in ORGANIZATIONS:
        grown = {one: sum(more.values()) for one, more in
                 tax.extra(data, name, base).items() if one in tax.NAMED}
        if name == base or not grown:
            continue
        worst = max(grown, key=grown.get)
        parts = tax.extra(data, name, base)[worst]
        region = max(parts, key=parts.get)
        if grown[worst] < 0.005:
            found.append(f"No workload of the six has half a percent more "
                         f"instructions with `{name}` than with `{base}`.")
            continue
        found.append(
            f"Of the six, {worst} grows most with `{name}`: "
            f"{grown[worst]:+.1%} of `{base}`'s instructions, most of it in "
            f"{region} code ({parts[region]:+.1%}).")
    return found


def latencies(data):
    found = []
    for workload, systems in data.histograms.items():
        known = {name: (tax.percentile(buckets, 0.5),
                        tax.percentile(buckets, 0.99))
                 for name, buckets in systems.items() if buckets}
        if "far" not in known or len(known) < 2:
            continue
        parts = [f"{name} {time_text(known[name][0])} / "
                 f"{time_text(known[name][1])}"
                 for name in (*ORGANIZATIONS, "linux") if name in known]
        found.append(f"{workload}, median / 99th percentile: "
                     f"{', '.join(parts)}.")
    return found


def told(acts):
    names = ", ".join(act.name for act in acts)
    return names and f"; addresses, and no access, are got by {names}"


def protection(data):
    """How much each organization stops, and examples of what it does not."""
    found = []
    for name in ORGANIZATIONS:
        for attacks, kind in ((False, "accidents"), (True, "attacks")):
            acts = data.acts(name, attacks)
            if not acts:
                continue
            free = [act.name for act in acts if not act.stopped]
            text = (f"`{name}` stops {len(acts) - len(free)} of {len(acts)} "
                    f"{kind}")
            if free:
                text += f"; not {', '.join(free[:MOST_NAMED])}"
                if len(free) > MOST_NAMED:
                    text += f" and {len(free) - MOST_NAMED} more"
            found.append(text + told(data.acts(name, attacks, True)) + ".")
    return found

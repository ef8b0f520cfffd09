"""Where the time of the isolation tax goes, under TCG: what instructions of
crossings cost, what the base of a segment costs, and what both would make of
the workloads. What these do not tell is said to be not known."""
import re

import tax
from common import geometric_mean
from findings import ticks

TIME, COUNT = "qemu-time", "qemu-icount"
WAYS = ("across", "up", "down")
GATES = ("gate-same", "gate-inner")


def near_of(way):
    return "core" if way == "down" else "far"


def ticks_of(data, name, state="warm"):
    """Of a single mechanism: its row's median."""
    trip = "round" if name in GATES else "one-way"  # a gate's way back, too
    return data.median(TIME, name, state=state, trip=trip)


def added(data, way, machine, state="warm"):
    """What a null far call takes beyond a near one, round trip; or None."""
    whole = data.median(machine, way, "far", state=state)
    near = data.median(machine, "near", near_of(way), state=state)
    return None if None in (whole, near) else whole - near


def price(data, state):
    """TSC ticks of an instruction that a far call adds: all ways together."""
    found = [(added(data, way, TIME, state), added(data, way, COUNT))
             for way in WAYS]
    if any(None in pair for pair in found):
        return None
    return sum(time for time, _ in found) / sum(count for _, count in found)


def plain(data):
    """TSC ticks of an instruction of plain code, and how many times that in
    segments that do not begin at 0; or None."""
    flat, base = (data.median(TIME, name) for name in ("work", "work-base"))
    count = data.median(COUNT, "work")
    return None if None in (flat, base, count) else (flat / count,
                                                     base / flat)


def path(data, way):
    """What gate and segment loads of a null call take by themselves."""
    counts = data.paths.get(way, {})
    prices = {name: ticks_of(data, name) for name in counts
              if name != "plain"}
    whole = data.median(TIME, way, "far")
    if not prices or whole is None or None in prices.values():
        return None
    alone = sum(counts[name] * prices[name] for name in prices)
    loads = sum(count for name, count in counts.items()
                if name.startswith("segment-load"))
    gates = sum(counts.get(name, 0) for name in GATES)
    return (f"{way} {ticks(alone)} ({gates} gate, {loads} loads), the whole "
            f"call {ticks(whole)}")


def paths(data):
    found = [one for one in (path(data, way) for way in WAYS) if one]
    if not found:
        return []
    return ["The gate with its way back and the loads of segment registers of "
            "a null far call, each at what it takes alone, in TSC ticks (round "
            f"trip, TCG, warm): {'; '.join(found)}."]


def prices(data):
    warm, cold, one = price(data, "warm"), price(data, "cold"), plain(data)
    if not warm or not one:
        return []
    text = (f"An instruction that a far call adds (across, up and down "
            f"together, no payload) takes {ticks(warm)} TSC ticks")
    if cold:
        text += f" warm and {ticks(cold)} cold"
    found = [text + f", one of plain C code {one[0]:.2f}: so a tax in "
             "instructions says little about the tax in time."]
    flat, base = (data.median(TIME, name) for name in ("work", "work-base"))
    verb = "as long" if base > flat else "the time"
    found.append(
        f"That C code takes {one[1]:.3f} times {verb} in segments that do not "
        f"begin at 0 ({ticks(base)} against {ticks(flat)} TSC ticks; the same "
        "bytes at the same linear address): code of far and sealed domains "
        "pays that between crossings, too; the core and programs do not.")
    return found


def per_microsecond(data):
    """TSC ticks, as the raw file says; or None."""
    for line in data.comments.get(f"micro-mechanisms-{TIME}.csv", ()):
        found = re.match(r"ticks\s+(\d+) in a millisecond", line)
        if found:
            return int(found[1]) / 1e3
    return None


def shares(data, state):
    """[(crossings, base)]: shares of flat's time that the crossing code which
    far adds, and the base of domains' segments, would take, of each of the
    six; or None."""
    each, one, rate = price(data, state), plain(data), per_microsecond(data)
    found = []
    for workload in tax.NAMED:
        flat, far = (data.where.get((workload, name))
                     for name in ("flat", "far"))
        time = data.systems.get((workload, "flat"))
        if None in (each, one, rate, flat, far, time):
            return None
        whole = time["median"] * rate
        found.append(((far["crossing"] - flat["crossing"]) * each / whole,
                      far["domain"] * one[0] * (one[1] - 1) / whole))
    return found


def estimate(data):
    """The tax by these prices, beside the one that was measured."""
    warm, cold = shares(data, "warm"), shares(data, "cold")
    six = tax.of_six(data, "far", "flat")
    if not warm or not six:
        return []

    def mean(values):
        return geometric_mean(1 + value for value in values) - 1

    text = (f"At these prices, the crossing code that `far` adds would take "
            f"{mean(a for a, _ in warm):+.1%} of `flat`'s time")
    if cold:
        text += (f" if it were always warm, {mean(a for a, _ in cold):+.1%} "
                 "always cold")
    text += (f"; the base of segments {mean(b for _, b in warm):+.1%} "
             f"(geometric means of the six). Measured, all together: "
             f"{six[0] - 1:+.1%}")
    if six[1] < six[2]:
        text += f" ({six[1] - 1:+.1%} to {six[2] - 1:+.1%})"
    return [text + ". How much of that code is warm in these workloads is not "
            "known."]


def sentences(data):
    return paths(data) + prices(data) + estimate(data)

"""The isolation tax: workloads with one organization against another, and how
sure that is."""
import random
import statistics

from common import geometric_mean, rank
from systems import COUNTED, LONG_ROWS, NAMED, SHORT_ROWS

ROUNDS = 400  # of resampling


def workloads(found):
    """The names in {(workload, system): ...}, in the order to show them."""
    there = {workload for workload, _ in found}
    order = dict.fromkeys((*NAMED, *LONG_ROWS, *SHORT_ROWS, *COUNTED))
    return [name for name in order if name in there]


def draws(rounds):
    """As many rounds as there are, drawn at random with replacement: runs of
    one round have more in common than others. Always the same draws, so that
    those of several workloads belong together."""
    chance = random.Random(1)
    return [chance.choices(rounds, k=len(rounds)) for _ in range(ROUNDS)]


def median(runs, rounds):
    """Of the runs of these rounds."""
    return statistics.median(time for one in rounds for time in runs[one])


def bounds(values):
    values = sorted(values)
    return rank(values, 0.025), rank(values, 0.975)


def runs_of(data, workload, name, base):
    """{round: [times]} of both: those of the part `tax`, if it has both."""
    for there in (data.taxed, data.runs):
        found = [there.get((workload, who)) for who in (name, base)]
        if all(found):
            return found
    return None


def ratios(data, workload, name, base):
    """(ratio of medians, [the same of resampled rounds]), or None."""
    found = runs_of(data, workload, name, base)
    if not found:
        return None
    ours, theirs = found
    rounds = sorted(ours.keys() & theirs.keys())
    if not rounds:
        return None
    return (median(ours, rounds) / median(theirs, rounds),
            [median(ours, drawn) / median(theirs, drawn)
             for drawn in draws(rounds)])


def table(data, names, base):
    """[(workload, {system: (ratio, low, high)}, is it a mean)]: the named
    six, their geometric mean, the others, and the mean of all."""
    found = {}
    for workload in workloads(data.runs):
        for name in names:
            value = ratios(data, workload, name, base)
            if value:
                found[workload, name] = value
    named = [one for one in workloads(data.runs) if one in NAMED]
    others = [one for one in workloads(data.runs) if one not in NAMED]
    rows = [row_of(found, one, names) for one in named]
    rows.append(mean_of(found, named, names, "the six: geometric mean"))
    if others:
        rows += [row_of(found, one, names) for one in others]
        rows.append(mean_of(found, named + others, names,
                            "all: geometric mean"))
    return [row for row in rows if row[1]]


def row_of(found, workload, names):
    return (workload, {
        name: (found[workload, name][0], *bounds(found[workload, name][1]))
        for name in names if (workload, name) in found}, False)


def mean_of(found, chosen, names, label):
    means = {}
    for name in names:
        parts = [found[one, name] for one in chosen if (one, name) in found]
        if parts and len(parts) == len(chosen):
            means[name] = (
                geometric_mean(part[0] for part in parts),
                *bounds([geometric_mean(values) for values in
                         zip(*(part[1] for part in parts))]))
    return label, means, True


def runs(data, name, base):
    """How many of each of the six there are, at least."""
    return min(sum(map(len, each.values())) for one in NAMED
               for each in runs_of(data, one, name, base))


def of_six(data, name, base):
    """(ratio, low, high) of the geometric mean, or None; all six or none."""
    for label, found, mean in table(data, [name], base):
        if mean and label.startswith("the six") and name in found and \
                all((one, name) in data.runs for one in NAMED):
            return found[name]
    return None


def instructions(data, name, base):
    """The same of instructions counted: the ratio alone."""
    found = []
    for workload in NAMED:
        ours, theirs = (data.where.get((workload, who))
                        for who in (name, base))
        if not ours or not theirs:
            return None
        found.append(sum(ours.values()) / sum(theirs.values()))
    return geometric_mean(found)


def extra(data, name, base):
    """{workload: {region: instructions more than with `base`, as a share of
    base's}}."""
    found = {}
    for workload in workloads(data.where):
        ours, theirs = (data.where.get((workload, who))
                        for who in (name, base))
        if ours and theirs:
            total = sum(theirs.values())
            found[workload] = {
                region: (ours.get(region, 0) - theirs.get(region, 0)) / total
                for region in ours}
    return found


def trimmed(shares):
    """Without the slowest percent."""
    kept, seen = {}, 0.0
    for time, share in sorted(shares.items()):
        if seen < 0.99:
            kept[time] = share
        seen += share
    return kept


def percentile(buckets, share):
    """Nanoseconds below which this share of {bucket: count} lies."""
    total, seen = sum(buckets.values()), 0
    for time in sorted(buckets):
        seen += buckets[time]
        if seen >= share * total:
            return time
    return max(buckets)

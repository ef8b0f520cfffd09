"""Messages between two processes: the same program on Bulkhead and on Debian's
Linux, on the same QEMU in turns, for time; then by -icount, for
instructions. All are round trips."""
import collections
import os

from common import MICRO_COLUMNS, RAW, csv_write
from systems import Machine, checked, output_read

# The program's row: mechanism, bytes each way.
SIZES = (64, 1024, 4096, 65536)
ROWS = {"pipe": ("pipe", 1), "socketpair": ("socketpair", 1),
        "eventfd": ("eventfd", 8), "futex": ("futex", 4),
        **{f"pipe-{size}": ("pipe", size) for size in SIZES},
        **{f"socket-{size}": ("socketpair", size) for size in SIZES}}
QUICK = ("pipe", "socketpair", "eventfd", "futex")
NAMES = {"far": "qemu-time", "linux": "linux-qemu"}


def share_of(buckets, share):
    """The middle of the bucket below which this share of the samples lies."""
    total, seen = sum(buckets.values()), 0
    for index in sorted(buckets):
        seen += buckets[index]
        if seen > share * total:
            return 2 ** ((index + 0.5) / 16)
    raise ValueError("no samples")


def rows_make(machine, row, runs, buckets):
    """The rows of one machine in nanoseconds and in counts of the TSC."""
    mechanism, payload = ROWS[row]
    tick = sum(run.ticks for run in runs) / sum(run.time for run in runs)
    values = [share_of(buckets, share)
              for share in (0, 0.1, 0.5, 0.9, 0.99, 0.999999)]
    for unit, scale in (("ns", 1), ("tsc", tick)):
        yield [machine, mechanism, "", payload, "both", "round", 1, unit,
               "warm", sum(buckets.values()),
               *(f"{value * scale:.0f}" for value in values)]


def times_take(rows, rounds, say):
    runs = collections.defaultdict(list)
    buckets = collections.defaultdict(collections.Counter)
    for number in range(rounds):
        for name in NAMES:
            say(f"round {number + 1} of {rounds}: {name}")
            machine = Machine(name)
            out = checked(machine, machine.boot(
                "measure-lab none / 2 " + " ".join(rows)), "peers")
            found, each, _ = output_read(out)
            for run in found:
                runs[name, run.row].append(run)
            for row, counts in each.items():
                buckets[name, row].update(counts)
    return [line for (name, row), found in runs.items()
            for line in rows_make(NAMES[name], row, found,
                                  buckets[name, row])]


def counts_take(rows, say):
    """The second of two runs, whose first trip is not counted."""
    table = []
    for name, machine_name in (("far", "qemu-icount"),
                               ("linux", "linux-icount")):
        say(f"counting: {name}")
        machine = Machine(name)
        out = checked(machine, machine.boot(
            "measure-lab none / 2 " + " ".join(rows), icount=True), "peers")
        runs, each, _ = output_read(out)
        del runs
        for row in each:
            mechanism, payload = ROWS[row]
            values = [f"{share_of(each[row], share):.0f}"
                      for share in (0, 0.1, 0.5, 0.9, 0.99, 0.999999)]
            table.append([machine_name, mechanism, "", payload, "both",
                          "round", 1, "instructions", "warm",
                          sum(each[row].values()), *values])
    return table


def take(rounds, quick, say):
    rows = QUICK if quick else list(ROWS)
    table = times_take(rows, rounds, say) + counts_take(rows, say)
    csv_write(os.path.join(RAW, "peers.csv"), MICRO_COLUMNS, table, [
        "round trips between two processes, the same static program on "
        "Bulkhead (far) and on Linux, in turns",
        "payload: bytes there, and as many back",
        "figures are the middles of buckets of a sixteenth of an octave: "
        "exact within 2.2 %"])

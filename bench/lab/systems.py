"""Whole-system workloads: the same programs with every domain far, sealed, ipc
and so on, and on Debian's Linux, in turns on the same QEMU command line."""
import collections
import os
import re
import shutil
import statistics
import subprocess
import tempfile

from machine import disk, linux

import where
from common import (HISTOGRAM_COLUMNS, HOME, LabError, ORGANIZATIONS, RAW, RUN,
                    SYSTEM_COLUMNS, command, csv_write, spread)

SHORT = os.path.join(HOME, "build/userland/measure")
LONG = os.path.join(HOME, "build/userland/measure-lab")
IMAGE = os.path.join(HOME, "build/root/lab.ext3")
PLUGIN = os.path.join(HOME, "build/bench/where.so")
MEMORY = 256
LIMIT = 600.0

# The six of the isolation tax, as they were chosen before anything was
# measured. Rows of the storage benchmark have other names there.
NAMED = ("tar", "find", "sqlite", "compile", "pipe", "tty")
RENAMED = {"insert": "sqlite", "insert-all": "sqlite-all"}
OWN = {"sqlite": "insert", "sqlite-all": "insert-all"}

# Rows of bench/lab/program, then those of bench/linux.
LONG_ROWS = ("pipe", "socketpair", "eventfd", "futex", "tty", "tty-4k",
             "read-cold", "read-warm", "write-durable", "compile", "write-4k",
             "create", "unlink", "tar", "untar", "find", "sqlite",
             "sqlite-all")
SHORT_ROWS = ("null", "fork+exec", "file-create", "file-read", "file-write",
              "file-unlink", "file-new-16K", "stat")
TAX_RUNS = 3  # of each in a boot
QUICK_ROWS = NAMED + ("read-cold", "write-durable")
QUICK_SHORT = ("null", "file-create", "file-read")
COUNTED = NAMED + ("tty-4k", "read-cold", "read-warm", "write-durable",
                   "create", "sqlite-all")

Run = collections.namedtuple("Run", "row operations time ticks crossings")


class Machine:
    """One kind of boot: an organization of Bulkhead, or `linux`."""

    def __init__(self, name):
        self.name = name

    def boot(self, shell, image=None, icount=False, environment=None):
        """(status, output, errors) of a shell command on it."""
        if self.name == "linux":
            return linux_boot(shell, image, icount, environment)
        line = [RUN, "--root", "small", "--memory", str(MEMORY), "--timeout",
                str(LIMIT), "--append", "awake=0" if environment else "",
                "--add", f"{LONG}:bin/measure-lab", "--add",
                f"{SHORT}:bin/measure", *ORGANIZATIONS[self.name],
                "--exec", shell]
        if image:
            line += ["--disk", f"{image}:virtio"]
        return command(line + ["--icount"] * icount, LIMIT + 30, environment)


def linux_boot(shell, image, icount, environment):
    found, load = [], ""
    if image:
        found = linux.modules()
        load = "; ".join(f"insmod /modules/{os.path.basename(path)}"
                         for path in found)
        load += ("; n=0; until [ -e /dev/vda ] || [ $n -gt 100 ]; do "
                 "sleep 0.1; n=$((n + 1)); done; ")
    added = [(LONG, "bin/measure-lab"), (SHORT, "bin/measure")]
    added += [(path, "modules/" + os.path.basename(path)) for path in found]
    os.environ.update(environment or {})
    try:
        status, out, errors = linux.run(
            "small", load + shell, memory=MEMORY, timeout=LIMIT,
            icount=icount, words="tsc=reliable no_timer_check", added=added,
            disks=[disk.disk_parse(f"{image}:virtio")] if image else [])
    except linux.LinuxError as error:
        return 125, "", str(error)
    finally:
        for name in environment or ():
            del os.environ[name]
    return status, out.decode(), errors.decode()


class Volume:
    """A copy of the volume for one boot, in memory if it fits there."""

    def __enter__(self):
        place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        if place and shutil.disk_usage(place).free < 1 << 30:
            place = None
        self.folder = tempfile.TemporaryDirectory(prefix="bulkhead-lab-",
                                                  dir=place)
        path = os.path.join(self.folder.name, "image")
        subprocess.run(["cp", "--sparse=always", IMAGE, path], check=True)
        return path

    def __exit__(self, *_):
        self.folder.cleanup()


def machines_find(wanted):
    """([machine that boots], {organization: why it does not})."""
    good, missing = [], {}
    for name in wanted:
        status, _, errors = Machine(name).boot("true")
        if status == 0:
            good.append(Machine(name))
        else:
            last = errors.strip().splitlines() or ["no message"]
            missing[name] = re.sub(r"^tools/run: (error: )?", "", last[-1])
    return good, missing


def output_read(text):
    """([Run], {row: [(bucket, count)]}) of the long program's output, and
    {row: nanoseconds} of the short one's."""
    runs, buckets, short = [], collections.defaultdict(collections.Counter), {}
    for line in text.splitlines():
        word = line.split()
        if word[:1] == ["run"] and len(word) == 6:
            runs.append(Run(RENAMED.get(word[1], word[1]), int(word[2]),
                            float(word[3]), int(word[4]), int(word[5])))
        elif word[:1] == ["each"] and len(word) > 3:
            for pair in word[4:]:
                index, count = pair.split(":")
                buckets[word[1]][int(index)] += int(count)
        elif len(word) == 4 and word[0] != "window":
            short[word[0]] = float(word[2])
    return runs, buckets, short


def checked(machine, result, what):
    status, out, errors = result
    if status != 0:
        said = (errors.strip() or out.strip()).splitlines()[-1:]
        raise LabError(f"{machine.name}, {what}: the program ended with "
                       f"{status}: {' '.join(said)}")
    return out


class Times:
    """Everything that the rounds gave, and the files made of it."""

    def __init__(self):
        self.runs = []  # (round, organization, workload, operations, ns, x)
        self.buckets = collections.defaultdict(collections.Counter)

    def take(self, number, machine, rows, short_rows, runs):
        short = f"measure -t 20 {' '.join(short_rows)} && " * bool(short_rows)
        shell = (f"mkdir -p /volume; {short}measure-lab /dev/vda /volume "
                 f"{runs} " + " ".join(OWN.get(row, row) for row in rows))
        with Volume() as image:
            out = checked(machine, machine.boot(shell, image), "times")
        found, buckets, short = output_read(out)
        for row, value in short.items():
            self.runs.append((number, machine.name, row, 1, value, -1))
        for run in found:
            self.runs.append((number, machine.name, run.row, run.operations,
                              run.time, run.crossings))
        for row, counts in buckets.items():
            self.buckets[RENAMED.get(row, row), machine.name].update(counts)

    def runs_write(self, name, comments):
        csv_write(os.path.join(RAW, name),
                  ("round", "organization", "workload", "operations",
                   "nanoseconds", "crossings"), self.runs, comments)

    def write(self, comments):
        self.runs_write("systems-runs.csv", comments)
        groups = collections.defaultdict(list)
        for _, name, row, operations, time, crossings in self.runs:
            groups[row, name].append((time / operations / 1e3,
                                      crossings / operations))
        rows = []
        for (row, name), values in groups.items():
            known = [crossed for _, crossed in values if crossed >= 0]
            rows.append(["qemu-time", row, name, "us",
                         *spread([each for each, _ in values]),
                         f"{statistics.median(known):.3f}" if known else ""])
        csv_write(os.path.join(RAW, "systems.csv"), SYSTEM_COLUMNS, rows,
                  comments)
        for row in sorted({row for row, _ in self.buckets}):
            csv_write(os.path.join(RAW, f"histogram-{row}.csv"),
                      HISTOGRAM_COLUMNS, self.histogram(row), comments)

    def histogram(self, row):
        return [["qemu-time", row, name, f"{2 ** (index / 16):.0f}", count]
                for (one, name), counts in self.buckets.items() if one == row
                for index, count in sorted(counts.items())]


def turn(machines, number):
    """Their order in a round: each begins as often as the others, so that
    none has always the same one before it."""
    first = number % len(machines)
    return machines[first:] + machines[:first]


def times_take(machines, rounds, runs, quick, say):
    """The part `systems`: each round boots each machine once."""
    rows = QUICK_ROWS if quick else LONG_ROWS
    short_rows = QUICK_SHORT if quick else SHORT_ROWS
    times = Times()
    failed = {}
    for number in range(rounds):
        for machine in turn(machines, number):
            if machine.name in failed:
                continue
            say(f"round {number + 1} of {rounds}: {machine.name}")
            try:
                times.take(number, machine, rows, short_rows, runs)
            except LabError as error:
                failed[machine.name] = str(error)
                say(str(error))
    times.write([
        f"{rounds} rounds, in each a boot of each system in turn; {runs} runs "
        "of a row in each boot, each with a volume that was just mounted",
        "one operation: a round trip for pipe, socketpair, eventfd, futex and "
        "tty; else the whole of what the row is named after",
        "QEMU without -icount: 1 CPU, 256 MiB, virtio disk"])
    if failed:
        raise LabError("; ".join(" ".join(text.split())
                                 for text in failed.values()))


def tax_take(machines, rounds, say):
    """The part `tax`: the named six alone."""
    times = Times()
    for number in range(rounds):
        for machine in turn(machines, number):
            say(f"round {number + 1} of {rounds}: {machine.name}")
            times.take(number, machine, NAMED, (), TAX_RUNS)
    times.runs_write("tax-runs.csv", [
        f"{rounds} rounds, in each a boot of each system in turn; {TAX_RUNS} "
        "runs of a row in each boot; else as systems-runs.csv"])


def counts_take(machines, quick, say):
    """The part `where`: instructions of each operation, by who executed
    them, from one boot each under QEMU's plugin."""
    rows = NAMED if quick else COUNTED
    table, symbols = [], []
    failed = []
    for machine in machines:
        say(f"counting: {machine.name}")
        try:
            counted = counts_of(machine, rows)
        except LabError as error:
            failed.append(str(error))
            say(str(error))
            continue
        for run, blocks, places in counted:
            table += [["qemu-plugin", run.row, machine.name, region,
                       f"{count / run.operations:.1f}"]
                      for region, count in places.shares(blocks).items()]
            symbols += [["qemu-plugin", run.row, machine.name, region, name,
                         f"{count / run.operations:.1f}"]
                        for region, name, count in places.top(blocks, 8)]
    comments = ["instructions of one operation, by where their code lies; a "
                "CPU that waits executes none"]
    csv_write(os.path.join(RAW, "where.csv"),
              ("machine", "workload", "organization", "region",
               "instructions"), table, comments)
    csv_write(os.path.join(RAW, "where-symbols.csv"),
              ("machine", "workload", "organization", "region", "symbol",
               "instructions"), symbols, comments)
    if failed:
        raise LabError("; ".join(failed))


def counts_of(machine, rows):
    """[(run, {address: instructions}, places)] of one boot: of two runs of a
    row the second, for QEMU has translated what it is about."""
    with Volume() as image, tempfile.NamedTemporaryFile() as blocks:
        shell = ("mkdir -p /volume; WINDOWS=1 measure-lab /dev/vda /volume 2 "
                 + " ".join(OWN.get(row, row) for row in rows))
        out = checked(machine, machine.boot(
            shell, image, environment={
                "BULKHEAD_QEMU": f"-plugin {PLUGIN},out={blocks.name}"}),
            "counts")
        counted = where.blocks_read(blocks.name)
    runs = output_read(out)[0]
    places = [where.Places(machine.name, windows)
              for windows in where.windows_read(out)]
    if not len(runs) == len(counted) == len(places):
        raise LabError(f"{machine.name}: {len(runs)} runs, "
                       f"{len(counted)} counts")
    return list(zip(runs, counted, places))[1::2]

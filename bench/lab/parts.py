"""The parts of the laboratory: how each is run, what it depends on, and what
it leaves in build/lab/raw."""
import functools
import glob
import os

import host
import peers
import systems
from common import (HOME, ORGANIZATIONS, RAW, LabError, command,
                    csv_write)

CANNOT = 3  # the status of a part's program that cannot run on this machine
LIMIT = 900.0
LEFT_OUT = "left out of the quick run"
TAXED = ("flat", "far", "sealed")
SYSTEM = (*host.BUILT, "tools/run", *(f"bench/lab/{name}" for name in (
    "common.py", "peers.py", "systems.py", "where.py", "volume.txt")))


class Cannot(Exception):
    """This part cannot run on this machine; the text says why."""


class Part:
    """A name, what it is, files that it depends on (patterns), the raw files
    that it makes (patterns), and how it is run: take(quick, say). One that is
    apart takes too long to be run unless it is named."""

    def __init__(self, name, about, inputs, outputs, take, apart=False):
        self.name, self.about, self.take = name, about, take
        self.inputs, self.outputs, self.apart = inputs, outputs, apart

    def files(self):
        return sorted(path for pattern in self.outputs
                      for path in glob.glob(os.path.join(RAW, pattern)))

    def key(self, quick):
        """Changes with everything that its result depends on."""
        paths = sorted(os.path.relpath(path, HOME) for pattern in self.inputs
                       for path in glob.glob(os.path.join(HOME, pattern)))
        return f"{'quick' if quick else 'full'} {host.build_id(paths)}"


def program(path, quick, say, *options):
    """Run a part that is a program of its own."""
    full = os.path.join(HOME, path)
    if not os.path.exists(full):
        raise Cannot(f"{path} is not there")
    say(" ".join([path, *options, *(["--quick"] * quick)]))
    status, out, errors = command([full, *options, *(["--quick"] * quick)],
                                  LIMIT)
    said = (errors.strip() or out.strip()).splitlines() or ["no message"]
    if status == CANNOT:
        raise Cannot(said[-1])
    if status != 0:
        raise LabError(f"{path}: status {status}: {said[-1]}")


def micro(quick, say):
    for what in ("mechanisms", "payloads", "cpus"):
        program("bench/run", quick, say, "--what", what)


@functools.lru_cache
def machines():
    """Those that boot, and why the others do not; asked once."""
    return systems.machines_find([*ORGANIZATIONS, "linux"])


def systems_part(quick, say):
    good, missing = machines()
    for name, why in missing.items():
        say(f"no organization {name}: {why}")
    csv_write(os.path.join(RAW, "systems-missing.csv"),
              ("organization", "why"), missing.items())
    systems.times_take(good, 1 if quick else 4, 1 if quick else 2, quick, say)


def tax_part(quick, say):
    good = [one for one in machines()[0] if one.name in TAXED]
    systems.tax_take(good, 2 if quick else 20, say)


def where_part(quick, say):
    if quick:
        raise Cannot(LEFT_OUT)
    systems.counts_take(machines()[0], quick, say)


def peers_part(quick, say):
    peers.take(1 if quick else 2, quick, say)


def protection_part(quick, say):
    if quick:
        raise Cannot(LEFT_OUT)
    program("tests/protection/run", False, say)


def parts():
    return [
        Part("micro", "crossings, by mechanism, payload and CPUs",
             ("build/release/bulkhead.elf", "build/release/domains/caller",
              "build/release/domains/callee", "bench/*.py", "bench/run"),
             ("micro-*.csv",), micro),
        Part("silicon", "the same code bytes on this host's processor",
             ("bench/silicon/*", "build/release/bulkhead.elf"),
             ("silicon*.csv",),
             lambda quick, say: program("bench/silicon/run", quick, say)),
        Part("model", "published clocks of a 386, a 486 and a Pentium",
             ("bench/model/*", "build/release/bulkhead.elf"),
             ("model*.csv",),
             lambda quick, say: program("bench/model/run", quick, say)),
        Part("peers", "messages between processes, here and on Linux",
             SYSTEM, ("peers.csv",), peers_part),
        Part("systems", "whole-system workloads by organization, and Linux",
             SYSTEM, ("systems*.csv", "histogram-*.csv"), systems_part),
        Part("tax", "the six workloads flat, far and sealed, many times",
             SYSTEM, ("tax*.csv",), tax_part, apart=True),
        Part("where", "whose instructions the workloads execute",
             (*SYSTEM, "build/bench/where.so"), ("where*.csv",), where_part),
        Part("protection", "what each organization stops",
             ("build/release/bulkhead.elf", "build/release/tests.cpio",
              "tests/forbidden/*", "tests/protection/*"),
             ("protection.csv",), protection_part),
    ]

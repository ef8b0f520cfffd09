"""Raw rows: what the kernel's command `bench` prints, boot by boot."""
import collections
import csv
import os
import platform
import subprocess

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(HOME, "build/release")
FLAT = os.path.join(HOME, "build/flat")
BENCHERS = ("callee", "caller")
PERCENTS = ("least", "p10", "median", "p90", "p99", "most")

Row = collections.namedtuple(
    "Row", ("row", "organization", "payload", "state", "calls") + PERCENTS)


class BenchError(Exception):
    """It could not be measured, or not as it should; the text says why."""


def boot(keep, commands, options=(), environment=None, seconds=120,
         build=BUILD):
    """One boot's rows, with what the monitor printed kept in a file."""
    line = [os.path.join(HOME, "tools/run"), "--timeout", str(seconds),
            "--append", "budget=none report=brief watchdog=0",
            "--monitor", commands]
    for domain in BENCHERS:
        line += ["--add", f"{build}/domains/{domain}:tests/{domain}"]
    if build == FLAT:
        line.append("--flat")
    done = subprocess.run(line + list(options), stdout=subprocess.PIPE,
                          text=True, check=False,
                          env={**os.environ, **(environment or {})})
    os.makedirs(os.path.dirname(keep), exist_ok=True)
    with open(keep, "w", encoding="utf-8") as file:
        file.write(done.stdout)
    if done.returncode:
        raise BenchError(f"{commands}: the run failed ({done.returncode})\n"
                         f"{done.stdout[-2000:]}")
    return rows_read(done.stdout)


def rows_read(text):
    """Its rows, in their order; BenchError for a line that is none."""
    rows = []
    for line in csv.reader(text.splitlines()):
        if len(line) != len(Row._fields):
            raise BenchError(f"no row: {','.join(line)}")
        if line[0] == "row":
            continue
        payload, state, *numbers = line[2:]
        rows.append(Row(line[0], line[1], int(payload), state,
                        *map(int, numbers)))
    return rows


def first_line(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, text=True,
                              check=False).stdout.split("\n")[0]
    except FileNotFoundError:
        return "not installed"


def describe():
    """The machine, for who reads the numbers later."""
    model = ""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":")[1].strip()
    return [f"date      {first_line('date', '+%Y-%m-%d')}",
            f"emulator  {first_line('qemu-system-i386', '--version')}",
            f"compiler  {first_line('gcc', '--version')}",
            f"host      {platform.machine()}, {os.cpu_count()} CPUs, {model}"]

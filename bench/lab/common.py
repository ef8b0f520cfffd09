"""What the laboratory's modules share: places, running a program, CSV files
with comments on top, and statistics of few numbers."""
import csv
import math
import os
import subprocess

HOME = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
OUT = os.path.join(HOME, "build/lab")
RAW = os.path.join(OUT, "raw")
RUN = os.path.join(HOME, "tools/run")

# How tools/run is asked for a system of which every domain is organized so,
# in the order in which tables and figures show them.
ORGANIZATIONS = {
    "flat": ["--flat"],
    "far": ["--domain", "all=far"],
    "sealed": ["--domain", "all=sealed"],
    "ipc": ["--domain", "all=ipc"],
    "queued": ["--domain", "all=queued"],
}
SYSTEM_COLUMNS = ("machine", "workload", "organization", "unit", "n", "least",
                  "p10", "median", "p90", "p99", "most", "crossings")
MICRO_COLUMNS = ("machine", "mechanism", "organization", "payload",
                 "direction", "trip", "cpus", "unit", "state", "n", "least",
                 "p10", "median", "p90", "p99", "most")
HISTOGRAM_COLUMNS = ("machine", "workload", "organization", "bucket_ns",
                     "count")


class LabError(Exception):
    """It could not be measured; the text says why."""


def command(line, timeout=None, environment=None):
    """(status, standard output, standard error) of a program. It is ended
    with all that it started, should the time be up: status 124."""
    try:
        done = subprocess.run(
            line, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=timeout, cwd=HOME, errors="replace",
            env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as error:
        return 124, "", f"not finished after {error.timeout:.0f} s"


def csv_write(path, columns, rows, comments=()):
    """Whole or not at all."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        for line in comments:
            file.write(f"# {line}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    os.replace(path + ".new", path)


def csv_read(path):
    """([comment], [{column: text}]) of a file."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().splitlines()
    comments = [line.lstrip("# ") for line in lines if line.startswith("#")]
    rows = csv.DictReader(line for line in lines if line.strip() and
                          not line.startswith("#"))
    return comments, list(rows)


def rank(values, share):
    """The value below which this share of the sorted `values` lies."""
    return values[min(len(values) - 1, int(share * len(values)))]


def spread(values):
    """n, least, p10, median, p90, p99, most, as columns have them."""
    values = sorted(values)
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    return [len(values), *(f"{value:.6g}" for value in (
        values[0], rank(values, 0.1), middle, rank(values, 0.9),
        rank(values, 0.99), values[-1]))]


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))

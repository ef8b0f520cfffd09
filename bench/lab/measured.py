"""What was measured: all raw files that there are, in memory. A file that is
missing is no error; who asks for a figure gets None."""
import collections
import glob
import os

from common import csv_read

NUMBERS = ("least", "p10", "median", "p90", "p99", "most")
ATTACK = "attack: "  # how families of attacks begin; others are accidents

Act = collections.namedtuple(
    "Act", "name family organization stopped told outcome")


class Row:
    """One line of a micro-benchmark, its numbers as numbers."""

    def __init__(self, fields):
        for name in ("machine", "mechanism", "direction", "trip", "unit",
                     "state"):
            setattr(self, name, fields[name])
        self.payload, self.cpus = int(fields["payload"]), int(fields["cpus"])
        self.n = int(float(fields["n"]))
        self.organization = pair_of(fields["organization"])
        for name in NUMBERS:
            setattr(self, name, float(fields[name]))

    def key(self):
        return (self.machine, self.mechanism, self.organization, self.payload,
                self.direction, self.unit, self.state, self.cpus, self.trip)


def pair_of(organization):
    """Caller and callee: a word alone says what the callee is, and that is a
    far domain's call."""
    if organization in ("", "core") or "-" in organization:
        return organization
    return ("flat-flat" if organization == "flat"
            else f"far-{organization}")


def runs_new():
    """{(workload, system): {round: [times]}}"""
    return collections.defaultdict(lambda: collections.defaultdict(list))


class Data:
    """Everything in one folder of raw files."""

    def __init__(self, folder):
        self.comments, self.rows = {}, {}
        self.systems = {}
        self.runs = runs_new()
        self.taxed = runs_new()  # of the part `tax`
        self.where = collections.defaultdict(dict)
        self.symbols = collections.defaultdict(list)
        self.histograms = collections.defaultdict(
            lambda: collections.defaultdict(dict))
        self.protection = []
        self.paths = collections.defaultdict(dict)  # of bench/paths.py
        self.absent = {}  # organization: why it is not there
        self.bad = []  # what could not be read, and why
        for path in sorted(glob.glob(os.path.join(folder, "*.csv"))):
            self.file_read(path)

    def file_read(self, path):
        name = os.path.basename(path)
        try:
            self.comments[name], rows = csv_read(path)
            take = self.taker(name, rows)
            for row in rows:
                take(row)
        except (KeyError, ValueError, TypeError) as error:
            self.bad.append(f"{name}: {error!r}")

    def taker(self, name, rows):
        """Which method takes the rows of a file."""
        columns = rows[0].keys() if rows else ()
        if name.startswith("histogram-"):
            return self.histogram_take
        if name == "protection.csv":
            return self.protection_take
        if name == "tax-runs.csv":
            return self.taxed_take
        for column, method in (("why", self.absent_take),
                               ("priced", self.path_take),
                               ("mechanism", self.micro_take),
                               ("symbol", self.symbol_take),
                               ("region", self.where_take),
                               ("round", self.run_take),
                               ("workload", self.system_take)):
            if column in columns:
                return method
        if rows:
            raise ValueError("columns that nobody knows")
        return self.micro_take

    def micro_take(self, fields):
        row = Row(fields)
        known = self.rows.setdefault(row.key(), row)
        if row.median < known.median:
            self.rows[row.key()] = row

    def path_take(self, fields):
        self.paths[fields["crossing"]][fields["priced"]] = int(
            fields["count"])

    def absent_take(self, fields):
        self.absent[fields["organization"]] = fields["why"]

    def system_take(self, fields):
        self.systems[fields["workload"], fields["organization"]] = {
            "unit": fields["unit"], "n": int(fields["n"]),
            "crossings": float(fields["crossings"] or "nan"),
            **{name: float(fields[name]) for name in NUMBERS}}

    def run_take(self, fields, runs=None):
        runs = self.runs if runs is None else runs
        runs[fields["workload"], fields["organization"]][
            int(fields["round"])].append(
                float(fields["nanoseconds"]) / float(fields["operations"]))

    def taxed_take(self, fields):
        self.run_take(fields, self.taxed)

    def where_take(self, fields):
        self.where[fields["workload"], fields["organization"]][
            fields["region"]] = float(fields["instructions"])

    def symbol_take(self, fields):
        self.symbols[fields["workload"], fields["organization"]].append(
            (fields["region"], fields["symbol"],
             float(fields["instructions"])))

    def histogram_take(self, fields):
        self.histograms[fields["workload"]][fields["organization"]][
            float(fields["bucket_ns"])] = int(fields["count"])

    def protection_take(self, fields):
        """A row of tests/protection/run; acts that are allowed, or were not
        tried, say nothing."""
        outcome = fields["outcome"]
        if outcome not in ("allowed", "not tried"):
            self.protection.append(Act(
                fields["act"], fields["family"], fields["organization"],
                not outcome.startswith("not stopped"), outcome == "told",
                outcome))

    def get(self, machine, mechanism, organization="", payload=0,
            direction=None, unit=None, state="warm", cpus=1, trip="round"):
        """The row, or None."""
        direction = direction or ("in" if payload else "none")
        unit = unit or ("instructions" if machine in
                        ("qemu-icount", "linux-icount", "bochs") else "tsc")
        return self.rows.get((machine, mechanism, pair_of(organization),
                              payload, direction, unit, state, cpus, trip))

    def median(self, *place, **more):
        row = self.get(*place, **more)
        return row.median if row else None

    def acts(self, organization, attacks, told=False):
        """Acts of one organization: the attacks, or the accidents; without
        those that tell addresses and no more, or these alone."""
        return [act for act in self.protection
                if act.organization == organization and act.told == told and
                act.family.startswith(ATTACK) == attacks]

    def machines(self):
        return sorted({row.machine for row in self.rows.values()})

    def organizations(self):
        """Those of which workloads were measured."""
        return {name for _, name in self.systems}

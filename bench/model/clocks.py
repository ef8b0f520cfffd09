"""The table clocks.csv: what an instruction form takes on each processor."""
import csv
import os
import re

PROCESSORS = ("i386", "i486", "pentium")
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clocks.csv")

TERM = re.compile(r"(\d+)(?:-(\d+))?(n)?|m")


class ModelError(Exception):
    """The model has no answer; the text says what is missing."""


def pick(text, count):
    """Of alternatives "n=0:5 7+4n", the one for `count` repetitions."""
    for one in text.split():
        condition, colon, value = one.rpartition(":")
        if not colon or condition == f"n={count}":
            return value
    raise ModelError(f"no alternative of {text} is for {count} repetitions")


def evaluate(text, count, components):
    """(least, most) clocks of one field of the table."""
    least = most = 0
    for part in pick(text, count).split("+"):
        term = TERM.fullmatch(part)
        if not term:
            raise ModelError(f"clocks.csv: {text} cannot be read")
        low = int(term[1]) if term[1] else components
        high = int(term[2]) if term[2] else low
        times = count if term[3] else 1
        least += low * times
        most += high * times
    return least, most


class NotThere(ModelError):
    """The processor has no such instruction."""


class Clocks:
    """All rows, by form."""

    def __init__(self, path=PATH):
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith("#")]
        self.rows = {}
        for row in csv.DictReader(lines):
            if row["form"] in self.rows:
                raise ModelError(f"clocks.csv: two rows {row['form']}")
            self.rows[row["form"]] = row

    def row(self, form):
        if form not in self.rows:
            raise ModelError(f"clocks.csv has no row for {form!r}")
        return self.rows[form]

    def cost(self, form, processor, count=0, components=0):
        """(least, most). ModelError where there is no number."""
        text = self.row(form)[processor]
        if text == "no":
            raise NotThere(f"{processor} has no instruction {form!r}")
        return evaluate(text, count, components)

    def check(self):
        """Every row can be read and names its sources."""
        for form, row in self.rows.items():
            for processor in PROCESSORS:
                if row[processor] != "no":
                    self.cost(form, processor, 3, 3)
                source = row["source" + processor.removeprefix("i")]
                if not source:
                    raise ModelError(f"{form}: no source for {processor}")

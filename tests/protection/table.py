"""Rows as CSV, and as tables for people."""
import csv
import datetime
from collections import Counter

HEADER = ("organization", "family", "act", "machine", "outcome")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)


def cell(outcomes):
    """One organization's outcomes of one family, in words."""
    open_ones = sum(o.startswith("not stopped") for o in outcomes)
    told = outcomes.count("told")
    tried = [o for o in outcomes if o not in ("allowed", "not tried", "told")]
    by = Counter(o.split(": ")[1] if o.startswith("stopped") else "no gain"
                 for o in tried if not o.startswith("not stopped"))
    kinds = ", ".join(f"{name} {count}" for name, count in by.most_common())
    parts = [f"{told} told"] if told else []
    if tried and not open_ones:
        parts.insert(0, f"all {len(tried)}: {kinds}")
    elif tried:
        stopped = len(tried) - open_ones
        parts = [f"**{open_ones} of {len(tried)} not stopped**",
                 *([f"{stopped}: {kinds}"] if stopped else []), *parts]
    return "; ".join(parts) or "-"


def ordered(rows, index):
    return list(dict.fromkeys(row[index] for row in rows))


def families_table(rows):
    organizations = sorted(ordered(rows, 0), key=lambda name: name != "flat")
    yield "| family | " + " | ".join(f"`{o}`" for o in organizations) + " |"
    yield "| --- |" + " --- |" * len(organizations)
    for family in ordered(rows, 1):
        cells = [cell([row[4] for row in rows
                       if row[0] == o and row[1] == family])
                 for o in organizations]
        yield f"| {family} | " + " | ".join(cells) + " |"


def differences_table(rows):
    """Acts that some organization does not stop, or that tell something. Flat
    stops next to nothing: it is left out."""
    organizations = [name for name in ordered(rows, 0) if name != "flat"]
    outcome = {(row[0], row[1], row[2]): row[4] for row in rows}
    yield "| act | " + " | ".join(f"`{o}`" for o in organizations) + " |"
    yield "| --- |" + " --- |" * len(organizations)
    for family in ordered(rows, 1):
        for act in ordered([row for row in rows if row[1] == family], 2):
            cells = [outcome.get((o, family, act), "-")
                     for o in organizations]
            if any(c.startswith(("not stopped", "told")) for c in cells):
                yield f"| {act} | " + " | ".join(cells) + " |"


def markdown(rows, command):
    """Both tables, with where they come from."""
    machines = ", ".join(ordered(rows, 3))
    count = len(ordered([row[1:3] for row in rows], slice(None)))
    return "\n".join([
        f"`{command}`, {machines}, {datetime.date.today()}: "
        f"{count} acts and attacks.", "",
        *families_table(rows), "",
        "Each that is not stopped, or tells something, somewhere but in "
        "`flat`:", "",
        *differences_table(rows), ""])

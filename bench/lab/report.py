"""The report: report.md, report.html with its pictures in it, and the pictures
by themselves, out of the raw files of one folder."""
import html
import math
import os
import re

import figures
import findings
import reasons
import tax
from common import ORGANIZATIONS
from measured import Data
from svg import number
from targets import targets

STYLE = """body { font: 15px/1.5 Helvetica, Arial, sans-serif; color: #222;
  max-width: 940px; margin: 2em auto; padding: 0 1em; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2em; }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px; }
td, th { border-bottom: 1px solid #ddd; padding: 3px 10px 3px 0;
  text-align: right; vertical-align: top; }
td:first-child, th:first-child { text-align: left; }
svg { max-width: 100%; height: auto; } code, pre { font-size: 13px; }
pre { background: #f5f5f5; padding: 1em; overflow-x: auto; }"""

HOW_TO_READ = """\
* **One way** is one instruction, or a message that is not answered. **Round
  trip** is a call and its return, or a message and its answer.
* **TSC ticks** under QEMU's TCG are what QEMU's translator makes of the code on
  this host, not what a processor would take. **Instructions** are exact
  (`-icount`), but one far transfer counts as one. Read the two together.
* **Silicon** is this host's processor in ring 3; **model** is published clock
  counts added up over the executed instructions.
* Figures are medians unless it says otherwise. What each column means, and how
  it was measured, is in docs/lab.md."""


def microseconds(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def stopped_text(stopped, tried, told):
    return f"{stopped} of {tried}" + (f", {told} told" if told else "")


class Report:
    """Text in Markdown, with pictures by name."""

    def __init__(self, data, machine, reasons):
        self.data, self.reasons = data, reasons
        self.machine = machine
        self.base = "flat" if "flat" in data.organizations() else "far"
        self.lines, self.pictures = [], {}
        self.opening()
        self.part("Cost by mechanism", figures.mechanism(data), "mechanism",
                  findings.null_calls(data) + findings.second_opinion(data) +
                  findings.against_published(data) +
                  findings.cold_and_far_apart(data))
        self.part("Cost by payload", figures.payload(data), "payload",
                  findings.payloads(data))
        self.part("On real processors", figures.silicon(data), "silicon",
                  findings.silicon(data) + findings.models(data))
        self.processors_table()
        self.part("Whole-system workloads", figures.systems(data, self.base),
                  "systems", findings.whole_system(data, self.base))
        self.systems_table()
        self.part("Where the instructions go", figures.where(data, self.base),
                  "where", [])
        self.symbols_table()
        self.time_part()
        self.part("Latency", figures.latency(data), "latency",
                  findings.latencies(data))
        self.part("Cost against protection", figures.protection(data),
                  "protection", findings.protection(data))
        self.protection_table()
        self.ending()

    def put(self, *lines):
        self.lines += [*lines, ""]

    def opening(self):
        self.put("# Far call against IPC: a run of the laboratory")
        self.put(*(f"* {' '.join(line.split())}" for line in self.machine
                   if line.startswith(("date", "class", "load"))))
        self.put("## In short")
        short = (findings.null_calls(self.data) +
                 findings.against_published(self.data)[:5] +
                 findings.silicon(self.data)[:2] +
                 findings.models(self.data) +
                 [one for one in findings.whole_system(self.data, self.base)
                  if "geometric mean" in one] +
                 reasons.estimate(self.data) +
                 findings.protection(self.data))
        self.put(*(f"* {one}" for one in short if one))
        self.put("| wanted | | measured | |", "| --- | --- | --- | --- |",
                 *(f"| {one.name} | {one.wanted} | {one.measured} | "
                   f"{one.verdict()} |" for one in targets(self.data)))
        missing = self.missing()
        if missing:
            self.put("Not measured in this run:")
            self.put(*(f"* {one}" for one in missing))
        self.put("## How to read it")
        self.put(HOW_TO_READ)

    def missing(self):
        """Why parts are not there, and files that could not be read."""
        found = [f"{name}: {why}" for name, why in self.reasons.items()]
        found += [f"workloads under the organization `{name}`: {why}"
                  for name, why in self.data.absent.items()]
        found += [f"a raw file could not be read: {one}"
                  for one in self.data.bad]
        if "kvm" not in self.data.machines():
            found += [f"crossings in cycles of this processor: KVM is "
                      f"{line.split(None, 1)[1]}" for line in self.machine
                      if line.startswith("kvm")]
        if self.data.systems and self.base == "far":
            found.append("the isolation tax against `flat`: workloads are "
                         "compared with `far` instead")
        return found

    def part(self, heading, picture, name, sentences):
        self.put(f"## {heading}")
        if picture:
            self.pictures[name] = picture
            self.put(f"![{heading}]({name}.svg)")
        else:
            self.put("There is no data for this picture in this run.")
        if sentences:
            self.put(*(f"* {one}" for one in sentences if one))

    def processors_table(self):
        """A null call, round trip, by processor and organization."""
        rows = []
        for machine, unit, label in (
                ("qemu-icount", "instructions", "QEMU, instructions"),
                ("bochs", "instructions", "Bochs, instructions"),
                ("qemu-time", "tsc", "QEMU TCG, TSC ticks"),
                ("kvm", "tsc", "hardware KVM, TSC ticks"),
                ("silicon", "tsc", "this host, ring 3, TSC ticks"),
                ("model-386", "cycles", "386, model, cycles"),
                ("model-486", "cycles", "486, model, cycles"),
                ("model-pentium", "cycles", "Pentium, model, cycles")):
            values = [self.data.median(machine, "across", name, unit=unit)
                      for name in ORGANIZATIONS]
            if any(value is not None for value in values):
                far, ipc = values[1], values[3]
                rows.append([label, *("-" if value is None else number(value)
                                      for value in values),
                             f"{ipc / far:.1f}" if far and ipc else "-"])
        if rows:
            self.put("A null call across, round trip, into a domain that is:")
            self.table(["", *ORGANIZATIONS, "ipc / far"], rows)

    def table(self, titles, rows):
        self.put("| " + " | ".join(titles) + " |",
                 "|" + " --- |" * len(titles),
                 *("| " + " | ".join(map(str, row)) + " |" for row in rows))

    def systems_table(self):
        names = [name for name in (*ORGANIZATIONS, "linux")
                 if name in self.data.organizations()]
        rows = []
        for workload in tax.workloads(self.data.systems):
            found = [self.data.systems.get((workload, name))
                     for name in names]
            rows.append([workload + (" (of the six)" if workload in tax.NAMED
                                     else ""),
                         *(microseconds(one["median"]) if one else "-"
                           for one in found),
                         self.linux_ratio(workload),
                         self.crossings(workload)])
        if rows:
            self.put("Microseconds of one operation, medians (pipe, "
                     "socketpair, eventfd, futex, tty: a round trip). Linux' "
                     "ratio is its time through "
                     f"`{self.base}`'s. Crossings are calls that enter a "
                     "domain, for one operation, as `far` counts them "
                     f"(median of the runs); {self.counted_alike()}.")
            self.table(["", *names, f"linux / {self.base}", "crossings"],
                       rows)

    def crossings(self, workload):
        """Calls that enter a domain, of one operation, with `far`."""
        far = self.data.systems.get((workload, "far"))
        if not far or math.isnan(far["crossings"]):
            return "-"
        return f"{far['crossings']:.3g}" if far["crossings"] < 100 else \
            f"{far['crossings']:,.0f}"

    def counted_alike(self):
        """What the crossings of the other organizations are."""
        apart = [abs(found["crossings"] / far["crossings"] - 1)
                 for (workload, name), found in self.data.systems.items()
                 if name not in ("flat", "far", "linux")
                 for far in [self.data.systems.get((workload, "far"))]
                 if far and far["crossings"] > 0
                 and not math.isnan(found["crossings"])]
        text = "`flat` counts none"
        return text + (f", the others as many within {max(apart):.1%}"
                       if apart else "")

    def linux_ratio(self, workload):
        ours, theirs = (self.data.systems.get((workload, name))
                        for name in (self.base, "linux"))
        if not ours or not theirs:
            return "-"
        return f"{theirs['median'] / ours['median']:.2f}"

    def symbols_table(self):
        """What grows most from base to each organization, in functions."""
        rows = []
        for workload in tax.NAMED:
            for name in ORGANIZATIONS:
                found = [one for one in
                         self.data.symbols.get((workload, name), [])
                         if one[0] == "crossing"][:3]
                if found:
                    rows.append([workload, name, ", ".join(
                        f"{symbol} ({number(count)})"
                        for _, symbol, count in found)])
        if rows:
            self.put("The dearest code of crossings, in instructions of one "
                     "operation:")
            self.table(["workload", "organization", "functions"], rows)

    def time_part(self):
        found = reasons.sentences(self.data)
        if found:
            self.put("## Where the time goes")
            self.put(*(f"* {one}" for one in found))

    def protection_table(self):
        """Stopped, of how many, by family."""
        counts = {}
        for act in self.data.protection:
            cell = counts.setdefault(act.family, {}).setdefault(
                act.organization, [0, 0, 0])
            cell[0] += act.stopped and not act.told
            cell[1] += not act.told
            cell[2] += act.told
        names = [name for name in ORGANIZATIONS
                 if any(name in found for found in counts.values())]
        if counts:
            self.put("Acts stopped, of those tried, with the actor in each "
                     "organization; \"told\" are those that tell addresses "
                     "or limits, and give no access:")
            self.table(["family", *names], [
                [family, *(stopped_text(*found[name])
                           if name in found else "-" for name in names)]
                for family, found in counts.items()])

    def ending(self):
        self.put("## The machine")
        self.put("```", *self.machine, "```")
        notes = [f"* `{name}`: {'; '.join(comments)}" for name, comments in
                 self.data.comments.items() if comments and
                 not name.startswith("histogram-")]
        if notes:
            self.put("## Remarks of the raw files")
            self.put(*notes)

    def markdown(self):
        return "\n".join(self.lines).rstrip() + "\n"


def inline(text):
    """Emphasis, code and so on within a line, for HTML."""
    text = html.escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text)


def cells(line, tag):
    return "<tr>" + "".join(
        f"<{tag}>{inline(cell.strip())}</{tag}>"
        for cell in line.strip("|").split("|")) + "</tr>"


def block_html(block, pictures):
    """One paragraph of the Markdown that Report writes."""
    first = block[0]
    if first.startswith("#"):
        level = len(first.split()[0])
        return f"<h{level}>{inline(first.lstrip('# '))}</h{level}>"
    picture = re.fullmatch(r"!\[.*\]\((\w+)\.svg\)", first)
    if picture:
        return pictures[picture[1]]
    if first.startswith("```"):
        return "<pre>" + html.escape("\n".join(block[1:-1])) + "</pre>"
    if first.startswith("* "):
        text = "\n".join(block)
        return "<ul>" + "".join(
            f"<li>{inline(item)}</li>"
            for item in text[2:].split("\n* ")) + "</ul>"
    if first.startswith("|"):
        return ("<table>" + cells(first, "th") +
                "".join(cells(line, "td") for line in block[2:]) + "</table>")
    return "<p>" + inline("\n".join(block)) + "</p>"


def page(markdown, pictures):
    """The same as one HTML file that needs no other."""
    body = "\n".join(block_html(block.split("\n"), pictures)
                     for block in markdown.strip().split("\n\n") if block)
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>Far call against IPC</title>\n<style>{STYLE}</style>"
            f"</head><body>\n{body}\n</body></html>\n")


def write(folder, machine, reasons):
    """report.md, report.html and the pictures, of folder/raw. `reasons` is
    {part: why it is missing}."""
    made = Report(Data(os.path.join(folder, "raw")), machine, reasons)
    text = made.markdown()
    for name, content in {"report.md": text,
                          "report.html": page(text, made.pictures),
                          **{f"{name}.svg": picture for name, picture
                             in made.pictures.items()}}.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)
    return made

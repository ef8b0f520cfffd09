#!/usr/bin/python3
"""The laboratory's report from raw files that are MADE UP here, so that each
conclusion can be seen to follow from its numbers; and from none."""
import os
import sys
import tempfile
import unittest
import xml.dom.minidom

HOME = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HOME, "bench/lab"), os.path.join(HOME, "bench"),
                os.path.join(HOME, "tools")]

from common import (HISTOGRAM_COLUMNS, MICRO_COLUMNS,  # noqa: E402
                    SYSTEM_COLUMNS, csv_write)
from systems import NAMED, output_read  # noqa: E402
import report  # noqa: E402
import svg  # noqa: E402
import tax  # noqa: E402
import where  # noqa: E402

FAR, SEALED, IPC = 1000, 2000, 9000  # TSC ticks of a null call, made up


def micro_rows(ipc, sealed_count):
    """Null calls, and calls with every byte read."""
    def row(machine, mechanism, organization, payload, unit, value,
            trip="round"):
        return [machine, mechanism, organization, payload,
                "in" if payload else "none", trip, 1, unit, "warm", 101,
                *[value] * 6]

    for name, time, count in (("far-far", FAR, 64),
                              ("far-sealed", SEALED, sealed_count),
                              ("far-ipc", ipc, 150)):
        yield row("qemu-time", "across", name, 0, "tsc", time)
        yield row("qemu-icount", "across", name, 0, "instructions", count)
        for size in (16, 256, 4096, 65536):
            yield row("qemu-time", "across-touch", name, size, "tsc",
                      time + size)
    for size, more in ((16, 32), (256, 512), (1024, 2048), (4096, 3000)):
        yield row("qemu-time", "across", "far-ipc", size, "tsc", ipc + more)
        yield row("qemu-time", "across", "far-far", size, "tsc", FAR + 100)
        yield row("qemu-time", "near-touch", "far-far", size, "tsc", size / 2)
    for way, near in (("across", "far-far"), ("up", "far-far"),
                      ("down", "core")):
        yield row("qemu-icount", "near", near, 0, "instructions", 4)
        yield row("qemu-time", "near", near, 0, "tsc", 20)
        if way != "across":
            yield row("qemu-icount", way, "far-far", 0, "instructions", 64)
            yield row("qemu-time", way, "far-far", 0, "tsc", FAR)
    yield row("qemu-time", "across-one-space", "far-ipc", 0, "tsc", FAR * 1.5)
    yield row("qemu-time", "gate-same", "", 0, "tsc", 300)
    yield row("qemu-time", "segment-load-ds", "", 0, "tsc", 100, "one-way")
    yield row("qemu-time", "work", "", 0, "tsc", 4000)
    yield row("qemu-time", "work-base", "", 0, "tsc", 4400)
    yield row("qemu-icount", "work", "", 0, "instructions", 2000)
    yield row("silicon", "across", "far", 0, "tsc", 900)
    yield row("silicon", "eventfd", "", 8, "tsc", 10000)


def made(folder, ipc=IPC, sealed_count=90, slow=1.2):
    """A report of made-up files; `slow`: sealed's time against flat's."""
    raw = os.path.join(folder, "raw")
    csv_write(os.path.join(raw, "micro-mechanisms-qemu-time.csv"),
              MICRO_COLUMNS, micro_rows(ipc, sealed_count),
              ["made up", "ticks     2000000 in a millisecond"])
    csv_write(os.path.join(raw, "micro-paths.csv"),
              ("crossing", "priced", "count"),
              [["across", "gate-same", 1], ["across", "segment-load-ds", 5],
               ["across", "plain", 58]])
    times = {"flat": 100.0, "far": 102.0, "sealed": 100 * slow,
             "linux": 300.0}
    csv_write(os.path.join(raw, "systems-runs.csv"),
              ("round", "organization", "workload", "operations",
               "nanoseconds", "crossings"),
              [[number, name, workload, 10, time * 10 + nudge, 30]
               for name, time in times.items() for workload in NAMED
               for number, nudge in enumerate((-5, 0, 5))])
    csv_write(os.path.join(raw, "systems.csv"), SYSTEM_COLUMNS,
              [["qemu-time", workload, name, "us", 3, *[time / 1e3] * 6,
                0 if name == "flat" else 3]
               for name, time in times.items() for workload in NAMED])
    csv_write(os.path.join(raw, "where.csv"),
              ("machine", "workload", "organization", "region",
               "instructions"),
              [["made-up", workload, name, region, 1000 + more]
               for workload in NAMED
               for name, more in (("flat", 0), ("far", 20), ("sealed", 50))
               for region in where.REGIONS])
    csv_write(os.path.join(raw, "histogram-tty.csv"), HISTOGRAM_COLUMNS,
              [["made-up", "tty", name, 1000 * 2 ** at, 10 - at]
               for name in times for at in range(5)])
    csv_write(os.path.join(raw, "protection.csv"),
              ("organization", "family", "act", "machine", "outcome"),
              [[name, "attack: made up", f"act-{n}", "bochs",
                "not stopped" if name == "far" and n % 2 else
                "told" if n == 40 else "stopped: gate"]
               for name in ("far", "sealed") for n in range(41)])
    return report.write(folder, ["date made up"], {"part `x`": "no such CPU"})


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def text(self, **numbers):
        return made(self.folder.name, **numbers).markdown()

    def test_pictures_are_whole(self):
        pictures = made(self.folder.name).pictures
        self.assertEqual(set(pictures), {
            "mechanism", "payload", "silicon", "systems", "where", "latency",
            "protection"})
        for picture in pictures.values():
            xml.dom.minidom.parseString(picture)
        with open(os.path.join(self.folder.name, "report.html"),
                  encoding="utf-8") as file:
            page = file.read()
        self.assertEqual(page.count("<svg"), len(pictures))
        self.assertNotIn("src=", page)

    def test_numbers_choose_the_sentence(self):
        self.assertIn("9.0 times cheaper than this system's own ipc",
                      self.text())
        self.assertIn("2.0 times dearer than this system's own ipc",
                      self.text(ipc=FAR / 2))

    def test_one_address_space(self):
        self.assertIn("1,500 TSC ticks, round trip: 1.50 times a far call's "
                      "time. So 83% of an ipc call's time are", self.text())
        self.assertNotIn("of an ipc call's time", self.text(ipc=FAR))

    def test_targets(self):
        text = self.text()
        self.assertRegex(text, r"at most 100 instructions \| 90 .*\| met")
        self.assertRegex(text, r"6 times cheaper \| 9.0 times \| met")
        self.assertRegex(text, r"far against flat.*\+2.0%.*\| met")
        self.assertRegex(text, r"sealed against flat.*\+20.0%.*not met")
        self.assertRegex(text, r"of at least 40 \| 40 of 40.* act-40 \| met")
        text = self.text(sealed_count=101, slow=1.05, ipc=5000)
        self.assertRegex(text, r"at most 100 instructions \| 101 .*not met")
        self.assertRegex(text, r"6 times cheaper \| 5.0 times \| \*\*not met")
        self.assertRegex(text, r"sealed against flat.*\+5.0%.*\| met")

    def test_noise_decides_nothing(self):
        self.assertRegex(self.text(slow=1.1), r"sealed against flat.*undecided")

    def test_crossover(self):
        text = self.text()
        self.assertIn("It costs less than twice the far call from 64 KiB on",
                      text)
        self.assertIn("less than 1.1 times the far call at no payload up to",
                      text)

    def test_copies(self):
        text = self.text()
        self.assertIn("copying costs as much as mapping at 1,500 bytes", text)
        self.assertIn("than that from 256 B on: there lending beats", text)

    def test_reasons(self):
        """20 instructions more at 980 / 60 ticks, 1,020 of a domain at 2 a
        tenth dearer, of 200 ticks (0.1 us at 2,000 a us)."""
        text = self.text()
        self.assertIn("across 800 (1 gate, 5 loads), the whole call 1,000.",
                      text)
        self.assertIn("takes 16.3 TSC ticks, one of plain C code 2.00", text)
        self.assertIn("takes 1.100 times as long in segments", text)
        self.assertIn("+163.3% of `flat`'s time; the base of segments "
                      "+102.0% (geometric means of the six). Measured, all "
                      "together: +2.0%", text)

    def test_crossings_are_those_of_far(self):
        self.assertRegex(self.text(), r"\| tar \(of the six\) .*\| 3 \|")

    def test_protection(self):
        text = self.text()
        self.assertIn("`far` stops 20 of 40 attacks; not act-1, act-3", text)
        self.assertIn("`sealed` stops 40 of 40 attacks; addresses, and no "
                      "access, are got by act-40.", text)
        self.assertIn("| 20 of 40, 1 told | 40 of 40, 1 told |", text)

    def test_missing_is_said(self):
        self.assertIn("part `x`: no such CPU", self.text())
        with tempfile.TemporaryDirectory() as empty:
            os.mkdir(os.path.join(empty, "raw"))
            text = report.write(empty, ["date"], {}).markdown()
        self.assertNotRegex(text, r"\| \*\*not met|\| met")
        self.assertIn("There is no data for this picture", text)

    def test_a_bad_file_is_said(self):
        raw = os.path.join(self.folder.name, "raw")
        csv_write(os.path.join(raw, "strange.csv"), ("a", "b"), [[1, 2]])
        self.assertIn("could not be read: strange.csv", self.text())


class PiecesTest(unittest.TestCase):
    def test_output(self):
        runs, buckets, short = output_read(
            "run insert 100 5000 9000 640\neach tty 10 90 16:3 17:1\n"
            "null 1000 190.5 480.0\n")
        self.assertEqual(runs[0].row, "sqlite")
        self.assertEqual(runs[0].crossings, 640)
        self.assertEqual(buckets["tty"], {16: 3, 17: 1})
        self.assertEqual(short, {"null": 190.5})

    def test_percentiles(self):
        buckets = {10.0: 50, 20.0: 49, 30.0: 1}
        self.assertEqual(tax.percentile(buckets, 0.5), 10)
        self.assertEqual(tax.percentile(buckets, 0.99), 20)
        self.assertEqual(tax.percentile(buckets, 1), 30)

    def test_marks_lie_on_the_scale(self):
        for least, most, log in ((1, 1e6, True), (30, 90, True),
                                 (0, 7.3, False), (0, 0, False)):
            scale = svg.Scale(least, most, 0, 100, log)
            self.assertTrue(scale.marks())
            for mark in scale.marks():
                self.assertTrue(-1 <= scale(mark) <= 101)

    def test_places(self):
        text = ("run a 1 2 3 4\nwindow tty f7d60000 2a0000\n"
                "run b 1 2 3 4\n")
        self.assertEqual(where.windows_read(text),
                         [[(0xF7D60000, 0x2A0000, "tty")], []])
        places = where.Places("linux", [])
        self.assertEqual(places.find(0xC1000000)[0], "core")
        self.assertEqual(places.find(0x1000)[0], "program")


if __name__ == "__main__":
    unittest.main()

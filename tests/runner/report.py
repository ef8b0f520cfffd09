"""What the runner shows: progress, failures with how to repeat them, TAP."""
import sys
import time

from runner.result import DIFFERENT, FAILED, PASSED

WIDTH = 78


class Report:
    """Takes one Result at a time. Subclasses show them."""

    def __init__(self, total):
        self.total = total
        self.begin = time.monotonic()
        self.results = []

    def count(self, outcome):
        return sum(result.outcome == outcome for result in self.results)

    def started(self, job):
        """A job begins."""

    def add(self, result, seconds):
        self.results.append(result)
        self.show(result, seconds)

    def finish(self):
        """The exit status; the last line is what CI reads."""
        failed = self.count(FAILED)
        if different := self.count(DIFFERENT):
            self.say(f"{different} enforcement differences: acts that QEMU's "
                     "TCG lets pass, as it must;")
            self.say("segment limits are proved by Bochs alone.")
        self.say(f"{self.count(PASSED)} passed, {failed} failed")
        return 1 if failed or not self.results else 0

    def show(self, result, seconds):
        raise NotImplementedError

    def say(self, line):
        print(line, flush=True)


class Progress(Report):
    """For people: one line a test, or on a terminal one line that changes
    and a line for each failure."""

    def __init__(self, total):
        super().__init__(total)
        self.terminal = sys.stdout.isatty()
        self.running = []

    def head(self):
        elapsed = int(time.monotonic() - self.begin)
        digits = len(str(self.total))
        return (f"[{len(self.results):{digits}}/{self.total} "
                f"{elapsed // 60}:{elapsed % 60:02}]")

    def started(self, job):
        self.running.append(job.names[0])
        self.status()

    def status(self):
        if self.terminal:
            line = f"{self.head()} {', '.join(self.running)}"
            print(f"\r\033[K{line[:WIDTH]}", end="", flush=True)

    def show(self, result, seconds):
        if result.name in self.running:
            self.running.remove(result.name)
        word = {PASSED: "ok", DIFFERENT: "differs", FAILED: "FAILED"}
        if not self.terminal or result.outcome == FAILED:
            clear = "\r\033[K" if self.terminal else ""
            print(f"{clear}{self.head()} {word[result.outcome]:7} "
                  f"{result.name} ({seconds:.1f} s)", flush=True)
        if result.outcome == FAILED:
            print(f"    {result.reason}\n    log:    {result.log}\n"
                  f"    repeat: tests/run {result.name}", flush=True)
        self.status()

    def finish(self):
        if self.terminal:
            print("\r\033[K", end="")
        failures = [r for r in self.results if r.outcome == FAILED]
        if failures and len(self.results) > 20:
            self.say("failed:")
            for result in failures:
                self.say(f"    tests/run {result.name}")
        return super().finish()


class Tap(Report):
    """Test Anything Protocol, version 13. An enforcement difference is no
    pass, so it is a skip there. Everything else is a comment."""

    def __init__(self, total):
        super().__init__(total)
        print("TAP version 13", flush=True)

    def finish(self):
        print(f"1..{len(self.results)}")
        return super().finish()

    def show(self, result, seconds):
        number = len(self.results)
        good = "not ok" if result.outcome == FAILED else "ok"
        note = (f" # SKIP enforcement difference: {result.reason}"
                if result.outcome == DIFFERENT else "")
        print(f"{good} {number} - {result.name}{note}")
        print(f"  ---\n  seconds: {seconds:.1f}")
        if result.outcome == FAILED:
            print(f"  reason: {result.reason!r}\n  log: {result.log}")
        print("  ...", flush=True)

    def say(self, line):
        print(f"# {line}", flush=True)

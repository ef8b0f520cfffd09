"""Tests without a machine: builds, programs, host commands."""
import glob
import os
import shlex
import subprocess
import time

from runner import check, child
from runner.result import FAILED, PASSED, Job, Result

PROGRAM_TIME = 120.0
BUILD_TIME = 600.0


def run_logged(line, log, limit, **options):
    """Returns the exit status; None if it took longer than `limit`."""
    with open(log, "wb") as out:
        process = child.start(line, stdin=subprocess.DEVNULL, stdout=out,
                              stderr=subprocess.STDOUT, **options)
        return child.wait(process, limit)


def outcome_reason(status, limit, log):
    if status == 0:
        return ""
    if status is None:
        return f"not finished after {limit:g} seconds"
    lines = [line for line in check.lines_of(log) if line.strip()]
    return f"exit status {status}: {lines[-1] if lines else 'no output'}"


class BuildJob(Job):
    """make, so that the tests are about the sources as they are now."""

    def __init__(self, build):
        super().__init__([f"build/{build}"], BUILD_TIME)
        self.build = build

    def run(self, setting):
        folder = setting.logs(self.names[0])
        log = os.path.join(folder, "make.log")
        kind = [f"{name.upper()}={int(self.build == name)}"
                for name in ("debug", "flat")]
        goals = {"host": ["host-tests"],
                 "userland": ["userland-tests"]}.get(self.build, ["build"])
        limit = self.limit * setting.patience
        begin = time.monotonic()
        status = run_logged(["make", "-k", *kind, *goals], log, limit)
        reason = outcome_reason(status, limit, log)
        if reason:
            errors = [line for line in check.lines_of(log)
                      if "error" in line.lower()]
            reason = errors[0] if errors else reason
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{time.monotonic() - begin:.1f} seconds\n")
        return [Result(self.names[0], FAILED if reason else PASSED, reason,
                       log)]


class ProgramJob(Job):
    """A program that judges itself: exit status 0 is a pass."""

    def __init__(self, name, line, builds):
        super().__init__([name], PROGRAM_TIME, builds=builds)
        self.line = line

    def run(self, setting):
        folder = setting.logs(self.names[0])
        log = os.path.join(folder, "output.log")
        if not os.path.exists(self.line[0]):
            return self.all_failed(f"{self.line[0]} was not built")
        limit = self.limit * setting.patience
        status = run_logged(self.line, log, limit,
                            env=setting.environment("release"))
        reason = outcome_reason(status, limit, log)
        return [Result(self.names[0], FAILED if reason else PASSED, reason,
                       log)]


class CommandJob(Job):
    """`command`: what a shell command prints, and its exit status."""

    def __init__(self, test):
        super().__init__([test.name], test.time, test.alone,
                         [test.build, "host"])
        self.test = test

    def run(self, setting):
        folder = setting.logs(self.names[0])
        build = setting.build or self.test.build
        out, log = (os.path.join(folder, name)
                    for name in ("out", "output.log"))
        text = "\n".join(self.test.commands)
        line = ["sh", "-euc", f"{{ {text}\n}} >{shlex.quote(out)}"]
        limit = self.limit * setting.patience
        status = run_logged(line, log, limit,
                            env=setting.environment(build))
        reason = self.failure(status, limit, setting, folder, out, log)
        return [Result(self.names[0], FAILED if reason else PASSED, reason,
                       folder)]

    def failure(self, status, limit, setting, folder, out, log):
        if status != self.test.status:
            return outcome_reason(status, limit, log) or \
                f"exit status 0, expected {self.test.status}"
        lines = check.lines_of(out) + check.lines_of(log)
        if reason := check.expectation_failure(self.test.expectations,
                                               {"out": lines}):
            return reason
        if not self.test.golden:
            return ""
        with open(out, encoding="utf-8", errors="replace") as file:
            return check.golden_failure(
                os.path.join("tests", "golden", self.test.golden),
                file.read(), folder, setting.accept)


def program_jobs():
    """tests/host/NAME.c, built by make, and executables tests/host/*/run."""
    for source in sorted(glob.glob("tests/host/*.c")):
        name = os.path.splitext(os.path.basename(source))[0]
        if not name.endswith("_fuzz"):
            yield ProgramJob(f"host/{name}",
                             [f"build/release/tests/host/{name}"], ["host"])
    for path in sorted(glob.glob("tests/host/*/run")):
        yield ProgramJob(f"host/{path.split(os.sep)[2]}", [path],
                         ["host", "release"])

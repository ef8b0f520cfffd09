"""Tests that run in the userland: `scripts`, many in one boot.

Each script runs in an empty folder of its own; its standard output and exit
status are its result. The output must be, byte for byte, what the file
NAME.expected beside it holds, which was recorded on Linux with the same root
(tests/run --accept records it again); a line "# status N" in a script says
that it ends with N, not 0. A program (NAME.c) judges itself: it prints lines
that begin with "ok" and ends with 0.
"""
import glob
import os
import re
import signal
import subprocess
import sys

from runner import child, machine
from runner.check import expectation_failure, missing_line
from runner.result import FAILED, PASSED, Result

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))), "tools"))

PROGRAMS = os.path.join("build", "userland", "programs")
DRIVER = "tests/userland/drive.sh"
INTERPRETERS = (".sh", ".bash", ".py", ".lua", ".sql", ".c")
HEAD = re.compile(rb"result (\S+) (\d+) (\d+)\n")
CHECKED = "invariants: hold"


class Script:
    """One script or program, where it lies here and there."""

    def __init__(self, path):
        self.path = path
        self.name, self.kind = os.path.splitext(os.path.basename(path))
        self.guest = self.name if self.kind == ".c" \
            else os.path.basename(path)
        self.host = os.path.join(PROGRAMS, self.name) if self.kind == ".c" \
            else path
        self.expected = os.path.splitext(path)[0] + ".expected"

    def status(self):
        with open(self.path, encoding="utf-8") as file:
            match = re.search(r"^(?:#|--) status (\d+)$", file.read(), re.M)
        return int(match[1]) if match else 0

    def failure(self, status, output, folder):
        """Why the result is not what it must be, or ""."""
        with open(os.path.join(folder, self.guest + ".out"), "wb") as file:
            file.write(output)
        if self.kind == ".c":
            bad = [line for line in output.decode("utf-8", "replace")
                   .splitlines() if not line.startswith("ok ")]
            return bad[0] if bad else f"exit status {status}" if status \
                else "" if output else "no output"
        if status != self.status():
            return f"exit status {status}, expected {self.status()}"
        if not os.path.exists(self.expected):
            return f"no {self.expected}: record it with --accept"
        with open(self.expected, "rb") as file:
            wanted = file.read()
        return difference(wanted, output, self.expected)


def difference(wanted, output, name):
    """The first line that differs, in words; "" if none does."""
    if wanted == output:
        return ""
    old, new = wanted.splitlines(True), output.splitlines(True)
    for number, (one, two) in enumerate(zip(old, new), 1):
        if one != two:
            return f"{name}:{number} has {one!r}, not {two!r}"
    return (f"{name} has {len(old)} lines, not {len(new)}: "
            f"{(old + new)[min(len(old), len(new)):][:1]!r}")


def scripts_find(test):
    folder = os.path.dirname(test.path)
    found = sorted({path for pattern in test.commands
                    for path in glob.glob(os.path.join(folder, pattern))
                    if path.endswith(INTERPRETERS)})
    return [Script(path) for path in found]


def results_read(output):
    """{guest name: (status, bytes)} and nothing of one that has no end."""
    found, at = {}, 0
    while match := HEAD.match(output, at):
        size = int(match[3])
        if match.end() + size > len(output):
            break
        found[match[1].decode()] = (int(match[2]),
                                    output[match.end():match.end() + size])
        at = match.end() + size
    return found


class UserlandJob(machine.MachineJob):
    """One boot with many scripts. One that takes the system down fails, and
    those behind it get a boot of their own."""

    def __init__(self, test, where, suffix):
        self.scripts = {f"{test.name}/{script.name}{suffix}": script
                        for script in scripts_find(test)}
        self.whole = test.name + suffix
        super().__init__(test, where, [self.whole, *self.scripts])
        self.builds.add("userland")

    def run(self, setting):
        waiting = [name for name in self.names if name != self.whole]
        if setting.accept:
            return self.record(waiting, setting)
        results, whole = [], Result(self.whole, PASSED)
        for number in range(len(waiting) + 1):
            if not waiting and number:
                break
            folder = setting.logs(f"{self.whole}/{number}")
            done, reason = self.boot_scripts(setting, waiting, folder)
            if reason and whole.outcome == PASSED:
                whole = Result(self.whole, FAILED, reason, folder)
            if reason and len(done) == 1 and number >= 2:
                done += [Result(name, FAILED, f"not tried: {reason}", folder)
                         for name in waiting[1:]]
            results += done
            waiting = waiting[len(done):]
        return results + [whole] * (self.whole in self.names)

    def added(self, names):
        """(host path, guest path) of what a boot needs."""
        options = self.test.options
        return [tuple(pair.split(":")) for word, pair
                in zip(options, options[1:]) if word == "--add"] + \
            [(DRIVER, "test/drive.sh")] + \
            [(self.scripts[name].host, f"test/{self.scripts[name].guest}")
             for name in names]

    def command(self, names):
        guests = " ".join(self.scripts[name].guest for name in names)
        return f"sh /test/drive.sh {guests}"

    def boot_scripts(self, setting, names, folder):
        """Returns Results for the first of `names`, one at least, and why
        the boot as a whole failed."""
        line = machine.command_line(self.test, self.machine, setting, folder)
        line.remove("--tests")
        line += ["--root", self.test.root, "--exec", self.command(names)]
        for host, guest in self.added(names):
            if f"{host}:{guest}" not in line:
                line += ["--add", f"{host}:{guest}"]
        limit = self.test.time * setting.patience + machine.START_TIME
        out = os.path.join(folder, "stdout")
        with open(out, "wb") as stream, \
                open(os.path.join(folder, "stderr.log"), "wb") as errors:
            process = machine.start(line, folder, stdin=subprocess.DEVNULL,
                                    stdout=stream, stderr=errors)
            status = child.wait(process, limit, signal.SIGTERM)
        machine.tidy(folder)
        with open(out, "rb") as stream:
            found = results_read(stream.read())
        return self.judge(names, found, folder), \
            self.failure(124 if status is None else status,
                         self.streams(folder))

    def judge(self, names, found, folder):
        results = []
        for name in names:
            script = self.scripts[name]
            if script.guest not in found:
                results.append(Result(name, FAILED, "it did not end", folder))
                break
            reason = script.failure(*found[script.guest], folder)
            results.append(Result(name, FAILED if reason else PASSED, reason,
                                  folder))
        return results

    def failure(self, status, streams):
        if status == 124:
            return f"not finished after {self.test.time:g} seconds"
        if status:
            last = (streams["com2"] or ["nothing on COM2"])[-1]
            return f"exit status {status}: {last}"
        if self.test.check and missing_line(streams["com2"], [CHECKED]):
            return f"the final check did not print \"{CHECKED}\""
        return expectation_failure(self.test.expectations,
                                   {"com2": streams["com2"]})

    def record(self, names, setting):
        """Run them on Linux instead, and keep what it says."""
        from machine import linux  # pylint: disable=import-outside-toplevel
        folder = setting.logs(f"{self.whole}/linux")
        status, output, errors = linux.run(
            self.test.root, self.command(names), added=self.added(names),
            timeout=self.test.time * 5)
        with open(os.path.join(folder, "stderr.log"), "wb") as file:
            file.write(errors)
        found = results_read(output)
        for name in names:
            script = self.scripts[name]
            if script.kind != ".c" and script.guest in found:
                with open(script.expected, "wb") as file:
                    file.write(found[script.guest][1])
        reason = f"Linux ended with {status}" if status else ""
        return self.judge(names, found, folder) + [
            Result(self.whole, FAILED if reason else PASSED, reason, folder)
        ] * (self.whole in self.names)


def jobs_make(test):
    """The jobs of one description with `scripts`."""
    for where in test.machines:
        suffix = "@" + where if len(test.machines) > 1 else ""
        yield UserlandJob(test, where, suffix)

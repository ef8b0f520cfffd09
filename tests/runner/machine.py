"""Tests that boot: each job is one or more calls of tools/run."""
import os
import shlex
import signal
import subprocess

from runner import check, child, steps
from runner.result import FAILED, PASSED, Job, Result

USELESS_BOOTS = 3  # in a row, and the remaining acts are not tried
START_TIME = 30.0  # seconds that tools/run itself may take around a run


def command_line(test, machine, setting, folder):
    """tools/run's arguments, but for the monitor commands."""
    build = test.build if test.build == "flat" else \
        setting.build or test.build
    line = ["tools/run", "--machine", machine, "--tests",
            "--cpus", setting.cpus or test.cpus,
            "--timeout", str(test.time * setting.patience),
            "--keep", folder, "--log", os.path.join(folder, "com2.log")]
    if build != "release":
        line.append(f"--{build}")
    if test.memory:
        line += ["--memory", test.memory]
    if test.words:
        line += ["--append", " ".join(test.words)]
    for choice in setting.domains:
        line += ["--domain", choice]
    return line + test.options


def start(line, folder, **streams):
    """Start it, and write down how to do so again."""
    with open(os.path.join(folder, "command"), "w", encoding="utf-8") as file:
        file.write(shlex.join(line) + "\n")
    return child.start(line, **streams)


def tidy(folder):
    """Drop what a repeated run makes again."""
    for name in ("boot.iso", "boot.cpio", "add.cpio"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            os.unlink(path)


class MachineJob(Job):
    """Shared by the kinds of machine test: one description, one machine."""

    def __init__(self, test, machine, names):
        super().__init__(names, test.time, test.alone, [test.build])
        self.test = test
        self.machine = machine

    def boot(self, setting, commands, folder):
        """Boot once with monitor commands. Returns (exit status, streams)."""
        if self.test.check:
            commands = commands + ["check"]
        line = command_line(self.test, self.machine, setting, folder)
        line += ["--monitor", "; ".join(commands)]
        com1 = os.path.join(folder, "com1.log")
        limit = self.test.time * setting.patience + START_TIME
        with open(com1, "wb") as out, \
                open(os.path.join(folder, "stderr.log"), "wb") as errors:
            process = start(line, folder, stdin=subprocess.DEVNULL,
                            stdout=out, stderr=errors)
            status = child.wait(process, limit, signal.SIGTERM)
            status = 124 if status is None else status
        tidy(folder)
        return status, self.streams(folder)

    def streams(self, folder):
        return {name: check.lines_of(os.path.join(folder, f"{name}.log"))
                for name in ("com1", "com2")}

    def failure(self, status, streams):
        """Why the boot as a whole failed, or ""."""
        if status == 124 != self.test.status:
            return f"not finished after {self.test.time:g} seconds"
        if status != self.test.status:
            last = (streams["com2"] or ["nothing on COM2"])[-1]
            return f"exit status {status}, expected {self.test.status}: {last}"
        if self.test.check and "invariants: hold" not in streams["com1"]:
            return "the final check did not print \"invariants: hold\""
        return check.expectation_failure(self.test.expectations, streams)


class CommandsJob(MachineJob):
    """`run`: monitor commands in one boot."""

    def run(self, setting):
        folder = setting.logs(self.names[0])
        status, streams = self.boot(setting, self.test.commands, folder)
        reason = self.failure(status, streams)
        return [Result(self.names[0], FAILED if reason else PASSED, reason,
                       folder)]


class ForbidJob(MachineJob):
    """`forbid`, `attack`: many acts in one boot. An act that takes the system down
    fails, and those behind it get a boot of their own."""

    def __init__(self, test, machine, prefix, suffix):
        self.whole = prefix + suffix
        self.acts = {f"{prefix}/{act.name}{suffix}": act for act in test.acts}
        super().__init__(test, machine, [self.whole, *self.acts])

    def run(self, setting):
        waiting = [name for name in self.names if name != self.whole]
        results = []
        whole = Result(self.whole, PASSED)
        useless = 0  # boots in a row that gave no result at all
        for number in range(len(waiting) + 1):
            if not waiting and number:
                break
            folder = setting.logs(f"{self.whole}/{number}")
            done, reason = self.boot_acts(setting, waiting, folder)
            if reason and whole.outcome == PASSED:
                whole = Result(self.whole, FAILED, reason, folder)
            useless = useless + 1 if len(done) == 1 and reason else 0
            if useless == USELESS_BOOTS:
                done = [Result(name, FAILED, f"not tried: {reason}", folder)
                        for name in waiting]
            results += done
            waiting = waiting[len(done):]
        if self.whole in self.names:
            results.append(whole)
        return results

    def boot_acts(self, setting, names, folder):
        """One boot. Returns Results for the first of `names`, at least one
        if there is any, and why the boot as a whole failed."""
        commands = self.test.before + [
            f"{self.test.kind} {self.acts[name].name}" for name in names]
        status, streams = self.boot(setting, commands, folder)
        reason = self.failure(status, streams)
        found = check.act_results(streams["com1"] + streams["com2"])
        results = []
        for name in names:
            act = self.acts[name]
            if act.name in found:
                outcome, why = check.act_judge(act, self.machine,
                                               found[act.name])
                results.append(Result(name, outcome, why, folder))
                continue
            results.append(Result(
                name, FAILED, f"no result: {reason or 'not a known act?'}",
                folder))
            if status == self.test.status:
                continue  # it lives; only this act said nothing
            break
        return results, reason


class SessionJob(MachineJob):
    """`wait`, `type`, `key`, `screen`: a person at the machine."""

    def run(self, setting):
        name = self.names[0]
        folder = setting.logs(name)
        line = command_line(self.test, self.machine, setting, folder)
        if "--root" not in line:
            line += ["--root", "none"]
        with open(os.path.join(folder, "stderr.log"), "wb") as errors:
            process = start(line, folder, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=errors)
            person = steps.Person(process, folder,
                                  self.test.time * setting.patience)
            reason = person.take(self.test.steps)
            status = person.leave()
        tidy(folder)
        streams = self.streams(folder)
        if not reason and status not in (None, self.test.status):
            reason = f"exit status {status}, expected {self.test.status}"
        reason = reason or check.expectation_failure(self.test.expectations,
                                                     streams)
        return [Result(name, FAILED if reason else PASSED, reason, folder)]


def jobs_make(test):
    """The jobs of one description with a machine."""
    for machine in test.machines:
        suffix = ""
        if len(test.machines) > 1 or test.name.split("/")[0] != machine:
            suffix = "@" + machine
        if test.kind in ("forbid", "attack"):
            yield ForbidJob(test, machine, test.name, suffix)
        else:
            kind = CommandsJob if test.kind == "run" else SessionJob
            yield kind(test, machine, [test.name + suffix])

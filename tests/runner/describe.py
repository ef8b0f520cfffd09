"""Tests as data: the files tests/*/NAME.test, one key and its value a line.

A file describes one of six kinds, by the key that it has:

  run COMMAND; COMMAND   monitor commands in one boot (may be repeated)
  wait, type, key, screen   steps of an interactive session, in order:
                         a regular expression to wait for on COM1; text to
                         send to COM1 (\\r is Enter); keys as QEMU names them
                         (ret, a, ctrl-c); what the VGA screen must show
  forbid ACT BOCHS TCG RULE   acts, many in one boot, each a test by name:
                         the fault that Bochs and QEMU must give (#GP; #SS,#PF
                         means either; - means none) and a regular
                         expression that the failed rule must match
  attack ATTACK BOCHS TCG RULE   the same of a hostile domain; what it gained
                         is a fault, too, and so is a sweep over many
  command SHELL          no machine: a host command; $B is the build folder
  scripts PATTERN        in the userland, many in one boot, each a test by
                         name: scripts beside this file, or (*.c) programs
                         built from there; see userland.py

and how and with what outcome:

  machine qemu bochs     each is a test of its own; default by the folder
  build debug|flat       default release
  cpus N, memory MB, words KERNEL-WORDS, options OTHER-OPTIONS-OF-TOOLS/RUN
  time SECONDS           the most it may take (default 60)
  organized own          left out by tests/run --domain, as is what has
                         --domain among its options, or the flat build
  alone yes              nothing else runs meanwhile (it measures time)
  before COMMAND         monitor command before acts and attacks
  root NAME              the userland's root, as for tools/run (default small)
  check no               leave out the last command, `check`, which must
                         print "invariants: hold"
  status N               exit status (default 0)
  com1 RE, com2 RE, out RE   these lines appear, each after the one before
  com1-not RE, com2-not RE, out-not RE   no such line appears
  golden FILE            standard output equals tests/golden/FILE
  # anything             a comment
"""
import os
import re
from dataclasses import dataclass, field

MACHINES = ("qemu", "bochs")
FOLDER_MACHINES = {"qemu": ["qemu"], "bochs": ["bochs"],
                   "forbidden": ["bochs", "qemu"],
                   "attacks": ["bochs", "qemu"], "userland": ["qemu"]}
STEPS = ("wait", "type", "key", "screen")
KINDS = ("run", "forbid", "attack", "command", "scripts")
PLAIN = ("build", "cpus", "memory", "time", "alone", "check", "status",
         "golden", "root", "organized")
LISTS = ("words", "options", "before")
EXPECTATIONS = ("com1", "com2", "out", "com1-not", "com2-not", "out-not")


class DescriptionError(Exception):
    """A .test file makes no sense; the text has file and line."""


@dataclass
class Act:
    """One forbidden act, and the fault that each machine must give."""
    name: str
    faults: dict  # machine: list of names, empty for "no fault"
    rule: str


@dataclass
class Description:
    """One .test file."""
    path: str
    name: str  # forbidden/lends
    kind: str = ""
    machines: list = field(default_factory=list)
    commands: list = field(default_factory=list)  # of run, or the shell's
    steps: list = field(default_factory=list)  # (key, value)
    acts: list = field(default_factory=list)
    expectations: list = field(default_factory=list)  # (key, expression)
    words: list = field(default_factory=list)
    options: list = field(default_factory=list)
    before: list = field(default_factory=list)
    build: str = "release"
    cpus: str = "1"
    memory: str = ""
    time: float = 60.0
    alone: bool = False
    organized: str = ""
    check: bool = True
    status: int = 0
    golden: str = ""
    root: str = "small"


def organized_own(test):
    """Whether it says itself how domains are organized."""
    return test.organized == "own" or test.build == "flat" or \
        "--domain" in test.options or \
        any(word.startswith("domain") for word in test.words)


def split_commands(text):
    return [part.strip() for part in text.split(";") if part.strip()]


def act_parse(value):
    parts = value.split(None, 3)
    if len(parts) < 3 or (len(parts) < 4 and parts[1:3] != ["-", "-"]):
        raise ValueError("an act needs: ACT BOCHS TCG RULE")
    faults = {machine: [] if column == "-" else column.split(",")
              for machine, column in zip(("bochs", "qemu"), parts[1:3])}
    for name in faults["bochs"] + faults["qemu"]:
        if not re.fullmatch(r"#[A-Z]{2}|[a-z]+", name):
            raise ValueError(f"{name!r} is no fault, such as #GP or watchdog")
    return Act(parts[0], faults, parts[3] if len(parts) > 3 else "")


def yes_or_no(value):
    if value not in ("yes", "no"):
        raise ValueError(f"{value!r} is neither yes nor no")
    return value == "yes"


def plain_set(test, key, value):
    convert = {"time": float, "status": int, "alone": yes_or_no,
               "check": yes_or_no}.get(key, str)
    converted = convert(value)
    if key == "build" and value not in ("debug", "flat", "release"):
        raise ValueError("build is debug, flat or release")
    if key == "organized" and value != "own":
        raise ValueError("organized is own, or not there")
    if key in ("cpus", "memory") and not value.isdigit():
        raise ValueError(f"{key} is a number")
    setattr(test, key, converted)


def kind_set(test, kind):
    if test.kind not in ("", kind):
        raise ValueError(f"a file has {test.kind} or {kind}, not both")
    test.kind = kind


def line_take(test, key, value):
    """Raises ValueError for what makes no sense."""
    if key in PLAIN:
        plain_set(test, key, value)
    elif key in LISTS:
        getattr(test, key).extend(
            split_commands(value) if key == "before" else value.split())
    elif key == "machine":
        test.machines = value.split()
        if unknown := set(test.machines) - set(MACHINES):
            raise ValueError(f"no machine {' '.join(unknown)}")
    elif key in EXPECTATIONS:
        re.compile(value)
        test.expectations.append((key, value))
    elif key in STEPS:
        kind_set(test, "session")
        if key in ("wait", "screen"):
            re.compile(value)
        test.steps.append((key, value))
    elif key in KINDS:
        kind_set(test, key)
        if key in ("forbid", "attack"):
            act = act_parse(value)
            re.compile(act.rule)
            test.acts.append(act)
        else:
            test.commands += (split_commands(value) if key == "run"
                              else [value])
    else:
        raise ValueError(f"unknown key {key!r}")


def finish(test, folder):
    """What only the whole file tells. Raises ValueError."""
    if not test.kind:
        raise ValueError("nothing to do: no run, forbid, command or wait")
    if test.kind == "command":
        test.machines = []
        return
    test.machines = test.machines or FOLDER_MACHINES.get(folder)
    if not test.machines:
        raise ValueError(f"say which machine: {folder}/ has no default")
    if "bochs" in test.machines and \
            any(key in ("key", "screen") for key, _ in test.steps):
        raise ValueError("key and screen steps work on qemu only")
    names = [act.name for act in test.acts]
    if len(set(names)) < len(names):
        raise ValueError("the same act is listed twice")


def parse(path, root):
    """Read one .test file. Raises DescriptionError, OSError."""
    relative = os.path.relpath(path, root)
    test = Description(path, os.path.splitext(relative)[0])
    number = 0
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.strip()
                if line and not line.startswith("#"):
                    key, value = (line.split(None, 1) + [""])[:2]
                    line_take(test, key, value)
        finish(test, relative.split(os.sep)[0])
    except (ValueError, re.error) as error:
        raise DescriptionError(f"{path}:{number}: {error}") from error
    return test

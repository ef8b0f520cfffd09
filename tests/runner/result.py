"""Tests, jobs and outcomes: what the runner schedules and reports.

A test has a name and one outcome. A job is what runs at once (one boot, one
program) and decides the outcomes of one or many tests.
"""
import os
from dataclasses import dataclass

PASSED, FAILED, DIFFERENT = "passed", "failed", "different"


@dataclass
class Result:
    name: str
    outcome: str
    reason: str = ""  # of a failure, one line; of a difference, what it is
    log: str = ""  # where to read more


@dataclass
class Setting:
    """What all jobs share. The current folder is the project's."""
    patience: float = 1.0  # factor on all times
    build: str = ""  # overrides what the tests say
    accept: bool = False  # write golden files anew
    domains: tuple = ()  # NAME=ORGANIZATION of tests that choose none
    cpus: str = ""  # overrides what machine tests say

    def environment(self, build):
        """Of a command that may start machines."""
        chosen = {"BULKHEAD_DOMAINS": " ".join(self.domains)}
        return {**os.environ, "B": f"build/{build}",
                **(chosen if self.domains else {})}

    def logs(self, name):
        """The folder for a test's logs, made and emptied of old ones."""
        folder = os.path.join("build", "tests", name)
        os.makedirs(folder, exist_ok=True)
        for old in os.listdir(folder):
            path = os.path.join(folder, old)
            if not os.path.isdir(path):
                os.unlink(path)
        return folder


class Job:
    """Something that runs and gives a Result for each name in `names`."""

    def __init__(self, names, limit=60.0, alone=False, builds=()):
        self.names = list(names)
        self.limit = limit
        self.alone = alone
        self.builds = set(builds)  # "release", "debug", "flat", "host"

    def choose(self, wanted):
        """Keep only the tests in `wanted`; False if none is left."""
        self.names = [name for name in self.names if name in wanted]
        return bool(self.names)

    def run(self, setting):
        """Returns a list of Results, one for each name."""
        raise NotImplementedError

    def all_failed(self, reason, log=""):
        return [Result(name, FAILED, reason, log) for name in self.names]

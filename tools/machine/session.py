"""One session with a machine: its channels, its end, its exit status.

COM1 carries the session's own bytes, unchanged. COM2 carries log, reports
and the machine's verdict: "status N" (from the kernel's monitor) or "exec:
exit status N" (from init) gives the commands' exit status, and the last line
is "bulkhead: off", "bulkhead: restarts" or "bulkhead: panic".
"""
import contextlib
import os
import re
import select
import signal
import sys
import termios
import time

TIMED_OUT = 124
FAILED = 125
QUIT_KEY = 0x1d  # Ctrl-]
GATHER = 0.002  # seconds for bytes to come together: Bochs sends each by itself
GRACE = 2.0  # seconds that a machine gets to end after its last line
REPORT_LINES = 200
VERDICT = re.compile(r"^status (\d+)$|\bexec: exit status (\d+)$")


class MachineError(Exception):
    """The machine could not be started; the text says why."""


class Log:
    """COM2 as it grows in a file, and what it has said so far."""

    def __init__(self, path):
        self.path = path
        self.partial = b""
        self.lines = []
        self.status = None
        self.started = False  # init is about to run its command
        self.ending = None  # "off", "restarts" or "panic"
        with open(path, "wb"):
            pass
        self.file = open(path, "rb", buffering=0)

    def poll(self, last=False):
        """Read what has arrived since the last call. `last`: nothing will
        follow, so a last line counts without its end (a machine that goes
        off may lose the byte that is still on the wire)."""
        text = self.partial + self.file.read() + (b"\n" if last else b"")
        *lines, self.partial = text.split(b"\n")
        for raw in lines:
            line = raw.decode("utf-8", "replace").rstrip("\r")
            self.lines.append(line)
            if match := VERDICT.search(line):
                self.status = int(match[1] or match[2])
            self.started = self.started or line.endswith("exec: starts")
            if match := re.fullmatch(r"bulkhead: (off|restarts|panic)", line):
                self.ending = match[1]

    def report(self):
        """The last lines, for a person who asks what went wrong."""
        return "\n".join(self.lines[-REPORT_LINES:])


class Machine:
    """A started machine. `com1` and `screen` are file descriptors; `screen`
    (None without one) shows a text screen and takes its keys."""

    def __init__(self, process, com1, screen=None, noise=(), diagnose=None):
        self.process = process
        self.com1 = com1
        self.screen = screen
        self.noise = list(noise)  # file descriptors to read and forget
        self.diagnose = diagnose or (lambda: "")

    def stop(self):
        """End it now. Nothing it wrote is lost: the logs are unbuffered."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


def read_some(descriptor, most=65536):
    """Bytes that are there; b"" at the end (a closed pty raises instead)."""
    try:
        return os.read(descriptor, most)
    except OSError:
        return b""


@contextlib.contextmanager
def terminal_raw(descriptor):
    """Pass every key through; leave the output's line ends as they are."""
    if not os.isatty(descriptor):
        yield
        return
    saved = termios.tcgetattr(descriptor)
    raw = termios.tcgetattr(descriptor)
    raw[0] &= ~(termios.IXON | termios.ICRNL | termios.ISTRIP | termios.BRKINT)
    raw[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
    termios.tcsetattr(descriptor, termios.TCSADRAIN, raw)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, saved)


class Session:
    """Moves bytes between the user and the machine until one of them ends."""

    def __init__(self, machine, log, limit=None, keys=None, stay=False):
        """`limit`: seconds, or None. `keys`: a descriptor whose bytes are
        typed, or None. `stay`: do not end the machine after a panic."""
        self.machine = machine
        self.log = log
        self.deadline = time.monotonic() + limit if limit else None
        self.keys = keys
        self.stay = stay
        self.shown = machine.com1 if machine.screen is None else machine.screen
        self.sources = {machine.com1, self.shown, *machine.noise}
        if keys is not None:
            self.sources.add(keys)

    def run(self):
        """Returns the exit status that DESIGN gives to tools/run; None: the
        person at the keys wants the machine started again."""
        try:
            with terminal_raw(self.keys) if self.keys is not None \
                    else contextlib.nullcontext():
                outcome = self.loop()
        finally:
            self.machine.stop()
        self.drain()
        if self.log.ending == "restarts" and self.keys is not None \
                and not self.stay:
            return None
        return self.verdict(outcome)

    def loop(self):
        """Returns "ended", "quit" or "late"."""
        last_line = None
        while self.machine.process.poll() is None:
            if self.pump(0.05) == "quit":
                return "quit"
            time.sleep(GATHER)
            self.log.poll()
            now = time.monotonic()
            if self.log.ending and not self.stay:
                last_line = last_line or now
                if now - last_line > (0.2 if self.log.ending == "panic"
                                      else GRACE):
                    return "ended"
            elif self.deadline and now > self.deadline:
                return "late"
        return "ended"

    def pump(self, wait):
        """Move what is there. Returns "quit" if the user asked to leave."""
        ready, writable, _ = select.select(self.sources, [self.shown], [],
                                           wait)
        if not writable and self.keys in ready:
            ready.remove(self.keys)
        for source in ready:
            data = read_some(source, 256 if source == self.keys else 65536)
            if not data:
                self.sources.discard(source)
            elif source == self.keys:
                if QUIT_KEY in data and os.isatty(source):
                    return "quit"
                write_all(self.shown, data)
            elif source == self.shown:
                write_all(sys.stdout.fileno(), data)
        return None if ready else "idle"

    def drain(self):
        """What the machine wrote before it ended still comes out."""
        self.sources.discard(self.keys)
        while self.sources and self.pump(0.05) != "idle":
            pass
        self.log.poll(last=True)

    def verdict(self, outcome):
        """Says on standard error what went wrong, if anything did."""
        if self.log.ending == "off":
            return self.log.status or 0
        if outcome == "quit":
            return 0
        if self.log.ending == "panic":
            reason, status = "the system panicked", FAILED
        elif self.log.ending == "restarts":
            reason, status = "the system restarted the machine", FAILED
        elif outcome == "late":
            reason, status = "time is up", TIMED_OUT
        else:
            reason = "the machine stopped without a word (a triple fault?)"
            status = FAILED
        print(f"{self.log.report()}\n{self.machine.diagnose()}"
              f"tools/run: {reason}", file=sys.stderr)
        return status


def end_with_parent():
    """A signal to this process becomes SystemExit, so that `finally` runs."""
    def leave(number, _frame):
        sys.exit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)

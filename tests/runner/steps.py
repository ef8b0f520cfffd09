"""A person at the machine: waits for text, types, presses keys, looks at the
screen. COM1 is the session's terminal; keys and screen go through QEMU's own
monitor."""
import codecs
import os
import re
import select
import signal
import socket
import time

from runner import child

VGA_TEXT = 0xB8000
COLUMNS, ROWS = 80, 25
PROMPT = b"(qemu) "
END_TIME = 3.0  # seconds that a machine gets to end after the last step


class Monitor:
    """QEMU's monitor on a socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10.0)
        self.socket.connect(path)
        self.answer()

    def answer(self):
        text = b""
        while not text.endswith(PROMPT):
            data = self.socket.recv(65536)
            if not data:
                raise OSError("QEMU's monitor is gone")
            text += data

    def ask(self, command):
        self.socket.sendall(command.encode() + b"\n")
        self.answer()


def screen_text(monitor, path):
    """The VGA text screen as lines."""
    size = COLUMNS * ROWS * 2
    monitor.ask(f'pmemsave {VGA_TEXT} {size} "{os.path.abspath(path)}"')
    with open(path, "rb") as file:
        characters = file.read(size)[::2]
    text = characters.decode("cp437").replace("\0", " ")
    return [text[at:at + COLUMNS].rstrip()
            for at in range(0, len(text), COLUMNS)]


class Person:
    def __init__(self, process, folder, limit):
        self.process = process
        self.folder = folder
        self.deadline = time.monotonic() + limit
        self.log = open(os.path.join(folder, "com1.log"), "wb", buffering=0)
        self.unread = ""  # of COM1, behind what a `wait` has matched
        self.monitor = None
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def listen(self, seconds):
        """Read COM1 for at most so long. Returns False when it has ended."""
        out = self.process.stdout.fileno()
        if not select.select([out], [], [], max(0.0, seconds))[0]:
            return True
        data = os.read(out, 65536)
        self.log.write(data)
        self.unread += self.decoder.decode(data)
        return bool(data)

    def control(self):
        if self.monitor is None:
            self.monitor = Monitor(os.path.join(self.folder, "qemu.socket"))
        return self.monitor

    def step_wait(self, expression):
        alive = True
        while not (match := re.search(expression, self.unread, re.M)):
            if not alive:
                return "the machine ended"
            if time.monotonic() > self.deadline:
                return "time is up"
            alive = self.listen(0.1)
        self.unread = self.unread[match.end():]
        return ""

    def step_type(self, text):
        data = codecs.decode(text, "unicode_escape").encode()
        self.process.stdin.write(data)
        self.process.stdin.flush()
        return ""

    def step_key(self, names):
        for name in names.split():
            self.control().ask(f"sendkey {name}")
            self.listen(0.15)  # QEMU holds a key for a tenth of a second
        return ""

    def step_screen(self, expression):
        path = os.path.join(self.folder, "screen")
        while True:
            lines = screen_text(self.control(), path)
            if any(re.search(expression, line) for line in lines):
                return ""
            if time.monotonic() > self.deadline:
                with open(path + ".txt", "w", encoding="utf-8") as file:
                    file.write("\n".join(lines) + "\n")
                return f"time is up; the screen is in {path}.txt"
            self.listen(0.1)

    def take(self, steps):
        """Returns why a step failed, or ""."""
        for key, value in steps:
            try:
                reason = getattr(self, "step_" + key)(value)
            except OSError as error:
                reason = str(error)
            if reason:
                return f"{key} {value}: {reason}"
        return ""

    def leave(self):
        """The exit status, or None if the machine had to be ended."""
        end = time.monotonic() + END_TIME
        while self.listen(0.1) and time.monotonic() < end \
                and self.process.poll() is None:
            pass
        ended = self.process.poll() is not None or not self.listen(0)
        status = child.wait(self.process, END_TIME if ended else 0,
                            signal.SIGTERM)
        for stream in (self.process.stdin, self.process.stdout, self.log):
            try:
                stream.close()
            except OSError:
                pass
        if self.monitor is not None:
            self.monitor.socket.close()
        return status

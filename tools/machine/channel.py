"""The channel of --exec: frames on COM1 that keep a command's streams apart.

A frame is [kind u8][length u16, low byte first][bytes]. The guest grants how
much standard input it can take; the host never sends more, so that no byte
is lost however slowly the command reads.
"""
import select
import struct
import sys

from machine.session import FAILED, Session, read_some, write_all

STDIN, STDOUT, STDERR, GRANT = range(4)
FIRST_GRANT = 1024
HEADER = struct.Struct("<BH")


class FrameError(Exception):
    """COM1 carries something that is no frame."""


class Frames:
    """The frames in a stream of bytes that arrives in pieces."""

    def __init__(self):
        self.partial = b""

    def feed(self, data):
        """Yields (kind, bytes) for each frame that is complete now. Raises
        FrameError."""
        data = self.partial + data
        at = 0
        while len(data) - at >= HEADER.size:
            kind, size = HEADER.unpack_from(data, at)
            if kind not in (STDOUT, STDERR, GRANT):
                raise FrameError(f"no frame of the channel: "
                                 f"{data[at:at + 40]!r}")
            end = at + HEADER.size + size
            if len(data) < end:
                break
            yield kind, data[at + HEADER.size:end]
            at = end
        self.partial = data[at:]


def frame(kind, data):
    return HEADER.pack(kind, len(data)) + data


class ChannelSession(Session):
    """A command's streams, moved until the machine ends. Standard input
    starts when the log says that the command does: until then nobody listens
    to COM1."""

    def __init__(self, machine, log, limit=None, stdin=None, stay=False):
        """`stdin`: a descriptor, or None for an empty standard input."""
        super().__init__(machine, log, limit, None, stay)
        self.stdin = stdin
        self.ended = False  # the end of standard input was sent
        self.grant = FIRST_GRANT
        self.frames = Frames()
        self.broken = ""

    def pump(self, wait):
        sources = set(self.sources)
        sending = self.log.started and not self.ended and self.grant
        if sending and self.stdin is None:
            self.send(b"")
        elif sending:
            sources.add(self.stdin)
        ready, _, _ = select.select(sources, [], [], wait)
        for source in ready:
            if source == self.stdin:
                self.send(read_some(source, self.grant))
                continue
            data = read_some(source)
            if not data:
                self.sources.discard(source)
            elif source == self.machine.com1 and not self.broken:
                self.receive(data)
        return None if ready else "idle"

    def send(self, data):
        self.ended = not data
        self.grant -= len(data)
        try:
            write_all(self.machine.com1, frame(STDIN, data))
        except OSError:
            self.ended = True  # the machine has ended

    def receive(self, data):
        try:
            for kind, content in self.frames.feed(data):
                if kind == STDOUT:
                    write_all(sys.stdout.fileno(), content)
                elif kind == STDERR:
                    write_all(sys.stderr.fileno(), content)
                elif len(content) == 2:
                    self.grant += int.from_bytes(content, "little")
        except FrameError as error:
            self.broken = str(error)

    def drain(self):
        self.ended = True
        super().drain()

    def verdict(self, outcome):
        if self.log.ending == "off" and not self.broken \
                and self.log.status is not None:
            return self.log.status
        if self.log.ending != "off":
            return super().verdict(outcome)
        reason = self.broken or "init gave no exit status"
        print(f"{self.log.report()}\ntools/run: {reason}", file=sys.stderr)
        return FAILED

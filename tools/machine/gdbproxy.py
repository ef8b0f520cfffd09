"""Between gdb and QEMU's stub: segments made invisible to gdb.

QEMU reports EIP as an offset into CS while its breakpoints are linear, and
gdb knows nothing of segments. Inside a domain this proxy therefore shows:

  * EIP as a linear address (and takes it as one);
  * addresses below LOW as what the domain means by them: offsets into its
    own window, so that ESP, EBP and every pointer keep their values and
    can be followed;
  * return addresses on the stack (a word that points just behind a call in
    the domain's text) as linear addresses, so that frames unwind.

In the core, and wherever the segments are flat, it changes nothing.
"""
import re
import select
import socket
import threading
import time

LOW = 0x08000000  # no window is larger; nothing of the core lies below
PAGE = 0x1000
EIP = 8  # its number among gdb's registers, of 4 bytes each
START_LIMIT = 10.0  # seconds for QEMU to make its socket

SEGMENT = re.compile(r"^(CS|DS) *=([0-9a-f]{4}) ([0-9a-f]{8}) ([0-9a-f]{8})",
                     re.M)


class Closed(Exception):
    """One side has hung up."""


class Wire:
    """One side's byte stream, as packets."""

    def __init__(self, connection):
        self.connection = connection
        self.buffer = b""

    def fill(self):
        data = self.connection.recv(65536)
        if not data:
            raise Closed
        self.buffer += data

    def pending(self):
        self.buffer = self.buffer.lstrip(b"+-")
        return bool(self.buffer)

    def take(self):
        """The next packet's contents, acknowledged; or b"\\x03"."""
        while True:
            if self.pending() and self.buffer.startswith(b"\x03"):
                self.buffer = self.buffer[1:]
                return b"\x03"
            end = self.buffer.find(b"#")
            if end >= 0 and len(self.buffer) >= end + 3:
                packet = self.buffer[1:end]
                self.buffer = self.buffer[end + 3:]
                self.connection.sendall(b"+")
                return packet
            self.fill()

    def put(self, packet):
        if packet == b"\x03":
            self.connection.sendall(packet)
        else:
            self.connection.sendall(b"$%s#%02x" % (packet, sum(packet) & 255))


def expand(packet):
    """Undo the protocol's run lengths: "0* " is "0000"."""
    return re.sub(rb"(.)\*(.)", lambda m: m[1] * (m[2][0] - 28), packet,
                  flags=re.S)


def word(text):
    """A register's eight hexadecimal digits, little-endian, as a number."""
    return int.from_bytes(bytes.fromhex(text.decode()), "little")


def word_text(value):
    return (value & 0xFFFFFFFF).to_bytes(4, "little").hex().encode()


def follows_call(before):
    """Whether these 7 bytes of code end in a call, near or far, as compilers
    and NASM write them."""
    def indirect(at, *modes):
        opcode, form = before[at], before[at + 1]
        return (opcode == 0xFF and (form >> 3) & 7 in (2, 3)
                and (form >> 6, form & 7 == 4) in modes)
    return (before[2] == 0xE8 or before[0] == 0x9A
            or indirect(5, (0, False), (3, False), (3, True))
            or indirect(4, (1, False), (0, True))
            or indirect(3, (1, True))
            or indirect(1, (2, False), (0, False))
            or indirect(0, (2, True)))


class Proxy:
    def __init__(self, gdb, stub):
        self.gdb = Wire(gdb)
        self.stub = Wire(stub)
        self.thread = 1
        self.segments = None  # what each thread's CS and DS are

    def ask(self, packet):
        self.stub.put(packet)
        return expand(self.stub.take())

    def monitor(self, command):
        """What QEMU's own monitor answers."""
        self.stub.put(b"qRcmd," + command.encode().hex().encode())
        text = b""
        while (reply := expand(self.stub.take())).startswith(b"O") \
                and reply != b"OK":
            text += bytes.fromhex(reply[1:].decode())
        return text.decode("utf-8", "replace")

    def domain(self):
        """(base, end of text) of the domain that the chosen thread is in, or
        None where the segments are flat."""
        if self.segments is None:
            listing = self.monitor("info registers -a").split("CPU#")[1:]
            self.segments = [
                {name: (int(base, 16), int(limit, 16))
                 for name, _, base, limit in SEGMENT.findall(cpu)}
                for cpu in listing]
        mine = self.segments[min(self.thread, len(self.segments)) - 1]
        base, limit = mine.get("CS", (0, 0))
        return (base, limit) if base else None

    def read(self, address, size):
        reply = self.ask(b"m%x,%x" % (address, size))
        if reply.startswith(b"E"):
            return None
        return bytes.fromhex(reply.decode())

    # ---- what is changed on the way

    def registers_shown(self, reply, sign=1):
        """A `g` reply with EIP linear; or, to write it, an offset again."""
        inside = self.domain()
        at = EIP * 8
        if not inside or len(reply) < at + 8 or b"x" in reply[at:at + 8]:
            return reply
        eip = word(reply[at:at + 8]) + sign * inside[0]
        return reply[:at] + word_text(eip) + reply[at + 8:]

    def register_shown(self, reply, sign=1):
        inside = self.domain()
        if not inside or not re.fullmatch(rb"[0-9a-f]{8}", reply):
            return reply
        return word_text(word(reply) + sign * inside[0])

    def address_meant(self, address):
        inside = self.domain()
        return address + inside[0] if inside and address < LOW else address

    def memory_shown(self, packet):
        address, size = (int(x, 16) for x in packet[1:].split(b","))
        linear = self.address_meant(address)
        data = self.read(linear, size)
        if data is None:
            return b"E14"
        inside = self.domain()
        if inside and inside[0] + inside[1] < linear < inside[0] + LOW:
            data = self.returns_shown(data, -linear % 4, *inside)
        return data.hex().encode()

    def returns_shown(self, data, start, base, end):
        out = bytearray(data)
        for at in range(start, len(out) - 3, 4):
            value = int.from_bytes(out[at:at + 4], "little")
            if PAGE + 7 <= value <= end + 1:
                before = self.read(base + value - 7, 7)
                if before and follows_call(before):
                    out[at:at + 4] = (base + value).to_bytes(4, "little")
        return bytes(out)

    def memory_write(self, packet):
        head, colon, data = packet.partition(b":")
        address, size = head[1:].split(b",")
        linear = self.address_meant(int(address, 16))
        return self.ask(b"%c%x,%s%s%s" % (head[0], linear, size, colon, data))

    def answer(self, packet):
        """The reply for gdb to one packet that leaves the machine stopped."""
        kind = packet[:1]
        if packet == b"g":
            return self.registers_shown(self.ask(packet))
        if packet == b"p%x" % EIP:
            return self.register_shown(self.ask(packet))
        if kind == b"G":
            return self.ask(b"G" + self.registers_shown(packet[1:], -1))
        if packet.startswith(b"P%x=" % EIP):
            name, _, value = packet.partition(b"=")
            return self.ask(name + b"=" + self.register_shown(value, -1))
        if kind == b"m":
            return self.memory_shown(packet)
        if kind in b"MX" and b":" in packet:
            return self.memory_write(packet)
        if packet.startswith(b"Hg"):
            self.thread = thread_number(packet[2:]) or self.thread
        if packet.startswith(b"qRcmd,"):
            return self.relay_monitor(packet)
        return self.ask(packet)

    def relay_monitor(self, packet):
        self.stub.put(packet)
        while (reply := self.stub.take()).startswith(b"O") and reply != b"OK":
            self.gdb.put(reply)
        return reply

    def speaker(self):
        """The wire that has something to say; waits for one."""
        while True:
            for wire in (self.stub, self.gdb):
                if wire.pending():
                    return wire
            ready, _, _ = select.select(
                [self.stub.connection, self.gdb.connection], [], [])
            for wire in (self.stub, self.gdb):
                if wire.connection in ready:
                    wire.fill()

    def resume(self, packet):
        """Let it run until it stops; meanwhile gdb may interrupt it."""
        self.stub.put(packet)
        reply = b"O"
        while reply.startswith(b"O"):
            if self.speaker() is self.gdb:
                self.stub.put(self.gdb.take())
            else:
                reply = self.stub.take()
                self.gdb.put(reply)
        self.segments = None
        if match := re.search(rb"thread:([^;]+);", reply):
            self.thread = thread_number(match[1]) or self.thread

    def run(self):
        while True:
            packet = self.gdb.take()
            if packet.startswith((b"vCont;", b"c", b"C", b"s", b"S")):
                self.resume(packet)
            elif packet == b"\x03":
                self.stub.put(packet)
            elif packet == b"k":
                self.stub.put(packet)
                raise Closed
            else:
                self.gdb.put(self.answer(packet))


def thread_number(text):
    """CPU number + 1 from "2" or "p1.2"; 0 for "any" and "all"."""
    last = text.split(b".")[-1]
    return 0 if last.startswith(b"-") else int(last, 16)


def stub_connect(path):
    """QEMU makes the socket a moment after it starts."""
    end = time.monotonic() + START_LIMIT
    while True:
        stub = socket.socket(socket.AF_UNIX)
        try:
            stub.connect(path)
            return stub
        except OSError:
            stub.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def converse(listener, path):
    """Serve one gdb after the other."""
    while True:
        gdb, _ = listener.accept()
        with gdb, stub_connect(path) as stub:
            try:
                Proxy(gdb, stub).run()
            except (Closed, OSError):
                pass


def serve(path, port):
    """Offer QEMU's stub at `path` to gdb at `port` (0: any that is free),
    from now on. Returns the port."""
    listener = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=converse, args=(listener, path),
                     daemon=True).start()
    return listener.getsockname()[1]

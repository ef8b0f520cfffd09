#!/usr/bin/python3
"""Local sockets while their domain dies: streams, records, datagrams, files
that travel, connections that come and go, sleepers. Nobody is to notice: no
byte is lost, none comes twice, no call fails. FAULTS and SEED say how many
faults; with none, or without /dev/monitor, it is a plain run."""
import array
import hashlib
import os
import select
import signal
import socket
import sys
import threading

FAULTS = int(os.environ.get("FAULTS", "60"))
SEED = int(os.environ.get("SEED", "1"))
MONITOR = FAULTS > 0 and os.path.exists("/dev/monitor")
signal.alarm(600)
wrong = []


def pattern(n, size):
    return bytes((n + i * i) & 255 for i in range(256)) * (size // 256)


def together(*jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def stream(n):
    """Bytes in odd pieces, both ways at once."""
    a, b = socket.socketpair()
    data = pattern(n, 300000)
    got = [hashlib.sha1(), hashlib.sha1()]

    def send(s):
        at, piece = 0, 1 + n % 7000
        while at < len(data):
            at += s.send(data[at:at + piece])
            piece = piece * 3 % 9001 + 1
        s.shutdown(socket.SHUT_WR)

    def receive(s, digest):
        while piece := s.recv(5000):
            digest.update(piece)

    together(lambda: send(a), lambda: send(b),
             lambda: receive(a, got[0]), lambda: receive(b, got[1]))
    a.close()
    b.close()
    wanted = hashlib.sha1(data).digest()
    return [g.digest() for g in got] == [wanted, wanted]


def records(n):
    """Each record once, in order, as long as it was."""
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sizes = [(n * 37 + i * 911) % 9000 + 1 for i in range(60)]
    got = []

    def send():
        for i, size in enumerate(sizes):
            a.send(bytes([i]) * size)
        a.close()

    def receive():
        while piece := b.recv(10000):
            got.append((piece[0], len(piece), len(set(piece))))

    together(send, receive)
    b.close()
    return got == [(i, size, 1) for i, size in enumerate(sizes)]


def datagrams(n):
    name = f"\0datagrams {n}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to, \
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        to.bind(name)
        sender.bind(name + " sender")
        got = []

        def receive():
            for _ in range(40):
                got.append(to.recvfrom(100))

        def send():
            for i in range(40):
                sender.sendto(b"%d of %d" % (i, n), name)

        together(receive, send)
        return got == [(b"%d of %d" % (i, n), (name + " sender").encode())
                       for i in range(40)]


def connections(n):
    """A server and its clients, by a file's name."""
    path = f"server{n}"
    answers = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(2)

        def serve():
            for _ in range(12):
                s, _ = server.accept()
                with s:
                    s.sendall(s.recv(100).upper())

        def ask(i):
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
                s.sendall(b"client %d" % i)
                answers.append(s.recv(100) + s.recv(100))

        together(serve, *[lambda i=i: ask(i) for i in range(12)])
    os.unlink(path)
    return sorted(answers) == sorted(b"CLIENT %d" % i for i in range(12))


def files(n):
    """Pipes that go through a socket: one is received, one never is."""
    a, b = socket.socketpair()
    reading, writing = os.pipe()
    other, never = os.pipe()
    for end in (writing, never):
        a.sendmsg([b"f"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                            array.array("i", [end]))])
        os.close(end)
    _, control, _, _ = b.recvmsg(1, 100)
    end = array.array("i", control[0][2])[0]
    os.write(end, b"%d" % n)
    os.close(end)
    a.close()
    b.close()
    said = os.read(reading, 100), os.read(reading, 1), os.read(other, 1)
    os.close(reading)
    os.close(other)
    return said == (b"%d" % n, b"", b"")


def sleepers(n):
    """Who sleeps is woken by what comes, and by the end."""
    pairs = [socket.socketpair() for _ in range(3)]
    said = []

    def wait():
        poll = select.poll()
        poll.register(pairs[0][0], select.POLLIN)
        said.append(poll.poll()[0][1])
        said.append(pairs[1][0].recv(10))
        said.append(pairs[2][0].recv(10))

    def act():
        for pair, text in zip(pairs, (b"x", b"y", b"")):
            select.select([], [], [], 0.02)
            if text:
                pair[1].send(text)
            else:
                pair[1].close()

    together(wait, act)
    for pair in pairs:
        pair[0].close()
        pair[1].close()
    return said == [select.POLLIN, b"y", b""]


WORK = (stream, records, datagrams, connections, files, sleepers)
done = threading.Event()
rounds = dict.fromkeys(WORK, 0)


def repeat(work, place):
    n = place
    while not done.is_set() or not rounds[work]:
        try:
            if not work(n):
                wrong.append(f"{work.__name__} {n}: not what was sent")
        except OSError as error:
            wrong.append(f"{work.__name__} {n}: {error}")
        rounds[work] += 1
        n += 10


def die():
    if MONITOR:
        with open("/dev/monitor", "w", encoding="ascii") as monitor:
            monitor.write(f"faults {FAULTS} {SEED} local\n")
    done.set()


before = len(os.listdir("/proc/self/fd"))
together(die, *[lambda w=w, i=i: repeat(w, i) for i, w in enumerate(WORK)])
for text in wrong[:20]:
    print(text)
if MONITOR:
    for work, count in rounds.items():
        with open("/dev/kmsg", "w", encoding="ascii") as log:
            log.write(f"rounds: {count} of {work.__name__}\n")
print("files left open:", len(os.listdir("/proc/self/fd")) - before)
print("sockets held" if not wrong else f"{len(wrong)} went wrong")
sys.exit(0)

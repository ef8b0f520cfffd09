#!/usr/bin/python3
"""Local sockets when their domain dies: every socket that was is reset, whoever
sleeps for one wakes up, files on their way are closed, and new sockets have
nothing to do with old ones. Says the same where nothing dies (no /dev/monitor:
there the peers are closed instead)."""
import array
import os
import select
import signal
import socket
import sys
import threading

ROUNDS = int(os.environ.get("ROUNDS", "300"))
KINDS = ("ud2", "null-write", "esp-zero", "in", "divide", "bad-return")
MONITOR = os.path.exists("/dev/monitor")
signal.alarm(600)


def die(number):
    """The domain dies; on other systems the peers end."""
    if MONITOR:
        with open("/dev/monitor", "w") as monitor:
            monitor.write(f"break local {KINDS[number % len(KINDS)]}\n")


def ended(call, *arguments):
    """What a call on a socket of before says."""
    try:
        return call(*arguments) == b""
    except (ConnectionResetError, BrokenPipeError):
        return True


def sleepers(pairs):
    """Threads that wait for what will never come."""
    said = []
    threads = [threading.Thread(target=lambda s=s: said.append(
        ended(s.recv, 10))) for s in (pairs[0][0], pairs[1][0])]
    poll = select.poll()
    poll.register(pairs[2][0], select.POLLIN)
    threads.append(threading.Thread(target=lambda: said.append(
        poll.poll()[0][1] & (select.POLLIN | select.POLLHUP) != 0)))
    for thread in threads:
        thread.start()
    return threads, said


def talk():
    """New sockets work."""
    a, b = socket.socketpair()
    a.sendall(b"x" * 3000)
    a.close()
    got = b""
    while piece := b.recv(1000):
        got += piece
    b.close()
    server, client = (socket.socket(socket.AF_UNIX) for _ in range(2))
    server.bind("\0name")
    server.listen()
    client.connect("\0name")
    other, _ = server.accept()
    client.sendall(b"there")
    said = other.recv(10)
    for s in (server, client, other):
        s.close()
    return got == b"x" * 3000 and said == b"there"


def give_away(s, descriptor):
    s.sendmsg([b"f"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                        array.array("i", [descriptor]))])


def one_round(number):
    wrong = []
    pairs = [socket.socketpair() for _ in range(4)]
    reading, writing = os.pipe()
    threads, said = sleepers(pairs)
    pairs[3][0].sendall(b"plain bytes in front")
    give_away(pairs[3][0], writing)
    os.close(writing)
    die(number)
    if not MONITOR:
        for pair in pairs:
            pair[1].close()
    else:
        fresh = [socket.socketpair() for _ in range(4)]
        for a, _ in fresh:
            a.sendall(b"for somebody else")
        wrong += ["old socket lives" for a, b in pairs
                  if not (ended(a.recv, 10) and ended(b.send, b"x"))]
        wrong += ["bytes lost" for _, b in fresh
                  if b.recv(100) != b"for somebody else"]
        for a, b in fresh:
            a.close()
            b.close()
    for thread in threads:
        thread.join()
    if said != [True] * 3:
        wrong.append(f"sleepers say {said}")
    for a, b in pairs:
        a.close()
        b.close()
    if os.read(reading, 1) != b"":
        wrong.append("the pipe lives")
    os.close(reading)
    if not talk():
        wrong.append("new sockets do not work")
    return wrong


before = len(os.listdir("/proc/self/fd"))
for i in range(ROUNDS):
    for text in one_round(i):
        print(f"round {i}: {text}")
print("files left open:", len(os.listdir("/proc/self/fd")) - before)
print("sockets held")
sys.exit(0)

"""Python's threads, queues, asyncio, sockets of the local kind, selectors."""
import array
import asyncio
import concurrent.futures
import os
import queue
import select
import selectors
import socket
import socketserver
import threading
import time

count = 0
lock = threading.Lock()


def add():
    global count
    for _ in range(5000):
        with lock:
            count += 1


threads = [threading.Thread(target=add) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(count, threading.active_count())
jobs, results = queue.Queue(5), queue.Queue()


def work():
    while (job := jobs.get()) is not None:
        results.put(job * job)


workers = [threading.Thread(target=work) for _ in range(3)]
for worker in workers:
    worker.start()
for n in range(50):
    jobs.put(n)
for _ in workers:
    jobs.put(None)
for worker in workers:
    worker.join()
print(sum(results.get() for _ in range(50)))
barrier, order = threading.Barrier(3), []
event, condition = threading.Event(), threading.Condition()


def meet(n):
    barrier.wait()
    with condition:
        order.append(n)
        condition.notify_all()


for n in range(3):
    threading.Thread(target=meet, args=(n,)).start()
with condition:
    print(condition.wait_for(lambda: len(order) == 3, 10), sorted(order))
timer = threading.Timer(0.05, event.set)
timer.start()
print(event.wait(10), threading.Semaphore(0).acquire(timeout=0.05))
local = threading.local()
local.value = 1
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(list(pool.map(lambda n: n ** 3, range(6))))
    print(pool.submit(lambda: hasattr(local, "value")).result())
ours, theirs = socket.socketpair()
ours.sendall(b"x" * 50000)
ours.shutdown(socket.SHUT_WR)
size = 0
while data := theirs.recv(4096):
    size += len(data)
print(size)
theirs.settimeout(0.05)
pair = socket.socketpair()
pair[0].settimeout(0.05)
try:
    pair[0].recv(1)
except TimeoutError as error:
    print("timed out", error)
reader, writer = os.pipe()
socket.send_fds(pair[0], [b"f"], [writer])
message, descriptors, _, _ = socket.recv_fds(pair[1], 10, 2)
os.write(descriptors[0], b"through a passed descriptor")
print(message, os.read(reader, 100))
credentials = pair[0].getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
print(array.array("i", credentials)[0] == os.getpid())


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


with Server("socket", Echo) as server:
    threading.Thread(target=server.serve_forever).start()
    for n in range(5):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect("socket")
            client.sendall(b"line %d\n" % n)
            print(client.makefile().readline().strip())
    server.shutdown()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
    one.bind("one")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as two:
        two.bind("two")
        two.sendto(b"datagram", "one")
        print(one.recvfrom(100))
with selectors.DefaultSelector() as selector:
    a, b = socket.socketpair()
    selector.register(a, selectors.EVENT_READ, "a")
    print(type(selector).__name__, selector.select(0.01))
    b.send(b"!")
    print([key.data for key, _ in selector.select(1)])
poll = select.poll()
poll.register(a, select.POLLIN | select.POLLOUT)
print(poll.poll(0)[0][1] == select.POLLIN | select.POLLOUT)


async def ticker(name, count, delay):
    for n in range(count):
        await asyncio.sleep(delay)
    return f"{name}{n}"


async def main():
    print(await asyncio.gather(ticker("a", 5, 0.01), ticker("b", 3, 0.02)))
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", "read x; echo got $x; exit 3",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await process.communicate(b"input\n"), process.returncode)

    async def serve(reader, writer):
        writer.write((await reader.readline())[::-1])
        await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(serve, "async")
    reader, writer = await asyncio.open_unix_connection("async")
    writer.write(b"abc\n")
    print(await reader.read())
    writer.close()
    server.close()
    try:
        await asyncio.wait_for(asyncio.sleep(20), 0.05)
    except asyncio.TimeoutError:
        print("too slow")
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, sum, range(10)))


asyncio.run(main())
begin = time.monotonic()
time.sleep(0.05)
print(time.monotonic() - begin >= 0.05)

"""Python and processes: subprocess, signals, fork, exec, multiprocessing,
resources, environment."""
import multiprocessing
import os
import resource
import select
import signal
import subprocess
import sys
import time

print(subprocess.run(["echo", "hello"], capture_output=True, text=True).stdout)
done = subprocess.run("echo out; echo err >&2; exit 3", shell=True,
                      capture_output=True, text=True)
print(done.returncode, repr(done.stdout), repr(done.stderr))
print(subprocess.run(["cat"], input=b"x" * 100000, capture_output=True)
      .stdout == b"x" * 100000)
print(subprocess.check_output(["sh", "-c", "echo $VALUE"],
                              env={"VALUE": "set"}))
first = subprocess.Popen(["seq", "1000"], stdout=subprocess.PIPE)
second = subprocess.Popen(["wc", "-l"], stdin=first.stdout,
                          stdout=subprocess.PIPE)
first.stdout.close()
print(second.communicate()[0].strip(), first.wait())
try:
    subprocess.run(["sleep", "20"], timeout=0.2)
except subprocess.TimeoutExpired as error:
    print("timed out", error.cmd)
try:
    subprocess.run(["/none/such"])
except FileNotFoundError as error:
    print("not found", error.errno)
try:
    subprocess.run("exit 2", shell=True, check=True)
except subprocess.CalledProcessError as error:
    print("called", error.returncode)
child = subprocess.Popen(["sleep", "20"])
child.terminate()
print(child.wait())
print(subprocess.run(["pwd"], cwd="/", capture_output=True).stdout)
print(subprocess.run(["sh", "-c", "kill -9 $$"]).returncode)
print(subprocess.run([sys.executable, "-c",
                      "import sys; sys.exit(len(sys.argv))", "a", "b"])
      .returncode)
print(subprocess.run(["sh", "-c", "echo $0 $PPID"], start_new_session=True,
                     capture_output=True).returncode)
taken = []
signal.signal(signal.SIGUSR1, lambda number, frame: taken.append(number))
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
print(taken == [signal.SIGUSR1] * 2)
signal.signal(signal.SIGALRM, lambda *_: taken.append("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
while taken.count("alarm") < 3:
    signal.pause()
signal.setitimer(signal.ITIMER_REAL, 0)
print(taken[2:5])
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
os.kill(os.getpid(), signal.SIGUSR2)
print(signal.sigpending() == {signal.SIGUSR2})
print(signal.sigwaitinfo({signal.SIGUSR2}).si_pid == os.getpid())
print(signal.sigtimedwait({signal.SIGUSR2}, 0.05))


def interrupt(*_):
    raise KeyboardInterrupt


signal.signal(signal.SIGALRM, interrupt)
signal.setitimer(signal.ITIMER_REAL, 0.1)
try:
    time.sleep(20)
except KeyboardInterrupt:
    print("interrupted")
reader, writer = os.pipe()
sys.stdout.flush()
child = os.fork()
if child == 0:
    os.close(reader)
    os.write(writer, b"from the child")
    os._exit(17)
os.close(writer)
print(os.read(reader, 100), os.read(reader, 100))
pid, status = os.waitpid(child, 0)
print(pid == child, os.WEXITSTATUS(status), os.waitstatus_to_exitcode(status))
child = os.fork()
if child == 0:
    os.execvp("sh", ["sh", "-c", "exit 5"])
print(os.waitstatus_to_exitcode(os.wait()[1]))
print(os.waitstatus_to_exitcode(os.waitpid(
    os.posix_spawn("/bin/sh", ["sh", "-c", "exit 6"], {}), 0)[1]))
print(os.system("exit 4") >> 8, os.popen("echo popen").read())
os.environ["ADDED"] = "yes"
print(subprocess.getoutput("echo $ADDED"))
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (40, hard))
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0], soft >= 40)
print(resource.getrusage(resource.RUSAGE_SELF).ru_utime > 0,
      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >= 0)
print(os.getpid() != os.getppid(), os.getpgrp() > 0, os.getuid())
print(time.monotonic() <= time.monotonic(), time.process_time() > 0)


def square(n):
    return n * n


def answer(pipe, event):
    pipe.send(pipe.recv() * 2)
    event.set()


if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool:
        print(pool.map(square, range(10)))
        print(sum(pool.imap_unordered(square, range(50))))
    ours, theirs = multiprocessing.Pipe()
    event = multiprocessing.Event()
    worker = multiprocessing.Process(target=answer, args=(theirs, event))
    worker.start()
    ours.send([1, 2])
    print(ours.recv(), event.wait(10))
    worker.join()
    print(worker.exitcode)
    value = multiprocessing.Value("i", 0)

    def add():
        for _ in range(200):
            with value.get_lock():
                value.value += 1

    workers = [multiprocessing.Process(target=add) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(value.value, select.select([], [], [], 0.01))

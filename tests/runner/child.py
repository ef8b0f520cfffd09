"""The runner's child processes: all of them end when the runner must."""
import os
import signal
import subprocess
import threading

lock = threading.Lock()
alive = set()
stopping = False


class Stopping(Exception):
    """The runner is going down; nothing new starts."""


def start(line, **options):
    """subprocess.Popen, in a process group of its own, and remembered."""
    with lock:
        if stopping:
            raise Stopping
        process = subprocess.Popen(line, start_new_session=True, **options)
        alive.add(process)
    return process


def wait(process, limit, number=signal.SIGKILL):
    """The exit status; None if it had to be ended, with signal `number`."""
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, number)
        process.wait()
        return None
    finally:
        with lock:
            alive.discard(process)


def stop_all():
    """Ask all to end: tools/run takes its machine along."""
    global stopping
    with lock:
        stopping = True
        for process in alive:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)

"""How long it takes from starting QEMU until a shell's prompt stands on the
serial line: Bulkhead's and Linux's, from the same root archives."""
import os
import re
import select
import shutil
import subprocess
import tempfile
import time

from machine import boot, linux

MEMORY = 384  # MiB: enough for either root, twice, while Linux unpacks it
LIMIT = 120.0
COLOUR = re.compile(rb"\x1b\[[\d;?]*\w")
PROMPT = re.compile(rb"root@[\w-]+:\S*[#$] $")


class PromptError(Exception):
    """There was no prompt; the text has what came instead."""


def text_wait(process, read):
    """Host seconds until `read()`, all that was said, ends in a prompt."""
    begin = time.monotonic()
    try:
        while True:
            said = read()
            passed = time.monotonic() - begin
            if PROMPT.search(COLOUR.sub(b"", said)):
                return passed
            if passed > LIMIT or process.poll() is not None:
                raise PromptError("no prompt:\n"
                                  + said[-2000:].decode("utf-8", "replace"))
    finally:
        process.terminate()
        process.wait()


def pipe_reader(pipe):
    said = b""

    def read():
        nonlocal said
        if select.select([pipe], [], [], 0.01)[0]:
            said += os.read(pipe.fileno(), 65536)
        return said
    return read


def file_reader(path):
    def read():
        time.sleep(0.01)
        if not os.path.exists(path):
            return b""
        with open(path, "rb") as file:
            return file.read()
    return read


def bulkhead(root, folder, *options):
    log = os.path.join(folder, f"prompt-{root}.log")
    process = subprocess.Popen(
        [os.path.join(boot.HOME, "tools/run"), "--root", root, "--memory",
         str(MEMORY), "--log", log, *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return text_wait(process, pipe_reader(process.stdout))


def debian(root, _folder):
    with tempfile.TemporaryDirectory(prefix="bulkhead-prompt-") as folder:
        with open(os.path.join(folder, "initrd"), "wb") as out:
            for path in boot.root_files(root):
                with open(path, "rb") as part:
                    shutil.copyfileobj(part, out)
        line = linux.machine_line(folder, MEMORY, 1, False, "")
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        return text_wait(process, file_reader(os.path.join(folder,
                                                           "console")))


def seconds(system, root, folder):
    """Host seconds to the prompt. Raises PromptError."""
    return {"bulkhead": bulkhead, "linux": debian}[system](root, folder)


def guest_seconds(root, folder):
    """Bulkhead's own seconds from its first instruction to the prompt, at
    one instruction a nanosecond, as its clock says in the prompt's shell."""
    line = [os.path.join(boot.HOME, "tools/run"), "--root", root, "--memory",
            str(MEMORY), "--icount", "--exec", "cat /proc/uptime"]
    done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False, timeout=LIMIT)
    if done.returncode:
        raise PromptError(f"{folder}: {done.stderr[-2000:]}")
    return float(done.stdout.split()[0])

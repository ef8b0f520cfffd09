"""Bochs' side of tools/run.

Debian's Bochs has its debugger built in, so it starts on a command file. Its
text-mode screen (bochs-term) is drawn on a pseudo-terminal of its own, whose
name it prints: that is the headless display, and the one shown without X.
"""
import glob
import os
import re
import select
import shutil
import socket
import subprocess
import time

from machine import disk
from machine.session import Machine, MachineError, read_some
from machine.terminal import pty_attach, pty_open

PROGRAM = "bochs"
START_LIMIT = 20.0  # seconds
SCREEN = re.compile(rb'connected to screen "([^"]+)"')

# The BIOS waits three seconds of the machine's time for a key. At 10 million
# instructions a second (one tick each) that is soon over, and a serial port's
# byte takes 870 instructions.
INSTRUCTIONS_A_SECOND = 10_000_000

CONFIGURATION = """\
display_library: {display}
romimage: file={share}/BIOS-bochs-latest
vgaromimage: file={share}/VGABIOS-lgpl-latest
megs: {memory}
cpu: model=p3_katmai, count={cpus}, ips={speed}, reset_on_triple_fault=0
clock: sync={sync}
sound: driver=dummy, waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
{disks}
boot: cdrom
com1: enabled=1, mode=socket-client, dev=127.0.0.1:{port}
com2: enabled=1, mode=file, dev={com2}
port_e9_hack: enabled=1
log: {log}
panic: action=fatal
error: action=report
info: action=report
debug: action=ignore
"""


def configuration(run, port, window):
    return CONFIGURATION.format(
        display="x" if window else "term", share="/usr/share/bochs",
        memory=run.memory, cpus=run.cpus, speed=INSTRUCTIONS_A_SECOND,
        sync="slowdown" if run.screen else "none",  # people need real time
        disks=disk.bochs_lines(run.disks, run.iso_make()), port=port,
        com2=run.log_path,
        log=run.path("bochs.log"))


def check(window):
    """Raises MachineError for what is not installed."""
    if shutil.which(PROGRAM) is None:
        raise MachineError("bochs is not installed: run tools/setup")
    gui = "x" if window else "term"
    if not glob.glob(f"/usr/lib/*/bochs/plugins/libbx_{gui}_gui.so"):
        raise MachineError(f"bochs-{gui} is not installed: run tools/setup")


def failure(said, what):
    return MachineError(f"{said.decode('utf-8', 'replace')}\n{what}")


def accept(listener, console, process, said):
    """Wait for COM1's connection; `said` gathers what Bochs prints."""
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        ready, _, _ = select.select([listener, console], [], [], 0.1)
        if console in ready:
            said += read_some(console)
        if listener in ready:
            return listener.accept()[0].detach()
    raise failure(said, "bochs did not start")


def screen_attach(console, said, process):
    """The pseudo-terminal that bochs-term draws on, as it announces it."""
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        if match := SCREEN.search(said):
            return pty_attach(match[1].decode())
        if select.select([console], [], [], 0.1)[0]:
            said += read_some(console)
    raise failure(said, "bochs-term did not say where its screen is")


def start(run):
    """Start it as `run` says. Raises MachineError."""
    window = run.screen and bool(os.environ.get("DISPLAY"))
    check(window)
    listener = socket.create_server(("127.0.0.1", 0))
    with open(run.path("bochsrc"), "w", encoding="utf-8") as file:
        file.write(configuration(run, listener.getsockname()[1], window))
    with open(run.path("bochs.commands"), "w", encoding="utf-8") as file:
        file.write("continue\n")
    inner, console = pty_open()
    process = subprocess.Popen(
        [PROGRAM, "-q", "-f", run.path("bochsrc"),
         "-rc", run.path("bochs.commands")],
        stdin=inner, stdout=inner, stderr=inner, start_new_session=True,
        env={"TERM": "linux", **os.environ})
    os.close(inner)
    said = bytearray()
    try:
        com1 = accept(listener, console, process, said)
        screen = None if window else screen_attach(console, said, process)
    except MachineError:
        process.kill()
        process.wait()
        raise
    finally:
        listener.close()

    def diagnose():
        with open(run.path("bochs.log"), encoding="utf-8",
                  errors="replace") as file:
            return "".join(line for line in file
                           if re.match(r"\d+[pe]\[", line))

    shown = screen if run.screen else None
    noise = [console] + ([screen] if screen and not run.screen else [])
    return Machine(process, com1, shown, noise, diagnose)

"""QEMU's side of tools/run: the command line, and where each channel goes."""
import glob
import os
import shutil
import socket
import subprocess

from machine import disk
from machine.session import Machine, MachineError
from machine.terminal import pty_open

PROGRAM = "qemu-system-i386"


def display_arguments(run):
    """A window, the text screen in this terminal, or nothing."""
    if not run.screen:
        return ["-display", "none"]
    window = os.environ.get("DISPLAY") and \
        glob.glob("/usr/lib/*/qemu/ui-gtk.so")
    return ["-display", "gtk" if window else "curses"]


def boot_arguments(run):
    if run.iso:
        return disk.qemu_arguments(run.disks, run.iso_make())
    return disk.qemu_arguments(run.disks, None) + [
        "-kernel", run.kernel, "-initrd", ",".join(run.modules_make()),
        "-append", " ".join(run.words)]


def machine_arguments(memory, cpus, icount):
    """The machine itself, which is the same for every system that it is to
    be compared with; more arguments come from $BULKHEAD_QEMU."""
    line = ["-machine", "pc", "-cpu", "pentium3", "-nodefaults",
            "-vga", "std", "-no-reboot", "-m", str(memory), "-smp", str(cpus)]
    line += os.environ.get("BULKHEAD_QEMU", "").split()
    return line + (["-icount", "shift=0,sleep=off"] if icount else [])


def arguments(run, com1):
    """The command line; `com1` is an inherited socket's descriptor."""
    line = [PROGRAM, *machine_arguments(run.memory, run.cpus, run.icount),
            "-chardev", f"socket,id=com1,fd={com1}", "-serial", "chardev:com1",
            "-serial", f"file:{run.log_path}",
            "-debugcon", f"file:{run.path('e9.log')}",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=1",
            "-monitor", f"unix:{run.path('qemu.socket')},server=on,wait=off"]
    if run.gdb is not None:
        line += ["-S", "-gdb", f"unix:{run.path('gdb.socket')},server=on,"
                               "wait=off"]
    return line + display_arguments(run) + boot_arguments(run)


def start(run):
    """Start it as `run` says. Raises MachineError."""
    if shutil.which(PROGRAM) is None:
        raise MachineError(f"{PROGRAM} is not installed: run tools/setup")
    ours, theirs = socket.socketpair()
    line = arguments(run, theirs.fileno())
    curses = "curses" in line
    inner, outer = pty_open() if curses else (subprocess.DEVNULL, None)
    errors = run.path("qemu.err")
    with open(errors, "wb") as stderr:
        process = subprocess.Popen(
            line, stdin=inner, stdout=inner, stderr=stderr,
            pass_fds=[theirs.fileno()], start_new_session=True,
            cwd=run.folder)
    theirs.close()
    if curses:
        os.close(inner)

    def diagnose():
        with open(errors, encoding="utf-8", errors="replace") as file:
            return file.read()

    return Machine(process, ours.detach(), outer, diagnose=diagnose)

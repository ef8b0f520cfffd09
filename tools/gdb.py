"""Bulkhead for gdb: symbols of every domain, at its window's base.

usage: gdb build/release/bulkhead.elf -x tools/gdb.py -ex 'bulkhead 1234'

while `tools/run --gdb` waits. The core calls domain_loaded_hook(name, base)
(EAX and EDX) after every start of a domain; a breakpoint there loads that
domain's symbols, so that pending breakpoints by name come true. What gdb sees
inside a domain is described in tools/machine/gdbproxy.py.
"""
import os

import gdb

HOOK = "domain_loaded_hook"
TEXT_OFFSET = 0x1000  # page 0 of every window is unmapped


def quietly(command):
    gdb.execute(command, to_string=True)


class DomainLoaded(gdb.Breakpoint):
    """Stops nothing: takes note of a domain and lets it run on."""

    def __init__(self, folder):
        super().__init__(f"*{HOOK}", internal=True)
        self.silent = True
        self.folder = folder
        self.loaded = {}  # name: an address in its text

    def stop(self):
        frame = gdb.selected_frame()
        name = frame.read_register("eax").cast(
            gdb.lookup_type("char").pointer()).string()
        base = int(frame.read_register("edx")) & 0xFFFFFFFF
        self.symbols_move(name, base)
        return False

    def symbols_move(self, name, base):
        """Each start is a new generation, with a window of its own."""
        path = os.path.join(self.folder, "domains", name)
        if not os.path.exists(path):
            gdb.write(f"no symbols for domain {name}: no {path}\n")
            return
        if name in self.loaded:
            try:
                quietly(f"remove-symbol-file -a {self.loaded[name]:#x}")
            except gdb.error:
                pass  # already forgotten
        quietly(f"add-symbol-file {path} -o {base:#x}")
        self.loaded[name] = base + TEXT_OFFSET


class Bulkhead(gdb.Command):
    """bulkhead [PORT]: attach to the machine that tools/run --gdb started."""

    def __init__(self):
        super().__init__("bulkhead", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        port = int(argument or "1234")
        kernel = gdb.current_progspace().filename
        if kernel is None:
            raise gdb.GdbError("start gdb with build/release/bulkhead.elf")
        for setting in ("confirm off", "pagination off",
                        "breakpoint pending on",
                        "print inferior-events off"):
            quietly(f"set {setting}")
        quietly(f"target remote 127.0.0.1:{port}")
        DomainLoaded(os.path.dirname(kernel))
        gdb.write("attached; the machine waits at its first instruction. "
                  "Set breakpoints, then: continue\n")


Bulkhead()

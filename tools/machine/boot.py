"""One run of the system: what it boots from, and with which words.

Multiboot module 0 is the boot archive (the domains); the modules behind it
are root archives, unpacked one over the other. Without a root there is no
userland: the kernel's monitor has the console.
"""
import os
import subprocess
import sys

from machine import archive, bochs, disk, image, qemu
from machine.session import MachineError

HOME = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
MACHINES = {"qemu": qemu, "bochs": bochs}

# What `make` builds in build/root for each name; later ones lie on top.
ROOTS = {"none": [], "small": ["small"], "full": ["full"],
         "dev": ["full", "dev"]}

# What the console's terminal is called inside, if the images know it.
TERMINALS = ("xterm", "screen", "tmux", "rxvt", "linux", "vt")
MEMORY_LEAST, MEMORY_MOST, MEMORY_STEP = 64, 640, 64  # MiB
EXT_MAGIC = b"\x53\xef"
MEMORY_FREE = 256  # MiB beside an image that is not small
SMALL = 8 << 20  # bytes
DISK_MEMORY = 128  # MiB: what is on a disk needs no memory


def disk_root(name):
    """The image and whether it is only copied, if --root NAME means a disk
    (FILE or FILE:copy, with an ext2 or ext3 file system on it); else None."""
    path, copied = (name[:-5], True) if name.endswith(":copy") else \
        (name, False)
    if name in ROOTS or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return (path, copied) if file.read(1082)[1080:] == EXT_MAGIC else None


def root_files(name):
    """The archives that --root NAME means, in their order."""
    if name not in ROOTS and disk_root(name):
        return []
    if name not in ROOTS:
        return [os.path.abspath(name)]
    return [os.path.join(HOME, "build", "root", part + ".cpio")
            for part in ROOTS[name]]


def memory_for(files):
    """MiB for a machine that holds these root archives all the time."""
    size = sum(os.path.getsize(path) for path in files)
    if size <= SMALL:
        return MEMORY_LEAST
    wanted = (size >> 20) + MEMORY_FREE
    return min(MEMORY_MOST, wanted + -wanted % MEMORY_STEP)


def terminal_words():
    """What the user's terminal is, as words for init."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return []
    size = os.get_terminal_size(sys.stdout.fileno())
    term = os.environ.get("TERM", "")
    if not term.startswith(TERMINALS):
        term = "xterm"
    return [f"rows={size.lines}", f"columns={size.columns}", f"term={term}"]


class Run:
    """What was asked for, and the folder that the run's files lie in."""

    def __init__(self, options, folder):
        self.folder = os.path.abspath(folder)
        self.machine = MACHINES[options.machine]
        self.cpus = options.cpus
        self.icount = options.icount
        self.iso = options.iso
        self.screen = options.screen
        self.gdb = options.gdb
        kind, make = ("flat", " FLAT=1") if options.flat else \
            ("debug", " DEBUG=1") if options.debug else ("release", "")
        self.build = os.path.join(HOME, "build", kind)
        self.kernel = os.path.join(self.build, "bulkhead.elf")
        self.log_path = os.path.abspath(options.log or self.path("com2.log"))
        self.archives = ["boot.cpio"] + ["tests.cpio"] * options.tests
        self.added = options.add
        self.commands = options.monitor
        self.command = options.exec
        self.root_disk = disk_root(options.root)
        self.disks = self.root_disks() + options.disk
        for number, each in enumerate(self.disks):
            each.make(self.path(f"disk{number}.img"))
        self.roots = root_files(options.root)
        self.check(make)
        self.memory = options.memory or \
            (DISK_MEMORY if self.root_disk else memory_for(self.roots))
        self.words = self.words_make() + options.domain + options.append
        if self.root_disk:
            self.words.append("root=sda")

    def root_disks(self):
        """The first disk, if the root is on it."""
        if not self.root_disk:
            return []
        path, copied = self.root_disk
        if self.added and not copied:
            raise MachineError(
                f"what --add brings is for one run: use --root {path}:copy")
        if copied:
            subprocess.run(["cp", "--sparse=always", "--reflink=auto", path,
                            self.path("root.img")], check=True)
            path = self.path("root.img")
        return [disk.Disk(os.path.abspath(path), "ata", False)]

    def path(self, name):
        """Where this run keeps its file `name`."""
        return os.path.join(self.folder, name)

    def check(self, make):
        """Raises MachineError for what was not built."""
        for path in [self.kernel, *self.roots,
                     *(os.path.join(self.build, name)
                       for name in self.archives)]:
            if not os.path.exists(path):
                raise MachineError(f"there is no {path}: run make{make}")

    def words_make(self):
        if self.commands is not None:
            return ["channel=com1"]
        if self.command is not None:
            return ["channel=framed"]
        has_root = self.roots or self.root_disk
        return terminal_words() if has_root and not self.screen else []

    def added_entries(self):
        return [entry for host, guest in self.added
                for entry in archive.tree_entries(guest, host)]

    def boot_archive(self):
        """The boot archives and, without a root, what is added."""
        entries = []
        if self.commands is not None:
            text = "".join(line + "\n" for line in self.commands)
            entries.append(archive.Entry("monitor", text.encode()))
        if not self.roots and not self.root_disk:
            entries += self.added_entries()
        with open(self.path("boot.cpio"), "wb") as file:
            for name in self.archives:
                with open(os.path.join(self.build, name), "rb") as part:
                    file.write(part.read())
            if entries:
                archive.archive_write(file, entries)

    def root_entries(self):
        """What this run alone has in its root."""
        entries = self.added_entries()
        if self.command is not None:
            entries.append(archive.Entry("run/exec", self.command.encode()))
        there = set().union(*map(archive.archive_names, self.roots)) \
            if entries else set()
        return [*archive.parents(entries, there), *entries]

    def modules_make(self):
        """Make the modules in the run's folder; returns their names there,
        which are free of what QEMU and GRUB would take for syntax."""
        self.boot_archive()
        names = ["boot.cpio"]
        for number, path in enumerate(self.roots):
            names.append(f"root{number}.cpio")
            if os.path.lexists(self.path(names[-1])):
                os.unlink(self.path(names[-1]))
            os.symlink(path, self.path(names[-1]))
        has_root = self.roots or self.root_disk
        if has_root and (entries := self.root_entries()):
            names.append("add.cpio")
            with open(self.path("add.cpio"), "wb") as file:
                archive.archive_write(file, entries, paged=True)
        return names

    def iso_make(self):
        out = self.path("boot.iso")
        image.iso_make(out, self.kernel, [self.path(name) for name in
                                          self.modules_make()], self.words)
        return out

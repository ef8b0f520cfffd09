"""Linux on the same machine, from the same root archives: for comparison.

The kernel is Debian's linux-image-686, unpacked from its package into
build/linux and started by the same QEMU as ours, with mitigations off. Init is
the one that Bulkhead runs; a command's streams come back in the channel's
frames over the second serial line when the command has ended.

    status, out, errors = run([ROOT.cpio, ...], "uname -a")
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import time

from machine import archive, disk, packages, qemu
from machine.boot import HOME, memory_for, root_files
from machine.channel import STDERR, STDOUT, Frames

IMAGE = os.path.join(HOME, "build", "linux", "vmlinuz")
MODULES = os.path.join(HOME, "build", "linux", "modules")
# What disks and file systems on them need.
DISKS = {name + ".ko" for name in (
    "ata_piix ata_generic libata scsi_mod scsi_common sd_mod t10_pi "
    "crc_t10dif crct10dif_common crct10dif_generic crc64 crc64_rocksoft "
    "crc64_rocksoft_generic virtio virtio_ring virtio_pci "
    "virtio_pci_legacy_dev virtio_pci_modern_dev virtio_blk ext4 jbd2 "
    "mbcache crc16 crc32c_generic").split()}
WORDS = ("rdinit=/sbin/init console=ttyS0 loglevel=5 mitigations=off "
         "panic=-1 random.trust_cpu=on")
STATUS = re.compile(rb"exec: exit status (\d+)")


class LinuxError(Exception):
    """Linux could not be had, or did not finish; the text says why."""


def unpack(scratch):
    """The package of Linux's kernel, unpacked in `scratch`; what it is, for
    packages.record. Raises LinuxError."""
    try:
        apt = packages.Tree()
        meta = apt.fetch([], ["linux-image-686"])[0]
        name = re.match(r"linux-image-[-.\w]+", meta.depends)
        if not name:
            raise packages.PackageError(
                f"{meta.name} names no kernel: {meta.depends}")
        used = apt.fetch([], [name[0]])
    except packages.PackageError as error:
        raise LinuxError(str(error)) from None
    subprocess.run(["dpkg-deb", "-x", used[0].path, scratch], check=True)
    return used


def fetch():
    """Make the files in build/linux."""
    folder = os.path.dirname(IMAGE)
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        used = unpack(scratch)
        found = glob.glob(os.path.join(scratch, "boot", "vmlinuz-*"))
        if len(found) != 1:
            raise LinuxError(f"no kernel in {used[0].path}")
        os.makedirs(MODULES, exist_ok=True)
        for path in glob.glob(os.path.join(scratch, "lib/modules", "**/*.ko"),
                              recursive=True):
            name = module_name(path)
            if name in DISKS:
                shutil.copy(path, os.path.join(MODULES, name))
        shutil.copy(found[0], IMAGE + ".new")
    packages.record(used, os.path.join(folder, "linux.packages"))
    os.replace(IMAGE + ".new", IMAGE)


def kernel():
    """The path of Linux's kernel, fetched if it is not there yet. Raises
    LinuxError."""
    if not os.path.exists(IMAGE) or not os.path.isdir(MODULES):
        fetch()
    return IMAGE


def module_name(path):
    return os.path.basename(path).replace("-", "_")


def modules(names=("ata_piix", "sd_mod", "virtio_pci", "virtio_blk",
                   "crc32c_generic", "ext4")):
    """Paths of these modules and of what they need, in the order to load them
    in. Raises LinuxError."""
    kernel()
    found = []

    def add(name):
        path = os.path.join(MODULES, name.replace("-", "_") + ".ko")
        if path in found:
            return
        if not os.path.exists(path):
            raise LinuxError(f"no module {name}: remove {MODULES}")
        with open(path, "rb") as file:
            needs = re.search(rb"\0depends=([^\0]*)\0", file.read())
        for need in needs[1].decode().split(",") if needs else []:
            if need:
                add(need)
        found.append(path)

    for name in names:
        add(name)
    return found


def version():
    """What runs: the package and its version."""
    with open(os.path.join(os.path.dirname(IMAGE), "linux.packages"),
              encoding="utf-8") as file:
        return " ".join(file.read().split()[:2])


def archives_join(out, roots, command, stdin, added):
    """One initramfs of all: Linux reads archives end to end, too. The pages
    of the later ones lie wherever they come to lie: Linux copies all."""
    entries = [entry for host, guest in added
               for entry in archive.tree_entries(guest.strip("/"), host)]
    entries.append(archive.Entry("run/exec", command.encode()))
    if stdin:
        entries.append(archive.Entry("run/stdin", stdin))
    there = set()
    with open(out, "wb") as file:
        for path in roots:
            there |= archive.archive_names(path)
            with open(path, "rb") as part:
                shutil.copyfileobj(part, file)
        archive.archive_write(
            file, [*archive.parents(entries, there), *entries])


def machine_line(folder, memory, cpus, icount, words, disks=()):
    """The same machine as ours, but for where the serial lines go."""
    line = [qemu.PROGRAM, *qemu.machine_arguments(memory, cpus, icount),
            "-display", "none", "-kernel", kernel(),
            "-initrd", os.path.join(folder, "initrd"),
            "-append", f"{WORDS} {words}".strip(),
            *disk.qemu_arguments(disks, None)]
    for name in ("console", "channel"):
        line += ["-serial", f"file:{os.path.join(folder, name)}"]
    return line


def streams_read(path):
    """Standard output and standard error, as the channel brought them."""
    streams = {STDOUT: b"", STDERR: b""}
    with open(path, "rb") as file:
        for kind, content in Frames().feed(file.read()):
            streams[kind] = streams.get(kind, b"") + content
    return streams[STDOUT], streams[STDERR]


def run(roots, command, stdin=b"", added=(), memory=None, cpus=1,
        icount=False, words="", timeout=300.0, disks=()):
    """Boot Linux from `roots` (names as for tools/run --root, or a list of
    archives), run the shell command, power off. `added` has pairs (host path,
    guest path), `disks` has machine.disk.Disk; with these, `command` has
    to load modules(). Returns (exit status, standard output, standard error); the
    bytes are unchanged. Raises LinuxError."""
    if isinstance(roots, str):
        roots = root_files(roots)
    # Linux holds the archive twice while it unpacks it.
    memory = memory or max(128, memory_for([*roots, *roots]))
    with tempfile.TemporaryDirectory(prefix="bulkhead-linux-") as folder:
        archives_join(os.path.join(folder, "initrd"), roots, command, stdin,
                      added)
        began = time.monotonic()
        try:
            done = subprocess.run(
                machine_line(folder, memory, cpus, icount, words, disks),
                stdin=subprocess.DEVNULL, capture_output=True, check=False,
                timeout=timeout)
            said = done.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            said = f"not finished after {time.monotonic() - began:.0f} s"
        with open(os.path.join(folder, "console"), "rb") as file:
            console = file.read()
        found = STATUS.findall(console)
        if not found:
            last = console.decode("utf-8", "replace").splitlines()[-40:]
            raise LinuxError("\n".join([*last, said, "Linux gave no exit "
                                                     "status"]))
        return int(found[-1]), *streams_read(os.path.join(folder, "channel"))

"""A root tree as a disk with an ext3 file system, made by e2fsprogs.

Nobody has to be root for it: files are written as whoever builds, and their
owners, and devices, are set in the image by debugfs.
"""
import os
import stat
import subprocess
import tempfile

from machine.tree import TreeError

BLOCK = 4096
UUID = "b0a7b0a7-0000-4000-8000-00000000b17e"  # two builds are the same


def command_run(line, **more):
    done = subprocess.run(line, capture_output=True, text=True, check=False,
                          **more)
    if done.returncode:
        raise TreeError(f"{line[0]}: {done.stderr.strip()}")
    return done


def quoted(path):
    return '"/' + path.replace('"', '""') + '"'


def fields(entry):
    """Lines for debugfs: what mke2fs could not know."""
    name = quoted(entry.name)
    if stat.S_ISCHR(entry.mode) or stat.S_ISBLK(entry.mode):
        folder, base = os.path.split(entry.name)
        kind = "c" if stat.S_ISCHR(entry.mode) else "b"
        major, minor = entry.device
        yield f"cd {quoted(folder)}"
        yield f"mknod {base} {kind} {major} {minor}"
        yield "cd /"
    yield f"set_inode_field {name} mode 0{entry.mode:o}"
    for field, number in zip(("uid", "gid"), entry.owner):
        if number != os.getuid():
            yield f"set_inode_field {name} {field} {number}"


def script(entries):
    """Owners of files are mostly root's: only what differs is a line."""
    lines = []
    for entry in entries:
        plain = stat.S_ISREG(entry.mode) or stat.S_ISDIR(entry.mode)
        if plain and entry.owner == (os.getuid(), os.getgid()):
            continue
        if stat.S_ISLNK(entry.mode) and entry.owner == (os.getuid(),
                                                        os.getgid()):
            continue
        lines += fields(entry)
    return "\n".join([*lines, ""])


def image_make(entries, folder, out, megabytes):
    """`folder` holds the files of `entries`. Returns the image's size."""
    new = out + ".new"
    if os.path.exists(new):
        os.remove(new)
    command_run(["mke2fs", "-q", "-F", "-t", "ext3", "-b", str(BLOCK), "-L",
                 "bulkhead", "-U", UUID, "-E", "root_owner=0:0", "-d", folder,
                 new, f"{megabytes}M"])
    with tempfile.NamedTemporaryFile("w", suffix=".debugfs") as file:
        file.write(script(entries))
        file.flush()
        command_run(["debugfs", "-w", "-f", file.name, new])
    command_run(["e2fsck", "-fn", new])
    os.replace(new, out)
    return megabytes << 20

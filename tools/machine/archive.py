#!/usr/bin/python3
"""Archives in cpio's "newc" form, which is what the kernel boots from.

The bytes depend on the entries alone, in their order, so that two builds of
one source are equal. Archives may be laid end to end: the kernel reads on
past each trailer. In a root archive (`paged`) the data of every file of a page
or more starts at a multiple of the page size, so that the kernel can use it
where it lies: the name in front of it is filled up with zeros.

usage: archive.py OUT NAME=FILE...
"""
import os
import stat
import sys

MODE_FILE = 0o100644
MODE_PROGRAM = 0o100755
MODE_FOLDER = 0o040755
MODE_LINK = 0o120777
TRAILER = "TRAILER!!!"
PAGE = 4096
HEADER = 110
NAME_MOST = 4096  # what Linux takes, and the kernel too


class Entry:
    """One member: its name without a leading slash, its bytes (for a symbolic
    link: the target), and what stat() says of it. `device` is a pair (major,
    minor) for device nodes."""

    def __init__(self, name, data=b"", mode=MODE_FILE, owner=(0, 0), time=0,
                 device=(0, 0)):
        if len(data) >= 1 << 32:
            raise ValueError(f"{name}: 4 GiB or more do not fit an archive")
        self.name = name
        self.data = data
        self.mode = mode
        self.owner = owner
        self.time = time
        self.device = device

    def head(self, number, room):
        """The header and name of inode `number`; the name fills `room`."""
        links = 2 if stat.S_ISDIR(self.mode) else 1
        fields = (number, self.mode, *self.owner, links, self.time,
                  len(self.data), 0, 0, *self.device, room, 0)
        return b"070701" + b"".join(b"%08X" % field for field in fields) \
            + os.fsencode(self.name).ljust(room, b"\0")


FILLER = Entry(".", mode=MODE_FOLDER)


def padding(size):
    return bytes(-size % 4)


def archive_write(out, entries, paged=False):
    """Write an archive of `entries` to the file `out`; returns its size."""
    at = 0

    def put(entry, number, room):
        nonlocal at
        head = entry.head(number, room)
        for part in (head, padding(len(head)), entry.data,
                     padding(len(entry.data))):
            out.write(part)
            at += len(part)

    for number, entry in enumerate(entries, 1):
        room = len(os.fsencode(entry.name)) + 1
        if paged and stat.S_ISREG(entry.mode) and len(entry.data) >= PAGE:
            while (fill := -(at + HEADER + room) % PAGE) + room > NAME_MOST:
                put(FILLER, 0, len(FILLER.name) + 1)
            room += fill
        put(entry, number, room)
    put(Entry(TRAILER, mode=0), 0, len(TRAILER) + 1)
    return at


def archive_names(path):
    """The names in the archive at `path`."""
    names = set()
    with open(path, "rb") as file:
        while (head := file.read(HEADER)).startswith(b"070701"):
            size, room = int(head[54:62], 16), int(head[94:102], 16)
            name = file.read(room + -(HEADER + room) % 4)
            file.seek(size + -size % 4, os.SEEK_CUR)
            names.add(os.fsdecode(name.split(b"\0", 1)[0]))
    return names - {TRAILER}


def file_entry(name, path):
    """A host file for the boot archive: the same for every builder."""
    mode = MODE_PROGRAM if os.access(path, os.X_OK) else MODE_FILE
    with open(path, "rb") as file:
        return Entry(name, file.read(), mode)


def tree_entries(name, path, top=True):
    """The entries for a host file or folder, placed at `name`. Modes, times
    and symbolic links are kept (but for `path` itself, which is followed);
    everything belongs to root."""
    found = os.stat(path) if top else os.lstat(path)
    known = {"mode": found.st_mode, "time": int(found.st_mtime)}
    if stat.S_ISLNK(found.st_mode):
        yield Entry(name, os.fsencode(os.readlink(path)), **known)
    elif stat.S_ISREG(found.st_mode):
        with open(path, "rb") as file:
            yield Entry(name, file.read(), **known)
    elif stat.S_ISDIR(found.st_mode):
        yield Entry(name, **known)
        for child in sorted(os.listdir(path)):
            yield from tree_entries(f"{name}/{child}",
                                    os.path.join(path, child), False)
    else:
        yield Entry(name, device=(os.major(found.st_rdev),
                                  os.minor(found.st_rdev)), **known)


def parents(entries, there):
    """Entries for the folders above `entries` that are not in `there`, a set
    of names, nor among them."""
    known = set(there) | {entry.name for entry in entries}
    for entry in entries:
        parts = entry.name.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if name not in known:
                known.add(name)
                yield Entry(name, mode=MODE_FOLDER)


def main(arguments):
    if len(arguments) < 1 or any("=" not in pair for pair in arguments[1:]):
        sys.exit(__doc__)
    entries = [file_entry(*pair.split("=", 1)) for pair in arguments[1:]]
    with open(arguments[0], "wb") as out:
        archive_write(out, entries)


if __name__ == "__main__":
    main(sys.argv[1:])

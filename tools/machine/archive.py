#!/usr/bin/python3
"""Archives in cpio's "newc" form, which is what the kernel boots from.

The bytes depend on the names and contents alone (no owners, no times), so
that two builds of one source are equal. Archives may be laid end to end: the
kernel reads on past each trailer.

usage: archive.py OUT NAME=FILE...
"""
import os
import sys

MODE_FILE = 0o100644
MODE_PROGRAM = 0o100755
MODE_FOLDER = 0o040755
TRAILER = "TRAILER!!!"


def entry_bytes(name, data, mode=MODE_FILE, inode=0):
    """One member: the 110-byte header, name and data, each padded to 4."""
    if len(data) >= 1 << 32:
        raise ValueError(f"{name}: 4 GiB or more do not fit a cpio archive")
    encoded = os.fsencode(name) + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + encoded
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def archive_bytes(members):
    """An archive of `members`, pairs (name, bytes, mode), in that order."""
    parts = [entry_bytes(name, data, mode, number)
             for number, (name, data, mode) in enumerate(members, 1)]
    parts.append(entry_bytes(TRAILER, b"", 0))
    return b"".join(parts)


def file_member(name, path):
    mode = MODE_PROGRAM if os.access(path, os.X_OK) else MODE_FILE
    with open(path, "rb") as file:
        return name, file.read(), mode


def tree_members(name, path):
    """The members for a host file or folder, placed at `name`."""
    if not os.path.isdir(path):
        return [file_member(name, path)]
    members = [(name, b"", MODE_FOLDER)]
    for child in sorted(os.listdir(path)):
        members += tree_members(f"{name}/{child}", os.path.join(path, child))
    return members


def main(arguments):
    if len(arguments) < 1 or any("=" not in pair for pair in arguments[1:]):
        sys.exit(__doc__)
    members = [file_member(*pair.split("=", 1)) for pair in arguments[1:]]
    with open(arguments[0], "wb") as out:
        out.write(archive_bytes(members))


if __name__ == "__main__":
    main(sys.argv[1:])

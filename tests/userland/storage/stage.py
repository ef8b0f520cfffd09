"""Disks with a file system and a place for marks, runs of the guest program
on them, and what e2fsck says of an image."""
import os
import re
import struct
import subprocess
import tempfile

import ext

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))

SECTOR = 512
START = 64  # sector of the first partition
MARKS = 64  # sectors of the second
RUN_TIME = 600

# What a look at a disk after a cut may say: the journal is replayed, what
# was open is removed, and sums that a replay leaves to be counted anew are.
REPAIRS = re.compile(
    r"e2fsck \d.*|Pass \d.*|Warning.*journal.*|.*: recovering journal|"
    r"Clearing orphaned inode .*|Truncating orphaned inode .*|\s*|"
    r".*Superblock has an invalid journal.*never|Setting free .* count to .*|"
    r".*\*\*\*\*\* FILE SYSTEM WAS MODIFIED \*\*\*\*\*|"
    r".*: \d+/\d+ files \(.*\), \d+/\d+ blocks|.*: clean, .*")


def scratch():
    """A folder in memory, if there is one, for this process alone."""
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="bulkhead-cuts-", dir=where)


def size_for(block):
    """Bytes of a small file system with blocks of that size."""
    return (4 if block == 1024 else 10) << 20


def disk_make(path, block):
    """A disk with an empty ext3, and the partition of marks."""
    size = size_for(block)
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path)) as file:
        file.truncate(size)
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext3", "-b", str(block),
                        "-J", f"size={1 if block == 1024 else 4}", "-m", "0",
                        "-N", "1024", file.name], check=True)
        body = file.read()
    first = bytearray(SECTOR * START)
    sectors = size // SECTOR
    for slot, (at, count) in enumerate(((START, sectors),
                                        (START + sectors, MARKS))):
        struct.pack_into("<B3xB3xII", first, 446 + 16 * slot, 0, 0x83, at,
                         count)
    first[510:512] = b"\x55\xaa"
    with open(path, "wb") as file:
        file.write(first + body + bytes(SECTOR * MARKS))


def command(disk, shell, *options, added=()):
    """The command line of a run of the guest with these disks."""
    line = [os.path.join(HOME, "tools", "run"), "--root", "small"]
    for each in disk:
        line += ["--disk", each]
    for pair in ((f"{HOME}/build/userland/cuts", "bin/cuts"), *added):
        line += ["--add", ":".join(pair)]
    return [*line, *options, "--exec", shell]


def guest(disk, shell, *options, added=()):
    """Run it to its end. Its output; raises RuntimeError if it failed."""
    done = subprocess.run(command(disk, shell, *options, added=added),
                          capture_output=True, text=True, errors="replace",
                          timeout=RUN_TIME, check=False)
    if done.returncode:
        raise RuntimeError(f"status {done.returncode}: " +
                           (done.stdout + done.stderr)[-600:])
    return done.stdout


def recover(path):
    """Have e2fsck replay the journal, and look at everything. Why the image
    was worse than a cut may leave it, or ""."""
    done = subprocess.run(["e2fsck", "-fy", path], capture_output=True,
                          text=True, errors="replace", check=False)
    bad = [line for line in (done.stdout + done.stderr).splitlines()
           if not REPAIRS.fullmatch(line)]
    if done.returncode > 1 or bad:
        return f"e2fsck: status {done.returncode}: {'; '.join(bad[:5])}"
    return ""


def image_failure(data, path, model, done, begun):
    """Why this image (bytes) is not what a cut may leave, or "". It is put
    into the file `path`, and is recovered there afterwards."""
    with open(path, "wb") as file:
        file.write(data)
    if bad := recover(path):
        return bad
    return model.failure(tree(path), done, begun)


def tree(path):
    with open(path, "rb") as file:
        return ext.Image(file.read()).tree()

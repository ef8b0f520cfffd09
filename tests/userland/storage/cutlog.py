"""QEMU's log of a disk's writes (blklogwrites), and what a power cut at some
moment could have left of them: all before the last flush, any of the rest."""
import random
import struct

MAGIC = 0x6a736677736872
FLUSH, FUA, DISCARD = 1, 2, 4
SECTOR = 512


def log_read(path):
    """[(sector, bytes) of a write, or None for a flush], in order."""
    with open(path, "rb") as file:
        data = memoryview(file.read())
    magic, version, _, size = struct.unpack_from("<QQQI", data)
    if magic != MAGIC or version != 1:
        raise ValueError(f"{path}: no log of writes")
    at, found = size, []
    while at + size <= len(data):
        sector, count, flags, _ = struct.unpack_from("<QQQQ", data, at)
        at += size
        if not count and not flags:
            break
        if flags & DISCARD:
            raise ValueError(f"{path}: a discard")
        if count:
            found.append((sector * size // SECTOR,
                          data[at:at + count * size]))
            at += count * size
        if flags & (FLUSH | FUA):
            found.append(None)
    return found


class Disk:
    """A disk with a cache that a cut empties in part."""

    def __init__(self, image):
        self.kept = bytearray(image)
        self.cached = []  # (sector, bytes) since the last flush

    def write(self, sector, data):
        self.cached.append((sector, data))

    def flush(self):
        self.store(self.kept, self.cached)
        self.cached = []

    @staticmethod
    def store(image, writes):
        for sector, data in writes:
            at = sector * SECTOR
            image[at:at + len(data)] = data

    def cut(self, choice=None):
        """The image after a cut: with all that is in the cache, or, with a
        random generator, a part of it, whole blocks or single sectors."""
        image = bytearray(self.kept)
        writes = self.cached
        if choice:
            unit = choice.choice((SECTOR, 1024, 4096, 1 << 20))
            share = choice.choice((0.1, 0.5, 0.9))
            writes = [(sector + at // SECTOR, data[at:at + unit])
                      for sector, data in writes
                      for at in range(0, len(data), unit)]
            writes = [each for each in writes if choice.random() < share]
        self.store(image, writes)
        return image


def generator(*seeds):
    return random.Random(" ".join(map(str, seeds)))

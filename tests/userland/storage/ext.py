"""Reads ext2 and ext3 images that e2fsck found whole: their tree, and nothing
of the code of Bulkhead that is tested."""
import struct

ROOT = 2
FOLDER, FILE = 0o040000, 0o100000


class Image:
    """An image, given as bytes."""

    def __init__(self, data):
        self.data = data
        inodes_each, = struct.unpack_from("<I", data, 1024 + 40)
        first, shift = struct.unpack_from("<I I", data, 1024 + 20)
        self.block = 1024 << shift
        self.inodes_each = inodes_each
        self.inode_size, = struct.unpack_from("<H", data, 1024 + 88)
        self.groups = (first + 1) * self.block

    def inode(self, number):
        """(mode, size, links, block numbers of the inode)."""
        group, slot = divmod(number - 1, self.inodes_each)
        table, = struct.unpack_from("<I", self.data,
                                    self.groups + 32 * group + 8)
        at = table * self.block + slot * self.inode_size
        mode, _, size = struct.unpack_from("<HHI", self.data, at)
        links, = struct.unpack_from("<H", self.data, at + 26)
        return mode, size, links, struct.unpack_from("<15I", self.data,
                                                     at + 40)

    def pointed(self, block, level, count):
        """Up to `count` data blocks below this pointer; 0 is a hole."""
        if level == 0:
            return [block]
        each = self.block // 4
        below = each ** (level - 1)
        if not block:
            return [0] * min(count, each * below)
        found = []
        for pointer in struct.unpack_from(f"<{each}I", self.data,
                                          block * self.block):
            if len(found) >= count:
                break
            found += self.pointed(pointer, level - 1, count - len(found))
        return found

    def content(self, number):
        _, size, _, pointers = self.inode(number)
        count = -(-size // self.block)
        blocks = list(pointers[:12])
        for level in (1, 2, 3):
            if len(blocks) < count:
                blocks += self.pointed(pointers[11 + level], level,
                                       count - len(blocks))
        nothing = bytes(self.block)
        return b"".join(
            self.data[b * self.block:(b + 1) * self.block] if b else nothing
            for b in blocks[:count])[:size]

    def entries(self, number):
        """{name: inode} of a folder, without . and .."""
        data, at, found = self.content(number), 0, {}
        while at + 8 <= len(data):
            inode, size, length = struct.unpack_from("<IHB", data, at)
            name = bytes(data[at + 8:at + 8 + length]).decode()
            if inode and name not in (".", ".."):
                found[name] = inode
            at += max(size, 8)
        return found

    def tree(self, number=ROOT, path=""):
        """{path: (is a folder, inode, bytes)} of everything below."""
        found = {}
        for name, inode in self.entries(number).items():
            if not path and name == "lost+found":
                continue
            mode = self.inode(inode)[0]
            here = path + name
            if mode & 0o170000 == FOLDER:
                found[here] = True, inode, b""
                found.update(self.tree(inode, here + "/"))
            else:
                found[here] = False, inode, self.content(inode)
        return found

"""What a script of file operations (see cuts.c) may leave on a disk.

The names are those of one moment, not before the last fsync or sync that was
done and not behind the operation under way: transactions come whole and in
order. The contents of a file are, byte for byte, from one of its states since
it was last synced; so is its size. What a truncation takes away may read as
zeros before the size says so. Nothing else is there that was not written.
"""


BASE = bytes((at * 7 + (at >> 8) * 13) % 255 for at in range(1 << 16))


def pattern(seed, size):
    """The bytes of a write, as cuts.c makes them."""
    return BASE[:size].translate(
        bytes(1 + (seed * 37 + each) % 255 for each in range(256)))


class Node:
    """A file or folder. `states`: (line, bytes, whether a truncation made
    it) of each change; `synced`: the lines of its syncs."""

    def __init__(self, line, folder):
        self.folder = folder
        self.states = [(line, b"", False)]
        self.synced = []

    @property
    def bytes(self):
        return self.states[-1][1]

    def fits(self, found, line, least, most):
        """Whether `found` may be its bytes, if lines up to `least` are done
        and up to `most` begun, and its name is as after `line`."""
        if self.states[-1][0] <= most and found == self.bytes:
            return True
        since = max((n for n in self.synced if n <= least), default=0)
        usable = [state for state in self.states if state[0] <= most]
        first = max((i for i, state in enumerate(usable)
                     if state[0] <= since), default=0)
        texts = {state[1] for state in usable[first:]}
        if found in texts:
            return True
        if len(found) not in {len(text) for text in texts}:
            return False
        shortest = min((len(state[1]) for state in usable[first:]
                        if state[2]), default=len(found))
        return all(any(at < len(text) and text[at] == byte for text in texts)
                   or byte == 0 and at >= shortest
                   for at, byte in enumerate(found))


class Model:
    """The tree, as lines are done; and how it was before."""

    def __init__(self):
        self.names = {}  # path: Node
        self.past = [{}]  # names after each line
        self.syncs = []  # lines with fsync or sync

    def do(self, line):
        """One line of a script."""
        word, *rest = line.split()
        number = len(self.past)
        names = dict(self.names)
        if word in ("mkdir", "creat"):
            names[rest[0]] = Node(number, word == "mkdir")
        elif word in ("unlink", "rmdir"):
            del names[rest[0]]
        elif word == "link":
            names[rest[1]] = names[rest[0]]
        elif word == "rename":
            self.rename(names, *rest)
        elif word not in ("fsync", "fdatasync", "sync"):
            self.change(number, word, names[rest[0]],
                        *map(int, rest[1:]))
        if word.endswith("sync"):
            self.syncs.append(number)
            for node in set(names.values()) if word == "sync" \
                    else [names[rest[0]]]:
                node.synced.append(number)
        self.names = names
        self.past.append(names)

    @staticmethod
    def rename(names, old, new):
        if names.get(new) is names[old]:
            return
        for path in list(names):
            if path == old or path.startswith(old + "/"):
                names[new + path[len(old):]] = names.pop(path)

    @staticmethod
    def change(number, word, node, *numbers):
        old = node.bytes
        if word == "truncate":
            new = old[:numbers[0]].ljust(numbers[0], b"\0")
        else:
            offset, size, seed = (len(old), *numbers) if word == "append" \
                else numbers
            new = old.ljust(offset, b"\0")[:offset] + pattern(seed, size) + \
                old[offset + size:]
        node.states.append((number, new, word == "truncate"))

    def durable(self, done):
        """The line whose tree is there for certain, once `done` is done."""
        return max((n for n in self.syncs if n <= done), default=0)

    def failure(self, tree, done, begun):
        """Why `tree` (of ext.Image) cannot be what a cut leaves, or ""."""
        least = self.durable(done)
        begun = min(begun, len(self.past) - 1)
        why = ""
        for line in range(begun, least - 1, -1):
            bad = self.mismatch(tree, line, least, begun)
            if not bad:
                return ""
            why = why if why and not why.startswith("names") and \
                bad.startswith("names") else bad
        return f"lines {least} to {begun}: {why}"

    def mismatch(self, tree, line, least, begun):
        names = self.past[line]
        if names.keys() != tree.keys():
            extra = sorted(tree.keys() - names.keys())[:3]
            missing = sorted(names.keys() - tree.keys())[:3]
            return f"names: {extra} unexpected, {missing} missing"
        inodes = {}
        for path, node in names.items():
            folder, inode, found = tree[path]
            if folder != node.folder or inodes.setdefault(node, inode) \
                    != inode:
                return f"names: {path} is another one"
            if not folder and not node.fits(found, line, least, begun):
                return f"{path}: {len(found)} bytes: " + \
                    self.difference(node, found)
        if len(set(inodes.values())) < len(inodes):
            return "names: two files are one"
        return ""

    @staticmethod
    def difference(node, found):
        last = node.bytes
        for at, byte in enumerate(found):
            if at >= len(last) or last[at] != byte:
                return (f"at {at} {found[at:at + 8].hex()}, at last "
                        f"{last[at:at + 8].hex()}; sizes were "
                        f"{[len(text) for _, text, _ in node.states][-6:]}")
        return f"sizes were {[len(text) for _, text, _ in node.states][-6:]}"

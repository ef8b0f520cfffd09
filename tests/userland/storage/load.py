"""A random load for a file system: a script for cuts.c, by a seed."""
from model import Model

NAMES = [f"f{n}" for n in range(10)]
FOLDERS = ["p", "q", "p/r"]
BYTES_MOST = 500 << 10  # of all files


class Load:
    """Makes lines that can be done, each after those before it."""

    def __init__(self, choice, syncs):
        self.choice = choice
        self.syncs = syncs
        self.model = Model()
        self.lines = []
        self.seed = 0

    def do(self, line):
        self.lines.append(line)
        self.model.do(line)

    def paths(self, folder):
        return [path for path, node in self.model.names.items()
                if node.folder == folder]

    def place(self):
        """A path that a file may have, taken or not."""
        folder = self.choice.choice(["", *self.paths(True)])
        return (folder + "/" if folder else "") + self.choice.choice(NAMES)

    def bytes_made(self):
        self.seed += 1
        size = self.choice.choice((1, 100, 1000, 1024, 5000, 20000, 60000))
        return self.choice.randint(1, size), self.seed

    def used(self):
        return sum(len(node.bytes)
                   for node in set(self.model.names.values()))

    # One of each, with any names.

    def create(self, path):
        if path in self.model.names:
            size, seed = self.bytes_made()
            at = self.choice.randint(0, len(self.model.names[path].bytes))
            word = self.choice.choice(("write", "write", "write-sync")) \
                if self.syncs else "write"
            self.do(f"{word} {path} {at} {size} {seed}")
            return
        self.do(f"creat {path}")
        self.do(f"append {path} %d %d" % self.bytes_made())

    def append(self, path):
        if path in self.model.names:
            self.do(f"append {path} %d %d" % self.bytes_made())

    def replace(self, path):
        """As programs do that want the old or the new, whole."""
        if "new" in self.model.names:
            self.do("unlink new")
        self.do("creat new")
        self.do("append new %d %d" % self.bytes_made())
        if self.syncs:
            self.do("fsync new")
        self.do(f"rename new {path}")

    def rename(self, path):
        if path in self.model.names:
            self.do(f"rename {path} {self.place()}")

    def link(self, path):
        other = self.place()
        if path in self.model.names and other not in self.model.names:
            self.do(f"link {path} {other}")

    def unlink(self, path):
        if path in self.model.names:
            self.do(f"unlink {path}")

    def truncate(self, path):
        if path in self.model.names:
            most = len(self.model.names[path].bytes) + 3000
            self.do(f"truncate {path} {self.choice.randint(0, most)}")

    def folder(self, _):
        path = self.choice.choice(FOLDERS)
        names = self.model.names
        if path not in names and (path != "p/r" or "p" in names):
            self.do(f"mkdir {path}")
        elif path in names and not any(each.startswith(path + "/")
                                       for each in names):
            self.do(f"rmdir {path}")

    def sync(self, path):
        if self.choice.random() < 0.2:
            self.do("sync")
        elif path in self.model.names:
            size = len(self.model.names[path].bytes)
            kind = self.choice.choice(("fsync", "fdatasync", "map-sync"))
            if kind == "map-sync" and size:
                at = self.choice.randrange(size)
                self.seed += 1
                self.do(f"map-sync {path} {at} {min(size - at, 5000)} "
                        f"{self.seed}")
            elif kind != "map-sync":
                self.do(f"{kind} {path}")

    def step(self):
        kinds = [self.create] * 5 + [self.append] * 3 + [self.replace] * 3 + \
            [self.rename] * 2 + [self.link, self.truncate, self.folder] + \
            [self.unlink] * 3 + [self.sync] * 4 * self.syncs
        path = self.place()
        if self.used() > BYTES_MOST:
            kinds = [self.unlink, self.truncate]
            path = self.choice.choice(self.paths(False))
        self.choice.choice(kinds)(path)


def load_make(choice, count, syncs=True):
    """A Load with about `count` lines, with syncs or without."""
    load = Load(choice, syncs)
    while len(load.lines) < count:
        load.step()
    return load

"""Goes through the log of a disk's writes while programs (cuts.c) went through
scripts on it, and looks at what a power cut at each flush could have left."""
import zlib

import cutlog
import stage


class Cutter:
    """`models`: {folder of a program, as in paths, or "": its Model}, in the
    order of their sectors for marks."""

    def __init__(self, path, before, size, models, options, seed):
        self.disk = cutlog.Disk(before)
        self.models = list(models.items())
        self.path = path  # for images
        self.options = options
        self.random = cutlog.generator("cut", seed)
        self.end = stage.START + size // stage.SECTOR
        self.done = [0] * len(models)  # lines, of each program
        self.from_line = self.at = self.count = 0
        self.seen = set()  # sums of images, by what may be there
        self.failures = []

    def failure(self, data):
        """Why that image is not what a cut may leave, or ""."""
        with open(self.path, "wb") as file:
            file.write(data)
        if bad := stage.recover(self.path):
            return bad
        tree = stage.tree(self.path)
        for (folder, model), done in zip(self.models, self.done):
            part = {path[len(folder):]: node for path, node in tree.items()
                    if path.startswith(folder) and path != folder}
            if bad := model.failure(part, done, done + 1):
                return bad
        return ""

    def look(self, choice=None):
        image = self.disk.cut(choice)
        data = image[stage.START * stage.SECTOR:self.end * stage.SECTOR]
        known = *self.done, zlib.crc32(data), zlib.adler32(data)
        if known in self.seen:
            return
        self.seen.add(known)
        self.count += 1
        if bad := self.failure(data):
            self.failures.append(
                f"after line {self.done[0]}, entry {self.at} of the log, "
                f"{'some' if choice else 'all'} of {len(self.disk.cached)} "
                f"writes, lines {self.done}: {bad}")
            if self.options.keep:
                name = f"{self.options.keep}.{len(self.failures)}"
                with open(name, "wb") as file:
                    file.write(data)

    def cuts(self):
        """At this moment, if the preparations are over."""
        if min(self.done) < self.from_line or len(self.failures) > 4:
            return
        self.look()
        if self.disk.cached:
            for _ in range(self.options.subsets):
                self.look(self.random)

    def mark(self, number, line):
        """That line was done. What is durable changes with a sync only."""
        if line in self.models[number][1].syncs:
            self.done[number] = line
            self.cuts()
        self.done[number] = line

    def go(self, log, from_line):
        """Look at all cuts from that line of each program on."""
        self.from_line = from_line
        for self.at, entry in enumerate(log):
            if entry is None:
                self.cuts()
                if not self.options.careless or min(self.done) < from_line:
                    self.disk.flush()
                continue
            sector, data = entry
            if sector >= self.end:
                self.mark(sector - self.end, int(bytes(data[:16]).split()[1]))
            else:
                self.disk.write(sector, data)
        self.cuts()

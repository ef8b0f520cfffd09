"""The plugin's file (trace.c): what was executed in each marked call."""
import collections


class Step:
    """An instruction executed. `pages`: of data that it touched."""

    def __init__(self, address, code, times, pages):
        self.address = address
        self.code = code
        self.times = times
        self.pages = pages

    def key(self):
        return self.address, self.code, self.times


def streams_read(path):
    """Yield (number of the mark, steps) for each call, in order. What is at
    one address again and again is one step: REP."""
    number, steps, pages = None, [], []
    with open(path, encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[0] == "call":
                number, steps, pages = int(words[1]), [], []
            elif words[0] == "page":
                pages.append(int(words[1], 16))
            elif words[0] == "end":
                yield number, steps
            else:
                address, code = int(words[0], 16), bytes.fromhex(words[1])
                if steps and steps[-1].address == address:
                    steps[-1].times += int(words[2])
                    steps[-1].pages += pages
                else:
                    steps.append(Step(address, code, int(words[2]), pages))
                pages = []


def usual(repeats):
    """Of several streams of one call the shortest of those that two or more
    are like, and how many; an interrupt makes a stream longer. The shortest of
    all, and 1, if no two are alike."""
    keys = [tuple(step.key() for step in steps) for steps in repeats]
    counts = collections.Counter(keys)
    best = min(counts, key=lambda key: (counts[key] < 2, len(key)))
    return repeats[keys.index(best)], counts[best]

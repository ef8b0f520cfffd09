"""Python itself: numbers, text, containers, classes, generators, errors, and
the libraries that need nothing of the system."""
import base64
import collections
import decimal
import fractions
import functools
import hashlib
import heapq
import io
import itertools
import json
import math
import random
import re
import statistics
import struct
import textwrap
import zlib

print(2 ** 200, 7 // -2, 7 % -2, divmod(17, 5), round(2.5), 0.1 + 0.2)
print(math.sqrt(2), math.factorial(30), math.gcd(84, 36), math.pi, 1e300 * 10)
print(float("inf"), -float("inf"), float("nan") != float("nan"), 5e-324)
print(int("ff", 16), bin(37), hex(255), f"{1234567.891:,.2f} {42:>6}|{'x':^5}|")
print("héllo".encode(), "ÄÖ".lower(), "straße".upper(), "日本"[::-1], len("🙂"))
print("a,b,,c".split(","), "-".join("abc"), "x=%d %s" % (5, "y"), "ab" * 3)
squares = {n: n * n for n in range(6) if n % 2}
print(squares, [*range(0, 10, 3)], {3, 1, 2} & {2, 3}, (1, *[2, 3]))


class Point(collections.namedtuple("Point", "x y")):
    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)


print(Point(1, 2) + Point(3, 4), Point(1, 2) == (1, 2))


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


print(list(itertools.islice(fibonacci(), 15)))


@functools.lru_cache(None)
def ways(n):
    return 1 if n < 2 else ways(n - 1) + ways(n - 2)


print(ways(90), ways.cache_info().hits > 0)
try:
    [][1]
except IndexError as error:
    print("caught", error)
try:
    try:
        1 / 0
    finally:
        print("finally")
except ZeroDivisionError as error:
    print(type(error).__name__, error)


def deep(n):
    return deep(n + 1)


try:
    deep(0)
except RecursionError:
    print("recursion is limited")
match {"kind": "pair", "of": [1, 2]}:
    case {"kind": "pair", "of": [a, b]}:
        print("matched", a, b)
print(re.findall(r"(\w+)@(\w+)", "a@b, cc@dd"), re.sub(r"\d", "#", "a1b22"))
print(re.split(r"[,;]\s*", "x, y;z"), bool(re.fullmatch("a+", "aaa")))
print(json.dumps({"b": [1, None, True], "a": "é"}, sort_keys=True, indent=1))
print(json.loads('[1.5, "\\u00e9", {"x": null}]'))
print(hashlib.md5(b"abc").hexdigest(), hashlib.sha256(b"").hexdigest()[:32])
print(hashlib.sha3_256(b"abc").hexdigest()[:32], zlib.crc32(b"hello"))
data = bytes(range(256)) * 50
print(len(zlib.compress(data)), zlib.decompress(zlib.compress(data)) == data)
print(base64.b64encode(b"\0\xff\x10"), struct.pack("<IhB", 1, -2, 3).hex())
print(struct.unpack(">d", bytes.fromhex("400921fb54442d18")))
print(decimal.Decimal(1) / 7)
print(fractions.Fraction(3, 4) + fractions.Fraction(1, 6))
heap = [5, 1, 4]
heapq.heapify(heap)
print(heapq.heappop(heap), statistics.mean([1, 2, 4]), statistics.stdev([1, 3]))
random.seed(42)
print(random.random(), random.randint(1, 100), random.sample(range(10), 3))
print(textwrap.fill("words that are to be wrapped at twenty", 20))
print(sorted(["b", "A", "c"], key=str.lower), max([3, 9, 2]), sum(range(101)))
print(collections.Counter("mississippi").most_common(2))
print(io.StringIO("x").read())
queue = collections.deque(maxlen=3)
queue.extend(range(5))
print(queue, collections.OrderedDict(a=1), list(zip("ab", (1, 2))))
print(eval("1 + 2"), type(3), callable(print), id(None) == id(None))
total = 0
for n in range(200000):
    total = (total * 31 + n) % 1000003
print(total)

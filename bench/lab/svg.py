"""Writing SVG: shapes, text, and scales with round marks on them. What is
drawn is in charts.py."""
import math
from xml.sax.saxutils import escape

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
INK, GREY, PALE = "#222222", "#666666", "#e4e4e4"


def number(value):
    """A number as a person writes it on an axis or behind a bar."""
    if value == 0:
        return "0"
    size = abs(value)
    for limit, divisor, letter in ((1e9, 1e9, "G"), (1e6, 1e6, "M"),
                                   (1e4, 1e3, "k")):
        if size >= limit:
            return f"{value / divisor:.3g}".replace("e+03", "000") + letter
    return f"{value:.0f}" if size >= 100 else f"{value:.3g}"


def size_text(count):
    """A count of bytes."""
    if count >= 1024 and count % 1024 == 0:
        return f"{count // 1024} KiB"
    return f"{count} B"


def time_text(nanoseconds):
    for limit, divisor, unit in ((1e9, 1e9, "s"), (1e6, 1e6, "ms"),
                                 (1e3, 1e3, "µs")):
        if nanoseconds >= limit:
            return f"{nanoseconds / divisor:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


class Canvas:
    """A picture that grows; coordinates are pixels from the top left."""

    def __init__(self, width, height, title, subtitle=""):
        self.width, self.height, self.parts = width, height, []
        self.title = title
        self.text(16, 26, title, size=16, weight="bold")
        for at, line in enumerate(subtitle.split("\n") if subtitle else []):
            self.text(16, 46 + 16 * at, line, size=12, colour=GREY)

    def text(self, x, y, what, size=12, colour=INK, anchor="start",
             weight="normal", turn=0):
        spin = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" '
            f'fill="{colour}" text-anchor="{anchor}" '
            f'font-weight="{weight}"{spin}>{escape(what)}</text>')

    def line(self, x1, y1, x2, y2, colour=PALE, width=1.0, dash=""):
        extra = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"{extra}/>')

    def box(self, x, y, width, height, colour, note=""):
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" '
            f'height="{height:.1f}" fill="{colour}">'
            f'<title>{escape(note)}</title></rect>')

    def path(self, points, colour, width=2.0, dash="", fill="none"):
        extra = f' stroke-dasharray="{dash}"' if dash else ""
        where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{where}" fill="{fill}" stroke="{colour}" '
            f'stroke-width="{width}" stroke-linejoin="round"{extra}/>')

    def dot(self, x, y, colour, radius=3.5, note="", hollow=False):
        fill = "white" if hollow else colour
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" '
            f'stroke="{colour}" stroke-width="1.5">'
            f'<title>{escape(note)}</title></circle>')

    def legend(self, x, y, entries):
        """Entries (text, colour) in a row; returns where it ends."""
        for text, colour in entries:
            self.box(x, y - 9, 11, 11, colour, text)
            self.text(x + 16, y, text)
            x += 34 + 6.6 * len(text)
        return x

    def done(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" '
                f'viewBox="0 0 {self.width} {self.height}" '
                f'width="{self.width}" height="{self.height}" role="img" '
                f'font-family="{FONT}">'
                f'<title>{escape(self.title)}</title>'
                f'<rect width="100%" height="100%" fill="white"/>\n'
                + "\n".join(self.parts) + "\n</svg>\n")


class Scale:
    """From values to pixels, linear or logarithmic."""

    def __init__(self, least, most, first, last, log):
        if log:
            least, most = max(least, 1e-9), max(most, least * 1.01, 1e-9)
        elif most <= least:
            most = least + 1
        self.least, self.most, self.log = least, most, log
        self.first, self.last = first, last

    def __call__(self, value):
        low, high = self.least, self.most
        if self.log:
            low, high = math.log(low), math.log(high)
            value = math.log(max(value, self.least))
        share = (value - low) / (high - low)
        return self.first + share * (self.last - self.first)

    def marks(self):
        """Round values within the scale."""
        if not self.log:
            step = 10 ** math.floor(math.log10(self.most - self.least))
            while (self.most - self.least) / step < 4:
                step /= 2
            first = math.ceil(self.least / step - 1e-9)
            return [at * step for at in range(
                first, int(self.most / step + 1e-9) + 1)]
        first = math.floor(math.log10(self.least))
        last = math.ceil(math.log10(self.most))
        digits = (1,) if last - first > 3 else (1, 2, 5)
        return [digit * 10.0 ** power for power in range(first, last + 1)
                for digit in digits
                if self.least * 0.999 <= digit * 10.0 ** power
                <= self.most * 1.001]

"""The kinds of charts that the report has, from plain lists: nothing here
knows what was measured."""
import math

from svg import GREY, INK, Canvas, Scale, number, size_text, time_text

WIDTH = 900


def head_height(subtitle):
    return 40 + (16 * (subtitle.count("\n") + 1) if subtitle else 0)


def bars(title, subtitle, axis, groups, log=True):
    """Horizontal bars. A group is (heading, [(label, value, colour, note)]);
    the note is written behind the value."""
    top = head_height(subtitle) + 10
    rows = sum(len(entries) for _, entries in groups)
    height = top + 19 * rows + 30 * len(groups) + 50
    canvas = Canvas(WIDTH, height, title, subtitle)
    values = [value for _, entries in groups for _, value, _, _ in entries]
    positive = [value for value in values if value > 0] or [1]
    least = 10 ** math.floor(math.log10(min(positive))) if log else 0
    scale = Scale(least, max(positive), 250, WIDTH - 210, log)
    bottom = height - 46
    for mark in scale.marks():
        canvas.line(scale(mark), top, scale(mark), bottom)
        canvas.text(scale(mark), bottom + 16, number(mark), colour=GREY,
                    anchor="middle", size=11)
    canvas.text((250 + WIDTH - 210) / 2, bottom + 36, axis, anchor="middle")
    y = top
    for heading, entries in groups:
        y += 20
        canvas.text(16, y, heading, weight="bold", size=12)
        y += 10
        for label, value, colour, note in entries:
            canvas.text(242, y + 11, label, anchor="end")
            end = scale(value) if value > 0 else 250
            canvas.box(250, y + 1, end - 250, 13, colour,
                       f"{label}: {number(value)}")
            canvas.text(end + 6, y + 12, f"{number(value)}  {note}",
                        size=11, colour=INK)
            y += 19
    return canvas.done()


def lines(title, subtitle, axis, sizes, series, log=True):
    """Values over sizes of payloads, which stand at equal distances. A series
    is (label, colour, dash, {size: value})."""
    top = head_height(subtitle) + 10
    height = top + 420
    canvas = Canvas(WIDTH, height, title, subtitle)
    values = [value for *_, points in series for value in points.values()
              if value > 0]
    left, right, bottom = 80, WIDTH - 200, height - 60
    scale = Scale(min(values), max(values) * 1.1, bottom, top, log)
    step = (right - left) / max(1, len(sizes) - 1)
    for mark in scale.marks():
        canvas.line(left, scale(mark), right, scale(mark))
        canvas.text(left - 8, scale(mark) + 4, number(mark), anchor="end",
                    colour=GREY, size=11)
    for at, size in enumerate(sizes):
        canvas.line(left + at * step, top, left + at * step, bottom)
        canvas.text(left + at * step, bottom + 18, size_text(size),
                    anchor="middle", colour=GREY, size=11)
    canvas.text((left + right) / 2, bottom + 42, "payload", anchor="middle")
    canvas.text(20, (top + bottom) / 2, axis, anchor="middle", turn=-90)
    ends = []
    for label, colour, dash, points in series:
        drawn = [(left + at * step, scale(points[size]), points[size])
                 for at, size in enumerate(sizes)
                 if points.get(size, 0) > 0]
        canvas.path([(x, y) for x, y, _ in drawn], colour, dash=dash)
        for x, y, value in drawn:
            canvas.dot(x, y, colour, 3, f"{label}: {number(value)}")
        if drawn:
            ends.append([drawn[-1][1], drawn[-1][0], label, colour])
    labels_place(canvas, ends, right)
    return canvas.done()


def labels_place(canvas, ends, right):
    """Names behind the ends of lines, apart from each other."""
    last = -math.inf
    for y, x, label, colour in sorted(ends):
        place = max(y, last + 15)
        canvas.line(x + 4, y, right + 10, place, colour, 0.7)
        canvas.text(right + 14, place + 4, label, colour=colour)
        last = place


def slowdown(title, subtitle, rows, colours):
    """For each workload the ratio to what 1.0 is. A row is (label, {system:
    (ratio, low, high)}, is it a mean)."""
    shown = [name for name in colours
             if any(name in values for _, values, _ in rows)]
    top = head_height(subtitle) + 34
    tall = 13 * len(shown) + 12
    height = top + tall * len(rows) + 50
    canvas = Canvas(WIDTH, height, title, subtitle)
    canvas.legend(200, top - 14, [(name, colours[name]) for name in shown])
    values = [ratio for _, found, _ in rows for ratio, _, _ in found.values()]
    scale = Scale(0, max([*values, 1.1]) * 1.02, 200, WIDTH - 120, False)
    bottom = height - 46
    for mark in scale.marks():
        canvas.line(scale(mark), top, scale(mark), bottom)
        canvas.text(scale(mark), bottom + 16, f"{mark:g}", colour=GREY,
                    anchor="middle", size=11)
    y = top
    for label, found, mean in rows:
        canvas.text(192, y + tall / 2, label, anchor="end",
                    weight="bold" if mean else "normal")
        at = y + 4
        for name in shown:
            if name in found:
                ratio_draw(canvas, scale, at, found[name], colours[name],
                           name)
            at += 13
        y += tall
    canvas.line(scale(1), top, scale(1), bottom, INK, 1)
    return canvas.done()


def ratio_draw(canvas, scale, y, value, colour, name):
    ratio, low, high = value
    canvas.box(scale(0), y, scale(ratio) - scale(0), 11, colour,
               f"{name}: {ratio:.3f}")
    end = min(scale(high), scale.last)
    canvas.line(scale(low), y + 5.5, end, y + 5.5, INK, 1)
    canvas.text(max(scale(ratio), end, scale(1)) + 5, y + 9.5,
                f"{ratio:.2f}", size=10)


def stacked(title, subtitle, axis, rows, colours):
    """Bars of parts. A row is (label, name, {part: value}); an empty label
    stays with the row above."""
    top = head_height(subtitle) + 34
    height = top + 17 * len(rows) + 8 * sum(bool(row[0]) for row in rows) + 50
    canvas = Canvas(WIDTH, height, title, subtitle)
    canvas.legend(220, top - 14, list(colours.items()))
    most = max(sum(parts.values()) for *_, parts in rows)
    scale = Scale(0, most * 1.02, 220, WIDTH - 90, False)
    bottom = height - 46
    for mark in scale.marks():
        canvas.line(scale(mark), top, scale(mark), bottom)
        canvas.text(scale(mark), bottom + 16, f"{mark:g}", colour=GREY,
                    anchor="middle", size=11)
    canvas.text((220 + WIDTH - 90) / 2, bottom + 36, axis, anchor="middle")
    y = top
    for label, name, parts in rows:
        if label:
            y += 8
            canvas.text(16, y + 12, label, weight="bold")
        canvas.text(212, y + 12, name, anchor="end")
        left = 0.0
        for part, colour in colours.items():
            value = parts.get(part, 0)
            if value:
                canvas.box(scale(left), y + 1, scale(left + value) -
                           scale(left), 14, colour, f"{part}: {value:.3g}")
            left += value
        canvas.text(scale(left) + 5, y + 12, f"{left:.2f}", size=11)
        y += 17
    return canvas.done()


def panels(title, subtitle, charts, colours):
    """Histograms over time, two in a row. A chart is (heading, {system:
    {nanoseconds: share}})."""
    top = head_height(subtitle) + 34
    tall = 210
    height = top + tall * ((len(charts) + 1) // 2) + 10
    canvas = Canvas(WIDTH, height, title, subtitle)
    names = [name for name in colours
             if any(name in found for _, found in charts)]
    canvas.legend(20, top - 14, [(name, colours[name]) for name in names])
    for at, (heading, found) in enumerate(charts):
        panel(canvas, 20 + at % 2 * 440, top + at // 2 * tall, heading,
              found, colours)
    return canvas.done()


def panel(canvas, x, y, heading, found, colours):
    canvas.text(x, y + 14, heading, weight="bold")
    times = [time for shares in found.values() for time in shares]
    most = max(share for shares in found.values()
               for share in shares.values())
    across = Scale(min(times) / 1.1, max(times) * 1.1, x, x + 410, True)
    up = Scale(0, most * 1.05, y + 175, y + 24, False)
    canvas.line(x, y + 175, x + 410, y + 175, GREY)
    for mark in across.marks():
        canvas.line(across(mark), y + 24, across(mark), y + 175)
        canvas.text(across(mark), y + 190, time_text(mark), size=10,
                    colour=GREY, anchor="middle")
    for name, colour in colours.items():
        shares = found.get(name)
        if shares:
            canvas.path([(across(time), up(share))
                         for time, share in gaps_filled(shares)], colour, 1.8)


def gaps_filled(shares):
    """Buckets in order; where one is missing its neighbours get zeros beside
    them, and so do the ends."""
    step = 2 ** (1 / 16)
    found, last = [], 0.0
    for time, share in sorted(shares.items()):
        if time > last * step * 1.04:
            if last:
                found.append((last * step, 0))
            found.append((time / step, 0))
        found.append((time, share))
        last = time
    return [*found, (last * step, 0)]


def scatter(title, subtitle, across_axis, up_axis, points):
    """Points (name, x, y, colour); x is logarithmic, y a percentage."""
    top = head_height(subtitle) + 10
    height = top + 400
    canvas = Canvas(WIDTH, height, title, subtitle)
    left, right, bottom = 80, WIDTH - 120, height - 60
    spots = [x for _, x, _, _ in points]
    across = Scale(min(spots) / 2, max(spots) * 2, left, right, True)
    up = Scale(0, 100, bottom, top + 14, False)
    for mark in across.marks():
        canvas.line(across(mark), top, across(mark), bottom)
        canvas.text(across(mark), bottom + 18, number(mark), colour=GREY,
                    anchor="middle", size=11)
    for mark in range(0, 101, 25):
        canvas.line(left, up(mark), right, up(mark))
        canvas.text(left - 8, up(mark) + 4, f"{mark} %", anchor="end",
                    colour=GREY, size=11)
    canvas.text((left + right) / 2, bottom + 42, across_axis,
                anchor="middle")
    canvas.text(24, (top + bottom) / 2, up_axis, anchor="middle", turn=-90)
    for name, x, y, colour in points:
        canvas.dot(across(x), up(y), colour, 6, f"{name}: {number(x)}")
        canvas.text(across(x) + 10, up(y) - 6, name, colour=colour,
                    weight="bold")
    return canvas.done()

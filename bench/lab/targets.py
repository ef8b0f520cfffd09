"""What was wanted before anything was measured, and whether it is met."""
import tax
from findings import PISTACHIO, SEL4, ticks


class Target:
    """One line of the table. `good` is None where the numbers do not decide
    it: noise, or none there."""

    def __init__(self, name, wanted, measured=None, good=None):
        self.name, self.wanted, self.good = name, wanted, good
        self.measured = measured or "not measured"
        self.known = measured is not None

    def verdict(self):
        if self.good is None:
            return "undecided" if self.known else "-"
        return "met" if self.good else "**not met**"


def count_target(data, name, organization, most):
    value = data.median("qemu-icount", "across", organization)
    return Target(name, f"at most {most} instructions",
                  None if value is None else f"{ticks(value)} instructions",
                  None if value is None else value <= most)


def ipc_target(data, name, wanted):
    count = data.median("qemu-icount", "across", "ipc")
    time = data.median("qemu-time", "across", "ipc")
    text = f"at most {wanted[0]} instructions, {ticks(wanted[1])} TSC ticks"
    if count is None or time is None:
        return Target(name, text)
    return Target(name, text,
                  f"{ticks(count)} instructions, {ticks(time)} TSC ticks",
                  count <= wanted[0] and time <= wanted[1])


def ratio_target(data):
    far = data.median("qemu-time", "across", "far")
    ipc = data.median("qemu-time", "across", "ipc")
    name = "far null call against ipc, TCG time, round trip"
    if not far or not ipc:
        return Target(name, "6 times cheaper")
    return Target(name, "at least 6 times cheaper",
                  f"{ipc / far:.1f} times", ipc / far >= 6)


def tax_target(data, name, base, most):
    """Decided only if 95 % of what resampling gives lies on one side, and the
    times are not absurd."""
    text = f"isolation tax: {name} against {base}, geometric mean of the six"
    six = tax.of_six(data, name, base)
    if not six:
        return Target(text, f"under {most:.0%}")
    counted = tax.instructions(data, name, base)
    said = f"{six[0] - 1:+.1%}"
    said += (f" ({six[1] - 1:+.1%} to {six[2] - 1:+.1%})"
             if six[1] < six[2] else " in one round")
    if counted:
        said += f"; instructions {counted - 1:+.1%}"
    good = None
    if counted and counted > 1 > six[2]:
        said += "; more instructions in less time: that is the host's doing"
    elif six[1] < six[2] and six[2] - 1 < most:
        good = True
    elif six[1] < six[2] and six[1] - 1 >= most:
        good = False
    return Target(text, f"under {most:.0%} in time", said, good)


def attacks_target(data):
    results = [act.stopped for act in data.acts("sealed", True)]
    told = [act.name for act in data.acts("sealed", True, told=True)]
    said = f"{sum(results)} of {len(results)}" + (
        f"; addresses, and no access: {', '.join(told)}" if told else "")
    return Target("attacks that sealed stops", "all, of at least 40",
                  said if results else None,
                  all(results) and len(results) >= 40 if results else None)


def targets(data):
    return [
        count_target(data, "sealed null call across, LGDT and LLDT included, "
                     "round trip", "sealed", 100),
        ipc_target(data, "ipc null call across, two address spaces, round "
                   "trip: as seL4's fastpath", SEL4),
        ipc_target(data, "the same: as Pistachio's", PISTACHIO),
        ratio_target(data),
        tax_target(data, "far", "flat", 0.05),
        tax_target(data, "sealed", "flat", 0.10),
        attacks_target(data)]

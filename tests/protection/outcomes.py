"""From the monitor's result lines to what stopped an act."""
import re

LINE = re.compile(r'(?:forbid|attack): (?P<act>\S+): (?:fault=(?P<fault>\S+) '
                  r'rule="(?P<rule>[^"]*)"|(?P<none>no fault)|'
                  r'but (?P<but>.*))')

NOT_RUN = "not tried"
BROKE = "not stopped: the system ended"
TOLD = "told"  # it knows more now, an address or a limit: no access to anything

# The first that matches says what stopped a #GP or #SS.
PROTECTION = (
    (r"control goes", "gate"),
    (r"selectors", "selector"),
    (r"segment|text|lend of no bytes|lent to be read|null|stack stays",
     "limit"),
    (r"", "privilege"),
)
CORE = ("door", "syscall", "refused", "watchdog")


def found_in(lines):
    """{act: (fault, rule, but)} from result lines; fault None: none."""
    found = {}
    for line in lines:
        if match := LINE.search(line):
            fault, rule, but = found.get(match["act"], (None, "", ""))
            if match["but"]:
                but = match["but"]
            else:
                fault, rule = match["fault"], match["rule"] or ""
            found[match["act"]] = fault, rule, but
    return found


def stopper(fault, rule):
    """What stopped it: limit, selector, gate, privilege, page, core or
    exception."""
    if fault == "#PF":
        return "page"
    if fault in CORE:
        return "core"
    if fault in ("#GP", "#SS"):
        return next(name for expression, name in PROTECTION
                    if re.search(expression, rule))
    return "exception"


def gain(what):
    """The outcome of an attack that gained something."""
    return TOLD if what == "was told" else f"not stopped: {what}"


def of(act, organization, found):
    """The outcome of one act, in words."""
    fault, rule, but = found
    if but:
        return f"not stopped: {but}"
    if fault == "gained":
        return gain(rule)
    if fault == "swept":
        gained = re.match(r"(\d+) gained(?:: ([^;]*?) of)?", rule)
        return "nothing gained" if gained[1] == "0" else gain(gained[2])
    if fault is None:
        if act.command == "attack":
            return "nothing gained"
        return "allowed" if act.allowed or organization in act.harmless \
            else "not stopped"
    return f"stopped: {stopper(fault, rule)}"

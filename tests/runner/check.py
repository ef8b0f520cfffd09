"""Whether what came out is what a test expects."""
import difflib
import os
import re

RESULT = re.compile(r'(?:forbid|attack): (?P<act>\S+): (?:fault=(?P<fault>\S+) '
                    r'rule="(?P<rule>[^"]*)"|(?P<none>no fault))')


def lines_of(path):
    """A log's lines; none if there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\r\n") for line in file]
    except FileNotFoundError:
        return []


def missing_line(lines, expressions):
    """The first expression that no line matches after the lines that the
    expressions before it matched; None if all do."""
    rest = iter(lines)
    for expression in expressions:
        if not any(re.search(expression, line) for line in rest):
            return expression
    return None


def expectation_failure(expectations, streams):
    """The reason why `streams` (name: lines) fail, or "" if they do not."""
    for stream, lines in streams.items():
        wanted = [value for key, value in expectations if key == stream]
        if (missing := missing_line(lines, wanted)) is not None:
            return f"{stream}: no line (left) that matches: {missing}"
        for key, value in expectations:
            if key == stream + "-not":
                for number, line in enumerate(lines, 1):
                    if re.search(value, line):
                        return f"{stream}: line {number} should not be: {line}"
    return ""


def golden_failure(path, text, folder, accept):
    """Compare with a golden file; the difference goes into `folder`."""
    if accept:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return ""
    if not os.path.exists(path):
        return f"no {path}: read the output, then run with --accept"
    with open(path, encoding="utf-8") as file:
        golden = file.read()
    if golden == text:
        return ""
    difference = os.path.join(folder, "difference")
    with open(difference, "w", encoding="utf-8") as file:
        file.writelines(difflib.unified_diff(
            golden.splitlines(True), text.splitlines(True), path, "now"))
    return f"differs from {path}: read {difference}; --accept if right"


def act_results(lines):
    """{act: (fault or None, rule)} from the monitor's result lines."""
    found = {}
    for line in lines:
        if match := RESULT.search(line):
            found[match["act"]] = (match["fault"], match["rule"] or "")
    return found


def act_judge(act, machine, found):
    """Returns (outcome, reason) for one act's (fault, rule)."""
    fault, rule = found
    allowed = act.faults[machine]
    if not allowed:
        if fault is not None:
            return "failed", (f"fault={fault} rule=\"{rule}\", but {machine} "
                              "must let it pass")
        if act.faults["bochs"]:
            return "different", f"{machine} does not enforce it"
        return "passed", ""
    if fault is None:
        return "failed", f"no fault; expected {' or '.join(allowed)}"
    if fault not in allowed:
        return "failed", f"fault={fault}; expected {' or '.join(allowed)}"
    if fault == "gained" and "gained" not in act.faults["bochs"]:
        return "different", f"{machine} does not enforce it"
    if not re.search(act.rule, rule):
        return "failed", f"rule \"{rule}\" does not match: {act.rule}"
    return "passed", ""

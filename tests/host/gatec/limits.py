"""Inputs at gatec's limits and one beyond, too long to be written out in
refusals.txt: (name, {file: text}, expected first line of standard error)."""


def gate(name, functions=1, more=""):
    lines = "".join(f"i32 f{n}();\n" for n in range(functions))
    return f"gate {name};\n{more}{lines}"


def domain(name, lines=""):
    return f"domain {name};\nstack 1K;\n{lines}"


def letters(number):
    return "abcdefghijklmnopqrstuvwxyz"[number]


def chain(length):
    """Domains doma, domb, ...: each imports the gate of the one before."""
    files = {}
    for n in range(length + 1):
        one = letters(n)
        files[f"g{one}.gate"] = gate(f"g{one}")
        below = f"imports g{letters(n - 1)};\n" if n > 0 else ""
        files[f"dom{one}.dom"] = domain(f"dom{one}",
                                        f"exports g{one};\n{below}")
    return files


def exporter(functions):
    return {"a.gate": gate("a", functions - 3),
            "d.dom": domain("d", "exports a;\n")}


def structs(count):
    text = "".join(f"struct s{n} {{ u8 x; }};\n" for n in range(count))
    return {"a.gate": gate("a", 1, text)}


def fields(count):
    text = "".join(f"\tu8 x{n};\n" for n in range(count))
    return {"a.gate": gate("a", 1, f"struct s {{\n{text}}};\n")}


def many(kind, count):
    """`count` of what a .dom lists, each in a line of its own."""
    return {"d.dom": domain("d", kind + " " + ",\n".join(
        {"irq": f"{n}", "pci": f"0000:{n:04x}",
         "memory": f"mmio {n * 8192}-{n * 8192 + 4095}"}[kind]
        for n in range(count)) + ";\n")}


def gates(count):
    return {f"g{n}.gate": gate(f"g{n}") for n in range(count)}


LIMITS = [
    ("a chain of 24 imports", chain(24), "ok"),
    ("a chain of 25 imports", chain(25),
     "domz.dom:4: importing 'gy' makes a chain of 25 imports; at most 24"),
    ("64 functions exported", exporter(64), "ok"),
    ("65 functions exported", exporter(65),
     "d.dom:3: exports 65 functions, life's included; at most 64: split the "
     "domain"),
    ("64 functions in a gate", {"a.gate": gate("a", 64)}, "ok"),
    ("65 functions in a gate", {"a.gate": gate("a", 65)},
     "a.gate:66: more than 64 functions in one gate"),
    ("16 structs", structs(16), "ok"),
    ("17 structs", structs(17), "a.gate:18: more than 16 structs in one gate"),
    ("64 fields", fields(64), "ok"),
    ("65 fields", fields(65), "a.gate:67: more than 64 fields in struct s"),
    ("8 interrupt lines", many("irq", 8), "ok"),
    ("9 interrupt lines", many("irq", 9),
     "d.dom:11: more than 8 entries of irq"),
    ("8 pci devices", many("pci", 8), "ok"),
    ("9 pci devices", many("pci", 9), "d.dom:11: more than 8 entries of pci"),
    ("8 ranges of mmio", many("memory", 8), "ok"),
    ("9 ranges of mmio", many("memory", 9),
     "d.dom:11: more than 8 entries of mmio"),
    ("256 gates", gates(255), "ok"),
    ("257 gates", gates(256), "g255.gate:1: more than 256 gates"),
    ("a name of 15 characters", {"abcdefghijklmno.gate":
                                 gate("abcdefghijklmno"),
                                 "abcdefghijklmno.dom":
                                 domain("abcdefghijklmno",
                                        "exports abcdefghijklmno;\n")}, "ok"),
    ("a function name of 32 characters",
     {"a.gate": "gate a;\ni32 " + "x" * 32 + "();\n"},
     f"a.gate:2: '{'x' * 32}' is too long for a function: at most 31 "
     "characters"),
    ("a file of more than 1 MiB", {"a.gate": "\n" * (1 << 20) + "gate a;\n"},
     "a.gate: is larger than 1048576 bytes"),
]

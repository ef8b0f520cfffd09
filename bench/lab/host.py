"""The machine that all is measured on, for who reads the report later; no name
of it, nor of who ran it."""
import hashlib
import os
import platform
import shutil

from common import HOME, command

PROGRAMS = (("emulator", ("qemu-system-i386", "--version")),
            ("bochs", ("dpkg-query", "-W", "bochs")),
            ("compiler", ("gcc", "--version")))
BUILT = ("build/release/bulkhead.elf", "build/release/boot.cpio",
         "build/flat/bulkhead.elf", "build/flat/boot.cpio",
         "build/userland/measure", "build/userland/measure-lab")


def first_line(line):
    if not shutil.which(line[0]):
        return "not installed"
    status, out, _ = command(list(line))
    return " ".join(out.split("\n", maxsplit=1)[0].split()) \
        if status == 0 else "not installed"


def processor():
    """(model, flags) as the host's kernel gives them."""
    model, flags = platform.machine(), ""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                model = value.strip()
            elif name.strip() == "flags":
                flags = value
    return model, flags.split()


def kvm():
    """Could the machine's cycles be had?"""
    if not os.path.exists("/dev/kvm"):
        return "none: no /dev/kvm"
    for name in ("kvm_intel", "kvm_amd"):
        if os.path.exists(f"/sys/module/{name}"):
            return f"hardware ({name})"
    return "not of the hardware (neither kvm_intel nor kvm_amd): not used"


def build_id(paths=BUILT):
    """A hash of what is measured; of paths that are not there their names."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.encode())
        try:
            with open(os.path.join(HOME, path), "rb") as file:
                total.update(file.read())
        except OSError:
            pass
    return total.hexdigest()[:16]


def linux_version():
    path = os.path.join(HOME, "build/linux/linux.packages")
    if not os.path.exists(path):
        return "not fetched"
    with open(path, encoding="utf-8") as file:
        return " ".join(file.read().split()[:2]) + ", mitigations=off"


def memory():
    with open("/proc/meminfo", encoding="utf-8") as file:
        return f"{int(file.readline().split()[1]) / 2 ** 20:.0f} GiB"


def describe(date, load):
    """Lines "name value". `load` is the load average when it began."""
    model, flags = processor()
    virtual = ", under a hypervisor" if "hypervisor" in flags else ""
    lines = [("date", date),
             ("class", f"{os.cpu_count()} CPUs of {model}{virtual}, "
                       f"{memory()} of memory"),
             ("host", f"{platform.system()} {platform.release()} "
                      f"{platform.machine()}"),
             ("kvm", kvm()),
             ("load", f"{load:.2f} when it began, "
                      f"{os.getloadavg()[0]:.2f} when it ended"),
             ("build", build_id()),
             ("linux", linux_version()),
             *((name, first_line(line)) for name, line in PROGRAMS)]
    return [f"{name:10}{value}" for name, value in lines]

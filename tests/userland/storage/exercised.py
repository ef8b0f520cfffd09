"""One boot of the exerciser (exercise.c) on a fresh ext3 image, with or without
domains that die under it, and what e2fsck says afterwards.

    good, text = run(Setup(seed=1), folder)
"""
import os
import re
import subprocess
from dataclasses import dataclass

HOME = os.path.abspath(__file__).rsplit("/", 4)[0]
ROOT = os.path.join(HOME, "build", "root", "full.ext3")
WORDS = "report=brief budget=none watchdog=100"
MKFS = ["mke2fs", "-q", "-F", "-t", "ext3"]

# The first command runs while the faults happen. What it leaves is looked at
# by the exerciser itself, and by e2fsck.
SCRIPT = """
mount_it() {{ mount -t ext3 {disk} /m; }}
mkdir /m && mount_it && mkdir /m/x || exit 9
{before}
exercise /m/x seed={seed} operations={operations} processes={processes} \\
    phases={phases} room={room} far={far} {until} \\
    remount='{hold} umount /m && mount -t ext3 {disk} /m'
status=$?
{after}
umount /m || status=8
echo check > /dev/monitor
exit $status
"""

# Domains die until there were enough faults, with other work beside the
# exerciser; then all this work ends.
STRIKE = """
. /test/beside.sh
mkdir /m/load
(
    archives /m/load > /tmp/archives.wrong 2>&1 &
    ! command -v sqlite3 > /dev/null ||
        data_base {place} > /tmp/data_base.wrong 2>&1 &
    ! command -v tcc > /dev/null ||
        compiler /m/load > /tmp/compiler.wrong 2>&1 &
    echo "faults {faults} {seed} {victims}" > /dev/monitor ||
        echo "the monitor refused" > /tmp/monitor.wrong
    : > /tmp/struck
    wait
    : > /tmp/ended
) &
"""
HOLD = "while [ ! -e /tmp/ended ]; do sleep 0.2; done;"
JUDGE = "cat /tmp/*.wrong; cat /tmp/*.wrong | cmp -s - /dev/null || status=7"

SOURCES = ["exercise.c", "model.c", "judge.c", "change.c", "files.c",
           "mapped.c", "exercise.h"]

DONE = re.compile(r"(\d+) operations: no difference")
DIED = re.compile(r"faults: (\S+) died (\d+) times, (\d+) of them idle; "
                  r"it runs, restarted (\d+) times")


@dataclass
class Setup:
    """What one boot does."""
    seed: int = 1
    operations: int = 5000  # of each process
    processes: int = 3
    phases: int = 3
    kind: str = "ata"
    block: int = 4096
    size: int = 64  # MiB
    room: int = 6000  # KiB of each process; 0: until the disk is full
    far: int = 200000  # KiB
    cpus: int = 1
    memory: int = 0
    root: str = "small"  # or full, dev, disk: full on a disk of its own
    faults: int = 0
    seconds: int = 600


def command(s):
    """The script that the guest runs."""
    strike, own = s.faults > 0, s.root == "disk"
    kinds = sorted({s.kind, "ata"}) if own else [s.kind]
    instances = ["ext2.1", "ext2.2"] if own else ["ext2.1"]
    letter = "b" if own and s.kind == "ata" else "a"
    return SCRIPT.format(
        disk=("/dev/sd" if s.kind == "ata" else "/dev/vd") + letter,
        seed=s.seed, operations=s.operations, processes=s.processes,
        phases=s.phases, room=s.room, far=s.far,
        before=STRIKE.format(
            faults=s.faults, seed=s.seed, place="/root" if own else "/m/load",
            victims=" ".join([*kinds, "cache", *instances]))
        if strike else "",
        until="until=/tmp/struck" if strike else "",
        hold=HOLD if strike else "",
        after=JUDGE if strike else "")


def added():
    """Files for the guest: the program, and what runs beside it."""
    here = os.path.join(HOME, "tests/userland/storage")
    yield os.path.join(HOME, "build/userland/exercise"), "bin/exercise"
    yield os.path.join(here, "beside.sh"), "test/beside.sh"
    for name in SOURCES:
        yield os.path.join(here, name), "src/" + name


def boot(s, folder, image):
    """(exit status, output) of the guest's script."""
    root = f"{ROOT}:copy" if s.root == "disk" else s.root
    line = ["tools/run", "--root", root, "--cpus", str(s.cpus), "--log",
            os.path.join(folder, "com2"), "--timeout", str(s.seconds),
            "--disk", f"{image}:{s.kind}", "--exec", command(s)]
    if s.root == "disk":
        line += ["--keep", os.path.join(folder, "run")]
    for pair in added():
        line += ["--add", ":".join(pair)]
    if s.memory:
        line += ["--memory", str(s.memory)]
    if s.faults:
        line += ["--append", WORDS]
    done = subprocess.run(line, cwd=HOME, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def faults_of(log):
    """{domain: how often it died}; None if one did not come back."""
    if not os.path.exists(log):
        return None
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if "invariants: hold" not in text:
        return None
    return {m[1]: int(m[2]) for m in DIED.finditer(text) if m[2] == m[4]}


def image_make(s, folder):
    """The exerciser's disk."""
    image = os.path.join(folder, "image")
    with open(image, "wb") as file:
        file.truncate(s.size << 20)
    subprocess.run([*MKFS, "-b", str(s.block), image], check=True)
    return image


def images_check(images):
    """What e2fsck says of those that are not clean."""
    text = ""
    for image in images:
        check = subprocess.run(["e2fsck", "-fn", image], check=False,
                               text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
        if check.returncode:
            text += f"e2fsck: {check.returncode}\n{check.stdout}"
    return text


def run(s, folder):
    """(did it hold, operations, faults, text). Logs are left in `folder`, and
    images if it did not hold."""
    os.makedirs(folder, exist_ok=True)
    images = [image_make(s, folder)]
    status, output = boot(s, folder, images[0])
    if s.root == "disk":
        images.append(os.path.join(folder, "run", "root.img"))
    check = images_check(images)
    done = DONE.search(output)
    died = faults_of(os.path.join(folder, "com2"))
    count = sum(died.values()) if died else 0
    if status == 0 and not check and done and died is not None and \
            count >= s.faults:
        for image in images:
            os.unlink(image)
        return True, int(done[1]), count, \
            f"{done[0]}; {count} faults; e2fsck clean"
    return False, 0, count, \
        f"status {status}, {count} faults\n{output}\n{check}"

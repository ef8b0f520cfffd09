"""One boot of the exerciser (exercise.c) on a fresh ext3 image, with or without
domains that die under it, and what e2fsck says afterwards.

    good, text = run(Setup(seed=1), folder)
"""
import os
import re
import subprocess
from dataclasses import dataclass

HOME = os.path.abspath(__file__).rsplit("/", 4)[0]
DISKS = {"ata": "/dev/sda", "virtio": "/dev/vda"}
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

# Other work beside the exerciser: archives there and back, and (in the full
# root) a data base. It says nothing as long as nothing is wrong.
LOAD = """
mkdir /m/load
tree() {
    (cd $1 && find etc usr -type f | sort | xargs md5sum &&
        find etc usr | sort) | md5sum
}
archives() {
    cd / && tar cf /tmp/all.tar etc usr/bin/[a-e]*
    mkdir /tmp/all && tar xf /tmp/all.tar -C /tmp/all
    want=$(md5sum < /tmp/all.tar) whole=$(tree /tmp/all)
    n=0
    until [ -e /tmp/struck ]; do
        n=$((n + 1))
        cp /tmp/all.tar /m/load/$n.tar && mkdir /m/load/$n &&
            tar xf /m/load/$n.tar -C /m/load/$n || echo "tar, round $n"
        [ "$(md5sum < /m/load/$n.tar)" = "$want" ] || echo "bytes, round $n"
        [ "$(tree /m/load/$n)" = "$whole" ] || echo "tree, round $n"
        rm -r /m/load/$n /m/load/$n.tar || echo "removal, round $n"
    done
    echo "load: $n rounds of archives" > /dev/kmsg
}
data_base() {
    cd /m/load
    sqlite3 x.db 'create table t(n integer primary key, x text)'
    n=0
    until [ -e /tmp/struck ]; do
        n=$((n + 1))
        sqlite3 x.db "begin; insert into t(x) values('$n');" \\
            "update t set x = x || '.' where n % 7 = $n % 7; commit" ||
            echo "insert, round $n"
        [ $((n % 20)) != 0 ] ||
            [ "$(sqlite3 x.db 'pragma integrity_check')" = ok ] ||
            echo "integrity, round $n"
        [ "$(sqlite3 x.db 'select count(*) from t')" = $n ] ||
            echo "count, round $n"
    done
    cd /
    echo "load: $n transactions" > /dev/kmsg
}
"""

# Domains die until there were enough faults; then all this work ends.
STRIKE = """
(
    archives > /tmp/archives.wrong 2>&1 &
    ! command -v sqlite3 > /dev/null || data_base > /tmp/data.wrong 2>&1 &
    echo "faults {faults} {seed} {kind} cache ext2.1" > /dev/monitor ||
        echo "the monitor refused" > /tmp/monitor.wrong
    : > /tmp/struck
    wait
    : > /tmp/ended
) &
"""
HOLD = "while [ ! -e /tmp/ended ]; do sleep 0.2; done;"
JUDGE = "cat /tmp/*.wrong; cat /tmp/*.wrong | cmp -s - /dev/null || status=7"

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
    root: str = "small"
    faults: int = 0
    seconds: int = 600


def command(s):
    """The script that the guest runs."""
    strike = s.faults > 0
    return SCRIPT.format(
        disk=DISKS[s.kind], seed=s.seed, operations=s.operations,
        processes=s.processes, phases=s.phases, room=s.room, far=s.far,
        before=LOAD + STRIKE.format(faults=s.faults, seed=s.seed, kind=s.kind)
        if strike else "",
        until="until=/tmp/struck" if strike else "",
        hold=HOLD if strike else "",
        after=JUDGE if strike else "")


def boot(s, folder, image):
    """(exit status, output) of the guest's script."""
    line = ["tools/run", "--root", s.root, "--cpus", str(s.cpus), "--log",
            os.path.join(folder, "com2"), "--timeout", str(s.seconds),
            "--disk", f"{image}:{s.kind}", "--add",
            "build/userland/exercise:bin/exercise", "--exec", command(s)]
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
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if "invariants: hold" not in text:
        return None
    return {m[1]: int(m[2]) for m in DIED.finditer(text) if m[2] == m[4]}


def run(s, folder):
    """(did it hold, operations, faults, text). The image and the logs are left
    in `folder`; the image only if it did not hold."""
    os.makedirs(folder, exist_ok=True)
    image = os.path.join(folder, "image")
    with open(image, "wb") as file:
        file.truncate(s.size << 20)
    subprocess.run([*MKFS, "-b", str(s.block), image], check=True)
    status, output = boot(s, folder, image)
    check = subprocess.run(["e2fsck", "-fn", image], check=False, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    done = DONE.search(output)
    died = faults_of(os.path.join(folder, "com2"))
    count = sum(died.values()) if died else 0
    good = status == 0 and check.returncode == 0 and done is not None and \
        died is not None and count >= s.faults
    if good:
        os.unlink(image)
        return True, int(done[1]), count, \
            f"{done[0]}; {count} faults; e2fsck clean"
    return False, 0, count, (f"status {status}, {count} faults\n{output}\n"
                             f"e2fsck: {check.returncode}\n{check.stdout}")

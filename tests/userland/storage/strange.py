"""Good images, of all forms that a file system here knows, from which strange
ones are made.

    for base in bases("fat", folder): base.path, base.type
"""
import os
import subprocess
from dataclasses import dataclass

HOME = os.path.abspath(__file__).rsplit("/", 4)[0]
PATH = "/usr/sbin:/sbin:/usr/bin:/bin"

# What is in each image: names and contents of many kinds.
TREE = r"""
mkdir -p d/e/f/g many
seq 1000 > d/numbers
head -c 30000 /dev/zero | tr '\0' x > large
: > empty
echo one > d/e/one
echo deep > d/e/f/g/deep
echo long > "a name that is rather long, with spaces.text"
for i in $(seq 40); do echo $i > many/file_number_$i.txt; done
echo short > SHORT.TXT
"""
LINKS = r"""
ln -s d/numbers fast
ln -s "$(printf '/slow%.0s' $(seq 40))" slow
ln d/numbers hard
mkfifo pipe
"""


@dataclass
class Base:
    """A good image: its form's name, its file, and what mount calls it."""
    name: str
    path: str
    type: str


# name: (type, KiB, what makes it; {} is the image, the tree is in "tree")
FORMS = {
    "ext2": {
        "ext2-1k": ("ext2", 1024, "mke2fs -q -F -t ext2 -b 1024 -N 128 "
                    "-d tree {}"),
        "ext2-4k": ("ext2", 2048, "mke2fs -q -F -t ext2 -b 4096 -N 128 "
                    "-I 256 -d tree {}"),
        "ext2-groups": ("ext2", 2048, "mke2fs -q -F -t ext2 -b 1024 -g 256 "
                        "-O ^sparse_super,^resize_inode -d tree {}"),
        "ext3": ("ext3", 3072, "mke2fs -q -F -t ext3 -b 1024 -N 128 -J size=1 "
                 "-d tree {}"),
        "ext3-index": ("ext3", 3072, "mke2fs -q -F -t ext3 -b 1024 -N 512 "
                       "-J size=1 -d indexed {} && e2fsck -fyD {}; "
                       "test $? -le 1"),
        # a journal to be replayed
        "ext3-journal": ("ext3", 3072, "mke2fs -q -F -t ext3 -b 1024 -N 128 "
                         "-J size=1 -d tree {} && "
                         "printf 'jo\\njw -b 40,41,300 tree/large\\njc\\n"
                         "jo\\njw -r 2000\\njw -b 41,42 tree/large\\njc\\n' |"
                         " debugfs -w -f - {}"),
    },
    "fat": {
        "fat12": ("vfat", 720, "mkfs.vfat -F 12 -s 1 {} && {copy}"),
        "fat12-clusters": ("vfat", 1440, "mkfs.vfat -F 12 -s 8 -f 1 {} && "
                           "{copy}"),
        "fat16": ("vfat", 2560, "mkfs.vfat -F 16 -s 1 {} && {copy}"),
        "fat32": ("vfat", 34 << 10, "mkfs.vfat -F 32 -s 1 {} && {copy}"),
        # smaller than mtools understands
        "fat32-small": ("vfat", 0, "{home}/build/release/strange/fat 32 > "
                        "{}"),
    },
    "iso9660": {
        "iso-rock": ("iso9660", 0, "genisoimage -quiet -R -J -o {} tree"),
        "iso-joliet": ("iso9660", 0, "genisoimage -quiet -J -joliet-long "
                       "-o {} tree"),
        "iso-plain": ("iso9660", 0, "genisoimage -quiet -l -o {} plain"),
        "iso-deep": ("iso9660", 0, "genisoimage -quiet -R -o {} deep"),
    },
}
COPY = "mcopy -s -i {} plain/* ::/"


def shell(text, folder):
    """Raises RuntimeError with what it said if it fails."""
    done = subprocess.run(["sh", "-ec", text], cwd=folder, text=True,
                          env={**os.environ, "PATH": PATH,
                               "LC_ALL": "C.UTF-8"},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise RuntimeError(f"{text}: {done.stdout}")


def trees_make(folder):
    """The folders that images are made of."""
    os.makedirs(os.path.join(folder, "tree"))
    shell(TREE, os.path.join(folder, "tree"))
    shell("cp -r tree plain; cp -r tree deep; mkdir indexed; cd indexed;"
          " for i in $(seq 150); do : > a_long_name_for_an_index_$i; done;"
          " cd ../deep; mkdir -p 1/2/3/4/5/6/7/8/9/10; "
          "echo 10 > 1/2/3/4/5/6/7/8/9/10/file", folder)
    shell(LINKS, os.path.join(folder, "tree"))
    shell(LINKS, os.path.join(folder, "deep"))


def bases(kind, folder):
    """Good images of each form of a file system, in that folder."""
    if not os.path.exists(os.path.join(folder, "tree")):
        trees_make(folder)
    found = []
    for name, (kind_of_mount, size, command) in FORMS[kind].items():
        path = os.path.join(folder, name)
        if size:
            with open(path, "wb") as file:
                file.truncate(size << 10)
        command = command.replace("{copy}", COPY).replace("{home}", HOME)
        command = command.replace("{}", path)
        shell(command, folder)
        found.append(Base(name, path, kind_of_mount))
    return found

"""A root tree in memory: what the packages and the recipe put where.

Nothing is unpacked on the host, so owners, modes and device nodes need no
root. The names have no leading slash. /bin, /sbin and /lib are links into
/usr, as on an installed Debian 12: what a package has there lands in /usr.
"""
import fnmatch
import io
import os
import posixpath
import stat
import subprocess
import tarfile
import tempfile

from elftools.elf.elffile import ELFFile

from machine.archive import MODE_FOLDER, MODE_LINK, Entry, tree_entries

MERGED = ("bin", "sbin", "lib")


class TreeError(Exception):
    """A tree cannot be put together; the text says why."""


def name_of(path):
    """The name in the tree for a path of a package or recipe."""
    name = posixpath.normpath("/" + path).strip("/")
    top, slash, rest = name.partition("/")
    return f"usr/{top}/{rest}" if slash and top in MERGED else name


def tar_entry(archive, member):
    """The Entry for one member of a package; None for what is no entry."""
    known = {"owner": (member.uid, member.gid), "time": int(member.mtime)}
    name = name_of(member.name)
    if member.isdir():
        return Entry(name, mode=stat.S_IFDIR | member.mode, **known)
    if member.isreg():
        return Entry(name, archive.extractfile(member).read(),
                     stat.S_IFREG | member.mode, **known)
    if member.issym():
        return Entry(name, os.fsencode(member.linkname), MODE_LINK, **known)
    if member.islnk():  # a second name becomes a link to the first
        target = "/" + name_of(member.linkname)
        return Entry(name, os.fsencode(target), MODE_LINK, **known)
    return None


def libraries_needed(data):
    """What an ELF file's dynamic section asks for."""
    dynamic = ELFFile(io.BytesIO(data)).get_section_by_name(".dynamic")
    return {tag.needed for tag in dynamic.iter_tags("DT_NEEDED")} \
        if dynamic else set()


class Tree:
    """Entries by name. A later entry replaces an earlier one."""

    def __init__(self):
        self.entries = {}
        for top in MERGED:
            self.folder("usr/" + top)
            self.add(Entry(top, os.fsencode("usr/" + top), MODE_LINK))

    def add(self, entry):
        if not entry.name or entry.name in MERGED and entry.name in \
                self.entries:
            return
        self.entries[entry.name] = entry

    def folder(self, path, mode=0o755, time=0):
        """The folder at `path`, and those above it that are missing."""
        name = name_of(path)
        above = posixpath.dirname(name)
        if above and above not in self.entries:
            self.folder(above)
        self.add(Entry(name, mode=stat.S_IFDIR | mode, time=time))

    def link(self, path, target):
        self.folder_above(path)
        self.add(Entry(name_of(path), os.fsencode(target), MODE_LINK))

    def folder_above(self, path):
        above = posixpath.dirname(name_of(path))
        if above and above not in self.entries:
            self.folder(above)

    def package(self, path, drop):
        """Unpack a .deb but for the names that match a pattern in `drop`."""
        done = subprocess.run(["dpkg-deb", "--fsys-tarfile", path],
                              capture_output=True, check=False)
        if done.returncode != 0:
            raise TreeError(done.stderr.decode("utf-8", "replace"))
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            for member in archive:
                if any(fnmatch.fnmatchcase(name_of(member.name), pattern)
                       for pattern in drop):
                    continue
                if entry := tar_entry(archive, member):
                    self.folder_above(entry.name)
                    self.add(entry)

    def overlay(self, folder):
        """A host folder's files, laid over the root. Only whether a file can
        be run is taken from the host: a checkout keeps no more."""
        for child in sorted(os.listdir(folder)):
            for entry in tree_entries(child, os.path.join(folder, child),
                                      False):
                runs = entry.mode & 0o100
                if stat.S_ISREG(entry.mode):
                    entry.mode = stat.S_IFREG | (0o755 if runs else 0o644)
                elif stat.S_ISDIR(entry.mode):
                    if name_of(entry.name) in self.entries:
                        continue
                    entry.mode = MODE_FOLDER
                entry.name, entry.time = name_of(entry.name), 0
                self.folder_above(entry.name)
                self.add(entry)

    def data(self, path):
        """The contents of a file of the tree, links followed."""
        name = name_of(path)
        for _ in range(8):
            entry = self.entries.get(name)
            if entry is None or not stat.S_ISLNK(entry.mode):
                break
            name = name_of(posixpath.join("/" + posixpath.dirname(name),
                                          os.fsdecode(entry.data)))
        if entry is None or not stat.S_ISREG(entry.mode):
            raise TreeError(f"no file {path} in the tree")
        return entry.data

    def libraries_check(self):
        """Raises TreeError if a program lacks a library."""
        there = {posixpath.basename(name) for name in self.entries}
        for name, entry in self.entries.items():
            if not stat.S_ISREG(entry.mode) or name.endswith(".o") or \
                    not entry.data.startswith(b"\x7fELF"):
                continue
            if missing := libraries_needed(entry.data) - there:
                raise TreeError(f"{name} needs {', '.join(missing)}: "
                                "no package of the recipe has it")

    def library_cache(self):
        """/etc/ld.so.cache as ldconfig of this host makes it."""
        self.libraries_check()
        with tempfile.TemporaryDirectory(prefix="bulkhead-") as root:
            for name, entry in self.entries.items():
                keep = ".so" in name or name.startswith("etc/ld.so.conf")
                path = os.path.join(root, name)
                if name in MERGED:
                    os.symlink(entry.data, os.fsencode(path))
                elif stat.S_ISDIR(entry.mode):
                    os.makedirs(path, exist_ok=True)
                elif keep and stat.S_ISLNK(entry.mode):
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    os.symlink(entry.data, os.fsencode(path))
                elif keep and stat.S_ISREG(entry.mode):
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, "wb") as file:
                        file.write(entry.data)
            done = subprocess.run(
                ["/sbin/ldconfig", "-X", "-r", root], capture_output=True,
                text=True, check=False)
            cache = os.path.join(root, "etc/ld.so.cache")
            if done.returncode != 0 or not os.path.exists(cache):
                raise TreeError(f"ldconfig made no cache:\n{done.stderr}")
            with open(cache, "rb") as file:
                self.add(Entry("etc/ld.so.cache", file.read()))

    def difference(self, other):
        """Drop the entries that `other` has just so."""
        def same(one, two):
            return two and (one.data, one.mode, one.owner, one.device) == \
                (two.data, two.mode, two.owner, two.device)
        self.entries = {name: entry for name, entry in self.entries.items()
                        if not same(entry, other.entries.get(name))}

    def ordered(self):
        """The entries, each folder in front of what is in it."""
        return [self.entries[name] for name in
                sorted(self.entries, key=lambda name: name.split("/"))]

    def size(self):
        return sum(len(entry.data) for entry in self.entries.values())

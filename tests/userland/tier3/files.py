"""Python and files: os, pathlib, shutil, tempfile, mmap, fcntl, stat, glob."""
import errno
import fcntl
import glob
import mmap
import os
import pathlib
import shutil
import stat
import tempfile

here = pathlib.Path.cwd()
(here / "a" / "b").mkdir(parents=True)
(here / "a" / "one.txt").write_text("first\nsecond\n")
(here / "a" / "b" / "two.bin").write_bytes(bytes(range(256)))
print(sorted(str(p.relative_to(here)) for p in here.rglob("*")))
print((here / "a/one.txt").read_text().splitlines(), (here / "a").is_dir())
with open("a/one.txt", "a+", encoding="utf-8") as file:
    file.write("thïrd\n")
    file.seek(0)
    print(file.read(), file.tell())
with open("a/b/two.bin", "r+b") as file:
    file.seek(-6, os.SEEK_END)
    print(file.read(3), file.tell())
    file.truncate(10)
    print(os.fstat(file.fileno()).st_size)
os.symlink("one.txt", "a/link")
os.link("a/one.txt", "a/hard")
print(os.readlink("a/link"), os.stat("a/hard").st_nlink,
      os.path.islink("a/link"))
print(os.path.realpath("a/link") == str(here / "a/one.txt"))
os.chmod("a/one.txt", 0o640)
print(stat.filemode(os.stat("a/one.txt").st_mode),
      os.access("a/one.txt", os.R_OK))
os.utime("a/one.txt", ns=(1_000_000_001, 2_000_000_002))
print(os.stat("a/one.txt").st_mtime_ns, os.stat("a/one.txt").st_atime_ns)
os.rename("a/hard", "a/renamed")
print(sorted(os.listdir("a")), sorted(glob.glob("a/*.txt")))
print(sorted((e.name, e.is_file(), e.is_symlink()) for e in os.scandir("a")))
for root, folders, files in os.walk("a"):
    folders.sort()
    print(root, folders, sorted(files))
for act in (lambda: open("none"), lambda: os.mkdir("a"), lambda: os.rmdir("a"),
            lambda: os.open("a", os.O_WRONLY), lambda: os.listdir("a/one.txt"),
            lambda: os.read(99, 1), lambda: os.kill(2 ** 30, 0)):
    try:
        act()
        print("no error")
    except OSError as error:
        print(type(error).__name__, errno.errorcode[error.errno])
shutil.copytree("a", "copy", symlinks=True)
print(sorted(os.listdir("copy")), shutil.which("sh") is not None)
shutil.make_archive("packed", "gztar", "a")
shutil.unpack_archive("packed.tar.gz", "unpacked")
print(sorted(os.listdir("unpacked")))
shutil.rmtree("copy")
print(os.path.exists("copy"), shutil.disk_usage("/").total > 0)
with tempfile.TemporaryDirectory() as folder:
    print(os.path.isdir(folder))
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"x" * 1000)
        file.flush()
        print(os.path.getsize(file.name))
print(os.path.exists(folder))
with tempfile.TemporaryFile() as file:
    file.write(b"0123456789" * 1000)
    file.flush()
    with mmap.mmap(file.fileno(), 0) as view:
        print(len(view), view[5000:5005], view.find(b"789"), view[-1:])
        view[0:5] = b"HELLO"
        view.flush()
    file.seek(0)
    print(file.read(10))
with mmap.mmap(-1, 8192) as view:
    view[4096:4100] = b"anon"
    view.seek(4096)
    print(view.read(4), view[0])
file = os.open("locked", os.O_RDWR | os.O_CREAT, 0o600)
fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 10, 0)
child = os.fork()
if child == 0:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 5)
        os._exit(1)
    except BlockingIOError:
        os._exit(0)
print(os.waitpid(child, 0)[1])
flags = fcntl.fcntl(file, fcntl.F_GETFD)
print(flags & fcntl.FD_CLOEXEC, os.get_inheritable(file))
os.pwrite(file, b"far", 1 << 20)
print(os.fstat(file).st_size, os.pread(file, 5, (1 << 20) - 2))
print(os.lseek(file, 0, os.SEEK_END), os.sendfile(file, file, 1 << 20, 3))
os.ftruncate(file, 5)
os.fsync(file)
print(os.fstat(file).st_size, os.dup(file) > file)
reader, writer = os.pipe()
os.write(writer, b"piped")
print(os.read(reader, 10), os.isatty(reader),
      stat.S_ISFIFO(os.fstat(reader).st_mode))
os.mkfifo("fifo")
print(stat.S_ISFIFO(os.stat("fifo").st_mode), os.umask(0o022) >= 0)
print(open("/proc/self/comm").read().strip(), os.path.basename(os.getcwd()))
print(len(os.urandom(16)), open("/dev/null").read() == "", os.cpu_count() > 0)

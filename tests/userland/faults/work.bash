# What the workers of load.bash do: each says the same every time.

# Is it what it was in the first round? For what depends on the root's contents.
known() {
	local sum file="$work/$1.known"

	sum=$(sha1sum)
	[ -e "$file" ] || echo "$sum" > "$file"
	[ "$sum" = "$(cat "$file")" ] && echo "$1 as before"
}

# Sources, objects that are older or newer than these, a program of them.
build() {
	mkdir src obj && ln -s ../src obj/from || return
	for i in $(seq 12); do
		seq $i $((i * 40)) | sed "s/^/int f${i}_/" > src/f$i.c
	done
	for i in $(seq 12); do
		sed 's/int/long/' obj/from/f$i.c | sort -r > obj/f$i.tmp &&
			mv obj/f$i.tmp obj/f$i.o || return
		ln src/f$i.c src/kept$i.c
	done
	touch -d '2001-02-03 04:05:06' obj/f7.o src/f8.c
	for i in $(seq 12); do
		[ src/f$i.c -nt obj/f$i.o ] && echo "f$i is out of date"
	done
	cat obj/*.o | tee program | sha1sum
	wc -c < program
	chmod 750 program && stat -c '%A %s %h %F' program src/f3.c
	rm -f src/f*.c && ls src && sha1sum src/kept9.c
	truncate -s 100 program && tail -c 20 program
}

archive() {
	mkdir a b && cp -r /etc a/etc 2>&1 && ln -s nowhere a/link
	for i in 1 2 3 4 5; do
		seq -s ' ' $((i * 1500)) > "a/file $i"
	done
	tar cf - a | gzip -1 | tee a.tgz | gzip -d | tar xf - -C b || return
	diff -r --no-dereference a b/a && echo "the same"
	(cd b && find a -type f | sort | xargs -d '\n' sha1sum) | known contents
	tar tzf a.tgz | sort | known table
	find b -type d | sort -r | known folders
	mv b/a/etc b/moved && rm -r b/a && ls b
}

search() {
	find /usr/bin -name 'm*' -type f | sort | head -20 | xargs ls -l |
		awk '{ print $1, $5, $NF }' | known programs
	grep -rl root /etc 2> /dev/null | grep -xE '/etc/(group|passwd)' | sort
	grep -c '^root:' /etc/passwd
	find /dev -maxdepth 1 -name 'z*' -o -maxdepth 1 -name 'n*' | sort
	for i in 1 2 3 4 5 6; do
		echo "line $i" >> log && tail -n 1 log | tr a-z A-Z
	done | sort -r | paste -s
	cat no-such-file
	mkdir log
	rmdir /dev/pts/none
	: > log/x
	rmdir . 2> /dev/null || echo "not this one"
}

python() {
	python3 - <<'END'
import hashlib, os, subprocess, threading
def fill(n):
    os.makedirs(f"t{n}/x/y")
    for i in range(30):
        with open(f"t{n}/x/{i}", "wb") as f:
            f.write(bytes([i]) * (i * 300 + n))
        os.rename(f"t{n}/x/{i}", f"t{n}/x/y/{29 - i}")
    os.symlink("x/y", f"t{n}/short")
threads = [threading.Thread(target=fill, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
total = hashlib.sha1()
for folder, folders, files in os.walk("."):
    folders.sort()
    for name in sorted(files):
        path = os.path.join(folder, name)
        with open(path, "rb") as f:
            total.update(path.encode() + f.read())
        os.unlink(path)
print(total.hexdigest(), sorted(os.listdir()))
print(os.readlink("t2/short"), os.listdir("t2/short"))
done = subprocess.run(["sort", "-n"], input=b"3\n1\n2\n", capture_output=True)
print(done.returncode, done.stdout, done.stderr)
with open("/proc/self/status") as f:
    print([l.split()[1] for l in f if l.startswith(("Name", "Threads"))])
with open("/dev/urandom", "rb") as f:
    print(len(f.read(70000)))
print(os.stat("/dev/null").st_rdev, os.path.exists("/proc/1/stat"))
END
}

# A shell and a copying program, before whom we sit.
terminal() {
	python3 - <<'END'
import hashlib, os, pty, select, signal, termios, tty
def child(command):
    pid, master = pty.fork()
    if not pid:
        os.execvp(command[0], command)
    return pid, master
def until(master, text):
    got = b""
    while text not in got:
        got += os.read(master, 4096)
    return got
def end(pid, master):
    got = b""
    try:
        while piece := os.read(master, 4096):
            got += piece
    except OSError as error:
        got += b" end %d" % error.errno
    os.close(master)
    return got, os.waitpid(pid, 0)[1]
os.environ.update(PS1="ready> ", PS2="more> ", TERM="dumb")
pid, master = child(["sh"])
said = until(master, b"ready> ")
for line in (b"stty -a | head -n 1\n", b"echo o\x7fone\n", b"tty | tr 0-9 N\n",
             b"if true\n", b"then echo yes; fi\n", b"cat\n"):
    os.write(master, line)
    said += until(master, b"more> " if line[:2] == b"if" else
                  b"\r\n" if line == b"cat\n" else b"ready> ")
os.write(master, b"there and back\n")
said += until(master, b"there and back\r\nthere and back\r\n")
os.write(master, b"\x03")
said += until(master, b"ready> ")
os.write(master, b"exit 3\n")
print(said.decode().replace("\r", ""), end(pid, master))
pid, master = child(["sh", "-c", "stty raw -echo; echo go; head -c 60000 |"
                     " tee copy; exec >&-; sha1sum < copy > sum"])
until(master, b"go\n")
bytes_out = bytes((i * i >> 3) & 255 for i in range(60000))
sent, got = 0, b""
while len(got) < 60000:
    r, w, _ = select.select([master], [master] if sent < 60000 else [], [])
    if w:
        sent += os.write(master, bytes_out[sent:sent + 1000])
    if r:
        got += os.read(master, 8192)
print(got == bytes_out, os.waitpid(pid, 0)[1])
print(open("sum").read().split()[0] == hashlib.sha1(bytes_out).hexdigest())
os.close(master)
master, slave = os.openpty()
old = termios.tcgetattr(slave)
tty.setraw(slave)
termios.tcsetattr(slave, termios.TCSADRAIN, old)
print(termios.tcgetattr(slave) == old)
termios.tcsetwinsize(slave, (11, 22))
print(termios.tcgetwinsize(master), os.isatty(slave))
END
}

processes() {
	ps -o comm= -p 1,$$ | sort | paste -s
	ps ax -o pid= | grep -c "^ *$$\$"
	top -b -n 1 | grep -c ' PID '
	tr '\0' ' ' < /proc/self/cmdline && echo
	ls /proc/self/fd 2>&1 | paste -s
	readlink /proc/self/exe /proc/self/cwd | sed "s-$work-W-"
	grep -c ^processor /proc/cpuinfo > /dev/null && echo "processors"
	cut -d ' ' -f 2 /proc/self/stat
	sleep 0.01 & wait $! && echo "waited $?"
	sed -n 's/^Uid:.//p' /proc/self/status
	cat /proc/sys/kernel/ostype
	grep -c ' /proc ' /proc/mounts
	cat /proc/self/none
	python3 - <<'END'
import os
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("stat", "status", "cmdline", "maps", "statm", "comm"):
        try:
            with open(f"/proc/{pid}/{name}") as f:
                text = f.read()
                if name == "stat" and text.split(" ")[0] != pid:
                    print("not of", pid, text)
        except (FileNotFoundError, ProcessLookupError):
            pass # it has ended
print("all seen")
END
}

sockets() {
	FAULTS=0 python3 "$here/sockets.py"
}

devices() {
	head -c 300000 /dev/zero | sha1sum
	head -c 5000 /dev/urandom | wc -c
	echo full > /dev/full
	echo gone > /dev/null && cat /dev/null
	stat -c '%n %t %T %A %U' /dev/null /dev/zero /dev/full /dev/ptmx
	readlink /dev/fd /dev/stdin
	ls /dev/pts/ptmx > /dev/null 2>&1
	dd if=/dev/zero of=zeros bs=4096 count=40 2> /dev/null && cksum zeros
	mkfifo pipe && { seq 2000 > pipe & sha1sum < pipe; wait $!; }
	chmod 600 /dev/zero && stat -c %a /dev/zero && chmod 666 /dev/zero
	ln -s /dev/null link && echo x > link && readlink -f link
}

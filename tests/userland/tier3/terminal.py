"""Python's pty module: a shell, an editor and a session at a terminal."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import tty


def until(file, what, limit=100):
    text, end = b"", time.monotonic() + limit
    while not re.search(what, text):
        if not select.select([file], [], [], max(0, end - time.monotonic()))[0]:
            raise SystemExit(f"{what!r} did not come: {text!r}")
        try:
            text += os.read(file, 1000)
        except OSError:
            raise SystemExit(f"{what!r} did not come, it ended: {text!r}")
    return text


def start(*words):
    child, outer = pty.fork()
    if child == 0:
        os.environ.update(PS1="READY> ", TERM="vt100", HOME="/nonexistent",
                          HISTFILE="/dev/null")
        os.execvp(words[0], words)
    fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    return child, outer


def ended(child, file):
    """The exit status; until then everything shown is read."""
    try:
        while os.read(file, 1000):
            pass
    except OSError:
        os.close(file)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def job_start(shell, command):
    os.write(shell, command + b"\r")
    until(shell, re.escape(command) + rb"\r\n")
    while os.tcgetpgrp(shell) == child:
        time.sleep(0.02)
    time.sleep(0.3)


child, shell = start("bash", "--norc", "--noprofile", "-i")
until(shell, b"READY> ")
os.write(shell, b"echo $((40 + 2)) $(tty | cut -c1-9)\r")
until(shell, rb"\r42 /dev/pts/")
print("echo")
job_start(shell, b"sleep 100")
os.write(shell, b"\x03")
until(shell, rb"\^C[^>]*READY> ")
print("interrupt")
job_start(shell, b"sleep 100")
os.write(shell, b"\x1a")
until(shell, rb"Stopped +sleep 100")
os.write(shell, b"bg; jobs\r")
until(shell, rb"Running +sleep 100 &")
os.write(shell, b"kill %1; sleep 0.3\r")
until(shell, rb"Terminated +sleep 100")
print("job control")
os.write(shell, b"echo mistakx\x7fe\r")
until(shell, rb"[\r\n]mistake")
os.write(shell, b"ec\t 'tab completed'\r")
until(shell, rb"[\r\n]tab completed")
os.write(shell, b"\x1b[A\r")
until(shell, rb"[\r\n]tab completed")
print("editing")
os.write(shell, b"stty size; stty -a | grep -c icanon\r")
until(shell, rb"24 80\r\n1\r\n")
fcntl.ioctl(shell, termios.TIOCSWINSZ, struct.pack("4H", 50, 132, 0, 0))
os.write(shell, b"stty size\r")
until(shell, rb"50 132")
print("window size")
job_start(shell, b"cat | cat")
os.write(shell, b"line through cat\r")
until(shell, rb"line through cat\r\nline through cat\r\n")
os.write(shell, b"\x04")
until(shell, rb"READY> ")
print("end of file")
os.write(shell, b"trap 'echo winch' WINCH\r")
until(shell, rb"READY> ")
os.write(shell, b"read -s -n 3 keys; echo \"[$keys]\"\r")
time.sleep(0.3)
os.write(shell, b"abc")
until(shell, rb"\[abc\]")
print("keys")
os.write(shell, b"exit 3\r")
print(ended(child, shell))

child, editor = start("vi", "-u", "NONE", "text")
until(editor, rb"~\r\n~")
os.write(editor, b"ihello\x1b")  # more at once would be a key's code
until(editor, rb"hello\x08")
os.write(editor, b"yyp:wq\r")
print(ended(child, editor), open("text").read())

child, pager = start("less", "text")
until(pager, rb"hello")
os.write(pager, b"q")
print(ended(child, pager))

outer, inner = pty.openpty()
attributes = termios.tcgetattr(inner)
print(attributes[3] & termios.ICANON != 0, os.ttyname(inner)[:9])
tty.setraw(inner)
os.write(outer, b"\x03raw")
print(os.read(inner, 10))
child = os.fork()
if child == 0:
    os.close(outer)
    os.setsid()
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGHUP, lambda *_: os._exit(9))
    os.write(inner, b"go")
    signal.pause()
os.read(outer, 10)
os.close(inner)
os.close(outer)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

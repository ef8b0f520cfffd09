"""Pseudo-terminals for machines that draw their screen as text."""
import fcntl
import os
import struct
import sys
import termios
import tty

ROWS, COLUMNS = 25, 80


def size_set(descriptor):
    """As large as the user's terminal, and no smaller than a VGA screen."""
    rows, columns = ROWS, COLUMNS
    if sys.stdout.isatty():
        size = os.get_terminal_size(sys.stdout.fileno())
        rows, columns = max(rows, size.lines), max(columns, size.columns)
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ,
                struct.pack("HHHH", rows, columns, 0, 0))


def pty_open():
    """Returns (inner, outer): the machine's side, raw, and ours."""
    outer, inner = os.openpty()
    tty.setraw(inner)
    size_set(inner)
    return inner, outer


def pty_attach(path):
    """Our side of a pseudo-terminal that the machine made itself."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(descriptor)
    size_set(descriptor)
    return descriptor

#!/usr/bin/python3
"""Boot images: a kernel, its archives and its words as a GRUB ISO.

The ISO holds only the GRUB modules that the boot needs; making one takes a
tenth of a second, so every Bochs run makes its own.

usage: image.py OUT.iso KERNEL ARCHIVE...
"""
import os
import shutil
import subprocess
import sys
import tempfile

GRUB_MODULES = ("normal", "multiboot", "iso9660", "biosdisk", "part_msdos",
                "part_gpt", "part_apple")
# grub-mkrescue's own configuration tries every partition scheme it knows:
# each must be there, or GRUB complains about it on the screen.
GRUB_OTHERS = ("part_acorn", "part_amiga", "part_bsd", "part_dfly",
               "part_dvh", "part_plan", "part_sun", "part_sunpc")

KERNEL = "/boot/bulkhead.elf"


class ImageError(Exception):
    """An image could not be made; the text says why."""


def grub_quote(word):
    """`word` as one word of GRUB's shell."""
    return "'" + word.replace("'", "'\\''") + "'"


def grub_config(modules, words):
    """GRUB passes no file name on; QEMU does. Ours comes first in both."""
    line = " ".join(grub_quote(word) for word in [KERNEL, *words])
    return ("set timeout=0\n"
            f"multiboot {KERNEL} {line}\n"
            + "".join(f"module {name}\n" for name in modules) +
            "boot\n")


def iso_make(out, kernel, archives, words):
    """Write the ISO `out`. Raises ImageError with GRUB's own words."""
    modules = " ".join(GRUB_MODULES + GRUB_OTHERS)
    names = [f"/boot/module{number}.cpio" for number in range(len(archives))]
    with tempfile.TemporaryDirectory(prefix="bulkhead-iso-") as root:
        os.makedirs(os.path.join(root, "boot", "grub"))
        shutil.copy(kernel, root + KERNEL)
        for name, path in zip(names, archives):
            shutil.copy(path, root + name)
        with open(os.path.join(root, "boot", "grub", "grub.cfg"), "w",
                  encoding="utf-8") as config:
            config.write(grub_config(names, words))
        made = subprocess.run(
            ["grub-mkrescue", "-o", out, f"--install-modules={modules}",
             "--locales=", "--themes=", "--fonts=", root],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False)
    if made.returncode != 0 or not os.path.exists(out):
        raise ImageError(f"grub-mkrescue made no image:\n{made.stderr}")


def main(arguments):
    if len(arguments) < 3:
        sys.exit(__doc__)
    try:
        iso_make(arguments[0], arguments[1], arguments[2:], [])
    except (ImageError, OSError) as error:
        sys.exit(f"image.py: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])

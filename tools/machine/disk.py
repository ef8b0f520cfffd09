"""Disks of a machine: what --disk means, and each emulator's words for it."""
import os
import re
from dataclasses import dataclass

KINDS = ("ata", "virtio", "cd")
ATA_MOST, VIRTIO_MOST = 4, 8


@dataclass
class Disk:
    """An image file as a disk of that kind; with a size it is made, empty."""
    path: str
    kind: str
    read_only: bool
    size: int = 0
    log: str = ""  # QEMU writes each write and flush there, in their order

    def make(self, path):
        """For a disk that is made for one run: in this file."""
        if self.size:
            self.path = path
            with open(path, "wb") as file:
                file.truncate(self.size)


def disk_parse(text):
    """FILE|SIZE[:ata|virtio|cd][,ro][,log=FILE], a size as in 16M. Raises
    ValueError, saying what is wrong."""
    path, colon, words = text.rpartition(":")
    chosen = words.split(",") if colon else []
    log = "".join(word[4:] for word in chosen if word.startswith("log="))
    chosen = [word for word in chosen if not word.startswith("log=")]
    if not colon or not set(chosen) <= {*KINDS, "ro"}:
        path, chosen = text, []  # a colon of the file's own name
    kinds = [word for word in chosen if word in KINDS]
    if len(kinds) > 1:
        raise ValueError(f"{text!r}: a disk is of one kind")
    kind = kinds[0] if kinds else "ata"
    if kind == "ata" and "ro" in chosen:
        raise ValueError(f"{text!r}: only virtio disks can be read-only")
    read_only = kind == "cd" or "ro" in chosen
    made = re.fullmatch(r"([1-9][0-9]{0,5})M", path)
    if made and not os.path.exists(path):
        return Disk("", kind, read_only, int(made[1]) << 20)
    if not os.path.isfile(path):
        raise ValueError(f"no such file: {path}")
    size = os.path.getsize(path)
    if size == 0 or size % 512:
        raise ValueError(f"{path}: {size} bytes are not whole sectors")
    return Disk(os.path.abspath(path), kind, read_only,
                log=log and os.path.abspath(log))


def disks_check(disks, machine, iso):
    """What speaks against these on that machine: a text, or None."""
    ata = sum(disk.kind != "virtio" for disk in disks)
    if machine == "bochs" and ata < len(disks):
        return "Bochs has no virtio disks"
    if machine == "bochs" and any(disk.log for disk in disks):
        return "Bochs keeps no log of a disk's writes"
    if ata > ATA_MOST - iso or len(disks) - ata > VIRTIO_MOST:
        return (f"at most {ATA_MOST - iso} ATA and CD and {VIRTIO_MOST} "
                "virtio disks")
    return None


def places(disks, taken):
    """Each ATA disk with its channel and its number there (0: master)."""
    free = [(n // 2, n % 2) for n in range(ATA_MOST)
            if (n // 2, n % 2) != taken]
    return zip((disk for disk in disks if disk.kind != "virtio"), free)


def qemu_drive(disk):
    """Where its bytes are, in QEMU's words. The host's own disks are not
    waited for where there is a log."""
    path = disk.path.replace(",", ",,")
    if not disk.log:
        return f"format=raw,file={path}"
    open(disk.log, "wb").close()
    log = disk.log.replace(",", ",,")
    return ("driver=blklogwrites,file.driver=raw,file.cache.no-flush=on,"
            f"file.file.driver=file,file.file.filename={path},"
            f"log.driver=file,log.cache.no-flush=on,log.filename={log}")


def qemu_arguments(disks, iso):
    """`iso`: a CD to boot from; the master of channel 1. Disks of a kind are
    found in the order given."""
    line = []
    if iso:
        line = ["-drive", f"if=none,id=iso,media=cdrom,format=raw,file={iso}",
                "-device", "ide-cd,drive=iso,bus=ide.1,unit=0,bootindex=0"]
    at = {id(disk): place for disk, place in
          places(disks, (1, 0) if iso else None)}
    for number, disk in enumerate(disks):
        name = f"disk{number}"
        read_only = "on" if disk.read_only else "off"
        media = ",media=cdrom" if disk.kind == "cd" else ""
        line += ["-drive", f"if=none,id={name}{media},readonly={read_only},"
                           + qemu_drive(disk)]
        if disk.kind == "virtio":
            line += ["-device", f"virtio-blk-pci,drive={name},"
                                "disable-modern=on,disable-legacy=off"]
            continue
        device = "ide-cd" if disk.kind == "cd" else "ide-hd"
        channel, unit = at[id(disk)]
        line += ["-device",
                 f"{device},drive={name},bus=ide.{channel},unit={unit}"]
    return line


def bochs_lines(disks, iso):
    """Lines of its configuration; the CD that it boots from is the master of
    channel 1."""
    cd = "type=cdrom, path={}, status=inserted"
    lines = ["ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14",
             "ata1: enabled=1, ioaddr1=0x170, ioaddr2=0x370, irq=15",
             f"ata1-master: {cd.format(iso)}"]
    for disk, (channel, unit) in places(disks, (1, 0)):
        kind = cd.format(disk.path) if disk.kind == "cd" else \
            f"type=disk, path={disk.path}, mode=flat, cylinders=0"
        lines.append(f"ata{channel}-{('master', 'slave')[unit]}: {kind}")
    return "\n".join(lines)

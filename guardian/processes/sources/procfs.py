"""What the text files under /proc say, line by line. Formats: the manual page proc(5)."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from guardian.processes.model import Socket

PF_KTHREAD = 0x00200000
"""The kernel's mark on its own threads (include/linux/sched.h); no program can set it."""

EV_REP = 1 << 0x14
"""Repeats while held down: what keyboards do and buttons, mice and switches do not."""

LISTEN = "0A"


@dataclass(frozen=True, slots=True)
class Stat:
    """The fields of /proc/PID/stat that matter here; ``start_ticks`` counts from boot."""

    name: str
    state: str
    ppid: int
    flags: int
    threads: int
    start_ticks: int


def parse_stat(raw: bytes) -> Stat:
    """The name stands in brackets and may itself hold brackets and spaces: the last one ends it.

    Raises ``ValueError`` for anything else.
    """
    opening, closing = raw.find(b"("), raw.rfind(b")")
    if opening < 0 or closing < opening:
        raise ValueError("no name in brackets")
    rest = raw[closing + 1 :].split()
    if len(rest) < 20:
        raise ValueError("too few fields")
    name = raw[opening + 1 : closing].decode("utf-8", "replace")
    return Stat(name, rest[0].decode(), int(rest[1]), int(rest[6]), int(rest[17]), int(rest[19]))


def parse_status(raw: bytes) -> tuple[int | None, int]:
    """The real user id (None if missing) and the process that traces this one (0 for none)."""
    uid, tracer = None, 0
    for line in raw.split(b"\n"):
        if line.startswith(b"Uid:"):
            uid = int(line.split()[1])
        elif line.startswith(b"TracerPid:"):
            tracer = int(line.split()[1])
    return uid, tracer


def parse_cmdline(raw: bytes) -> tuple[str, ...]:
    """The arguments; a program that rewrote its title may have left a single one."""
    if not raw:
        return ()
    return tuple(part.decode("utf-8", "replace") for part in raw.rstrip(b"\0").split(b"\0"))


def parse_sockets(text: str, protocol: str) -> dict[int, Socket]:
    """Sockets of /proc/net/tcp, tcp6, udp or udp6 by inode. Lines that make no sense are left."""
    found = {}
    for line in text.split("\n")[1:]:
        parts = line.split()
        if len(parts) < 10:
            continue
        try:
            local, local_port = parse_address(parts[1])
            remote, remote_port = parse_address(parts[2])
            inode = int(parts[9])
        except ValueError:
            continue
        if not inode:  # a connection already closed, that belongs to nobody any more
            continue
        listening = parts[3] == LISTEN if protocol.startswith("tcp") else remote_port == 0
        found[inode] = Socket(protocol, local, local_port, remote, remote_port, listening)
    return found


def parse_address(text: str) -> tuple[str, int]:
    """An address such as ``0100007F:1F90``: words in the machine's byte order, then the port."""
    from ipaddress import IPv4Address, IPv6Address

    host, _, port = text.partition(":")
    raw = bytes.fromhex(host)
    if len(raw) not in (4, 16):
        raise ValueError("not an address")
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    number = int(port, 16)
    if len(raw) == 4:
        return str(IPv4Address(raw)), number
    six = IPv6Address(raw)
    return str(six.ipv4_mapped or six), number


@dataclass(frozen=True, slots=True)
class Mount:
    point: str
    kind: str
    options: frozenset[str]

    @property
    def read_only(self) -> bool:
        return "ro" in self.options


ESCAPE = re.compile(r"\\([0-7]{3})")


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """/proc/PID/mountinfo, in its order: a later mount on the same point hides an earlier one."""
    mounts = []
    for line in text.split("\n"):
        before, dash, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")
        if not dash or len(fields) < 6 or len(kind) < 3:
            continue
        point = ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4])
        # the file system itself may be read-only, and so may this view of it
        mounts.append(Mount(point, kind[0], frozenset((fields[5] + "," + kind[2]).split(","))))
    return tuple(mounts)


def mount_of(path: str, mounts: tuple[Mount, ...]) -> Mount | None:
    """The mount a path lies on."""
    best: Mount | None = None
    for mount in mounts:
        inside = path == mount.point or path.startswith(mount.point.rstrip("/") + "/")
        if inside and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def parse_keyboards(text: str) -> dict[str, bool]:
    """Event devices of /proc/bus/input/devices, such as ``event3``: is it a keyboard?"""
    found: dict[str, bool] = {}
    for block in text.split("\n\n"):
        handlers: list[str] = []
        events = 0
        for line in block.split("\n"):
            if line.startswith("H: Handlers="):
                handlers = line.partition("=")[2].split()
            elif line.startswith("B: EV="):
                events = hexadecimal(line.partition("=")[2])
        keyboard = "kbd" in handlers and bool(events & EV_REP)
        found.update({name: keyboard for name in handlers if name.startswith("event")})
    return found


def hexadecimal(text: str) -> int:
    try:
        return int(text.strip(), 16)
    except ValueError:
        return 0


CONTAINER = re.compile(r"(docker|containerd|crio|libpod|lxc|kubepods|machine)[-./]")


def parse_cgroup(text: str) -> tuple[str | None, str | None]:
    """The unit a process belongs to, such as ``ssh.service``, and the container system's name."""
    path = ""
    for line in text.split("\n"):
        number, _, rest = line.partition(":")
        controllers, _, where = rest.partition(":")
        if number == "0" or controllers == "name=systemd":
            path = max(path, where, key=len)
    unit = next(
        (part for part in reversed(path.split("/")) if part.endswith((".service", ".scope"))), None
    )
    container = CONTAINER.search(path + "/")
    return unit, container[1] if container else None

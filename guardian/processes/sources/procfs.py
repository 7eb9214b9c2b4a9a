"""What the text files under /proc say, line by line. Formats: the manual page proc(5)."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv6Address

from guardian.processes.model import Socket

PF_KTHREAD = 0x00200000
"""The kernel's mark on its own threads (include/linux/sched.h); no program can set it."""

LISTEN = "0A"


@dataclass(slots=True)
class Stat:
    """The fields of /proc/PID/stat that matter here; ``start_ticks`` counts from boot.

    ``terminal`` is a device number as :func:`parse_terminal` reads it, 0 for none.
    """

    pid: int
    name: str
    state: str
    ppid: int
    terminal: int
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
    rest = raw[closing + 1 :].split(None, 20)
    if len(rest) < 20:
        raise ValueError("too few fields")
    return Stat(
        int(raw[:opening]),
        raw[opening + 1 : closing].decode("utf-8", "replace"),
        rest[0].decode("ascii", "replace"),
        int(rest[1]),
        int(rest[4]),
        int(rest[6]),
        int(rest[17]),
        int(rest[19]),
    )


@dataclass(slots=True)
class Status:
    """``uid`` and ``effective_uid`` None: not told. ``tracer`` 0: nobody looks into it.

    ``capabilities`` are in effect, ``bounding`` the most it may ever have, both as bits.
    ``inner_pid`` is its number in its own container, 0 where that is not told; ``leader`` that
    of the process a thread belongs to.
    """

    uid: int | None = None
    effective_uid: int | None = None
    tracer: int = 0
    capabilities: int = 0
    bounding: int = 0
    inner_pid: int = 0
    leader: int = 0


def parse_status(raw: bytes) -> Status:
    """What /proc/PID/status says; lines that are missing or make no sense are passed over."""
    status = Status()
    if len(users := words_after(raw, b"\nUid:")) >= 2:
        status.uid, status.effective_uid = number(users[0]), number(users[1])
    status.tracer = number(first_after(raw, b"\nTracerPid:")) or 0
    status.leader = number(first_after(raw, b"\nTgid:")) or 0
    if numbers := words_after(raw, b"\nNSpid:"):
        status.inner_pid = number(numbers[-1]) or 0
    status.capabilities = number(first_after(raw, b"\nCapEff:"), 16) or 0
    status.bounding = number(first_after(raw, b"\nCapBnd:"), 16) or 0
    return status


def words_after(raw: bytes, label: bytes) -> list[bytes]:
    """What stands on the line that begins with ``label``; the name is on the first line and
    escaped, so that none can pass for a label."""
    at = raw.find(label)
    return raw[at + len(label) : raw.find(b"\n", at + 1)].split() if at >= 0 else []


def first_after(raw: bytes, label: bytes) -> bytes:
    words = words_after(raw, label)
    return words[0] if words else b""


def number(word: bytes, base: int = 10) -> int | None:
    try:
        return int(word, base)
    except ValueError:
        return None


CAPABILITIES = (
    "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid",
    "setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw",
    "ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
    "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod",
    "lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog",
    "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
)  # fmt: skip
"""By bit, include/uapi/linux/capability.h."""


@cache
def name_capabilities(bits: int) -> tuple[str, ...]:
    """The rights behind a mask, such as ``cap_net_raw``; one too new for a name as ``cap_45``."""
    return tuple(
        f"cap_{CAPABILITIES[bit] if bit < len(CAPABILITIES) else bit}"
        for bit in range(bits.bit_length())
        if bits >> bit & 1
    )


def parse_cmdline(raw: bytes) -> tuple[str, ...]:
    """The arguments; a program that rewrote its title may have left a single one."""
    if not raw:
        return ()
    return tuple(raw.rstrip(b"\0").decode("utf-8", "replace").split("\0"))


def parse_terminal(device: int) -> str | None:
    """The terminal behind a device number of /proc/PID/stat; None for none or an unknown one."""
    major = device >> 8 & 0xFFF
    minor = device & 0xFF | device >> 12 & 0xFFF00
    if 136 <= major <= 143:  # Documentation/admin-guide/devices.txt
        return f"/dev/pts/{(major - 136) * 256 + minor}"
    if major == 4:
        return f"/dev/tty{minor}" if minor < 64 else f"/dev/ttyS{minor - 64}"
    if major == 5:
        return "/dev/console" if minor == 1 else "/dev/tty"
    return f"/dev/char/{major}:{minor}" if major else None


def socket_lines(text: str, column: int = 9) -> dict[int, list[str]]:
    """The lines of a table of /proc/net by inode, still as words; nonsense is left out.

    ``column`` is where the inode stands.
    """
    found = {}
    for line in text.split("\n")[1:]:
        words = line.split()
        if len(words) > column and words[column].isdecimal() and words[column] != "0":
            found[int(words[column])] = words  # 0: already closed, it belongs to nobody any more
    return found


def parse_socket(words: list[str], protocol: str) -> Socket | None:
    """A line of /proc/net/tcp, udp or raw and their like for version 6, or of packet.

    Raw sockets tell the number of the protocol they hear in place of a port, packet sockets that
    of the kind of frames (3: all).
    """
    try:
        if protocol == "packet":
            return Socket(protocol, "", int(words[3], 16), "", 0, False)
        local, local_port = parse_address(words[1])
        remote, remote_port = parse_address(words[2])
    except (ValueError, IndexError):
        return None
    if protocol.startswith("tcp"):
        listening = words[3] == LISTEN
    else:
        listening = protocol.startswith("udp") and remote_port == 0
    return Socket(protocol, local, local_port, remote, remote_port, listening)


@lru_cache(4096)
def parse_address(text: str) -> tuple[str, int]:
    """An address such as ``0100007F:1F90``: words in the machine's byte order, then the port."""
    host, _, port = text.partition(":")
    raw = bytes.fromhex(host)
    if len(raw) not in (4, 16):
        raise ValueError("not an address")
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    if len(raw) == 4:
        return ".".join(map(str, raw)), int(port, 16)
    six = IPv6Address(raw)
    return str(six.ipv4_mapped or six), int(port, 16)


CONTAINER = re.compile(r"(docker|containerd|crio|libpod|lxc|kubepods|machine)[-./]")


@lru_cache(4096)
def parse_cgroup(raw: bytes) -> tuple[str | None, str | None]:
    """The unit a process belongs to, such as ``ssh.service``, and the container system's name."""
    path = ""
    for line in raw.decode("utf-8", "replace").split("\n"):
        hierarchy, _, rest = line.partition(":")
        controllers, _, where = rest.partition(":")
        if hierarchy == "0" or controllers == "name=systemd":
            path = max(path, where, key=len)
    unit = next(
        (part for part in reversed(path.split("/")) if part.endswith((".service", ".scope"))), None
    )
    container = CONTAINER.search(path + "/")
    return unit, container[1] if container else None

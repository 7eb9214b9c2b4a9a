"""The network interfaces, and which of them take in traffic meant for others."""

from __future__ import annotations

from pathlib import Path

from guardian.processes.model import Interface, Seen, Unknown
from guardian.processes.sources.rawprocess import read_text

CLASS = Path("/sys/class/net")
PROMISCUOUS = 0x100
"""IFF_PROMISC, include/uapi/linux/if.h."""
JOINED = ("bridge", "brport", "bonding", "bonding_slave", "master", "tun_flags")
"""What an interface's folder holds when it is part of a bridge, a bond or a virtual machine."""
STACKED = ("upper_", "lower_")


def find_interfaces(folder: Path = CLASS) -> Seen[tuple[Interface, ...]]:
    """All interfaces this user's part of the system has."""
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except PermissionError:
        return Unknown.DENIED
    except OSError:
        return Unknown.ABSENT
    found = []
    for name in names:
        try:
            flags = int(read_text(folder / name / "flags").strip() or "0", 16)
        except ValueError:
            flags = 0
        found.append(Interface(name, bool(flags & PROMISCUOUS), is_joined(folder / name)))
    return tuple(found)


def is_joined(interface: Path) -> bool:
    try:
        inside = {entry.name for entry in interface.iterdir()}
    except OSError:
        return False
    number, other = (read_text(interface / name).strip() for name in ("ifindex", "iflink"))
    paired = number != other != "0"  # one end of a pair, as containers have
    return paired or not inside.isdisjoint(JOINED) or any(n.startswith(STACKED) for n in inside)

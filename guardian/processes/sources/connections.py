"""Who holds which internet connection, as psutil tells it on Windows and macOS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guardian.processes.model import Seen, Socket, Unknown

DATAGRAM = 2
"""SOCK_DGRAM; the only other kind here is the stream."""


def group(connections: Iterable[Any]) -> dict[int, tuple[Socket, ...]]:
    """Sockets by process number; connections that belong to nobody any more are left out."""
    found: dict[int, list[Socket]] = {}
    for one in connections:
        if one.pid and (socket := describe(one)):
            found.setdefault(one.pid, []).append(socket)
    return {pid: tuple(sockets) for pid, sockets in found.items()}


def describe(one: Any) -> Socket | None:
    """One connection in our form; None for one without an address of its own."""
    if not one.laddr:
        return None
    kind = "udp" if int(one.type) == DATAGRAM else "tcp"
    protocol = kind + ("6" if ":" in one.laddr.ip else "")
    remote, port = (one.raddr.ip, one.raddr.port) if one.raddr else ("", 0)
    listening = one.status == "LISTEN" or (kind == "udp" and not one.raddr)
    return Socket(protocol, one.laddr.ip, one.laddr.port, remote, port, listening)


def of_system() -> Seen[dict[int, tuple[Socket, ...]]]:
    """All connections of this computer. DENIED where the system tells only the administrator."""
    import psutil

    try:
        return group(psutil.net_connections("inet"))
    except psutil.AccessDenied:
        return Unknown.DENIED
    except (psutil.Error, OSError):
        return Unknown.ABSENT

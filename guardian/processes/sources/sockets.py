"""Which internet connections a process holds: its socket numbers looked up in /proc/net."""

from __future__ import annotations

from pathlib import Path

from guardian.processes.model import Seen, Socket, Standard, Unknown
from guardian.processes.sources.procfs import parse_sockets
from guardian.processes.sources.rawprocess import Raw, read_text

PROTOCOLS = ("tcp", "tcp6", "udp", "udp6")
Table = dict[int, Socket]


class SocketTables:
    """The tables of every network namespace met, each read once."""

    def __init__(self, proc: Path) -> None:
        self._proc = proc
        self._tables: dict[str, Table] = {}

    def of(self, raw: Raw) -> Seen[tuple[Standard, tuple[Socket, ...]]]:
        """What the three standard streams are wired to, and where the process waits for calls."""
        if isinstance(raw.links, Unknown):
            return raw.links
        inodes = {number: inode_of(link) for number, link in raw.links.items()}
        held = {number: inode for number, inode in inodes.items() if inode}
        if not held:
            return (None, None, None), ()
        table = self._table(raw)
        zero, one, two = (table.get(held.get(number, 0)) for number in range(3))
        listening = {table[inode] for inode in held.values() if inode in table}
        waiting = sorted(
            (socket for socket in listening if socket.listening),
            key=lambda socket: (socket.local_port, socket.protocol, socket.local),
        )
        return (zero, one, two), tuple(waiting)

    def _table(self, raw: Raw) -> Table:
        if raw.net_namespace not in self._tables:
            folder = self._proc / str(raw.pid) / "net"
            table: Table = {}
            for protocol in PROTOCOLS:
                table.update(parse_sockets(read_text(folder / protocol), protocol))
            self._tables[raw.net_namespace] = table
        return self._tables[raw.net_namespace]


def inode_of(link: str) -> int:
    """The number in ``socket:[123]``; 0 for any other open file."""
    number = link[8:-1]
    return int(number) if link.startswith("socket:[") and number.isdigit() else 0

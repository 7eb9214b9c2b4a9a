"""Which internet connections a process holds: its socket numbers looked up in /proc/net."""

from __future__ import annotations

from guardian.processes.model import Socket, Standard
from guardian.processes.sources.procfs import parse_socket, socket_lines
from guardian.processes.sources.rawprocess import read_lines

PROTOCOLS = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "packet")
INTERNAL = ("unix", "netlink")
INODE_COLUMN = {"packet": 8, "unix": 6}
NOTHING: tuple[Standard, tuple[Socket, ...]] = (None, None, None), ()


class SocketTable:
    """All sockets of one network namespace; a line is made a socket when somebody holds it.

    The kernel takes 10 ms to write the tables of TCP, even empty ones. They are read when somebody
    holds a socket that is not one between the programs of this computer.
    """

    def __init__(self, folder: int) -> None:
        """``folder`` is the /proc folder of any process in the namespace."""
        self._internal = {inode for name in INTERNAL for inode in read_table(folder, name)}
        self._lines: dict[int, tuple[str, list[str]]] | None = None
        self._made: dict[int, Socket | None] = {}

    def get(self, inode: int, folder: int) -> Socket | None:
        if inode in self._internal:
            return None
        if self._lines is None:
            self._lines = {
                number: (protocol, words)
                for protocol in PROTOCOLS
                for number, words in read_table(folder, protocol).items()
            }
        if inode not in self._made:
            protocol, words = self._lines.get(inode, ("", []))
            self._made[inode] = parse_socket(words, protocol.replace("lite", "")) if words else None
        return self._made[inode]


def read_table(folder: int, protocol: str) -> dict[int, list[str]]:
    """The lines of a table by inode; none where the system keeps no such table."""
    try:
        text = read_lines(folder, f"net/{protocol}").decode("utf-8", "replace")
    except OSError:
        return {}
    return socket_lines(text, INODE_COLUMN.get(protocol, 9))


class SocketTables:
    """The tables of every network namespace met."""

    def __init__(self) -> None:
        self._tables: dict[str, SocketTable] = {}

    def held(
        self, inodes: dict[int, int], namespace: str, folder: int
    ) -> tuple[Standard, tuple[Socket, ...]]:
        """What the three standard streams are wired to, and all internet sockets of a process.

        ``inodes`` are its sockets by the number of the open file, ``folder`` its own of /proc.
        """
        if namespace not in self._tables:
            self._tables[namespace] = SocketTable(folder)
        table = self._tables[namespace]
        found = {number: table.get(inode, folder) for number, inode in inodes.items()}
        every = sorted({each for each in found.values() if each is not None}, key=order)
        return (found.get(0), found.get(1), found.get(2)), tuple(every)


def order(socket: Socket) -> tuple[bool, int, str, str, str, int]:
    return (
        not socket.listening,
        socket.local_port,
        socket.protocol,
        socket.local,
        socket.remote,
        socket.remote_port,
    )


def sniffing(folder: int) -> dict[int, int]:
    """The packet sockets of a namespace: the user number behind each inode."""
    lines = read_table(folder, "packet")
    return {inode: int(words[7]) for inode, words in lines.items() if words[7].isdecimal()}

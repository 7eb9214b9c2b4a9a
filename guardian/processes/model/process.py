"""What was seen of each running process."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guardian.processes.model.seen import Seen, Unknown


class DeviceKind(StrEnum):
    """What an open device, or a handle like one, gives to the program that holds it."""

    KEYBOARD = "keyboard"
    POINTER = "pointer"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"
    """What stands on the screen or on a text console (frame buffer, /dev/vcs, screen cast)."""
    TYPING = "typing"
    """Can press keys itself (uinput)."""
    MEMORY = "memory"
    """The memory of the computer, or of another process."""
    NETWORK = "network"
    """Sees or redirects traffic (tun, packet capture devices)."""
    WATCHER = "watcher"
    """Is told of what all programs do (fanotify, perf, bpf)."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device a process holds open."""

    kind: DeviceKind
    path: str


@dataclass(frozen=True, slots=True)
class Socket:
    """One end of an internet connection, or a socket that sees other people's packets.

    ``protocol`` is tcp, tcp6, udp, udp6, raw, raw6 or packet. A ``remote_port`` of 0 means:
    connected to nobody.
    """

    protocol: str
    local: str
    local_port: int
    remote: str
    remote_port: int
    listening: bool

    @property
    def connected(self) -> bool:
        return not self.listening and self.remote_port != 0


Standard = tuple[Socket | None, Socket | None, Socket | None]


@dataclass(frozen=True, slots=True)
class Component:
    """A file of code inside a process that is not its program file.

    ``via`` names the variable that brought it (LD_PRELOAD, DYLD_INSERT_LIBRARIES ...), or is ""
    for a file that was found mapped. ``owner`` None: no package brought it.
    """

    path: str
    via: str
    deleted: bool
    owner: Seen[str | None]


@dataclass(frozen=True, slots=True)
class ProgramFile:
    """The program file's own record: its owner's number, mode bits, last change (1970, UTC).

    ``folder_open``: somebody else than root could put another file in its place.
    """

    uid: int
    mode: int
    changed: float
    folder_open: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """One running process. Paths are as the process itself sees them, inside its own root.

    ``exe`` and ``owner`` None: the process has no program file; no package owns the file.
    ``started`` is in seconds since 1970 (UTC). ``stdio`` is input, output, errors, each with
    the internet socket it is wired to. ``hidden``: it runs but is kept out of the list of
    programs. ``terminal`` is the terminal it was started from, None for none; ``reads_terminal``:
    its input comes from one, whoever started it; ``pty``: it holds the master side of one.
    ``components``: code from outside the system's own folders, and
    what LD_PRELOAD and its like bring. ``private_files``: other programs' secrets it has open
    (saved passwords, cookies, keys), never their contents. ``signer``: who signed the file, None
    for nobody. ``sensors``: what the system itself says is in use now, camera or microphone.
    """

    pid: int
    ppid: int
    name: str
    kernel_thread: bool = False
    hidden: bool = False
    argv: Seen[tuple[str, ...]] = Unknown.ABSENT
    exe: Seen[str | None] = Unknown.ABSENT
    exe_deleted: Seen[bool] = Unknown.ABSENT
    exe_replaced: Seen[bool] = Unknown.ABSENT
    exe_in_memory: Seen[bool] = Unknown.ABSENT
    exe_read_only: Seen[bool] = Unknown.ABSENT
    exe_file: Seen[ProgramFile | None] = Unknown.ABSENT
    owner: Seen[str | None] = Unknown.ABSENT
    signer: Seen[str | None] = Unknown.ABSENT
    appimage: Seen[str | None] = Unknown.ABSENT
    folder: Seen[str | None] = Unknown.ABSENT
    script: Seen[str | None] = Unknown.ABSENT
    script_owner: Seen[str | None] = Unknown.ABSENT
    script_deleted: Seen[bool] = Unknown.ABSENT
    uid: Seen[int] = Unknown.ABSENT
    effective_uid: Seen[int] = Unknown.ABSENT
    user: Seen[str] = Unknown.ABSENT
    capabilities: Seen[tuple[str, ...]] = Unknown.ABSENT
    started: Seen[float] = Unknown.ABSENT
    tracer: Seen[int] = Unknown.ABSENT
    container: Seen[str | None] = Unknown.ABSENT
    unit: Seen[str | None] = Unknown.ABSENT
    terminal: Seen[str | None] = Unknown.ABSENT
    pty: Seen[bool] = Unknown.ABSENT
    reads_terminal: Seen[bool] = Unknown.ABSENT
    devices: Seen[tuple[Device, ...]] = Unknown.ABSENT
    sensors: Seen[tuple[DeviceKind, ...]] = Unknown.ABSENT
    stdio: Seen[Standard] = Unknown.ABSENT
    sockets: Seen[tuple[Socket, ...]] = Unknown.ABSENT
    components: Seen[tuple[Component, ...]] = Unknown.ABSENT
    private_files: Seen[tuple[str, ...]] = Unknown.ABSENT

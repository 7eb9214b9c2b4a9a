"""What planted programs are made of and hold: files, packages, devices, sockets, terminals, roots.

Used inside a throw-away computer only, with nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

ANNA = 1000
HOME = "/home/anna"
SLEEPER = "/run/sleeper"
OTHERS = "198.51.100.7"
PTRACE_SEIZE, CLONE_NEWNS = 0x4206, 0x20000
Open = Callable[[], int]


def owner_of(path: str) -> int:
    inside = path.startswith((HOME + "/", "/run/user/1000/"))
    return ANNA if inside else 0


def make_folder(path: str) -> None:
    """With all its parents; what is new in a home belongs to the person."""
    missing = [one for one in (Path(path), *Path(path).parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        os.chown(one, owner_of(f"{one}/"), owner_of(f"{one}/"))


def write(path: str, text: str | bytes, mode: int = 0o644) -> None:
    make_folder(str(Path(path).parent))
    with open(path, "wb") as file:  # noqa: PTH123 - names of any kind
        file.write(text if isinstance(text, bytes) else text.encode())
    os.chown(path, owner_of(path), owner_of(path))
    Path(path).chmod(mode)


def append(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text)


def copy(source: str, path: str, mode: int = 0o755) -> str:
    write(path, Path(source).read_bytes(), mode)
    return path


def make_program(path: str) -> str:
    """A program that sleeps. Each differs in its last bytes, as programs do."""
    write(path, Path(SLEEPER).read_bytes() + path.encode(errors="replace"), 0o755)
    return path


def make_library(path: str) -> str:
    """Code that can be loaded: a copy of one of the system's own."""
    return copy(str(next(Path("/usr/lib").rglob("libz.so.1"))), path)


def make_device(path: str, major: int, minor: int, group: str = "root", mode: int = 0o660) -> str:
    """A node that leads to no driver: nobody opens it for reading."""
    make_folder(str(Path(path).parent))
    if not os.path.lexists(path):
        os.mknod(path, 0o020000 | mode, os.makedev(major, minor))
    shutil.chown(path, "root", group)
    return path


def install(package: str, *paths: str) -> None:
    """Write the files into the list of a package, as if it had brought them."""
    info = Path("/var/lib/dpkg/info")
    folders = {str(parent) for path in paths for parent in Path(path).parents if parent.name}
    lines = "\n".join(["/.", *sorted({*folders, *paths})])
    listing = info / f"{package}.list"
    before = listing.read_text() if listing.exists() else ""
    listing.write_text(before + lines + "\n")
    (info / f"{package}.md5sums").touch()
    if not before:
        append(
            "/var/lib/dpkg/status",
            f"\nPackage: {package}\nStatus: install ok installed\nPriority: optional\n"
            "Section: misc\nInstalled-Size: 100\nMaintainer: Somebody <a@example.org>\n"
            f"Architecture: amd64\nVersion: 1.0-1\nDescription: {package}\n",
        )


# ---- what a process holds ------------------------------------------------------------------------


def held(path: str) -> Open:
    """A handle on a device or file that reads nothing."""
    return lambda: os.open(path, os.O_PATH)


def opened(path: str, flags: int = os.O_RDONLY) -> Open:
    return lambda: os.open(path, flags, 0o600)


def listening(port: int, address: str = "0.0.0.0") -> Open:
    def make() -> int:
        one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
        one.listen(5)
        return one.detach()

    return make


def datagrams(port: int, address: str = "0.0.0.0") -> Open:
    def make() -> int:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
        return one.detach()

    return make


def connected(port: int, address: str = OTHERS) -> Open:
    return lambda: socket.create_connection((address, port), 5).detach()


def wire(port: int) -> list[Open]:
    """Input, output and errors on one connection to another computer."""
    kept: list[int] = []

    def make() -> int:
        if not kept:
            kept.append(connected(port)())
        return os.dup(kept[0])

    return [make, make, make]


def packets() -> int:
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)).detach()


def raw_internet(protocol: int = socket.IPPROTO_ICMP) -> Open:
    return lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol).detach()


def pair() -> tuple[Open, Open]:
    """Two ends of a socket that leads to no network."""
    ends = [one.detach() for one in socket.socketpair()]
    return (lambda: os.dup(ends[0])), (lambda: os.dup(ends[1]))


def terminal() -> tuple[Open, Open]:
    """The two sides of a terminal: the program's, and the one a shell sits at."""
    ends = os.openpty()
    return (lambda: os.dup(ends[0])), (lambda: os.dup(ends[1]))


def tracing(pid: int) -> Callable[[], None]:
    """Become the one that traces ``pid``, without stopping it."""

    def seize() -> None:
        library = ctypes.CDLL(None, use_errno=True)
        if library.ptrace(PTRACE_SEIZE, pid, None, None):
            raise OSError(ctypes.get_errno(), "ptrace")

    return seize


def own_root(layer: str, *binds: tuple[str, str]) -> Callable[[], None]:
    """Live in a root of one's own, as in a container: ``layer`` over the system's files.

    ``binds`` are folders that are seen at another place inside.
    """

    def make() -> None:
        ctypes.CDLL(None).unshare(CLONE_NEWNS)
        # a layer must not lie within the one below it, so it is copied to another file system
        upper, root = (f"/run/{kind}-{os.getpid()}" for kind in ("layer", "root"))
        for _, place in binds:
            make_folder(f"{layer}{place}")
        commands = [
            "mount --make-rprivate /",
            f"mkdir {upper} {root} && cp -a {layer}/. {upper}",
            f"mount -t overlay -o lowerdir={upper}:/ overlay {root}",
            f"mount -t tmpfs run {root}/run",
            f"mount --rbind /proc {root}/proc",
            f"mount --rbind /dev {root}/dev",
        ]
        commands += [f"mount --bind {source} {root}{place}" for source, place in binds]
        commands += [f"cd {root} && pivot_root . srv && umount -l /srv"]
        for command in commands:
            subprocess.run(["sh", "-c", command], check=True)
        os.chdir("/")

    return make

"""One process as the files of its /proc folder tell it, before anything is made of them."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from guardian.processes.model import Seen, Unknown
from guardian.processes.sources.procfs import Stat, Status, parse_stat, parse_status

DELETED = " (deleted)"
MEMORY = "/memfd:"
CHUNK = 65536
MOST = 16 * 1024 * 1024


class Gone(Exception):  # noqa: N818 - it is news, not an error
    """The process ended while it was read, or has only its exit code left."""


@dataclass(frozen=True, slots=True)
class Exe:
    """The program file, as the process itself would name it; ``replaced``: a file is there now.

    ``link`` is the path as this user sees it.
    """

    path: str
    link: str
    deleted: bool
    replaced: bool
    in_memory: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The file tree a process lives in. ``root`` is "" for the one this user sees, "/" for one
    that has no path here; ``namespace`` names the set of mounts it sees."""

    namespace: str
    root: str


@dataclass(slots=True)
class Raw:
    """``folder`` is an open handle on the process's folder of /proc; ``link`` as in
    :func:`exe_link`, read before all else."""

    pid: int
    folder: int
    link: str | None
    stat: Stat
    status: Status


def read_text(path: Path) -> str:
    """A whole /proc file, or "" where it may not be read."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def open_process(proc: int, pid: int) -> Raw:
    """Begin to read a process; whoever calls this closes ``folder``. Raises :class:`Gone`."""
    try:
        folder = os.open(str(pid), os.O_RDONLY | os.O_DIRECTORY, dir_fd=proc)
    except OSError as error:
        raise Gone from error
    try:
        link = exe_link(folder)
        told = parse_stat(read(folder, "stat"))
        # a leader that ended while its threads go on is still a program; a lone zombie is not
        if told.state in "ZXx" and told.threads <= 1:
            raise Gone
        return Raw(pid, folder, link, told, parse_status(read(folder, "status")))
    except BaseException as error:
        os.close(folder)
        if isinstance(error, (OSError, ValueError)):
            raise Gone from error
        raise


def exe_link(folder: int) -> str | None:
    """Where the program file stands as this user sees it; "" for none, None where that is kept
    from him."""
    try:
        return os.readlink("exe", dir_fd=folder)
    except (FileNotFoundError, ProcessLookupError):
        return ""
    except OSError:
        return None


def find_tree(folder: int, exe: str, own: Tree) -> Tree:
    """The file tree of a process; ``own`` is this user's."""
    namespace, root = link_of(folder, "ns/mnt"), link_of(folder, "root")
    if root == "/" and (namespace == own.namespace or same_root(folder)):
        return own if namespace == own.namespace else Tree(namespace, "")
    if root not in ("", "/") and not exe.startswith(root + "/"):
        root = ""  # it shut itself out of its files, as sandboxes do; its program lies outside
    return Tree(namespace, root)


def same_root(folder: int) -> bool:
    """Whether the process and this user see the same folder as the root."""
    try:
        there, here = os.stat("root", dir_fd=folder), Path("/").stat()
    except OSError:
        return True
    return os.path.samestat(there, here)


def inside(path: str, root: str) -> str:
    """``path`` as seen from ``root``."""
    return path.removeprefix(root) if root not in ("", "/") else path


def find_exe(folder: int, link: str, root: str) -> Exe:
    """Read the link: « (deleted)» is said by the kernel, unless a file really is called so."""

    def is_there(name: str) -> bool:
        # a program that shut itself out of its files is asked about from here
        return exists(folder, "root" + name) or (not root and exists(folder, name))

    path = inside(link, root)
    gone = path.endswith(DELETED) and not is_there(path)
    path = path.removesuffix(DELETED) if gone else path
    memory = gone and path.startswith(MEMORY)
    replaced = gone and not memory and is_there(path)
    return Exe(shown(path), link, gone, replaced, memory)


def read_links(folder: int) -> Seen[dict[int, str]]:
    """Where every open file leads to, by its number."""
    try:
        files = os.open("fd", os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
    except PermissionError:
        return Unknown.DENIED
    except OSError as error:
        raise Gone from error
    links = {}
    try:
        for name in os.listdir(files):  # noqa: PTH208 - a handle, not a path
            try:
                links[int(name)] = os.readlink(name, dir_fd=files)
            except (OSError, ValueError):  # closed meanwhile
                continue
    except PermissionError:
        return Unknown.DENIED
    except OSError as error:
        raise Gone from error
    finally:
        os.close(files)
    return links


def device_number(folder: int, name: str) -> int | None:
    """The number of the device behind an open file or a path; None for what is no device."""
    try:
        about = os.stat(name, dir_fd=folder)
    except (OSError, ValueError):
        return None
    return about.st_rdev if stat.S_ISCHR(about.st_mode) else None


def read(folder: int, name: str) -> bytes:
    """A file of a process that is told in one piece, up to 16 MB."""
    handle = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        first = os.read(handle, CHUNK)
        return first if len(first) < 4096 else first + rest_of(handle)
    finally:
        os.close(handle)


def read_lines(folder: int, name: str) -> bytes:
    """A file of a process that the kernel tells line by line, in pieces of any size."""
    handle = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        return rest_of(handle)
    finally:
        os.close(handle)


def rest_of(handle: int) -> bytes:
    parts, left = [], MOST
    while left > 0 and (part := os.read(handle, CHUNK)):
        parts.append(part)
        left -= len(part)
        if part.endswith(b"[vsyscall]\n"):  # always the last of /proc/PID/maps
            break
    return b"".join(parts)


def allowed(folder: int, name: str) -> bytes:
    """A file of a process, or nothing where it may not be read."""
    try:
        return read(folder, name)
    except OSError:
        return b""


def link_of(folder: int, name: str) -> str:
    """Where a link leads; "" where that may not be seen."""
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError:
        return ""


def exists(folder: int, path: str) -> bool:
    try:
        os.stat(path, dir_fd=folder)
    except (OSError, ValueError):
        return False
    return True


def shown(path: str) -> str:
    """A path that can be written down: bytes that are no text become a mark."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "replace")

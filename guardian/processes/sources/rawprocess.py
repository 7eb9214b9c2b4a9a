"""One process as the files of its /proc folder tell it, before anything is made of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from guardian.processes.model import Seen, Unknown
from guardian.processes.sources.procfs import (
    PF_KTHREAD,
    Stat,
    parse_cgroup,
    parse_cmdline,
    parse_stat,
    parse_status,
)

DELETED = " (deleted)"
MEMORY = "/memfd:"
CHUNK = 65536
MOST = 16 * 1024 * 1024


class Gone(Exception):  # noqa: N818 - it is news, not an error
    """The process ended while it was read, or has only its exit code left."""


@dataclass(frozen=True, slots=True)
class Exe:
    """The program file, as the process itself would name it; ``replaced``: a file is there now."""

    path: str
    deleted: bool
    replaced: bool
    in_memory: bool


@dataclass(frozen=True, slots=True)
class Raw:
    """``links`` are the open files by number; ``root`` is "" for the root this user sees."""

    pid: int
    stat: Stat
    kernel_thread: bool
    uid: int | None
    tracer: int
    argv: tuple[str, ...]
    unit: str | None
    exe: Seen[Exe]
    root: str
    container: str | None
    folder: str | None
    mount_namespace: str
    net_namespace: str
    links: Seen[dict[int, str]]


def read_text(path: Path) -> str:
    """A whole /proc file, or "" where it may not be read."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def read_process(proc: Path, pid: int) -> Raw:
    """Read what this user may see of one process. Raises :class:`Gone`."""
    try:
        folder = os.open(proc / str(pid), os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Gone from error
    try:
        return read_folder(folder, pid)
    except (FileNotFoundError, ProcessLookupError, ValueError) as error:
        raise Gone from error
    finally:
        os.close(folder)


def read_folder(folder: int, pid: int) -> Raw:
    stat = parse_stat(read(folder, "stat"))
    # a leader that ended while its threads go on is still a program; a lone zombie is not
    if stat.state in "ZXx" and stat.threads <= 1:
        raise Gone
    uid, tracer = parse_status(read(folder, "status"))
    kernel = bool(stat.flags & PF_KTHREAD)
    argv = () if kernel else parse_cmdline(read(folder, "cmdline"))
    unit, system = (None, None) if kernel else parse_cgroup(allowed(folder, "cgroup"))
    raw = Raw(
        pid, stat, kernel, uid, tracer, argv, unit, Unknown.DENIED,
        "", None, None, "", "", Unknown.DENIED,
    )  # fmt: skip
    if kernel:
        return raw
    try:
        link = os.readlink("exe", dir_fd=folder)
    except PermissionError:
        return raw
    except FileNotFoundError:
        if stat.state in "ZXx":
            return raw
        raise
    return look_inside(folder, raw, link, system)


def look_inside(folder: int, raw: Raw, link: str, system: str | None) -> Raw:
    """Add what needs the rights of the process's owner."""
    root = "" if same_root(folder) else link_of(folder, "root")
    if root not in ("", "/") and not link.startswith(root + "/"):
        root = ""  # it shut itself out of its files, as sandboxes do; its program lies outside
    container = container_name(folder, root, system)
    return Raw(
        pid=raw.pid,
        stat=raw.stat,
        kernel_thread=raw.kernel_thread,
        uid=raw.uid,
        tracer=raw.tracer,
        argv=raw.argv,
        unit=raw.unit,
        exe=find_exe(folder, inside(link, root)),
        root=root,
        container=container,
        folder=inside(link_of(folder, "cwd"), root) or None,
        mount_namespace=link_of(folder, "ns/mnt"),
        net_namespace=link_of(folder, "ns/net"),
        links=read_links(folder),
    )


def same_root(folder: int) -> bool:
    """Whether the process and Guardian see the same file tree."""
    try:
        return os.path.samestat(os.stat("root", dir_fd=folder), Path("/").stat())
    except OSError:
        return True


def container_name(folder: int, root: str, system: str | None) -> str | None:
    if not root:
        return None
    if exists(folder, "root/.flatpak-info"):
        return "flatpak"
    return system or ("chroot" if root != "/" else "sandbox")


def inside(path: str, root: str) -> str:
    """``path`` as seen from ``root``."""
    return path.removeprefix(root) if root not in ("", "/") else path


def find_exe(folder: int, link: str) -> Exe:
    """Read the link: « (deleted)» is said by the kernel, unless a file really is called so."""
    gone = link.endswith(DELETED) and not exists(folder, "root" + link)
    path = link.removesuffix(DELETED) if gone else link
    memory = gone and path.startswith(MEMORY)
    replaced = gone and not memory and exists(folder, "root" + path)
    return Exe(shown(path), gone, replaced, memory)


def read_links(folder: int) -> Seen[dict[int, str]]:
    """Where every open file leads to."""
    try:
        files = os.open("fd", os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
    except PermissionError:
        return Unknown.DENIED
    links = {}
    try:
        for name in os.listdir(files):  # noqa: PTH208 - a handle, not a path
            try:
                links[int(name)] = os.readlink(name, dir_fd=files)
            except (OSError, ValueError):  # closed meanwhile
                continue
    except PermissionError:
        return Unknown.DENIED
    finally:
        os.close(files)
    return links


def read(folder: int, name: str) -> bytes:
    """A whole file of a process, up to 16 MB."""
    handle = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        parts, left = [os.read(handle, CHUNK)], MOST
        while parts[-1] and left > 0 and (len(parts) > 1 or len(parts[0]) >= 4096):
            parts.append(os.read(handle, CHUNK))
            left -= len(parts[-1])
        return b"".join(parts)
    finally:
        os.close(handle)


def allowed(folder: int, name: str) -> str:
    try:
        return read(folder, name).decode("utf-8", "replace")
    except PermissionError:
        return ""


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
    return os.fsencode(path).decode("utf-8", "replace")

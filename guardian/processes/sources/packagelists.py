"""The file lists of dpkg, pacman and apk, and the question to rpm.

Lists are read below an open folder and no link is followed on the way, so that a container can
not lead the reader out of its own tree.
"""

from __future__ import annotations

import os
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

Check = Callable[[], None]
Found = Iterator[tuple[str, bytes]]
LARGEST = 64 * 1024 * 1024
"""Bytes of one list; the largest known is 3 MB."""
MOST_LISTS = 50_000


class Kind(Protocol):
    """A package system that keeps lists of files."""

    def stamp(self, tree: int) -> str | None:
        """A text that changes with every installed package; None: not used in this tree."""

    def find(self, tree: int, wanted: set[bytes], check: Check) -> Found:
        """The wanted paths that are listed, each with its package."""


@dataclass(frozen=True)
class PackageList:
    kind: Kind
    stamp: str


class Dpkg:
    """One ``PACKAGE.list`` or ``PACKAGE:ARCH.list`` each, full paths, a line each."""

    FOLDER = "var/lib/dpkg/info"

    def stamp(self, tree: int) -> str | None:
        return folder_stamp(tree, self.FOLDER)

    def find(self, tree: int, wanted: set[bytes], check: Check) -> Found:
        for name, raw in files_in(tree, self.FOLDER, ".list", check):
            for path in wanted.intersection(raw.split(b"\n")):
                yield name.removesuffix(".list").partition(":")[0], path


class Pacman:
    """``NAME-VERSION-RELEASE/files`` each: a line ``%FILES%``, then paths without the root."""

    FOLDER = "var/lib/pacman/local"

    def stamp(self, tree: int) -> str | None:
        return folder_stamp(tree, self.FOLDER)

    def find(self, tree: int, wanted: set[bytes], check: Check) -> Found:
        bare = {path[1:] for path in wanted}
        for name, raw in files_in(tree, self.FOLDER, "/files", check):
            for path in bare.intersection(raw.split(b"\n")):
                yield name.rsplit("-", 2)[0], b"/" + path


class Apk:
    """One file: ``P:`` names a package, ``F:`` a folder without the root, ``R:`` a file in it."""

    FILE = "lib/apk/db/installed"

    def stamp(self, tree: int) -> str | None:
        return folder_stamp(tree, self.FILE)

    def find(self, tree: int, wanted: set[bytes], check: Check) -> Found:
        package, folder = "", b""
        for number, line in enumerate(read_inside(tree, self.FILE).split(b"\n")):
            if number % 1000 == 0:
                check()
            kind, rest = line[:2], line[2:]
            if kind == b"P:":
                package = rest.decode("utf-8", "replace")
            elif kind == b"F:":
                folder = b"/" + rest + b"/" if rest else b"/"
            elif kind == b"R:" and folder + rest in wanted:
                yield package, folder + rest


LISTS: tuple[Kind, ...] = (Dpkg(), Pacman(), Apk())


def open_inside(tree: int, path: str, flags: int = os.O_RDONLY) -> int:
    """Open ``path`` below the folder ``tree`` without following a link. Raises ``OSError``."""
    flags |= os.O_NOFOLLOW | os.O_NONBLOCK
    first, _, rest = path.partition("/")
    if not rest:
        return os.open(first, flags, dir_fd=tree)
    step = os.open(first, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=tree)
    try:
        return open_inside(step, rest, flags)
    finally:
        os.close(step)


def read_inside(tree: int, path: str) -> bytes:
    """An ordinary file below ``tree``, or nothing where there is none that may be read."""
    try:
        handle = open_inside(tree, path)
    except OSError:
        return b""
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            return b""
        parts = []
        while part := os.read(handle, 1024 * 1024):
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)
    except OSError:
        return b""
    finally:
        os.close(handle)


def files_in(tree: int, folder: str, ending: str, check: Check) -> Iterator[tuple[str, bytes]]:
    """The files of a folder that end so, or with ``/NAME`` the file NAME of each folder in it."""
    try:
        handle = open_inside(tree, folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    inner = ending if ending.startswith("/") else ""
    try:
        for name in os.listdir(handle)[:MOST_LISTS]:  # noqa: PTH208 - a handle, not a path
            check()
            if inner or name.endswith(ending):
                yield name, read_inside(handle, name + inner)
    finally:
        os.close(handle)


def folder_stamp(tree: int, path: str) -> str | None:
    """When a list, or a folder of lists, changed; None for one that is empty or not there."""
    try:
        handle = open_inside(tree, path)
    except OSError:
        return None
    try:
        about = os.fstat(handle)
        folder = stat.S_ISDIR(about.st_mode)
        if folder and not os.listdir(handle):  # noqa: PTH208 - a handle, not a path
            return None
        return f"{path}:{about.st_dev}:{about.st_ino}:{about.st_mtime_ns}"
    except OSError:
        return None
    finally:
        os.close(handle)


RPM = "/usr/bin/rpm"
RPM_FOLDERS = ("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm")
RPM_SECONDS = 20.0
AT_ONCE = 200
NOBODYS = "/proc/version"
"""A file no package owns: put between two paths, its answer ends that of the path before."""
NOT_OWNED = b"file %s is not owned by any package"


def rpm_database(tree: int) -> str:
    """A text that changes with every package rpm installs; "" where rpm is not used."""
    for folder in RPM_FOLDERS:
        for file in ("rpmdb.sqlite", "Packages.db", "Packages"):
            if stamp := folder_stamp(tree, f"{folder}/{file}"):
                # what was written last may still stand in the log beside the database
                log = folder_stamp(tree, f"{folder}/{file}-wal") or ""
                return stamp + log if os.access(RPM, os.X_OK) else ""
    return ""


def rpm_owners(paths: Sequence[bytes], check: Check) -> dict[bytes, str]:
    """The packages of those paths that rpm knows; nothing where rpm gives no answer in time."""
    owners: dict[bytes, str] = {}
    end = time.monotonic() + RPM_SECONDS
    for first in range(0, len(paths), AT_ONCE):
        check()
        part = paths[first : first + AT_ONCE]
        owners.update(parse_rpm(part, ask_rpm(part, end - time.monotonic())))
    return owners


def ask_rpm(paths: Sequence[bytes], seconds: float) -> bytes:
    arguments = [each for path in paths for each in (path, NOBODYS.encode())]
    try:
        done = subprocess.run(
            [RPM.encode(), b"-qf", b"--qf", b"%{NAME}\n", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            timeout=max(seconds, 0.1),
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout


def parse_rpm(paths: Sequence[bytes], answer: bytes) -> dict[bytes, str]:
    """rpm's lines: per path one or more package names, or a sentence; nothing for a lost file."""
    owners: dict[bytes, str] = {}
    border = NOT_OWNED % NOBODYS.encode()
    waiting = iter(paths)
    path = next(waiting, None)
    for line in answer.split(b"\n"):
        if path is None:
            break
        if line == border:
            path = next(waiting, None)
        elif line and line != NOT_OWNED % path:
            owners.setdefault(path, line.decode("utf-8", "replace"))
    return owners

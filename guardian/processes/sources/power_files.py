"""Files that give whoever starts them more rights than he has, where ordinary users may write."""

from __future__ import annotations

import os
import stat
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.processes.model import PowerFile, Seen, Unknown
from guardian.processes.sources.mounts import Mounts
from guardian.processes.sources.owners import Owners
from guardian.processes.sources.procfs import name_capabilities
from guardian.processes.sources.rawprocess import shown

SECONDS = 30.0
"""The longest search; what then is left is said to be left."""
OPEN_PLACES = (
    "/tmp", "/var/tmp", "/dev/shm", "/run/user", "/run/lock", "/var/lock", "/var/crash",
    "/srv", "/opt", "/usr/local", "/var/www", "/var/spool/cron", "/home",
)  # fmt: skip
"""Besides the homes: folders where people, or programs for them, put files."""
PROGRAM_FOLDERS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/games", "/usr/libexec")
"""Looked at without the folders below."""
REAL = frozenset(
    ("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "bcachefs", "tmpfs", "overlay")
)
"""File systems that can carry such rights and are neither made up nor far away."""
STORAGE_MARKS = (
    {"overlay", "overlay-layers"}, {"overlay2", "image"}, {"vfs", "vfs-layers"},
    {"btrfs", "btrfs-layers"}, {"io.containerd.content.v1.content"},
)  # fmt: skip
"""What stands side by side in the storage of container systems (podman, docker, containerd)."""
SYSTEM_MARKS = {"etc", "usr", "var"}
"""What a folder holds that has a whole system in it, for chroot(1) and its like."""
OFTEN = 256


def find_power_files(
    homes: Iterable[Path], mounts: Mounts, owners: Owners, report: Report
) -> tuple[Seen[tuple[PowerFile, ...]], bool]:
    """All such files below ``homes`` and other open places, and whether the search came to its end.

    No link is followed. File systems that carry no such rights, and the images of containers,
    are left out. Raises ``Cancelled``.
    """
    note = message("processes.working.power-files")
    end = time.monotonic() + SECONDS
    found: dict[str, PowerFile] = {}
    complete = True

    def check() -> None:
        nonlocal complete
        report(0, 0, note)
        complete = complete and time.monotonic() < end

    trees: list[str] = []
    for start in (*map(str, homes), *OPEN_PLACES):
        for entry in walk(start, mounts, trees, check, lambda: complete):
            look_at(entry, found)
    for folder in PROGRAM_FOLDERS:
        if not Path(folder).is_symlink() and carries(folder, mounts):
            for entry in entries_of(folder):
                look_at(entry, found)
    packages = find_packages(found, trees, owners, check)
    files = (replace(found[path], owner=packages[path]) for path in sorted(found))
    return tuple(files), complete


def find_packages(
    paths: Iterable[str], trees: Iterable[str], owners: Owners, check: Callable[[], None]
) -> dict[str, Seen[str | None]]:
    """The package of each path. In a whole system kept in a folder, its own lists are asked."""
    left = set(paths)
    packages: dict[str, Seen[str | None]] = {}
    for tree in sorted(trees, key=len, reverse=True):
        inner = {path for path in left if path.startswith(f"{tree}/")}
        found = Owners(root=tree).find({path[len(tree) :] for path in inner}, check)
        if found is not None:
            packages |= {path: found[path[len(tree) :]] for path in inner}
            left -= inner
    here = owners.find(left, check)
    return packages | {path: Unknown.ABSENT if here is None else here[path] for path in left}


def walk(
    start: str,
    mounts: Mounts,
    trees: list[str],
    check: Callable[[], None],
    go_on: Callable[[], bool],
) -> Iterator[os.DirEntry[str]]:
    """All ordinary files below ``start``, with the patience that ``go_on`` has.

    Folders that hold a whole system are added to ``trees``.
    """
    if Path(start).is_symlink() or not carries(start, mounts):
        return
    left, seen = [start], 0
    while left and go_on():
        folder = left.pop()
        entries = entries_of(folder)
        names = {entry.name for entry in entries}
        if names >= SYSTEM_MARKS and is_roots(folder):
            trees.append(folder)
        storage = any(marks <= names for marks in STORAGE_MARKS)
        for entry in entries:
            seen += 1
            if seen % OFTEN == 0:
                check()
            try:
                if entry.is_dir(follow_symlinks=False):
                    if not storage and below(entry, mounts):
                        left.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry
            except OSError:
                continue


def is_roots(folder: str) -> bool:
    """Whether only the administrator can have put together what is in a folder."""
    try:
        about = os.lstat(folder)
    except OSError:
        return False
    return about.st_uid == 0 and not about.st_mode & 0o022


def below(entry: os.DirEntry[str], mounts: Mounts) -> bool:
    """Whether to look into a folder: not across the border to a file system without such rights."""
    mount = mounts.at(entry.path)
    return mount is None or carries(entry.path, mounts)


def carries(folder: str, mounts: Mounts) -> bool:
    mount = mounts.of(folder)
    return mount is None or (mount.kind in REAL and "nosuid" not in mount.options)


def entries_of(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def look_at(entry: os.DirEntry[str], found: dict[str, PowerFile]) -> None:
    """Add the file if it gives rights: it can be started, and starts as somebody else."""
    try:
        about = entry.stat(follow_symlinks=False)
        mode = about.st_mode
        if not mode & 0o111:
            return
        rights = file_rights(entry.path)
    except OSError:
        return
    setuid, setgid = bool(mode & stat.S_ISUID), bool(mode & stat.S_ISGID and mode & stat.S_IXGRP)
    if setuid or setgid or rights:
        path = shown(entry.path)
        found[path] = PowerFile(path, about.st_uid, setuid, setgid, rights, Unknown.ABSENT)


def file_rights(path: str) -> tuple[str, ...]:
    """The capabilities a file gives. Raises ``OSError`` where the file is gone."""
    try:
        raw = os.getxattr(path, "security.capability", follow_symlinks=False)
    except FileNotFoundError:
        raise
    except (OSError, AttributeError):  # it has none, or its file system knows none
        return ()
    return parse_rights(raw)


def parse_rights(raw: bytes) -> tuple[str, ...]:
    """``struct vfs_cap_data`` of include/uapi/linux/capability.h: permitted and inheritable
    bits by turns, in halves from the low one; nothing for what makes no sense."""
    halves = {1: 1, 2: 2, 3: 2}.get(raw[3] if len(raw) > 3 else 0, 0)
    if not halves or len(raw) < 4 + 8 * halves:
        return ()
    words = struct.unpack_from(f"<{2 * halves}I", raw, 4)
    return name_capabilities(sum(word << 32 * number for number, word in enumerate(words[::2])))

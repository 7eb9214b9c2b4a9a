"""Which package brought a file: asked of the package lists that this system, or a root, keeps."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from guardian.processes.sources.packagelists import (
    LISTS,
    PackageList,
    read_inside,
    rpm_database,
    rpm_owners,
)

MERGED = ("/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/")
TOLD_BY_PATH = (
    ("nix", re.compile(r"/nix/store/([^/]+)/.*")),
    ("guix", re.compile(r"/gnu/store/([^/]+)/.*")),
    ("snap", re.compile(r"(?:/var/lib/snapd)?/snap/(?!bin/)([^/]+)/[^/]+/.*")),
    ("snap", re.compile(r"(?:/var/lib/snapd)?/snap/bin/([^/.]+)(?:\.[^/]+)?")),
    ("flatpak", re.compile(r"/var/lib/flatpak/(?:app|runtime)/([^/]+)/.*")),
    ("flatpak", re.compile(r"/var/lib/flatpak/exports/bin/([^/]+)")),
    (
        "brew",
        re.compile(r"(?:/home/linuxbrew/\.linuxbrew|/opt/homebrew|/usr/local)/Cellar/([^/]+)/.*"),
    ),
)
"""Folders that only their package system writes to: the path alone names the package."""

LARGEST_CACHE = 20_000


@dataclass
class OwnerCache:
    """What was found before, and for which state of the package lists.

    May be kept between looks and on disk; a changed ``stamp`` makes all of it void.
    """

    stamp: str = ""
    owners: dict[str, str | None] = field(default_factory=dict)
    trees: dict[str, OwnerCache] = field(default_factory=dict)
    """The same for each container that runs."""


class Owners:
    """The packages of one file tree: that of the system, or the root of a container."""

    def __init__(self, cache: OwnerCache | None = None, root: str = "/") -> None:
        self.cache = cache if cache is not None else OwnerCache()
        self._root = root

    def find(
        self, paths: Iterable[str], check: Callable[[], None] = lambda: None
    ) -> dict[str, str | None] | None:
        """The package of each path, None for a path of no package; None: there are no lists.

        Paths are as seen inside the root. ``check`` is called between files, and may raise
        ``Cancelled``. Reads the lists once for all paths it does not know yet (about 8 MB, 0.05 s).
        """
        told = {path: told_by_path(path) for path in set(paths)}
        try:
            tree = os.open(self._root, os.O_PATH | os.O_DIRECTORY)
        except OSError:
            return None
        try:
            lists = tuple(self._lists(tree))
            rpm = rpm_database(tree) if self._root == "/" else ""
            known = self.cache.owners
            if not lists and not rpm and not is_store(tree):
                return None
            self._renew(tree, lists, rpm)
            # what a link leads to is never kept: it may lead elsewhere the next time
            ends = {
                path: self._end(path) for path in told if not told[path] and not known.get(path)
            }
            told |= {path: told_by_path(end) for path, end in ends.items()}
            asked = {*(path for path in told if not told[path]), *ends.values()}
            unknown = {path for path in asked if path not in known}
            if unknown:
                self._ask(tree, lists, bool(rpm), unknown, check)
        finally:
            os.close(tree)
        return {
            path: owner or known.get(path) or known.get(ends.get(path, path))
            for path, owner in told.items()
        }

    def _end(self, path: str) -> str:
        """Where a path leads in the end, for the tree this program itself lives in only: an
        alternative such as ``/usr/bin/editor`` belongs to the package of what it stands for."""
        follow = self._root == "/" and path.startswith("/") and "\0" not in path
        # the links there lead elsewhere for everybody who asks
        return (
            os.path.realpath(path) if follow and not path.startswith(("/proc/", "/dev/")) else path
        )

    def _lists(self, tree: int) -> Iterator[PackageList]:
        for kind in LISTS:
            if (stamp := kind.stamp(tree)) is not None:
                yield PackageList(kind, stamp)

    def _renew(self, tree: int, lists: tuple[PackageList, ...], rpm: str) -> None:
        """Forget everything if a package was installed, updated or removed since."""
        stamp = " ".join((*(each.stamp for each in lists), rpm or "")).strip()
        if self.cache.stamp != stamp or len(self.cache.owners) > LARGEST_CACHE:
            self.cache.stamp = stamp
            self.cache.owners.clear()

    def _ask(
        self,
        tree: int,
        lists: Sequence[PackageList],
        rpm: bool,
        paths: set[str],
        check: Callable[[], None],
    ) -> None:
        names = spell_all(paths)
        diversions = Diversions(read_inside(tree, "var/lib/dpkg/diversions"))
        wanted = {diversions.named(name) for name in names}
        found: dict[bytes, list[str]] = {}
        for each in lists:
            for package, name in each.kind.find(tree, wanted, check):
                found.setdefault(name, []).append(package)
        owners: dict[str, str | None] = dict.fromkeys(paths)
        for name, spelled in names.items():
            choice = diversions.choose(name, found)
            owners.update((path, owners[path] or choice) for path in spelled)
        if rpm:
            left = [
                name for name, spelled in names.items() if any(owners[p] is None for p in spelled)
            ]
            for name, found_by_rpm in rpm_owners(left, check).items():
                owners.update((path, owners[path] or found_by_rpm) for path in names[name])
        self.cache.owners.update(owners)


def is_store(tree: int) -> bool:
    """Whether this system keeps all its software in a store: NixOS and Guix have no lists."""
    return any(
        os.access(path, os.F_OK, dir_fd=tree, follow_symlinks=False)
        for path in ("run/current-system", "gnu/store")
    )


def told_by_path(path: str) -> str | None:
    """The package a path tells by itself, such as ``snap:firefox``."""
    for system, pattern in TOLD_BY_PATH:
        if match := pattern.fullmatch(path):
            return f"{system}:{match[1]}"
    return None


def spell_all(paths: set[str]) -> dict[bytes, list[str]]:
    """Every name a list may give to some of ``paths``."""
    names: dict[bytes, list[str]] = {}
    for path in paths:
        if path.startswith("/") and "\n" not in path and "\0" not in path:
            for name in spellings(path):
                names.setdefault(os.fsencode(name), []).append(path)
    return names


def spellings(path: str) -> tuple[str, ...]:
    """The names a list may give ``path``: before and after /bin and /lib moved into /usr."""
    if path.startswith("/usr/") and path[4:].startswith(MERGED):
        return (path, path[4:])
    return (path, "/usr" + path) if path.startswith(MERGED) else (path,)


class Diversions:
    """Files that one package moved aside for its own; the format is that of dpkg-divert(1)."""

    def __init__(self, raw: bytes) -> None:
        lines = raw.split(b"\n")
        self._from: dict[bytes, str] = {}
        self._to: dict[bytes, tuple[bytes, str]] = {}
        for at in range(0, len(lines) - 2, 3):
            by = lines[at + 2].decode("utf-8", "replace")
            self._from[lines[at]] = by
            self._to[lines[at + 1]] = (lines[at], by)

    def named(self, name: bytes) -> bytes:
        """What the lists call the file that now stands at ``name``."""
        return self._to[name][0] if name in self._to else name

    def choose(self, name: bytes, found: dict[bytes, list[str]]) -> str | None:
        """The package whose file stands at ``name`` now, of those that list it."""
        packages = found.get(self.named(name), [])
        if name in self._to:
            packages = [each for each in packages if each != self._to[name][1]]
        elif name in self._from:
            packages = [each for each in packages if each == self._from[name]]
        return packages[0] if packages else None

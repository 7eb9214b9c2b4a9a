"""Which package brought a file: the file lists of dpkg, read for the wanted paths only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

DPKG = Path("/var/lib/dpkg/info")
MERGED = ("/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/")
STORES = {"/nix/store/": "nix", "/gnu/store/": "guix"}
"""Folders that only their package system writes to."""


def spellings(path: str) -> tuple[str, ...]:
    """The names a list may give ``path``: before and after /bin and /lib moved into /usr."""
    if path.startswith("/usr/") and path[4:].startswith(MERGED):
        return (path, path[4:])
    return (path, "/usr" + path) if path.startswith(MERGED) else (path,)


def in_a_store(path: str) -> str | None:
    """The package system a path tells by itself."""
    for folder, name in STORES.items():
        if path.startswith(folder):
            return f"{name}:{path[len(folder) :].partition('/')[0]}"
    return None


def find_owners(
    paths: Iterable[str], check: Callable[[], None], folder: Path = DPKG
) -> dict[str, str | None] | None:
    """The package of each path, None for a path of no package; None for a system without dpkg.

    ``check`` is called between files, and may raise ``Cancelled``. Costs about 8 MB of reading
    on a small system, whatever the number of paths.
    """
    try:
        lists = [file.name for file in folder.iterdir() if file.suffix == ".list"]
    except OSError:
        return None
    if not lists:
        return None
    owners: dict[str, str | None] = {path: in_a_store(path) for path in paths}
    wanted = {
        os.fsencode(name): path
        for path, owner in owners.items()
        if owner is None
        for name in spellings(path)
    }
    names = set(wanted)
    for name in lists:
        check()
        for line in names.intersection(read(folder / name).split(b"\n")):
            owners[wanted[line]] = name.removesuffix(".list").partition(":")[0]
    return owners


def read(path: Path) -> bytes:
    """A list, or nothing if its package is being removed right now."""
    try:
        return path.read_bytes()
    except OSError:
        return b""

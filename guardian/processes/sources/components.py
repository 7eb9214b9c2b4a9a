"""Code inside a process that its program file did not bring: variables and mapped files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from guardian.processes.sources.rawprocess import (
    DELETED,
    MEMORY,
    Exe,
    allowed,
    exists,
    inside,
    read_lines,
    shown,
)

VARIABLES = re.compile(rb"(?:\A|\0)(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|APPIMAGE)=([^\0]*)")
"""The only variables ever looked at; see ld.so(8). All others are dropped unread."""

SYSTEM = r"(?:usr/(?!local/)|lib(?:32|64|x32)?/|s?bin/|nix/store/|gnu/store/|snap/)"
SYSTEM_FOLDER = re.compile("/" + SYSTEM)
MAPPED = re.compile(
    rb"xp [0-9a-f]{8,} [0-9a-f]+:[0-9a-f]+ \d+ +(/(?:(?!%b)[^\n]+|[^\n]+ \(deleted\)))$"
    % SYSTEM.encode(),
    re.MULTILINE,
)
"""Lines of /proc/PID/maps: code of its own copy, from elsewhere or from a file that is gone.

Memory that programs share with themselves to write code into it is mapped otherwise («s»).
"""
SHARED_MEMORY = ("/dev/zero", "/SYSV", "/anon_hugepage", "/[")
"""What the kernel calls memory that never was a file."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A component whose package is not known yet."""

    path: str
    via: str
    deleted: bool


def read_variables(folder: int) -> dict[str, str]:
    """Those few of a process's variables that bring code into it; None may be denied here."""
    found: dict[str, str] = {}
    raw = allowed(folder, "environ")
    if b"LD_" not in raw and b"APPIMAGE" not in raw:  # as nearly always
        return found
    for match in VARIABLES.finditer(raw):
        if match[2]:
            found[match[1].decode()] = match[2].decode("utf-8", "replace")
    return found


def find_pieces(
    folder: int, exe: Exe, root: str, work_folder: str | None, variables: dict[str, str]
) -> tuple[Piece, ...]:
    """What is mapped as code from outside the system's folders, and what variables bring.

    Raises ``OSError`` where the maps may not be read.
    """
    maps = read_lines(folder, "maps")
    pieces = dict.fromkeys(mapped_pieces(folder, maps, exe, root, variables))
    for name in ("LD_PRELOAD", "LD_AUDIT"):
        for entry in re.split(r"[ :]+", variables.get(name, "")):
            if not entry:
                continue
            path = locate(entry, maps, root, work_folder)
            pieces.pop(Piece(path, "", False), None)
            pieces.pop(Piece(path, "LD_LIBRARY_PATH", False), None)
            pieces[Piece(path, name, False)] = None
    return tuple(pieces)


def mapped_pieces(
    folder: int, maps: bytes, exe: Exe, root: str, variables: dict[str, str]
) -> list[Piece]:
    """Code from files outside the system's folders, or from files that are gone."""
    found = []
    asked = variables.get("LD_LIBRARY_PATH", "").split(":") if exe_of_system(exe) else []
    for raw in dict.fromkeys(MAPPED.findall(maps)):
        link = os.fsdecode(raw.replace(rb"\012", b"\n"))
        path = inside(link, root)
        if link == exe.link or path.startswith(SHARED_MEMORY):
            continue
        gone = path.endswith(DELETED) and (
            path.startswith(MEMORY) or not exists(folder, "root" + path)
        )
        if gone:
            path = path.removesuffix(DELETED)
        elif SYSTEM_FOLDER.match(path):
            continue
        foreign = any(part and path.startswith(part.rstrip("/") + "/") for part in asked)
        found.append(Piece(shown(path), "LD_LIBRARY_PATH" if foreign else "", gone))
    return found


def exe_of_system(exe: Exe) -> bool:
    """A program of the system has no use for libraries from elsewhere; others bring theirs."""
    return SYSTEM_FOLDER.match(exe.path) is not None


def locate(entry: str, maps: bytes, root: str, work_folder: str | None) -> str:
    """The full path of what a variable names, taken from what is mapped where it can be."""
    name = entry.rpartition("/")[2]
    if "/" not in entry or "$" in entry:
        pattern = rb"^\S+ \S+ \S+ \S+ \d+ +(/\S*/" + re.escape(os.fsencode(name)) + rb")$"
        match = re.search(pattern, maps, re.MULTILINE)
        return shown(inside(os.fsdecode(match[1]), root)) if match else entry
    if entry.startswith("/") or not work_folder:
        return entry
    return os.path.normpath(f"{work_folder}/{entry}")

"""What is mounted where, as /proc/PID/mountinfo tells. Format: the manual page proc(5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

DISTANT = re.compile(r"fuse(\..*)?|nfs\d?|cifs|smb3|ceph|afs|autofs|davfs|sshfs|coda|orangefs")
"""File systems served by a program or another computer: asking them may never be answered."""


@dataclass(frozen=True, slots=True)
class Mount:
    point: str
    kind: str
    options: frozenset[str]

    @property
    def read_only(self) -> bool:
        return "ro" in self.options

    @property
    def distant(self) -> bool:
        return DISTANT.fullmatch(self.kind) is not None


ESCAPE = re.compile(r"\\([0-7]{3})")


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """The mounts in their order: a later mount on the same point hides an earlier one."""
    mounts = []
    for line in text.split("\n"):
        before, dash, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")
        if not dash or len(fields) < 6 or len(kind) < 3:
            continue
        point = ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4])
        # the file system itself may be read-only, and so may this view of it
        mounts.append(Mount(point, kind[0], frozenset((fields[5] + "," + kind[2]).split(","))))
    return tuple(mounts)


class Mounts:
    """The mounts of one file tree, asked by path."""

    def __init__(self, text: str) -> None:
        self.all = parse_mounts(text)
        self._points = {mount.point.rstrip("/"): mount for mount in self.all}
        self._known: dict[str, Mount | None] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def of(self, path: str) -> Mount | None:
        """The mount that ``path`` lies on."""
        mount = self._points.get(path.rstrip("/"))
        return mount or self._of_folder(path.rpartition("/")[0])

    def at(self, path: str) -> Mount | None:
        """The mount whose point is ``path`` itself."""
        return self._points.get(path)

    def _of_folder(self, folder: str) -> Mount | None:
        if folder not in self._known:
            here = folder
            while here and here not in self._points:
                here = here.rpartition("/")[0]
            self._known[folder] = self._points.get(here)
        return self._known[folder]

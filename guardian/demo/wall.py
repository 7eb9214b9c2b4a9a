"""The wall around the demonstration: nothing outside its folder is written, made or deleted.

The kernel holds it where it can (:mod:`guardian.demo.landlock`), for this process and all that it
starts. Python's own audit hook holds it everywhere for this process, and says so in plain words.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from guardian.core.errors import Problem
from guardian.demo.landlock import only_write_beneath

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# what a window, a terminal and the graphics need to write to; none of it keeps anything
DEVICES = (
    "/dev/null", "/dev/tty", "/dev/pts", "/dev/ptmx", "/dev/dri", "/dev/nvidia0", "/dev/nvidiactl",
    "/dev/nvidia-modeset", "/dev/nvidia-uvm", "/dev/kfd",
)  # fmt: skip
# by event: which of its arguments are paths that change, and which is the folder they start from
PATHS = {
    "os.mkdir": ((0, 2),),
    "os.rmdir": ((0, 1),),
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, None),),
    "os.removexattr": ((0, None),),
}


def raise_wall(folder: Path) -> bool:
    """From now on this process writes beneath ``folder`` alone. Whether the kernel holds it too.

    Elsewhere :class:`Problem` ``demo-outside`` is raised. Cannot be undone; call it before there
    is a second thread.
    """
    held = only_write_beneath([folder], [Path(device) for device in DEVICES])
    sys.addaudithook(make_hook(folder))
    return held


def make_hook(folder: Path) -> Callable[[str, tuple[object, ...]], None]:
    root = os.path.realpath(folder)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            flags = arguments[2]
            if isinstance(flags, int) and flags & WRITING:
                refuse_outside(root, arguments[0])
        elif event == "os.mkdir" and os.path.isdir(arguments[0]):  # type: ignore[arg-type]  # noqa: PTH112
            return  # «make it if it is not there», and it is
        elif event in PATHS:
            for place, start in PATHS[event]:
                refuse_outside(root, arguments[place], -1 if start is None else arguments[start])
        elif event == "sqlite3.connect":
            refuse_database(root, arguments[0])

    return hook


def refuse_outside(root: str, path: object, start: object = -1) -> None:
    """Raise ``Problem`` unless ``path`` lies beneath ``root``; ``start`` is an open folder."""
    if isinstance(path, int) or path is None:  # a file that is open already
        return
    text = os.fsdecode(path)  # type: ignore[arg-type]
    if isinstance(start, int) and start >= 0:  # joined to a whole path, it counts for nothing
        try:
            text = os.path.join(os.readlink(f"/proc/self/fd/{start}"), text)  # noqa: PTH118, PTH115
        except OSError:
            return  # a system without such links: the folder was reached through the wall
    # a link that leads out counts as outside, even where only the link itself would change
    real = os.path.realpath(text)
    if text == os.devnull or real.startswith(DEVICES):
        return
    if real != root and not real.startswith(root + os.sep):
        raise Problem("demo-outside", name=os.path.dirname(real))  # noqa: PTH120


def refuse_database(root: str, place: object) -> None:
    text = os.fsdecode(place) if isinstance(place, str | bytes | os.PathLike) else ""
    if text.startswith("file:"):
        parts = urlsplit(text)
        if "mode=ro" in parts.query:
            return
        text = unquote(parts.path)
    if text and text != ":memory:":
        refuse_outside(root, text)

"""Which of the places that products live in exist on this computer."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path


def find_places(places: Iterable[str], homes: Iterable[Path]) -> tuple[str, ...]:
    """Those of ``places`` that exist, as they were given.

    ``~`` stands for any of ``homes``, ``*`` for one folder name or a part of it. Places of other
    systems are not there.
    """
    roots = [str(home) for home in homes]
    return tuple(place for place in places if any(map(is_there, spread(place, roots))))


def spread(place: str, homes: list[str]) -> list[str]:
    if place.startswith("~/"):
        return [home + place[1:] for home in homes if "*" not in home]
    return [place] if place.startswith("/") else []


def is_there(place: str) -> bool:
    if "*" not in place:
        return os.path.lexists(place)
    pattern = "*".join(glob.escape(part) for part in place.split("*"))
    return next(glob.iglob(pattern), None) is not None  # noqa: PTH207 - it may be any path


def user_homes() -> tuple[Path, ...]:
    """The home folders of all people who use this computer."""
    import pwd

    ordinary = (each for each in pwd.getpwall() if each.pw_uid == 0 or each.pw_uid >= 1000)
    homes = {each.pw_dir for each in ordinary if each.pw_dir not in ("", "/", "/nonexistent")}
    return tuple(Path(home) for home in sorted(homes) if os.access(home, os.F_OK))

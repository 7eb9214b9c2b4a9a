"""Names for whoever looks over a shoulder: their owner knows them again, nobody else does."""

from __future__ import annotations

import re

DOTS = "•••"
ENDING = re.compile(r"[^\W_][\w-]{0,23}")


def mask(text: str) -> str:
    """``text`` with its first letters alone: «a•••» for a name, «a•••@e•••.test» for an address.

    How long it is does not show. Nothing stays of a single letter, and "" of nothing.
    """
    bare = text.strip()
    local, at, host = bare.rpartition("@")
    if at and local and host:
        name, dot, ending = host.rpartition(".")
        tells = not ENDING.fullmatch(ending)  # no ending of a host: what else it may be is covered
        shown = DOTS if tells else f"{cover(name)}{dot}{ending}"
        covered = f"{cover(local)}@{shown if name else DOTS}"
    else:
        covered = cover(bare) if text else ""
    return covered if covered != text or not text else f"{covered}•"  # it was covered already


def cover(name: str) -> str:
    first = name[:1] if len(name) > 1 and name[0].isprintable() else ""
    return f"{first}{DOTS}"

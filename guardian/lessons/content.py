"""The eight lesson packs, as shipped in ``assets/lessons``."""

from __future__ import annotations

from functools import cache

from guardian.core.content import read_content
from guardian.lessons.model import Pack

# the first is about what everybody can see at once, the last needs the most patience
ORDER = ("cancel", "pause", "clauses", "computer", "phone", "encrypt", "rights", "evidence")
PAGES = ("checkup", "accounts", "vault", "processes", "clauses", "lessons", "settings")
CARE = 5  # sentences of the card read out at the start of a workshop


@cache
def read_packs() -> tuple[Pack, ...]:
    """All packs, in the order they are shown. Raises ``Problem("content-bad")``."""
    packs = {pack.id: pack for pack in read_content("lessons/packs.json", tuple[Pack, ...])}
    return tuple(packs[name] for name in ORDER)

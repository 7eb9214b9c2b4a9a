"""What changed between two versions of a document, and several documents side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from guardian.clauses.model.clause import Clause


class Shift(StrEnum):
    """Which way a change goes for the reader."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"


class ChangeKind(StrEnum):
    """What happened to a clause: it came, went, says another number, or turned to its twin."""

    ADDED = "added"
    REMOVED = "removed"
    VALUE = "value"
    TURNED = "turned"


@dataclass(frozen=True)
class Change:
    """One clause that changed. ``old`` is None for added, ``new`` None for removed.

    For ``VALUE``: ``slot`` is its name, ``before`` and ``after`` its text («30 days» -> «6 months»;
    empty where one version gives none). In lists they are the items that went and that came.
    """

    kind: ChangeKind
    shift: Shift
    old: Clause | None
    new: Clause | None
    slot: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Reworded:
    """A sentence of the old version and what stands in its place; places in their own texts.

    Empty ``old``: it is new. Empty ``new``: it is gone. ``likeness`` 0 to 1. ``kinds`` are the ids
    of clauses that stand in it (in the new one, where there are both).
    """

    old: str
    new: str
    old_start: int = 0
    new_start: int = 0
    likeness: float = 0.0
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class VersionChange:
    """Two versions compared: first by clause, then by sentence.

    ``changes`` stand worst first. ``same`` counts sentences that stand in both, wherever they are;
    ``moved`` those among them that stand elsewhere. ``gone`` and ``come`` count sentences of which
    only hashes are known, since their document is only remembered.
    """

    old_title: str
    new_title: str
    changes: tuple[Change, ...]
    added: tuple[Reworded, ...]
    removed: tuple[Reworded, ...]
    reworded: tuple[Reworded, ...]
    same: int
    moved: int = 0
    gone: int = 0
    come: int = 0

    def at(self, shift: Shift) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.shift is shift)


@dataclass(frozen=True)
class SideBySide:
    """Two to six documents: one row for each kind of clause found in any, the gravest first.

    ``rows[id][n]`` are the clauses of that kind in document ``n``, the surest first.
    """

    titles: tuple[str, ...]
    rows: Mapping[str, tuple[tuple[Clause, ...], ...]]

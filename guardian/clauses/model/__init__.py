"""The nouns of this pillar: a document, its passages, the clauses found in it, what they mean."""

from guardian.clauses.model.change import (
    Change,
    ChangeKind,
    Reworded,
    Shift,
    SideBySide,
    VersionChange,
)
from guardian.clauses.model.checklist import Applies, Checklist, Item, Law, Presence
from guardian.clauses.model.clause import Basis, Clause, Direction, Pointer, gather, surest
from guardian.clauses.model.document import Document, Passage, PassageKind, SourceKind
from guardian.clauses.model.explanation import (
    SOURCE_MOST,
    Explanation,
    Fact,
    Glance,
    Readability,
    ReadDocument,
    Standing,
    Understood,
)
from guardian.clauses.model.labels import GIVEN, TOPICS, UNFAIR, Labels, Verdict

__all__ = [
    "GIVEN",
    "SOURCE_MOST",
    "TOPICS",
    "UNFAIR",
    "Applies",
    "Basis",
    "Change",
    "ChangeKind",
    "Checklist",
    "Clause",
    "Direction",
    "Document",
    "Explanation",
    "Fact",
    "Glance",
    "Item",
    "Labels",
    "Law",
    "Passage",
    "PassageKind",
    "Pointer",
    "Presence",
    "ReadDocument",
    "Readability",
    "Reworded",
    "Shift",
    "SideBySide",
    "SourceKind",
    "Standing",
    "Understood",
    "Verdict",
    "VersionChange",
    "gather",
    "surest",
]

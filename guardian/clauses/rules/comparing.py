"""Says what changed between two versions of a document, and sets several side by side.

What counts is what a document says at all: a kind of clause that came, went, turned into its near-
twin, or names another value. A sentence put differently is counted and no more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from guardian.clauses.content import read_catalogue
from guardian.clauses.model import (
    Change,
    ChangeKind,
    Clause,
    Direction,
    Explanation,
    PassageKind,
    ReadDocument,
    Reworded,
    Shift,
    SideBySide,
    VersionChange,
    surest,
)
from guardian.clauses.rules.aligning import Alignment, align, key, pair_same, tokens
from guardian.clauses.rules.rewording import all_stand, last_sentence, merely_reworded
from guardian.clauses.rules.values import LISTED, compare_slots, shift_of

Kinds = dict[str, list[Clause]]
Partners = tuple[Clause, Clause, float]  # of the old and the new version, and their likeness
ORDER = (Shift.WORSE, Shift.BETTER, Shift.OTHER)
GOOD_GONE = 2  # how grave it is that a clause in the reader's favour came or went


@dataclass(frozen=True)
class Version:
    """One side of a comparison. ``keys`` are hashes of its sentences, ``texts`` their words and
    ``starts`` their places; both are empty for a document that is only remembered."""

    title: str
    clauses: tuple[Clause, ...]
    keys: tuple[str, ...]
    texts: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()

    @cached_property
    def said(self) -> str:
        """All words that are known of it, in one line, so that a phrase can be looked for."""
        texts = self.texts or tuple(one.quote for one in self.clauses)
        return " " + " ".join(word for text in texts for word in tokens(text)) + " "


def compare_versions(old: Explanation, new: Explanation) -> VersionChange:
    """What changed from ``old`` to ``new``: by clause, the worst first, then by sentence."""
    return compare(to_version(old), to_version(new))


def compare_with_read(old: ReadDocument, new: Explanation | ReadDocument) -> VersionChange:
    """The same where only clauses and hashes of the old version are at hand.

    The words of its other sentences are not known: they are only counted (``gone``).
    """
    return compare(to_version(old), to_version(new))


def put_side_by_side(documents: Sequence[Explanation | ReadDocument]) -> SideBySide:
    """Two to six documents, a row for each kind of clause that any of them has."""
    versions = [to_version(one) for one in documents]
    kinds = [by_kind(one.clauses) for one in versions]
    first = {clause.id: clause for one in reversed(versions) for clause in one.clauses}
    order = {kind.id: number for number, kind in enumerate(read_catalogue().kinds)}
    ids = sorted(first, key=lambda one: (-first[one].severity, order.get(one, len(order)), one))
    return SideBySide(
        titles=tuple(one.title for one in versions),
        rows={one: tuple(tuple(found.get(one, ())) for found in kinds) for one in ids},
    )


def sentence_keys(explanation: Explanation) -> tuple[str, ...]:
    """Short hashes of the sentences, in order; headings say nothing and are left out."""
    return tuple(key(text) for text, _ in sentences_of(explanation))


def sentences_of(explanation: Explanation) -> list[tuple[str, int]]:
    text = explanation.document.text
    return [
        (text[one.start : one.end], one.start)
        for one in explanation.passages
        if one.kind is not PassageKind.HEADING
    ]


def to_version(document: Explanation | ReadDocument) -> Version:
    if isinstance(document, ReadDocument):
        return Version(document.title, document.clauses, document.sentences)
    found = sentences_of(document)
    texts = tuple(text for text, _ in found)
    keys = tuple(key(text) for text in texts)
    starts = tuple(start for _, start in found)
    return Version(document.document.title, document.clauses, keys, texts, starts)


def compare(old: Version, new: Version) -> VersionChange:
    """Both parts of the answer: the clauses, and the sentences around them."""
    changes = compare_clauses(old, new)
    if old.texts and new.texts:
        found = align(old.texts, new.texts)
        return with_sentences(old, new, changes, found)
    if not old.keys or not new.keys:  # remembered by an older Guardian: nothing to count
        return VersionChange(old.title, new.title, changes, (), (), (), same=0)
    same = pair_same(old.keys, new.keys)
    matched = {pair.new for pair in same}
    return VersionChange(
        old_title=old.title,
        new_title=new.title,
        changes=changes,
        added=tuple(
            Reworded("", text, 0, new.starts[number])
            for number, text in enumerate(new.texts)
            if number not in matched
        ),
        removed=(),
        reworded=(),
        same=len(same),
        gone=len(old.keys) - len(same),
        come=0 if new.texts else len(new.keys) - len(same),
    )


def with_sentences(
    old: Version, new: Version, changes: tuple[Change, ...], found: Alignment
) -> VersionChange:
    before, after = kinds_by_sentence(old), kinds_by_sentence(new)
    return VersionChange(
        old_title=old.title,
        new_title=new.title,
        changes=changes,
        added=tuple(
            Reworded("", new.texts[n], 0, new.starts[n], kinds=after.get(n, ()))
            for n in found.come
        ),
        removed=tuple(
            Reworded(old.texts[n], "", old.starts[n], 0, kinds=before.get(n, ()))
            for n in found.gone
        ),
        reworded=tuple(
            Reworded(
                old.texts[one.old], new.texts[one.new], old.starts[one.old], new.starts[one.new],
                one.likeness, after.get(one.new, ()),
            )
            for one in found.alike
        ),
        same=len(found.same),
        moved=found.moved,
    )  # fmt: skip


def kinds_by_sentence(version: Version) -> dict[int, tuple[str, ...]]:
    """The kinds of clause in each sentence; a quote that begins with its lead line counts for the
    sentence it ends with."""
    found: dict[int, tuple[str, ...]] = {}
    for clause in version.clauses:
        number = bisect_left(version.starts, clause.end) - 1
        if number >= 0 and clause.id not in found.get(number, ()):
            found[number] = (*found.get(number, ()), clause.id)
    return found


def compare_clauses(old: Version, new: Version) -> tuple[Change, ...]:
    """The changes by clause, the worst first."""
    before, after = by_kind(old.clauses), by_kind(new.clauses)
    partners = pair_by_quote(old.clauses, new.clauses)
    gone = kinds_without(before, after, new)
    come = kinds_without(after, before, old)
    turned = pair_twins(gone, come, partners)
    changes = [turn(*pair) for pair in turned]
    paired = {one.id for pair in turned for one in pair}
    for one in (clauses[0] for clauses in gone.values()):
        if one.id not in paired and worth(one):
            changes.append(Change(ChangeKind.REMOVED, opposite(towards(one)), one, None))
    for one in (clauses[0] for clauses in come.values()):
        if one.id not in paired and worth(one):
            changes.append(Change(ChangeKind.ADDED, towards(one), None, one))
    for name in before.keys() & after.keys():
        changes += compare_slots(
            before[name],
            after[name],
            [(one, other) for one, other, _ in partners if one.id == other.id == name],
            (old.said, new.said),
        )
    return told_once(sorted(changes, key=worst_first))


def pair_by_quote(old: Sequence[Clause], new: Sequence[Clause]) -> list[Partners]:
    """All clauses of one sentence with all those of the sentence in its place."""
    before, after = by_text(old, lambda one: one.quote), by_text(new, lambda one: one.quote)
    here, there = list(before), list(after)
    found = align(here, there)
    return [
        (one, other, pair.likeness)
        for pair in chain(found.same, found.alike)
        for one in before[here[pair.old]]
        for other in after[there[pair.new]]
    ]


def by_text(clauses: Iterable[Clause], text: Callable[[Clause], str]) -> Kinds:
    """The clauses of each sentence, every kind once: a text may say the same a thousand times."""
    found: dict[str, dict[str, Clause]] = {}
    for clause in clauses:
        found.setdefault(text(clause), {}).setdefault(clause.id, clause)
    return {name: list(kinds.values()) for name, kinds in found.items()}


def told_once(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Without lists that came into one sentence and count for several kinds: the gravest has it."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for change in changes:
        if change.slot in LISTED:
            if (change.before, change.after) in seen:
                continue
            seen.add((change.before, change.after))
        kept.append(change)
    return tuple(kept)


def by_kind(clauses: Iterable[Clause]) -> Kinds:
    """Clauses of one kind together, the surest first."""
    kinds: Kinds = {}
    for clause in clauses:
        kinds.setdefault(clause.id, []).append(clause)
    return {name: sorted(found, key=surest) for name, found in kinds.items()}


def kinds_without(here: Kinds, there: Kinds, other: Version) -> Kinds:
    """The kinds that stand ``here`` and nowhere ``there``, as far as that can be told.

    Recognisers look at words: one small word more or less may hide a clause from them, or show
    one. Where a sentence stands there too, or nearly so, nothing came or went.
    """
    missing = {name: found for name, found in here.items() if name not in there}
    if not missing:
        return {}
    keys = frozenset(other.keys)
    texts = other.texts or tuple(one.quote for one in other.clauses)
    pieces = by_text(chain.from_iterable(missing.values()), lambda one: last_sentence(one.quote))
    places = list(pieces)
    close = align(places, texts)
    standing = {one.id for found in pieces.values() for one in found if all_stand(one.quote, keys)}
    for pair in (*close.alike, *close.inside):
        text = places[pair.old]
        standing |= {
            one.id for one in pieces[text] if merely_reworded(one.id, text, texts[pair.new], pair)
        }
    return {name: found for name, found in missing.items() if name not in standing}


def pair_twins(
    gone: Kinds, come: Kinds, partners: Sequence[Partners]
) -> list[tuple[Clause, Clause]]:
    """Clauses that went, each with the one that came in its place.

    That is the one in the same sentence: a near-twin, also one that stood elsewhere before, or a
    new one of the same group. Else it is a near-twin anywhere.
    """
    twins = {kind.id: kind.twins for kind in read_catalogue().kinds}

    def are_twins(one: str, other: str) -> bool:
        return other in twins.get(one, ()) or one in twins.get(other, ())

    pairs: list[tuple[float, int, int, Clause, Clause]] = []
    for one, other, likeness in partners:
        both = (one.id in gone) + (other.id in come)
        if one.id == other.id or not both:
            continue
        if are_twins(one.id, other.id) or (both == 2 and one.group == other.group):
            pairs.append((-likeness - both, one.start, other.start, one, other))
    for went in gone.values():
        for came in come.values():
            if are_twins(went[0].id, came[0].id):
                pairs.append((-1.0, went[0].start, came[0].start, went[0], came[0]))
    chosen: list[tuple[Clause, Clause]] = []
    taken: set[str] = set()
    for *_, one, other in sorted(pairs, key=lambda pair: pair[:3]):
        names = {one.id} & gone.keys() | {other.id} & come.keys()
        if not taken & names:
            taken |= names
            chosen.append((one, other))
    return chosen


def turn(old: Clause, new: Clause) -> Change:
    """One clause in place of its near-twin, with the period that either names."""
    before, after = old.slots.get("period", ""), new.slots.get("period", "")
    slot = "period" if before or after else ""
    one, other = worth(old), worth(new)
    if one != other:
        shift = Shift.WORSE if other < one else Shift.BETTER
    else:
        shift = shift_of(slot, new, before, after) if slot else Shift.OTHER
    return Change(ChangeKind.TURNED, shift, old, new, slot, before, after)


def worth(clause: Clause) -> int:
    """What a clause is worth to the reader: below zero the graver it is, above where it helps,
    zero where it is nothing to her."""
    return 1 if clause.direction is Direction.GOOD else -clause.severity


def towards(clause: Clause) -> Shift:
    """Which way a document goes when it gets this clause."""
    return {Direction.GOOD: Shift.BETTER, Direction.BAD: Shift.WORSE}.get(
        clause.direction, Shift.OTHER
    )


def opposite(shift: Shift) -> Shift:
    return {Shift.BETTER: Shift.WORSE, Shift.WORSE: Shift.BETTER}.get(shift, shift)


def worst_first(change: Change) -> tuple[int, int, int, str]:
    """Sorting key: worse, better, other; within each the gravest clause first."""
    clauses = [one for one in (change.old, change.new) if one is not None]
    gravity = max(
        one.severity if one.direction is not Direction.GOOD else GOOD_GONE for one in clauses
    )
    return ORDER.index(change.shift), -gravity, clauses[-1].start, clauses[-1].id

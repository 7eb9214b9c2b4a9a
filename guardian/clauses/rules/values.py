"""Compares the values that two versions of a clause name: periods, amounts, lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardian.clauses.model import Change, ChangeKind, Clause, Direction, Shift
from guardian.clauses.rules.aligning import tokens
from guardian.clauses.rules.measuring import read_amount, read_days

MEASURED = ("period", "deadline", "amount")
# lists matter where they say who gets data, or what is taken
WHO_GETS = frozenset(
    ("data-sale", "data-brokers", "cross-context-ads", "unnamed-partners", "shared-in-group")
).union(("service-providers", "ad-trackers", "ad-profile", "third-party-cookies"))
WHAT_IS_TAKEN = "collection"
LISTED = ("recipients", "data")
NAMED = ("country", "law")
# what a longer period means, by group and, where a kind differs from its group, by kind
LONGER = {
    "retention": Shift.WORSE,
    "choice": Shift.WORSE,
    "security": Shift.WORSE,
    "changes": Shift.BETTER,
    "terms": Shift.BETTER,
}
LONGER_OF_KIND = {
    "auto-renewal": Shift.WORSE,
    "cancel-hard": Shift.WORSE,
    "content-licence": Shift.WORSE,
    "export-offered": Shift.BETTER,
    "virtual-items": Shift.OTHER,
}
MORE_OF_KIND = {
    "liability-limited": Shift.BETTER,
    "liability-kept": Shift.BETTER,
    "access-fee": Shift.WORSE,
    "auto-renewal": Shift.WORSE,
    "trial-turns-paid": Shift.WORSE,
}
TO_REVERSE = {Shift.BETTER: Shift.WORSE, Shift.WORSE: Shift.BETTER, Shift.OTHER: Shift.OTHER}
SEPARATOR = re.compile(r"\s*[,;、，；]\s*(?:and |or )?|\s+(?:and/or|and|or)\s+|以及|和|与|或")
SMALL = frozenset(
    ("a", "an", "the", "our", "your", "their", "such", "as", "of", "other", "certain")
)
ITEM_MOST = 8  # words; what is longer is no item of a list


def compare_slots(
    old: Sequence[Clause],
    new: Sequence[Clause],
    partners: Sequence[tuple[Clause, Clause]],
    said: tuple[str, str],
) -> list[Change]:
    """What changed in the values that clauses of one kind name.

    ``partners`` are those that stand in each other's place, ``said`` all words of the old and of
    the new version. A value that another clause of the kind had already, or still has, is no
    change, nor is something on a list that the other version speaks of anywhere.
    """
    changes: list[Change] = []
    for slot in (*MEASURED, *NAMED):
        if slot == "deadline" and changes:
            continue  # the period is a part of it
        found = compare_one_value(slot, old, new, partners)
        if found:
            changes.append(found)
    for slot in LISTED:
        found = compare_lists(slot, old, new, said) if lists_matter(slot, old[0]) else None
        if found:
            changes.append(found)
    return changes


def lists_matter(slot: str, clause: Clause) -> bool:
    if slot == "recipients":
        return clause.id in WHO_GETS
    return clause.group == WHAT_IS_TAKEN and clause.direction is not Direction.GOOD


def compare_one_value(
    slot: str,
    old: Sequence[Clause],
    new: Sequence[Clause],
    partners: Sequence[tuple[Clause, Clause]],
) -> Change | None:
    """A value that gave way to another: in one sentence, or as the only one of its kind."""
    before = {measure(slot, one.slots[slot]) for one in old if slot in one.slots}
    after = {measure(slot, one.slots[slot]) for one in new if slot in one.slots}
    if before == after:
        return None
    pairs = [*partners]
    if len(before) == len(after) == 1:
        pairs.append((holder(slot, old), holder(slot, new)))
    for one, other in pairs:
        was, now = one.slots.get(slot, ""), other.slots.get(slot, "")
        went = bool(was) and measure(slot, was) not in after
        came = bool(now) and measure(slot, now) not in before
        if (went or came) and (went or not was) and (came or not now):
            shift = shift_of(slot, other, was, now)
            return Change(ChangeKind.VALUE, shift, one, other, slot, was, now)
    return None


def holder(slot: str, clauses: Sequence[Clause]) -> Clause:
    """The surest clause that names the value, or the surest of all."""
    return next((one for one in clauses if slot in one.slots), clauses[0])


def measure(slot: str, text: str) -> float | str:
    """A value in a form in which equal ones are equal: days, a number, or plain words."""
    number = read_amount(text) if slot == "amount" else read_days(text)
    if slot in NAMED or number is None:
        return " ".join(tokens(text))
    return round(number, 3)


def shift_of(slot: str, clause: Clause, before: str, after: str) -> Shift:
    """Which way a value went. A promise with a number in it is worth more than one without."""
    if slot in NAMED:
        return Shift.OTHER
    if slot == "amount":
        longer = MORE_OF_KIND.get(clause.id, Shift.OTHER)
    else:
        longer = LONGER_OF_KIND.get(clause.id, LONGER.get(clause.group, Shift.OTHER))
    if not before or not after:
        if longer is Shift.OTHER or slot == "amount":
            return Shift.OTHER
        return Shift.BETTER if after else Shift.WORSE
    one, other = measure(slot, before), measure(slot, after)
    if isinstance(one, str) or isinstance(other, str):
        return Shift.OTHER
    return longer if other > one else TO_REVERSE[longer]


def compare_lists(
    slot: str, old: Sequence[Clause], new: Sequence[Clause], said: tuple[str, str]
) -> Change | None:
    """What came onto a list and what went from it, over all clauses of the kind."""
    went, lost = without(slot, old, new, said[1])
    came, taken = without(slot, new, old, said[0])
    if not went and not came:
        return None
    one = lost or holder(slot, old)
    other = taken or holder(slot, new)
    shift = Shift.OTHER if went and came else Shift.WORSE if came else Shift.BETTER
    return Change(ChangeKind.VALUE, shift, one, other, slot, "; ".join(went), "; ".join(came))


def without(
    slot: str, here: Sequence[Clause], there: Sequence[Clause], said_there: str
) -> tuple[list[str], Clause | None]:
    """The items on the lists ``here`` of which nothing is said ``there``, and the clause of the
    first of them."""
    quoted = frozenset(word for one in there for word in tokens(one.quote))
    found: dict[str, str] = {}
    first: Clause | None = None
    for clause in here:
        for item in SEPARATOR.split(clause.slots.get(slot, "")):
            words = [word for word in tokens(item) if word not in SMALL]
            phrase = " ".join(words)
            known = quoted.issuperset(words) or f" {phrase} " in said_there
            if words and len(words) <= ITEM_MOST and not known:
                found.setdefault(phrase, item.strip())
                first = first or clause
    return list(found.values()), first

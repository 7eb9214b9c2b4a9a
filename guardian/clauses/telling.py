"""Puts changes and gaps into words, alike for the window, the command line and reports."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from guardian.clauses import sentences
from guardian.clauses.markup import unmark
from guardian.clauses.model import Change, ChangeKind, Item, Law, Shift, VersionChange
from guardian.core.words import Words

TITLE_MOST = 120
# shares that people say in words
SHARES = ((1, 10), (1, 5), (1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (4, 5), (9, 10))
NEARLY_ALL, HARDLY_ANY = 0.95, 0.05
FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
SHIFTS = (Shift.WORSE, Shift.BETTER, Shift.OTHER)


def count_changes(words: Words, change: VersionChange) -> str:
    """How many things got worse, better or different, in one sentence."""
    if not change.changes:
        return words.say("clauses.change.nothing")
    parts: list[str] = []
    for shift in SHIFTS:
        if count := len(change.at(shift)):
            place = "count" if parts else "lead"
            parts.append(words.say(f"clauses.change.{place}.{shift.value}", count=count))
    return words.say("clauses.change.headline", parts=words.say("clauses.change.and").join(parts))


def count_sentences(words: Words, change: VersionChange) -> str:
    """How many sentences stayed, and what happened to the others."""
    if change.gone or change.come:  # only hashes of the old ones are known
        return words.say(
            "clauses.change.sentences.remembered",
            same=change.same,
            added=len(change.added) + change.come,
            removed=change.gone,
        )
    return words.say(
        "clauses.diff.sentences",
        same=change.same,
        reworded=len(change.reworded),
        added=len(change.added),
        removed=len(change.removed),
    )


def only_wording(change: VersionChange) -> VersionChange:
    """The same without the sentences that a change in a clause already shows."""
    old = {one.old.start for one in change.changes if one.old}
    new = {one.new.start for one in change.changes if one.new}
    return replace(
        change,
        reworded=tuple(
            one for one in change.reworded if one.old_start not in old and one.new_start not in new
        ),
        added=tuple(one for one in change.added if one.new_start not in new),
        removed=tuple(one for one in change.removed if one.old_start not in old),
    )


def name_change(words: Words, change: Change) -> str:
    """What happened, in one sentence: “How long they keep data: 30 days → no limit given”."""
    one = change.new or change.old
    assert one is not None
    short = name_kind(words, one.id)
    if change.kind is ChangeKind.TURNED and change.old and change.new:
        before = words.say(f"clauses.kind.{change.old.id}")
        after = words.say(f"clauses.kind.{change.new.id}")
        before = with_value(words, before, change.before)
        after = with_value(words, after, change.after)
        return words.say("clauses.change.turned", before=before, after=after)
    if change.kind is not ChangeKind.VALUE:
        told = words.say(f"clauses.kind.{one.id}")
        return words.say(f"clauses.change.{change.kind.value}", told=told)
    if change.slot in ("recipients", "data"):
        parts = [
            words.say(f"clauses.change.list.{way}", items=plain(value))
            for way, value in (("added", change.after), ("removed", change.before))
            if value
        ]
        return words.say("clauses.change.list", what=short, changes=" ".join(parts))
    nothing = words.say("clauses.diff.no-value")
    return words.say(
        "clauses.change.value",
        what=short,
        before=plain(change.before) or nothing,
        after=plain(change.after) or nothing,
    )


def with_value(words: Words, told: str, value: str) -> str:
    """A sentence with the value in brackets at its end."""
    if not value:
        return told
    return words.say("clauses.change.with-value", told=told.rstrip(".。"), value=plain(value))


def name_kind(words: Words, name: str) -> str:
    """A kind of clause in two to four words; in a sentence where it has no short name."""
    short = f"clauses.short.{name}"
    return words.say(short if short in words else f"clauses.kind.{name}")


def tell_common(words: Words, item: Item) -> str:
    """How many documents of this kind say it; empty where nobody has counted."""
    if item.common is None:
        return ""
    if item.common >= NEARLY_ALL:
        return words.say("clauses.check.common.nearly-all")
    if item.common < HARDLY_ANY:
        return words.say("clauses.check.common.hardly-any")
    share = item.common
    few, many = min(SHARES, key=lambda pair: abs(pair[0] / pair[1] - share))
    return words.say("clauses.check.common", few=few, many=many)


def tell_why(words: Words, law: Law, item: Item) -> str:
    """Why it matters to the reader that this is said."""
    return words.say(f"clauses.check.{law.value}.{item.id}.why")


def plain(text: str) -> str:
    """One line, without characters that a page or a printer cannot show."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def shorten(quote: str, most: int) -> str:
    """A quote in one line of about ``most`` characters.

    What is left out is marked, and the last sentence stays: a quote may begin with the line that
    its list item hangs on, and it is the item that counts.
    """
    text = plain(unmark(quote))
    if len(text) <= most:
        return text
    pieces = sentences.split(quote)
    last = plain(unmark(pieces[-1].text)) if len(pieces) > 1 else ""
    if not last or len(last) > most // 2:
        return cut(text, most)
    return f"{cut(text, most - len(last))} {last}"


def cut(text: str, most: int) -> str:
    """The beginning of a text, cut between words where it can be, and marked."""
    end = text.rfind(" ", most // 2, most)
    return f"{text[: end if end > 0 else most]} …"


def shareable(title: str) -> str:
    """A title without folders, and without the name of the person's account."""
    name = FOLDERS.sub("", plain(title))[:TITLE_MOST]
    own = Path.home().name
    if own and not own.isspace():
        name = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", "…", name, flags=re.IGNORECASE)
    return name

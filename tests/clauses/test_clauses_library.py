"""The library: what is kept of a document, what is linked, noted, forgotten and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from guardian.clauses.model import SOURCE_MOST, Explanation, ReadDocument
from guardian.clauses.repository import MIGRATIONS, Library
from guardian.clauses.rules.comparing import compare_with_read
from guardian.core.feature import Level
from guardian.core.store import Store, open_in_memory
from tests.clauses.builders import an_explanation
from tests.clauses.versions import NEW, OLD, new_version, old_version

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def library(store: Store) -> Library:
    return Library(store)


def keep(library: Library, explanation: Explanation, days: int = 0) -> ReadDocument:
    library.keep(explanation, explanation.fingerprint, NOW + timedelta(days=days))
    return next(one for one in library.all() if one.fingerprint == explanation.fingerprint)


def titled(explanation: Explanation, title: str) -> Explanation:
    return replace(explanation, document=replace(explanation.document, title=title))


def other_text(title: str, sentences: int = 30) -> Explanation:
    text = " ".join(f"Word {number} stands in sentence {number}." for number in range(sentences))
    return an_explanation(text, [], title=title)


def test_clauses_date_hash_language_and_sentence_hashes_are_kept_but_not_the_text(
    library: Library, store: Store
) -> None:
    kept = keep(library, old_version())
    assert (kept.title, kept.language, kept.read_at) == ("lantern-privacy-2025", "en", NOW)
    assert kept.fingerprint == old_version().fingerprint
    found = [(one.id, one.quote, one.start, one.slots) for one in old_version().clauses]
    assert [(one.id, one.quote, one.start, one.slots) for one in kept.clauses] == found
    assert (kept.counts[Level.FINE], kept.counts[Level.ASK]) == (3, 1)
    assert len(set(kept.sentences)) == len(kept.sentences) == 6
    rows = repr(store.rows("SELECT * FROM clauses_documents"))
    assert "open on weekdays" in OLD
    assert "weekdays" not in rows


def test_a_later_version_of_the_same_document_is_linked_to_the_one_before(
    library: Library,
) -> None:
    """Names that differ only by numbers and marks are one name."""
    old = keep(library, old_version())
    assert library.changed_since(new_version()) == old
    new = keep(library, new_version(), days=1)
    assert (old.earlier, new.earlier) == (None, old.id)
    assert library.changed_since(new_version()) == old
    assert compare_with_read(old, new).changes


def test_reading_the_same_words_again_is_no_change(library: Library) -> None:
    first = keep(library, old_version())
    assert library.changed_since(old_version()) is None
    again = keep(library, old_version(), days=3)
    assert (again.id, again.earlier) == (first.id, None)
    assert again.read_at > first.read_at


def test_two_policies_that_are_just_called_alike_are_not_linked(library: Library) -> None:
    keep(library, titled(other_text("x"), "Privacy Policy"))
    policy = "\n\n".join(f"{OLD} {NEW} Line {number} of a long policy." for number in range(9))
    assert library.changed_since(an_explanation(policy, [], title="privacy policy")) is None


def test_the_same_note_makes_two_documents_one_and_another_note_keeps_them_apart(
    library: Library,
) -> None:
    old = keep(library, titled(old_version(), "before"))
    new = keep(library, titled(new_version(), "after"), days=1)
    assert new.earlier is None
    for one in (old, new):
        library.note_source(one.id, " https://lantern.example/privacy \n")
    noted = {one.title: one for one in library.all()}
    assert noted["after"].earlier == old.id
    assert noted["after"].source == "https://lantern.example/privacy"
    assert library.changed_since(titled(new_version(), "after")) == noted["before"]

    alike = keep(library, titled(other_text("before", 3), "before"), days=2)
    assert alike.earlier == old.id
    library.note_source(alike.id, "another shop")
    found = library.changed_since(titled(other_text("before", 3), "before"))
    assert found is None


def test_a_note_survives_another_reading_and_has_a_limit(library: Library) -> None:
    kept = keep(library, old_version())
    library.note_source(kept.id, "x" * 2 * SOURCE_MOST)
    again = keep(library, old_version(), days=1)
    assert again.source == "x" * SOURCE_MOST
    library.note_source(kept.id, "")
    assert library.all()[0].source == ""


def test_forgetting_can_be_taken_back_with_everything(library: Library) -> None:
    old = keep(library, old_version())
    new = keep(library, new_version(), days=1)
    library.note_source(old.id, "from the shop")
    before = library.all()
    library.forget(old.id)
    assert library.all() == (replace(new, earlier=None),)
    library.restore(next(one for one in before if one.id == old.id))
    assert library.all() == before


def test_what_was_read_again_in_the_meantime_is_not_overwritten(library: Library) -> None:
    old = keep(library, old_version())
    library.forget(old.id)
    keep(library, new_version())  # takes the free number
    library.restore(old)
    library.restore(old)
    assert sorted(one.title for one in library.all()) == [
        "lantern-privacy-2025",
        "lantern-privacy-2026",
    ]


def test_rows_of_the_first_schema_stay_readable(store: Store) -> None:
    """They hold clauses without the later fields, and numbers of an older catalogue."""
    store.migrate("clauses", MIGRATIONS[:1])
    packed = [
        {
            "id": kind, "number": 1, "level": "act", "direction": "bad", "severity": 4,
            "confidence": 0.9, "quote": "We may sell it.", "start": 0, "end": 15,
            "slots": {}, "actions": [],
        }
        for kind in ("data-sale", "a-kind-of-old-days")
    ]  # fmt: skip
    store.run(
        "INSERT INTO clauses_documents (title, fingerprint, read_at, words, clauses)"
        " VALUES (?, ?, ?, ?, ?)",
        "Old one", "f" * 64, "2026-01-02T03:04:05+00:00", 12, msgspec.msgpack.encode(packed),
    )  # fmt: skip
    library = Library(store)
    (one,) = library.all()
    assert (one.title, one.source, one.earlier, one.sentences) == ("Old one", "", None, ())
    assert [(clause.id, clause.group, clause.number) for clause in one.clauses] == [
        ("data-sale", "sharing", 17)
    ]
    assert library.changed_since(an_explanation("Hello there.", [], title="old one 2")) == one
    assert keep(library, old_version()).sentences
    assert Library(store).all() == library.all()


@pytest.mark.parametrize(
    ("column", "value"),
    [("clauses", b"\xc1"), ("clauses", b"\x91\x80"), ("read_at", "some day"), ("clauses", 7)],
)
def test_a_damaged_row_is_left_out_and_counted(
    library: Library, store: Store, column: str, value: object
) -> None:
    keep(library, old_version())
    damaged = keep(library, new_version())
    store.run(f"UPDATE clauses_documents SET {column} = ? WHERE id = ?", value, damaged.id)
    assert [one.title for one in library.all()] == ["lantern-privacy-2025"]
    assert library.unreadable == 1
    assert library.changed_since(titled(other_text("x", 2), "lantern privacy")) is not None
    library.forget(damaged.id)
    library.all()
    assert library.unreadable == 0


def test_hashes_that_are_damaged_do_not_take_the_clauses_with_them(
    library: Library, store: Store
) -> None:
    keep(library, old_version())
    store.run("UPDATE clauses_documents SET sentences = 'not bytes'")
    (one,) = library.all()
    assert one.sentences == ()
    assert one.clauses

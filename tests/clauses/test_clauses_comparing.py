"""What changed between two versions: by clause and direction, not by wording."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.model import (
    Basis,
    Change,
    ChangeKind,
    Clause,
    Direction,
    Explanation,
    ReadDocument,
    Shift,
    VersionChange,
)
from guardian.clauses.rules import comparing
from guardian.clauses.rules.aligning import align, key
from guardian.clauses.rules.comparing import (
    compare_versions,
    compare_with_read,
    put_side_by_side,
    sentence_keys,
)
from guardian.clauses.rules.measuring import read_amount, read_days
from guardian.core.feature import Level
from tests.clauses.builders import a_clause, an_explanation
from tests.clauses.versions import new_version, old_version


def explained(text: str, *found: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> Explanation:
    """``found``: kinds of clause with their quotes, and what else is to be known of them."""
    clauses = [
        a_clause(text, kind, quote, **(more[0] if more else {})) for kind, quote, *more in found
    ]
    return an_explanation(text, clauses, title="shop-privacy")


def remembered(explanation: Explanation) -> ReadDocument:
    return ReadDocument(
        id=1,
        title=explanation.document.title,
        fingerprint=explanation.fingerprint,
        read_at=datetime(2026, 3, 1, tzinfo=UTC),
        words=explanation.document.words,
        counts=dict.fromkeys(Level, 0),
        clauses=explanation.clauses,
        sentences=sentence_keys(explanation),
    )


def told(change: VersionChange) -> list[tuple[ChangeKind, Shift, str]]:
    return [(one.kind, one.shift, (one.new or one.old).id) for one in change.changes]


def period(text: str) -> dict[str, Any]:
    return {"slots": {"period": text}}


def one_change(old: Explanation, new: Explanation) -> Change:
    (change,) = compare_versions(old, new).changes
    return change


# clauses


def test_the_worst_changes_come_first_each_with_the_words_of_both_versions() -> None:
    change = compare_versions(old_version(), new_version())
    assert told(change) == [
        (ChangeKind.TURNED, Shift.WORSE, "data-sale"),
        (ChangeKind.ADDED, Shift.WORSE, "arbitration"),
        (ChangeKind.VALUE, Shift.WORSE, "notice-in-advance"),
        (ChangeKind.VALUE, Shift.WORSE, "stated-period"),
        (ChangeKind.REMOVED, Shift.BETTER, "ai-training"),
    ]
    turned, value = change.changes[0], change.changes[3]
    assert turned.old is not None and turned.new is not None
    assert turned.old.quote == "We do not sell your personal data."
    assert turned.new.quote.startswith("We may sell your personal data")
    assert (value.slot, value.before, value.after) == ("period", "30 days", "6 months")


def test_the_same_document_twice_has_no_changes() -> None:
    change = compare_versions(old_version(), old_version())
    assert (change.changes, change.reworded, change.added, change.removed) == ((), (), (), ())
    assert change.same == len(sentence_keys(old_version()))


def test_going_back_turns_every_shift_round() -> None:
    there = compare_versions(old_version(), new_version())
    back = compare_versions(new_version(), old_version())
    opposite = {Shift.WORSE: Shift.BETTER, Shift.BETTER: Shift.WORSE, Shift.OTHER: Shift.OTHER}
    assert sorted(opposite[one.shift] for one in there.changes) == sorted(
        one.shift for one in back.changes
    )


def test_a_clause_put_into_other_words_is_no_change() -> None:
    old = explained("We do not sell your data.", ("data-not-sold", "We do not sell your data."))
    new = explained(
        "Your data is never for sale, by us or by anybody.",
        ("data-not-sold", "Your data is never for sale, by us or by anybody."),
    )
    assert compare_versions(old, new).changes == ()


def test_a_kind_said_twice_is_only_gone_when_both_are() -> None:
    text = "We do not sell your data. Nor will we ever sell it to anybody else."
    both = explained(
        text,
        ("data-not-sold", "We do not sell your data."),
        ("data-not-sold", "Nor will we ever sell it to anybody else."),
    )
    once = explained("We do not sell your data.", ("data-not-sold", "We do not sell your data."))
    none = explained("We like the sea.")
    assert compare_versions(both, once).changes == ()
    assert told(compare_versions(both, none)) == [
        (ChangeKind.REMOVED, Shift.WORSE, "data-not-sold")
    ]


def test_a_sentence_that_still_stands_word_for_word_is_not_gone() -> None:
    """It was only recognised there because of what stood around it."""
    text = "We will not do any of this:\n\n* sell your data;\n* rent it out."
    old = explained(text, ("data-not-sold", "sell your data;"))
    assert compare_versions(old, explained(text)).changes == ()


def test_a_learned_label_that_comes_and_goes_with_small_words_is_no_change() -> None:
    text = "We work with partners who study how people use our shop and its pages."
    learned = {"basis": Basis.LEARNED, "confidence": 0.81}
    old = explained(text, ("unnamed-partners", text, learned))
    reworded = explained("We work with partners who study how people use our shop and the pages.")
    turned = explained(
        "We never work with partners who study how people use our shop and its pages."
    )
    assert compare_versions(old, reworded).changes == ()
    assert one_change(old, turned).shift is Shift.BETTER


def test_a_twin_in_the_same_sentence_is_one_change_even_where_it_was_known_before() -> None:
    bills = "We keep bills for ten years."
    old, new = "Deleted notes stay for 30 days.", "Deleted notes stay for 18 months."
    change = one_change(
        explained(
            f"{old} {bills}",
            ("short-period", old, period("30 days")),
            ("stated-period", bills, period("ten years")),
        ),
        explained(
            f"{new} {bills}",
            ("stated-period", new, period("18 months")),
            ("stated-period", bills, period("ten years")),
        ),
    )
    assert (change.kind, change.shift) == (ChangeKind.TURNED, Shift.WORSE)
    assert (change.before, change.after) == ("30 days", "18 months")


def test_a_period_that_gave_way_to_no_limit_is_worse() -> None:
    old = "We keep your letters in our files for 30 days."
    new = "We keep your letters in our files for as long as we need them."
    change = one_change(
        explained(old, ("stated-period", old, period("30 days"))),
        explained(new, ("kept-as-long-as-needed", new)),
    )
    assert (change.kind, change.shift) == (ChangeKind.TURNED, Shift.WORSE)
    assert (change.before, change.after) == ("30 days", "")


def test_of_several_clauses_in_one_sentence_each_is_looked_at() -> None:
    old = "We keep your mail for 30 days, and use it to train our models, and sell it too."
    new = "We keep your mail for 60 days, and use it to train our models, and sell it also."
    kinds = ("data-sale", "ai-training", "stated-period")
    before = explained(old, *((kind, old, period("30 days")) for kind in kinds))
    after = explained(new, *((kind, new, period("60 days")) for kind in kinds[::-1]))
    changes = compare_versions(before, after).changes
    assert {one.kind for one in changes} == {ChangeKind.VALUE}
    assert sorted(one.old.id for one in changes if one.old) == sorted(kinds)
    assert all(one.old and one.new and one.old.id == one.new.id for one in changes)
    reworded = explained(old.replace("too", "also"))
    assert {one.kind for one in compare_versions(before, reworded).changes} == set()


def test_kinds_of_one_group_in_one_sentence_are_one_change() -> None:
    old = "We keep your letters in our files for as long as we need them."
    new = "We keep your letters in our files for ever."
    change = one_change(
        explained(old, ("kept-as-long-as-needed", old)),
        explained(new, ("kept-without-end", new)),
    )
    assert (change.kind, change.shift) == (ChangeKind.TURNED, Shift.WORSE)


@pytest.mark.parametrize(
    ("kind", "before", "after", "shift"),
    [
        ("kept-without-end", "30 days", "6 months", Shift.WORSE),
        ("kept-without-end", "two years", "12 months", Shift.BETTER),
        ("kept-without-end", "90 days", "", Shift.WORSE),
        ("notice-in-advance", "thirty (30) days", "14 days", Shift.WORSE),
        ("notice-in-advance", "", "30 days", Shift.BETTER),
        ("auto-renewal", "one month", "one year", Shift.WORSE),
    ],
)
def test_periods_are_compared_as_lengths_of_time(
    kind: str, before: str, after: str, shift: Shift
) -> None:
    sentence = "This holds for {} in the shop, whatever you do."
    old, new = sentence.format(before), sentence.format(after)
    change = one_change(
        explained(old, (kind, old, period(before) if before else {})),
        explained(new, (kind, new, period(after) if after else {})),
    )
    assert (change.kind, change.before, change.after) == (ChangeKind.VALUE, before, after)
    assert change.shift is shift


def test_a_deadline_and_the_period_in_it_are_one_change() -> None:
    old, new = "Claims end two years after the loss.", "Claims end one year after the loss."
    change = one_change(
        explained(old, ("short-claims", old, {"slots": {
            "period": "two years", "deadline": "two years after the loss"}})),
        explained(new, ("short-claims", new, {"slots": {
            "period": "one year", "deadline": "one year after the loss"}})),
    )  # fmt: skip
    assert (change.slot, change.shift) == ("period", Shift.WORSE)


def test_the_same_period_in_other_words_is_no_change() -> None:
    old, new = "We keep it for 30 days.", "We keep it for thirty (30) days."
    assert (
        compare_versions(
            explained(old, ("kept-without-end", old, period("30 days"))),
            explained(new, ("kept-without-end", new, period("thirty (30) days"))),
        ).changes
        == ()
    )


def test_a_value_that_only_moved_to_another_sentence_is_no_change() -> None:
    first, second = "We keep logs of the shop for 30 days.", "We keep bills and letters for a year."
    text, other = f"{first} {second}", f"{second} {first}"
    found = [
        ("kept-without-end", first, period("30 days")),
        ("kept-without-end", second, period("a year")),
    ]
    assert compare_versions(explained(text, *found), explained(other, *found)).changes == ()


def test_what_comes_onto_a_list_is_named() -> None:
    old = "We share your mail address with selected partners."
    new = "We share your mail address with selected partners and data brokers."
    change = one_change(
        explained(old, ("unnamed-partners", old, {"slots": {"recipients": "selected partners"}})),
        explained(
            new,
            (
                "unnamed-partners",
                new,
                {"slots": {"recipients": "selected partners and data brokers"}},
            ),
        ),
    )
    assert (change.slot, change.before, change.after) == ("recipients", "", "data brokers")
    assert change.shift is Shift.WORSE


# sentences


def test_sentences_are_counted_as_same_moved_reworded_new_and_gone() -> None:
    where, when = "The shop is in Harbour Street.", "It opens at nine each day."
    old = f"{where} {when} We sell rope and paint here. Cats sleep."
    new = f"{when} {where} We sell rope and paint and tar. Dogs bark."
    change = compare_versions(explained(old), explained(new))
    assert (change.same, change.moved) == (2, 1)
    assert [(one.old, one.new) for one in change.reworded] == [
        ("We sell rope and paint here.", "We sell rope and paint and tar.")
    ]
    assert [one.new for one in change.added] == ["Dogs bark."]
    assert [one.old for one in change.removed] == ["Cats sleep."]


def test_marks_links_and_breaks_are_no_difference() -> None:
    assert key("*   **Read** the [terms](https://a.example/b).") == key("• Read the terms")
    assert key("我们不会出售您的信息。") == key("**我们不会出售您的信息**；")


def test_chinese_sentences_are_aligned_too() -> None:
    found = align(["我们会在三十天后删除您的聊天记录。"], ["我们会在六个月后删除您的聊天记录。"])
    assert [(pair.old, pair.new) for pair in found.alike] == [(0, 0)]


def test_a_sentence_taken_into_a_longer_one_is_not_gone() -> None:
    short = "We keep a copy of each letter."
    long = (
        "Whoever writes to us by mail or through the form on our pages should know that "
        "we keep a copy of each letter, and that we answer within two weeks as a rule."
    )
    assert align([short], [long]).gone == ()


@given(
    st.lists(st.text("ab c.", max_size=12), max_size=12),
    st.lists(st.text("ab c.", max_size=12), max_size=12),
)
def test_every_sentence_has_one_place(old: list[str], new: list[str]) -> None:
    found = align(old, new)
    pairs = (*found.same, *found.alike)
    assert len({pair.old for pair in pairs}) == len({pair.new for pair in pairs}) == len(pairs)
    assert not {pair.old for pair in pairs} & set(found.gone)
    assert not {pair.new for pair in pairs} & set(found.come)
    assert len(align(old, old).same) == len(old)


def test_six_hundred_sentences_take_a_moment_and_endless_ones_not_long() -> None:
    chance = random.Random(7)
    words = [f"word{number}" for number in range(900)]
    old = [" ".join(chance.choices(words, k=18)) for _ in range(600)]
    new = [f"{one} more" for one in old[::-1]]
    began = time.process_time()
    assert len(align(old, new).alike) == 600
    assert time.process_time() - began < 0.3
    began = time.process_time()
    align(["the same words stand here again"] * 3_000, ["the same words stand here once"] * 3_000)
    assert time.process_time() - began < 0.5


def test_a_new_sentence_tells_which_clauses_stand_in_it() -> None:
    """Also where the document said as much before: the reader should not have to look for it."""
    first, second = "We do not sell your data.", "Nor do we hand it to a broker for a fee."
    old = explained(first, ("data-not-sold", first))
    new = explained(f"{first} {second}", ("data-not-sold", first), ("data-not-sold", second))
    change = compare_versions(old, new)
    assert change.changes == ()
    assert [(one.new, one.kinds) for one in change.added] == [(second, ("data-not-sold",))]


def test_a_clause_said_thousands_of_times_takes_no_longer() -> None:
    clause = a_clause("We may sell your data.", "data-sale", "We may sell your data.")
    many = replace(old_version(), clauses=(clause,) * 3_000)
    began = time.process_time()
    assert compare_versions(many, many).changes == ()
    assert time.process_time() - began < 1.0


# lengths and amounts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("for 30 days", 30),
        ("six (6) months", 182.625),
        ("twenty-four hours", 1),
        ("5 business days", 7),
        ("一年", 365.25),
        ("十五个工作日", 21),
        ("180天", 180),
        ("for days", None),
        ("", None),
    ],
)
def test_periods_are_read(text: str, days: float | None) -> None:
    assert read_days(text) == (days if days is None else pytest.approx(days))


def test_amounts_are_read() -> None:
    assert read_amount("US$1,000.50") == 1000.5
    assert read_amount("what you paid") is None


# remembered documents


def test_a_remembered_version_is_compared_by_its_clauses_and_hashes() -> None:
    whole = compare_versions(old_version(), new_version())
    part = compare_with_read(remembered(old_version()), new_version())
    assert told(part) == told(whole)
    assert part.same == whole.same
    assert part.gone == len(whole.reworded) + len(whole.removed)
    assert len(part.added) == len(whole.reworded) + len(whole.added)
    assert all(not one.old for one in part.added)


def test_two_remembered_versions_can_be_compared() -> None:
    part = compare_with_read(remembered(old_version()), remembered(new_version()))
    assert told(part) == told(compare_versions(old_version(), new_version()))
    assert part.gone > 0 and part.come > 0


def test_what_an_older_guardian_remembered_has_no_sentences_to_count() -> None:
    part = compare_with_read(replace(remembered(old_version()), sentences=()), new_version())
    assert told(part) == told(compare_versions(old_version(), new_version()))
    assert (part.same, part.added, part.gone, part.come) == (0, (), 0, 0)


# side by side


def test_side_by_side_has_a_row_for_each_kind_the_gravest_first() -> None:
    side = put_side_by_side([old_version(), remembered(new_version())])
    assert side.titles == ("lantern-privacy-2025", "lantern-privacy-2026")
    assert list(side.rows)[:2] == ["data-sale", "arbitration"]
    assert [len(cell) for cell in side.rows["notice-in-advance"]] == [1, 1]
    assert [len(cell) for cell in side.rows["ai-training"]] == [1, 0]
    good = [one for one in side.rows if direction(side.rows[one]) is Direction.GOOD]
    assert list(side.rows)[-len(good) :] == good


def direction(cells: tuple[tuple[Clause, ...], ...]) -> Direction:
    return next(cell[0].direction for cell in cells if cell)


def test_twins_are_named_by_the_catalogue() -> None:
    """Whatever the catalogue calls near-twins turns into each other."""
    catalogue = comparing.read_catalogue()
    twins = [(kind.id, other) for kind in catalogue.kinds for other in kind.twins]
    for one, other in twins[:20]:
        old = explained("Before, it said this here.", (one, "Before, it said this here."))
        new = explained("Now, that is told elsewhere!", (other, "Now, that is told elsewhere!"))
        assert one_change(old, new).kind is ChangeKind.TURNED

"""Which clauses are seen, and above all which are not."""

# ruff: noqa: E501 - one example a line reads better

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses import counting
from guardian.clauses.content import read_catalogue
from guardian.clauses.model import UNFAIR, Direction
from guardian.clauses.rules.cues import Together
from guardian.clauses.rules.folding import fold
from guardian.clauses.rules.genre import looks_like_policy
from guardian.clauses.rules.recognising import Recognisers, recognise
from guardian.clauses.sentences import split
from guardian.core.feature import Level
from guardian.core.words import Words

RULES = Recognisers(read_catalogue(), "en")


def found(text: str) -> set[str]:
    return {clause.id for clauses in recognise(RULES, text, split(text)) for clause in clauses}


SEEN = [
    ("We may sell your personal information to data brokers.", "data-brokers"),
    ("We may sell your personal information to others.", "data-sale"),
    ("Sharing cookies with our advertisers may be considered a “sale” under state law.", "data-sale"),
    ("We do not sell your personal information.", "data-not-sold"),
    ("We’ll never sell or rent your e-mail address to anyone.", "data-not-sold"),
    ("We share your data with third parties for their own marketing purposes.", "unnamed-partners"),
    ("Any dispute will be finally settled by binding arbitration.", "arbitration"),
    ("YOU AGREE TO ARBITRATE ALL DISPUTES WITH US.", "arbitration"),
    ("You waive any right to a jury trial or to take part in a class action.", "class-waiver"),
    ("Claims may be brought only in an individual capacity, and not as a class member.", "class-waiver"),
    ("We may modify these terms at any time without prior notice.", "change-without-notice"),
    ("By continuing to use the app after a change you accept the new terms.", "continued-use"),
    ("We will give you at least 30 days' notice before changes to these terms take effect.", "notice-in-advance"),
    ("We may terminate your account for any reason or no reason.", "account-closed-any-time"),
    ("You grant us a worldwide, perpetual, sublicensable licence to publish your posts.", "content-licence"),
    ("We are not liable for any loss of data or lost profits.", "liability-limited"),
    ("Our total liability shall not exceed $50.", "liability-limited"),
    ("We keep your data indefinitely.", "kept-without-end"),
    ("We keep your data for as long as necessary.", "kept-as-long-as-needed"),
    ("We use your messages to train our AI models.", "ai-training"),
    ("Your plan renews automatically each month.", "auto-renewal"),
    ("You can export or delete your data at any time.", "own-data-rights"),
]  # fmt: skip

NEAR_TWINS = [
    ("We do not sell your personal information.", "data-sale"),
    ("You may not sell your account or any information on the service.", "data-not-sold"),
    ("We will not sell your data unless you agree.", "data-not-sold"),
    ("We never sell your data without your consent.", "data-not-sold"),
    ("You can direct us not to sell your personal information.", "data-not-sold"),
    ("If we sell our business, your information goes to the buyer.", "data-sale"),
    ("We sell products and use your information to ship them.", "data-sale"),
    ("We do not share your data with third parties for their own marketing purposes.", "unnamed-partners"),
    ("We share your data with third parties for marketing only with your consent.", "unnamed-partners"),
    ("You are not required to agree to arbitration.", "arbitration"),
    ("The arbitrator will apply the rules of the association.", "arbitration"),
    ("We will not change these terms without notice.", "change-without-notice"),
    ("We may change these terms and will notify you by e-mail 30 days before.", "change-without-notice"),
    ("We may change these terms without notice.", "notice-in-advance"),
    ("You may close your account at any time for any reason.", "account-closed-any-time"),
    ("We may suspend your account if you violate these terms.", "account-closed-any-time"),
    ("We grant you a limited, non-transferable licence to use the app.", "content-licence"),
    ("You grant us a non-exclusive licence solely to show your posts to you.", "content-licence"),
    ("Nothing in these terms limits our liability for death caused by negligence.", "liability-limited"),
    ("You are responsible for any loss caused by your password being shared.", "liability-limited"),
    ("We keep your data for 30 days.", "kept-as-long-as-needed"),
    ("No logs of your data are kept indefinitely.", "kept-without-end"),
    ("We do not use your messages to train our AI models.", "ai-training"),
    ("We train our staff to handle your data with care.", "ai-training"),
    ("Your plan will not renew automatically.", "auto-renewal"),
    ("You cannot delete your data.", "own-data-rights"),
    ("California residents have rights.", "own-data-rights"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "clause"), SEEN)
def test_a_clause_is_seen(text: str, clause: str) -> None:
    assert clause in found(text)


@pytest.mark.parametrize(("text", "clause"), NEAR_TWINS)
def test_a_near_twin_is_not_taken_for_it(text: str, clause: str) -> None:
    assert clause not in found(text)


def test_the_not_of_a_lead_counts_for_its_items_and_stands_in_the_quote() -> None:
    text = "We will never:\n\n* sell your personal data;\n* lend it.\n"
    clauses = [one for each in recognise(RULES, text, split(text)) for one in each]
    assert [one.id for one in clauses] == ["data-not-sold"], clauses
    assert clauses[0].quote.startswith("We will never:")
    assert text[clauses[0].start : clauses[0].end] == clauses[0].quote


def test_a_lead_reaches_no_further_than_its_list() -> None:
    text = "We will never:\n\n* lose it.\n\nWe may sell your personal data to others.\n"
    assert "data-sale" in found(text)
    assert "data-not-sold" not in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "We do not\u200b sell your\u00a0personal data.",
        "We do **not** sell your [personal data](https://a.example/not).",
        "We don\u2019t sell your per\u00adsonal data.",
        "\u202eWe do not sell your personal data.\u202c",
        "WE DO NOT SELL YOUR\u2060 PERSONAL DATA.",
    ],
)
def test_marks_and_invisible_characters_change_nothing(text: str) -> None:
    assert "data-not-sold" in found(text)
    assert "data-sale" not in found(text)


def test_a_period_is_pulled_out_word_for_word() -> None:
    text = "We will give you at least 30 days' notice before changes to these terms take effect."
    clauses = [one for each in recognise(RULES, text, split(text)) for one in each]
    assert clauses[0].slots == {"period": "at least 30 days"}


@given(st.text(max_size=400))
def test_quotes_are_exact_whatever_the_text(text: str) -> None:
    text += " We do not sell your personal data."
    for clauses in recognise(RULES, text, split(text)):
        for clause in clauses:
            assert text[clause.start : clause.end] == clause.quote
            assert all(slot in clause.quote for slot in clause.slots.values())


@pytest.mark.parametrize(
    "unit", ["sell not ", "we may sell ", "not ", "agree to arbitration or ", "at any time change ", "continue to use ", "licence grant perpetual ", "liable not ", "retain as long ", "(((", "[["]
)  # fmt: skip
def test_no_sentence_makes_the_patterns_slow(unit: str) -> None:
    text = (unit * 40_000)[:200_000]
    began = time.process_time()
    found(text)
    assert time.process_time() - began < 8


def test_the_catalogue_is_sound() -> None:
    catalogue = read_catalogue()
    kinds = catalogue.kinds
    assert len({kind.id for kind in kinds}) == len(kinds) == len(catalogue.groups)
    for kind in kinds:
        assert kind.number is None or 1 <= kind.number <= 62
        if kind.direction is Direction.GOOD:
            assert (kind.level, kind.severity) == (Level.FINE, 0), kind.id
        if kind.severity == 4:
            assert kind.level is Level.ACT, kind.id
        assert kind.level is not Level.ACT or kind.severity == 4, kind.id
        assert kind.unfair in ("", *UNFAIR), kind.id
        assert set(kind.recognisers) == {"en", "zh"}, kind.id
        for recognisers in kind.recognisers.values():
            for one in recognisers:
                assert 0 < one.confidence < 1
                assert all(cue == cue.lower() for cue in one.cues)


def test_patterns_are_in_small_letters_as_the_words_they_are_held_against() -> None:
    catalogue = read_catalogue()
    for language in catalogue.languages:
        for pattern in Recognisers(catalogue, language).patterns():
            literal = re.sub(r"\\.|\(\?P", "", pattern)
            assert literal == literal.lower(), pattern


@given(st.lists(st.text("ab\0 ", max_size=9), max_size=6), st.lists(st.text("ab", min_size=1)))
def test_texts_looked_through_together_are_found_as_one_by_one(
    texts: list[str], words: list[str]
) -> None:
    one_by_one = [
        number for number, text in enumerate(texts) if any(word in text for word in words)
    ]
    assert Together(texts).holding(words) == one_by_one


def test_the_catalogue_has_all_of_the_first_sixty_two() -> None:
    numbers = {kind.number for kind in read_catalogue().kinds}
    assert numbers >= set(range(1, 63))


def test_twins_name_each_other() -> None:
    twins = {kind.id: set(kind.twins) for kind in read_catalogue().kinds}
    for name, others in twins.items():
        for other in others:
            assert name in twins[other], f"{other} does not know {name}"


def test_what_takes_a_kind_back_exists_and_is_not_against_the_reader() -> None:
    kinds = {kind.id: kind for kind in read_catalogue().kinds}
    for kind in kinds.values():
        for other in kind.taken_back_by:
            assert kinds[other].direction is not Direction.BAD, kind.id


def test_every_kind_has_its_words() -> None:
    words = Words()
    used = set()
    for kind in read_catalogue().kinds:
        used |= {f"clauses.{part}.{kind.id}" for part in ("kind", "why", "short")}
        used |= {f"clauses.action.{action}" for action in kind.actions}
    assert sorted(code for code in used if code not in words) == []
    built = re.compile(r"clauses\.(kind|why|short|action)\.")
    assert {code for code in words._texts if built.match(code)} - used == set()


def test_words_minutes_and_language() -> None:
    assert counting.count_words("We don't sell, ever. 我们不卖") == 8
    assert counting.reading_minutes("word " * 460, 460) == 2
    assert counting.guess_language("We do not sell the data that you give to us.") == "en"
    assert counting.guess_language("我们不会出售您的个人信息。") == "zh"
    assert counting.guess_language("Wir verkaufen Ihre Daten niemals an Dritte.") is None
    assert counting.guess_language("123 !!!") is None


def test_a_novel_is_told_from_a_policy() -> None:
    catalogue = read_catalogue()
    novel = "The lamp swung in the wind. Nobody spoke, and the sea was grey. " * 50
    assert not looks_like_policy(novel, counting.count_words(novel), "en", catalogue)
    assert looks_like_policy("irgendetwas", 1, None, catalogue)


def test_folding_makes_one_plain_line() -> None:
    assert fold("“We”\n don’t\u00a0 [sell](https://x.example) **it**") == '"We" don\'t sell it'


def test_an_item_hangs_on_no_item_numbered_like_it() -> None:
    text = (
        "1. We do not sell your personal data, except for:\n"
        "(1) Nothing at all.\n"
        "2. We may sell your personal information to others.\n"
    )
    assert "data-sale" in found(text)


def test_a_table_of_contents_lends_no_words_to_what_follows() -> None:
    text = "This policy will help you find what we do not do in these sections:\n* Data sale\n"
    assert found(text) == set()

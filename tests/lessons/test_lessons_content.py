"""The eight packs are whole: every sentence said is there, and every sentence there is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guardian.core.words import load_texts
from guardian.lessons.content import CARE, ORDER, PAGES, read_packs
from guardian.lessons.model import Pack, Phase

WORDS = Path(__file__).parents[2] / "assets/words/en"
DUTIES = ("cancel", "pause", "clauses", "computer", "phone", "encrypt", "rights", "evidence")
LONGEST_LINE = 150  # characters: what a handout still shows in two lines

each_pack = pytest.mark.parametrize("pack", read_packs(), ids=lambda pack: pack.id)


def codes(pack: Pack) -> set[str]:
    """Every code of the words of a pack, from its structure."""
    start = f"lesson.{pack.id}"
    found = {start, f"{start}.aim"}
    found |= {f"{start}.needs.{one}" for one in range(1, pack.needs + 1)}
    found |= {f"{start}.handout.{one}" for one in range(1, pack.handout + 1)}
    found |= {f"{start}.show.{one.number}" for one in pack.showings}
    for part in pack.parts:
        phase = f"{start}.{part.phase.value}"
        found |= {phase, *(f"{phase}.notes.{one}" for one in range(1, part.notes + 1))}
    for question in pack.questions:
        asked = f"{start}.quiz.{question.number}"
        found |= {asked, f"{asked}.because"}
        found |= {f"{asked}.{one}" for one in range(1, question.options + 1)}
    return found


def test_there_is_one_pack_for_each_duty() -> None:
    shipped = json.loads((WORDS.parents[1] / "lessons/packs.json").read_text("utf-8"))
    assert sorted(pack["id"] for pack in shipped) == sorted(DUTIES)
    assert tuple(pack.id for pack in read_packs()) == ORDER == DUTIES


@each_pack
def test_a_pack_has_all_its_words_and_no_others(pack: Pack) -> None:
    written = json.loads((WORDS / f"lessons-{pack.id}.json").read_text("utf-8"))
    assert set(written) == codes(pack)
    assert all(isinstance(text, str) and text == text.strip() and text for text in written.values())


@each_pack
def test_a_pack_takes_an_hour_at_most_and_goes_through_the_five_phases(pack: Pack) -> None:
    assert [part.phase for part in pack.parts] == list(Phase)
    assert all(part.minutes >= 3 for part in pack.parts)
    assert all(2 <= part.notes <= 5 for part in pack.parts)
    assert 35 <= pack.minutes <= 60


@each_pack
def test_the_demo_opens_pages_that_there_are(pack: Pack) -> None:
    assert [one.number for one in pack.showings] == list(range(1, len(pack.showings) + 1))
    assert 4 <= len(pack.showings) <= 6
    assert {one.page for one in pack.showings} <= set(PAGES)


@each_pack
def test_five_questions_with_one_right_answer_each(pack: Pack) -> None:
    assert [one.number for one in pack.questions] == [1, 2, 3, 4, 5]
    texts = load_texts("en")
    for question in pack.questions:
        assert 2 <= question.options <= 4
        assert 1 <= question.right <= question.options
        start = f"lesson.{pack.id}.quiz.{question.number}"
        options = [texts[f"{start}.{one}"] for one in range(1, question.options + 1)]
        assert len(set(options)) == len(options), start


def test_the_right_answer_cannot_be_guessed_from_its_place_or_its_length() -> None:
    texts = load_texts("en")
    places, longest, asked = set(), 0, 0
    for pack in read_packs():
        rights = [question.right for question in pack.questions]
        assert len(set(rights)) >= 2, pack.id
        assert max(map(rights.count, rights)) <= 3, pack.id
        places |= set(rights)
        for question in pack.questions:
            start = f"lesson.{pack.id}.quiz.{question.number}"
            lengths = [len(str(texts[f"{start}.{one}"])) for one in range(1, question.options + 1)]
            longest += lengths[question.right - 1] == max(lengths)
            asked += 1
    assert places == {1, 2, 3, 4}
    assert longest <= 0.6 * asked, f"{longest} of {asked} right answers are the longest"


@each_pack
def test_a_handout_is_short_enough_for_a_page(pack: Pack) -> None:
    texts = load_texts("en")
    assert 6 <= pack.handout <= 9
    lines = [str(texts[f"lesson.{pack.id}.handout.{one + 1}"]) for one in range(pack.handout)]
    assert max(map(len, lines)) <= LONGEST_LINE


def test_the_card_of_the_first_minute_has_all_its_sentences() -> None:
    texts = load_texts("en")
    card = [code for code in texts if code.startswith("lesson.care.")]
    assert card == [f"lesson.care.{one}" for one in range(1, CARE + 1)]
    told = " ".join(str(texts[code]) for code in card)
    for promise in ("has to speak", "No real accounts", "get help"):
        assert promise in told


def test_nobody_real_is_named() -> None:
    """Makers of systems are named where a setting has to be found, and nobody else."""
    for pack in read_packs():
        written = (WORDS / f"lessons-{pack.id}.json").read_text("utf-8")
        for name in ("Facebook", "Google", "Amazon", "WhatsApp", "TikTok", "http", "www."):
            assert name not in written, pack.id

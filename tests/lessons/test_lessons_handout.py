"""What is printed: well-formed, whole, escaped, and without a trace of where it was made."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from guardian.core.store import open_in_memory
from guardian.core.words import Fact, Words
from guardian.lessons.content import CARE, read_packs
from guardian.lessons.model import Pack
from guardian.lessons.service import LessonsService, make_handout

VOID = {"meta", "br", "hr"}
PACKS = read_packs()
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)


class Reader(HTMLParser):
    """Collects the words and tags of a page, and checks that each tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"src", "href", "background"} & {name for name, _ in attrs}
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


class NastyWords(Words):
    def say(self, code: str, **facts: Fact) -> str:
        return f"<script>{code}</script> & “{super().say(code, **facts)}”"


def sizes(page: str) -> list[float]:
    return [float(size) for size in re.findall(r"font-size: ([\d.]+)pt", page)]


@each_pack
@pytest.mark.parametrize("large", [False, True])
def test_a_handout_holds_every_line_and_room_for_three_steps(pack: Pack, large: bool) -> None:
    words = Words()
    page = make_handout(pack, words, large, date(2026, 11, 22))
    told = Reader(page)
    assert words.say(f"lesson.{pack.id}") in told.text
    for number in range(1, pack.handout + 1):
        assert words.say(f"lesson.{pack.id}.handout.{number}") in told.text
    assert "My three next steps" in told.text
    assert "22 November 2026" in told.text
    assert told.tags.count("tr") == 1 + 3
    assert told.tags.count("li") == pack.handout
    assert "lesson." not in told.text


def test_large_print_is_large_everywhere() -> None:
    large = sizes(make_handout(PACKS[0], Words(), large=True))
    normal = sizes(make_handout(PACKS[0], Words()))
    assert min(large) >= 18
    assert min(normal) < min(large)


@each_pack
def test_paper_is_black_on_white_and_fetches_nothing(pack: Pack) -> None:
    page = make_handout(pack, Words())
    assert set(re.findall(r"#[0-9a-f]{6}", page)) == {"#000000", "#ffffff"}
    assert "default-src 'none'" in page
    assert not {"img", "script", "link", "iframe"} & set(Reader(page).tags)
    assert str(Path.home()) not in page
    assert "://" not in page


def test_a_day_is_only_told_where_there_is_one() -> None:
    assert "Workshop on" not in make_handout(PACKS[0], Words())


def test_whatever_the_words_hold_is_text() -> None:
    store = open_in_memory()
    service = LessonsService(store, datetime.now)
    words = NastyWords()
    agenda = service.plan(["cancel", "pause"])
    for page in (
        service.handout("rights", words),
        service.run_sheet(agenda, datetime(2026, 11, 23, 9, 30, tzinfo=UTC), words),
    ):
        told = Reader(page)
        assert "script" not in told.tags
        assert "<script>" in told.text
    store.close()


def test_a_run_sheet_has_the_times_the_card_and_everything_to_say() -> None:
    store = open_in_memory()
    service = LessonsService(store, datetime.now)
    words = Words()
    agenda = service.plan(["cancel", "phone"])
    page = service.run_sheet(agenda, datetime(2026, 11, 23, 9, 30, tzinfo=UTC), words)
    told = Reader(page).text
    assert told.index("09:30 – 10:15") < told.index("10:15 – 10:25") < told.index("10:25 – 11:20")
    for number in range(1, CARE + 1):
        assert words.say(f"lesson.care.{number}") in told
    for pack in ("cancel", "phone"):
        one = service.pack(pack)
        for part in one.parts:
            for number in range(1, part.notes + 1):
                assert words.say(f"lesson.{pack}.{part.phase.value}.notes.{number}") in told
        for showing in one.showings:
            assert words.say(f"lesson.{pack}.show.{showing.number}") in told
        for question in one.questions:
            code = f"lesson.{pack}.quiz.{question.number}"
            assert f"Right: {words.say(f'{code}.{question.right}')}" in told
    shared = words.say("lesson.cancel.needs.1")
    assert shared == words.say("lesson.phone.needs.1")
    assert told.count(shared) == 1, "what two lessons need is brought once"
    assert "four hours" not in told
    store.close()


def test_a_long_day_is_told_on_the_run_sheet() -> None:
    store = open_in_memory()
    service = LessonsService(store, datetime.now)
    agenda = service.plan(["cancel", "phone", "rights", "encrypt"])
    page = service.run_sheet(agenda, datetime(2026, 11, 23, 9, 30, tzinfo=UTC), Words())
    assert agenda.long
    assert "four hours" in page
    store.close()

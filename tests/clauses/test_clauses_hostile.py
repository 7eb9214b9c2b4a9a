"""What outsiders may hand to this pillar, by mistake or on purpose."""

from __future__ import annotations

import io
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.clauses import counting, explaining, portion
from guardian.clauses.model import Document, Explanation, Law, Presence, Standing
from guardian.clauses.repository import Library
from guardian.clauses.rules.genre import is_addressed
from guardian.clauses.rules.patterns import compile_pattern, expand
from guardian.clauses.service import ClausesService
from guardian.clauses.sources.folders import find_documents
from guardian.cli.clauses import clauses
from guardian.cli.clauses.labelling import batches
from guardian.cli.session import Session
from guardian.core import content
from guardian.core.content import read_content
from guardian.core.errors import Cancelled, Problem
from guardian.core.jobs import report_nothing
from guardian.core.store import open_in_memory
from guardian.core.words import Message

ENGLISH = (
    "We may share your personal data with our partners for advertising. You can ask us to delete"
    " your account. This privacy policy tells how we use the information that you give us.\n"
)
CHINESE = "我们会将您的个人信息出售给第三方用于广告。您可以随时注销账号，我们会删除您的个人信息。\n"
FRENCH = (
    "Vous pouvez retirer votre accord à tout moment et demander que vos données soient effacées.\n"
)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def explain(text: str) -> Explanation:
    return explaining.explain_document(
        Document("", text, counting.count_words(text)), report_nothing
    )


class Watch:
    """A listener that stops the work after so many reports, and times the longest silence."""

    def __init__(self, most: float = float("inf")) -> None:
        self.most, self.count, self.longest, self._last = most, 0, 0.0, time.process_time()

    def __call__(self, _done: int, _total: int, _note: Message | None = None, /) -> None:
        now = time.process_time()
        self.longest, self._last = max(self.longest, now - self._last), now
        self.count += 1
        if self.count > self.most:
            raise Cancelled


def test_a_text_longer_than_every_policy_is_explained_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portion, "PASSAGES_MOST", 40)
    text = "".join(f"We may share item {number} of your data.\n" for number in range(400))
    found = explain(text + ENGLISH)
    assert len(found.passages) == 40
    read = found.passages[-1].end
    assert text[read:].strip()
    assert read <= len(found.document.text) - found.unread <= read + 1
    assert explain(ENGLISH).unread == 0


def test_what_only_repeats_itself_counts_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portion, "NEW_MOST", 1_000)
    assert explain(ENGLISH * 100).unread == 0
    assert explain("".join(f"In part {one}, {ENGLISH}" for one in range(100))).unread > 0


def test_nothing_is_called_missing_in_a_text_that_was_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = ENGLISH * 40
    whole = explaining.check_law(explain(long), Law.GDPR, report_nothing)
    assert whole.at(Presence.NOT_FOUND)
    monkeypatch.setattr(portion, "PASSAGES_MOST", 30)
    part = explaining.check_law(explain(long), Law.GDPR, report_nothing)
    assert not part.at(Presence.NOT_FOUND)


@pytest.mark.parametrize(
    "text",
    ["mail a@b.co to ", "we share data. ", "](", "我们会收集您的个人信息", "x", ". ", "| a "],
)
def test_a_long_line_of_repeats_never_keeps_silent_for_long(text: str) -> None:
    watch = Watch()
    whole = (text * 60_000)[:60_000]
    explaining.explain_document(Document("", whole, counting.count_words(whole)), watch)
    assert watch.longest < 0.6


def test_every_stage_can_be_stopped() -> None:
    text = "".join(f"Item {one}: {ENGLISH}" for one in range(120)) + "The GDPR applies.\n"
    watch = Watch()
    document = Document("", text, counting.count_words(text))
    explaining.explain_document(document, watch)
    for most in range(0, watch.count, max(1, watch.count // 12)):
        with pytest.raises(Cancelled):
            explaining.explain_document(document, Watch(most))


def test_both_halves_of_a_document_in_two_languages_are_read() -> None:
    found = explain(ENGLISH * 6 + CHINESE * 3)
    here = ENGLISH * 6
    assert found.language == "en"
    assert any(one.start < len(here) for one in found.clauses)
    assert any(one.start >= len(here) for one in found.clauses)


def test_a_half_in_an_unknown_language_is_left_to_the_person() -> None:
    found = explain(ENGLISH * 9 + FRENCH * 4)
    start = len(ENGLISH * 9)
    foreign = [one for one in found.passages if one.start >= start]
    assert len(foreign) == 4
    assert {one.standing for one in foreign} == {Standing.UNSURE}


def test_a_document_in_an_unknown_language_is_not_called_understood() -> None:
    for line in (FRENCH, "Мы можем передавать ваши персональные данные другим компаниям.\n"):
        found = explain(line * 9)
        assert not found.recognised_language
        assert found.coverage == 0
        checklist = explaining.check_law(found, Law.GDPR, report_nothing)
        assert not checklist.at(Presence.NOT_FOUND)


def test_japanese_is_not_taken_for_chinese() -> None:
    line = (
        "当社は、お客様の個人情報を第三者に提供することがあります。"
        "お客様はいつでも同意を撤回できます。"
    )
    assert counting.guess_language(line * 5) is None
    assert counting.guess_language(CHINESE * 5) == "zh"
    assert counting.spoken(line, "zh") is None


def test_an_article_about_policies_is_none_itself() -> None:
    article = (
        "“We share your personal information with third parties,” the company’s privacy policy"
        " says. Users agree without reading, the study found. Firms collect data and sell it.\n"
    )
    assert not explain(article * 8).looks_like_policy
    assert is_addressed("we keep your data", 4)
    assert is_addressed("the user shall pay", 4)
    assert not is_addressed('the firm said "we keep your data" in a statement', 10)


def test_chinese_signs_are_counted_without_holding_them() -> None:
    assert counting.count_words("我们keep您的data 12") == 7
    assert counting.count_han("a我b们c") == 2


def test_a_pattern_that_is_broken_is_a_damaged_file() -> None:
    for broken in (lambda: compile_pattern("(a"), lambda: expand("<gone>", {})):
        with pytest.raises(Problem) as caught:
            broken()
        assert caught.value.code == "content-bad"
    with pytest.raises(Problem):
        expand("<a>", {"a": "<a>"})


def test_content_with_broken_bytes_is_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.json").write_bytes(b'["a\xff"]')
    monkeypatch.setattr(content, "assets", lambda: tmp_path)
    with pytest.raises(Problem) as caught:
        read_content("list.json", list[str])
    assert caught.value.code == "content-bad"


@pytest.mark.parametrize("line", [b"[" * 100_000, b"\xff", b'{"text": NaN}', b"[1]", b"{}"])
def test_a_line_that_is_no_sentence_is_named(line: bytes) -> None:
    with pytest.raises(Problem) as caught:
        list(batches(io.BytesIO(b'{"text": "We share."}\n' + line)))
    assert caught.value.facts == {"line": 2}


def test_a_mark_of_byte_order_is_no_part_of_a_line() -> None:
    assert list(batches(io.BytesIO(b'\xef\xbb\xbf{"text": "We share."}\n'))) == [["We share."]]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", b"\xff"), ("words", "many"), ("source", b"\x07"), ("language", b""),
        ("fingerprint", b"\x01"), ("read_at", "0001-01-01"), ("clauses", b"\x91\xc0"),
    ],
)  # fmt: skip
def test_a_damaged_row_is_left_out_and_the_others_stay(column: str, value: object) -> None:
    store = open_in_memory()
    service = ClausesService(store, lambda: NOW)
    service.explain_text(ENGLISH, "One", report_nothing)
    service.explain_text(ENGLISH * 2, "Two", report_nothing)
    store.run(f"UPDATE clauses_documents SET {column} = ? WHERE title = 'Two'", value)
    library = Library(store)
    assert [one.title for one in library.all()] == ["One"]
    assert library.unreadable == 1
    store.close()


def test_commands_say_what_they_cannot_judge(tmp_path: Path) -> None:
    store, session = open_in_memory(), Session()
    service = ClausesService(store, lambda: NOW)
    session.__dict__["features"] = SimpleNamespace(clauses=service)
    (tmp_path / "fr.txt").write_text(FRENCH * 9)
    (tmp_path / "empty").mkdir()
    run = CliRunner().invoke
    asked = ["missing", str(tmp_path / "fr.txt"), "--law", "gdpr"]
    said = run(clauses, asked, obj=session).stdout
    assert "does not know this language" in said
    assert "Not found" not in said
    answer = json.loads(
        run(clauses, ["explain", str(tmp_path / "fr.txt"), "--json"], obj=session).stdout
    )
    assert answer["unread_characters"] == 0
    empty = run(clauses, ["explain", str(tmp_path / "empty")], obj=session)
    assert isinstance(empty.exception, Problem)
    assert empty.exception.code == "clauses-no-documents"
    store.close()


PIECES = st.sampled_from(
    [ENGLISH, CHINESE, FRENCH, "\u202e", "\x00", "\x1b[31m", "\u200b", "- ", "(a) ", "\n", "“", "|",
     "We will not:\n- sell your data\n", "a@b.example", "30 days", "İ", "ﬁ", "😀", "](", "**", ";",
     "not ", "GDPR "],
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=14), st.integers(0, 60))
@settings(max_examples=30, deadline=None)
def test_every_quote_is_a_part_of_the_text_whatever_it_is(pieces: list[str], cut: int) -> None:
    text = "".join(pieces)[cut:]
    found = explain(text)
    assert 0 <= found.coverage <= 1
    lists = (*found.checklists, explaining.check_law(found, Law.PIPL, report_nothing))
    items = [item for checklist in lists for item in checklist.items]
    for one in (*found.clauses, *items):
        assert text[one.start : one.end] == one.quote
    for fact in found.facts:
        assert text[fact.start : fact.end] == fact.text
    for clause in found.clauses:
        assert all(value in clause.quote for value in clause.slots.values())


def test_a_place_that_may_not_even_be_looked_at_is_a_clear_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "refused")

    monkeypatch.setattr(Path, "is_dir", refuse)
    with pytest.raises(Problem) as caught:
        find_documents([Path("/locked/policy.txt")])
    assert caught.value.code == "no-permission"
    assert caught.value.facts == {"name": "policy.txt"}

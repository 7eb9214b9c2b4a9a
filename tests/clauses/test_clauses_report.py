"""The report: one whole page, plain and printable, without a trace of whose it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.model import Explanation, SideBySide, SourceKind, VersionChange
from guardian.clauses.report import make_report
from guardian.clauses.rules.comparing import compare_versions, put_side_by_side
from guardian.clauses.telling import shareable
from guardian.core.words import Words
from tests.clauses.builders import a_clause, an_explanation
from tests.clauses.versions import new_version, old_version
from tests.scenes.clauses_documents import policy

VOID = {"meta", "br", "!doctype"}


class Reader(HTMLParser):
    """Collects the words and tags of a page, and checks that each tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += f" {data}"


def read(what: Explanation | VersionChange | SideBySide, language: str = "en") -> Reader:
    return Reader(make_report(what, Words(language)))


def subjects() -> list[Explanation | VersionChange | SideBySide]:
    return [
        policy(),
        compare_versions(old_version(), new_version()),
        put_side_by_side([old_version(), new_version(), policy()]),
    ]


def test_one_document_verdict_worst_best_gaps_steps_and_measures() -> None:
    words, text = Words(), " ".join(read(policy()).text.split())
    places = [
        text.index(part)
        for part in (
            words.tell(policy().verdict),
            words.say("clauses.sheet.worst"),
            "“We may sell your personal data, or share it for money, where the law lets us.”",
            words.say("clauses.sheet.best"),
            "“You can see, correct, download and delete your data in the settings at any time.”",
            "Not found in",
            words.say("clauses.sheet.actions"),
            words.say("clauses.sheet.rest"),
            "left for you",
            "Reading it all takes about",
            words.say("clauses.not-legal-advice"),
        )
    ]
    assert places == sorted(places)


def test_a_change_says_what_got_worse_and_quotes_both_versions() -> None:
    text = " ".join(read(subjects()[1]).text.split())
    assert "4 things got worse, 1 got better." in text
    assert text.index("Worse for you") < text.index("Better for you")
    for quote in ("We do not sell your personal data.", "We keep deleted notes for 6 months."):
        assert f"“{quote}”" in text
    assert "30 days → 6 months" in text


def test_side_by_side_has_a_column_for_each_document_and_quotes() -> None:
    page = read(subjects()[2])
    assert sum(tag == "th" for tag, _ in page.tags) == 4 + len(subjects()[2].rows)
    assert "1. lantern-privacy-2025" in page.text
    assert "“We may sell your personal data to companies that pay for it.”" in page.text


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_report_stands_by_itself(number: int, language: str) -> None:
    page = make_report(subjects()[number], Words(language))
    read_page = Reader(page)
    assert page.startswith("<!DOCTYPE html>")
    assert ("html", {"lang": language}) in read_page.tags
    assert any(tag == "title" for tag, _ in read_page.tags)
    assert not re.search(r"https?:|//|url\(|@import|<script|<img|<link|<iframe|\son\w+=", page)
    assert "default-src 'none'" in page
    assert "size: A4" in page
    assert "clauses." not in re.sub(r"clauses\.(?:check|law|slot)\.[\w.-]+", "", read_page.text)


def test_nothing_tells_where_the_document_was_or_whose_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", "/home/zoltan-k")
    secret = an_explanation(
        "We may sell your data. Dear Quirina, your account is quirina@mail.example.",
        [a_clause("We may sell your data.", "data-sale", "We may sell your data.")],
        title="/home/zoltan-k/private/letters\\Zoltan-K shop terms.pdf",
        document={
            "kind": SourceKind.MAIL,
            "dropped_text": "Signed in as quirina",
            "dropped_words": 4,
        },
    )
    pages = [
        make_report(one, Words())
        for one in (
            secret,
            compare_versions(secret, replace(secret, clauses=())),
            put_side_by_side([secret, old_version()]),
        )
    ]
    for page in pages:
        assert "shop terms" in page
        assert not re.search(
            "zoltan|home|private|letters|quirina|mail.example", page, re.IGNORECASE
        )


def test_what_a_document_says_is_never_taken_for_markup() -> None:
    evil = '<script>alert(1)</script><img src=x onerror="a()"> & “we” sell your data.'
    clause = a_clause(evil, "data-sale", evil, slots={"data": "<b>your</b> data"})
    said = an_explanation(evil, [clause], title="</title><b>")
    for what in (said, compare_versions(old_version(), said), put_side_by_side([said, said])):
        page = read(what)
        assert not {"script", "img", "b"} & {tag for tag, _ in page.tags}
        assert "<script>alert(1)</script>" in page.text


def quoting(quote: str, title: str = "shop") -> Explanation:
    """A document in which a clause with these words was found."""
    text = "We may sell your data."
    clause = replace(a_clause(text, "data-sale", text), quote=quote)
    return an_explanation(text, [clause], title=title)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_and_quote_give_a_whole_page(title: str, quote: str) -> None:
    read(quoting(quote, title))


def test_an_endless_quote_is_cut_and_marked() -> None:
    page = read(quoting("We may sell " + "your data and " * 400))
    assert " …”" in page.text
    assert len(page.text) < 2500


def test_a_quote_that_begins_with_the_line_above_its_item_keeps_the_item() -> None:
    lead = "In the last year we took the following: " + "\n* a thing" * 200
    said = " ".join(read(quoting(f"{lead}\n* we sell it all.")).text.split())
    assert "“In the last year we took the following: " in said
    assert " … we sell it all.”" in said


def test_titles_lose_folders_and_the_name_of_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert shareable("C:\\Users\\ada\\shop.pdf") == "shop.pdf"
    assert shareable("Terms for Ada, from adamant.example") == "Terms for …, from adamant.example"


def test_the_language_of_the_words_is_that_of_the_page() -> None:
    text = read(policy(), "zh").text
    assert Words("zh").say("clauses.sheet.worst") in text
    assert "“We may sell your personal data" in text  # quotes stay as they are


def test_a_day_is_not_claimed() -> None:
    assert str(datetime.now(UTC).year + 1) not in make_report(old_version(), Words())

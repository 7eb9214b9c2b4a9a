"""Pages for paper: whole in themselves, fetching nothing, with every word as text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from guardian.core.sheet import heading, items, paragraph, table, top, whole

# what a page keeps: no lone surrogates, and no control characters, which no markup can hold
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


class Reader(HTMLParser):
    """The tags of a page and the words between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts = [""]
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


@given(st.lists(TEXTS, min_size=5, max_size=5))
def test_whatever_is_said_stays_text(said: list[str]) -> None:
    parts = [
        top(said[0]), heading(said[1]), paragraph(said[2], "small"),
        items([said[3], said[4]]), table([said[0]], [[said[1]], [said[2]]]),
    ]  # fmt: skip
    read = Reader("".join(parts))
    assert read.tags == [
        "h1", "h2", "p", "ul", "li", "li", "table", "tr", "th", "tr", "td", "tr", "td",
    ]  # fmt: skip
    assert [one for one in read.texts if one] == [one for one in (*said, *said[:3]) if one]


def test_a_page_is_whole_and_may_fetch_nothing() -> None:
    page = whole("<Tea>", top("<Tea>"), [paragraph("now")], language='e"n', style="p { margin: 0 }")
    read = Reader(page)
    assert {*read.tags} == {"html", "head", "meta", "title", "style", "body", "h1", "p"}
    assert """content="default-src 'none'; style-src 'unsafe-inline'">""" in page
    assert '<html lang="e&quot;n">' in page
    assert page.count("&lt;Tea&gt;") == 2 and "<Tea>" not in page

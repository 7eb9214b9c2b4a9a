"""How saved web pages become text: what stays, what goes, and pages that mean harm."""

# ruff: noqa: E501 - one example a line reads better

from __future__ import annotations

import socket
import time
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.counting import count_words
from guardian.clauses.sources import html, text

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clauses"
CHINESE = "隐私政策：我们会收集您的个人信息，并且不会在未经您同意的情况下出售给第三方。\n"


def test_a_saved_page_gives_its_article_and_tells_what_was_dropped() -> None:
    page = html.read((FIXTURES / "saved-page.html").read_bytes())
    assert page.title == "Privacy at Tide & Tally"
    assert "We don’t sell your personal information." in page.text
    assert "## Selling" in page.text
    assert "Sign in" in page.dropped
    assert "Sign in" not in page.text
    everything = page.text + page.dropped
    assert "to everyone" not in everything
    assert "tracker" not in everything


def test_a_page_without_an_article_is_read_whole() -> None:
    items = "".join(f"<li><a href='#'>Clause {n} is short</a></li>" for n in range(40))
    page = html.read(f"<html><body><nav>Menu</nav><ul>{items}</ul></body></html>".encode())
    assert all(f"- Clause {n} is short" in page.text for n in range(40))
    assert page.dropped == "Menu"


def test_blocks_become_lines_and_entities_become_characters() -> None:
    page = html.read(b"<p>One&nbsp;&amp;\n two<br>three</p><div>four<b>teen</b></div>")
    assert page.text == "One & two\nthree\nfourteen"


def test_a_page_may_name_its_encoding() -> None:
    body = f"<html><head><meta charset='gb2312'></head><body><p>{CHINESE}</p></body></html>"
    page = html.read(body.encode("gb18030"))
    assert CHINESE.strip() in page.text


HOSTILE = {
    "deep blocks": "<div>" * 100_000 + "We do not sell your data." + "</div>" * 100_000,
    "deep inline": "<b>" * 100_000 + "We do not sell your data.",
    "deep tables": "<table><tr><td>" * 30_000 + "We do not sell your data.",
    "entities": '<!DOCTYPE h [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<html><body><p>&b;&b;&b; We do not sell your data.</p></body></html>",
    "attributes": "<p " + "a=1 " * 100_000 + ">We do not sell your data.</p>",
    "unclosed comments": "<p>We do not sell your data.</p>" + "<!--" * 50_000,
    "unclosed tags": "<p>We do not sell your data.</p>" + "<a " * 100_000,
    "frames": "<iframe src='file:///etc/passwd'></iframe><object data='http://x.example'></object>"
    "<p>We do not sell your data.</p>",
    "picture inside": f"<img src='data:image/png;base64,{'A' * 3_000_000}'>We do not sell your data.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_without_harm(name: str) -> None:
    began = time.process_time()
    page = html.read(HOSTILE[name].encode())
    assert time.process_time() - began < 5
    assert "We do not sell your data." in page.text
    assert len(page.text) < 2_000_000
    assert "root:" not in page.text


MENU = ("Log in to your space", "Prices and plans", "About the company", "Write for us")
BANNER = "This page keeps cookies on your device and shares data with its partners for adverts."
FOOT = "Made with love in a small town by the sea"
NAV = "<nav>" + "".join(f"<li><a href=/x>{one}</a>" for one in MENU) + "</nav>"
LINKS = "".join(f"<div><a href=/x>{one}</a></div>" for one in MENU)
COOKIES = f"<div id=cookie-banner><p>{BANNER}</p><button>Accept all of them</button></div>"
FOOTER = f"<footer><p>{FOOT}</p><a>Imprint and press</a></footer>"
SHAPES = {
    "article": NAV + COOKIES + "<main><article>{}</article></main>" + FOOTER,
    "boxes": LINKS + COOKIES + "<div><div>{}</div></div>" + LINKS,
    "folded": NAV + "<details><summary>Read</summary><div>{}</div></details>" + FOOTER,
    "hidden": NAV
    + "<h3><button>Read the policy</button></h3><div hidden style='display:none'>{}</div>"
    + FOOTER,
    "tabs": NAV
    + "<div role=tablist><b>Policy</b></div><div role=tabpanel hidden class=off>{}</div>"
    + FOOTER,
    "layout table": "<table><tr><td>" + LINKS + "</td><td>{}</td></tr></table>" + FOOTER,
    "form": "<form id=aspnet>" + LINKS + "<div>{}</div></form>" + FOOTER,
    "custom elements": NAV + "<x-app><x-legal>{}</x-legal></x-app>" + FOOTER,
    "dialog": NAV
    + "<p>A shop for lamps and shades.</p><div role=dialog class=consent-modal>{}</div>"
    + FOOTER,
    "header": "<header>{}</header>" + FOOTER,
    "cookie policy": NAV + "<div class='cookie-notice'>{}</div>" + FOOTER,
}
PARAGRAPHS = {
    "paragraphs": ("<p>{}</p>", "<h2>{}</h2>", "<li>{}"),
    "boxes": (
        "<div><span><span>{}</span></span></div>",
        "<div class=t>{}</div>",
        "<li><p>{}</p></li>",
    ),
    "definitions": ("<dd>{}</dd>", "<dt>{}</dt>", "<dd>{}</dd>"),
    "breaks": ("{}<br><br>", "<b>{}</b><br>", "- {}<br>"),
}


def policy() -> list[str]:
    """The blocks of the policy that stands in the fixtures, as Markdown."""
    whole = (FIXTURES / "lantern-privacy.md").read_text("utf-8")
    return [" ".join(block.split()) for block in whole.split("\n\n") if block.strip()]


def dressed(block: str, how: tuple[str, str, str]) -> str:
    if block.startswith("#"):
        return how[1].format(escape(block.lstrip("# ")))
    if block.startswith(("- ", "* ")):
        return how[2].format(escape(block[2:]))
    return how[0].format(escape(block))


@pytest.mark.parametrize("how", PARAGRAPHS)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_page_loses_a_line_of_the_policy(shape: str, how: str) -> None:
    blocks = policy()
    body = "\n".join(dressed(block, PARAGRAPHS[how]) for block in blocks)
    page = html.read(f"<html><body>{SHAPES[shape].format(body)}</body></html>".encode())
    seen = " ".join(page.text.split())
    assert [block for block in blocks if block.lstrip("-*# ") not in seen] == []
    assert FOOT not in page.text


@pytest.mark.parametrize("shape", ["article", "boxes", "custom elements"])
def test_menus_and_banners_go_and_can_be_looked_at(shape: str) -> None:
    body = "\n".join(dressed(block, PARAGRAPHS["paragraphs"]) for block in policy())
    page = html.read(f"<html><body>{SHAPES[shape].format(body)}</body></html>".encode())
    around = (*MENU, BANNER) if shape != "custom elements" else MENU
    assert [one for one in around if one in page.text] == []
    assert [one for one in around if one not in page.dropped] == []


def test_what_stands_beside_the_text_is_kept_where_it_says_something() -> None:
    said = "In short: we never give your letters to other firms, and you can delete them any day."
    dated = "Last updated: 4 May 2026"
    body = "".join(dressed(block, PARAGRAPHS["paragraphs"]) for block in policy())
    page = html.read(
        f"<header><a href=/>Lantern</a><h1>Privacy</h1><p>{dated}</p></header>"
        f"<main>{body}<aside><p>{said}</p></aside>{body}</main>".encode()
    )
    assert said in page.text
    assert dated in page.text


def test_long_notices_in_a_footer_are_kept() -> None:
    notice = (
        "If you live in this state, the law gives you the right to see and delete your data. " * 8
    )
    page = html.read(f"<main><p>{ENOUGH}</p></main><footer><p>{notice}</p></footer>".encode())
    assert notice.strip() in page.text


ENOUGH = "We collect your name and your address, and share them with nobody. " * 10


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ul><li><p>one</p><p>two</p></li><li>three</li></ul>", "- one\ntwo\n- three"),
        ("<h2><div>Head</div></h2><p>Body</p>", "## Head\nBody"),
        ("<table><tr><th>Data<th>Why<tr><td>Name<td>To <b>greet</b> you</table>", "Data | Why\nName | To greet you"),
        ("<table><tr><td>a<td><ul><li>b<li>c</ul></table>", "a\n- b\n- c"),
        ("<dl><dt>Term</dt><dd>What it means</dd></dl>", "Term\nWhat it means"),
        ("<pre>one\n two</pre><p>three\nfour</p>", "one\ntwo\nthree four"),
        ("<textarea readonly>One line\nand another</textarea>", "One line\nand another"),
        ("<h3><button>How we share</button></h3><p>Not.</p><button>Close</button>", "### How we share\nNot."),
        ("<x-head>Head</x-head><x-text>Text</x-text>", "Head\nText"),
        ("a<script>b</script><style>c</style><svg><text>d</text></svg>e", "ae"),
    ],
)  # fmt: skip
def test_every_element_becomes_lines(markup: str, expected: str) -> None:
    assert html.read(f"<html><body>{markup}</body></html>".encode()).text == expected


def test_nothing_is_started_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page must not reach the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    page = html.read(
        b"<!DOCTYPE html SYSTEM 'http://x.example/a.dtd'><base href='http://x.example/'>"
        b"<meta http-equiv=refresh content='0;url=http://x.example'><link href=//x.example/a.css>"
        b"<script src=http://x.example/a.js></script><script>fetch('http://x.example')</script>"
        b"<img src=http://x.example/a.png onerror=alert(1)><iframe src=http://x.example></iframe>"
        b"<svg><image href=http://x.example/a.svg /></svg><p><![CDATA[ <b> ]]>We keep it.</p>"
    )
    assert page.text.endswith("We keep it.")


@given(st.lists(st.sampled_from(["<p>", "</p>", "<li>", "<script>", "</script>", "&", "word ", "<", ">", "<!--",
    "-->", "<td>", "\n", "é", "<title>", "</b>", "<b>", "<h2>", "&#0;", "&#xd800;", "\x00"]), max_size=30))  # fmt: skip
def test_any_markup_gives_a_page_or_says_that_it_has_no_words(pieces: list[str]) -> None:
    try:
        page = html.read("".join(pieces).encode())
    except (html.NoWordsError, text.NotTextError):
        return
    assert count_words(page.text + " " + page.dropped)
    page.text.encode()

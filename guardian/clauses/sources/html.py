"""Reads saved web pages: the article where one can be told apart, else the whole page.

Nothing in a page is executed and nothing is fetched: the tree is only walked for its words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

from lxml import etree, html
from readability import Document as Readable

from guardian.clauses.counting import count_words
from guardian.clauses.sources import text as plain

LEAST_KEPT = 0.6
READABLE_MOST = 3_000_000
UNSEEN = frozenset(
    ("script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object", "embed")
).union(("canvas", "audio", "video", "select", "option", "button", "textarea", "input"))
FURNITURE = frozenset(("nav", "header", "footer", "aside", "form", "dialog", "menu"))
BLOCKS = FURNITURE.union(
    ("p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr"),
    ("td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "blockquote", "pre", "address"),
    ("figure", "figcaption", "details", "summary", "fieldset", "body", "title", "center"),
)
HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?([a-zA-Z0-9_-]{2,30})", re.IGNORECASE
)
EMBEDDED = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=]++", re.ASCII)
SPACE = re.compile(r"[ \t\f\v\u00a0]+")
TAG = re.compile(r"(?P<comment><!--)|<[/!?]?(?P<name>[a-zA-Z][a-zA-Z0-9]*+)?[^<>]*+>")
RAW_ENDS = {"script": "</script", "style": "</style"}
LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Page:
    """A page's words: what was kept, what was left out as furniture, and how it was decoded."""

    title: str
    text: str
    dropped: str
    encoding: str
    unreadable: int


class NoWordsError(ValueError):
    """The page shows nothing to read."""


def read(data: bytes) -> Page:
    """The words of a saved page. Raises :class:`NoWordsError`."""
    source, encoding, lost = decode(data)
    tree = parse(source)
    whole = words_of(tree, with_furniture=True) if tree is not None else ""
    count, flat = count_words(whole), flat_words(source)
    if tree is None or count < LEAST_KEPT * count_words(flat):
        # the parser gave up on part of the page, as it does on very deep nesting
        if not count_words(flat):
            raise NoWordsError
        return Page("", flat, "", encoding, lost)
    if not count:
        raise NoWordsError
    kept = article(source, count) or words_of(tree, with_furniture=False) or whole
    return Page(title_of(tree), kept, without(whole, kept), encoding, lost)


def decode(data: bytes) -> tuple[str, str, int]:
    """Like ``text.decode``, but a page may name its own encoding."""
    declared = DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii").lower()
        name = "gb18030" if name in ("gb2312", "gbk") else name
        try:
            source = plain.NEWLINES.sub("\n", data.decode(name))
        except (LookupError, ValueError):
            return shortened(*plain.decode(data))
        return shortened(source, name, 0)
    return shortened(*plain.decode(data))


def shortened(source: str, encoding: str, lost: int) -> tuple[str, str, int]:
    """Without the pictures that a page saved as one file carries inside."""
    return EMBEDDED.sub("", source), encoding, lost


def parse(source: str) -> html.HtmlElement | None:
    """The page as a tree; the parser mends what it can and follows nothing. None: it cannot."""
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True
    )
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


def article(source: str, whole_words: int) -> str | None:
    """The page's article, or None when it cannot be told from the rest or loses too much."""
    if len(source) > READABLE_MOST:
        return None
    try:
        tree = parse(Readable(source).summary())
    except Exception:  # it fails in ways of its own on strange pages; then the whole page is read
        return None
    if tree is None:
        return None
    found = words_of(tree, with_furniture=True)
    return found if count_words(found) >= LEAST_KEPT * whole_words else None


def words_of(tree: html.HtmlElement, *, with_furniture: bool) -> str:
    """The text a reader sees, one line for each block; list items and headings carry their mark."""
    hidden = UNSEEN if with_furniture else UNSEEN | FURNITURE
    pieces: list[str] = []
    skipping = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            skipping += tag in hidden
            if not skipping:
                if tag in BLOCKS:
                    pieces.append("\n" + ("- " if tag == "li" else HEADINGS.get(tag, "")))
                pieces.append(one_line(element.text))
            continue
        skipping -= tag in hidden
        if not skipping:
            if tag in BLOCKS:
                pieces.append("\n")
            pieces.append(one_line(element.tail) if element is not tree else "")
    lines = LINES.sub("\n", SPACE.sub(" ", "".join(pieces))).strip()
    return "\n".join(line for line in lines.split("\n") if line.strip(" -#"))


def flat_words(source: str) -> str:
    """The words outside of tags, scripts and styles, found without building a tree."""
    pieces: list[str] = []
    place = 0
    while found := TAG.search(source, place):
        pieces.append(source[place : found.start()])
        place = found.end()
        name = (found["name"] or "").lower()
        if name in BLOCKS:
            pieces.append("\n")
        end = "-->" if found["comment"] else RAW_ENDS.get(name)
        if end:
            place = after(source, end, place)
    pieces.append(source[place:])
    text = unescape("".join(pieces))
    return LINES.sub("\n", SPACE.sub(" ", text)).strip()


def after(source: str, end: str, place: int) -> int:
    """The place behind the next ``end``; that of the whole text's end where there is none."""
    found = source.find(end, place)
    return len(source) if found < 0 else found + len(end)


def one_line(text: str | None) -> str:
    """Line ends inside a block mean nothing in HTML."""
    return " ".join(text.splitlines()) if text and "\n" in text else text or ""


def title_of(tree: html.HtmlElement) -> str:
    """The page's own title, on one line, at most 200 characters."""
    found = tree.find(".//title")
    return " ".join((found.text_content() if found is not None else "").split())[:200]


def without(whole: str, kept: str) -> str:
    """The lines of ``whole`` that are not in ``kept``."""
    left = Counter(bare(line) for line in kept.split("\n"))
    dropped = []
    for line in whole.split("\n"):
        if left[bare(line)]:
            left[bare(line)] -= 1
        else:
            dropped.append(line)
    return "\n".join(dropped)


def bare(line: str) -> str:
    return "".join(line.split()).strip("-#")

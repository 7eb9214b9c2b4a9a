"""Reads saved web pages: every line that a reader could see, without the page's furniture.

Nothing in a page is executed and nothing is fetched: the tree is only walked for its words. What
a page hides until somebody opens it is read too, because policies fold their sections away.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from itertools import islice

from lxml import etree

from guardian.clauses.counting import count_words
from guardian.clauses.sources import text as plain
from guardian.clauses.sources.furniture import Line, Part, choose

LEAST_KEPT = 0.6
READABLE_MOST, READABLE_LINES = 3_000_000, 10_000  # more takes the extractor many seconds
TITLE_MOST = 200
NAME_MOST = 400
START = 4096
ROW_ELEMENTS, ROW_CHARACTERS = 60, 800
UNSEEN = frozenset(
    ("script", "style", "template", "head", "svg", "math", "iframe", "object", "embed", "canvas")
).union(("audio", "video", "select", "option", "input", "datalist", "rt", "rp"))
SOFT = frozenset(("header", "aside"))
FURNITURE = frozenset(("nav", "header", "footer", "aside", "dialog", "menu", "noscript"))
ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar")
).union(("dialog", "alertdialog"))
BANNER = re.compile(
    r"(?:cookie|consent|gdpr|ccpa)[a-z]{0,8}[-_]{0,2}"
    r"(?:banner|bar|notice|pop-?up|modal|dialog|overlay|wall|prompt|sdk|box|manager|root)"
    r"|onetrust|cookiebot|cybot|didomi|usercentrics|qc-cmp|osano|truste",
    re.IGNORECASE,
)
HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
MARKS = {**HEADINGS, "li": "- "}
CELLS = frozenset(("td", "th"))
KEEPS_LINES = frozenset(("pre", "textarea", "xmp", "listing"))
LISTS = frozenset(("table", "ul", "ol", "dl", "pre", "textarea"))
BLOCKS = FURNITURE.union(
    ("p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr"),
    ("td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "blockquote", "pre", "address"),
    ("figure", "figcaption", "details", "summary", "fieldset", "body", "title", "center", "form"),
    ("caption", "legend", "thead", "tbody", "tfoot", "textarea", "button", "label", "hgroup"),
)
DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?([a-zA-Z0-9_-]{2,30})"
    rb"|<\?xml[^>]{0,80}?encoding\s{0,4}=\s{0,4}[\"']([a-zA-Z0-9_-]{2,30})",
    re.IGNORECASE,
)
EMBEDDED = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=]++", re.ASCII)
SPACE = re.compile(r"[ \t\f\v\r\n\u00a0]+")
SPACE_IN_LINE = re.compile(r"[ \t\f\v\u00a0]+")
TAG = re.compile(r"(?P<comment><!--)|<[/!?]?(?P<name>[a-zA-Z][a-zA-Z0-9]*+)?[^<>]*+>")
RAW_ENDS = {name: f"</{name}" for name in ("script", "style", "svg", "template")}
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


def read(data: bytes, declared: str = "") -> Page:
    """The words of a saved page; ``declared`` is the encoding that a mail names for it.

    Raises :class:`NoWordsError` and ``text.NotTextError``.
    """
    return read_source(*decode(data, declared))


def read_source(source: str, encoding: str, lost: int) -> Page:
    """As :func:`read`, for a page that is text already."""
    source = EMBEDDED.sub("", source)  # pictures that a page saved as one file carries inside
    tree = parse(source)
    lines = lines_of(tree) if tree is not None else []
    count, flat = sum(line.words for line in lines), flat_words(source)
    if tree is None or count < LEAST_KEPT * count_words(flat):
        # the parser gave up on part of the page, as it does on very deep nesting
        if not count_words(flat):
            raise NoWordsError
        return Page("", flat, "", encoding, lost)
    if not count:
        raise NoWordsError
    found = article(source) if len(lines) <= READABLE_LINES else Counter[str]()
    kept = choose(lines, found)
    text, dropped = (
        "\n".join(line.text for line, stays in zip(lines, kept, strict=True) if stays is wanted)
        for wanted in (True, False)
    )
    return Page(title_of(tree), text, dropped, encoding, lost)


def decode(data: bytes, declared: str = "") -> tuple[str, str, int]:
    """Like ``text.decode``, but a page that is not UTF-8 may name its own encoding."""
    found = DECLARED.search(data[:START])
    named = (found[1] or found[2]).decode("ascii") if found else ""
    return plain.decode(data, declared or named)


def parse(source: str) -> etree._Element | None:
    """The page as a tree; the parser mends what it can and follows nothing. None: it cannot."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


def article(source: str) -> Counter[str]:
    """The lines of the page's article, bare; none when it cannot be told from the rest."""
    if len(source) > READABLE_MOST:
        return Counter()
    try:
        from readability import Document as Readable

        tree = parse(Readable(source).summary())
    except Exception:  # it fails in ways of its own on strange pages; then the whole page is read
        return Counter()
    return Counter(line.bare for line in lines_of(tree)) if tree is not None else Counter()


def lines_of(tree: etree._Element) -> list[Line]:
    """The lines a reader sees, one for each block; list items and headings carry their mark."""
    walk = Walk()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            walk.enter(element, tag)
        else:
            walk.leave(element, tag)
            if element is not tree:
                walk.say(element.tail)
    walk.flush()
    return walk.lines


class Walk:
    """Collects a page's lines while its tree is walked."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._mark = ""
        self._links = 0  # characters of the line that are part of a link
        self._linked = self._skipped = self._kept = 0  # depths
        self._cells: list[str] | None = None  # of a table row that is one line
        self._row: etree._Element | None = None
        self._parts: list[etree._Element] = []  # the furniture around, outermost first
        self._part = Part()

    def enter(self, element: etree._Element, tag: str) -> None:
        self._skipped += tag in UNSEEN
        if self._skipped:
            return
        if is_block(tag):
            self.flush()
            self._mark = MARKS.get(tag, self._mark)
        part = part_of(element, tag)
        if part and not self._parts:
            self._part = part
        if part:
            self._parts.append(element)
        self._linked += tag == "a"
        self._kept += tag in KEEPS_LINES
        if tag == "tr" and self._cells is None and is_row(element):
            self._cells, self._row = [], element
        self.say(element.text)

    def leave(self, element: etree._Element, tag: str) -> None:
        self._skipped -= tag in UNSEEN
        if self._skipped or tag in UNSEEN:
            return
        if tag in CELLS and self._cells is not None:
            self._cells.append(self._taken())
        elif element is self._row:
            self._words = [" | ".join(filter(None, self._cells or ()))]
            self._cells = self._row = None
            self.flush()
        elif tag == "button" and not self._mark and len("".join(self._words).split()) <= 2:
            self.flush(Part(furniture=True))
        elif is_block(tag):
            self.flush()
        if tag in MARKS:
            self._mark = ""
        self._linked -= tag == "a"
        self._kept -= tag in KEEPS_LINES
        if self._parts and self._parts[-1] is element:
            self._parts.pop()
            if not self._parts:
                self._part = Part()

    def say(self, words: str | None) -> None:
        """Words inside a block; line ends in them mean nothing outside of ``pre``."""
        if not words or self._skipped:
            return
        if self._linked:
            self._links += len(words.strip())
        if not self._kept or self._cells is not None:
            self._words.append(words)
            return
        first, *rest = words.split("\n")
        self._words.append(first)
        for line in rest:
            self.flush()
            self._words.append(line)

    def flush(self, part: Part | None = None) -> None:
        """End the line; inside a row of a table only the word."""
        if self._cells is not None:
            self._words.append(" ")
            return
        words, links = self._taken(), self._links
        self._links = 0
        if words:
            self.lines.append(Line(self._mark + words, links, part or self._part))
            self._mark = ""

    def _taken(self) -> str:
        words = SPACE.sub(" ", "".join(self._words)).strip()
        self._words.clear()
        return words


def is_block(tag: str) -> bool:
    """Whether an element stands on lines of its own, as those that pages invent mostly do."""
    return tag in BLOCKS or "-" in tag


def part_of(element: etree._Element, tag: str) -> Part | None:
    """The piece of furniture that begins with ``element``."""
    role = name = ""
    if element.attrib:
        role = element.get("role", "")
        name = f"{element.get('id', '')} {element.get('class', '')}"[:NAME_MOST]
    if name and BANNER.search(name):
        return Part(furniture=True, banner=True)
    if tag in FURNITURE or role in ROLES:
        return Part(furniture=True, soft=tag in SOFT or role == "complementary")
    return None


def is_row(element: etree._Element) -> bool:
    """Whether a table row holds several short cells, and so is one line."""
    cells = length = 0
    inside = list(islice(element.iter(), ROW_ELEMENTS + 1))
    for one in inside[1:]:
        if one.tag in LISTS:
            return False
        cells += one.tag in CELLS
        length += len(one.text or "") + len(one.tail or "")
    return cells > 1 and len(inside) <= ROW_ELEMENTS and length <= ROW_CHARACTERS


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
            place = place if found["comment"] else after(source, ">", place)
    pieces.append(source[place:])
    text = unescape("".join(pieces))
    return LINES.sub("\n", SPACE_IN_LINE.sub(" ", text)).strip()


def after(source: str, end: str, place: int) -> int:
    """The place behind the next ``end``; that of the whole text's end where there is none."""
    found = source.find(end, place)
    return len(source) if found < 0 else found + len(end)


def title_of(tree: etree._Element) -> str:
    """The page's own title, else its first heading; on one line, at most 200 characters."""
    for path in ("head/title", ".//h1"):
        found = tree.find(path)
        words = (
            " ".join("".join(map(str, islice(found.itertext(), 100))).split())
            if found is not None
            else ""
        )
        if words:
            return words[:TITLE_MOST]
    return ""

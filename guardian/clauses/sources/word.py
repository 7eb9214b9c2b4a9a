"""Reads Word and OpenDocument texts: paragraphs, lists and tables in the order of the page.

The parts are looked at as they are. No macro is started, no link followed, no picture opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import join, normpath

from lxml import etree

from guardian.clauses.model import Document, SourceKind
from guardian.clauses.sources.archive import Archive
from guardian.clauses.sources.titles import tidy_title
from guardian.core.errors import Problem

ROW_MOST = 800  # characters of a table row that stands on one line
MARGINS_MOST = 20
HEADING = re.compile(r"heading (\d)$|标题 ?(\d)$", re.IGNORECASE)
SPACE = re.compile(r"[^\S\n]+")
MARGIN_PART = re.compile(r"/(?:header|footer)\d{0,3}\.xml$")
FIRST_HEADING = re.compile(r"^#{1,6} (.{1,200})", re.MULTILINE)
# deleted words, the older of two drawings of one box, remarks
UNREAD = frozenset(
    ("del", "moveFrom", "Fallback", "tracked-changes", "annotation", "note-citation")
)
PARAGRAPHS = frozenset(("p", "h"))
ROWS, CELLS = frozenset(("tr", "table-row")), frozenset(("tc", "table-cell"))
BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "line-break": "\n", "s": " "}

Mark = Callable[[etree._Element], str]


def read(data: bytes, name: str) -> Document:
    """The words of a document; ``name`` stands in for a missing title. Raises ``Problem``."""
    archive = Archive(data, name)
    if "META-INF/manifest.xml" in archive.names and "content.xml" in archive.names:
        text, title = read_open_document(archive, name), title_in(archive, "meta.xml")
        margins = ""
    else:
        main = main_part(archive)
        if not main:
            raise Problem("document-other-kind", name=name)
        text, margins = read_word(archive, main)
        title = title_in(archive, "docProps/core.xml")
    return Document(
        title=title or first_heading(text) or name,
        text=text,
        words=0,
        dropped_text=margins,
        kind=SourceKind.WORD,
    )


def read_word(archive: Archive, main: str) -> tuple[str, str]:
    """The words of a Word document, and those of its headers and footers."""
    folder = main.rpartition("/")[0]
    styles = styles_in(archive.parse(join(folder, "styles.xml")))

    def mark(paragraph: etree._Element) -> str:
        return mark_of(paragraph, styles)

    lines = list(lines_of(archive.parse(main), mark))
    for notes in ("footnotes.xml", "endnotes.xml"):
        lines += lines_of(archive.parse(join(folder, notes)), mark)
    margins = sorted(part for part in archive.names if MARGIN_PART.search(part))[:MARGINS_MOST]
    around = dict.fromkeys(line for part in margins for line in lines_of(archive.parse(part), mark))
    return "\n".join(lines), "\n".join(around)


def main_part(archive: Archive) -> str:
    """The part that holds a Word document's body; empty where there is none."""
    relations = archive.parse("_rels/.rels")
    for one in relations if relations is not None else ():
        target = normpath(one.get("Target", "").lstrip("/"))
        if one.get("Type", "").endswith("/officeDocument") and target.startswith("word/"):
            return target if target in archive.names else ""
    return "word/document.xml" if "word/document.xml" in archive.names else ""


def read_open_document(archive: Archive, name: str) -> str:
    """The words of an OpenDocument text. Raises ``Problem`` for a locked one and other kinds."""
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Problem("document-locked", name=name)
    tree = archive.parse("content.xml")
    bodies = () if tree is None else tuple(one for one in tree.iter() if local(one) == "text")
    if not bodies:
        raise Problem("document-other-kind", name=name)
    return "\n".join(lines_of(bodies[0], open_mark))


def open_mark(paragraph: etree._Element) -> str:
    if local(paragraph) == "h":
        return "## "
    parent = paragraph.getparent()
    return "- " if parent is not None and local(parent) == "list-item" else ""


def styles_in(tree: etree._Element | None) -> dict[str, str]:
    """The mark of each style of paragraph that is a heading or a list."""
    marks: dict[str, str] = {}
    for style in tree if tree is not None else ():
        if local(style) != "style":
            continue
        found = {local(one): one for one in style.iter()}
        name = value(found["name"]) if "name" in found else ""
        level = HEADING.search(name)
        if level or name.lower() == "title" or "outlineLvl" in found:
            marks[attribute(style, "styleId")] = (
                "#" * min(int(level[1] or level[2]), 6) + " " if level else "# "
            )
        elif "numPr" in found or name.lower().startswith("list bullet"):
            marks[attribute(style, "styleId")] = "- "
    return marks


def mark_of(paragraph: etree._Element, styles: dict[str, str]) -> str:
    """``- `` for a point of a list, ``# `` for a heading, by its own settings or by its style."""
    settings = next((one for one in paragraph if local(one) == "pPr"), None)
    mark = ""
    for one in settings if settings is not None else ():
        kind = local(one)
        if kind == "pStyle":
            mark = styles.get(value(one), mark)
        elif kind == "numPr" and not mark.startswith("#"):
            numbered = [value(number) for number in one if local(number) == "numId"]
            mark = "" if numbered == ["0"] else "- "
        elif kind == "outlineLvl" and value(one) != "9":
            mark = "## "
    return mark


class Page:
    """Collects lines while a document's tree is walked: paragraphs, and rows of tables."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._paragraphs: list[list[str]] = []  # one inside the other, as text boxes are
        self._rows: list[list[list[str]]] = []  # the same with tables: rows of cells of lines

    def say(self, words: str | None) -> None:
        if words and self._paragraphs:
            self._paragraphs[-1].append(words)

    def open_paragraph(self) -> None:
        self._paragraphs.append([])

    def close_paragraph(self, mark: str) -> None:
        for line in SPACE.sub(" ", "".join(self._paragraphs.pop())).split("\n"):
            if line.strip():
                self._place().append(mark + line.strip())
                mark = ""

    def open_row(self) -> None:
        self._rows.append([])

    def open_cell(self) -> None:
        if self._rows:
            self._rows[-1].append([])

    def close_row(self) -> None:
        cells = [cell for cell in self._rows.pop() if cell]
        plain = len(cells) > 1 and all(len(cell) == 1 for cell in cells)
        if plain and sum(len(cell[0]) for cell in cells) <= ROW_MOST:
            self._place().append(" | ".join(cell[0] for cell in cells))
        else:
            self._place().extend(line for cell in cells for line in cell)

    def _place(self) -> list[str]:
        if not self._rows:
            return self.lines
        if not self._rows[-1]:
            self._rows[-1].append([])
        return self._rows[-1][-1]


def lines_of(tree: etree._Element | None, mark: Mark) -> Iterator[str]:
    """The lines of one part. In OpenDocument the words stand in the paragraphs themselves."""
    if tree is None:
        return
    page = Page()
    unread = 0
    free = is_open(tree)
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        kind = local(element)
        if event == "start":
            unread += kind in UNREAD
            if not unread:
                enter(page, element, kind, free=free)
            continue
        if not unread:
            leave(page, element, kind, mark)
        unread -= kind in UNREAD
        if free and not unread and element is not tree:
            page.say(element.tail)
    yield from page.lines


def enter(page: Page, element: etree._Element, kind: str, *, free: bool) -> None:
    if kind in PARAGRAPHS:
        page.open_paragraph()
    elif kind in ROWS:
        page.open_row()
    elif kind in CELLS:
        page.open_cell()
    elif kind in BREAKS:
        page.say(BREAKS[kind])
    if free or kind == "t":
        page.say(element.text)


def leave(page: Page, element: etree._Element, kind: str, mark: Mark) -> None:
    if kind in PARAGRAPHS:
        page.close_paragraph(mark(element))
    elif kind in ROWS:
        page.close_row()


def is_open(tree: etree._Element) -> bool:
    """Whether the tree is one of OpenDocument."""
    return "opendocument" in (etree.QName(tree).namespace or "")


def local(element: etree._Element) -> str:
    """An element's name without its name space; two kinds of Word files differ in those."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    found = (text for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return str(next(found, ""))


def value(element: etree._Element) -> str:
    return attribute(element, "val")


def title_in(archive: Archive, part: str) -> str:
    """The title among a document's facts about itself."""
    tree = archive.parse(part)
    found = (one.text for one in tree.iter() if local(one) == "title") if tree is not None else ()
    return tidy_title(next(iter(found), ""))


def first_heading(text: str) -> str:
    """The first heading, without its mark."""
    found = FIRST_HEADING.search(text)
    return found[1].strip() if found else ""

"""Makes paragraphs out of the lines of printed pages, and takes off what every page repeats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

EDGE_LINES = 3  # at the top and at the bottom of a page
MARGIN = 0.12  # of the page's height, in which page numbers stand
REPEATED = 0.5  # of the pages
PAGES_LEAST = 3
NEARBY = 8  # lines above and below that show how wide a column is
PAGE_NUMBER = re.compile(
    r"(?:page|p\.|第|-|–|—)?\s*\d{1,4}\s*(?:(?:of|/|共|-|–|—|\|)\s*)?(?:\d{1,4})?\s*(?:页|-|–|—)?"
    r"(?:\s*[,，]?\s*共\s*\d{1,4}\s*页)?",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+")
BULLETS = "•·▪◦‣●○■–—*-"
MARKED = re.compile(
    rf"[{BULLETS}]\s|\(?(?:\d{1, 3}(?:\.\d{1, 3}){0, 4}|[a-zA-Z]|[ivxIVX]{1, 5})[.)]\s"
    r"|\d{1,2}(?:\.\d{1,2}){1,4}\s|\d{1,2}[、．]|[一二三四五六七八九十百]{1,4}、"
    r"|[（(][一二三四五六七八九十百\d]{1,4}[）)]|第[一二三四五六七八九十百\d]{1,5}[条章节]"
)
BULLET_ONLY = re.compile(
    rf"[{BULLETS}]|\(?(?:\d{1, 3}(?:\.\d{1, 3}){0, 4}|[a-zA-Z]|[ivxIVX]{1, 5})[.)]"
)
CLOSED = tuple(".!?:;。！？：；…")
WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef“”‘’…—]")
HAN = re.compile(r"[\u3400-\u9fff]")
# the mark of a word that was cut at the end of a line
CUT_MARK = "\ufffe"
CUT = re.compile(rf"(\w+){CUT_MARK}(\w+)")
WORD = re.compile(r"\w+(?:-\w+)*")
# these keep their hyphen
BEFORE_HYPHEN = frozenset(
    ("third", "opt", "non", "self", "cross", "end", "co", "long", "short", "in", "by", "up", "sign")
).union(("log", "well", "one", "two", "anti", "off", "on", "real", "age", "built", "device"))


@dataclass(frozen=True)
class SheetLine:
    """A line and its place on the page, in points from the lower left corner.

    It ends with U+FFFE where a word was cut.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass
class Sheet:
    """One page. ``drawn``: there is something on it."""

    lines: list[SheetLine]
    height: float
    drawn: bool


def take_running_lines(sheets: Sequence[Sheet]) -> list[str]:
    """Take headers, footers and page numbers off the pages; what was taken, each text once."""
    edges = [edges_of(sheet) for sheet in sheets]
    counts = Counter(text for page in edges for text in {bare(line) for line in page})
    least = max(PAGES_LEAST, len(sheets) * REPEATED)
    taken: dict[str, None] = {}
    for sheet, page in zip(sheets, edges, strict=True):
        running = {
            id(line)
            for line in page
            if (counts[bare(line)] >= least and any(map(str.isalpha, line.text)))
            or (is_number(line) and in_margin(line, sheet))
        }
        taken |= dict.fromkeys(line.text for line in sheet.lines if id(line) in running)
        sheet.lines = [line for line in sheet.lines if id(line) not in running]
    return list(taken)


def edges_of(sheet: Sheet) -> list[SheetLine]:
    """The lines nearest to the top and to the bottom of a page."""
    by_height = sorted(sheet.lines, key=lambda line: -line.top)
    if len(by_height) <= 2 * EDGE_LINES:
        return by_height
    return by_height[:EDGE_LINES] + by_height[-EDGE_LINES:]


def bare(line: SheetLine) -> str:
    """The line as it is on every page, whatever the page's number."""
    return DIGITS.sub("0", line.text)


def is_number(line: SheetLine) -> bool:
    return PAGE_NUMBER.fullmatch(line.text) is not None


def in_margin(line: SheetLine, sheet: Sheet) -> bool:
    least = sheet.height * MARGIN
    return line.bottom > sheet.height - least or line.top < least


def rejoin(sheets: Sequence[Sheet]) -> str:
    """The text with one line for each paragraph, also where it goes on on the next page."""
    pieces: list[str] = []
    before: SheetLine | None = None
    edge = 0.0
    for sheet in sheets:
        leading = leading_of(sheet.lines)
        widths = edges_right(sheet.lines)
        for number, line in enumerate(sheet.lines):
            if before is not None:
                joined = joins(before, line, edge, leading if number else 0.0)
                pieces.append(between(before.text, line.text) if joined else "\n")
            pieces.append(line.text)
            before, edge = line, widths[number]
    return mend_cuts("".join(pieces))


def joins(before: SheetLine, line: SheetLine, edge: float, leading: float) -> bool:
    """Whether ``line`` goes on with the paragraph of ``before``.

    ``edge`` is the right edge of the column, ``leading`` the usual distance of two lines; 0 where
    a page lies between them.
    """
    if BULLET_ONLY.fullmatch(before.text) or before.text.endswith(CUT_MARK):
        return True
    begins = MARKED.match(line.text) and not is_inside(before, line, edge)
    if begins or abs(before.size - line.size) > 0.08 * max(before.size, 1):
        return False
    gap = step(before, line) if leading else 0.0
    if gap > 1.3 * leading or gap < -leading / 2:
        return False
    closed = before.text.endswith(CLOSED)
    if not closed and line.text[0].islower() and before.right > edge * 0.6:
        return True
    if leading and gap < leading / 4:
        return not closed  # beside it
    return is_full(before, line, edge) and (bool(leading) or not closed)


def is_inside(before: SheetLine, line: SheetLine, edge: float) -> bool:
    """Whether a line that looks like a point of a list only happens to begin with a number."""
    goes_on = not before.text.endswith(CLOSED) and is_full(before, line, edge)
    return goes_on and abs(before.left - line.left) < 3 and line.text[0] not in BULLETS


def is_full(before: SheetLine, line: SheetLine, edge: float) -> bool:
    """Whether the first word of ``line`` would not have fitted behind ``before``."""
    width = max(before.right - before.left, 1.0)
    letter = width / max(len(before.text), 1)
    word = 1 if HAN.match(line.text) else len(line.text.split(" ", 1)[0]) + 1
    return before.right + letter * word > edge - 2 * letter


def edges_right(lines: Sequence[SheetLine]) -> list[float]:
    """For each line the right edge of its column, as its neighbours show it."""
    most = max((line.right for line in lines), default=0.0)
    edges = []
    for number in range(len(lines)):
        near = lines[max(0, number - NEARBY) : number + NEARBY + 1]
        rights = [one.right for one in near if abs(one.left - lines[number].left) < 40]
        edge = max(rights)
        full = sum(right > edge - 0.06 * edge for right in rights)
        edges.append(edge if full >= 3 else max(most, lines[number].right))
    return edges


def leading_of(lines: Sequence[SheetLine]) -> float:
    """The usual distance from one line of a paragraph to the next."""
    pairs = [
        (step(before, line), line.text[0].islower() and not before.text.endswith(CLOSED))
        for before, line in pairwise(lines)
        if 0 < step(before, line) < 4 * max(line.size, 6)
    ]
    inside = sorted(distance for distance, goes_on in pairs if goes_on)
    every = sorted(distance for distance, _ in pairs)
    if len(inside) >= 3:
        return inside[len(inside) // 2]
    return every[len(every) // 4] if every else 12.0


def step(before: SheetLine, line: SheetLine) -> float:
    """How far below ``before`` a line stands."""
    return before.bottom - line.bottom


def between(before: str, after: str) -> str:
    """What stands between two lines of a paragraph: nothing in Chinese, and inside a word."""
    if before.endswith(CUT_MARK):
        return ""
    if WIDE.match(before[-1]) and WIDE.match(after[0]) and HAN.search(before[-6:] + after[:6]):
        return ""
    return " "


def mend_cuts(text: str) -> str:
    """Words cut at the end of a line in one piece, as the rest of the document writes them."""
    known = {word.lower() for word in WORD.findall(text)}

    def whole(found: re.Match[str]) -> str:
        first, second = found[1].lower(), found[2].lower()
        hyphened = f"{first}-{second}" in known
        if first + second not in known and first in BEFORE_HYPHEN and second in known:
            hyphened = True
        return f"{found[1]}-{found[2]}" if hyphened else found[1] + found[2]

    return CUT.sub(whole, text).replace(CUT_MARK, "-")

"""Splits a document into passages: sentences, list items, headings, each with its place.

Time is linear in the text: every pattern here either always matches or is looked for in a window
of fixed length. List markers, heading marks and table lines stay out of the passages
(:data:`MARKS`); every other visible character is in exactly one passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.clauses.model import Passage, PassageKind

MARKS = "*+-•·▪◦‣●○–—#>|=_~:"
LONGEST = 2000
WRAPPED_LEAST, WRAPPED_MOST = 50, 100
HEADING_MOST = 90

LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]++")
BREAK = re.compile(
    r"(?P<stop>[.!?…]++[\"'”’)\]*_]*+)(?P<gap>\s*+)"
    r"|[。！？；]++[”’』」）]*+\s*+"
    r"|[;:](?P<list>\s*+)"
    r"|<br ?/?>|\t++",
    re.IGNORECASE,
)
BULLET = re.compile(r"[>|\s]*+(?:[*+•·▪◦‣●○–—-]\s++|#{1,6}\s++)?[>|\s]*+")
NUMBERED = re.compile(
    r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s"
    r"|[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百\d]{1,4}[）)]|第[一二三四五六七八九十百\d]{1,5}[条章节]"
)
RUN_IN = re.compile(
    r"(?:and |or |以及|或)?[（(](?:[a-zA-Z]|[ivxIVX]{1,5}|\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
)
CLOSED = tuple(".!?:;。！？：；…")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“\[])(?:e\.g|i\.e|etc|vs|cf|al|no|nos|inc|ltd|corp|co|llc|mr|mrs|ms|dr|prof|st|sr|jr"
    r"|art|arts|sec|para|p|pp|ed|vol|fig|approx|dept|est|tel|ext|u\.s|u\.k|u\.s\.a|e\.u|a\.m|p\.m"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|[a-z])$",
    re.IGNORECASE,
)
NUMBER_ONLY = re.compile(r"\s*\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})")
# after these a capital letter still begins a new sentence more often than not
ENDS_TOO = re.compile(
    r"(?:inc|ltd|corp|co|llc|etc|u\.s|u\.k|u\.s\.a|e\.u|a\.m|p\.m)$", re.IGNORECASE
)
STARTERS = re.compile(
    r"[\"'“‘(\[]?(?:We|You|Our|Your|If|The|This|These|Those|It|In|For|Please|When|By|However|All|Any"
    r"|To|As|They|Some|Under|Except)\b"
)


def split(text: str) -> list[Passage]:
    """The passages of ``text`` in order, without overlap, each an exact substring of it."""
    return list(walk(text))


def walk(text: str) -> Iterator[Passage]:
    """Passages one by one, so that a long document can report how far it is."""
    for start, end, kind in blocks(text):
        for left, right in sentences(text, start, end):
            for first, last in pieces(text, left, right):
                yield Passage(text[first:last], first, last, kind)


def blocks(text: str) -> Iterator[tuple[int, int, PassageKind]]:
    """Lines without their marks; the lines of a hard-wrapped paragraph joined into one."""
    wrapped = is_wrapped(text)
    waiting: tuple[int, int, PassageKind] | None = None
    last_line_start = 0
    for line in LINE.finditer(text):
        marker = BULLET.match(text, line.start(), line.end())
        start = marker.end() if marker else line.start()
        end = trimmed_end(text, start, line.end())
        if start >= end or is_marks(text, start, end):
            if waiting:
                yield waiting
            waiting = None
            continue
        marked = bool(text[line.start() : start].strip())
        if waiting and not marked and joins(text, waiting, last_line_start, (start, end), wrapped):
            waiting = (waiting[0], end, waiting[2])
        else:
            if waiting:
                yield waiting
            waiting = (start, end, kind_of(text, line.start(), start, end))
        last_line_start = start
    if waiting:
        yield waiting


def joins(
    text: str,
    before: tuple[int, int, PassageKind],
    last_line_start: int,
    line: tuple[int, int],
    wrapped: bool,
) -> bool:
    """Whether the line goes on with the paragraph ``before`` it."""
    start, end = line
    gap = text[before[1] : min(start, before[1] + 200)]
    if gap.count("\n") > 1 or start - before[1] > 200 or NUMBERED.match(text, start, end):
        return False
    length = before[1] - last_line_start
    if wrapped and length >= WRAPPED_LEAST:
        return True
    ended = text[before[1] - 1] in CLOSED
    return not ended and text[start].islower() and length >= 20


def is_wrapped(text: str) -> bool:
    """Whether the lines of ``text`` were broken at a fixed width, as in old text files."""
    lengths = [len(line[0]) for line in LINE.finditer(text, 0, min(len(text), 20_000))]
    if len(lengths) < 4 or max(lengths) > WRAPPED_MOST:
        return False
    return sum(length >= WRAPPED_LEAST for length in lengths) * 2 >= len(lengths)


def kind_of(text: str, line_start: int, start: int, end: int) -> PassageKind:
    """What a block is, judged by its mark, its length and how it ends."""
    mark = text[line_start:start].strip()
    if mark.startswith("#"):
        return PassageKind.HEADING
    short = end - start <= HEADING_MOST and text[end - 1] not in CLOSED
    if short and not mark and text[end - 1] != "," and not text[start].islower():
        return PassageKind.HEADING
    if mark or NUMBERED.match(text, start, end):
        return PassageKind.ITEM
    return PassageKind.SENTENCE


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the sentences of one block begin and end."""
    begin = start
    for found in BREAK.finditer(text, start, end):
        if not is_boundary(text, begin, end, found):
            continue
        cut = found.start() if found[0][0] in "<\t" else found.end()
        yield begin, cut
        begin = found.end()
    yield begin, end


def is_boundary(text: str, begin: int, end: int, found: re.Match[str]) -> bool:
    """Whether a stop, semicolon or line break ends a passage here."""
    place = found.end()
    if found["list"] is not None:
        return bool(RUN_IN.match(text, place, end))
    if found["stop"] is None:
        return True
    if not found["gap"] or place >= end or text[place].islower():
        return False
    single = found["stop"].startswith(".") and not found["stop"].startswith("..")
    return not single or ends_sentence(text, begin, found.start(), place)


def ends_sentence(text: str, begin: int, stop: int, place: int) -> bool:
    """Whether a full stop at ``stop`` is more than that of a number or an abbreviation."""
    window = text[max(begin, stop - 12) : stop]
    if NUMBER_ONLY.fullmatch(window):
        return False
    if not ABBREVIATION.search(window):
        return True
    return bool(ENDS_TOO.search(window) and STARTERS.match(text, place))


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without outer white space and table lines; cut where it is longer than a page."""
    while start < end and (text[start].isspace() or text[start] == "|"):
        start += 1
    end = trimmed_end(text, start, end)
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > 0 else start + LONGEST
        yield start, trimmed_end(text, start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end and not is_marks(text, start, end):
        yield start, end


def trimmed_end(text: str, start: int, end: int) -> int:
    """``end`` moved left over white space and table lines."""
    while end > start and (text[end - 1].isspace() or text[end - 1] == "|"):
        end -= 1
    return end


def is_marks(text: str, start: int, end: int) -> bool:
    """Whether nothing but marks and white space stands there."""
    return all(character in MARKS or character.isspace() for character in text[start:end])

"""Splits a document into passages: sentences, list items, headings, each with its place.

Time is linear in the text: every pattern here either always matches or is looked for in a window
of fixed length. List markers, heading marks and table lines (:data:`MARKS`) and what nobody can
see (:data:`INVISIBLE`) may stay out; every other character is in exactly one passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardian.clauses.model import Passage, PassageKind

MARKS = "*+-•·▪◦‣●○■–—#>|=_~:`\\"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
LONGEST = 2000
# a list inside one sentence is taken apart only where the whole is too much for one quote
RUN_IN_LEAST = 1000
WRAPPED_LEAST, WRAPPED_MOST, WRAPPED_HAN = 50, 100, 20
SAMPLE = 20_000
HEADING_MOST = 90
GAP_MOST = 200
NUMBER_MOST = 120

LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]++")
BREAK = re.compile(
    r"(?P<stop>[.!?…]++[\"'”’)\]*_]*+)(?P<gap>\s*+)"
    r"|[。！？；]++[”’』」）)]*+\s*+"
    r"|(?P<dot>(?<=\s)[•●▪◦‣■]\s++)"
    r"|(?P<cell>\|\s*+)"
    r"|(?P<line><br ?/?>\s*+)",
    re.IGNORECASE,
)
BULLET = re.compile(
    rf"[>|\s{INVISIBLE}]*+(?:\\?[*+•·▪◦‣●○■–—-][\s{INVISIBLE}]++|#{{1,6}}\s++)?[>|\s{INVISIBLE}]*+"
)
NUMBER = r"[*_]{0,3}\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})"
NUMBERED = re.compile(
    rf"{NUMBER}(?:\\?[.)])\s|\d{{1,2}}(?:\.\d{{1,2}}){{1,4}}\s"
    r"|\d{1,2}(?:[、．]|[.)）](?=[\u3400-\u9fff]))"
    r"|[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百\d]{1,4}[）)]"
    r"|第[一二三四五六七八九十百\d]{1,5}[条章节]"
)
# a number before a headline, in the bold type and the links of Markdown
NUMBER_ONLY = re.compile(
    rf"\s*(?:\[\]\([^()\s]{{0,100}}\))?[*_\[]{{0,4}}(?:{NUMBER}\\?[.)]\s{{1,4}})?{NUMBER}\\?"
)
LONE_NUMBER = re.compile(rf"{NUMBER}\\?[.)、]|第[一二三四五六七八九十百\d]{{1,5}}[条章节]")
RUN_IN = re.compile(
    r"[;:,]\s*+(?:(?:and|or|and/or)\s)?"
    r"(?=[（(](?:[a-zA-Z]|[ivxIVX]{1,5}|\d{1,2}|[一二三四五六七八九十]{1,3})[)）])"
)
# the next point of a list, where its mark is written small
POINT = re.compile(r"(?:[a-z]|[ivx]{1,5})[.)]\s")
BRAND = re.compile(r"[a-z]{1,12}[A-Z]")
HAN = re.compile(r"[\u3400-\u9fff]")
CLOSED = tuple(".!?:;。！？：；…")
OPEN_END = re.compile(r"[;,，；](?:\s(?:and|or|and/or|以及|或))?$")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“\[/])(?:e\.g|i\.e|etc|vs|cf|al|inc|incl|ltd|pte|pty|corp|co|llc|mr|mrs|ms|dr|prof"
    r"|st|sr|jr|dept|est|tel|ext|approx|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
    r"|(?:[a-z]\.){1,4}[a-z]|[a-z])$",
    re.IGNORECASE,
)
# these are short for something only in front of a number
COUNTED = re.compile(
    r"(?:^|[\s(\"“\[])(?:nos?|arts?|secs?|paras?|pp?|ed|vol|fig|ch|cl|§)$", re.IGNORECASE
)
# after these a new sentence may begin all the same
ENDS_TOO = re.compile(
    r"(?:inc|ltd|corp|co|llc|etc|(?:[a-z]\.){1,4}[a-z]|(?:^|\s)[a-z])$", re.IGNORECASE
)
STARTERS = re.compile(
    r"[\"'“‘(\[]?(?:We|You|Our|Your|If|The|This|These|Those|It|Its|In|For|Please|When|By|However|All"
    r"|Any|To|As|They|Some|Under|Except)\b"
)


@dataclass(frozen=True)
class Block:
    """A line, or the lines of one paragraph; ``last`` is where its last line begins."""

    start: int
    end: int
    last: int
    kind: PassageKind


def split(text: str) -> list[Passage]:
    """The passages of ``text`` in order, without overlap, each an exact substring of it."""
    return list(walk(text))


def walk(text: str) -> Iterator[Passage]:
    """Passages one by one, so that a long document can report how far it is."""
    for block in blocks(text):
        for left, right in sentences(text, block.start, block.end):
            for begin, end, listed in parts(text, left, right):
                kind = PassageKind.ITEM if listed else block.kind
                for first, last in pieces(text, begin, end):
                    yield Passage(text[first:last], first, last, kind)


def blocks(text: str) -> Iterator[Block]:
    """Lines without their marks; the lines of a hard-wrapped paragraph joined into one."""
    wrapped = wrapped_at(text)
    waiting: Block | None = None
    listing = False
    for line in LINE.finditer(text):
        marker = BULLET.match(text, line.start(), line.end())
        start = marker.end() if marker else line.start()
        end = trimmed_end(text, start, line.end())
        if start >= end or is_marks(text, start, end):
            continue
        mark = text[line.start() : start].strip(f" \t{INVISIBLE}")
        if waiting and not mark and joins(text, waiting, start, wrapped, listing=listing):
            waiting = Block(waiting.start, end, start, waiting.kind)
            continue
        if waiting:
            yield waiting
            listing = goes_on(text, waiting, listing=listing)
        listed = listing and waiting is not None and hangs(text, waiting, start, end)
        kind = PassageKind.ITEM if listed else kind_of(text, mark, start, end)
        waiting = Block(start, end, start, kind)
    if waiting:
        yield waiting


def joins(text: str, before: Block, start: int, wrapped: int, *, listing: bool) -> bool:
    """Whether the line at ``start`` goes on with the paragraph ``before`` it."""
    gap = text[before.end : min(start, before.end + GAP_MOST)]
    if start - before.end > GAP_MOST or is_number(text, before.start, before.end):
        return start - before.end <= GAP_MOST
    if gap.count("\n") > 1 or NUMBERED.match(text, start):
        return False
    length = before.end - before.last
    if wrapped and length >= wrapped:
        return True
    if (
        listing
        or text[before.end - 1] in CLOSED
        or OPEN_END.search(text[before.end - 8 : before.end])
    ):
        return False
    return text[start].islower() and length >= 20 and not BRAND.match(text, start)


def goes_on(text: str, block: Block, *, listing: bool) -> bool:
    """Whether points of a list without marks may follow ``block``."""
    if text[block.end - 1] in ":：":
        return True
    return listing and block.kind is PassageKind.ITEM and text[block.end - 1] not in ".。!！?？"


def hangs(text: str, before: Block, start: int, end: int) -> bool:
    """Whether a line without a mark is a point of the list that ``before`` belongs to."""
    if text[start].islower() or OPEN_END.search(text[max(start, end - 8) : end]):
        return True
    if OPEN_END.search(text[max(before.start, before.end - 8) : before.end]):
        return True
    near = text.count("\n", before.end, start) <= 1
    return near and end - start <= HEADING_MOST and text[end - 1] not in CLOSED


def wrapped_at(text: str) -> int:
    """From how many characters on a line goes on in the next one; 0 where none does.

    The lines of old text files were broken at a fixed width.
    """
    sample = text[:SAMPLE]
    lines = [line[0].rstrip() for line in LINE.finditer(sample)]
    lengths = sorted(map(len, lines))
    if len(lengths) < 4 or lengths[len(lengths) * 49 // 50] > WRAPPED_MOST:
        return 0
    least = WRAPPED_LEAST
    if len(HAN.findall(sample)) * 2 >= len(sample):
        least = max(WRAPPED_HAN, lengths[len(lengths) * 19 // 20] - 4)
    full = [line for line in lines if len(line) >= least]
    # paragraphs of one line end with a stop, lines that were cut seldom do
    cut = sum(not line.endswith(CLOSED) for line in full)
    return least if len(full) * 2 >= len(lengths) and cut * 2 >= len(full) else 0


def kind_of(text: str, mark: str, start: int, end: int) -> PassageKind:
    """What a block is, judged by its mark, its length and how it ends."""
    if mark.startswith("#"):
        return PassageKind.HEADING
    row = "\t" in text[start : min(end, start + HEADING_MOST)] or text.find(" | ", start, end) >= 0
    short = end - start <= HEADING_MOST and text[end - 1] not in CLOSED
    if short and not mark and not row and text[end - 1] not in ",，" and not text[start].islower():
        return PassageKind.HEADING
    if mark or row or NUMBERED.match(text, start, end):
        return PassageKind.ITEM
    return PassageKind.SENTENCE


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the sentences of one block begin and end."""
    begin = start
    # the cells of a table row belong together, except where some of them hold several lines
    cells = text.find("<br", start, end) >= 0
    for found in BREAK.finditer(text, start, end):
        if (found["cell"] and not cells) or not is_boundary(text, begin, end, found):
            continue
        line = found["dot"] or found["cell"] or found["line"]
        yield begin, found.start() if line else found.end()
        begin = found.end()
        if line and (marker := BULLET.match(text, begin, end)):
            begin = marker.end()
    yield begin, end


def is_boundary(text: str, begin: int, end: int, found: re.Match[str]) -> bool:
    """Whether a stop or a line break ends a sentence here."""
    if found["stop"] is None:
        return True
    place = found.end()
    if not found["gap"] or place >= end:
        return False
    if text[place].islower() and not BRAND.match(text, place):
        return bool(POINT.match(text, place)) and found["stop"][0] == "."
    single = found["stop"].startswith(".") and not found["stop"].startswith("..")
    return not single or ends_sentence(text, begin, found.start(), place)


def ends_sentence(text: str, begin: int, stop: int, place: int) -> bool:
    """Whether a full stop at ``stop`` is more than that of a number or an abbreviation."""
    if stop - begin <= NUMBER_MOST and NUMBER_ONLY.fullmatch(text, begin, stop):
        return False
    window = text[max(begin, stop - 12) : stop]
    if COUNTED.search(window):
        return not (text[place].isdigit() or text[place] in "§#")
    if not ABBREVIATION.search(window):
        return True
    return bool(ENDS_TOO.search(window) and STARTERS.match(text, place))


def parts(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """A sentence whole, or a very long one cut at the points of the list inside it.

    The last value says whether the part is such a point.
    """
    begin, listed = start, False
    if end - start >= RUN_IN_LEAST:
        for found in RUN_IN.finditer(text, start, end):
            yield begin, found.start() + 1, listed
            begin, listed = found.start() + 1, True
    yield begin, end, listed


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without outer white space and table lines; cut where it is longer than a page."""
    start, end = trimmed_start(text, start, end), trimmed_end(text, start, end)
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > 0 else start + LONGEST
        if not is_marks(text, start, cut):
            yield start, trimmed_end(text, start, cut)
        start = trimmed_start(text, cut, end)
    if start < end and not is_marks(text, start, end):
        yield start, end


def trimmed_start(text: str, start: int, end: int) -> int:
    """``start`` moved right over white space and table lines."""
    while start < end and (text[start].isspace() or text[start] in "|" + INVISIBLE):
        start += 1
    return start


def trimmed_end(text: str, start: int, end: int) -> int:
    """``end`` moved left over white space and table lines."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in "|" + INVISIBLE):
        end -= 1
    return end


def is_marks(text: str, start: int, end: int) -> bool:
    """Whether nothing but marks and white space stands there."""
    return all(
        character in MARKS or character.isspace() or character in INVISIBLE
        for character in text[start:end]
    )


def is_number(text: str, start: int, end: int) -> bool:
    """Whether the block is the number of the next one and nothing else."""
    return end - start <= 12 and LONE_NUMBER.fullmatch(text, start, end) is not None

"""PDF documents, drawn by PDFium. No form, script or attachment in them is ever started."""

from __future__ import annotations

import ctypes
import math
import re
import time
from contextlib import suppress
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from guardian.core.errors import Problem
from guardian.vault.preview.model import (
    MOST_HITS,
    MOST_PAGE_TEXT,
    MOST_PIXELS,
    Facts,
    Hit,
    Hits,
    Look,
    Picture,
    Saying,
    Text,
)
from guardian.vault.preview.plain import harmless, one_line

POINTS = 96 / 72  # pixels of a page at its own size
LONGEST_SIDE = 16_000
SEARCH_SECONDS = 0.5
MOST_AREAS = 200  # rectangles of one hit; some documents tell one for each letter
FINE = 10_000  # steps in which places on a page are told
SAYINGS = (("title", "Title"), ("author", "Author"), ("program", "Creator"))

Area = tuple[float, float, float, float]


class PdfPages:
    """The PDF in ``file``. Raises ``Problem`` for what is none and for a password that fails."""

    def __init__(self, file: BinaryIO, password: str) -> None:
        try:
            self._pdf = pypdfium2.PdfDocument(file, password=password or None)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pdfium.FPDF_ERR_PASSWORD:
                raise Problem(
                    "preview-password-wrong" if password else "preview-password"
                ) from error
            raise Problem("preview-damaged") from error
        self._count = len(self._pdf)
        if self._count < 1:
            raise Problem("preview-damaged")

    def facts(self) -> Facts:
        found = [Saying(code, self._value(key)) for code, key in SAYINGS]
        found.append(Saying("made", to_day(self._value("CreationDate"))))
        return Facts(Look.PAGES, self._count, tuple(one for one in found if one.text))

    def _value(self, key: str) -> str:
        return one_line(self._pdf.get_metadata_value(key))

    def page(self, number: int, width: int, turns: int) -> Picture:
        page = self._load(number)
        across, down = page.get_size()
        if turns % 2:
            across, down = down, across
        if not (across > 0 and down > 0):
            raise Problem("preview-damaged")
        scale = fitting(across, down, width)
        bitmap = page.render(scale=scale, rotation=turns % 4 * 90, rev_byteorder=True)
        text = page.get_textpage().get_text_bounded()[:MOST_PAGE_TEXT]
        return Picture(
            bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer),
            max(1, round(across * POINTS)), max(1, round(down * POINTS)), harmless(text),
        )  # fmt: skip

    def find(self, text: str, first: int) -> Hits:
        hits: list[Hit] = []
        end = time.monotonic() + SEARCH_SECONDS
        for number in range(max(0, first), self._count):
            with suppress(Problem):  # the page says so when it is shown
                hits += self._find_on(number, text)
            if time.monotonic() > end or len(hits) >= MOST_HITS:
                following = number + 1
                return Hits(tuple(hits), following if following < self._count else None)
        return Hits(tuple(hits))

    def _find_on(self, number: int, text: str) -> list[Hit]:
        page = self._load(number)
        words = page.get_textpage()
        words.count_rects()
        search = words.search(text)
        hits: list[Hit] = []
        while len(hits) < MOST_HITS and (place := search.get_next()):
            count = min(words.count_rects(*place), MOST_AREAS)
            areas = [to_area(page, words.get_rect(n)) for n in range(count)]
            hits.append(Hit(number, by_line(areas)))
        return hits

    def text(self) -> Text:
        raise ValueError("a PDF is drawn")

    def _load(self, number: int) -> pypdfium2.PdfPage:
        if not 0 <= number < self._count:
            raise Problem("preview-damaged")
        try:
            return self._pdf[number]
        except pypdfium2.PdfiumError as error:
            raise Problem("preview-damaged") from error


def fitting(across: float, down: float, width: int) -> float:
    """The scale that makes a page ``width`` pixels wide, or less where that would be too much."""
    most = min(
        math.sqrt((MOST_PIXELS - 2 * LONGEST_SIDE) / (across * down)),
        LONGEST_SIDE / max(across, down),
    )
    return min(max(1, width) / across, most)


def to_area(page: pypdfium2.PdfPage, box: Area) -> Area:
    """A rectangle of the PDF (left, bottom, right, top) in shares of the page as it is shown."""
    left, bottom, right, top = box
    corners = [to_share(page, left, top), to_share(page, right, bottom)]
    across, down = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return across[0], down[0], across[1], down[1]


def by_line(areas: list[Area]) -> tuple[Area, ...]:
    """Rectangles at the same height put together."""
    lines: list[Area] = []
    for area in areas:
        left, top, right, bottom = area
        if lines and top < lines[-1][3] and bottom > lines[-1][1]:
            last = lines.pop()
            left, top = min(left, last[0]), min(top, last[1])
            right, bottom = max(right, last[2]), max(bottom, last[3])
        lines.append((left, top, right, bottom))
    return tuple(lines)


def to_share(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE


def to_day(text: str) -> str:
    """«2026-03-01» for «D:20260301120000»; nothing where it is not such a date."""
    found = re.match(r"D:(\d{4})(\d\d)(\d\d)", text)
    return "-".join(found.groups()) if found else ""

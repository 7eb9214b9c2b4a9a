"""Reads PDF documents with PDFium: the words of each line, and where it stands on its page.

No form, script or attachment in a document is ever started.
"""

from __future__ import annotations

import re
from ctypes import byref

import pypdfium2
import pypdfium2.raw as pdfium

from guardian.clauses.model import Document, SourceKind
from guardian.clauses.sources.paragraphs import (
    CUT_MARK,
    Sheet,
    SheetLine,
    rejoin,
    take_running_lines,
)
from guardian.clauses.sources.titles import tidy_title
from guardian.core.errors import Problem

TEXT_MOST = 10_000_000
HEADLINE_MOST = 90
GARBLED_MOST = 0.3  # of the characters; a font that does not say what its shapes mean
# bullets that come from fonts of symbols, and letters that were printed as one
FOLD = str.maketrans(
    {
        **dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf02d\uf0fc\uf06e", "•"),
        **{"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"},
        **{"\x02": CUT_MARK, "\u00ad": CUT_MARK, "\u00a0": " ", "\t": " "},
        **dict.fromkeys(map(chr, (*range(2), *range(3, 9), 11, 12, *range(14, 32))), " "),
    }
)
LINE = re.compile(r"[^\r\n\x02\u00ad\ufffe]+[\x02\u00ad\ufffe]?")
GARBLED = re.compile(r"[\ufffd\ue000-\uf8ff]")


def read(data: bytes, name: str) -> Document:
    """The words of a PDF, its paragraphs whole again; ``name`` stands in for a missing title.

    Raises ``Problem`` for a document that is damaged, locked with a password, or without words.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
        sheets = read_sheets(pdf)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pdfium.FPDF_ERR_PASSWORD
        raise Problem("document-locked" if locked else "document-damaged", name=name) from error
    running = take_running_lines(sheets)
    text = rejoin(sheets)
    wordless = sum(sheet.drawn and not any(map(has_words, sheet.lines)) for sheet in sheets)
    garbled = len(GARBLED.findall(text))
    if wordless == len(sheets) or garbled > len(text) * GARBLED_MOST:
        raise Problem("document-no-words", name=name)
    return Document(
        title=tidy_title(pdf.get_metadata_value("Title")) or first_line(text) or name,
        text=GARBLED.sub("\ufffd", text),
        words=0,
        dropped_text="\n".join(running),
        kind=SourceKind.PDF,
        unreadable=garbled,
        pages=len(sheets),
        wordless_pages=wordless,
    )


def read_sheets(pdf: pypdfium2.PdfDocument) -> list[Sheet]:
    """The lines of every page. A page that is broken holds none."""
    sheets: list[Sheet] = []
    length = 0
    for number in range(len(pdf)):
        try:
            page = pdf[number]
            words = page.get_textpage()
        except pypdfium2.PdfiumError:
            sheets.append(Sheet([], 0.0, drawn=True))
            continue
        lines = lines_of(words)
        drawn = pdfium.FPDFPage_CountObjects(page) > 0
        sheets.append(Sheet(lines, page.get_height(), drawn=drawn))
        length += sum(len(line.text) for line in lines)
        words.close()
        page.close()
        if length > TEXT_MOST:
            break
    return sheets


def lines_of(words: pypdfium2.PdfTextPage) -> list[SheetLine]:
    """The lines of a page in the order in which the document holds them."""
    lines = []
    for found in LINE.finditer(words.get_text_range()):
        line = found[0].translate(FOLD)
        if not line.strip():
            continue
        first = found.start() + len(line) - len(line.lstrip())
        left, _, bottom, top = box(words, first)
        _, right, _, _ = box(words, found.start() + len(line.rstrip(f" {CUT_MARK}")) - 1)
        lines.append(SheetLine(line.strip(), left, right, top, bottom, top - bottom))
    return lines


def box(words: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of one character in points; zeros where it has no place."""
    sides = pdfium.FS_RECTF()
    # the loose box is as high as the font, whatever the character's shape
    pdfium.FPDFText_GetLooseCharBox(words, index, byref(sides))
    return sides.left, sides.right, sides.bottom, sides.top


def has_words(line: SheetLine) -> bool:
    return any(map(str.isalnum, line.text))


def first_line(text: str) -> str:
    """The first line, where it is short enough for a headline."""
    line = text.partition("\n")[0]
    return line if len(line) <= HEADLINE_MOST else ""

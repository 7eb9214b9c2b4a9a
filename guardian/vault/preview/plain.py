"""Plain text: notes, Markdown, tables with commas, programs, logs; shown letter by letter."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from guardian.vault.preview.model import MOST_TEXT, Facts, Hits, Look, Picture, Text

SAMPLE = 64 * 1024
LONGEST_LINE = 4000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# control characters as the signs for them; what turns the direction of writing around is a mark
VISIBLE = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"}
VISIBLE |= {127: 0x2421, **dict.fromkeys(range(0x80, 0xA0), 0xFFFD)}
VISIBLE |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)


class PlainText:
    """The beginning of ``file`` as text."""

    def __init__(self, file: BinaryIO) -> None:
        data = file.read(MOST_TEXT)
        self._whole = not file.read(1)
        self._text = harmless(decode(data))

    def facts(self) -> Facts:
        return Facts(Look.TEXT)

    def page(self, number: int, width: int, turns: int) -> Picture:
        raise ValueError("a text is not drawn")

    def find(self, text: str, first: int) -> Hits:
        raise ValueError("whoever shows a text searches it")

    def text(self) -> Text:
        return Text(self._text, self._whole)


def decode(data: bytes) -> str:
    """By its mark, as UTF-8, or as whatever encoding is likely."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    return data.decode(best.encoding if best else "latin-1", "replace")


def harmless(text: str) -> str:
    """``text`` with nothing in it that acts instead of being read; very long lines are broken."""
    plain = re.sub("\r\n?", "\n", text).translate(VISIBLE)
    return re.sub(rf"([^\n]{{{LONGEST_LINE}}})(?=[^\n])", "\\1\n", plain)


def one_line(text: str, most: int = 200) -> str:
    """A short text on one line, fit to be shown anywhere."""
    return " ".join(harmless(text[: 4 * most]).split())[:most]

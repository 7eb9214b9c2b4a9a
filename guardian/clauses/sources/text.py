"""Reads plain text and Markdown: finds the encoding and leaves the words as they are."""

from __future__ import annotations

import codecs
import re

from guardian.clauses.counting import count_han

SAMPLE = 200_000
# longest first, because the mark of UTF-16 begins like that of UTF-32
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BINARY_MARKS = (
    *(
        b"%PDF",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"\x7fELF",
    ),
    *(b"MZ\x90", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf", b"SQLite format 3"),
)
HAN_COMMON = re.compile("[的一是在不了有和人这中大为上个我以要他们用你方时可会到所隐私信息]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
NEWLINES = re.compile(r"\r\n?")
WESTERN = "cp1252"
# what documents call encodings, and what they mean by it
DECLARED_AS = {
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80", "cn-gb"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), WESTERN),
    **dict.fromkeys(("big5", "big-5", "x-x-big5", "cn-big5"), "big5hkscs"),
    **{"shift_jis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949"},
}
# none of Python's codecs that are no character sets, or slow
NAMED = re.compile(
    r"iso-?8859-\d{1,2}|iso-2022-(?:jp|kr)|windows-?\d{3,4}|cp\d{3,4}|koi8-[rut]|utf-?8"
    r"|gb18030|big5-?hkscs|euc-jp|tis-620|hz-gb-2312"
)
CANDIDATES = ["cp1252", "cp1250", "cp1251", "iso8859_1", "big5", "shift_jis", "euc_kr", "gb18030"]


class NotTextError(ValueError):
    """The bytes are no text in any encoding known here."""


def decode(data: bytes, declared: str = "") -> tuple[str, str, int]:
    """The text of ``data``, its encoding, and how many characters stand as U+FFFD.

    ``declared`` is the encoding that the document names itself; sound UTF-8 is UTF-8 all the same.
    Line ends become one newline each; nothing else changes. Raises :class:`NotTextError`.
    """
    if data.startswith(BINARY_MARKS):
        raise NotTextError
    encoding = find_encoding(data, declared)
    text = data.decode(encoding, errors="replace")
    if len(CONTROLS.findall(text[:SAMPLE])) * 50 > len(text[:SAMPLE]):
        raise NotTextError
    lost = text.count("\ufffd")
    if lost * 5 > len(text):
        raise NotTextError
    return NEWLINES.sub("\n", text), encoding, lost


def find_encoding(data: bytes, declared: str = "") -> str:
    """The encoding's name as Python knows it."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:SAMPLE]
    if unmarked := utf_16_without_mark(sample):
        return unmarked
    if b"\x00" in sample:
        raise NotTextError
    if decodes(data, "utf-8"):
        return "utf-8"
    named = known_as(declared)
    if named and decodes(data, named, whole=False):
        return named
    return without_name(data)


def without_name(data: bytes) -> str:
    """The encoding of what is not UTF-8 and does not say what it is."""
    if looks_chinese(data):
        return "gb18030"
    if decodes(data[:SAMPLE], "utf-8", whole=False):
        return "utf-8"  # a few broken bytes in an otherwise sound file
    return guess(data[:SAMPLE])


def guess(sample: bytes) -> str:
    """The likeliest of the single-byte encodings and the East Asian ones; in doubt Western."""
    from charset_normalizer import from_bytes  # slow to load, and seldom needed

    matches = from_bytes(sample, cp_isolation=CANDIDATES)
    best = matches.best()
    if best is None:
        return WESTERN
    for match in matches:
        if match.encoding == WESTERN and match.chaos <= best.chaos + 0.02:
            return WESTERN if best.coherence <= match.coherence + 0.1 else best.encoding
    return best.encoding


def known_as(declared: str) -> str:
    """Python's name for an encoding that a document names; empty for one that is never used."""
    name = declared.strip("\"' ").lower()
    name = DECLARED_AS.get(name, name if NAMED.fullmatch(name) else "")
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        return ""


def utf_16_without_mark(sample: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in nearly every second byte; Chinese text has none so many,
    but then its own letters come out right."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    for name in ("utf-16-le", "utf-16-be"):
        if reads_chinese(sample[: len(sample) // 2 * 2], name, least=0.5):
            return name
    return None


def decodes(data: bytes, encoding: str, *, whole: bool = True) -> bool:
    """Whether ``data`` is sound; ``whole`` False allows one bad byte in two hundred."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data, final=whole)
    except UnicodeDecodeError:
        if whole:
            return False
        return data.decode(encoding, errors="replace").count("\ufffd") * 200 < len(data)
    return True


def looks_chinese(data: bytes) -> bool:
    """Whether ``data`` read as GB18030 gives sound text full of common Chinese characters."""
    return decodes(data, "gb18030") and reads_chinese(data[:SAMPLE], "gb18030")


def reads_chinese(sample: bytes, encoding: str, least: float = 0.0) -> bool:
    """Whether what is Chinese in ``sample`` is common, and at least the share ``least`` of it."""
    text = sample.decode(encoding, errors="ignore")
    han = count_han(text)
    return han >= 10 and han >= least * len(text) and len(HAN_COMMON.findall(text)) * 12 >= han

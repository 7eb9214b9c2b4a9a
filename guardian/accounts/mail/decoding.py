"""Header values as text: encoded words, raw bytes, addresses and dates, however broken.

Nothing here raises on bad input; what cannot be read is replaced or left out.
"""

from __future__ import annotations

import codecs
import quopri
import re
from base64 import b64decode
from binascii import Error as Base64Error
from calendar import timegm
from email.utils import mktime_tz, parsedate_tz
from functools import lru_cache

LONGEST = 2000  # bytes of a value that are looked at
WORD = re.compile(rb"=\?([A-Za-z0-9_.:()*'-]{1,40})\?([bBqQ])\?([^?\r\n]*)\?=")
BETWEEN = re.compile(rb"\s*\Z")
FOLDING = re.compile(rb"\r?\n[ \t]*")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT = re.compile(r"\([^()]*\)")
PART = r"[^\s<>,;:\"()\[\]@]+"
# one address and nothing else, as most lines of a head are written
PLAIN = re.compile(rf"\s*(?:<({PART}@{PART})>|({PART}@{PART}))\s*")
ANGLE = re.compile(r"<([^<>]*)>")
BARE = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
# what mail programs call encodings, and what they mean by it
ENCODINGS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "windows-1252": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cn-gb": "gb18030",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-sjis": "cp932", "shift_jis": "cp932",
    "shift-jis": "cp932", "windows-31j": "cp932", "iso-8859-8-i": "iso-8859-8",
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-7": "utf-7", "big5": "big5hkscs",
    "iso-8859-9": "cp1254", "unknown-8bit": "utf-8", "x-unknown": "utf-8",
}  # fmt: skip
# what a mail may name: none of Python's codecs that are no character sets, or slow
NAMED = re.compile(
    r"(?:iso-?8859-\d+|iso-2022-[a-z0-9-]+|windows-?\d+|cp\d+|koi8-[rut]|mac-?[a-z]+|"
    r"utf-?(?:7|16|16le|16be|32)|tis-620|gb18030|big5-hkscs|euc-tw|hz-gb-2312|hz|euc-jp|viscii|ptcp154|kz1048)"
)
DATE = re.compile(
    rb"(\d{1,2})[ \t-]+(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ \t-]+(\d{4})"
    rb"[ \t]+(\d{1,2}):(\d\d)(?::(\d\d))?[ \t]*([+-]\d{4}|[A-Z]{1,5})?"
)
MONTHS = {
    name.encode("ascii"): month
    for month, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)  # noqa: SIM905
}


def decode_header(raw: bytes) -> str:
    """A header's value as one line of text, without control characters."""
    raw = FOLDING.sub(b" ", raw[:LONGEST])
    if b"=?" not in raw:
        return tidy(decode_raw(raw))
    return tidy(decode_words(raw))


def decode_words(raw: bytes) -> str:
    """RFC 2047. A character may be cut in two between neighbours: those are joined first."""
    parts: list[str] = []
    waiting, waiting_as = b"", ""
    end = 0
    for match in WORD.finditer(raw):
        charset = match[1].decode("ascii").partition("*")[0].lower()
        blank = BETWEEN.match(raw[end : match.start()]) is not None
        if waiting_as and not (blank and charset == waiting_as):
            parts.append(decode_as(waiting, waiting_as))
            waiting = b""
        if not (blank and waiting_as):
            parts.append(decode_raw(raw[end : match.start()]))
        waiting += unpack(match[2], match[3])
        waiting_as, end = charset, match.end()
    if waiting_as:
        parts.append(decode_as(waiting, waiting_as))
    parts.append(decode_raw(raw[end:]))
    return "".join(parts)


def unpack(how: bytes, text: bytes) -> bytes:
    if how in b"qQ":
        return quopri.decodestring(text, header=True)
    return decode_base64(text)


def decode_base64(text: bytes) -> bytes:
    """As much of it as makes sense."""
    text = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    try:
        return b64decode(text[: len(text) - (len(text) % 4 == 1)] + b"==")
    except (Base64Error, ValueError):
        return b""


@lru_cache(maxsize=256)
def encoding_of(charset: str) -> str:
    """Python's name for the encoding a mail names; UTF-8 where it is none we would use."""
    charset = charset.strip("\"' ").lower()
    name = ENCODINGS.get(charset, charset if NAMED.fullmatch(charset) else "utf-8")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def decode_as(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(encoding_of(charset), "replace")
    except (UnicodeError, ValueError):
        return decode_raw(raw)


def decode_raw(raw: bytes) -> str:
    """Bytes of which nobody says what they are."""
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def tidy(text: str) -> str:
    return (text if text.isprintable() else CONTROL.sub(" ", text)).strip()


def addresses_in(raw: bytes) -> list[str]:
    """The addresses in a From or To line, in lower case.

    Names are left out first, as they may look like addresses; they are not decoded either.
    """
    text = decode_raw(FOLDING.sub(b" ", raw[:LONGEST]))
    return addresses_of(text)


def addresses_of(text: str) -> list[str]:
    """As :func:`addresses_in`, for text."""
    if plain := PLAIN.fullmatch(text):
        return [(plain[1] or plain[2]).lower()]
    bare = COMMENT.sub(" ", QUOTED.sub(" ", text))
    found = []
    for part in bare.split(","):
        angles = ANGLE.findall(part)
        for candidate in angles or BARE.findall(part)[:1]:
            address = candidate.strip().lower()
            if BARE.fullmatch(address) and address.count("@") == 1:
                found.append(address)
    return found


def display_name(raw: bytes) -> str:
    """The name beside the address in a From line; empty where there is none."""
    text = decode_header(raw)
    name = text.rpartition("<")[0] if "<" in text else ""
    return name.strip(" \"'\t")


def parse_date(raw: bytes) -> int | None:
    """Seconds since 1970 of a Date line; None where it makes no sense."""
    match = DATE.search(raw[:200])
    if match is None:
        return parse_odd_date(raw)
    day, month, year, hour, minute, second, zone = match.groups()
    midnight = parse_day(year, month, day)
    if midnight is None:
        return None
    time = midnight + int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if zone and zone[:1] in b"+-":
        ahead = int(zone[1:3]) * 3600 + int(zone[3:5]) * 60
        time += ahead if zone[:1] == b"-" else -ahead
    return time


@lru_cache(maxsize=8192)
def parse_day(year: bytes, month: bytes, day: bytes) -> int | None:
    """Seconds since 1970 of a day's beginning; None where there is no such day."""
    try:
        return timegm((int(year), MONTHS[month], int(day), 0, 0, 0))
    except (ValueError, OverflowError):
        return None


def parse_odd_date(raw: bytes) -> int | None:
    """The forms that old programs wrote."""
    try:
        parts = parsedate_tz(decode_header(raw[:200]))
        return int(mktime_tz(parts)) if parts else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None

"""The first words of a mail's body, for the moment of deciding what kind of mail it is.

They are looked at in memory and thrown away; nothing of them is kept.
"""

from __future__ import annotations

import quopri
import re
from html import unescape

from guardian.accounts.mail.decoding import decode_as, decode_base64, decode_raw
from guardian.accounts.mail.heads import Part

MOST = 1500  # characters that are looked at
CHARSET = re.compile(rb"charset\s*=\s*\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
BOUNDARY = re.compile(
    rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE
)
TYPE = re.compile(rb"^content-type[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
CODING = re.compile(rb"^content-transfer-encoding[ \t]*:([^\n]*)", re.IGNORECASE | re.MULTILINE)
BLANK = re.compile(rb"\n\r?\n")
HIDDEN = re.compile(r"<(style|script|title)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^<>]*>?")
DEPTH = 3  # parts within parts


def read_body(part: Part, raw: bytes) -> str:
    """The beginning of the text, without markup; empty where there is none."""
    for _ in range(DEPTH):
        boundary = BOUNDARY.search(part.content_type)
        if boundary is None or b"multipart" not in part.content_type.lower():
            break
        inner = first_part(raw, b"--" + (boundary[1] or boundary[2]))
        if inner is None:
            return ""
        part, raw = inner
    kind = part.content_type.strip().lower()
    if kind and not kind.startswith(b"text/"):
        return ""
    text = decode(part, raw)
    if b"html" in kind or text.lstrip()[:1] == "<":
        text = strip_markup(text)
    return text[:MOST]


def first_part(raw: bytes, line: bytes) -> tuple[Part, bytes] | None:
    """How the first part of several is written, and its bytes."""
    start = raw.find(line)
    if start < 0:
        return None
    end = raw.find(b"\n" + line, start + len(line))
    inner = raw[start + len(line) : end if end >= 0 else len(raw)]
    blank = BLANK.search(inner)
    if blank is None:
        return None
    head = inner[: blank.start() + 1]
    content_type, encoding = TYPE.search(head), CODING.search(head)
    return (
        Part(content_type[1] if content_type else b"", encoding[1] if encoding else b""),
        inner[blank.end() :],
    )


def decode(part: Part, raw: bytes) -> str:
    how = part.encoding.strip().lower()
    if how == b"base64":
        raw = decode_base64(raw)
    elif how == b"quoted-printable":
        raw = quopri.decodestring(raw)
    charset = CHARSET.search(part.content_type)
    return decode_as(raw, charset[1].decode("ascii")) if charset else decode_raw(raw)


def strip_markup(html: str) -> str:
    return unescape(TAG.sub(" ", HIDDEN.sub(" ", html)))

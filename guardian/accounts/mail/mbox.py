"""Cuts an mbox file into mails: a head, and the beginning of what follows it.

Reads a bounded piece at a time, so that a file of many gigabytes needs no more memory than a small
one. What may look like a new mail inside another («From here on ...») is told apart by what a
separator must have: a time or an address, and a header line right after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO

CHUNK = 256 * 1024  # small enough for a processor to keep at hand
AHEAD = 4096  # how far beyond its beginning a separator is looked at
HEAD = 256 * 1024  # bytes of a head that are kept
BODY = 4096  # bytes after the head that are kept
BOM = b"\xef\xbb\xbf"
START = b"\nFrom "
BEFORE = 3  # bytes in front of «From » that a separator is known by, its own line break included
# the rest of the line, and the beginning of the next
LINE = re.compile(rb"([^\r\n]{0,1000})\r?\n(?=>From |[!-9;-~]{1,76}[ \t]{0,99}:)")
TIME = re.compile(rb"\d{1,2}:\d\d")
YEAR = re.compile(rb"\b(?:19|20)\d\d\b")
# a patch as git mails it, pasted into a body
PATCH = re.compile(rb"[0-9a-f]{40} Mon Sep 17 00:00:00 2001")
BLANK = re.compile(rb"\n\r?\n")
Mail = tuple[bytes, bytes]


def split_range(file: IO[bytes], start: int, end: int) -> Iterator[Mail]:
    """The mails whose separators begin at ``start`` or after it, and before ``end``, in bytes.

    The last of them is read to its own end, so that ranges side by side give each mail once.
    """
    file.seek(max(start - BEFORE, 0))
    if start <= BEFORE:
        return split_mbox(file.read, start, end)
    before = file.read(BEFORE - 1)
    return split_mbox(file.read, BEFORE, end - start + BEFORE, before)


def split_mbox(
    read: Callable[[int], bytes], start: int = 0, end: int | None = None, before: bytes = b""
) -> Iterator[Mail]:
    """Head and beginning of the body of every mail; ``read(n)`` gives the next bytes of the file.

    What stands before the first separator is no mail. Heads longer than 256 KB are cut. ``start``
    and ``end`` are as in :func:`split_range`, and ``before`` the bytes just read when it is not
    the file's beginning; all is counted from the first of those.
    """
    data = read(CHUNK)
    last = not data
    offset = len(before)  # of ``data``
    if not before:  # as if an empty line came first
        offset = len(BOM) - 1 if data.startswith(BOM) else -1
        before, data = b"\n\n", b"\n" + data.removeprefix(BOM)
    mail: bytearray | None = None  # what is kept of a mail that began in an earlier piece
    while True:
        edge = len(data) if last else max(len(data) - AHEAD, 0)
        begin = 0
        place = data.find(START)
        while 0 <= place < edge:
            line = separator(data, place, (before + data[max(place - 2, 0) : place])[-2:])
            if line is None or offset + place + 1 < start:
                place = data.find(START, place + 1)
                continue
            if mail:
                keep(mail, data, begin, place + 1)
                yield cut(mail, 0, len(mail))
            elif mail is not None:
                yield cut(data, begin, place + 1)
            if end is not None and offset + place + 1 >= end:
                return
            mail = bytearray()
            begin = line
            place = data.find(START, line - 1)
        if mail is not None and begin < edge:
            keep(mail, data, begin, edge)
        done = max(edge, begin)
        offset += done
        beyond = end is not None and offset >= end
        if last or (beyond and (mail is None or len(mail) >= HEAD + BODY)):
            break
        before = (before + data[max(done - 2, 0) : done])[-2:]
        more = read(CHUNK)
        last = not more
        data = data[done:] + more
    if mail is not None:
        yield cut(mail, 0, len(mail))


def separator(data: bytes, place: int, before: bytes) -> int | None:
    """Where the mail begins whose separator stands at ``place``; None where it is none.

    ``before`` are the two bytes in front of it.
    """
    line = LINE.match(data, place + len(START))
    if line is None:
        return None
    text = line[1].strip()
    if not text or text == b"-":  # newer Thunderbirds write no more than this
        return line.end()
    if PATCH.fullmatch(text):
        return None
    timed = TIME.search(text) and YEAR.search(text)
    alone = b" " not in text and (before.endswith(b"\n") or before == b"\n\r")
    return line.end() if timed or alone else None


def keep(mail: bytearray, data: bytes, begin: int, end: int) -> None:
    """Add to a mail, up to the most that is looked at."""
    room = HEAD + BODY - len(mail)
    if room > 0:
        mail += data[begin : min(end, begin + room)]


def cut(data: bytes | bytearray, begin: int = 0, end: int = HEAD + BODY) -> Mail:
    """Head and beginning of the body of the mail that ``data`` holds from ``begin`` to ``end``."""
    end = min(end, begin + HEAD + BODY)
    if data.startswith((b"\n", b"\r\n"), begin, end):
        return b"", bytes(data[begin + 1 : min(begin + 1 + BODY, end)])
    blank = BLANK.search(data, begin, end)
    if blank is None:
        return bytes(data[begin : min(begin + HEAD, end)]), b""
    return (
        bytes(data[begin : blank.start() + 1]),
        bytes(data[blank.end() : min(blank.end() + BODY, end)]),
    )

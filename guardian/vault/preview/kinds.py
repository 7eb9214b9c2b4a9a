"""What kind of document some bytes are, by what is in them; a name decides only between equals."""

from __future__ import annotations

from typing import BinaryIO

from guardian.vault.preview.model import Look

BEGINNING = 64 * 1024
PDF_WITHIN = 1024  # readers accept other bytes before it
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
OFFICE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
ZIP = b"PK\x03\x04"
OFFICE_ZIPS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis", b"_rels/.rels")
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
MOST_CONTROLS = 0.02  # share of control characters in what still counts as text


def recognise(file: BinaryIO, name: str) -> Look:
    start = file.read(BEGINNING)
    if not start:
        return Look.EMPTY
    if b"%PDF-" in start[:PDF_WITHIN]:
        return Look.PAGES
    if start.startswith(PICTURES) or is_webp(start) or is_bmp(start):
        return Look.PICTURE
    if start.startswith(OFFICE) or (start.startswith(ZIP) and is_office_zip(start, name)):
        return Look.OFFICE
    return Look.TEXT if is_text(start) else Look.NONE


def is_webp(start: bytes) -> bool:
    return start.startswith(b"RIFF") and start[8:12] == b"WEBP"


def is_bmp(start: bytes) -> bool:
    """Two letters and four reserved zeros: a text may well begin with the letters."""
    return start.startswith(b"BM") and start[6:10] == bytes(4)


def is_office_zip(start: bytes, name: str) -> bool:
    ending = name.rpartition(".")[2].lower()
    return ending in OFFICE_ENDINGS or any(mark in start for mark in OFFICE_ZIPS)


OFFICE_ENDINGS = frozenset(
    {"docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "pages", "numbers", "key", "docm", "xlsm"}
)


def is_text(start: bytes) -> bool:
    if start.startswith(MARKS):
        return True
    if b"\0" in start:
        return False
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start)
    return controls <= MOST_CONTROLS * len(start)

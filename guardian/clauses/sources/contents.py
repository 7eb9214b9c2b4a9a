"""Chooses the reader for a document by its first bytes, and by its name where those say nothing."""

from __future__ import annotations

import re
from pathlib import PurePath

from guardian.clauses.model import Document
from guardian.clauses.sources.documents import from_html, from_text
from guardian.clauses.sources.text import NotTextError
from guardian.clauses.sources.titles import shown
from guardian.core.errors import Problem

LOOKS_LIKE_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|h1|article)\b", re.IGNORECASE
)
LOOKS_LIKE_MAIL = re.compile(
    rb"(?:From \S[^\n]{0,200}\n)?(?:Return-Path|Received|MIME-Version|Delivered-To|From|Date"
    rb"|Subject|Message-ID|To|X-[\w-]{1,60}):",
    re.IGNORECASE,
)
MAIL_FIELD = re.compile(rb"\n(?:MIME-Version|Message-ID|Content-Type):", re.IGNORECASE)
HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml")
TEXT_NAMES = (".txt", ".text", ".md", ".markdown")
MAIL_NAMES = (".eml", ".mbox", ".mht", ".mhtml")
START = 8192
# the old Word format and other programs' own, rich text, Safari's archive
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_KINDS = (OLD_OFFICE, b"{\\rtf", b"bplist00")
# the part that holds a locked Word document inside an old container
LOCKED = "EncryptedPackage".encode("utf-16-le")


def read_content(content: bytes, file_name: str) -> Document:
    """The document in ``content``, its words not yet counted. Raises ``Problem``."""
    name = shown(PurePath(file_name).name)
    suffix = PurePath(file_name).suffix.lower()
    try:
        if content.startswith(OTHER_KINDS):
            locked = content.startswith(OLD_OFFICE) and LOCKED in content
            raise Problem("document-locked" if locked else "document-other-kind", name=name)
        if b"%PDF-" in content[:1024]:
            from guardian.clauses.sources import pdf

            return pdf.read(content, stem(name))
        if content.startswith(b"PK\x03\x04"):
            from guardian.clauses.sources import word

            return word.read(content, stem(name))
        if is_mail(content, suffix):
            from guardian.clauses.sources import mail

            return mail.read(content, stem(name), read_content)
        if is_html(content, suffix):
            return from_html(content, stem(name))
        return from_text(content, stem(name))
    except NotTextError as error:
        raise Problem("document-not-text", name=name) from error
    except Problem as problem:
        # a reader knows the title to fall back on; the person knows the file by its whole name
        facts = {**problem.facts, "name": name} if "name" in problem.facts else problem.facts
        raise Problem(problem.code, **facts) from problem


def is_mail(content: bytes, suffix: str) -> bool:
    """By its name, or by its first lines where the name says nothing."""
    if suffix in MAIL_NAMES:
        return True
    known = suffix in HTML_NAMES or suffix in TEXT_NAMES
    start = content[:START]
    return not known and bool(LOOKS_LIKE_MAIL.match(start) and MAIL_FIELD.search(start))


def is_html(content: bytes, suffix: str) -> bool:
    """By its name, or by its first tags where the name says nothing."""
    if suffix in HTML_NAMES:
        return True
    start = content[:2048].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return suffix not in TEXT_NAMES and start[:1] == b"<" and bool(LOOKS_LIKE_HTML.search(start))


def stem(name: str) -> str:
    return PurePath(name).stem

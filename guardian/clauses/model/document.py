"""A document's words and the passages they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """What a document was read from."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    WORD = "word"
    MAIL = "mail"
    PASTED = "pasted"


class PassageKind(StrEnum):
    """The part a passage plays on its page."""

    HEADING = "heading"
    ITEM = "item"
    SENTENCE = "sentence"


@dataclass(frozen=True)
class Document:
    """A document's words, ready to be split. Whoever reads one keeps no path.

    ``dropped_text`` is page furniture left out of ``text``, ``dropped_words`` its words.
    ``unreadable`` counts characters that could not be decoded and stand as U+FFFD. ``pages`` is
    the number of pages of a PDF, ``wordless_pages`` how many of them hold no text that a computer
    can read (scanned pictures); both 0 for everything else. ``attachments`` are the names of
    documents that came with a mail and were not read.
    """

    title: str
    text: str
    words: int
    dropped_words: int = 0
    dropped_text: str = ""
    kind: SourceKind = SourceKind.TEXT
    encoding: str = "utf-8"
    unreadable: int = 0
    pages: int = 0
    wordless_pages: int = 0
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """One sentence, list item or heading: ``document.text[start:end] == text``."""

    text: str
    start: int
    end: int
    kind: PassageKind = PassageKind.SENTENCE

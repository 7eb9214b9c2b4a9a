"""The nouns of a preview: how a document can be looked at, and what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST_PIXELS = 16_000_000  # of one picture that is shown
MOST_TEXT = 2_000_000  # characters of a text that is shown
MOST_PAGE_TEXT = 20_000
MOST_HITS = 500


class Look(StrEnum):
    """How a document can be looked at here; ``office`` and ``none`` cannot."""

    PAGES = "pages"
    PICTURE = "picture"
    TEXT = "text"
    OFFICE = "office"
    EMPTY = "empty"
    NONE = "none"


@dataclass(frozen=True)
class Saying:
    """Something a file says about itself: ``code`` names what, ``text`` is what it says.

    Codes: taken, camera, program, where, title, author, made.
    """

    code: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What a document turned out to be. ``pages`` is 0 where nothing can be drawn."""

    look: Look
    pages: int = 0
    sayings: tuple[Saying, ...] = ()


@dataclass(frozen=True)
class Picture:
    """One drawn page: rows of ``stride`` bytes, each pixel three bytes red, green, blue.

    ``full_width`` and ``full_height`` are the page's own size in pixels (a PDF's at 96 to the
    inch), after turning. ``text`` is what stands on it, for people who have it read to them.
    """

    width: int
    height: int
    stride: int
    pixels: bytes
    full_width: int
    full_height: int
    text: str = ""


@dataclass(frozen=True)
class Hit:
    """A place where a text was found: page from 0, rectangles (left, top, right, bottom) in
    shares of the page's width and height, before it is turned."""

    page: int
    areas: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class Hits:
    """What a search found on some pages; ``next`` is the first page it did not come to, or None."""

    hits: tuple[Hit, ...]
    next: int | None = None


@dataclass(frozen=True)
class Text:
    """A document as plain text; ``whole`` is False where only its beginning is here."""

    text: str
    whole: bool

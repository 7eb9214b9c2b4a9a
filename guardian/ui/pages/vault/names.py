"""How documents are named and described on the page."""

from __future__ import annotations

import re
from datetime import date, timedelta

from guardian.core.words import Words
from guardian.ui.kit.columns import Cell
from guardian.vault.model import Conflict, Entry, Kind

Thing = Entry | Conflict

PICTURES = {"PNG", "JPG", "JPEG", "GIF", "TIF", "TIFF", "BMP", "WEBP", "HEIC", "SVG"}
LONGEST_ENDING = 5
WITHOUT_BREAK = 24
ENDS_SOON = timedelta(days=60)


def ending(name: str) -> str:
    """«PDF» for «scan.pdf»; nothing where the end of a name says nothing."""
    stem, _, last = name.rpartition(".")
    return last.upper() if stem and last.isalnum() and len(last) <= LONGEST_ENDING else ""


def key_of(thing: Thing) -> str:
    """What names a thing on the page; no path inside a vault begins with a slash."""
    return thing.path if isinstance(thing, Entry) else f"/{thing.file}"


def icon_of(thing: Thing) -> str:
    if isinstance(thing, Conflict):
        return "copy"
    if thing.kind is Kind.FILE:
        return "image" if ending(thing.name) in PICTURES else "file"
    return "folder" if thing.kind is Kind.FOLDER else "link"


def is_folder(thing: Thing) -> bool:
    return isinstance(thing, Entry) and thing.kind is Kind.FOLDER


def is_document(thing: Thing) -> bool:
    return isinstance(thing, Entry) and thing.kind is Kind.FILE


def until_of(thing: Thing) -> date | None:
    return thing.details.valid_until if isinstance(thing, Entry) else None


def size_cell(words: Words, thing: Thing) -> Cell:
    if isinstance(thing, Entry) and thing.kind is not Kind.FILE:
        kind = "folder" if thing.kind is Kind.FOLDER else "link"
        return Cell(words.say(f"vault.page.kind.{kind}"))
    if thing.size is None:
        return Cell(words.say("vault.page.no-size"), "ask", "ask")
    return Cell(words.size(thing.size))


def date_cell(words: Words, thing: Thing) -> Cell:
    return Cell("" if is_folder(thing) else words.day(thing.modified.astimezone().date()))


def until_cell(words: Words, thing: Thing, today: date) -> Cell:
    """Until when a document is valid, with a mark when that is over or nearly so."""
    until = until_of(thing)
    if until is None:
        return Cell("")
    day = words.day(until)
    if until < today:
        return Cell(words.say("vault.page.until.over", day=day), "ask", "ask")
    if until - today <= ENDS_SOON:
        return Cell(words.say("vault.page.until.soon", day=day), "ask", "ask")
    return Cell(words.say("vault.page.until", day=day))


def tags_cell(thing: Thing) -> Cell:
    return Cell(", ".join(thing.details.tags) if isinstance(thing, Entry) else "")


def folder_title(words: Words, path: str) -> str:
    """A folder as words: the names along its path."""
    return " / ".join(path.split("/")) if path else words.say("vault.page.all")


def parent_of(path: str) -> str:
    return path.rpartition("/")[0]


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def breakable(text: str) -> str:
    """``text`` with places to break inside words that would be too long for a line."""
    return re.sub(rf"(\S{{{WITHOUT_BREAK}}})(?=\S)", "\\1\u200b", text)

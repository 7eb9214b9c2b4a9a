"""How documents are named and described on the page."""

from __future__ import annotations

import re

from guardian.core.words import Words
from guardian.ui.kit.rows import Row
from guardian.vault.model import Entry, Kind

PICTURES = {"PNG", "JPG", "JPEG", "GIF", "TIF", "TIFF", "BMP", "WEBP", "HEIC", "SVG"}
LONGEST_ENDING = 5
WITHOUT_BREAK = 24


def ending(name: str) -> str:
    """«PDF» for «scan.pdf»; nothing where the end of a name says nothing."""
    stem, _, last = name.rpartition(".")
    return last.upper() if stem and last.isalnum() and len(last) <= LONGEST_ENDING else ""


def icon_of(entry: Entry) -> str:
    if entry.kind is Kind.FILE:
        return "image" if ending(entry.name) in PICTURES else "file"
    return "folder" if entry.kind is Kind.FOLDER else "link"


def describe(words: Words, entry: Entry) -> str:
    """Size and day, or what else it is."""
    day = words.day(entry.modified.astimezone().date())
    if entry.kind is Kind.FOLDER:
        return words.say("vault.page.kind.folder")
    if entry.kind is Kind.LINK:
        return words.say("vault.page.kind.link")
    if entry.size is None:
        return words.say("vault.page.no-size", day=day)
    return f"{words.size(entry.size)} · {day}"


def to_row(words: Words, entry: Entry) -> Row:
    """One line of the list."""
    return Row(
        entry.path,
        entry.name,
        describe(words, entry),
        ending(entry.name) if entry.kind is Kind.FILE else "",
        icon=icon_of(entry),
        sort=(entry.kind is not Kind.FOLDER,),
    )


def breakable(text: str) -> str:
    """``text`` with places to break inside words that would be too long for a line."""
    return re.sub(rf"(\S{{{WITHOUT_BREAK}}})(?=\S)", "\\1\u200b", text)

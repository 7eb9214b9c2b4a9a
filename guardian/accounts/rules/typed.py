"""What a person types: sites and notes, made fit to be kept and to be repeated. Pure."""

from __future__ import annotations

import re
import unicodedata

from guardian.accounts.model import Place
from guardian.accounts.rules.addresses import locate
from guardian.core.errors import Problem

LONGEST_NOTE = 10_000
LONGEST_NAME = 80
END_OF_HOST = re.compile(r"[/\\?#]")


def read_site(text: str) -> tuple[Place, str] | None:
    """The site that ``text`` names: a host, an address, or an Android app; else None."""
    text = text.strip()
    if not text.isprintable() or " " in text or ("@" in text and "://" not in text):
        return None
    place, name = locate(text if "://" in text else f"https://{text}") or (None, "")
    return (place, name) if place else None


def name_site(text: str) -> str:
    """``text`` as a message may repeat it: short, and without user name, password and path."""
    scheme, mark, rest = text.partition("://")
    if mark:
        text = scheme + mark + END_OF_HOST.split(rest.rpartition("@")[2], maxsplit=1)[0]
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


def read_note(text: str) -> str:
    """``text`` without signs that only steer how it is shown; it may have several lines.

    Raises ``Problem("note-empty")`` where nothing is left, ``Problem("note-long")``.
    """
    if len(text) > LONGEST_NOTE:
        raise Problem("note-long", count=LONGEST_NOTE)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (sign for sign in lines if sign == "\n" or unicodedata.category(sign)[0] != "C")
    note = "".join(kept).strip()
    if not note:
        raise Problem("note-empty")
    return note

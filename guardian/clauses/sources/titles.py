"""Makes a title out of what a file says of itself or is called. A title is never a path."""

from __future__ import annotations

import re

TITLE_MOST = 200
PROGRAM = re.compile(r"^(?:Microsoft Word|Microsoft PowerPoint|PowerPoint)\s*-\s*", re.IGNORECASE)
ENDING = re.compile(r"\.(?:docx?|odt|rtf|indd|pdf|html?|txt|pages|tmp)$", re.IGNORECASE)
PATH = re.compile(r"^(?:[a-zA-Z]:[\\/]|[\\/]|file:|~[\\/]|https?:).*[\\/]")
NOTHING = frozenset(("untitled", "document", "document1", "无标题", "文档", "blank page", "title"))


def tidy_title(text: str | None) -> str:
    """``text`` on one line, without path, program and file ending; empty where nothing is left."""
    title = " ".join((text or "").replace("\x00", " ").split())
    title = ENDING.sub("", PATH.sub("", PROGRAM.sub("", title))).strip()
    return "" if title.lower() in NOTHING else title[:TITLE_MOST]


def shown(name: str) -> str:
    """A file name whose bytes are no sound text, as text all the same."""
    return name.encode("utf-8", "replace").decode()

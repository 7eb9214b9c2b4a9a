"""Makes documents out of the bytes of texts and of saved web pages."""

from __future__ import annotations

import re

from guardian.clauses.model import Document, SourceKind

EMPHASIS = re.compile(r"[*_`]{1,3}")
MARKDOWN_TITLE = re.compile(r"\s{0,200}# {1,4}([^\n]{1,200})")


def from_text(content: bytes, title: str, declared: str = "") -> Document:
    """A text or Markdown file, word for word; ``title`` unless it has a headline."""
    from guardian.clauses.sources import text

    decoded, encoding, lost = text.decode(content, declared)
    headline = MARKDOWN_TITLE.match(decoded)
    return Document(
        EMPHASIS.sub("", headline[1]).strip(" #") if headline else title,
        decoded,
        0,
        encoding=encoding,
        unreadable=lost,
    )


def from_html(content: bytes, title: str, declared: str = "") -> Document:
    """A saved web page without its furniture."""
    from guardian.clauses.sources import html

    try:
        page = html.read(content, declared)
    except html.NoWordsError:
        return Document(title, "", 0, kind=SourceKind.HTML)
    return Document(
        title=page.title or title,
        text=page.text,
        words=0,
        dropped_text=page.dropped,
        kind=SourceKind.HTML,
        encoding=page.encoding,
        unreadable=page.unreadable,
    )

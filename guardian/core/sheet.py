"""A page for paper: HTML that is whole in itself. No script, nothing fetched, every word escaped.

Its policy says so to every browser, and Qt's own text engine can draw what stands here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def whole(title: str, head: str, body: Iterable[str], *, language: str, style: str) -> str:
    """The page. ``head`` is how ``title`` stands above ``body``; both are markup already."""
    return "\n".join([
        "<!DOCTYPE html>",
        f'<html lang="{escape(language)}">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style></head>",
        f"<body>{head}",
        *body,
        "</body></html>",
        "",
    ])  # fmt: skip


def top(title: str) -> str:
    return f"<h1>{escape(title)}</h1>"


def heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str, role: str = "") -> str:
    kind = f' class="{role}"' if role else ""
    return f"<p{kind}>{escape(text)}</p>"


def items(texts: Iterable[str], tag: str = "ul", kind: str = "") -> str:
    """A list; ``kind`` is how an ordered one is numbered, “a” for letters."""
    numbering = f' type="{kind}"' if kind else ""
    inner = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<{tag}{numbering}>{inner}</{tag}>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"

"""The signs of Markdown, which saved pages often carry: left out of what is shown.

A quote itself keeps them: it is exact, so that it can be found in its document.
"""

from __future__ import annotations

import re

BOLD = re.compile(r"(?<![\w*])(\*\*|__|[*_])(?=[^\s*_])(?P<words>[^*_\n]{1,300})\1(?!\w)")
LINK = re.compile(
    r"!?\[(?P<words>[^\[\]\n]{1,200})\]\([^()\s]{1,400}(?:[ ]{1,4}[\"“'][^\"”'\n]{0,200}[\"”'])?\)"
)
# a sign before any other sign of ASCII stands for that sign itself
ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
LINE_SIGNS = re.compile(r"^[ \t]{0,8}(?:#{1,6}[ \t]+|>[ \t]?|[*+-][ \t]+)", re.MULTILINE)
RULE = re.compile(r"^[ \t]{0,8}:?[|=*_-][|:=*_ \t-]{1,200}$", re.MULTILINE)
STRAY = re.compile(r"\*{2,6}")
POINTS = re.compile(r"(?<=[ \t])\*(?=[ \t])")
CELLS = re.compile(r"\s{0,8}\|[\s|]{0,80}")
BETWEEN_CELLS = " · "


def unmark(text: str) -> str:
    """``text`` without signs for headings, bold letters, links, lists and tables; linear."""
    text = LINK.sub(r"\g<words>", BREAK.sub(" ", text))
    text = LINE_SIGNS.sub("", RULE.sub("", BOLD.sub(r"\g<words>", text)))
    text = POINTS.sub("·", ESCAPE.sub("", STRAY.sub("", text)))
    return CELLS.sub(BETWEEN_CELLS, text).strip(f"{BETWEEN_CELLS}\n") if "|" in text else text

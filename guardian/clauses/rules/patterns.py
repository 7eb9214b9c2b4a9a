"""Patterns as content writes them: with named terms, compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from guardian.core.errors import Problem

FOLDER = "clauses"
TERM = re.compile(r"(?<!\?P)<([a-z]+)>")


def expand(pattern: str, terms: Mapping[str, str]) -> str:
    """A pattern with its ``<terms>`` written out; terms may stand on others.

    Raises ``Problem("content-bad")`` for a term that is not there or stands on itself.
    """

    def write_out(match: re.Match[str]) -> str:
        return f"(?:{expand(terms[match[1]], terms)})"

    try:
        return TERM.sub(write_out, pattern)
    except (KeyError, RecursionError) as error:
        raise Problem("content-bad", file=FOLDER, reason="a term is not known") from error


@cache
def compile_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Patterns are in small letters, as the folded words are: ignoring case takes twice as long.

    Raises ``Problem("content-bad")`` for one that is broken.
    """
    try:
        return re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise Problem("content-bad", file=FOLDER, reason="a pattern is broken") from error

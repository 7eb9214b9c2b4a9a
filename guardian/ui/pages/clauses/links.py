"""Ways from a clause to other parts of Guardian, and what Guardian is told to find them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

HOST = re.compile(r"(?:https?://|\bwww\.|@)((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24})(?![\w-])", re.I)
SEARCHED = 400_000  # characters
MOST_HOSTS = 5
# the letters of the accounts pages, by what a person is advised to do
LETTER_OF_ACTION = {
    "erasure-request": "erasure",
    "delete-first": "erasure",
    "delete-before-deal": "erasure",
    "withdraw-or-delete": "erasure",
}


@dataclass(frozen=True)
class ClausesLinks:
    """What other pages lend to this one; each may be None, and its button is then not there.

    ``account_for`` gets host names found in the document, the likeliest first, and its title, and
    answers with the site of an account. ``write_letter`` gets a site and a kind of letter,
    ``keep_in_vault`` a file name and what is to be in it.
    """

    account_for: Callable[[tuple[str, ...], str], str | None] | None = None
    open_account: Callable[[str], object] | None = None
    write_letter: Callable[[str, str], object] | None = None
    keep_in_vault: Callable[[str, bytes], object] | None = None


NO_LINKS = ClausesLinks()


def hosts_in(text: str) -> tuple[str, ...]:
    """The host names of addresses in ``text``, the most frequent first."""
    found = Counter(one.group(1).lower() for one in HOST.finditer(text[:SEARCHED]))
    return tuple(host for host, _ in found.most_common(MOST_HOSTS))

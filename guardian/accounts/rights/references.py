"""The mark in the subject of our letters, by which an answer is known."""

from __future__ import annotations

import hmac
import re

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is easily taken for another
REFERENCE = re.compile(r"\[\s*(?:Ref\.?\s*)?([A-Z2-9]{4}-[A-Z2-9]{4})\s*\]", re.IGNORECASE)


def make_reference(secret: str, site: str) -> str:
    """The mark of the case at ``site``, such as «7K2Q-M9XT».

    It is the same each time, so that a draft saved yesterday and the letter noted as sent today
    carry one mark; without ``secret`` it tells nothing of the site.
    """
    drawn = hmac.digest(secret.encode(), site.encode("utf-8", "replace"), "sha256")
    mark = "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn[:8])
    return f"{mark[:4]}-{mark[4:]}"


def find_reference(text: str) -> str | None:
    """The first mark in ``text`` (a subject line, or a whole mail); None where there is none."""
    found = REFERENCE.search(text)
    return found[1].upper() if found else None

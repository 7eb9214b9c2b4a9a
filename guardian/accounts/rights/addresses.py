"""Mail addresses and one-line texts from outside, before they go into a letter. Pure."""

from __future__ import annotations

import re
import unicodedata

from guardian.accounts.rules.addresses import to_ascii

LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_LINE = 200


def read_address(text: str) -> str | None:
    """``text`` as a mail address that every program understands; None where it is none.

    A domain in letters of other scripts comes back in its ASCII form.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or len(local) > 64 or not LOCAL.fullmatch(local):
        return None
    domain = domain if domain.isascii() else to_ascii(domain)
    labels = domain.lower().split(".")
    if len(domain) > 253 or len(labels) < 2 or not all(map(LABEL.fullmatch, labels)):
        return None
    return f"{local}@{domain}"


def tidy(text: str) -> str:
    """``text`` as one line without control signs, line ends and signs that turn the reading
    direction, cut to a sensible length.
    """
    kept = (
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Zs") else sign
        for sign in text[: 4 * LONGEST_LINE]
        if sign in "\u200c\u200d" or unicodedata.category(sign) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())[:LONGEST_LINE].rstrip()

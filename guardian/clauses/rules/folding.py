"""Text as patterns and weights want it: plain signs, no Markdown, nothing invisible."""

from __future__ import annotations

import re

# quotation marks and spaces to their plain forms; what is invisible goes
PLAIN = {
    **dict.fromkeys("‘’ʼ`´", "'"),
    **dict.fromkeys("“”„«»＂", '"'),
    **dict.fromkeys("‐‑‒–—", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\ufeff\u2066\u2067\u2068\u2069", ""),
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e", ""),
}
FANCY = re.compile(f"[{''.join(PLAIN)}]")
LINK = re.compile(r"\]\([^)\s]{0,500}\)")
EMPHASIS = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}|[\[\]]")
SPACE = re.compile(r"[^\S ]\s*+| \s++")  # all but single spaces, which stay


def fold(text: str) -> str:
    """``text`` as the patterns want it: plain quotes and spaces, no Markdown, nothing invisible."""
    plain = FANCY.sub(lambda sign: PLAIN[sign[0]], text)
    if "](" in plain:
        plain = LINK.sub("", plain)
    if "*" in plain or "_" in plain or "[" in plain:
        plain = EMPHASIS.sub("", plain)
    return SPACE.sub(" ", plain)

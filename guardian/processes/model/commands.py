"""Command lines as they may be shown to others: without the secrets people put into them."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "***"
NAME = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|cookie|psk|credentials?|authorization|"
    r"(?:api|access|account|private|secret|encryption)[-_]?key)"
)
OPTION = re.compile(rf"--?[\w.-]{{0,60}}{NAME}", re.IGNORECASE)
"""An option whose value is the next word."""
ASSIGNED = re.compile(
    rf"({NAME}[\"']?\s?[=:]\s?)(?:\"[^\"]{{1,300}}\"|'[^']{{1,300}}'|[\"']?[^\s\"'&;]+)",
    re.IGNORECASE,
)
SHAPES = (
    (re.compile(r"(://[^\s/:@]{0,200}:)[^\s@/]{1,300}(?=@)"), rf"\1{HIDDEN}"),
    (re.compile(r"\b((?:bearer|basic) +)(?!-)[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (
        re.compile(
            r"\b(?:gh[opsru]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|"
            r"sk-[\w-]{16,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.[\w-]{8,}[\w.-]*)"
        ),
        HIDDEN,
    ),
    (ASSIGNED, rf"\1{HIDDEN}"),
)
"""Addresses with a password, letters of admission, keys of well-known services, and what is
assigned to a name that says what it is."""
ATTACHED = re.compile(r"(?:mysql|mariadb|7z)\w*")
"""Programs that take a password right after ``-p``."""
LETTERS = {
    "sshpass": "-p", "redis-cli": "-a", "zip": "-P", "unzip": "-P", "curl": "-u",
    "smbclient": "-U", "ldapsearch": "-w", "mosquitto_pub": "-P", "mosquitto_sub": "-P",
}  # fmt: skip
"""Programs with an option of one letter whose value is, or holds, a password."""
TOKEN = re.compile(r"\s+|(?:\"[^\"]*\"|'[^']*'|[^\s\"'])+|.", re.DOTALL)


def hide_secrets(text: str) -> str:
    """``text``, a command line or a part of one, with ``***`` for what looks like a secret.

    By the names of options and variables and by well-known forms: a password that stands by
    itself looks like any other word.
    """
    return "".join(hidden(TOKEN.findall(without_shapes(text))))


def hide_in_words(words: Iterable[str]) -> tuple[str, ...]:
    """The same for a command line that is already in words."""
    return tuple(hidden(words))


def hidden(words: Iterable[str]) -> Iterable[str]:
    program, before = "", ""
    for word in words:
        if word.isspace():
            yield word
            continue
        name = word.rpartition("/")[2]
        if name in LETTERS or ATTACHED.fullmatch(name):
            program = name
        is_value = OPTION.fullmatch(before) or (program and before == LETTERS.get(program))
        if is_value and not word.startswith("-"):
            yield HIDDEN
        elif word[:2] == "-p" and ATTACHED.fullmatch(program):
            yield f"-p{HIDDEN}" if len(word) > 2 else word
        else:
            yield hidden_within(word)
        before = word


def hidden_within(word: str) -> str:
    """A word may be a whole command line in turn, with quotes around it or not."""
    quote = word[:1]
    if quote in ("'", '"') and len(word) > 1 and word.find(quote, 1) == len(word) - 1:
        return quote + hide_secrets(word[1:-1]) + quote
    word = without_shapes(word)
    inner = TOKEN.findall(word) if any(map(str.isspace, word)) else []
    return "".join(hidden(inner)) if len(inner) > 1 else word


def without_shapes(text: str) -> str:
    for pattern, instead in SHAPES:
        text = pattern.sub(instead, text)
    return text

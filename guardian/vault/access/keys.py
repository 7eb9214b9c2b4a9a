"""What a passphrase must be before it may open or lock anything, and how hard it is to guess."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import Lock
from typing import Any

from guardian.core.errors import Problem

LEAST_CHARACTERS = 8
MOST_CHARACTERS = 1024  # as much as the window's field takes
LEAST_SCORE = 3
# beyond this nothing is judged: time grows with the square of the length
JUDGED_CHARACTERS = 72
SUGGESTED_WORDS = 6  # of 2048 words: 66 bits

_judging = Lock()  # zxcvbn keeps the words to avoid in a global


class Advice(StrEnum):
    """Why a passphrase is easy to guess."""

    COMMON = "common"
    OWN = "own"
    NAME = "name"
    WORD = "word"
    KEYBOARD = "keyboard"
    REPEAT = "repeat"
    SEQUENCE = "sequence"
    DATE = "date"
    SUBSTITUTION = "substitution"
    MORE = "more"


DICTIONARIES = {
    "passwords": Advice.COMMON,
    "user_inputs": Advice.OWN,
    "surnames": Advice.NAME,
    "male_names": Advice.NAME,
    "female_names": Advice.NAME,
}
PATTERNS = {
    "spatial": Advice.KEYBOARD,
    "repeat": Advice.REPEAT,
    "sequence": Advice.SEQUENCE,
    "regex": Advice.DATE,
    "date": Advice.DATE,
}


@dataclass(frozen=True)
class Strength:
    """``score`` from 0 to 4; about 10 to the power of ``guesses_log10`` guesses are needed."""

    score: int
    guesses_log10: float
    advice: tuple[Advice, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether it may lock a new vault."""
        return self.score >= LEAST_SCORE


def prepare_passphrase(passphrase: str) -> bytes:
    """The bytes a key is derived from: composed form (NFC), so that every keyboard types the same.

    Raises ``Problem("vault-passphrase-unreadable")`` for text that is no valid Unicode, and
    ``Problem("vault-passphrase-long")`` above 1024 characters: nothing is ever cut off.
    """
    if len(passphrase) > MOST_CHARACTERS:
        raise Problem("vault-passphrase-long", most=MOST_CHARACTERS)
    try:
        return unicodedata.normalize("NFC", passphrase).encode("utf-8")
    except UnicodeEncodeError:
        # the error itself carries the passphrase, so it must not be chained
        raise Problem("vault-passphrase-unreadable") from None


def check_new_passphrase(passphrase: str, words_to_avoid: Sequence[str] = ()) -> None:
    """Refuse what is too short or too easy to guess for a new vault or a new passphrase.

    Raises ``Problem``: ``passphrase-short`` (other programs for the format ask for as many
    characters), ``vault-passphrase-weak``.
    """
    prepare_passphrase(passphrase)
    if len(unicodedata.normalize("NFC", passphrase)) < LEAST_CHARACTERS:
        raise Problem("passphrase-short", least=LEAST_CHARACTERS)
    if not judge(passphrase, words_to_avoid).enough:
        raise Problem("vault-passphrase-weak")


def judge(passphrase: str, words_to_avoid: Sequence[str] = ()) -> Strength:
    """How hard ``passphrase`` is to guess, by zxcvbn's estimate; up to 0.2 s for a long one.

    ``words_to_avoid`` are those an acquaintance would try first, such as the vault's name.
    """
    from zxcvbn import zxcvbn

    if not passphrase:
        return Strength(0, 0.0, (Advice.MORE,))
    with _judging:
        found = zxcvbn(passphrase[:JUDGED_CHARACTERS], user_inputs=list(words_to_avoid))
    score = int(found["score"])
    advice = () if score >= LEAST_SCORE else advise(found["sequence"])
    return Strength(score, float(found["guesses_log10"]), advice)


def advise(parts: Sequence[dict[str, Any]]) -> tuple[Advice, ...]:
    """What is weak about the longest of the parts zxcvbn saw in a passphrase, and the remedy."""
    if not parts:
        return (Advice.MORE,)
    longest = max(parts, key=lambda part: len(part["token"]))
    pattern = str(longest["pattern"])
    if pattern == "dictionary":
        found = [DICTIONARIES.get(longest["dictionary_name"], Advice.WORD)]
        if longest.get("l33t") or longest.get("reversed"):
            found.append(Advice.SUBSTITUTION)
    else:
        found = [PATTERNS[pattern]] if pattern in PATTERNS else []
    return (*found, Advice.MORE)


def own_words(name: str) -> tuple[str, ...]:
    """What a vault's passphrase should not be made of: the words of the vault's own name."""
    return (name, *name.split())


def suggest_passphrase() -> str:
    """Six words drawn by chance: 66 bits, more than all the guesses a thief could pay for."""
    words = standard_words()
    return "-".join(secrets.choice(words) for _ in range(SUGGESTED_WORDS))


@cache
def standard_words() -> tuple[str, ...]:
    """The 2048 English words of BIP-39; no two begin with the same four letters."""
    from mnemonic import Mnemonic

    return tuple(Mnemonic("english").wordlist)

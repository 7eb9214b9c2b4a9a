"""What a passphrase must be before it may open or lock anything."""

from __future__ import annotations

import unicodedata

from guardian.core.errors import Problem

LEAST_CHARACTERS = 8
MOST_CHARACTERS = 1024  # as much as the window's field takes


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


def check_new_passphrase(passphrase: str) -> None:
    """Refuse what is too short for a new vault (other programs for the format ask the same)."""
    prepare_passphrase(passphrase)
    if len(unicodedata.normalize("NFC", passphrase)) < LEAST_CHARACTERS:
        raise Problem("passphrase-short", least=LEAST_CHARACTERS)

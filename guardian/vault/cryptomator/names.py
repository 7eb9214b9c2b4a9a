"""Names of documents and folders: encrypted, bound to their folder, shortened when long."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from guardian.vault.cryptomator.encoding import decode_url, encode_url
from guardian.vault.cryptomator.masterkey import MasterKey

ENTRY = ".c9r"
SHORTENED = ".c9s"
SHORTEST_ENTRY = 28
SIV_BYTES = 16
# an addition before a name has few of them; a name made of nothing else must not cost seconds
MOST_MARKS = 12
BASE64_RUN = re.compile(r"[A-Za-z0-9_-]{22,}={0,2}")


class NameUnreadableError(ValueError):
    """An encrypted name that does not belong where it lies, or was altered."""


class NameCipher:
    """AES-SIV over names (RFC 5297); the folder's id is authenticated along with each name."""

    def __init__(self, key: MasterKey) -> None:
        self._siv = AESSIV(key.authentication + key.encryption)

    def folder_hash(self, folder_id: str) -> str:
        """32 characters that say where the content of a folder lies under ``d/``."""
        encrypted = self._siv.encrypt(folder_id.encode("ascii"), None)
        digest = hashlib.sha1(encrypted, usedforsecurity=False).digest()
        return base64.b32encode(digest).decode("ascii")

    def encrypt(self, name: str, folder_id: str) -> str:
        """The encrypted form of ``name`` in the folder, ending ``.c9r``."""
        clear = unicodedata.normalize("NFC", name).encode("utf-8")
        return self._encrypt_exact(clear, folder_id)

    def encrypt_as_typed(self, name: str, folder_id: str) -> str:
        """Like :meth:`encrypt` without composing the name: some writers do not."""
        return self._encrypt_exact(name.encode("utf-8"), folder_id)

    def _encrypt_exact(self, clear: bytes, folder_id: str) -> str:
        return encode_url(self._siv.encrypt(clear, [folder_id.encode("ascii")])) + ENTRY

    def decrypt(self, encrypted: str, folder_id: str) -> str:
        """The name behind ``encrypted`` (ending ``.c9r``). Raises ``NameUnreadableError``."""
        if not encrypted.endswith(ENTRY):
            raise NameUnreadableError("no entry")
        try:
            data = decode_url(encrypted.removesuffix(ENTRY))
            if len(data) <= SIV_BYTES:
                raise NameUnreadableError("too short")
            name = self._siv.decrypt(data, [folder_id.encode("ascii")]).decode("utf-8")
        except (ValueError, InvalidTag) as error:
            raise NameUnreadableError("not authentic") from error
        if not is_possible_name(name):
            raise NameUnreadableError("not a name")
        return name


def shorten(encrypted: str) -> str:
    """The folder name that stands for a long encrypted name; the hash includes its ending."""
    digest = hashlib.sha1(encrypted.encode("ascii"), usedforsecurity=False).digest()
    return encode_url(digest) + SHORTENED


def names_within(file: str) -> Iterator[str]:
    """Every full encrypted name that ``file``, a name on disk, may have been made of.

    Sync programs put something before or behind a name to keep two versions apart, and some of
    them use letters for it that encrypted names use too: so every run of such letters is tried,
    from each place where an addition can end, the longest first.
    """
    for run in BASE64_RUN.finditer(file.removesuffix(ENTRY)):
        marks = islice(re.finditer("[_-]", run.group()), MOST_MARKS)
        for start in (0, *(mark.end() for mark in marks)):
            text = run.group()[start:]
            for end in range(len(text) - len(text) % 4, SHORTEST_ENTRY - len(ENTRY) - 1, -4):
                yield text[:end] + ENTRY


def is_possible_name(name: str) -> bool:
    """Whether ``name`` may stand for one document or folder, here and when saved elsewhere."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        return False
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

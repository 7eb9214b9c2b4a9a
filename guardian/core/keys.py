"""How the key of the records is kept: in the system's keyring, or wrapped under a passphrase.

The key itself is 32 random bytes. The key file beside the records only says where it is, or
holds it wrapped: AES key wrap (RFC 3394) under scrypt (RFC 7914) of the passphrase. A key that
two people share is wrapped once for each of them.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from guardian.core.content import decode
from guardian.core.errors import Problem
from guardian.core.files import is_there, write_atomically
from guardian.core.keychain import Keychain

KEY_BYTES = 32
MIN_PASSPHRASE = 8
SCRYPT_N = 2**16  # 64 MiB and about a quarter of a second
SCRYPT_R = 8
MAX_MEMORY = 512 * 1024 * 1024
MAX_OTHERS = 3  # each costs time whenever somebody opens the records


class KeyMode(StrEnum):
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"
    MEMORY = "memory"


class Wrapped(msgspec.Struct, frozen=True):
    """A key under a passphrase."""

    salt: bytes
    n: int
    r: int
    key: bytes


class KeyFile(msgspec.Struct, frozen=True):
    """``id`` names the item in the keyring, so that two homes never share one.

    ``others`` hold the same key under the passphrases of other people. Such a file has format 2,
    so that a Guardian that knows of one passphrase alone leaves it as it is.
    """

    id: str
    mode: KeyMode
    wrapped: Wrapped | None = None
    format: int = 1
    others: tuple[Wrapped, ...] = ()

    @property
    def ways(self) -> tuple[Wrapped, ...]:
        """Every wrap of the key, the first one first."""
        return (self.wrapped, *self.others) if self.wrapped else ()


@dataclass(frozen=True)
class Opened:
    """A key, and the salt of the wrap a passphrase got it from."""

    key: bytes
    way: bytes


def read_key_file(path: Path) -> KeyFile | None:
    """The key file, or None where there is none. Raises ``Problem`` for one that makes no sense."""
    if not is_there(path):
        return None
    if not os.access(path, os.R_OK):  # closed to us, which is not the same as damaged
        raise Problem("no-permission", name=path.name)
    try:
        found = decode(path, KeyFile)
    except Problem as problem:
        raise Problem("key-file-damaged", name=path.name) from problem
    if found.format != (2 if found.others else 1):
        raise Problem("store-newer")
    whole = (found.mode is KeyMode.PASSPHRASE) == (found.wrapped is not None)
    if found.others and (found.wrapped is None or len(found.others) > MAX_OTHERS):
        whole = False
    if not whole or any(len(way.key) != KEY_BYTES + 8 for way in found.ways):
        raise Problem("key-file-damaged", name=path.name)
    return found


def write_key_file(path: Path, entry: KeyFile) -> None:
    write_atomically(path, msgspec.json.encode(entry))


def new_id() -> str:
    return secrets.token_hex(8)


def keep_in_keyring(keychain: Keychain, identity: str, key: bytes) -> KeyFile:
    """Store ``key`` and read it back; a keyring that forgets at once is refused."""
    keychain.set(item(identity), key.hex())
    if keychain.get(item(identity)) != key.hex():
        raise Problem("keyring-failed")
    return KeyFile(identity, KeyMode.KEYRING)


def key_from_keyring(keychain: Keychain, entry: KeyFile) -> bytes:
    """The key a keyring holds. Raises ``Problem("key-missing")`` when it is gone."""
    found = keychain.get(item(entry.id))
    try:
        key = bytes.fromhex(found or "")
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Problem("key-missing")
    return key


def forget_in_keyring(keychain: Keychain, entry: KeyFile) -> None:
    keychain.delete(item(entry.id))


def item(identity: str) -> str:
    return f"records {identity}"


def wrap_key(identity: str, key: bytes, passphrase: str, *others: str) -> KeyFile:
    """``key`` under ``passphrase``, and under each of ``others`` as well.

    Raises ``Problem("passphrase-short")`` below 8 characters.
    """
    return with_ways(identity, tuple(wrap(key, one) for one in (passphrase, *others)))


def with_ways(identity: str, ways: Sequence[Wrapped]) -> KeyFile:
    """The key file with these wraps, at least one."""
    first, *others = ways
    kind = 2 if others else 1
    return KeyFile(identity, KeyMode.PASSPHRASE, first, kind, tuple(others))


def wrap(key: bytes, passphrase: str) -> Wrapped:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    if len(passphrase) < MIN_PASSPHRASE:
        raise Problem("passphrase-short", least=MIN_PASSPHRASE)
    salt = secrets.token_bytes(16)
    wrapping = derive(passphrase, salt, SCRYPT_N, SCRYPT_R)
    return Wrapped(salt, SCRYPT_N, SCRYPT_R, aes_key_wrap(wrapping, key))


def open_key(entry: KeyFile, passphrase: str) -> Opened:
    """The key again, by the first wrap that ``passphrase`` opens.

    Every wrap is tried, also after one opened: the time tells nobody whose passphrase it was.
    Raises ``Problem("passphrase-wrong")``.
    """
    found: Opened | None = None
    for way in entry.ways:
        try:
            key = unwrap_key(way, passphrase)
        except Problem as problem:
            if problem.code != "passphrase-wrong":
                raise
        else:
            found = found or Opened(key, way.salt)
    if found is None:
        raise Problem("passphrase-wrong")
    return found


def exchange(entry: KeyFile, way: bytes | None, new: Wrapped) -> KeyFile:
    """``entry`` with ``new`` in the place of the wrap with the salt ``way``; the others stay.

    Raises ``Problem("passphrase-moved")`` where somebody else has replaced that wrap already.
    """
    if len(entry.ways) > 1 and way not in [one.salt for one in entry.ways]:
        raise Problem("passphrase-moved")
    kept = [new if one.salt == way else one for one in entry.ways] if entry.others else [new]
    return with_ways(entry.id, kept)


def unwrap_key(wrapped: Wrapped, passphrase: str) -> bytes:
    """The key again. Raises ``Problem("passphrase-wrong")``."""
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    wrapping = derive(passphrase, wrapped.salt, wrapped.n, wrapped.r)
    try:
        return aes_key_unwrap(wrapping, wrapped.key)
    except InvalidUnwrap as error:
        raise Problem("passphrase-wrong") from error


def derive(passphrase: str, salt: bytes, n: int, r: int) -> bytes:
    """scrypt over the NFC form of ``passphrase``; bounds keep a hostile file from eating memory.

    ``hashlib`` rather than ``cryptography``: it lets other threads run meanwhile.
    """
    sane = 2**10 <= n <= 2**20 and n & (n - 1) == 0 and 1 <= r <= 16
    if not sane or 128 * n * r > MAX_MEMORY or not 8 <= len(salt) <= 64:
        raise Problem("key-file-damaged", name="records.key.json")
    plain = unicodedata.normalize("NFC", passphrase)
    try:
        secret = plain.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, as some keyboards make of a picture
        secret = plain.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=1, dklen=32, maxmem=MAX_MEMORY + 2**20)

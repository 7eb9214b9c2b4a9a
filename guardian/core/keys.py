"""How the key of the records is kept: in the system's keyring, or wrapped under a passphrase.

The key itself is 32 random bytes. The key file beside the records only says where it is, or
holds it wrapped: AES key wrap (RFC 3394) under scrypt (RFC 7914) of the passphrase.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
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
    """``id`` names the item in the keyring, so that two homes never share one."""

    id: str
    mode: KeyMode
    wrapped: Wrapped | None = None
    format: int = 1


def read_key_file(path: Path) -> KeyFile | None:
    """The key file, or None where there is none. Raises ``Problem`` for one that makes no sense."""
    if not is_there(path):
        return None
    try:
        found = decode(path, KeyFile)
    except Problem as problem:
        raise Problem("key-file-damaged", name=path.name) from problem
    if found.format != 1:
        raise Problem("store-newer")
    wrapped = found.wrapped
    if (found.mode is KeyMode.PASSPHRASE) != (wrapped is not None) or (
        wrapped is not None and len(wrapped.key) != KEY_BYTES + 8
    ):
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


def wrap_key(identity: str, key: bytes, passphrase: str) -> KeyFile:
    """``key`` under ``passphrase``. Raises ``Problem("passphrase-short")`` below 8 characters."""
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    if len(passphrase) < MIN_PASSPHRASE:
        raise Problem("passphrase-short", least=MIN_PASSPHRASE)
    salt = secrets.token_bytes(16)
    wrapping = derive(passphrase, salt, SCRYPT_N, SCRYPT_R)
    wrapped = Wrapped(salt, SCRYPT_N, SCRYPT_R, aes_key_wrap(wrapping, key))
    return KeyFile(identity, KeyMode.PASSPHRASE, wrapped)


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
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=1, dklen=32, maxmem=MAX_MEMORY + 2**20)

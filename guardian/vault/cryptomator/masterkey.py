"""The vault's two keys, and the file that keeps them wrapped under a passphrase."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field

import msgspec
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from guardian.core.errors import Problem
from guardian.vault.access.keys import prepare_passphrase
from guardian.vault.cryptomator.encoding import decode_standard

KEY_BYTES = 32
SALT_BYTES = 8
# 2^15 is what phones with the format's own apps open too; 2^18 ends them
COST = 2**15
BLOCK = 8
VERSION = 999
MAX_FILE_BYTES = 64 * 1024
MAX_MEMORY_BYTES = 512 * 2**20


@dataclass(frozen=True)
class MasterKey:
    """32 bytes that encrypt and 32 that authenticate. Never shown, not even by ``repr``."""

    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)

    @property
    def raw(self) -> bytes:
        return self.encryption + self.authentication

    @property
    def mark(self) -> str:
        """Sixteen characters that tell these keys from others and say nothing about them."""
        return hmac.digest(self.raw, b"Guardian: mark of a vault", "sha256").hex()[:16]


class MasterKeyFile(msgspec.Struct, frozen=True):
    """The fields of ``masterkey.cryptomator``; fields of others are passed over."""

    version: int
    scrypt_salt: str = msgspec.field(name="scryptSalt")
    scrypt_cost: int = msgspec.field(name="scryptCostParam")
    scrypt_block: int = msgspec.field(name="scryptBlockSize")
    encryption: str = msgspec.field(name="primaryMasterKey")
    authentication: str = msgspec.field(name="hmacMasterKey")
    version_mac: str = msgspec.field(name="versionMac")


def new_masterkey() -> MasterKey:
    return MasterKey(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))


def wrap_masterkey(key: MasterKey, passphrase: str, like: MasterKeyFile | None = None) -> bytes:
    """The content of a new masterkey file; takes as long as deriving a key takes (0.1 s).

    ``like`` is the file it follows, whose version and cost it keeps.
    """
    version, cost, block = VERSION, COST, BLOCK
    if like is not None:
        version, cost, block = like.version, like.scrypt_cost, like.scrypt_block
    salt = os.urandom(SALT_BYTES)
    wrapping = derive_key(prepare_passphrase(passphrase), salt, cost, block)
    return msgspec.json.encode(
        MasterKeyFile(
            version=version,
            scrypt_salt=base64.b64encode(salt).decode(),
            scrypt_cost=cost,
            scrypt_block=block,
            encryption=base64.b64encode(aes_key_wrap(wrapping, key.encryption)).decode(),
            authentication=base64.b64encode(aes_key_wrap(wrapping, key.authentication)).decode(),
            version_mac=base64.b64encode(sign_version(key, version)).decode(),
        )
    )


def unwrap_masterkey(data: bytes, passphrase: str, file: str) -> MasterKey:
    """The keys in a masterkey file named ``file``.

    Raises ``Problem``: ``passphrase-wrong``, ``vault-key-file-damaged`` or, where the file asks
    for more memory than any honest vault does, ``vault-key-file-greedy``.
    """
    entry, salt, wrapped, mac = parse_masterkey(data, file)
    secret = prepare_passphrase(passphrase)
    try:
        wrapping = derive_key(secret, salt, entry.scrypt_cost, entry.scrypt_block)
    except MemoryError:
        raise Problem("vault-key-file-greedy", file=file) from None
    try:
        key = MasterKey(*(aes_key_unwrap(wrapping, one) for one in wrapped))
    except InvalidUnwrap:
        raise Problem("passphrase-wrong") from None
    if not hmac.compare_digest(sign_version(key, entry.version), mac):
        raise Problem("vault-key-file-damaged", file=file)
    return key


def parse_masterkey(data: bytes, file: str) -> tuple[MasterKeyFile, bytes, list[bytes], bytes]:
    """The fields, salt, two wrapped keys and version MAC of a file, every bound checked."""
    try:
        if len(data) > MAX_FILE_BYTES:
            raise ValueError("too large")
        entry = msgspec.json.decode(data, type=MasterKeyFile)
        salt = decode_standard(entry.scrypt_salt)
        wrapped = [decode_standard(entry.encryption), decode_standard(entry.authentication)]
        mac = decode_standard(entry.version_mac)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Problem("vault-key-file-damaged", file=file) from error
    sizes_fit = all(len(one) == KEY_BYTES + 8 for one in wrapped) and len(mac) == 32
    if not sizes_fit or not 8 <= len(salt) <= 64 or not 1 <= entry.version < 2**32:
        raise Problem("vault-key-file-damaged", file=file)
    cost, block = entry.scrypt_cost, entry.scrypt_block
    if cost < 2**10 or cost & (cost - 1) or block < 1:
        raise Problem("vault-key-file-damaged", file=file)
    if cost > 2**20 or block > 16 or 128 * cost * block > MAX_MEMORY_BYTES:
        raise Problem("vault-key-file-greedy", file=file)
    return entry, salt, wrapped, mac


def derive_key(passphrase: bytes, salt: bytes, cost: int, block: int) -> bytes:
    """scrypt (RFC 7914) with p = 1, 32 bytes out. ``hashlib`` lets other threads run meanwhile."""
    room = 128 * block * (cost + 4) + 2**20
    return hashlib.scrypt(passphrase, salt=salt, n=cost, r=block, p=1, maxmem=room, dklen=KEY_BYTES)


def sign_version(key: MasterKey, version: int) -> bytes:
    """HMAC-SHA256 over the version as four bytes, big end first."""
    return hmac.digest(key.authentication, version.to_bytes(4, "big"), "sha256")

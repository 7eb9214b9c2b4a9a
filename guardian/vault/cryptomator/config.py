"""``vault.cryptomator``: a signed token that says which format and ciphers a vault uses."""

from __future__ import annotations

import hmac
import re
import uuid
from dataclasses import dataclass, field

import msgspec

from guardian.core.errors import Problem
from guardian.vault.cryptomator.ciphers import CIPHERS, SIV_GCM
from guardian.vault.cryptomator.encoding import decode_token, encode_token
from guardian.vault.cryptomator.masterkey import MasterKey

FORMAT = 8
THRESHOLD = 220
LEAST_THRESHOLD, MOST_THRESHOLD = 36, 250
KEY_SCHEME = "masterkeyfile:"
KEY_FILE = "masterkey.cryptomator"
CONFIG_FILE = "vault.cryptomator"
MAX_FILE_BYTES = 64 * 1024
SIGNATURES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
PLAIN_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._ -]{0,99}")


class Header(msgspec.Struct, frozen=True):
    kid: str
    alg: str
    typ: str = "JWT"


class Payload(msgspec.Struct, frozen=True, rename="camel"):
    format: int
    cipher_combo: str
    shortening_threshold: int = THRESHOLD
    jti: str = ""


@dataclass(frozen=True)
class Config:
    """What a vault says about itself, after its signature was checked.

    ``cipher`` is a key of ``CIPHERS``; ``threshold`` the longest encrypted name not shortened.
    """

    cipher: str
    threshold: int


@dataclass(frozen=True)
class UnverifiedConfig:
    """A token as read: good for finding the key file, for nothing else before ``verify``."""

    key_file: str
    _payload: Payload = field(repr=False)
    _signed: bytes = field(repr=False)
    _signature: bytes = field(repr=False)
    _digest: str = field(repr=False)

    @property
    def id(self) -> str:
        """What its maker called the vault, a random text; empty where the maker did not."""
        return self._payload.jti

    def verify(self, key: MasterKey) -> Config:
        """What the token says, once the vault's key proves it. Raises ``Problem``."""
        expected = hmac.digest(key.raw, self._signed, self._digest)
        if not hmac.compare_digest(expected, self._signature):
            raise Problem("vault-config-damaged", file=CONFIG_FILE)
        if self._payload.cipher_combo not in CIPHERS:
            raise Problem("vault-format-unknown", format=self._payload.cipher_combo)
        threshold = self._payload.shortening_threshold
        if not LEAST_THRESHOLD <= threshold <= MOST_THRESHOLD:
            raise Problem("vault-config-damaged", file=CONFIG_FILE)
        return Config(self._payload.cipher_combo, threshold)


def write_config(key: MasterKey, threshold: int = THRESHOLD, cipher: str = SIV_GCM.name) -> bytes:
    """The content of ``vault.cryptomator`` for a new vault, or for one that lost it."""
    header = Header(kid=KEY_SCHEME + KEY_FILE, typ="JWT", alg="HS256")
    payload = Payload(
        format=FORMAT,
        cipher_combo=cipher,
        shortening_threshold=threshold,
        jti=str(uuid.uuid4()),
    )
    # omitting defaults would drop fields that other readers insist on
    parts = (msgspec.to_builtins(header), msgspec.to_builtins(payload))
    signed = ".".join(encode_token(msgspec.json.encode(part)) for part in parts).encode("ascii")
    signature = hmac.digest(key.raw, signed, SIGNATURES["HS256"])
    return signed + b"." + encode_token(signature).encode("ascii")


def parse_config(data: bytes) -> UnverifiedConfig:
    """Take a token apart without trusting it.

    Raises ``Problem``: ``vault-config-damaged``, ``vault-hub`` for one whose key lives on a
    company's server, ``vault-format-unknown`` for another format than 8.
    """
    try:
        if len(data) > MAX_FILE_BYTES:
            raise ValueError("too large")
        head, body, tail = data.decode("ascii").split(".")
        header = msgspec.json.decode(decode_token(head), type=Header)
        payload = msgspec.json.decode(decode_token(body), type=Payload)
        signature = decode_token(tail)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Problem("vault-config-damaged", file=CONFIG_FILE) from error
    if header.kid.startswith("hub+"):
        raise Problem("vault-hub")
    if payload.format != FORMAT:
        raise Problem("vault-format-unknown", format=str(payload.format))
    key_file = header.kid.removeprefix(KEY_SCHEME)
    trusted = header.kid.startswith(KEY_SCHEME) and PLAIN_FILE_NAME.fullmatch(key_file)
    if not trusted or header.alg not in SIGNATURES:
        # "none" ends here too: a token nobody signed says nothing
        raise Problem("vault-config-damaged", file=CONFIG_FILE)
    signed = f"{head}.{body}".encode("ascii")
    return UnverifiedConfig(key_file, payload, signed, signature, SIGNATURES[header.alg])

"""The two ways documents are encrypted in a vault: today's, and the one from before 2023."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from guardian.vault.cryptomator.masterkey import MasterKey

CHUNK_BYTES = 32 * 1024
CONTENT_KEY_BYTES = 32
RESERVED = b"\xff" * 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = NONCE_BYTES + len(RESERVED) + CONTENT_KEY_BYTES + TAG_BYTES
CHUNK_OVERHEAD = NONCE_BYTES + TAG_BYTES
OLD_NONCE_BYTES = 16
OLD_MAC_BYTES = 32

# the inside of a sealed chunk, given its number (from 0); raises InvalidTag
OpenChunk = Callable[[int, memoryview], bytes]


@dataclass(frozen=True)
class ContentCipher:
    """One way to encrypt documents: what it adds in bytes, and how a document is opened.

    ``open_header`` takes the vault's keys and exactly ``header`` bytes, and gives what opens the
    chunks behind them; it raises ``InvalidTag``. ``overhead`` is what each chunk grows by.
    """

    name: str
    header: int
    overhead: int
    open_header: Callable[[MasterKey, bytes], OpenChunk]

    @property
    def sealed_chunk(self) -> int:
        """Bytes a full chunk takes on disk."""
        return CHUNK_BYTES + self.overhead

    def encrypted_size(self, clear: int) -> int:
        """Bytes a document of ``clear`` bytes takes."""
        return self.header + clear + self.overhead * -(-clear // CHUNK_BYTES)

    def clear_size(self, encrypted: int) -> int:
        """Bytes of the document inside ``encrypted`` bytes. Raises ``ValueError`` if none fits.

        A last chunk that holds nothing is legal: some writers end a document with one.
        """
        sealed = encrypted - self.header
        chunks = -(-sealed // self.sealed_chunk)
        if sealed < 0 or (chunks and sealed - (chunks - 1) * self.sealed_chunk < self.overhead):
            raise ValueError("cut")
        return sealed - chunks * self.overhead


def seal_header(key: MasterKey, nonce: bytes, content_key: bytes) -> bytes:
    """68 bytes that open every document: its nonce and its sealed content key."""
    return nonce + AESGCM(key.encryption).encrypt(nonce, RESERVED + content_key, None)


def open_header(key: MasterKey, header: bytes) -> tuple[bytes, bytes]:
    """The nonce and content key of a header. Raises ``InvalidTag``."""
    if len(header) != HEADER_BYTES:
        raise InvalidTag
    nonce = header[:NONCE_BYTES]
    clear = AESGCM(key.encryption).decrypt(nonce, header[NONCE_BYTES:], None)
    return nonce, clear[len(RESERVED) :]


def seal_chunk(
    cipher: AESGCM, number: int, header_nonce: bytes, nonce: bytes, clear: bytes | memoryview
) -> bytes:
    """One sealed chunk: bound to its place (``number``, from 0) and to its document."""
    return nonce + cipher.encrypt(nonce, clear, number.to_bytes(8, "big") + header_nonce)


def seal_chunk_into(  # noqa: PLR0917 - the parts of one sealed chunk, and where it goes
    cipher: AESGCM,
    number: int,
    header_nonce: bytes,
    nonce: bytes,
    clear: memoryview,
    room: memoryview,
) -> None:
    """Like :func:`seal_chunk`, into ``room`` of exactly the right size."""
    if not hasattr(cipher, "encrypt_into"):  # cryptography before 47
        room[:] = seal_chunk(cipher, number, header_nonce, nonce, clear)
        return
    room[:NONCE_BYTES] = nonce
    bound = number.to_bytes(8, "big") + header_nonce
    cipher.encrypt_into(nonce, clear, bound, room[NONCE_BYTES:])


def open_chunk(
    cipher: AESGCM, number: int, header_nonce: bytes, sealed: bytes | memoryview
) -> bytes:
    """The inside of a sealed chunk. Raises ``InvalidTag``."""
    if len(sealed) < CHUNK_OVERHEAD:
        raise InvalidTag
    bound = number.to_bytes(8, "big") + header_nonce
    return cipher.decrypt(bytes(sealed[:NONCE_BYTES]), sealed[NONCE_BYTES:], bound)


def open_gcm(key: MasterKey, header: bytes) -> OpenChunk:
    nonce, content_key = open_header(key, header)
    cipher = AESGCM(content_key)
    return lambda number, sealed: open_chunk(cipher, number, nonce, sealed)


def open_ctrmac(key: MasterKey, header: bytes) -> OpenChunk:
    """AES-CTR with an HMAC-SHA256 beside it: the MAC is compared before anything is decrypted."""
    if len(header) != SIV_CTRMAC.header:
        raise InvalidTag
    signed, mac = header[:-OLD_MAC_BYTES], header[-OLD_MAC_BYTES:]
    if not hmac.compare_digest(hmac.digest(key.authentication, signed, "sha256"), mac):
        raise InvalidTag
    nonce = signed[:OLD_NONCE_BYTES]
    content_key = apply_ctr(key.encryption, nonce, signed[OLD_NONCE_BYTES:])[len(RESERVED) :]

    def open_one(number: int, sealed: memoryview) -> bytes:
        if len(sealed) < SIV_CTRMAC.overhead:
            raise InvalidTag
        signed, mac = bytes(sealed[:-OLD_MAC_BYTES]), bytes(sealed[-OLD_MAC_BYTES:])
        bound = nonce + number.to_bytes(8, "big") + signed
        if not hmac.compare_digest(hmac.digest(key.authentication, bound, "sha256"), mac):
            raise InvalidTag
        return apply_ctr(content_key, signed[:OLD_NONCE_BYTES], signed[OLD_NONCE_BYTES:])

    return open_one


def apply_ctr(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """AES in counter mode; it turns either form into the other."""
    turning = BlockCipher(AES(key), CTR(nonce)).decryptor()
    return turning.update(data) + turning.finalize()


SIV_GCM = ContentCipher("SIV_GCM", HEADER_BYTES, CHUNK_OVERHEAD, open_gcm)
SIV_CTRMAC = ContentCipher(
    "SIV_CTRMAC",
    OLD_NONCE_BYTES + len(RESERVED) + CONTENT_KEY_BYTES + OLD_MAC_BYTES,
    OLD_NONCE_BYTES + OLD_MAC_BYTES,
    open_ctrmac,
)
CIPHERS = {cipher.name: cipher for cipher in (SIV_GCM, SIV_CTRMAC)}

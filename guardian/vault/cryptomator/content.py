"""The content of one document: a header with its own key, then chunks of 32 KiB, each sealed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardian.core.errors import Problem
from guardian.vault.cryptomator.masterkey import MasterKey

NONCE_BYTES = 12
TAG_BYTES = 16
RESERVED = b"\xff" * 8
CONTENT_KEY_BYTES = 32
HEADER_BYTES = NONCE_BYTES + len(RESERVED) + CONTENT_KEY_BYTES + TAG_BYTES
CHUNK_BYTES = 32 * 1024
CHUNK_OVERHEAD = NONCE_BYTES + TAG_BYTES
SEALED_CHUNK_BYTES = CHUNK_BYTES + CHUNK_OVERHEAD
# chunks handled between two reports: 1 MiB, so that cancelling feels immediate
BATCH = 32

Seen = Callable[[bytes], None]


def encrypted_size(clear: int) -> int:
    """Bytes a document of ``clear`` bytes takes when written by us."""
    return HEADER_BYTES + clear + CHUNK_OVERHEAD * -(-clear // CHUNK_BYTES)


def clear_size(encrypted: int) -> int:
    """Bytes of the document inside ``encrypted`` bytes. Raises ``ValueError`` where none fits.

    A last chunk that holds nothing is legal: some writers end a document with one.
    """
    sealed = encrypted - HEADER_BYTES
    chunks = -(-sealed // SEALED_CHUNK_BYTES)
    if sealed < 0 or (chunks and sealed - (chunks - 1) * SEALED_CHUNK_BYTES < CHUNK_OVERHEAD):
        raise ValueError("cut")
    return sealed - chunks * CHUNK_OVERHEAD


def seal_header(key: MasterKey, nonce: bytes, content_key: bytes) -> bytes:
    """68 bytes that open every document: its nonce and its sealed content key."""
    return nonce + AESGCM(key.encryption).encrypt(nonce, RESERVED + content_key, None)


def open_header(key: MasterKey, header: bytes) -> tuple[bytes, bytes]:
    """The nonce and content key of a header. Raises ``InvalidTag`` or ``ValueError``."""
    if len(header) != HEADER_BYTES:
        raise ValueError("cut")
    nonce = header[:NONCE_BYTES]
    clear = AESGCM(key.encryption).decrypt(nonce, header[NONCE_BYTES:], None)
    return nonce, clear[len(RESERVED) :]


def seal_chunk(
    cipher: AESGCM, number: int, header_nonce: bytes, nonce: bytes, clear: bytes | memoryview
) -> bytes:
    """One sealed chunk: bound to its place (``number``, from 0) and to its document."""
    return nonce + cipher.encrypt(nonce, clear, number.to_bytes(8, "big") + header_nonce)


def open_chunk(
    cipher: AESGCM, number: int, header_nonce: bytes, sealed: bytes | memoryview
) -> bytes:
    """The inside of a sealed chunk. Raises ``InvalidTag``."""
    if len(sealed) < CHUNK_OVERHEAD:
        raise InvalidTag
    bound = number.to_bytes(8, "big") + header_nonce
    return cipher.decrypt(bytes(sealed[:NONCE_BYTES]), sealed[NONCE_BYTES:], bound)


def encrypt_stream(source: BinaryIO, target: BinaryIO, key: MasterKey, seen: Seen) -> int:
    """Write ``source`` encrypted to ``target`` under a new content key; the bytes read.

    ``seen`` is given every piece as it passes (for progress and checksums) and may raise to stop.
    """
    header_nonce, content_key = os.urandom(NONCE_BYTES), os.urandom(CONTENT_KEY_BYTES)
    target.write(seal_header(key, header_nonce, content_key))
    cipher = AESGCM(content_key)
    number = total = 0
    while piece := read_fully(source, BATCH * CHUNK_BYTES):
        view = memoryview(piece)
        nonces = os.urandom(NONCE_BYTES * BATCH)
        sealed = [
            seal_chunk(
                cipher,
                number + place,
                header_nonce,
                nonces[place * NONCE_BYTES : (place + 1) * NONCE_BYTES],
                view[place * CHUNK_BYTES : (place + 1) * CHUNK_BYTES],
            )
            for place in range(-(-len(piece) // CHUNK_BYTES))
        ]
        target.write(b"".join(sealed))
        number += len(sealed)
        total += len(piece)
        seen(piece)
    return total


def read_fully(source: BinaryIO, count: int) -> bytes:
    """``count`` bytes, fewer only at the end: a short read in the middle would break chunks."""
    piece = source.read(count)
    while piece and len(piece) < count:
        more = source.read(count - len(piece))
        if not more:
            break
        piece += more
    return piece


class DocumentReader:
    """Reads a document from its encrypted file, from anywhere inside it, never onto a disk.

    ``name`` is used in problems: every altered or missing byte raises
    ``Problem("vault-document-damaged")``. The file is closed with the reader.
    """

    def __init__(self, file: BinaryIO, key: MasterKey, name: str) -> None:
        self._file = file
        self._name = name
        try:
            self.size = clear_size(file.seek(0, os.SEEK_END))
            file.seek(0)
            self._nonce, content_key = open_header(key, file.read(HEADER_BYTES))
        except (ValueError, InvalidTag) as error:
            raise Problem("vault-document-damaged", name=name) from error
        self._cipher = AESGCM(content_key)

    def __enter__(self) -> DocumentReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def pieces(self) -> Iterator[bytes]:
        """The whole document in order, about 1 MiB at a time, each piece verified.

        An official writer's empty last chunk is verified as well.
        """
        self._file.seek(HEADER_BYTES)
        number = total = 0
        while sealed := read_fully(self._file, BATCH * SEALED_CHUNK_BYTES):
            piece = self._open(number, sealed)
            number += BATCH
            total += len(piece)
            yield piece
        if total != self.size:
            # the file changed under us
            raise Problem("vault-document-damaged", name=self._name)

    def read_at(self, offset: int, count: int) -> bytes:
        """Up to ``count`` bytes from ``offset``; fewer only at the end of the document."""
        end = min(offset + count, self.size)
        if offset < 0 or offset >= end:
            return b""
        first, last = offset // CHUNK_BYTES, (end - 1) // CHUNK_BYTES
        self._file.seek(HEADER_BYTES + first * SEALED_CHUNK_BYTES)
        clear = self._open(first, read_fully(self._file, (last - first + 1) * SEALED_CHUNK_BYTES))
        start = offset - first * CHUNK_BYTES
        if len(clear) < start + end - offset:
            raise Problem("vault-document-damaged", name=self._name)
        return clear[start : start + end - offset]

    def _open(self, number: int, sealed: bytes) -> bytes:
        view = memoryview(sealed)
        try:
            return b"".join(
                open_chunk(
                    self._cipher, number + place, self._nonce, view[at : at + SEALED_CHUNK_BYTES]
                )
                for place, at in enumerate(range(0, len(sealed), SEALED_CHUNK_BYTES))
            )
        except InvalidTag as error:
            raise Problem("vault-document-damaged", name=self._name) from error

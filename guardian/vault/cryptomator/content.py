"""The content of one document: a header with its own key, then chunks of 32 KiB, each sealed."""

from __future__ import annotations

import hashlib
import io
import os
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardian.core.errors import Problem, mendable_file_errors
from guardian.vault.cryptomator.ciphers import (
    CHUNK_BYTES,
    CHUNK_OVERHEAD,
    CONTENT_KEY_BYTES,
    HEADER_BYTES,
    NONCE_BYTES,
    SIV_GCM,
    ContentCipher,
    seal_chunk_into,
    seal_header,
)
from guardian.vault.cryptomator.masterkey import MasterKey

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = [
    "CHUNK_BYTES",
    "HEADER_BYTES",
    "DocumentFile",
    "DocumentReader",
    "Room",
    "Seal",
    "clear_size",
    "encrypt_stream",
    "encrypted_size",
]

# chunks handled between two reports: 1 MiB, so that cancelling feels immediate
BATCH = 32
# batches that wait for the second thread; bounds the memory a document takes while it passes
AHEAD = 4
# chunks a DocumentFile remembers: 1 MiB in the clear, dropped when it is closed
REMEMBERED = 32

Seen = Callable[[memoryview], None]

encrypted_size = SIV_GCM.encrypted_size
clear_size = SIV_GCM.clear_size


class Readable(Protocol):
    """Any open file, as far as encrypting needs it."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Writeable(Protocol):
    """Any open file, as far as its content goes into it; a write may take less than it is given."""

    def write(self, data: memoryview, /) -> int: ...


@dataclass(frozen=True)
class Seal:
    """What a document was when it was written: enough to tell later whether it still is.

    ``clear`` and ``size`` are bytes before and after encryption; ``header`` and ``whole`` are
    the SHA-256 of the encrypted header and of the whole encrypted file.
    """

    clear: int
    size: int
    header: bytes
    whole: bytes


def encrypt_stream(
    source: Readable, target: Writeable, key: MasterKey, seen: Seen, room: Room | None = None
) -> Seal:
    """Write ``source`` encrypted to ``target`` under a new content key.

    ``seen`` is given every piece as it passes (for progress and checksums) and may raise to stop;
    it must not keep the piece. What is longer than 1 MiB is hashed by a second thread, which has
    ended when this returns or raises. Many documents in a row share one ``room``.
    """
    header_nonce, content_key = os.urandom(NONCE_BYTES), os.urandom(CONTENT_KEY_BYTES)
    header = seal_header(key, header_nonce, content_key)
    write_fully(target, memoryview(header))
    digest = hashlib.sha256(header)
    clear, size = 0, len(header)
    cipher = AESGCM(content_key)
    room = room or Room()

    def batches() -> Iterator[memoryview]:
        nonlocal clear, size
        for batch in count():
            piece = read_fully(source, room.clear)
            if not piece:
                return
            sealed = seal_batch(cipher, batch * BATCH, header_nonce, piece, room.next_sealed())
            write_fully(target, sealed)
            clear += len(piece)
            size += len(sealed)
            seen(piece)
            yield sealed

    hashing = batches()
    first = next(hashing, None)
    if first is not None:
        digest.update(first)
        if clear == BATCH * CHUNK_BYTES:
            run_beside(digest.update, hashing)
    return Seal(clear, size, hashlib.sha256(header).digest(), digest.digest())


class Room:
    """Memory for one batch in the clear and for the sealed ones still being hashed.

    It is used again and again: fresh memory for each would cost more time than encrypting does.
    """

    def __init__(self) -> None:
        self.clear = memoryview(bytearray(BATCH * CHUNK_BYTES))
        self._sealed: deque[memoryview] = deque()

    def next_sealed(self) -> memoryview:
        """The place that was given out the longest ago."""
        if len(self._sealed) <= AHEAD:
            self._sealed.append(memoryview(bytearray(BATCH * SIV_GCM.sealed_chunk)))
        self._sealed.rotate(1)
        return self._sealed[0]


def seal_batch(
    cipher: AESGCM, number: int, header_nonce: bytes, piece: memoryview, room: memoryview
) -> memoryview:
    """Seal the chunks of ``piece``, the first of which is ``number``, into ``room``; the part of
    it that was filled."""
    starts = range(0, len(piece), CHUNK_BYTES)
    nonces = os.urandom(NONCE_BYTES * len(starts))
    end = 0
    for place, start in enumerate(starts):
        nonce = nonces[place * NONCE_BYTES : (place + 1) * NONCE_BYTES]
        clear = piece[start : start + CHUNK_BYTES]
        begin, end = end, end + len(clear) + CHUNK_OVERHEAD
        seal_chunk_into(cipher, number + place, header_nonce, nonce, clear, room[begin:end])
    return room[:end]


def read_fully(source: Readable, room: memoryview) -> memoryview:
    """Fill ``room`` from ``source``, or less of it only at the end; the part that was filled.

    A short read in the middle would break chunks.
    """
    filled = 0
    while filled < len(room) and (more := source.readinto(room[filled:])):
        filled += more
    return room[:filled]


def write_fully(target: Writeable, data: memoryview) -> None:
    while data:
        data = data[target.write(data) :]


def run_beside(step: Callable[[memoryview], object], given: Iterable[memoryview]) -> None:
    """Do ``step`` with each in a second thread, in order, up to ``AHEAD`` behind.

    The first exception ends it; the thread does not outlive it.
    """
    pending: deque[Future[object]] = deque()
    with ThreadPoolExecutor(1) as pool:
        try:
            for one in given:
                pending.append(pool.submit(step, one))
                if len(pending) >= AHEAD:
                    pending.popleft().result()
            while pending:
                pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


class DocumentReader:
    """Reads a document from its encrypted file, from anywhere inside it, never onto a disk.

    ``name`` is used in problems: every altered or missing byte raises
    ``Problem("vault-document-damaged")``. The file is closed with the reader.
    """

    def __init__(
        self, file: BinaryIO | io.FileIO, key: MasterKey, name: str, cipher: ContentCipher = SIV_GCM
    ) -> None:
        self._file = file
        self._name = name
        self._cipher = cipher
        self._lock = Lock()
        try:
            self._sealed = file.seek(0, os.SEEK_END)
            self.size = cipher.clear_size(self._sealed)
            file.seek(0)
            self._open_chunk = cipher.open_header(key, file.read(cipher.header))
        except (ValueError, InvalidTag) as error:
            raise Problem("vault-document-damaged", name=name) from error

    def __enter__(self) -> DocumentReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    @property
    def handle(self) -> int:
        """The system's number for the open encrypted file."""
        return self._file.fileno()

    def pieces(self) -> Iterator[bytes]:
        """The whole document in order, about 1 MiB at a time, each piece verified.

        An official writer's empty last chunk is verified as well.
        """
        step = BATCH * self._cipher.sealed_chunk
        for batch in range(-(-(self._sealed - self._cipher.header) // step)):
            yield self._open(batch * BATCH, BATCH)
        with self._lock:
            if self._file.seek(0, os.SEEK_END) != self._sealed:
                # the file changed under us
                raise Problem("vault-document-damaged", name=self._name)

    def read_at(self, offset: int, count: int) -> bytes:
        """Up to ``count`` bytes from ``offset``; fewer only at the end of the document."""
        end = min(offset + count, self.size)
        if offset < 0 or offset >= end:
            return b""
        first, last = offset // CHUNK_BYTES, (end - 1) // CHUNK_BYTES
        start = offset - first * CHUNK_BYTES
        clear = self._open(first, last - first + 1)
        return clear[start : start + end - offset]

    def _open(self, number: int, count: int) -> bytes:
        """The inside of ``count`` chunks from ``number`` on, fewer only at the end."""
        step = self._cipher.sealed_chunk
        start = self._cipher.header + number * step
        wanted = min(count * step, self._sealed - start)
        with self._lock, mendable_file_errors(Path(self._name)):
            self._file.seek(start)
            sealed = self._file.read(wanted)
        try:
            if len(sealed) != wanted:
                # the file changed under us
                raise InvalidTag
            view = memoryview(sealed)
            return b"".join(
                self._open_chunk(number + place, view[at : at + step])
                for place, at in enumerate(range(0, wanted, step))
            )
        except InvalidTag as error:
            raise Problem("vault-document-damaged", name=self._name) from error


class DocumentFile(io.RawIOBase):
    """A document as a read-only file that lives in memory: for libraries that read files.

    What was read last is remembered decrypted (1 MiB at most) until :meth:`close`, which closes
    the reader too. Reads are whole but at the end. Threads may share it; each seeks for all.
    Raises ``Problem("vault-document-damaged")`` while reading, ``ValueError`` once closed.
    """

    def __init__(self, reader: DocumentReader) -> None:
        super().__init__()
        self._reader = reader
        self._position = 0
        self._lock = Lock()
        self._chunks: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to ``offset`` from the start, from here or from the end; where that is."""
        with self._lock:
            base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._reader.size}
            if base[whence] + offset < 0:
                raise ValueError("before the start")
            self._position = base[whence] + offset
            return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with self._lock, memoryview(buffer).cast("B") as view:
            piece = self._read(len(view))
            view[: len(piece)] = piece
            return len(piece)

    def readall(self) -> bytes:
        with self._lock:
            return self._read(max(0, self._reader.size - self._position))

    def close(self) -> None:
        with self._lock:
            self._chunks.clear()
            self._reader.close()
        super().close()

    def _read(self, count: int) -> bytes:
        if self.closed:
            raise ValueError("I/O operation on closed file")
        start = self._position
        end = min(start + count, self._reader.size)
        if end - start > REMEMBERED * CHUNK_BYTES:
            piece = self._reader.read_at(start, end - start)
        else:
            first = start // CHUNK_BYTES
            joined = b"".join(self._chunk(n) for n in range(first, -(-end // CHUNK_BYTES)))
            piece = joined[start - first * CHUNK_BYTES : end - first * CHUNK_BYTES]
        self._position += len(piece)
        return piece

    def _chunk(self, number: int) -> bytes:
        chunk = self._chunks.pop(number, None)
        if chunk is None:
            chunk = self._reader.read_at(number * CHUNK_BYTES, CHUNK_BYTES)
        self._chunks[number] = chunk
        if len(self._chunks) > REMEMBERED:
            self._chunks.popitem(last=False)
        return chunk

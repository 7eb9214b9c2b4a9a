"""One document: every size round, every altered or missing byte noticed, any part readable."""

import hashlib
import os
import random
from io import BytesIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.core.errors import Cancelled, Problem
from guardian.vault.cryptomator import ciphers, content
from guardian.vault.cryptomator.content import CHUNK_BYTES, DocumentFile, DocumentReader
from guardian.vault.cryptomator.masterkey import MasterKey

KEY = MasterKey(b"\x01" * 32, b"\x02" * 32)
SIZES = [0, 1, 32767, 32768, 32769, 65535, 65536, 65537, 2**20, 2**20 + 7]
CHEAP = settings(max_examples=60, deadline=None)


def sealed(clear: bytes) -> bytes:
    out = BytesIO()
    seal = content.encrypt_stream(BytesIO(clear), out, KEY, lambda _: None)
    data = out.getvalue()
    assert (seal.clear, seal.size) == (len(clear), len(data))
    assert seal.header == hashlib.sha256(data[:68]).digest()
    assert seal.whole == hashlib.sha256(data).digest()
    return data


def opened(data: bytes) -> bytes:
    with DocumentReader(BytesIO(data), KEY, "a.txt") as reader:
        clear = b"".join(reader.pieces())
        assert len(clear) == reader.size
    return clear


def refusal(data: bytes) -> str:
    with pytest.raises(Problem) as caught:
        opened(data)
    assert caught.value.facts == {"name": "a.txt"}
    return caught.value.code


@pytest.mark.parametrize("size", SIZES)
def test_every_size_comes_back(size: int) -> None:
    clear = os.urandom(size)
    data = sealed(clear)
    assert len(data) == content.encrypted_size(size)
    assert content.clear_size(len(data)) == size
    assert opened(data) == clear


def test_the_same_document_never_looks_the_same_twice() -> None:
    assert sealed(b"same")[:68] != sealed(b"same")[:68]


def test_a_source_that_gives_little_at_a_time_makes_the_same_chunks() -> None:
    class Trickle(BytesIO):
        def readinto(self, buffer: Any, /) -> int:
            return super().readinto(memoryview(buffer)[:1000])

    clear, out = os.urandom(100_000), BytesIO()
    content.encrypt_stream(Trickle(clear), out, KEY, lambda _: None)
    assert len(out.getvalue()) == content.encrypted_size(len(clear))
    assert opened(out.getvalue()) == clear


def test_a_disk_that_takes_little_at_a_time_gets_it_all() -> None:
    class Trickle(BytesIO):
        def write(self, data: Any, /) -> int:
            return super().write(memoryview(data)[:1000])

    out = Trickle()
    seal = content.encrypt_stream(BytesIO(b"z" * 100_000), out, KEY, lambda _: None)
    assert seal.whole == hashlib.sha256(out.getvalue()).digest()
    assert opened(out.getvalue()) == b"z" * 100_000


@pytest.mark.parametrize("stop_at", [0, 1, 2, 7, 11])
def test_whoever_listens_can_stop_a_long_document_at_any_batch(stop_at: int) -> None:
    out, seen = BytesIO(), 0

    def listen(piece: memoryview) -> None:
        nonlocal seen
        seen += 1
        if seen > stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        content.encrypt_stream(BytesIO(bytes(12 * 2**20)), out, KEY, listen)
    assert seen == stop_at + 1
    assert len(out.getvalue()) <= content.encrypted_size(seen * 2**20)


def test_a_disk_that_fills_in_a_long_document_is_told_at_once() -> None:
    class Full(BytesIO):
        def write(self, data: Any, /) -> int:
            if self.tell() > 3 * 2**20:
                raise OSError(28, "No space left on device")
            return super().write(data)

    out = Full()
    with pytest.raises(OSError, match="No space"):
        content.encrypt_stream(BytesIO(bytes(12 * 2**20)), out, KEY, lambda _: None)
    assert len(out.getvalue()) < 5 * 2**20


def test_documents_that_share_memory_stay_apart() -> None:
    room = content.Room()
    for size in (3 * 2**20 + 5, 10, 0, 2**20, 7 * 2**20):
        clear, out = os.urandom(size), BytesIO()
        seal = content.encrypt_stream(BytesIO(clear), out, KEY, lambda _: None, room)
        assert seal.whole == hashlib.sha256(out.getvalue()).digest()
        assert opened(out.getvalue()) == clear


def test_an_older_library_seals_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """``cryptography`` before 47 cannot encrypt into memory that is there already."""

    class Older:
        def __init__(self, key: bytes) -> None:
            self.encrypt, self.decrypt = AESGCM(key).encrypt, AESGCM(key).decrypt

    monkeypatch.setattr(content, "AESGCM", Older)
    clear = os.urandom(100_000)
    assert opened(sealed(clear)) == clear


def test_every_flipped_bit_of_header_and_first_chunk_is_refused() -> None:
    data = sealed(b"x" * 40)
    for place in range(len(data)):
        for bit in range(8):
            broken = bytearray(data)
            broken[place] ^= 1 << bit
            assert refusal(bytes(broken)) == "vault-document-damaged"


def test_a_thousand_flips_elsewhere_are_refused() -> None:
    data = sealed(bytes(100_000))
    for place in random.Random(1).sample(range(68 + 32796, len(data)), 1000):
        broken = bytearray(data)
        broken[place] ^= 0x40
        assert refusal(bytes(broken)) == "vault-document-damaged"


@pytest.mark.parametrize("length", [0, 1, 67, 69, 80, 95, 68 + 32796 + 1, 68 + 32796 + 27])
def test_a_document_cut_where_no_writer_ends_is_refused(length: int) -> None:
    assert refusal(sealed(bytes(70_000))[:length]) == "vault-document-damaged"


def test_chunks_cannot_change_places_nor_documents() -> None:
    size = CHUNK_BYTES + 28
    first, second = sealed(os.urandom(3 * CHUNK_BYTES)), sealed(os.urandom(3 * CHUNK_BYTES))
    chunks = [first[68 + n * size : 68 + (n + 1) * size] for n in range(3)]
    for mixed in (
        first[:68] + chunks[1] + chunks[0] + chunks[2],
        first[:68] + chunks[1] + chunks[2],
        first[:68] + chunks[0] + second[68 + size : 68 + 2 * size] + chunks[2],
        first + chunks[0],
    ):
        assert refusal(mixed) == "vault-document-damaged"


def test_an_empty_last_chunk_of_another_writer_is_accepted() -> None:
    data = sealed(b"y" * CHUNK_BYTES)
    nonce, content_key = ciphers.open_header(KEY, data[:68])
    tail = ciphers.seal_chunk(AESGCM(content_key), 1, nonce, b"n" * 12, b"")
    assert opened(data + tail) == b"y" * CHUNK_BYTES
    assert refusal(data + tail[:-1] + b"!") == "vault-document-damaged"


def test_any_part_can_be_read_alone() -> None:
    clear = random.Random(2).randbytes(3 * CHUNK_BYTES + 11)
    with DocumentReader(BytesIO(sealed(clear)), KEY, "a.txt") as reader:

        @CHEAP
        @given(st.integers(-2, len(clear) + 5), st.integers(0, len(clear)))
        def check(offset: int, count: int) -> None:
            expected = clear[offset : offset + count] if offset >= 0 else b""
            assert reader.read_at(offset, count) == expected

        check()
        for edge in (CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1):
            assert reader.read_at(edge, 2) == clear[edge : edge + 2]


@CHEAP
@given(st.binary(max_size=300))
def test_random_bytes_are_never_a_document(data: bytes) -> None:
    assert refusal(data) == "vault-document-damaged"


@CHEAP
@given(st.integers(0, 2**40))
def test_sizes_can_be_told_without_opening(size: int) -> None:
    assert content.clear_size(content.encrypted_size(size)) == size


def test_every_flipped_byte_of_a_full_first_chunk_is_refused() -> None:
    data = sealed(bytes(CHUNK_BYTES))
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 1 << place % 8
        assert refusal(bytes(broken)) == "vault-document-damaged"


# a document as a file


def as_file(clear: bytes) -> DocumentFile:
    return DocumentFile(DocumentReader(BytesIO(sealed(clear)), KEY, "a.txt"))


def test_a_document_reads_like_the_file_it_was() -> None:
    clear = random.Random(4).randbytes(40 * CHUNK_BYTES + 9)
    wanted = BytesIO(clear)
    steps = st.lists(
        st.one_of(
            st.tuples(st.just("read"), st.integers(0, 3 * CHUNK_BYTES)),
            st.tuples(st.just("seek"), st.integers(0, len(clear) + 50)),
            st.tuples(st.just("end"), st.integers(-len(clear), 20)),
            st.tuples(st.just("all"), st.just(0)),
        ),
        max_size=8,
    )
    with as_file(clear) as file:

        @CHEAP
        @given(steps)
        def check(walk: list[tuple[str, int]]) -> None:
            for verb, number in walk:
                if verb == "read":
                    assert file.read(number) == wanted.read(number)
                elif verb == "all":
                    assert file.read() == wanted.read()
                else:
                    whence = os.SEEK_SET if verb == "seek" else os.SEEK_END
                    assert file.seek(number, whence) == wanted.seek(number, whence)
                assert file.tell() == wanted.tell()

        check()
    assert not file.writable()


def test_a_closed_document_gives_nothing_more_and_keeps_nothing() -> None:
    file = as_file(b"secret")
    assert file.read(3) == b"sec"
    file.close()
    file.close()
    for verb in (file.read, lambda: file.read(1), lambda: file.readinto(bytearray(3))):
        with pytest.raises(ValueError, match="closed file"):
            verb()
    assert not file._chunks


def test_a_document_remembers_no_more_than_a_mebibyte() -> None:
    with as_file(bytes(100 * CHUNK_BYTES)) as file:
        while file.read(5000):
            assert len(file._chunks) <= 32


def test_damage_is_told_where_it_is_met() -> None:
    data = bytearray(sealed(bytes(3 * CHUNK_BYTES)))
    data[-1] ^= 1
    with DocumentFile(DocumentReader(BytesIO(data), KEY, "a.txt")) as file:
        assert file.read(CHUNK_BYTES) == bytes(CHUNK_BYTES)
        file.seek(2 * CHUNK_BYTES)
        with pytest.raises(Problem, match="vault-document-damaged"):
            file.read(1)

"""One document: every size round, every altered or missing byte noticed, any part readable."""

import os
import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.vault.cryptomator import content
from guardian.vault.cryptomator.content import CHUNK_BYTES, DocumentReader
from guardian.vault.cryptomator.masterkey import MasterKey

KEY = MasterKey(b"\x01" * 32, b"\x02" * 32)
SIZES = [0, 1, 32767, 32768, 32769, 65535, 65536, 65537, 2**20, 2**20 + 7]
CHEAP = settings(max_examples=60, deadline=None)


def sealed(clear: bytes) -> bytes:
    out = BytesIO()
    assert content.encrypt_stream(BytesIO(clear), out, KEY, lambda _: None) == len(clear)
    return out.getvalue()


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
        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(min(count or 0, 1000))

    clear, out = os.urandom(100_000), BytesIO()
    content.encrypt_stream(Trickle(clear), out, KEY, lambda _: None)
    assert len(out.getvalue()) == content.encrypted_size(len(clear))
    assert opened(out.getvalue()) == clear


def test_every_flipped_bit_of_header_and_first_chunk_is_refused() -> None:
    data = sealed(b"x" * 40)
    for place in range(len(data)):
        for bit in range(8):
            broken = bytearray(data)
            broken[place] ^= 1 << bit
            assert refusal(bytes(broken)) == "vault-document-damaged"


def test_random_flips_in_a_larger_document_are_refused() -> None:
    data = sealed(bytes(200_000))
    for place in random.Random(1).sample(range(len(data)), 200):
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
    nonce, content_key = content.open_header(KEY, data[:68])
    tail = content.seal_chunk(content.AESGCM(content_key), 1, nonce, b"n" * 12, b"")
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

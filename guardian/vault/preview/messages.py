"""What the window's process and the child that reads a document say to each other.

Each message is its length (four bytes, the highest first) and msgpack. Neither side believes the
other: lengths and types are checked before anything is done with a message.
"""

from __future__ import annotations

from typing import BinaryIO, TypeVar

import msgspec

LENGTH_BYTES = 4
MOST_BYTES = 64 * 1024 * 1024
BLOCK = 128 * 1024  # bytes of the document handed over at a time

T = TypeVar("T")


class AskFacts(msgspec.Struct, tag=True, frozen=True):
    """What is this, called ``name`` and ``size`` bytes long?"""

    name: str
    size: int
    password: str


class AskPage(msgspec.Struct, tag=True, frozen=True):
    """Draw page ``number`` (from 0), ``width`` pixels wide, turned ``turns`` quarters right."""

    number: int
    width: int
    turns: int


class AskHits(msgspec.Struct, tag=True, frozen=True):
    """Where does ``text`` stand, from page ``first`` on?"""

    text: str
    first: int


class AskText(msgspec.Struct, tag=True, frozen=True):
    """What does it say?"""


Question = AskFacts | AskPage | AskHits | AskText


class Need(msgspec.Struct, tag=True, frozen=True):
    """The child needs up to ``BLOCK`` bytes of the document from ``offset``."""

    offset: int


class Answer(msgspec.Struct, tag=True, frozen=True):
    """The end of a question; ``result`` is a noun of ``preview.model``."""

    result: msgspec.Raw


class Sorry(msgspec.Struct, tag=True, frozen=True):
    """The end of a question with the code of a ``Problem``."""

    code: str


Reply = Need | Answer | Sorry


def send(pipe: BinaryIO, message: object) -> None:
    """Raises ``OSError`` where nobody listens any more."""
    data = msgspec.msgpack.encode(message)
    pipe.write(len(data).to_bytes(LENGTH_BYTES, "big"))
    pipe.write(data)
    pipe.flush()


def receive(pipe: BinaryIO, kind: type[T]) -> T:
    """Raises ``EOFError`` where nobody speaks any more, ``ValueError`` for what is no message."""
    length = int.from_bytes(read_exactly(pipe, LENGTH_BYTES), "big")
    if length > MOST_BYTES:
        raise ValueError("too long")
    return msgspec.msgpack.decode(read_exactly(pipe, length), type=kind)


def read_exactly(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data

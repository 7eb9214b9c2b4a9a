"""The child's side of a preview: answers questions about one document until nobody asks.

Started as ``python -m guardian.vault.preview.worker MEMORY SECONDS``. It gets the document's bytes
through its pipe and can neither write a file nor reach a network; see ``core/confinement.py``.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections import OrderedDict
from contextlib import suppress
from typing import BinaryIO, Protocol, cast

import msgspec

from guardian.core.confinement import forbid_dumps, only_read
from guardian.core.errors import Problem
from guardian.vault.preview.kinds import recognise
from guardian.vault.preview.messages import (
    BLOCK,
    Answer,
    AskFacts,
    AskHits,
    AskPage,
    Need,
    Question,
    Sorry,
    receive,
    send,
)
from guardian.vault.preview.model import Facts, Hits, Look, Picture, Text

REMEMBERED = 64  # blocks
OPEN_FILES = 32


class Document(Protocol):
    """One document, opened by the library for its kind."""

    def facts(self) -> Facts: ...
    def page(self, number: int, width: int, turns: int) -> Picture: ...
    def find(self, text: str, first: int) -> Hits: ...
    def text(self) -> Text: ...


class UnreadableError(OSError):
    """The window could not read the document; it knows why."""


class RemoteFile(io.RawIOBase):
    """The document as a file whose bytes come through the pipes."""

    def __init__(self, size: int, to_parent: BinaryIO, from_parent: BinaryIO) -> None:
        super().__init__()
        self._size, self._out, self._in = size, to_parent, from_parent
        self._at = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readall(self) -> bytes:
        return self.read(max(0, self._size - self._at)) or b""

    def read(self, count: int = -1, /) -> bytes | None:
        if count < 0:
            return self.readall()
        data = bytearray(max(0, min(count, self._size - self._at)))
        self.readinto(data)
        return bytes(data)

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override] # what is given
        view = memoryview(buffer).cast("B")
        done = 0
        while done < len(view) and self._at < self._size:
            number, inside = divmod(self._at, BLOCK)
            piece = self._block(number)[inside : inside + len(view) - done]
            if not piece:
                raise UnreadableError
            view[done : done + len(piece)] = piece
            done += len(piece)
            self._at += len(piece)
        return done

    def _block(self, number: int) -> bytes:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        send(self._out, Need(number * BLOCK))
        block = receive(self._in, bytes)
        if block:
            self._blocks[number] = block
            if len(self._blocks) > REMEMBERED:
                self._blocks.popitem(last=False)
        return block


class Unseen:
    """A document of a kind that cannot be looked at here."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def facts(self) -> Facts:
        return Facts(self._look)

    def page(self, number: int, width: int, turns: int) -> Picture:
        raise Problem("preview-damaged")

    def find(self, text: str, first: int) -> Hits:
        return Hits(())

    def text(self) -> Text:
        return Text("", whole=True)


def open_document(file: BinaryIO, name: str, password: str) -> Document:
    """The document in ``file``, whose bytes say what it is. Raises ``Problem``."""
    look = recognise(file, name)
    file.seek(0)
    if look is Look.PAGES:
        from guardian.vault.preview.pdf import PdfPages

        return PdfPages(file, password)
    if look is Look.PICTURE:
        from guardian.vault.preview.photo import Photo

        return Photo(file)
    if look is Look.TEXT:
        from guardian.vault.preview.plain import PlainText

        return PlainText(file)
    return Unseen(look)


class Worker:
    """Answers about one document at a time."""

    def __init__(self, out: BinaryIO, source: BinaryIO) -> None:
        self._out, self._in = out, source
        self._document: Document = Unseen(Look.NONE)

    def answer(self, question: Question) -> object:
        if isinstance(question, AskFacts):
            file = RemoteFile(question.size, self._out, self._in)
            self._document = open_document(cast(BinaryIO, file), question.name, question.password)
            return self._document.facts()
        if isinstance(question, AskPage):
            return self._document.page(question.number, question.width, question.turns)
        if isinstance(question, AskHits):
            return self._document.find(question.text, question.first)
        return self._document.text()

    def serve(self, seconds: int) -> None:
        """Until the window hangs up. What is no ``Problem`` ends the process."""
        while True:
            question = receive(self._in, cast("type[Question]", Question))
            allow_seconds(seconds)
            try:
                found = msgspec.msgpack.encode(self.answer(question))
                send(self._out, Answer(msgspec.Raw(found)))
            except Problem as problem:
                send(self._out, Sorry(problem.code))
            except UnreadableError:
                send(self._out, Sorry("preview-damaged"))


def allow_seconds(seconds: int) -> None:
    """Let this process use the processor so long from now; then the system ends it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def give_up_everything(memory: int) -> None:
    """No file, no network, no other process, no dump, ``memory`` bytes: see the module's top."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    forbid_dumps()
    only_read()


def main(memory: str, seconds: str) -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the messages
    give_up_everything(int(memory))
    with suppress(EOFError, BrokenPipeError):
        Worker(out, sys.stdin.buffer).serve(int(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A document that is being looked at: a child process draws it from bytes given on request."""

from __future__ import annotations

import io
import threading
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import msgspec

from guardian.core import child
from guardian.core.errors import Cancelled, Problem, mendable_file_errors
from guardian.vault.model import shown
from guardian.vault.preview.messages import (
    BLOCK,
    Answer,
    AskFacts,
    AskHits,
    AskPage,
    AskText,
    Need,
    Question,
    Reply,
    Sorry,
    receive,
    send,
)
from guardian.vault.preview.model import MOST_PIXELS, MOST_TEXT, Facts, Hits, Picture, Text

SECONDS = 20.0
MEMORY = 1024 * 1024 * 1024
SORRIES = frozenset(
    {"preview-damaged", "preview-large", "preview-password", "preview-password-wrong"}
)

T = TypeVar("T")


class View:
    """Draws the document ``file``, called ``name``, until :meth:`close`, which closes the file.

    What is in the clear stays in the memory of this process and the child. Verbs may be called
    from any thread; they wait for each other. Each raises ``Problem``: ``preview-too-hard`` where
    a limit was hit or the child died, ``preview-damaged``, ``preview-large``, or what is wrong
    with reading ``file``; and ``Cancelled`` once the view is closed, which may be done from any
    thread at any time and ends a question that is under way.
    """

    def __init__(
        self, name: str, file: BinaryIO, *, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._name = shown(name)
        self._file = file
        self._seconds = seconds
        self._turn = threading.Lock()
        self._closed = False
        self._process = child.start("guardian.vault.preview.worker", str(memory), str(int(seconds)))

    def facts(self, password: str = "") -> Facts:
        """What it is; to be asked first. Raises ``Problem("preview-password")`` where it needs
        one, ``("preview-password-wrong")`` where ``password`` is not it."""
        with self._reading():
            size = self._file.seek(0, io.SEEK_END)
        return self._ask(AskFacts(self._name, size, password), Facts)

    def page(self, number: int, width: int, turns: int = 0) -> Picture:
        """Page ``number`` (from 0), about ``width`` pixels wide after ``turns`` quarter turns to
        the right; less where it would grow beyond ``MOST_PIXELS``."""
        picture = self._ask(AskPage(number, width, turns), Picture)
        good = (
            0 < picture.width * picture.height <= MOST_PIXELS
            and picture.width > 0
            and picture.stride >= 3 * picture.width
            and len(picture.pixels) == picture.stride * picture.height
        )
        if not good:
            raise self._too_hard()
        return picture

    def find(self, text: str, first: int = 0) -> Hits:
        """Where ``text`` stands from page ``first`` on, whatever its capital letters.

        Comes back after about half a second, to be asked again for the pages that are left.
        """
        return self._ask(AskHits(text, first), Hits)

    def text(self) -> Text:
        """What a document of plain text says."""
        found = self._ask(AskText(), Text)
        if len(found.text) > 2 * MOST_TEXT:
            raise self._too_hard()
        return found

    def close(self) -> None:
        """End the child at once. Doing it twice is fine."""
        if not self._closed:
            self._closed = True
            self._process.kill()
            self._process.wait()
            self._file.close()
            if self._turn.acquire(blocking=False):  # else whoever asks does it on hearing of it
                self._hang_up()
                self._turn.release()

    def _ask(self, question: Question, kind: type[T]) -> T:
        with self._turn:
            late = threading.Timer(self._seconds, self._process.kill)
            late.daemon = True
            late.start()
            try:
                return msgspec.msgpack.decode(self._converse(question), type=kind)
            except (OSError, EOFError, ValueError) as error:
                raise self._too_hard() from error
            finally:
                late.cancel()
                if self._closed:
                    self._hang_up()

    def _converse(self, question: Question) -> msgspec.Raw:
        """Answer the child's needs until it has answered ``question``."""
        to_child = cast(BinaryIO, self._process.stdin)
        from_child = cast(BinaryIO, self._process.stdout)
        fault: Problem | None = None
        send(to_child, question)
        while True:
            reply = receive(from_child, cast("type[Reply]", Reply))
            if isinstance(reply, Need):
                try:
                    piece = self._read(reply.offset)
                except Problem as problem:
                    fault, piece = problem, b""
                send(to_child, piece)
            elif fault is not None:
                raise fault
            elif isinstance(reply, Answer):
                return reply.result
            elif isinstance(reply, Sorry) and reply.code in SORRIES:
                raise Problem(reply.code, name=self._name)
            else:
                raise ValueError("not a reply")

    def _read(self, offset: int) -> bytes:
        with self._reading():
            self._file.seek(max(0, offset))
            return self._file.read(BLOCK)

    def _reading(self) -> AbstractContextManager[None]:
        return mendable_file_errors(Path(self._name))

    def _too_hard(self) -> Problem:
        """What to raise when the child cannot be talked to any more; it is ended."""
        if self._closed or self._file.closed:  # the vault was locked under it
            self.close()
            raise Cancelled
        self._process.kill()
        return Problem("preview-too-hard", name=self._name)

    def _hang_up(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

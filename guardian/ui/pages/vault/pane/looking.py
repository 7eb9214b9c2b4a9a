"""One document at a time is looked at; its child process is asked off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from guardian.core.errors import Cancelled, Problem
from guardian.core.jobs import Report
from guardian.ui.desk import Desk
from guardian.vault.service import Facts, Hits, Text, Vault

REST = 150  # milliseconds a document stays chosen before it is opened


@dataclass(frozen=True)
class Wish:
    """A page to be drawn: its number, how many pixels wide, how many quarter turns."""

    number: int
    width: int
    turns: int


@dataclass(frozen=True)
class Drawn:
    """A page that was drawn as ``wish`` says; its own size in pixels; the words on it."""

    wish: Wish
    image: QImage
    full_width: int
    full_height: int
    text: str


@dataclass(frozen=True)
class Found:
    """Where ``text`` stands on the pages from ``first`` on, as far as was looked."""

    text: str
    first: int
    hits: Hits


class Slot:
    """One document being looked at. ``drop`` may come at any time, and ends the child at once."""

    def __init__(self, vault: Vault, path: str) -> None:
        self._vault, self._path = vault, path
        self._dropped = False
        self._view: Any = None

    def view(self) -> Any:
        """The view, opened on the first call. Raises ``Cancelled`` once it was dropped."""
        if self._view is None and not self._dropped:
            self._view = self._vault.view(self._path)
        if self._dropped:
            self.drop()
            raise Cancelled
        return self._view

    def drop(self) -> None:
        self._dropped = True
        if self._view is not None:
            self._view.close()


def ask_facts(slot: Slot, password: str, report: Report) -> Facts:
    report(0, 0)
    return slot.view().facts(password)


def ask_page(slot: Slot, wish: Wish, report: Report) -> Drawn:
    report(0, 0)
    picture = slot.view().page(wish.number, wish.width, wish.turns)
    told = QImage(
        picture.pixels, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB888
    )
    # a copy of its own, in the form that is painted fastest
    image = told.convertToFormat(QImage.Format.Format_RGB32)
    return Drawn(wish, image, picture.full_width, picture.full_height, picture.text)


def ask_hits(slot: Slot, text: str, first: int, report: Report) -> Found:
    report(0, 0)
    return Found(text, first, slot.view().find(text, first))


def ask_text(slot: Slot, report: Report) -> Text:
    report(0, 0)
    return slot.view().text()


class Looking(QObject):
    """Answers come as signals, and only those about the document that is looked at now.

    Of several pages wished for while one is drawn, the last is drawn next.
    """

    opened = Signal(object)
    drawn = Signal(object)
    found = Signal(object)
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, owner: QWidget, desk: Desk) -> None:
        super().__init__(owner)
        self._owner, self._desk = owner, desk
        self._slot: Slot | None = None
        self._next: Callable[[], Slot] | None = None
        self._waiting: dict[str, tuple[Callable[..., Any], tuple[Any, ...], Signal]] = {}
        self._busy = False
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._begin)

    @property
    def at_rest(self) -> bool:
        """Whether nothing is asked or about to be."""
        return not (self._rest.isActive() or self._busy or self._waiting)

    def show(self, vault: Vault, path: str) -> None:
        """Look at the document at ``path``, if it stays chosen for a moment."""
        self.drop()
        self._next = lambda: Slot(vault, path)
        self._rest.start()

    def drop(self) -> None:
        """Look at nothing; the child is ended at once."""
        self._rest.stop()
        self._next = None
        self._waiting = {}
        slot, self._slot = self._slot, None
        if slot is not None:
            slot.drop()

    def try_password(self, password: str) -> None:
        self._ask("facts", ask_facts, (password,), self.opened)

    def draw(self, wish: Wish) -> None:
        self._ask("page", ask_page, (wish,), self.drawn)

    def find(self, text: str, first: int = 0) -> None:
        self._ask("hits", ask_hits, (text, first), self.found)

    def read(self) -> None:
        self._ask("text", ask_text, (), self.told)

    def _begin(self) -> None:
        if self._next is not None:
            self._slot = self._next()
            self.try_password("")

    def _ask(
        self, key: str, work: Callable[..., Any], arguments: tuple[Any, ...], answer: Signal
    ) -> None:
        if self._slot is not None:
            self._waiting[key] = (work, arguments, answer)
            self._go_on()

    def _go_on(self) -> None:
        """Ask what waits, one question at a time: the child answers in turn anyway."""
        slot = self._slot
        if self._busy or slot is None or not self._waiting:
            return
        work, arguments, answer = self._waiting.pop(next(iter(self._waiting)))
        self._busy = True

        def tell(signal: Signal) -> Callable[[object], None]:
            return lambda fact: signal.emit(fact) if self._slot is slot else None

        job = self._desk.jobs.start(
            self._owner, work, slot, *arguments, done=tell(answer), failed=tell(self.failed)
        )
        job.finished.connect(self._rested)

    def _rested(self) -> None:
        self._busy = False
        self._go_on()


def is_about_one_page(problem: Problem) -> bool:
    """Whether the other pages of the document may still be drawn."""
    return problem.code in ("preview-damaged", "preview-large", "vault-document-damaged")

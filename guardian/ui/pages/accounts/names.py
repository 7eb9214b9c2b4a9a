"""Login names and addresses on the page: covered until the person wants to see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from guardian.core.masking import mask
from guardian.core.words import Message, Words
from guardian.ui.kit.button import Button

ADDRESS = "address"


def always() -> bool:
    return True


class Names(QObject):
    """``wanted`` says whether names are covered as long as nobody pressed the button.

    ``changed`` comes when they are shown or covered. Sites stay readable; what is saved, written
    and searched for is the real name.
    """

    changed = Signal()

    def __init__(self, wanted: Callable[[], bool] = always, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._wanted = wanted
        self._chosen: bool | None = None

    @property
    def masked(self) -> bool:
        return self._wanted() if self._chosen is None else self._chosen

    def toggle(self) -> None:
        self._chosen = not self.masked
        self.changed.emit()

    def one(self, name: str) -> str:
        return mask(name) if self.masked else name

    def all(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.one, names))

    def tell(self, words: Words, told: Message) -> str:
        """A sentence, with the person's own address in it covered."""
        address = told.facts.get(ADDRESS)
        if isinstance(address, str):
            told = replace(told, facts={**told.facts, ADDRESS: self.one(address)})
        return words.tell(told)


class Eye(Button):
    """Shows names, and covers them again."""

    def __init__(self, names: Names, role: str = "plain") -> None:
        super().__init__("", role, "eye", names.toggle)
        self._names = names
        names.changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """What a press would do."""
        masked = self._names.masked
        self.icon_name = "eye" if masked else "eye-off"
        self.setText(self.tr("Show names") if masked else self.tr("Hide names"))
        self.setToolTip(
            self.tr("Show your login names and addresses in full")
            if masked
            else self.tr("Cover your login names and addresses again")
        )
        self.dress()

"""What can be done with the chosen documents and folders: one list for buttons, menus and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from guardian.core.words import Words
from guardian.ui.kit.icon import icon
from guardian.ui.pages.vault.names import Thing, is_document, is_folder
from guardian.vault.model import Conflict, Entry


@dataclass(frozen=True)
class Deed:
    """``fits`` says of one thing whether it can be done with it; ``many`` of several at once.

    ``writes`` changes the vault. The words are ``vault.deed.<key>``.
    """

    key: str
    icon: str
    fits: Callable[[Thing], bool]
    many: bool = False
    writes: bool = True
    shortcut: str = ""


def is_kept(thing: Thing) -> bool:
    return isinstance(thing, Entry)


def is_conflict(thing: Thing) -> bool:
    return isinstance(thing, Conflict)


def can_leave(thing: Thing) -> bool:
    return is_document(thing) or is_folder(thing)


DEEDS = (
    Deed("enter", "forward", is_folder, writes=False),
    Deed("look", "image", is_document, writes=False),
    Deed("keep", "copy", is_conflict),
    Deed("save", "save", can_leave, many=True, writes=False, shortcut="Ctrl+S"),
    Deed("lend", "forward", is_document, writes=False),
    Deed("details", "info", is_document, shortcut="F4"),
    Deed("rename", "file", is_kept, shortcut="F2"),
    Deed("move", "folder", is_kept, many=True),
    Deed("discard", "trash", is_kept, many=True, shortcut="Del"),
)
# what is offered first, as buttons: beside the preview, which has buttons of its own for its
# document; where there is no room for a preview; and for several. The rest stands in the menu
BESIDE = ("enter", "keep", "move", "rename", "save")
ALONE = ("look", "enter", "keep", "save", "move")
SEVERAL = ("move", "save")


def fitting(things: Sequence[Thing], *, writable: bool) -> list[Deed]:
    """The deeds that are possible with all of ``things``."""
    return [
        deed
        for deed in DEEDS
        if things
        and (deed.many or len(things) == 1)
        and (writable or not deed.writes)
        and all(map(deed.fits, things))
    ]


def fill_menu(
    menu: QMenu, words: Words, deeds: Sequence[Deed], do: Callable[[str], object]
) -> None:
    """One line for each deed; its key stands beside it."""
    for deed in deeds:
        action = QAction(icon(deed.icon, "dim"), label(words, deed.key, several=False), menu)
        if deed.shortcut:
            action.setShortcut(QKeySequence(deed.shortcut))
        action.triggered.connect(lambda _checked=False, key=deed.key: do(key))
        menu.addAction(action)


def label(words: Words, key: str, *, several: bool) -> str:
    if several and key == "save":
        return words.say("vault.deed.save-all")
    return words.say(f"vault.deed.{key}")


def new_menu(parent: QWidget) -> QMenu:
    """A menu that goes away with its use."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu

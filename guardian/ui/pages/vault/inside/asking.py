"""The small questions of the vault page: a name, a folder to move to, and two that warn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog, confirm
from guardian.ui.kit.layout import row
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.inside.folders import FolderTree
from guardian.ui.pages.vault.names import breakable, folder_title, parent_of

TREE_HEIGHT = 280


class NameDialog(Dialog):
    """Asks for a name. The vault itself refuses what cannot be one."""

    def __init__(self, parent: QWidget, words: Words, title: str, yes: str, name: str = "") -> None:
        super().__init__(parent, title)
        self._words = words
        self._before = name
        self.field = QLineEdit(name)
        self.field.setAccessibleName(self.tr("Name"))
        self._wrong = Text(role="small")
        self._wrong.setProperty("level", "ask")
        self.add(self.field, self._wrong)
        self.add_buttons(yes, self.tr("Cancel"))
        self.field.textChanged.connect(self._judge)
        stem = name.rpartition(".")[0]
        self.field.setSelection(0, len(stem or name))  # typing replaces the name, not its ending
        self.field.setFocus()
        self._judge()

    def _judge(self) -> None:
        name = self.name()
        wrong = "/" in name
        self._wrong.setText(self._words.say("vault.page.name-slash") if wrong else "")
        self.yes.setEnabled(bool(name) and not wrong and name != self._before)

    def name(self) -> str:
        return self.field.text().strip()


class MoveDialog(Dialog):
    """Asks for the folder that documents are moved to."""

    def __init__(
        self, parent: QWidget, words: Words, folders: Sequence[str], moving: Sequence[str]
    ) -> None:
        super().__init__(parent, words.say("vault.page.move", count=len(moving)))
        self._moving = moving
        self.tree = FolderTree(self.tr("Folders"), folder_title(words, ""))
        self.tree.setDragEnabled(False)
        inside = [f"{path}/" for path in moving]
        self.tree.show_folders(
            path for path in folders
            if path not in moving and not path.startswith(tuple(inside))
        )  # fmt: skip
        self.tree.expandAll()
        self.tree.setMinimumHeight(theme.px(TREE_HEIGHT))
        self.tree.entered.connect(lambda _path: self._judge())
        self.add(self.tree)
        self.add_buttons(self.tr("Move here"), self.tr("Cancel"))
        self.tree.setFocus()
        self._judge()

    def _judge(self) -> None:
        there = all(parent_of(path) == self.tree.path for path in self._moving)
        self.yes.setEnabled(not there)

    def folder(self) -> str:
        return self.tree.path


class RemoveDialog(Dialog):
    """Says what deleting originals can do and what it cannot; the answer is no by itself."""

    def __init__(self, parent: QWidget, words: Words, count: int) -> None:
        super().__init__(parent, words.say("vault.page.remove", count=count))
        self.add(
            Text(words.say("vault.page.remove.how")),
            Text(words.say("vault.page.remove.left")),
            Text(words.say("vault.page.remove.undo"), "dim"),
        )
        self.keep = Button(self.tr("Keep the originals"), "primary", clicked=self.reject)
        self.remove = Button(self.tr("Remove them"), icon_name="trash", clicked=self.accept)
        self.keep.setDefault(True)  # Enter must not delete anything
        self.add(4, row(self.keep, self.remove, None))
        self.keep.setFocus()


def ask_name(parent: QWidget, words: Words, title: str, yes: str, name: str = "") -> str:
    """The name that was typed, or nothing."""
    dialog = NameDialog(parent, words, title, yes, name)
    answer = dialog.name() if dialog.exec() else ""
    dialog.deleteLater()
    return answer


def ask_folder(
    parent: QWidget, words: Words, folders: Sequence[str], moving: Sequence[str]
) -> str | None:
    """The folder that was chosen; None where it is called off."""
    dialog = MoveDialog(parent, words, folders, moving)
    answer = dialog.folder() if dialog.exec() else None
    dialog.deleteLater()
    return answer


def ask_remove(parent: QWidget, words: Words, count: int) -> bool:
    """Whether originals are to be deleted."""
    dialog = RemoveDialog(parent, words, count)
    agreed = bool(dialog.exec())
    dialog.deleteLater()
    return agreed


def ask_save(parent: QWidget, words: Words, names: Sequence[str], *, dragged: bool) -> bool:
    """Whether copies may leave the vault."""
    count = len(names)
    what = words.say("vault.page.drag-out" if dragged else "vault.page.save.title", count=count)
    title = parent.tr("Save a copy of “{name}”?").format(name=breakable(names[0]))
    text = words.say("vault.page.save")
    if dragged:
        text = f"{words.say('vault.page.drag-out.why')} {text}"
    return confirm(
        parent, title if count == 1 and not dragged else what, text,
        parent.tr("Choose where …"), parent.tr("Cancel"),
    )  # fmt: skip

"""A forgotten passphrase: what is gone, what is not, and a way to start over."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.core.profiles import FIRST, Profile, told_apart
from guardian.core.words import Words
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.fields import Field
from guardian.ui.kit.text import Text
from guardian.ui.people.adding import ask_passphrases
from guardian.ui.people.face import name_of


class TypedDialog(Dialog):
    """Asks to type a name before something that cannot be undone; Enter answers no."""

    def __init__(  # noqa: PLR0917 - each is a part of the question
        self, parent: QWidget | None, title: str, texts: tuple[str, ...], name: str, label: str,
        yes: str,
    ) -> None:  # fmt: skip
        super().__init__(parent, title)
        self._name = name
        self.typed = QLineEdit()
        self.typed.textChanged.connect(self._judge)
        self.add(*(Text(text) for text in texts), Field(label, self.typed))
        self.add_buttons(yes, self.tr("Cancel"))
        self.yes.change_role("plain")
        self.no.setDefault(True)
        self._judge()

    def _judge(self) -> None:
        self.yes.setEnabled(told_apart(self.typed.text().strip()) == told_apart(self._name))


def start_over_dialog(parent: QWidget | None, words: Words, profile: Profile) -> TypedDialog:
    name = name_of(words, profile)
    return TypedDialog(
        parent,
        words.say("people.forgotten"),
        tuple(words.say(f"people.forgotten.{number}", name=name) for number in (1, 2, 3)),
        name,
        words.say("people.forgotten.type", name=name),
        words.say("people.forgotten.yes"),
    )


def ask_start_over(parent: QWidget, words: Words, profile: Profile) -> tuple[str, ...] | None:
    """The new passphrases, none for the first profile; None where the person said no."""
    dialog = start_over_dialog(parent, words, profile)
    agreed = bool(dialog.exec())
    dialog.deleteLater()
    if not agreed:
        return None
    if profile.id == FIRST.id:
        return ()
    return ask_passphrases(parent, words, profile.kind, profile.nickname)

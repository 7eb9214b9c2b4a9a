"""What a letter needs to know: the account, who writes, and from where."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from guardian.accounts.model import Language, Law, LetterKind, LetterWish, Sender
from guardian.ui.kit.fields import Field, Fields
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import column
from guardian.ui.pages.accounts.closing.standing import Standing
from guardian.ui.pages.accounts.closing.walk import Walk

LONGEST = 254  # letters; the longest mail address there can be
GERMAN = ("AT", "DE", "LI")


class LetterForm(QWidget):
    """``edited`` comes whenever another letter is wished for.

    The country suggests the law and the language, until the person chooses them.
    """

    edited = Signal()

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self._walk, self._site, self._by_hand = walk, "", False
        self.address, self.name, self.username = QLineEdit(), QLineEdit(), QComboBox()
        self.username.setEditable(True)
        named = {code: walk.words.tell(name) for code, name in walk.closing.countries()}
        self.country = combo(named)
        self.country.setPlaceholderText(self._say("country", "choose"))
        self.law = combo({one.value: self._say("law", one.value) for one in Law})
        self.language = combo({one.value: self._say("language", one.value) for one in Language})
        self.kind = combo({one.value: self._say("kind", one.value) for one in LetterKind})
        self.more = Fold(self.tr("More choices"), self.tr("Fewer choices"))
        self.more.add(Fields(*map(self._field, ("law", "language", "kind", "name"))))
        needed = Fields(*map(self._field, ("country", "address", "username")))
        self.setLayout(column(needed, self.more, gap=14))
        self._connect()

    def _say(self, group: str, which: str) -> str:
        return self._walk.words.say(f"closing.letter.{group}.{which}")

    def _field(self, which: str) -> Field:
        hint, words = f"closing.letter.hint.{which}", self._walk.words
        said = words.say(hint) if hint in words else ""
        return Field(self._say("field", which), getattr(self, which), said)

    def _connect(self) -> None:
        for field in (self.address, self.name):
            field.setMaxLength(LONGEST)
            field.textChanged.connect(lambda _text: self.edited.emit())
        self.username.editTextChanged.connect(lambda _text: self.edited.emit())
        self.country.currentIndexChanged.connect(lambda _at: self._change_country())
        for box in (self.law, self.language, self.kind):
            box.currentIndexChanged.connect(lambda _at: self.edited.emit())
        for box in (self.law, self.language):
            box.activated.connect(lambda _at: self._choose_by_hand())

    def _choose_by_hand(self) -> None:
        self._by_hand = True

    def show_standing(self, standing: Standing) -> None:
        """What was typed stays as long as it is about the same account."""
        if standing.account.site == self._site:
            return
        self._site, self._by_hand = standing.account.site, False
        sender, account = standing.sender, standing.account
        with QSignalBlocker(self):
            self.address.setText(sender.address)
            self.name.setText(sender.name)
            self.username.clear()
            self.username.addItems(list(account.usernames))
            self.username.setEditText(standing.case.username or next(iter(account.usernames), ""))
            known = bool(sender.country)
            self.country.setCurrentIndex(self.country.findData(sender.country) if known else -1)
            self._suggest()
            if known:
                choose(self.language, sender.language.value)

    def _change_country(self) -> None:
        with QSignalBlocker(self):
            self._suggest()
        self.edited.emit()

    def _suggest(self) -> None:
        if not self._by_hand:
            place = self.place()
            german = place.partition("-")[0] in GERMAN
            choose(self.law, self._walk.closing.law_for(place).value)
            choose(self.language, (Language.GERMAN if german else Language.ENGLISH).value)

    def show_kind(self, kind: LetterKind) -> None:
        choose(self.kind, kind.value)

    def place(self) -> str:
        """Where the person lives, such as «DE-BY»; empty while that is not said."""
        return self.country.currentData() or ""

    def sender(self) -> Sender:
        language = Language(self.language.currentData())
        address, name = self.address.text().strip(), self.name.text().strip()
        return Sender(address, name, self.place(), language)

    def wish(self) -> LetterWish:
        sender = self.sender()
        return LetterWish(
            site=self._site,
            kind=LetterKind(self.kind.currentData()),
            law=Law(self.law.currentData()),
            language=sender.language,
            sender=sender,
            username=self.username.currentText().strip(),
        )


def combo(items: Mapping[str, str]) -> QComboBox:
    """A choice among texts, each with its key; no wider than its room."""
    made = QComboBox()
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    for key, text in items.items():
        made.addItem(text, key)
    return made


def choose(box: QComboBox, key: str) -> None:
    """The item of ``key``, or the first one."""
    box.setCurrentIndex(max(box.findData(key), 0))

"""The form for what a person writes down about a document: a note, tags, and its last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QDateEdit, QLineEdit, QPlainTextEdit, QWidget

from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import at_least, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.names import breakable
from guardian.vault.model import MOST_NOTE, MOST_TAG, MOST_TAGS, Details, Entry

SUGGESTED = 8
NOTE_HEIGHT = 104
FIRST_DAY, LAST_DAY = QDate(1900, 1, 1), QDate(2200, 12, 31)


class DetailsDialog(Dialog):
    """Asks what to keep about ``entry``; ``details`` has the answer once it was accepted.

    ``known_tags`` are those used elsewhere in the vault: each is offered with a button.
    """

    def __init__(
        self,
        parent: QWidget,
        words: Words,
        entry: Entry,
        today: date,
        known_tags: Sequence[str] = (),
    ) -> None:
        super().__init__(parent, breakable(words.say("vault.details.title", name=entry.name)))
        self._words, self._today, self._known = words, today, known_tags
        at_least(self._items, theme.px(570))
        self.add(Text(words.say("vault.details.inside"), "dim"))
        self._add_note(entry.details.note)
        self._add_tags(entry.details.tags)
        self._add_day(entry.details.valid_until)
        self._wrong = Text(role="small")
        self._wrong.setProperty("level", "ask")
        self.add(self._wrong)
        self.add_buttons(self.tr("Save"), self.tr("Cancel"))
        self.note.textChanged.connect(self._judge)
        self.tags.textChanged.connect(self._judge)
        self._judge()
        self.note.setFocus()

    def _add_note(self, text: str) -> None:
        label = Text(self.tr("Note"), "strong")
        self.note = QPlainTextEdit(text)
        self.note.setAccessibleName(label.text())
        self.note.setPlaceholderText(self._words.say("vault.details.note.example"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(theme.px(NOTE_HEIGHT))
        self.add(column(label, self.note, gap=6))

    def _add_tags(self, tags: Sequence[str]) -> None:
        label = Text(self.tr("Tags, with commas between them"), "strong")
        self.tags = QLineEdit(", ".join(tags))
        self.tags.setAccessibleName(label.text())
        self.tags.setPlaceholderText(self._words.say("vault.details.tags.example"))
        part = column(label, self.tags, gap=6)
        self.offered: list[Button] = []
        for tag in self._known[:SUGGESTED]:
            button = Button(tag, "segment", clicked=lambda tag=tag: self._toggle_tag(tag))
            button.setAccessibleName(self.tr("Tag “{tag}”").format(tag=tag))
            self.offered.append(button)
        if self.offered:
            part.addLayout(Flow(*self.offered, gap=6))
        self.add(part)

    def _add_day(self, day: date | None) -> None:
        label = Text(self.tr("Valid until"), "strong")
        self.endless = QCheckBox(self.tr("It has no end date"))
        self.day = QDateEdit(to_qt(day or years_after(self._today, 1)))
        self.day.setAccessibleName(label.text())
        self.day.setDisplayFormat("d MMMM yyyy")
        self.day.setDateRange(FIRST_DAY, LAST_DAY)
        self.day.setCalendarPopup(True)
        self.picks: list[Button] = []
        for years in (1, 5, 10):
            text = self._words.say("vault.details.in-years", count=years)
            self.picks.append(Button(text, clicked=lambda years=years: self._pick(years)))
        self.endless.toggled.connect(self.day.setDisabled)
        self.endless.setChecked(day is None)
        reminder = Text(self._words.say("vault.details.reminder"), "small")
        line = row(self.day, gap=8)
        line.addLayout(Flow(*self.picks, gap=8), 1)
        self.add(column(label, self.endless, line, reminder, gap=8))

    def _pick(self, years: int) -> None:
        self.endless.setChecked(False)
        self.day.setDate(to_qt(years_after(self._today, years)))

    def _toggle_tag(self, tag: str) -> None:
        tags = list(to_tags(self.tags.text()))
        same = [one for one in tags if one.casefold() == tag.casefold()]
        tags = [one for one in tags if one not in same] if same else [*tags, tag]
        self.tags.setText(", ".join(tags))

    def _judge(self) -> None:
        """Say what is too much before it can be saved."""
        tags = to_tags(self.tags.text())
        used = {tag.casefold() for tag in tags}
        for button, tag in zip(self.offered, self._known, strict=False):
            button.setChecked(tag.casefold() in used)
        wrong = self._find_wrong(len(self.note.toPlainText().rstrip()), tags)
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self.yes.setEnabled(not wrong)

    def _find_wrong(self, letters: int, tags: Sequence[str]) -> str:
        if letters > MOST_NOTE:
            return self._words.say("vault.details.note-long", count=letters, most=MOST_NOTE)
        if len(tags) > MOST_TAGS:
            return self._words.say("vault.details.tags-many", count=len(tags), most=MOST_TAGS)
        long = [tag for tag in tags if len(tag) > MOST_TAG]
        if long:
            start = f"{long[0][:MOST_TAG]} …"
            return self._words.say("vault.details.tag-long", tag=start, most=MOST_TAG)
        return ""

    def details(self) -> Details:
        chosen = self.day.date()
        day = None if self.endless.isChecked() else date(*chosen.getDate())
        return Details(self.note.toPlainText().rstrip(), to_tags(self.tags.text()), day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.yes.isEnabled():
            return
        super().keyPressEvent(event)


def to_tags(line: str) -> tuple[str, ...]:
    """The tags of a line with commas: no empty ones, none twice whatever its case."""
    tags: dict[str, str] = {}
    for part in line.split(","):
        tag = " ".join(part.split())
        if tag:
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())


def years_after(day: date, years: int) -> date:
    """The same day some years later; for 29 February the last of that month."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def to_qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)

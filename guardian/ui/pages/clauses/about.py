"""How far a document was understood, how hard it is, what was left out of it."""

from __future__ import annotations

import re

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QScrollArea, QWidget

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import Card, make_room, order_tabs, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.reading import Reading
from guardian.ui.pages.clauses.shown import shown_text
from guardian.ui.pages.clauses.telling import (
    Voice,
    tell_coverage,
    tell_ease,
    tell_long,
    was_understood,
)

# how the reader of saved pages marks headings
HEADING_SIGNS = re.compile(r"^#{1,6} +", re.MULTILINE)


class AboutCard(Card):
    """``left_asked``: go through what is left to read. Its owner adds to ``buttons``."""

    left_asked = Signal()

    def __init__(self, voice: Voice, reading: Reading) -> None:
        super().__init__(gap=10)
        words, explanation = voice.words, reading.explanation
        self._voice = voice
        self.body.addWidget(Text(words.say("clauses.page.about-document"), "heading"))
        if was_understood(explanation):
            self._tell_understood(reading)
        ease = " ".join(
            filter(None, (tell_ease(words, explanation), tell_long(words, explanation)))
        )
        if ease:
            self.body.addWidget(Text(ease))
        document = explanation.document
        if document.dropped_words:
            told = words.say("clauses.dropped", count=document.dropped_words)
            self.body.addWidget(Text(told, "dim"))
        if document.dropped_text:
            self.body.addWidget(self._left_out(document.dropped_text))
        self.buttons = Flow()
        self.body.addWidget(plain(self.buttons))
        self.body.addWidget(Text(words.say("clauses.not-legal-advice"), "small"))

    def _tell_understood(self, reading: Reading) -> None:
        words, explanation = self._voice.words, reading.explanation
        # the sheet begins with these words; here they are shown
        told, left = tell_coverage(words, explanation), len(explanation.left())
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, 100)
        bar.setValue(int(explanation.coverage * 100))
        bar.setAccessibleName(told)
        self.body.addWidget(bar)
        if left:
            self.body.addWidget(Text(words.say("clauses.page.left.why"), "dim"))
            name = words.say("clauses.page.go-through", count=left)
            self.go_through = Button(name, "plain", "forward", self.left_asked.emit)
            self.body.addLayout(row(self.go_through, None))

    def _left_out(self, text: str) -> QWidget:
        self.left_out = Fold(self.tr("Show what was left out"), self.tr("Hide what was left out"))
        self._left_out_text = text
        self.left_out.button.clicked.connect(self._show_left_out)
        return self.left_out

    def _show_left_out(self) -> None:
        fold = self.left_out
        if not fold.inner.count():
            field = QPlainTextEdit(HEADING_SIGNS.sub("", shown_text(self._left_out_text).text))
            field.setReadOnly(True)
            field.setAcceptDrops(False)
            field.setTabChangesFocus(True)
            field.setAccessibleName(self.tr("What was left out"))
            field.setMinimumHeight(theme.px(140))
            fold.add(field)
            order_tabs(self)
        make_room(fold)
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:  # once laid out; the whole fold, since Qt shows only a field's cursor
            QTimer.singleShot(0, fold, lambda: area.ensureWidgetVisible(fold, 0, 12))

"""The document itself: plain text with its clauses marked, and numbers at the edge."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from guardian.core.feature import Level
from guardian.ui import theme
from guardian.ui.pages.clauses.shown import ShownText

# a second sign beside the colour: the graver, the more solid the line
UNDERLINES = {
    Level.ACT: QTextCharFormat.UnderlineStyle.SingleUnderline,
    Level.ASK: QTextCharFormat.UnderlineStyle.DashUnderline,
    Level.FINE: QTextCharFormat.UnderlineStyle.DotLine,
}
HEADING = re.compile(r"#{1,6} +")
GRAVEST = (Level.ACT, Level.ASK, Level.FINE)
EMPTY = ShownText("", "", ())


@dataclass(frozen=True)
class Mark:
    """One marked passage: ``number`` is that of its card, ``start`` and ``end`` source offsets."""

    start: int
    end: int
    level: Level
    number: int


class DocumentView(QPlainTextEdit):
    """Shows one document. ``mark_chosen`` carries the Mark that was clicked, or entered."""

    mark_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.shown = EMPTY
        self.marks: tuple[Mark, ...] = ()
        self.chosen: Mark | None = None
        self._found: tuple[tuple[int, int], ...] = ()
        self._current = -1
        self._drawn: list[QTextEdit.ExtraSelection] = []
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("The document"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._edge = Edge(self)
        self._headings = Headings(self.document())
        self.updateRequest.connect(self._move_edge)
        self._dress()

    def show_document(self, shown: ShownText, marks: Sequence[Mark]) -> None:
        """Replace the text and what is marked in it, from the top."""
        self.shown = shown
        self.marks = tuple(sorted(marks, key=lambda mark: (mark.start, mark.end, mark.number)))
        self.chosen, self._found, self._current = None, (), -1
        self.setPlainText(shown.text)
        self._dress()

    def choose(self, mark: Mark | None) -> None:
        """Mark one passage as the chosen one and bring it into view."""
        self.chosen = mark
        self.redraw()
        if mark is not None:
            self._go_to(mark.start)

    def show_found(self, found: tuple[tuple[int, int], ...], current: int) -> None:
        """Mark what was searched for; ``current`` is the number of the find to go to."""
        self._found, self._current = found, current
        self.redraw()
        if 0 <= current < len(found):
            self._go_to(found[current][0])

    def marks_at(self, place: int) -> tuple[Mark, ...]:
        """The marked passages around a place of the source."""
        return tuple(mark for mark in self.marks if mark.start <= place < mark.end)

    def recolour(self) -> None:
        """Draw all marks anew, in the colours of the theme in force."""
        styles = {level: mark_format(level) for level in Level}
        self._drawn = [
            self._selection(mark.start, mark.end, styles[mark.level]) for mark in self.marks
        ]
        self.redraw()

    def redraw(self) -> None:
        """Draw what is chosen and what was found, over the marks."""
        colours = theme.tokens()
        drawn = list(self._drawn)
        if self.chosen is not None:
            # the colour of the chosen card's frame, so that the two are seen as one
            strong = plain_format(colours.accent, colours.on_accent)
            drawn.append(self._selection(self.chosen.start, self.chosen.end, strong))
        found = plain_format(colours.accent_soft, colours.ink)
        found.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        found.setUnderlineColor(QColor(colours.accent))
        here = plain_format(colours.accent, colours.on_accent)
        for number, (start, end) in enumerate(self._found):
            drawn.append(self._selection(start, end, here if number == self._current else found))
        self.setExtraSelections(drawn)
        self._edge.update()

    def _selection(self, start: int, end: int, style: QTextCharFormat) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._unit(start))
        cursor.setPosition(self._unit(end), QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        made.format = style
        return made

    def _unit(self, place: int) -> int:
        return min(self.shown.unit(place), self.document().characterCount() - 1)

    def _go_to(self, place: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._unit(place))
        self.setTextCursor(cursor)
        self.centerCursor()

    def offer(self, place: int) -> None:
        """Tell of the passage at ``place``; asked again, of the next one around it."""
        marks = self.marks_at(place)
        if not marks:
            return
        again = marks.index(self.chosen) + 1 if self.chosen in marks else 0
        self.mark_chosen.emit(marks[again % len(marks)])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            unit = self.cursorForPosition(event.position().toPoint()).position()
            self.offer(self.shown.place(unit))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.offer(self.shown.place(self.textCursor().position()))
            return
        super().keyPressEvent(event)

    def numbers_in_view(self) -> list[tuple[QRectF, tuple[Mark, ...]]]:
        """Each line in view in which passages begin: its area and those passages."""
        lines: dict[tuple[float, float], list[Mark]] = {}
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if area.top() > bottom:
                break
            for mark in self._beginning_in(block):
                line = block.layout().lineForTextPosition(self._unit(mark.start) - block.position())
                if line.isValid():
                    place = (area.top() + line.y(), line.height())
                    lines.setdefault(place, []).append(mark)
            block = block.next()
        return [
            (QRectF(0, top, self._edge.width(), height), tuple(marks))
            for (top, height), marks in lines.items()
        ]

    def _beginning_in(self, block: QTextBlock) -> tuple[Mark, ...]:
        first = bisect_left(self.marks, block.position(), key=lambda mark: self._unit(mark.start))
        end = block.position() + block.length()
        last = bisect_left(self.marks, end, lo=first, key=lambda mark: self._unit(mark.start))
        return self.marks[first:last]

    def _dress(self) -> None:
        self._dressed = theme.look()
        self.setFont(theme.font("body"))
        self.document().setDocumentMargin(theme.px(8))
        self.setViewportMargins(self._edge.sizeHint().width(), 0, 0, 0)
        self._place_edge()
        self._headings.rehighlight()
        self.recolour()

    def _move_edge(self, _area: QRect, scrolled: int) -> None:
        if scrolled:
            self._edge.scroll(0, scrolled)
        else:
            self._edge.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_edge()

    def _place_edge(self) -> None:
        view = self.viewport().geometry()
        width = self._edge.sizeHint().width()
        self._edge.setGeometry(view.left() - width, view.top(), width, view.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in theme.LOOK_CHANGES and self._dressed != theme.look():
            self._dress()


class Headings(QSyntaxHighlighter):
    """Makes headings stand out, and the signs that mark them recede."""

    def highlightBlock(self, text: str) -> None:
        found = HEADING.match(text)
        if found is None:
            return
        sign, heading = QTextCharFormat(), QTextCharFormat()
        sign.setForeground(QColor(theme.tokens().dim))
        heading.setFont(theme.font("strong"))
        self.setFormat(0, found.end(), sign)
        self.setFormat(found.end(), len(text) - found.end(), heading)


class Edge(QWidget):
    """The numbers beside the text, each in the colours of its level; a click chooses."""

    def __init__(self, view: DocumentView) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Room for two numbers in one line; none where nothing is marked."""
        if not self._view.marks:
            return QSize(0, 0)
        figure = "8" * len(str(max(mark.number for mark in self._view.marks)))
        wide = QFontMetrics(theme.font("small")).horizontalAdvance(f"{figure}, {figure}")
        return QSize(wide + theme.px(12), 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        metrics = painter.fontMetrics()
        for area, marks in self._view.numbers_in_view():
            level = min((mark.level for mark in marks), key=GRAVEST.index).value
            text = numbers(marks)
            height = min(metrics.height() + theme.px(2), area.height())
            width = max(metrics.horizontalAdvance(text) + theme.px(10), height)
            chip = QRectF(0, 0, width, height)
            chip.moveCenter(QPointF(self.width() - width / 2 - 1, area.center().y()))
            line, ground = getattr(colours, level), getattr(colours, f"{level}_soft")
            ink = line
            if self._view.chosen in marks:
                line, ground, ink = colours.accent, colours.accent, colours.on_accent
            painter.setPen(QPen(QColor(line), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(chip, height / 2, height / 2)
            painter.setPen(QColor(ink))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for area, marks in self._view.numbers_in_view():
            if area.contains(event.position()):
                self._view.offer(marks[0].start)


def numbers(marks: Sequence[Mark]) -> str:
    """«3», «3, 4», or «3 …» where there are more."""
    known = list(dict.fromkeys(mark.number for mark in marks))
    return ", ".join(map(str, known)) if len(known) < 3 else f"{known[0]} …"


def plain_format(ground: str, ink: str) -> QTextCharFormat:
    """Letters in the colour ``ink`` on ``ground``."""
    style = QTextCharFormat()
    style.setBackground(QColor(ground))
    style.setForeground(QColor(ink))
    return style


def mark_format(level: Level) -> QTextCharFormat:
    """Ground and underline of a passage that is not chosen."""
    colours = theme.tokens()
    style = plain_format(getattr(colours, f"{level.value}_soft"), colours.ink)
    style.setUnderlineStyle(UNDERLINES[level])
    style.setUnderlineColor(QColor(getattr(colours, level.value)))
    return style

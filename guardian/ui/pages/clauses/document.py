"""The document itself: plain text with its clauses marked, and numbers at the edge."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip

from guardian.clauses.markup import BOLD, ESCAPE, LINK
from guardian.core.feature import Level
from guardian.ui import theme
from guardian.ui.pages.clauses.edge import Edge, Mark, Strip
from guardian.ui.pages.clauses.shown import ShownText

# a second sign beside the colour: the graver, the more solid the line
UNDERLINES = {
    Level.ACT: QTextCharFormat.UnderlineStyle.SingleUnderline,
    Level.ASK: QTextCharFormat.UnderlineStyle.DashUnderline,
    Level.FINE: QTextCharFormat.UnderlineStyle.DotLine,
}
Item = TypeVar("Item")
AROUND = 40  # paragraphs
HEADING = re.compile(r"#{1,6} +")
UNDERLINE = re.compile(r"[=-]{3,}\s*")  # the other way to mark the line above as a heading
TOP_HEADINGS = 3  # signs with their space: «# » and «## »
MOST_DRESSED = 3_000  # paragraphs; a text of more is no policy, and its headings stay plain
EMPTY = ShownText("", "", ())


class DocumentView(QPlainTextEdit):
    """Shows one document. ``mark_chosen`` carries the Mark that was clicked, or entered.

    ``tell`` says what a Mark means: under the mouse, and to a screen reader when it is chosen.
    """

    mark_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.shown = EMPTY
        self.marks: tuple[Mark, ...] = ()
        self.left: tuple[Mark, ...] = ()
        self.chosen: Mark | None = None
        self.tell: Callable[[Mark], str] = lambda _mark: ""
        self._found: tuple[tuple[int, int], ...] = ()
        self._current = -1
        self._drawn = (0, 0)
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
        self._edge, self._strip = Edge(self), Strip(self)
        self._headings = Headings(None)
        self.updateRequest.connect(self._move_edge)
        self.verticalScrollBar().valueChanged.connect(self._follow_scrolling)
        self._dress()

    def show_document(
        self, shown: ShownText, marks: Sequence[Mark], left: Sequence[Mark] = ()
    ) -> None:
        """Replace the text, what is marked in it and what is ``left`` to read, from the top."""
        self.shown = shown
        self.marks = tuple(sorted(marks, key=lambda mark: (mark.start, mark.end, mark.number)))
        self.left = tuple(sorted(left, key=lambda mark: mark.start))
        self.chosen, self._found, self._current = None, (), -1
        self.setPlainText(shown.text)
        few = self.blockCount() <= MOST_DRESSED
        self._headings.setDocument(self.document() if few else None)
        self._dress()

    def choose(self, mark: Mark | None) -> None:
        """Mark one passage as the chosen one and bring it into view."""
        self.chosen = mark
        self.redraw()
        if mark is not None:
            self._go_to(mark.start)
            if told := self.tell(mark):
                event = QAccessibleAnnouncementEvent(self, told)
                QAccessible.updateAccessibility(event)

    def show_found(self, found: tuple[tuple[int, int], ...], current: int) -> None:
        """Mark what was searched for; ``current`` is the number of the find to go to."""
        self._found, self._current = found, current
        self.redraw()
        if 0 <= current < len(found):
            self._go_to(found[current][0])

    def marks_at(self, place: int) -> tuple[Mark, ...]:
        """The passages around a place of the source: those with a clause, else the one left."""
        marks = tuple(mark for mark in self.marks if mark.start <= place < mark.end)
        return marks or tuple(mark for mark in self.left if mark.start <= place < mark.end)

    def redraw(self) -> None:
        """Draw marks, what was found and what is chosen, in sight and a little around it.

        Never all of them: Qt lays out every paragraph that a mark is set in.
        """
        colours, styles = theme.tokens(), {level: mark_format(level) for level in Level}
        first, last = self._drawn = self._sight()
        drawn = [
            self._selection(mark.start, mark.end, styles[mark.level])
            for mark in between(self.marks, first, last, lambda mark: mark.start)
            if mark.level is not None
        ]
        if self.chosen is not None:
            # the colour of the chosen card's frame, so that the two are seen as one
            strong = plain_format(colours.accent, colours.on_accent)
            drawn.append(self._selection(self.chosen.start, self.chosen.end, strong))
        found = plain_format(colours.accent_soft, colours.ink)
        found.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        found.setUnderlineColor(QColor(colours.accent))
        here = plain_format(colours.accent, colours.on_accent)
        current = self._found[self._current] if self._current >= 0 else None
        for span in between(self._found, first, last, lambda span: span[0]):
            drawn.append(self._selection(*span, here if span == current else found))
        self.setExtraSelections(drawn)
        self._edge.update()
        self._strip.update()

    def _sight(self) -> tuple[int, int]:
        """Places of the source: what is in view, and some paragraphs before and after."""
        lines = self.viewport().height() // max(self.fontMetrics().lineSpacing(), 1)
        top = self.firstVisibleBlock().blockNumber()
        first = self.document().findBlockByNumber(max(top - AROUND, 0))
        last = self.document().findBlockByNumber(min(top + lines + AROUND, self.blockCount() - 1))
        end = last.position() + last.length()
        return self.shown.place(first.position()), self.shown.place(end) + 1

    def _follow_scrolling(self) -> None:
        """Draw again where what came into view was not drawn yet."""
        lines = self.viewport().height() // max(self.fontMetrics().lineSpacing(), 1)
        top = self.firstVisibleBlock()
        last = min(top.blockNumber() + lines, self.blockCount() - 1)
        first, end = self._drawn
        bottom = self.document().findBlockByNumber(last).position()
        if self.shown.place(top.position()) < first or self.shown.place(bottom) > end:
            self.redraw()

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

    def place_here(self) -> int:
        """The place of the source at the top of what is in view."""
        return self.shown.place(self.firstVisibleBlock().position())

    def offer(self, place: int) -> None:
        """Tell of the passage at ``place``; asked again, of the next one around it."""
        marks = self.marks_at(place)
        if not marks:
            return
        again = marks.index(self.chosen) + 1 if self.chosen in marks else 0
        self.mark_chosen.emit(marks[again % len(marks)])

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.shown.place(self.cursorForPosition(event.pos()).position())
            told = "\n".join(filter(None, map(self.tell, self.marks_at(place))))
            QToolTip.showText(event.globalPos(), told, self)
            return True
        return super().viewportEvent(event)

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

    def left_in_view(self) -> list[tuple[float, float]]:
        """Top and bottom of the lines in view whose words are left for the person."""
        spans = []
        block = self.firstVisibleBlock()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if area.top() > self.viewport().height():
                break
            for mark in self._left_in(block):
                at = block.position()
                first = block.layout().lineForTextPosition(max(self._unit(mark.start) - at, 0))
                last = block.layout().lineForTextPosition(
                    min(self._unit(mark.end) - at, block.length()) - 1
                )
                if first.isValid() and last.isValid():
                    bottom = area.top() + last.y() + last.height()
                    spans.append((area.top() + first.y(), bottom))
            block = block.next()
        return spans

    def _left_in(self, block: QTextBlock) -> tuple[Mark, ...]:
        """Those that share words with ``block``; their ends are in order, since none overlap."""
        end = block.position() + block.length()
        first = bisect_right(self.left, block.position(), key=lambda mark: self._unit(mark.end))
        last = bisect_left(self.left, end, lo=first, key=lambda mark: self._unit(mark.start))
        return self.left[first:last]

    def parts(self) -> Iterator[tuple[float, Mark]]:
        """Each passage with its place in the whole, 0 to 1; those of clauses last."""
        whole = max(self.document().characterCount(), 1)
        for mark in (*self.left, *self.marks):
            yield self._unit(mark.start) / whole, mark

    def _beginning_in(self, block: QTextBlock) -> tuple[Mark, ...]:
        first = bisect_left(self.marks, block.position(), key=lambda mark: self._unit(mark.start))
        end = block.position() + block.length()
        last = bisect_left(self.marks, end, lo=first, key=lambda mark: self._unit(mark.start))
        return self.marks[first:last]

    def _dress(self) -> None:
        self._dressed = theme.look()
        self.setFont(theme.font("body"))
        self.document().setDocumentMargin(theme.px(8))
        strip = self._strip.sizeHint().width()
        self.setViewportMargins(self._edge.sizeHint().width(), 0, strip, 0)
        self._place_edge()
        if self._headings.document() is not None:
            self._headings.rehighlight()
        self.redraw()

    def _move_edge(self, _area: QRect, scrolled: int) -> None:
        if scrolled:
            self._edge.scroll(0, scrolled)
        else:
            self._edge.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_edge()
        self._follow_scrolling()

    def _place_edge(self) -> None:
        view = self.viewport().geometry()
        width = self._edge.sizeHint().width()
        self._edge.setGeometry(view.left() - width, view.top(), width, view.height())
        strip = self._strip.sizeHint().width()
        self._strip.setGeometry(view.right() + 1, view.top(), strip, view.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in theme.LOOK_CHANGES and self._dressed != theme.look():
            self._dress()


class Headings(QSyntaxHighlighter):
    """Makes headings and bold words stand out; the signs that mark them, and links, shrink away."""

    def highlightBlock(self, text: str) -> None:
        if UNDERLINE.fullmatch(text):
            self._hide(0, len(text))
            return
        heading = HEADING.match(text)
        if heading is not None:
            self._hide(0, heading.end())
            role = "heading" if heading.end() <= TOP_HEADINGS else "strong"
            self._dress(heading.end(), len(text), role)
            return
        for bold in BOLD.finditer(text):
            self._hide_around(text, bold)
            start, end = bold.span("words")
            self._dress(self._units(text, start), self._units(text, end), "strong")
        for link in LINK.finditer(text):
            self._hide_around(text, link)
        for sign in ESCAPE.finditer(text):
            self._hide(self._units(text, sign.start()), self._units(text, sign.end()))

    @staticmethod
    def _units(text: str, place: int) -> int:
        """Qt counts UTF-16 units, Python characters."""
        return len(text[:place].encode("utf-16-le")) // 2

    def _hide_around(self, text: str, found: re.Match[str]) -> None:
        """What stands around the words."""
        first, last = found.span("words")
        for start, end in ((found.start(), first), (last, found.end())):
            self._hide(self._units(text, start), self._units(text, end))

    def _hide(self, start: int, end: int) -> None:
        sign = QTextCharFormat()
        tiny = QFont(theme.font("small"))  # a copy: that one is everybody’s
        tiny.setPixelSize(1)
        tiny.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 1)
        sign.setFont(tiny)
        sign.setForeground(Qt.GlobalColor.transparent)
        self.setFormat(start, end - start, sign)

    def _dress(self, start: int, end: int, role: str) -> None:
        style = QTextCharFormat()
        style.setFont(theme.font(role))
        self.setFormat(start, end - start, style)


def between(
    items: Sequence[Item], first: int, last: int, start: Callable[[Item], int]
) -> Sequence[Item]:
    """Those that begin from ``first`` to before ``last``; ``items`` stand in order."""
    return items[bisect_left(items, first, key=start) : bisect_left(items, last, key=start)]


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

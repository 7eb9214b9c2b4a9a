"""The recovery sheet on paper: twelve words, the key as a square code, and how to use them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from guardian.core.files import write_atomically
from guardian.core.words import Words
from guardian.ui import theme
from guardian.vault.model import Sheet

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

POINTS = 72  # of an inch; every length below is in points
MARGIN = 54
INK, DIM, LINE = "#1f2a30", "#4d5a61", "#b9b4a8"
BODY = 11
CODE = 118  # the square code's side
COLUMNS, ROW = 3, 30
WORDS_HEIGHT = 4 * ROW + 20
NOTE_LINES = 2


def save_pdf(sheet: Sheet, words: Words, target: Path) -> None:
    """Write the sheet where the person said, for them alone to read. Raises ``Problem``.

    It is drawn in memory and not encrypted: whoever has the file can open the vault.
    """
    write_atomically(target, to_pdf(sheet, words))


def to_pdf(sheet: Sheet, words: Words) -> bytes:
    """One page, A4, or Letter where that is the custom."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(usual_size())
    writer.setTitle(words.say("vault.sheet.title", name=sheet.vault))
    writer.setCreator("Guardian")
    draw(writer, sheet, words)
    return bytes(buffer.data().data())


def usual_size() -> QPageSize:
    from PySide6.QtCore import QLocale

    metric = QLocale.system().measurementSystem() is QLocale.MeasurementSystem.MetricSystem
    return QPageSize(QPageSize.PageSizeId.A4 if metric else QPageSize.PageSizeId.Letter)


def find_printing() -> Callable[[QWidget], QPrinter | None] | None:
    """What asks for a printer, or None where Qt was installed without printing."""
    try:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter
    except ImportError:
        return None

    def ask(parent: QWidget) -> QPrinter | None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        return printer if QPrintDialog(printer, parent).exec() else None

    return ask


def draw(device: QPagedPaintDevice, sheet: Sheet, words: Words) -> None:
    """The sheet on the first page of ``device``."""
    device.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    painter = QPainter(device)
    scale = painter.device().logicalDpiX() / POINTS
    painter.scale(scale, scale)
    page = device.pageLayout().fullRect(QPageLayout.Unit.Point)
    SheetPainter(painter, page, sheet, words).draw()
    painter.end()


class SheetPainter:
    """Draws from the top down; ``_y`` is how far it is."""

    def __init__(self, painter: QPainter, page: QRectF, sheet: Sheet, words: Words) -> None:
        self._painter, self._sheet, self._words = painter, sheet, words
        self._left, self._width = MARGIN, page.width() - 2 * MARGIN
        self._y = float(MARGIN)

    def draw(self) -> None:
        sheet, say = self._sheet, self._words.say
        self._text(say("vault.sheet.title", name=sheet.vault), 20, weight=650, gap=4)
        self._text(say("vault.sheet.day", day=sheet.day), BODY, DIM, gap=12)
        self._text(say("vault.sheet.warning"), BODY, weight=600, gap=14)
        self._heading("vault.sheet.words")
        self._draw_words()
        self._text(say("vault.sheet.guardian"), BODY, gap=8)
        self._text(say("vault.sheet.without"), BODY, gap=4)
        for step in (1, 2, 3):
            self._text(f"{step}.", BODY, gap=0, still=True, left=10)
            self._text(say(f"vault.sheet.without.{step}"), BODY, gap=4, left=26)
        self._y += 10
        self._heading("vault.sheet.key")
        self._draw_key()
        self._text(say("vault.sheet.place"), BODY, gap=0)
        for _ in range(NOTE_LINES):
            self._y += 26
            self._rule()

    def _heading(self, code: str) -> None:
        self._text(self._words.say(code), 14, weight=620, gap=10)

    def _text(
        self,
        text: str,
        size: int,
        colour: str = INK,
        *,
        weight: int = 400,
        gap: float = 6,
        left: float = 0,
        width: float = 0,
        still: bool = False,
    ) -> None:
        """A paragraph at the present height; ``still`` leaves the height for the next one."""
        self._painter.setFont(face(size, weight))
        self._painter.setPen(QColor(colour))
        area = QRectF(self._left + left, self._y, width or self._width - left, 10_000)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        used = self._painter.drawText(area, flags, text)
        if not still:
            self._y += used.height() + gap

    def _rule(self) -> None:
        self._painter.setPen(QPen(QColor(LINE), 0.8))
        start = QRectF(self._left, self._y, self._width, 0)
        self._painter.drawLine(start.topLeft(), start.topRight())

    def _draw_words(self) -> None:
        """Down the columns, as a list is read."""
        frame = QRectF(self._left, self._y, self._width, WORDS_HEIGHT)
        self._painter.setPen(QPen(QColor(LINE), 1))
        self._painter.drawRoundedRect(frame, 8, 8)
        rows = len(self._sheet.words) // COLUMNS
        column = (self._width - 20) / COLUMNS
        for place, word in enumerate(self._sheet.words):
            x = frame.left() + 14 + place // rows * column
            area = QRectF(x, frame.top() + 10 + place % rows * ROW, column, ROW)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            self._painter.setFont(face(BODY, 400))
            self._painter.setPen(QColor(DIM))
            self._painter.drawText(area, flags, f"{place + 1}")
            self._painter.setFont(face(17, 600))
            self._painter.setPen(QColor(INK))
            self._painter.drawText(area.adjusted(24, 0, 0, 0), flags, word)
        self._y = frame.bottom() + 16

    def _draw_key(self) -> None:
        """The square code, and beside it the same for the keyboard."""
        top, beside = self._y, CODE + 18
        area = QRectF(self._left, top, CODE, CODE)
        draw_code(self._painter, self._sheet.key, area)
        self._text(self._words.say("vault.sheet.key.why"), BODY, left=beside, gap=8)
        key = self._sheet.key
        groups = [key[at : at + 8] for at in range(0, len(key), 8)]
        for at in range(0, len(groups), 4):
            self._text("   ".join(groups[at : at + 4]), 10, left=beside, gap=2)
        self._y = max(self._y, top + CODE) + 16


def draw_code(painter: QPainter, text: str, area: QRectF) -> None:
    """``text`` as a QR code that is read with a quarter of it stained (level Q)."""
    import segno

    code = segno.make(text, micro=False, error="q", boost_error=False)
    side = area.width() / len(code.matrix)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#000000"))
    for row, cells in enumerate(code.matrix):
        for column, dark in enumerate(cells):
            if dark:
                at = area.left() + column * side, area.top() + row * side
                # a hair wider than a cell: else readers' eyes see white lines between them
                painter.drawRect(QRectF(*at, side * 1.02, side * 1.02))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def face(points: int, weight: int) -> QFont:
    """The typeface of the house in ``points``, whatever resolution the paper has.

    In its plain forms: other shapes of the digits could not be copied out of the PDF as text.
    """
    made = QFont(theme.family())
    made.setPixelSize(points)
    made.setVariableAxis(QFont.Tag("wght"), weight)
    return made

"""A letter on paper: who writes to whom, when, about what, and the text, as PDF."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QDate, QIODevice, QLocale, QMarginsF, QPointF
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextLayout,
    QTextOption,
)

from guardian.accounts.model import Language, Letter
from guardian.ui import theme

MARGIN = 25  # millimetres
POINTS = 11
RESOLUTION = 300
SPACING = 1.25  # of the height of a line
WRAPPING = QTextOption()
WRAPPING.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


def to_pdf(letter: Letter) -> bytes:
    """A4, with its typeface inside, and nothing about the person but what stands on the paper.

    Made for a job: it is drawn line by line, as Qt's documents want a thread with timers.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setTitle("")
    writer.setCreator("")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    try:
        draw(letter, Sheet(painter, writer))
    finally:
        painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def draw(letter: Letter, sheet: Sheet) -> None:
    sender, to = letter.wish.sender, letter.to
    sheet.add(lines(sender.name, sender.address))
    sheet.add(lines(to.name, to.post or to.email or to.web), gap=2)
    sheet.add(date_line(letter), gap=2)
    sheet.add(letter.subject, weight=600, gap=2)
    sheet.add(letter.text, gap=1)


class Sheet:
    """Takes text from the top down, and goes on to the next page where one is full."""

    def __init__(self, painter: QPainter, writer: QPdfWriter) -> None:
        self._painter, self._writer = painter, writer
        self._y = 0.0

    def add(self, text: str, *, weight: int = 400, gap: float = 0) -> None:
        """A paragraph for every line of ``text``, ``gap`` lines below what is there."""
        font = face(weight)
        step = QFontMetricsF(font, self._writer).height() * SPACING
        self._y += gap * step
        for paragraph in text.splitlines():
            if paragraph.strip():
                self._add_paragraph(paragraph, font, step)
            else:
                self._y += step

    def _add_paragraph(self, text: str, font: QFont, step: float) -> None:
        layout = QTextLayout(text, font, self._writer)
        layout.setTextOption(WRAPPING)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._writer.width())
            if self._y + step > self._writer.height():
                self._writer.newPage()
                self._y = 0.0
            line.setPosition(QPointF(0, self._y))
            line.draw(self._painter, QPointF(0, 0))
            self._y += step
        layout.endLayout()


def date_line(letter: Letter) -> str:
    """The date in the language of the letter."""
    german = letter.wish.language is Language.GERMAN
    language = QLocale.Language.German if german else QLocale.Language.English
    day = QDate(letter.written.year, letter.written.month, letter.written.day)
    return QLocale(language).toString(day, "d. MMMM yyyy" if german else "d MMMM yyyy")


def lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def face(weight: int) -> QFont:
    """The typeface of the house, in plain forms that can be copied out of the PDF as text."""
    made = QFont(theme.family())
    made.setPointSizeF(POINTS)
    made.setVariableAxis(QFont.Tag("wght"), weight)
    made.setFeature(QFont.Tag("calt"), 0)  # else brackets beside digits have no text behind them
    return made

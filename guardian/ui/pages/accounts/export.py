"""The list of accounts on paper or as a table: a private list in the clear, so it warns first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QRectF, QStandardPaths, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from guardian.accounts.model import Account
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.core.files import write_atomically
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts import telling

POINTS = 72  # of an inch; every length below is in points
MARGIN = 54
INK, DIM, LINE = "#1f2a30", "#4d5a61", "#b9b4a8"
ROW = 31
FOOT = 24
PER_REPORT = 20  # rows


class ExportDialog(Dialog):
    """Says what such a list gives away, and asks in which form to save it."""

    def __init__(self, parent: QWidget, words: Words) -> None:
        super().__init__(parent, self.tr("Save the list of your accounts?"))
        self.as_pdf = False
        self.add(Text(words.say("accounts.page.export.warning")))
        self.add(Text(words.say("accounts.page.export.vault"), "dim"))
        self.pdf = Button(self.tr("Save to print (PDF) …"), clicked=self._choose_pdf)
        self.add_buttons(self.tr("Save as a table (CSV) …"), self.tr("Cancel"), self.pdf)

    def _choose_pdf(self) -> None:
        self.as_pdf = True
        self.accept()


def ask_target(parent: QWidget, words: Words) -> Path | None:
    """Warn, and ask for the form and the place. The ending of the name says the form."""
    dialog = ExportDialog(parent, words)
    agreed, ending = bool(dialog.exec()), ".pdf" if dialog.as_pdf else ".csv"
    dialog.deleteLater()
    if not agreed:
        return None
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    start = Path(folder) / f"{words.say('accounts.page.export.name')}{ending}"
    title = parent.window().windowTitle()
    file, _ = QFileDialog.getSaveFileName(parent, title, str(start))
    if not file:
        return None
    return Path(file) if Path(file).suffix.lower() == ending else Path(f"{file}{ending}")


def save_list(service: AccountsService, words: Words, target: Path, report: Report) -> Path:
    """Write the list where the person said, for them alone to read. Raises ``Problem``."""
    report(0, 0)
    found = service.known()
    if found is None:
        raise Problem("account-unknown", site="")
    if target.suffix.lower() == ".pdf":
        data = to_pdf(found.accounts, words, theme.family(), report)
    else:
        # with the mark at the front that spreadsheets need to read accents right
        data = service.to_csv(words).encode("utf-8-sig")
    report(0, 0)
    write_atomically(target, data)
    return target


def to_pdf(accounts: Sequence[Account], words: Words, family: str, report: Report) -> bytes:
    """Pages with two lines for each account; drawn in memory, row by row.

    Made for a job: Qt draws on paper from any thread. Raises ``Cancelled``.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    metric = QLocale.system().measurementSystem() is QLocale.MeasurementSystem.MetricSystem
    writer.setPageSize(
        QPageSize(QPageSize.PageSizeId.A4 if metric else QPageSize.PageSizeId.Letter)
    )
    writer.setTitle(words.say("accounts.page.export.title"))
    writer.setCreator("Guardian")
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    page = writer.pageLayout().fullRect(QPageLayout.Unit.Point)
    painter = QPainter(writer)
    try:
        scale = writer.logicalDpiX() / POINTS
        painter.scale(scale, scale)
        paper = Paper(painter, writer, page, family)
        paper.head(words, len(accounts))
        for number, account in enumerate(accounts):
            if number % PER_REPORT == 0:
                report(number, len(accounts))
            paper.add(words, account)
        paper.foot()
    finally:
        painter.end()
    return bytes(buffer.data().data())


class Paper:
    """Draws from the top down, and goes on to the next page where one is full."""

    def __init__(self, painter: QPainter, writer: QPdfWriter, page: QRectF, family: str) -> None:
        self._painter, self._writer, self._page = painter, writer, page
        self._fonts = {
            (size, weight): face(family, size, weight)
            for size, weight in ((20, 650), (11, 600), (9, 400))
        }
        self._y, self._number = float(MARGIN), 1
        self._width = page.width() - 2 * MARGIN

    def head(self, words: Words, count: int) -> None:
        self._text(words.say("accounts.page.export.title"), 20, 650, INK, 26)
        self._text(words.say("accounts.page.headline", count=count), 9, 400, DIM, 14)
        self._text(words.say("accounts.page.export.private"), 9, 400, DIM, 24)

    def add(self, words: Words, account: Account) -> None:
        """What it is, then since when it is unused and where it stands."""
        if self._y + ROW > self._page.height() - MARGIN - FOOT:
            self.foot()
            self._writer.newPage()
            self._y, self._number = float(MARGIN), self._number + 1
        names = telling.list_up(words, account.usernames, 3)
        use, state = telling.tell_use(words, account), telling.tell_state(words, account)
        said = " · ".join(filter(None, (names, use, telling.capital(state))))
        self._text(account.site, 11, 600, INK, 14)
        self._text(said, 9, 400, DIM, 13)
        self._painter.setPen(QPen(QColor(LINE), 0.5))
        start = QRectF(MARGIN, self._y, self._width, 0)
        self._painter.drawLine(start.topLeft(), start.topRight())
        self._y += ROW - 27

    def foot(self) -> None:
        self._y = self._page.height() - MARGIN
        self._text(str(self._number), 9, 400, DIM, 0)

    def _text(self, text: str, size: int, weight: int, colour: str, height: float) -> None:
        """One line; what is too long for it is cut, with dots."""
        font = self._fonts[size, weight]
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        area = QRectF(MARGIN, self._y, self._width, size * 1.4)
        cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, self._width)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        self._painter.drawText(area, flags, cut)
        self._y += height


def face(family: str, points: int, weight: int) -> QFont:
    made = QFont(family)
    made.setPixelSize(points)
    made.setVariableAxis(QFont.Tag("wght"), weight)
    return made

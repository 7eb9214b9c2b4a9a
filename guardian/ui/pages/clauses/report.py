"""Saving a report: a web page or a PDF, to the place the person chooses."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QIODevice,
    QLocale,
    QMarginsF,
    QObject,
    QSizeF,
    QStandardPaths,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from guardian.clauses.model import Explanation, SideBySide, VersionChange
from guardian.clauses.service import make_report
from guardian.clauses.telling import shareable
from guardian.core.files import write_atomically
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.jobs import Jobs
from guardian.ui.kit.notice import Notice

Subject = Explanation | VersionChange | SideBySide
ACROSS, DOWN = 16, 13  # margins in millimetres
DOTS = 96  # of an inch: the measure in which Qt reads the lengths of a page
POINTS = 9.5  # the letters of the text
LINE = 108  # per cent
HTML, PDF = ".html", ".pdf"
NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
NAME_MOST = 60
MOST_NAMES = 1000


class ReportSaver(QObject):
    """Asks where to, writes off the window's thread, and tells of it by ``notice``.

    ``saved`` carries the name of the file.
    """

    saved = Signal(str)

    def __init__(self, owner: QWidget, words: Words, jobs: Jobs, notice: Notice) -> None:
        super().__init__(owner)
        self._owner, self._words, self._jobs, self._notice = owner, words, jobs, notice

    def save(self, what: Subject, words: Words | None = None) -> None:
        """Ask for a place and write there, in the language of ``words``."""
        target = self._ask(what)
        if target is None:
            return
        self._jobs.start(
            self._owner, write_report, what, words or self._words, target, theme.family(),
            done=self._tell, failed=self._notice.show_problem,
        )  # fmt: skip

    def _ask(self, what: Subject) -> Path | None:
        page, paper = self.tr("Web page"), self.tr("To print")
        kinds = {f"{page} (*{HTML})": HTML, f"{paper} (*{PDF})": PDF}
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = file_name(self._words, what)
        file, kind = QFileDialog.getSaveFileName(
            self._owner,
            self._words.say("clauses.report.save"),
            str(Path(folder) / f"{name}{HTML}"),
            ";;".join(kinds),
        )
        if not file:
            return None
        return with_ending(Path(file), kinds.get(kind, HTML))

    def _tell(self, name: str) -> None:
        say = self._words.say
        self._notice.show_text(
            say("clauses.report.saved", name=name), say("clauses.report.saved.do")
        )
        self.saved.emit(name)


def with_ending(file: Path, wanted: str) -> Path:
    """The kind chosen in the dialog decides, unless the person typed another one's ending.

    The dialog offers a name that ends in ``.html``: choosing PDF then means PDF. A name that the
    dialog did not ask about never takes the place of a file.
    """
    ending = file.suffix.lower()
    if ending in (wanted, PDF):
        return file
    base = file.with_suffix("") if ending == HTML else file
    for number in range(1, MOST_NAMES):
        extra = "" if number == 1 else f" ({number})"
        made = base.with_name(f"{base.name}{extra}{wanted}")
        if not made.exists():
            break
    return made


def file_name(words: Words, what: Subject) -> str:
    """A name to offer, made from the title."""
    if isinstance(what, Explanation):
        title = what.document.title
    elif isinstance(what, VersionChange):
        title = what.new_title
    else:
        title = what.titles[0]
    bare = NOT_IN_NAMES.sub(" ", shareable(title)).strip(" .")[:NAME_MOST].strip(" .")
    return words.say("clauses.report.file", name=bare)


def write_report(what: Subject, words: Words, target: Path, family: str, report: Report) -> str:
    """Write the report, whole or not at all, and answer the file's name. Raises ``Problem``."""
    report(0, 0)
    page = make_report(what, words)
    data = to_pdf(page, family) if target.suffix.lower() == PDF else page.encode()
    report(0, 0)
    write_atomically(target, data)
    return target.name


def to_pdf(page: str, family: str) -> bytes:
    """The same page on A4, or Letter where that is the custom. Works off the window's thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    metric = QLocale.system().measurementSystem() is QLocale.MeasurementSystem.MetricSystem
    size = QPageSize.PageSizeId.A4 if metric else QPageSize.PageSizeId.Letter
    margins = QMarginsF(ACROSS, DOWN, ACROSS, DOWN)
    layout = QPageLayout(
        QPageSize(size), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )
    writer.setPageLayout(layout)
    writer.setResolution(DOTS)
    writer.setCreator("Guardian")
    document = PaperDocument()
    font = QFont(family)
    font.setPointSizeF(POINTS)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setHtml(page)
    writer.setTitle(document.metaInformation(QTextDocument.MetaInformation.DocumentTitle))
    set_tight(document)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    document.print_(writer)
    return bytes(buffer.data().data())


def set_tight(document: QTextDocument) -> None:
    """The line height of the page in a browser: Qt reckons it from the face’s own, not its size."""
    wanted = QTextBlockFormat()
    wanted.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(wanted)


class PaperDocument(QTextDocument):
    """Fetches nothing, whatever a page asks for."""

    def loadResource(self, _kind: int, _name: object) -> object:
        return None

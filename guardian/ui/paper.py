"""Pages as files: where the person wants one, and a web page set for printing."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QSizeF, QStandardPaths
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

ACROSS, DOWN = 16, 13  # margins in millimetres
DOTS = 96  # of an inch: the measure in which Qt reads the lengths of a page
POINTS = 9.5  # the letters of the text
LINE = 108  # per cent
HTML, PDF = ".html", ".pdf"
NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
NAME_MOST = 60
MOST_NAMES = 1000


def ask_page(owner: QWidget, title: str, name: str) -> Path | None:
    """Where to save a page as HTML or PDF; None where the person closes the dialog."""
    page, paper = owner.tr("Web page"), owner.tr("To print")
    kinds = {f"{page} (*{HTML})": HTML, f"{paper} (*{PDF})": PDF}
    offered = str(documents() / f"{name}{HTML}")
    file, kind = QFileDialog.getSaveFileName(owner, title, offered, ";;".join(kinds))
    if not file:
        return None
    return with_ending(Path(file), kinds.get(kind, HTML))


def documents() -> Path:
    """The person's folder for documents, which a dialog opens at first."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(place))


def plain_name(title: str) -> str:
    """``title`` without what names of files cannot hold."""
    return NOT_IN_NAMES.sub(" ", title).strip(" .")[:NAME_MOST].strip(" .")


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


def to_file(page: str, target: Path, family: str) -> bytes:
    """What is written to ``target``: the page itself, or the same as PDF."""
    return to_pdf(page, family) if target.suffix.lower() == PDF else page.encode()


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

"""The one place where Guardian hands something to another program: an address, or a document."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import Card
from guardian.ui.kit.text import Text


class LinkDialog(Dialog):
    """Shows the whole address; opens it only on a click."""

    def __init__(self, parent: QWidget | None, url: str) -> None:
        super().__init__(parent, "")
        host = urlsplit(url).hostname or url
        self.setWindowTitle(self.tr("Open a web page"))
        self.show_title(self.tr("Open {host} in your browser?").format(host=host))
        self.add(
            Text(
                self.tr("Guardian itself does not go online. Your browser will open this address:")
            ),
            Card(Text(url, "strong").selectable(), role="well", margin=14),
        )
        copy = Button(self.tr("Copy address"), icon_name="copy", clicked=lambda: self._copy(url))
        self.add_buttons(self.tr("Open in browser"), self.tr("Cancel"), copy)

    def _copy(self, url: str) -> None:
        QGuiApplication.clipboard().setText(url)
        self.reject()


def openable(url: str) -> bool:
    """Only web pages: no scripts, files or other programs behind a link."""
    parts = urlsplit(url)
    return parts.scheme in ("https", "http") and bool(parts.hostname)


def open_link(parent: QWidget | None, url: str) -> None:
    """Show ``url`` and, if the person agrees, open it in their browser."""
    if openable(url) and LinkDialog(parent, url).exec():
        QDesktopServices.openUrl(QUrl(url))


def open_with_program(file: Path) -> bool:
    """Show ``file`` with whatever program this computer has for it; whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))

"""The one place where Guardian hands something to another program: an address, or a document."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import Card
from guardian.ui.kit.text import Text

SCHEMES = ("https", "http", "mailto", "file")
MAIL_PARTS = ("subject", "body")
MAIL_ADDRESS = re.compile(r"[^\s@,;<>\"]{1,200}@[^\s@,;<>\"]{1,250}")


class LinkDialog(Dialog):
    """Shows the whole address; opens it only on a click."""

    def __init__(self, parent: QWidget | None, url: str) -> None:
        super().__init__(parent, "")
        if url.startswith("mailto:"):
            self.setWindowTitle(self.tr("Write a mail"))
            self.show_title(self.tr("Write this mail with your mail program?"))
            text = self.tr("Guardian sends nothing. Your mail program will begin a mail to:")
            yes = self.tr("Open mail program")
        else:
            host = urlsplit(url).hostname or url
            self.setWindowTitle(self.tr("Open a web page"))
            self.show_title(self.tr("Open {host} in your browser?").format(host=host))
            text = self.tr(
                "Guardian itself does not go online. Your browser will open this address:"
            )
            yes = self.tr("Open in browser")
        shown = url.removeprefix("mailto:")
        self.add(Text(text), Card(Text(shown, "strong").selectable(), role="well", margin=14))
        copy = Button(self.tr("Copy address"), icon_name="copy", clicked=lambda: self._copy(shown))
        self.add_buttons(yes, self.tr("Cancel"), copy)

    def _copy(self, url: str) -> None:
        QGuiApplication.clipboard().setText(url)
        self.reject()


def openable(url: str) -> str:
    """``url`` as it may be opened; empty for scripts, files or other programs behind a link.

    Of a mail its address, subject and text are left: some programs would also attach files.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme in ("https", "http"):
            return url if parts.hostname else ""
    except ValueError:
        return ""
    if parts.scheme != "mailto" or not MAIL_ADDRESS.fullmatch(parts.path):
        return ""
    kept = [one for one in parts.query.split("&") if one.partition("=")[0].lower() in MAIL_PARTS]
    return f"mailto:{parts.path}{'?' if kept else ''}{'&'.join(kept)}"


def open_link(parent: QWidget | None, url: str) -> None:
    """Show ``url`` and, if the person agrees, open it in their browser or mail program."""
    if (shown := openable(url)) and LinkDialog(parent, shown).exec():
        QDesktopServices.openUrl(QUrl(shown))


def open_with_program(file: Path) -> bool:
    """Show ``file`` with whatever program this computer has for it; whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))


def show_only(receiver: QObject, slot: str) -> None:
    """From now on nothing is handed over: ``receiver`` is told the address instead.

    Ends with ``receiver``.
    """
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, receiver, slot)

"""What a person leaves behind in this window and at the desktop, and how it is taken away."""

from __future__ import annotations

import sys

import shiboken6
from PySide6.QtCore import QDir, QSettings, Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

NOWHERE = "/dev/null/nowhere"  # a folder that cannot be
QT = "QtProject"  # under this name Qt keeps the folders and files chosen last


def keep_no_folders() -> None:
    """Let dialogs for files remember nothing beyond this window, and the desktop's own lists of
    recent files hear nothing of them. To be called once, before the first dialog.

    The dialogs of GTK, of Windows and of macOS write down what was chosen in them, each in its own
    way; Qt's own dialog keeps its folders in a settings file, which is led astray here.
    """
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, NOWHERE)


def forget_folder() -> None:
    """Let the next dialog for files begin at home, knowing nothing of the folders seen before."""
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setDirectory(QDir.homePath())
    dialog.setHistory([])
    shiboken6.delete(dialog)  # it writes down what it knows when it goes
    forget_written_folders()


def forget_written_folders() -> None:
    """Where Qt's settings cannot be led astray, take the folders out of them."""
    if sys.platform in ("win32", "darwin"):
        QSettings(QSettings.Scope.UserScope, QT).remove("FileDialog")


def clear_clipboard(*, all_of_it: bool = False) -> None:
    """Take what was copied here off the clipboard; ``all_of_it``: whoever copied it."""
    clipboard = QGuiApplication.clipboard()
    for mode, own in (
        (QClipboard.Mode.Clipboard, clipboard.ownsClipboard()),
        (QClipboard.Mode.Selection, clipboard.ownsSelection()),
    ):
        if own or all_of_it:
            clipboard.clear(mode)


def close_dialogs() -> None:
    """Close every menu and dialog that is open, as Esc would; the ones on top first."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for window in reversed(QApplication.topLevelWidgets()):
        if isinstance(window, QDialog) and window.isVisible():
            window.reject()
            window.hide()  # some ask back before they go

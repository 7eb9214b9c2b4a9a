"""Before the window: one of it for each computer account, its language, its name."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QLockFile, QTranslator
from PySide6.QtWidgets import QApplication

from guardian.core.paths import Paths, assets, find_paths
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.preferences import Preferences, read_everybody


def name_program(app: QApplication, paths: Paths) -> None:
    """What task bars and desktops call the program."""
    neutral = wants_neutral_name(paths)
    app.setApplicationName("Notes" if neutral else "Guardian")
    app.setDesktopFileName("notes" if neutral else "guardian")


def wants_neutral_name(paths: Paths) -> bool:
    """Whether anybody here wants the window to be called something neutral: as long as nobody
    has come in, that holds for all."""
    return any(settings.neutral_name for _file, settings in read_everybody(paths))


def single_instance(paths: Paths) -> QLockFile | None:
    """The lock that says a window is open, or None when another one holds it.

    Where the folder cannot be written to there is nothing to protect, and no lock is needed.
    """
    try:
        paths.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return QLockFile(str(paths.lock_file))
    lock = QLockFile(str(paths.lock_file))
    lock.setStaleLockTime(0)
    if lock.tryLock(100) or lock.error() != QLockFile.LockError.LockFailedError:
        return lock
    return None


def say_already_open(app: QApplication) -> int:
    from guardian.ui.kit.button import Button
    from guardian.ui.kit.dialog import Dialog
    from guardian.ui.kit.layout import row
    from guardian.ui.kit.text import Text

    words = Words()
    settings = Preferences(find_paths().settings_file).settings
    theme.apply_look(app, settings.theme, settings.text_size)
    neutral = wants_neutral_name(find_paths())
    title = words.say("already-open.neutral") if neutral else words.say("already-open")
    dialog = Dialog(None, title)
    dialog.add(Text(words.say("already-open.do")))
    dialog.add(row(Button(dialog.tr("Close"), "primary", clicked=dialog.accept), None))
    dialog.exec()
    return 0


def translate(app: QApplication) -> None:
    """Install the translations of the interface that exist for this system's language."""
    for name, folder in (
        ("guardian", str(assets() / "i18n")),
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
    ):
        translator = QTranslator(app)
        if translator.load(QLocale(), name, "_", folder):
            app.installTranslator(translator)

"""Two small windows: help for a page (F1), and details of an error nobody foresaw."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from guardian import __version__
from guardian.core import log
from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import Line, row
from guardian.ui.kit.text import Text


class HelpDialog(Dialog):
    """What a page is for, and the keys that work everywhere."""

    KEYS = ("pages", "search", "help", "back", "cover", "lock", "exit", "quit")

    def __init__(self, parent: QWidget, words: Words, page: str) -> None:
        super().__init__(parent, words.say(f"page.{page}"))
        self.add(Text(words.say(f"help.{page}")), Line())
        for key in self.KEYS:
            name = Text(words.say(f"help.key.{key}.name"), "strong").one_line()
            name.setMinimumWidth(130)
            line = row(name, gap=14, top=True)
            line.addWidget(Text(words.say(f"help.key.{key}")), 1)
            self.add(line)
        close = Button(self.tr("Close"), "primary", clicked=self.accept)
        self.add(4, row(close, None))


class ProblemDialog(Dialog):
    """A problem that no page took care of: what happened, and what to do."""

    def __init__(self, parent: QWidget | None, words: Words, problem: Problem) -> None:
        super().__init__(parent, words.say(f"problem.{problem.code}", **problem.facts))
        self.add(Text(words.say(f"problem.{problem.code}.do", **problem.facts)))
        self.add(4, row(Button(self.tr("Close"), "primary", clicked=self.accept), None))


class CrashDialog(Dialog):
    """What went wrong, without a word of the person's own; copied only if they want to."""

    def __init__(self, parent: QWidget | None, words: Words, details: str) -> None:
        super().__init__(parent, words.say("crash.title"))
        box = QPlainTextEdit(details)
        box.setReadOnly(True)
        box.setAccessibleName(self.tr("Details of the error"))
        self.add(Text(words.say("crash.text")), box)
        copy = Button(
            self.tr("Copy details"),
            icon_name="copy",
            clicked=lambda: QGuiApplication.clipboard().setText(details),
        )
        go_on = Button(self.tr("Go on"), "primary", clicked=self.accept)
        self.add(4, row(go_on, copy, None))


def describe_crash(error: BaseException) -> str:
    """The class of the error and where it passed; messages can hold names, so they stay out."""
    lines = [
        f"Guardian {__version__}, Python {platform.python_version()}, Qt {qVersion()}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
        type(error).__name__,
        *log.guardian_frames(error.__traceback__),
    ]
    return "\n".join(lines)

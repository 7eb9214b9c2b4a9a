"""The window of the demonstration: the real one, over made-up records, under a banner."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtWidgets import QApplication

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.settings import TextSize, Theme
from guardian.core.store import Store
from guardian.core.words import Words
from guardian.demo.service import Demo
from guardian.ui import links, theme
from guardian.ui.apart import Wall
from guardian.ui.app import GuardianApp
from guardian.ui.help import ProblemDialog
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import Card, row
from guardian.ui.kit.text import Text
from guardian.ui.people.session import Session
from guardian.ui.projector import Projector
from guardian.ui.running import run_window
from guardian.ui.starting import name_program, translate


class DemoApp(GuardianApp):
    """Its records are made when somebody comes in, and forgotten when they leave."""

    def __init__(self, app: QApplication, demo: Demo, words: Words | None = None) -> None:
        words = words or Words()
        super().__init__(
            app,
            demo.paths,
            words=words,
            home=demo.home,
            clock=demo.clock,
            build=demo.build,
            banner=tell_banner(words, demo),
            profiles=False,
        )
        self._demo = demo
        self.window.page_shown.connect(
            lambda key: self.window.show_banner(tell_banner(words, demo, key))
        )
        self._outside = Outside(self)
        self.projector = Projector(
            self.window, words, self.dress, Wall(demo.place.folder, demo.place.meeting)
        )

    def _open_store(self, session: Session, _passphrase: str | None, report: Report) -> Store:
        """On a thread of its own, while the window is up already."""
        import guardian.ui.pages  # noqa: F401

        return session.take(self._demo.fill(report))


class Outside(QObject):
    """Shows what would be handed to a browser or another program, instead of handing it over."""

    def __init__(self, guardian: GuardianApp) -> None:
        super().__init__(guardian.window)
        self._window, self._words = guardian.window, guardian.words
        links.show_only(self, "show")

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        words = self._words
        dialog = Dialog(self._window, words.say("demo.nothing-outside"))
        dialog.show_title(words.say("demo.nothing-outside"))
        shown = url.fileName() if url.isLocalFile() else url.toDisplayString()
        dialog.add(
            Text(words.say("demo.nothing-outside.why")),
            Card(Text(shown, "strong").selectable(), role="well", margin=14),
        )
        dialog.add(row(Button(dialog.tr("Close"), "primary", clicked=dialog.accept), None))
        dialog.open()


def tell_banner(words: Words, demo: Demo, page: str = "") -> str:
    """That nothing here is real; and over the vault what opens it, since somebody types it."""
    told = words.say("demo.banner")
    if page != "vault":
        return told
    return f"{told} {words.say('demo.passphrase', passphrase=demo.passphrase)}"


def show_demo(demo: Demo, projector: bool = False) -> int:
    """Show the window until it is closed. This process is sealed off already."""
    app = QApplication(sys.argv[:1])
    name_program(app, demo.paths)
    translate(app)
    # the system's own ones belong to other programs, which may remember the folder
    app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    guardian = DemoApp(app, demo)
    if projector:
        QTimer.singleShot(0, guardian.projector, guardian.projector.turn_on_soon)
    return run_window(app, guardian)


def say_why_not(problem: Problem) -> None:
    """The demonstration could not begin."""
    app = QApplication(sys.argv[:1])
    theme.apply_look(app, Theme.SYSTEM, TextSize.NORMAL)
    ProblemDialog(None, Words(), problem).exec()

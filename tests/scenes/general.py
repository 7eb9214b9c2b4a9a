"""The pages that belong to no pillar."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.ui.help import CrashDialog, HelpDialog
from guardian.ui.links import LinkDialog
from guardian.ui.pages.welcome import WelcomePage
from guardian.ui.unlock import UnlockPage
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio


def welcome(screen: int) -> Scene:
    def prepare(studio: Studio) -> None:
        page = studio.window.stack.currentWidget()
        assert isinstance(page, WelcomePage)
        for _ in range(screen - 1):
            page._turn(1)
        studio.settle()

    return Scene(f"welcome-{screen}", prepare, welcomed=False)


def settings(studio: Studio) -> None:
    page = studio.show("settings")
    page._show_records(folder="/home/ana/.local/share/guardian")
    studio.settle()


def unlock(studio: Studio) -> None:
    page = UnlockPage(studio.guardian.words)
    studio.window.show_alone(page)
    page.refuse(Problem("passphrase-wrong"))
    studio.settle()


def shown(studio: Studio, dialog: QWidget) -> QWidget:
    dialog.setModal(False)
    dialog.show()
    studio.settle()
    return dialog


def help_dialog(studio: Studio) -> QWidget:
    return shown(studio, HelpDialog(studio.window, studio.guardian.words, "checkup"))


def link_dialog(studio: Studio) -> QWidget:
    return shown(studio, LinkDialog(studio.window, "https://shop.example.test/account/delete"))


def crash_dialog(studio: Studio) -> QWidget:
    details = "Guardian 0.1.0, Python 3.11\nLinux\nKeyError\nguardian.ui.app:120"
    return shown(studio, CrashDialog(studio.window, studio.guardian.words, details))


SCENES = (
    welcome(1),
    welcome(2),
    welcome(3),
    Scene("settings", settings),
    Scene("unlock", unlock),
    Scene("help", help_dialog),
    Scene("link", link_dialog),
    Scene("crash", crash_dialog),
)

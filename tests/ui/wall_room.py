"""What a trainer can come to in the demonstration, one sight after the other, and its dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QDialog

from guardian.core.errors import Problem
from guardian.demo import content
from guardian.ui.help import CrashDialog, HelpDialog, ProblemDialog
from guardian.ui.links import LinkDialog
from guardian.ui.pages.accounts.export import ExportDialog
from guardian.ui.pages.accounts.handing import AddDialog
from guardian.ui.pages.checkup.saving import CutDialog
from guardian.ui.pages.clauses.sheet import CLAUSES, DOCUMENT, SHORT, Sheet
from guardian.ui.pages.lessons.agenda import CHECKED
from guardian.ui.pages.lessons.page import ALONE, GROUP, LessonsPage
from guardian.ui.pages.vault.care.details_form import DetailsDialog
from guardian.ui.pages.vault.inside.asking import MoveDialog, NameDialog, RemoveDialog
from guardian.ui.pages.vault.keys.making import MakeDialog
from guardian.ui.pages.vault.names import key_of
from guardian.ui.pages.vault.page import VaultPage
from guardian.vault.model import Entry, Kind
from tests.scenes.studio import NOW, Studio
from tests.scenes.vault import shown_whole

LATE = "photoprints.test"  # an account of the family's that is being closed
PACK = "cancel"


def sights(studio: Studio) -> Iterator[str]:
    """The name of each sight, once it is there to be looked at."""
    for key, walk in WALKS.items():
        for name in walk(studio):
            studio.settle()
            yield f"{key}: {name}"


def checkup(studio: Studio) -> Iterator[str]:
    page = studio.show("checkup")
    page.open("board")
    yield "first sight"
    page.choose("phone-location")
    studio.settle()
    page.board.card.show_guide()
    yield "a guided step"
    for part in ("sheet", "history", "steps", "rhythm", "about"):
        page.open(part)
        studio.settle()
        panel = page.stages.currentWidget()
        if part == "sheet":
            next(iter(panel.areas.values())).fold.button.click()
        if part == "history":
            moments = studio.features.checkup.history()
            panel.table.choose(str(moments[0].id), str(moments[-1].id))
        yield part
    page.open("board")


def accounts(studio: Studio) -> Iterator[str]:
    page = studio.show("accounts")
    studio.settle(lambda: page.stages.stage == "full")
    page.views.show_view("all")
    yield "all of them"
    page.show_case(LATE)
    studio.settle(lambda: page.case.walk.standing is not None)
    yield "the walk of closing one"
    page.go_back()


def vault(studio: Studio) -> Iterator[str]:
    page = studio.show("vault")
    assert isinstance(page, VaultPage)
    if not page.is_open:
        yield "locked"
        page.door.field.setText(content.read_household().passphrase)
        page.door.open.click()
        studio.settle(lambda: page.is_open)
    yield "open"
    page.inside.choose(key_of(paper_of(page)))
    shown_whole(studio, page)
    yield "a document"


def paper_of(page: VaultPage) -> Entry:
    """Something that can be looked at."""
    return next(
        one
        for one in page.inside.table.items()
        if isinstance(one, Entry) and one.kind is not Kind.FOLDER
    )


def processes(studio: Studio) -> Iterator[str]:
    page = studio.show("processes")
    if page.scan is None:
        page.look()
    studio.settle(lambda: not page.busy)
    for view in ("runs", "starts", "computer", "questions"):
        page.views.show_view(view)
        yield view
    card = page.views.findings.cards[0]
    for drawer in (card.more, card.advice):
        if not drawer.opened:
            drawer.toggle()
    yield "details of a program"


def clauses(studio: Studio) -> Iterator[str]:
    page = studio.show("clauses")
    page.show_start()
    yield "the library"
    page.show_read(studio.features.clauses.library()[0].id)
    yield "one that was read"
    policy = min((studio.guardian.home / "Documents" / "Policies").iterdir())
    page.open_paths([policy])
    studio.settle(lambda: isinstance(page.shown(), Sheet) and not page.shown().busy)
    sheet = page.shown()
    for part in (SHORT, CLAUSES, *([DOCUMENT] if sheet.narrow else [])):
        sheet.show_part(part)
        studio.settle(lambda: not sheet.busy)
        yield part


def lessons(studio: Studio) -> Iterator[str]:
    page = studio.show("lessons")
    assert isinstance(page, LessonsPage)
    while page.go_back():
        pass
    yield "all of them"
    page.open_pack(PACK)
    page.show_way(ALONE)
    page.panel().asking.choose(2)
    yield "alone"
    page.show_way(GROUP)
    yield "a group"
    panel = page.panel()
    for field, count in zip(panel.hands.fields, (4, 9, 8), strict=True):
        field.set_value(count)
    panel.hands.show_right()
    panel.hands.keep()
    panel.area.verticalScrollBar().setValue(panel.hands.y() - 40)
    yield "hands"
    page.plan()
    for place in range(5):
        page.agenda.list.item(place).setCheckState(CHECKED)
    yield "a day"
    page.timing.running = None
    page.time(studio.features.lessons.plan([PACK, "phone"]))
    yield "the timer"


def settings(studio: Studio) -> Iterator[str]:
    page = studio.show("settings")
    bar = page._area.verticalScrollBar()
    for name, place in (("from the top", 0), ("further down", bar.maximum())):
        bar.setValue(place)
        yield name


WALKS: dict[str, Callable[[Studio], Iterator[str]]] = {
    walk.__name__: walk
    for walk in (checkup, accounts, vault, processes, clauses, lessons, settings)
}


def dialogs(studio: Studio) -> Iterator[QDialog]:
    """One of each kind, shown; the vault is open."""
    window, words = studio.window, studio.guardian.words
    page = window.page("vault")
    entry = paper_of(page)
    for make in (
        lambda: HelpDialog(window, words, "accounts"),
        lambda: ProblemDialog(window, words, Problem("projector-records-open")),
        lambda: CrashDialog(window, words, "ValueError"),
        lambda: LinkDialog(window, "https://photoprints.test/account/close"),
        lambda: CutDialog(window, words),
        lambda: ExportDialog(window, words),
        lambda: AddDialog(window, words),
        lambda: NameDialog(page, words, "Rename “Letter.txt”", "Rename", "Letter.txt"),
        lambda: MoveDialog(page, words, page.inside.tree.paths(), [entry.path]),
        lambda: RemoveDialog(page, words, 3),
        lambda: DetailsDialog(page, words, entry, NOW.date(), ()),
        lambda: MakeDialog(page, page.tools.desk, Path("/home/ana/Documents/Private vault")),
    ):
        dialog = make()
        dialog.setModal(False)
        dialog.show()
        studio.rest()
        yield dialog
        dialog.hide()
        dialog.deleteLater()

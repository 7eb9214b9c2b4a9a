"""The states of the checkup: before the questions, in use, and when nothing is left."""

from __future__ import annotations

from datetime import datetime, timedelta

from guardian.checkup.model import Circumstances, Every, Phone, Rhythm, State
from guardian.checkup.service import CheckupService
from guardian.core.errors import Problem
from guardian.core.jobs import report_nothing
from guardian.core.words import message
from guardian.ui.pages.checkup.history import HistoryPanel
from guardian.ui.pages.checkup.page import CheckupPage
from guardian.ui.pages.checkup.sheet import SheetPanel
from guardian.ui.pages.checkup.steps import StepsPanel
from tests.scenes import accounts, processes, vault
from tests.scenes.scene import Scene
from tests.scenes.studio import NOW, Studio

ABOUT = Circumstances(phone=Phone.ANDROID, minutes=20, asked=True)


def open_page(studio: Studio) -> CheckupPage:
    page = studio.show("checkup")
    assert isinstance(page, CheckupPage)
    return page


def described(studio: Studio) -> CheckupPage:
    """The questions are answered; nothing else is known."""
    studio.features.checkup.describe(ABOUT)
    page = open_page(studio)
    page.refresh()
    studio.settle()
    page.open("board")
    studio.rest()
    return page


def first(studio: Studio) -> None:
    open_page(studio)


def fill(studio: Studio) -> None:
    """Every pillar has something to say, and the person has answered some of the list."""
    accounts.full(studio)
    vault.make_vault(studio)
    studio.features.vault.check(report_nothing)
    scan = processes.scan_of(processes.asking())
    studio.features.processes._records.save(scan)
    studio.features.clauses.explain_text("We may sell your data.", "Lantern", report_nothing)
    checkup = studio.features.checkup
    checkup.describe(ABOUT)
    for key in ("phone-lock", "phone-updates", "recovery-codes", "mail-links", "camera-cover"):
        checkup.answer(key, State.DONE)
    checkup.answer("password-reuse", State.PARTLY)
    checkup.set_rhythm(
        Rhythm(Every.MONTHLY, cue="after Sunday coffee", begun=NOW.date() - timedelta(days=40))
    )


def full(studio: Studio) -> None:
    fill(studio)
    described(studio)


def working(studio: Studio) -> None:
    page = described(studio)
    page.working.show_progress(3, 10, message("processes.working.reading"))
    page.working._title.setText(page.tr("Looking at this computer"))
    page.working.show()
    studio.rest()


def guide(studio: Studio) -> None:
    page = described(studio)
    page.choose("phone-location")
    page.board.card.show_guide()
    studio.rest()


def earlier(studio: Studio, days: int, *done: str) -> None:
    """A snapshot as it was taken some days ago, after these answers."""

    def then() -> datetime:
        return NOW - timedelta(days=days)

    service = CheckupService(studio.guardian.store, tuple(studio.features), then)
    for key in done:
        service.answer(key, State.DONE)
    service.record()


def past(studio: Studio) -> None:
    """Half a year of sittings."""
    studio.features.checkup.describe(ABOUT)
    earlier(studio, 170)
    earlier(studio, 169, "phone-lock", "phone-updates")
    earlier(studio, 120, "mailbox-password", "recovery-codes")
    earlier(studio, 62, "phone-camera", "mail-forwarding", "password-manager")
    earlier(studio, 30, "mail-links")
    earlier(studio, 3, "phone-backup", "phone-finder", "mailbox-second-factor")


def sheet(studio: Studio) -> None:
    past(studio)
    for key in ("password-reuse", "phone-notices", "browser-trackers"):
        studio.features.checkup.answer(key, State.DONE)
    studio.features.checkup.answer("passkey-try", State.NOT_MINE, "I do not use this")
    page = described(studio)
    page.open("sheet")
    studio.settle()
    panel = page.stages.currentWidget()
    assert isinstance(panel, SheetPanel)
    next(iter(panel.areas.values())).fold.button.click()
    studio.rest()


def history(studio: Studio) -> None:
    past(studio)
    page = described(studio)
    page.open("history")
    studio.settle()
    panel = page.stages.currentWidget()
    assert isinstance(panel, HistoryPanel)
    moments = studio.features.checkup.history()
    panel.table.choose(str(moments[1].id), str(moments[-2].id))
    studio.settle()


def nothing(studio: Studio) -> None:
    """All is answered or put aside."""
    fill(studio)
    checkup = studio.features.checkup
    while (todo := checkup.plan().next) is not None:
        if todo.task is not None and todo.observed is None:
            checkup.answer(todo.key, State.DONE)
        else:
            checkup.postpone(todo.key, NOW.date() + timedelta(days=30))
    described(studio)


def without_keyring(studio: Studio) -> None:
    page = described(studio)
    page.notice.show_problem(Problem("keyring-absent"), page.tr("Open settings"))
    studio.settle()


def rest(studio: Studio) -> None:
    page = described(studio)
    page.open("steps")
    panel = page.stages.currentWidget()
    assert isinstance(panel, StepsPanel)
    studio.rest()


SCENES = (
    Scene("checkup-first", first),
    Scene("checkup-full", full),
    Scene("checkup-working", working),
    Scene("checkup-guide", guide),
    Scene("checkup-sheet", sheet),
    Scene("checkup-history", history),
    Scene("checkup-nothing", nothing),
    Scene("checkup-without-keyring", without_keyring),
    Scene("checkup-rest", rest),
)

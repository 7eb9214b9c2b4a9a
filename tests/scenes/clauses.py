"""The agreements page in each of its states."""

from __future__ import annotations

from pathlib import Path

from guardian.core.errors import Problem
from guardian.core.words import message
from guardian.ui.jobs import Job
from guardian.ui.pages.clauses.page import ClausesPage
from guardian.ui.pages.clauses.remembered import RememberedPanel
from guardian.ui.pages.clauses.sheet import Sheet
from tests.scenes.scene import Scene
from tests.scenes.studio import FIXTURES, Studio

DOCUMENTS = FIXTURES / "clauses"
TERMS = DOCUMENTS / "lantern-terms.txt"
WEB_PAGE = DOCUMENTS / "saved-page.html"
NOVEL = DOCUMENTS / "harbour-novel.txt"


def page(studio: Studio) -> ClausesPage:
    shown = studio.show("clauses")
    assert isinstance(shown, ClausesPage)
    return shown


def read(studio: Studio, path: Path) -> Sheet:
    """The sheet of one document."""
    shown = page(studio)
    shown.open_file(path)
    studio.settle()
    sheet = shown.shown()
    assert isinstance(sheet, Sheet)
    return sheet


def empty(studio: Studio) -> None:
    page(studio)


def paste(studio: Studio) -> None:
    page(studio).paste()
    studio.settle()


def dropping(studio: Studio) -> None:
    page(studio).drop.show()
    studio.settle()


def working(studio: Studio) -> None:
    shown = page(studio)
    shown.follow(Job(shown))
    shown.working.show_progress(60, 100, message("clauses.job.understanding"))
    studio.settle()


def library(studio: Studio) -> None:
    for path in (TERMS, WEB_PAGE, NOVEL):
        read(studio, path)
    page(studio).show_start()
    studio.settle()


def sheet(studio: Studio) -> None:
    read(studio, TERMS)


def chosen(studio: Studio) -> None:
    shown = read(studio, TERMS)
    card = shown.cards[1]
    card.fold.button.click()
    studio.settle()
    shown.view.offer(card.group[0].start)
    studio.settle()


def finding(studio: Studio) -> None:
    shown = read(studio, TERMS)
    shown.find.field.setText("service")
    studio.settle()


def left_out(studio: Studio) -> None:
    shown = read(studio, WEB_PAGE)
    shown.left_out.button.click()
    studio.settle()
    shown.points.verticalScrollBar().setValue(shown.points.verticalScrollBar().maximum())
    studio.settle()


def narrow(studio: Studio) -> None:
    shown = read(studio, TERMS)
    studio.window.resize(760, 640)
    studio.settle()
    shown.show_clause(shown.cards[2].group[0])
    studio.settle()


def not_a_policy(studio: Studio) -> None:
    read(studio, NOVEL)


def remembered(studio: Studio) -> None:
    read(studio, TERMS)
    shown = page(studio)
    shown._show_remembered(studio.features.clauses.library()[0])
    studio.settle()
    assert isinstance(shown.shown(), RememberedPanel)


def problem(studio: Studio) -> None:
    shown = page(studio)
    shown._failed(Problem("document-not-text", name="holiday.jpg"))
    studio.settle()


SCENES = (
    Scene("clauses-empty", empty),
    Scene("clauses-paste", paste),
    Scene("clauses-dropping", dropping),
    Scene("clauses-working", working),
    Scene("clauses-library", library),
    Scene("clauses-sheet", sheet),
    Scene("clauses-chosen", chosen),
    Scene("clauses-finding", finding),
    Scene("clauses-left-out", left_out),
    Scene("clauses-narrow", narrow),
    Scene("clauses-not-a-policy", not_a_policy),
    Scene("clauses-remembered", remembered),
    Scene("clauses-problem", problem),
)

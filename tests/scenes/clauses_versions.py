"""Documents held against each other: versions, several side by side, a whole folder."""

from __future__ import annotations

from guardian.clauses.rules.comparing import compare_versions, put_side_by_side
from guardian.core.errors import Problem
from guardian.ui.pages.clauses.batch import BatchRow
from guardian.ui.pages.clauses.grid import GridPanel
from guardian.ui.pages.clauses.page import ClausesPage
from guardian.ui.pages.clauses.versions import VersionsPanel
from tests.clauses.versions import new_version, old_version
from tests.scenes.clauses_documents import policy
from tests.scenes.clauses_words import settle_words
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio


def page(studio: Studio) -> ClausesPage:
    settle_words(studio)
    shown = studio.show("clauses")
    assert isinstance(shown, ClausesPage)
    return shown


def changes(studio: Studio) -> None:
    shown = page(studio)
    shown.against.show_change(compare_versions(old_version(), new_version()))
    panel = shown.shown()
    assert isinstance(panel, VersionsPanel)
    panel.cards[0].fold.button.click()
    studio.settle()


def side_by_side(studio: Studio) -> None:
    shown = page(studio)
    shown.against.show_side_by_side(put_side_by_side([old_version(), new_version(), policy()]))
    panel = shown.shown()
    assert isinstance(panel, GridPanel)
    studio.settle()
    panel.view.setCurrentIndex(panel.model.index(0, 1))
    studio.settle()


def folder(studio: Studio) -> None:
    shown = page(studio)
    shown.show_batch([
        BatchRow("lantern.html", policy()),
        BatchRow("lantern-2025.html", old_version()),
        BatchRow("lantern-2026.html", new_version()),
        BatchRow("holiday.jpg", problem=Problem("document-not-text", name="holiday.jpg")),
    ])  # fmt: skip
    studio.settle()


SCENES = (
    Scene("clauses-changes", changes),
    Scene("clauses-side-by-side", side_by_side),
    Scene("clauses-folder", folder),
)

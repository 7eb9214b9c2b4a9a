"""The agreements page, over explanations put together by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from guardian.clauses.model import Explanation, ReadDocument
from guardian.core.feature import Level
from guardian.ui.pages.clauses.links import ClausesLinks
from guardian.ui.pages.clauses.page import ClausesPage
from guardian.ui.pages.clauses.reading import prepare
from guardian.ui.pages.clauses.sheet import CLAUSES, Sheet
from tests.scenes.clauses_documents import policy, story
from tests.scenes.clauses_words import settle_words
from tests.scenes.scene import Scene
from tests.scenes.studio import NOW, Studio

LINKS = ClausesLinks(
    account_for=lambda _hosts, _title: "lantern.example",
    open_account=lambda _site: None,
    write_letter=lambda _site, _kind: None,
    keep_in_vault=lambda _name, _data: None,
)
BEFORE = ReadDocument(
    id=7, title="lantern-privacy", fingerprint="0", read_at=NOW - timedelta(days=200),
    words=340, counts=dict.fromkeys(Level, 0), clauses=(),
)  # fmt: skip


def page(studio: Studio) -> ClausesPage:
    settle_words(studio)
    shown = studio.show("clauses")
    assert isinstance(shown, ClausesPage)
    shown._links = LINKS
    return shown


def read(studio: Studio, explanation: Explanation, *, before: ReadDocument | None = None) -> Sheet:
    """The sheet of one document."""
    shown = page(studio)
    shown.show_reading(replace(prepare(explanation, None, LINKS), before=before))
    sheet = shown.shown()
    assert isinstance(sheet, Sheet)
    studio.settle(lambda: not sheet.busy)
    return sheet


def empty(studio: Studio) -> None:
    page(studio)


def library(studio: Studio) -> None:
    """What was read before: one of them changed since, one is noted, one is damaged."""
    shown = page(studio)
    clauses = policy().clauses
    titles = (*["Lantern Notes: privacy"] * 2, "Harbour Bank terms of use", "Town map")
    counts = ((2, 8, 5), (1, 8, 5), (0, 3, 6), (0, 0, 2))
    read = [
        ReadDocument(
            id=number, title=title, fingerprint=str(number), words=340, clauses=clauses,
            read_at=NOW - timedelta(days=80 * number),
            counts=dict(zip((Level.ACT, Level.ASK, Level.FINE), few, strict=True)),
            earlier=1 if number == 0 else None,
            source="https://harbour.example/terms" if number == 2 else "",
        )
        for number, (title, few) in enumerate(zip(titles, counts, strict=True))
    ]  # fmt: skip
    shown.start.show_library(read, unreadable=1)
    shown.start.library.table.choose("0")
    studio.settle()


def sheet(studio: Studio) -> None:
    read(studio, policy(), before=BEFORE)


def gaps(studio: Studio) -> None:
    """Further down: what is missing, and what was left out."""
    shown = read(studio, policy())
    shown.summary.about.left_out.button.click()
    studio.settle()
    card = next(iter(shown.summary.checks.cards.values()))
    area = shown.summary.area
    area.verticalScrollBar().setValue(card.mapTo(area.widget(), card.rect().topLeft()).y() - 8)
    studio.settle()


def chosen(studio: Studio) -> None:
    shown = read(studio, policy())
    shown.show_part(CLAUSES)
    studio.settle(lambda: not shown.busy)
    card = shown.card(3)
    assert card is not None
    card.fold.button.click()
    studio.settle()
    shown.view.offer(card.group[0].start)
    studio.settle(lambda: not shown.busy)


def left(studio: Studio) -> None:
    """What the person reads herself, and a search."""
    shown = read(studio, policy())
    shown.go_through_left()
    studio.settle(lambda: not shown.busy)
    shown.find.field.setText("your")
    studio.settle()


def not_a_policy(studio: Studio) -> None:
    read(studio, story())


SCENES = (
    Scene("clauses-empty", empty),
    Scene("clauses-library", library),
    Scene("clauses-sheet", sheet),
    Scene("clauses-gaps", gaps),
    Scene("clauses-chosen", chosen),
    Scene("clauses-left", left),
    Scene("clauses-not-a-policy", not_a_policy),
)

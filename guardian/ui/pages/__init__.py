"""THE list of pages, in the order of the rail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from guardian.core.profiles import Kind
from guardian.features import Features, check_all
from guardian.ui.desk import Desk
from guardian.ui.pages.checkup.page import CheckupPage
from guardian.ui.pages.clauses.page import ClausesPage
from guardian.ui.pages.crossings import Crossings
from guardian.ui.pages.lessons.page import LessonsPage
from guardian.ui.pages.processes.page import ProcessesPage
from guardian.ui.pages.settings import SettingsPage
from guardian.ui.pages.vault.page import VaultPage
from guardian.ui.people.people import People
from guardian.ui.preferences import Preferences
from guardian.ui.proofs import Proofs
from guardian.ui.records import Records
from guardian.ui.window import Tab


@dataclass(frozen=True)
class Shelf:
    """Everything pages are built from; each takes its own part."""

    features: Features
    desk: Desk
    preferences: Preferences
    records: Records
    people: People | None = None


ALL = ("checkup", "accounts", "vault", "processes", "clauses", "lessons", "settings")
CHILD = ("checkup", "lessons", "settings")  # the pages of a child's profile


def tabs(shelf: Shelf) -> tuple[Tab, ...]:
    """The pages of whoever is here."""
    if shelf.records.kind is Kind.CHILD:
        return tuple(tab for tab in all_tabs(shelf) if tab.key in CHILD)
    return all_tabs(shelf)


def all_tabs(shelf: Shelf) -> tuple[Tab, ...]:
    features, desk = shelf.features, shelf.desk
    here = CHILD if shelf.records.kind is Kind.CHILD else ALL
    proofs = Proofs()
    settings = shelf.preferences
    crossings = Crossings(features, desk, proofs, lambda: settings.settings.masked)
    return (
        Tab(
            "checkup",
            "overview",
            lambda: CheckupPage(
                features.checkup,
                () if shelf.records.kind is Kind.CHILD else tuple(features),
                partial(check_all, features),
                desk,
                shelf.records,
                shelf.preferences.problem,
            ),
        ),
        Tab("accounts", "accounts", crossings.build_accounts),
        Tab("vault", "vault", lambda: VaultPage(features.vault, desk, shelf.preferences, proofs)),
        Tab("processes", "processes", lambda: ProcessesPage(features.processes, desk)),
        Tab(
            "clauses",
            "clauses",
            lambda: ClausesPage(features.clauses, desk, crossings.from_agreements()),
        ),
        Tab("lessons", "lessons", lambda: LessonsPage(features.lessons, desk, here)),
        Tab(
            "settings",
            "settings",
            lambda: SettingsPage(shelf.preferences, shelf.records, desk, shelf.people),
            last=True,
        ),
    )

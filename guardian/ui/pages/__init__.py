"""THE list of pages, in the order of the rail."""

from __future__ import annotations

from dataclasses import dataclass

from guardian.features import Features
from guardian.ui.desk import Desk
from guardian.ui.pages.clauses.page import ClausesPage
from guardian.ui.pages.crossings import Crossings
from guardian.ui.pages.overview import OverviewPage
from guardian.ui.pages.processes.page import ProcessesPage
from guardian.ui.pages.settings import SettingsPage
from guardian.ui.pages.vault.page import VaultPage
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


def tabs(shelf: Shelf) -> tuple[Tab, ...]:
    features, desk = shelf.features, shelf.desk
    proofs = Proofs()
    crossings = Crossings(features, desk, proofs)
    return (
        Tab(
            "overview",
            "overview",
            lambda: OverviewPage(features, desk, shelf.records, shelf.preferences.problem),
        ),
        Tab("accounts", "accounts", crossings.build_accounts),
        Tab("vault", "vault", lambda: VaultPage(features.vault, desk, shelf.preferences, proofs)),
        Tab("processes", "processes", lambda: ProcessesPage(features.processes, desk)),
        Tab(
            "clauses",
            "clauses",
            lambda: ClausesPage(features.clauses, desk, crossings.from_agreements()),
        ),
        Tab(
            "settings",
            "settings",
            lambda: SettingsPage(shelf.preferences, shelf.records, desk),
            last=True,
        ),
    )

"""The overview once every pillar has something to say."""

from __future__ import annotations

from guardian.core.jobs import report_nothing
from guardian.core.words import message
from guardian.ui.pages.overview import OverviewPage
from tests.scenes import accounts, processes, vault
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio


def full(studio: Studio) -> None:
    accounts.full(studio)
    vault.make_vault(studio)
    studio.features.vault.check(report_nothing)
    scan = processes.scan_of(processes.asking())
    studio.features.processes._records.save(scan)
    studio.features.clauses.explain_text("We may sell your data.", "Lantern", report_nothing)
    studio.show("overview")


def working(studio: Studio) -> None:
    full(studio)
    page = studio.window.page("overview")
    assert isinstance(page, OverviewPage)
    page.working.show_progress(3, 10, message("processes.working.reading"))
    page.working._title.setText(page.tr("Looking at this computer"))
    page.working.show()
    studio.rest()


SCENES = (Scene("overview-full", full), Scene("overview-working", working))

"""The walk through one case, step by step, over profiles written by real browsers."""

from __future__ import annotations

import itertools
from datetime import date
from types import SimpleNamespace
from unittest import mock

from guardian.accounts import repository
from guardian.accounts.model import (
    CaseState,
    Gone,
    Language,
    LetterKind,
    LetterWish,
    Sender,
    SourceKind,
)
from guardian.accounts.service import AccountsService
from guardian.core.jobs import report_nothing
from guardian.ui import links
from guardian.ui.pages.accounts.closing.panel import CasePanel
from guardian.ui.pages.accounts.closing.standing import Stage
from guardian.ui.pages.accounts.page import AccountsPage
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio

ANNA = Sender("anna@example.org", "", "DE-BY", Language.ENGLISH)
LOGINS = (SourceKind.FIREFOX, SourceKind.CHROMIUM)


def search(studio: Studio) -> AccountsService:
    """Saved logins allowed and read; letters carry the same mark each time."""
    assert studio.features is not None
    service = studio.features.accounts
    drawn = itertools.count()
    fixed = SimpleNamespace(token_hex=lambda count: f"{next(drawn):0{2 * count}x}")
    keys = [one.source.key for one in service.sources() if one.source.kind in LOGINS]
    with mock.patch.object(repository, "secrets", fixed):
        service.choose(dict.fromkeys(keys, True))
        service.find(report_nothing)
        service.closing.write(wish(service, "dropbox.com"))
    return service


def wish(service: AccountsService, site: str, kind: LetterKind = LetterKind.ERASURE) -> LetterWish:
    law = service.closing.law_for(ANNA.country)
    return LetterWish(site, kind, law, ANNA.language, ANNA)


def write_to(service: AccountsService, site: str, arrived: date) -> None:
    """A letter went out, and who wrote it is remembered."""
    service.closing.set_state(site, CaseState.CLOSE)
    service.closing.remember_sender(ANNA)
    service.closing.sent(service.closing.write(wish(service, site)), arrived)


def open_case(studio: Studio, site: str) -> CasePanel:
    page = studio.show("accounts")
    assert isinstance(page, AccountsPage)
    studio.settle(lambda: page.stages.stage == "full")
    page.show_case(site)
    panel = page.case
    assert panel is not None
    studio.settle(lambda: panel.walk.standing is not None)
    return panel


def before(studio: Studio) -> None:
    """A mailbox that other accounts hang on."""
    search(studio)
    panel = open_case(studio, "example.org")
    panel.screen(Stage.BEFORE).ticks[-1].box.setChecked(True)
    panel.screen(Stage.BEFORE).ticks[0].stops()[1].click()
    studio.settle()


def ask(studio: Studio) -> None:
    """The page was opened; two accounts at one site."""
    search(studio).closing.set_state("linkedin.com", CaseState.CLOSE)
    panel = open_case(studio, "linkedin.com")
    panel.go(Stage.ASK)
    with mock.patch.object(links, "open_link"):  # the question before a link has its own picture
        panel.screen(Stage.ASK).open_page.click()
    studio.settle()


def empty(studio: Studio) -> None:
    """A service that deletes nothing."""
    service = search(studio)
    service.add("blogger.com", "anna")
    service.closing.set_state("blogger.com", CaseState.CLOSE)
    open_case(studio, "blogger.com").go(Stage.ASK)
    studio.settle()


def letter(studio: Studio) -> None:
    service = search(studio)
    service.closing.remember_sender(ANNA)
    panel = open_case(studio, "dropbox.com")
    panel.go(Stage.LETTER)
    studio.settle(lambda: panel.screen(Stage.LETTER).letter is not None)


def silent(studio: Studio) -> None:
    write_to(search(studio), "dropbox.com", date(2026, 9, 21))
    open_case(studio, "dropbox.com")


def look(studio: Studio) -> None:
    closing = search(studio).closing
    closing.set_state("github.com", CaseState.CONFIRMED)
    closing.answer("github.com", Gone.SIGN_IN, gone=True)
    open_case(studio, "github.com")


def gone(studio: Studio) -> None:
    service = search(studio)
    write_to(service, "dropbox.com", date(2026, 11, 18))
    service.closing.add_note("dropbox.com", "They called and were friendly.")
    service.closing.attach("dropbox.com", "Confirmation.pdf", "Papers: Accounts/Confirmation.pdf")
    service.closing.set_state("dropbox.com", CaseState.CONFIRMED)
    for step in Gone:
        service.closing.answer("dropbox.com", step, gone=True)
    panel = open_case(studio, "dropbox.com")
    panel.timeline.fold.toggle()
    studio.settle()


SCENES = (
    Scene("closing-before", before),
    Scene("closing-ask", ask),
    Scene("closing-empty", empty),
    Scene("closing-letter", letter),
    Scene("closing-silent", silent),
    Scene("closing-look", look),
    Scene("closing-gone", gone),
)

"""The states of the accounts page, over profiles written by real browsers."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from PySide6.QtWidgets import QWidget

from guardian.accounts.model import (
    Account,
    Case,
    CaseState,
    Confidence,
    Deadline,
    Evidence,
    EvidenceKind,
    Place,
    Source,
    SourceKind,
    UseClass,
    Window,
)
from guardian.core.words import message
from guardian.ui.jobs import Job
from guardian.ui.pages.accounts.export import ExportDialog
from guardian.ui.pages.accounts.handing import AddDialog
from guardian.ui.pages.accounts.page import AccountsPage
from tests.scenes.scene import Scene
from tests.scenes.studio import NOW, Studio

LOGINS = (SourceKind.FIREFOX, SourceKind.CHROMIUM)


def open_page(studio: Studio) -> AccountsPage:
    page = studio.show("accounts")
    assert isinstance(page, AccountsPage)
    return page


def consent(studio: Studio) -> AccountsPage:
    page = open_page(studio)
    studio.settle(lambda: page.stages.stage == "consent")
    return page


def logins(page: AccountsPage) -> list[str]:
    """The sources these scenes are about; others may come, and change what is counted."""
    kinds = tuple(f"{kind.value}:" for kind in LOGINS)
    return [key for key in page.consent.boxes if key.startswith(kinds)]


def tick(page: AccountsPage, keys: Sequence[str]) -> None:
    for key, box in page.consent.boxes.items():
        box.setChecked(key in keys)


def consent_ticked(studio: Studio) -> None:
    page = consent(studio)
    tick(page, logins(page)[:2])
    studio.settle()


def consent_brought(studio: Studio) -> None:
    page = consent(studio)
    mailbox = Source("mailbox:1", "Old mail.mbox", "", SourceKind.MAILBOX, studio.folder / "m")
    hand = Source("hand:", "", "", SourceKind.HAND, studio.folder / "h")
    page.consent.handing.show_brought((mailbox, hand))
    studio.settle()
    area = page.consent.area.verticalScrollBar()
    area.setValue(area.maximum())
    studio.settle()


def no_browser(studio: Studio) -> None:
    shutil.rmtree(studio.home / ".config")
    page = open_page(studio)
    studio.settle(lambda: page.stages.stage == "nothing")


def no_reading(studio: Studio) -> None:
    """One profile alone may be read, and its file of logins is damaged."""
    profile = next(studio.home.glob(".config/mozilla/firefox/*.work"))
    (profile / "logins.json").write_bytes(b'{"logins": [')
    page = consent(studio)
    tick(page, [key for key in logins(page) if key.endswith(".work")])
    page.consent.button.click()
    studio.settle(lambda: page.stages.stage == "nothing")


def working(studio: Studio) -> None:
    page = consent(studio)
    job = Job(page)
    page.follow(job, "Looking for your accounts")
    job.progressed.emit(1, 4, message("accounts.reading", source="Firefox (work)"))
    job.running = False
    studio.settle_working()


def full(studio: Studio) -> AccountsPage:
    """The saved logins allowed and read; the first account stands there to be decided on."""
    page = consent(studio)
    tick(page, logins(page))
    page.consent.button.click()
    studio.settle(lambda: page.stages.stage == "full")
    return page


def chosen(studio: Studio) -> None:
    """One account to decide on."""
    full(studio)


def decided(studio: Studio) -> None:
    page = full(studio)
    page.views.decide.decide(CaseState.KEEP)
    studio.settle()
    page.views.decide.decide(CaseState.LATER)
    studio.settle()
    page.views.decide.decide(CaseState.CLOSE)
    studio.settle()


def all_decided(studio: Studio) -> None:
    page = full(studio)
    assert page.views.book is not None
    page.views.listing.decided.emit(list(page.views.book.lines), CaseState.KEEP)
    studio.settle()


def listing(studio: Studio) -> AccountsPage:
    page = full(studio)
    page.views.decide.decide(CaseState.CLOSE)
    page.views.decide.decide(CaseState.KEEP)
    studio.settle()
    page.views.show_view("all")
    studio.settle()
    return page


def several(studio: Studio) -> None:
    """All accounts, two of them chosen."""
    page = listing(studio)
    page.views.listing.table.choose("spotify.com", "linkedin.com")
    studio.settle()


def one_year(studio: Studio) -> None:
    """The accounts of one bar of the chart, with all filters in sight."""
    page = full(studio)
    page.views.decide.chart.chosen.emit(page.views.decide.chart.bars()[-2].key)
    page.views.listing.filters.more.click()
    studio.settle()


def one_account(studio: Studio) -> None:
    page = listing(studio)
    page.views.listing.open_site("github.com")
    studio.settle()


def unreadable(studio: Studio) -> None:
    (studio.home / ".config/chromium/Profile 1/Login Data").write_bytes(b"")
    profile = next(studio.home.glob(".config/mozilla/firefox/*.work"))
    (profile / "logins.json").write_bytes(b'{"logins": [')
    page = full(studio)
    page.views.toggle_coverage()
    studio.settle()


def sender(site: str, days: int, count: int, link: str) -> Account:
    when = NOW - timedelta(days=days)
    news = Evidence(
        "mail", "Thunderbird (anna)", SourceKind.THUNDERBIRD, EvidenceKind.MAIL_NEWS,
        created=when, last_used=when, times_used=count, link=link,
    )  # fmt: skip
    return Account(
        site, Place.WEB, (), (news,), when, None, None, UseClass.UNKNOWN,
        message("accounts.why.no-date", source="Thunderbird (anna)"),
        (Window("Thunderbird (anna)", SourceKind.THUNDERBIRD, None),),
        Confidence.CONTACT, (site,), ("Thunderbird (anna)",),
    )  # fmt: skip


def contacts(studio: Studio) -> None:
    page = full(studio)
    assert page.views.book is not None
    senders = (
        sender("news.example.org", 3, 412, "https://news.example.org/leave?id=7"),
        sender("shoes.example", 40, 96, "mailto:leave@shoes.example"),
        sender("theatre.example", 500, 12, ""),
    )
    found = replace(page.views.book.found, contacts=senders)
    page.views.show_book(replace(page.views.book, found=found), fresh=True)
    page.views.show_view("contacts")
    page.views.contacts.rows.choose("shoes.example")
    studio.settle()


def cases(studio: Studio) -> None:
    page = full(studio)
    since = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)

    def due(month: int, day: int) -> Deadline:
        return Deadline(date(2026, month, day), date(2026, 10, 5), "gdpr", "Art. 12(3)")

    assert page.views.book is not None
    page.views.show_book(
        page.views.book.with_cases(
            {
                "dropbox.com": Case(CaseState.ASKED, since, deadline=due(12, 7)),
                "spotify.com": Case(CaseState.CLOSE, since),
                "linkedin.com": Case(CaseState.SILENT, since, deadline=due(11, 5)),
                "github.com": Case(CaseState.CONFIRMED, since),
            }
        ),
        fresh=True,
    )
    page.views.show_view("cases")
    studio.settle()


def export_warning(studio: Studio) -> QWidget:
    page = full(studio)
    dialog = ExportDialog(page, studio.guardian.words)
    dialog.open()
    studio.settle()
    return dialog


def add_dialog(studio: Studio) -> QWidget:
    page = full(studio)
    dialog = AddDialog(page, studio.guardian.words)
    dialog.open()
    studio.settle()
    return dialog


SCENES = (
    Scene("accounts-consent", consent_ticked),
    Scene("accounts-consent-brought", consent_brought),
    Scene("accounts-no-browser", no_browser),
    Scene("accounts-unread", no_reading),
    Scene("accounts-working", working),
    Scene("accounts-chosen", chosen),
    Scene("accounts-decided", decided),
    Scene("accounts-all-decided", all_decided),
    Scene("accounts-list", several),
    Scene("accounts-one-year", one_year),
    Scene("accounts-one", one_account),
    Scene("accounts-unreadable", unreadable),
    Scene("accounts-contacts", contacts),
    Scene("accounts-cases", cases),
    Scene("accounts-export", export_warning),
    Scene("accounts-add", add_dialog),
)

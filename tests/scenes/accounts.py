"""The states of the accounts page, over profiles written by real browsers."""

from __future__ import annotations

import shutil

from PySide6.QtCore import Qt

from guardian.accounts.model import Decision
from guardian.core.words import message
from guardian.ui.jobs import Job
from guardian.ui.pages.accounts.page import AccountsPage
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio


def open_page(studio: Studio) -> AccountsPage:
    page = studio.show("accounts")
    assert isinstance(page, AccountsPage)
    return page


def consent(studio: Studio) -> AccountsPage:
    page = open_page(studio)
    studio.settle(lambda: page.stages.stage == "consent")
    return page


def consent_ticked(studio: Studio) -> None:
    page = consent(studio)
    for box in list(page.consent.boxes.values())[:2]:
        box.setChecked(True)
    studio.settle()


def no_browser(studio: Studio) -> None:
    shutil.rmtree(studio.home / ".config")
    page = open_page(studio)
    studio.settle(lambda: page.stages.stage == "none")


def no_look(studio: Studio) -> None:
    shutil.rmtree(studio.home / ".config")
    place = studio.home / ".mozilla/firefox"
    place.mkdir(parents=True)
    (place / "profiles.ini").write_bytes(b"\xff\xfe[[[")
    page = open_page(studio)
    studio.settle(lambda: page.stages.stage == "refused")


def no_reading(studio: Studio) -> None:
    profile = next(studio.home.glob(".config/mozilla/firefox/*.work"))
    (profile / "logins.json").write_bytes(b'{"logins": [')
    page = consent(studio)
    box = next(box for key, box in page.consent.boxes.items() if key.endswith(".work"))
    box.setChecked(True)
    page.consent.button.click()
    studio.settle(lambda: page.stages.stage == "unread")


def working(studio: Studio) -> None:
    page = consent(studio)
    job = Job(page)
    page.follow(job)
    job.progressed.emit(1, 4, message("accounts.reading", source="Firefox (work)"))
    job.running = False
    studio.settle_working()


def full(studio: Studio) -> AccountsPage:
    """Everything allowed and read; the first account is chosen by itself."""
    page = consent(studio)
    for box in page.consent.boxes.values():
        box.setChecked(True)
    page.consent.button.click()
    studio.settle(lambda: page.stages.stage == "full")
    return page


def chosen(studio: Studio) -> None:
    full(studio).browse.choose("dropbox.com")
    studio.settle()


def evidence(studio: Studio) -> None:
    page = full(studio)
    page.browse.choose("spotify.com")
    page.browse.detail.fold.toggle()
    studio.settle()


def unreadable(studio: Studio) -> None:
    (studio.home / ".config/chromium/Profile 1/Login Data").write_bytes(b"")
    profile = next(studio.home.glob(".config/mozilla/firefox/*.work"))
    (profile / "logins.json").write_bytes(b'{"logins": [')
    page = full(studio)
    page.browse.coverage_line.button.click()
    studio.settle()


def decided(studio: Studio) -> None:
    page = full(studio)
    page.browse.detail.decided.emit(Decision.CLOSE)
    page.browse.detail.decided.emit(Decision.KEEP)
    page.browse.detail.decided.emit(Decision.CLOSE)
    studio.settle()


def to_close(studio: Studio) -> None:
    page = full(studio)
    page.browse.choose("dropbox.com")
    page.browse.detail.decided.emit(Decision.CLOSE)
    page.browse.show_view(Decision.CLOSE)
    page.browse.said.hide()
    page.browse.rows.setFocus(Qt.FocusReason.OtherFocusReason)
    studio.settle()


def no_match(studio: Studio) -> None:
    page = full(studio)
    page.browse.search.setText("zebra")
    studio.settle()


def nothing(studio: Studio) -> None:
    profile = next(studio.home.glob(".config/mozilla/firefox/*.work"))
    (profile / "logins.json").write_text('{"logins": [], "version": 3}', "utf-8")
    page = consent(studio)
    box = next(box for key, box in page.consent.boxes.items() if key.endswith(".work"))
    box.setChecked(True)
    page.consent.button.click()
    studio.settle(lambda: page.stages.stage == "nothing")


def shown(prepare):  # type: ignore[no-untyped-def]
    """A scene's function that gives nothing back: the main window is looked at."""

    def prepared(studio: Studio) -> None:
        prepare(studio)

    return prepared


SCENES = (
    Scene("accounts-consent", shown(consent)),
    Scene("accounts-consent-ticked", consent_ticked),
    Scene("accounts-no-browser", no_browser),
    Scene("accounts-refused", no_look),
    Scene("accounts-unread", no_reading),
    Scene("accounts-working", working),
    Scene("accounts-full", shown(full)),
    Scene("accounts-chosen", chosen),
    Scene("accounts-evidence", evidence),
    Scene("accounts-unreadable", unreadable),
    Scene("accounts-decided", decided),
    Scene("accounts-to-close", to_close),
    Scene("accounts-no-match", no_match),
    Scene("accounts-nothing", nothing),
)

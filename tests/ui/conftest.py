"""Vault pages for tests: without a vault, locked, and open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.pages.vault.page import VaultPage
from guardian.ui.preferences import Preferences
from guardian.vault.cryptomator import masterkey
from guardian.vault.service import VaultService
from tests.ui.vault_room import PASSPHRASE, Clock, Room


@pytest.fixture
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least work a reader accepts, so that opening a vault costs nothing."""
    monkeypatch.setattr(masterkey, "COST", 2**10)


@pytest.fixture
def build(qtbot: QtBot, tmp_path: Path, cheap_keys: None) -> Iterator[Callable[[], Room]]:
    store, jobs, clock = open_in_memory(), Jobs(), Clock()
    service = VaultService(store, clock)

    def make() -> Room:
        desk = Desk(Words(), jobs, clock, go=lambda _key: None, open_link=lambda _url: None)
        preferences = Preferences(tmp_path / "settings.json")
        window = QWidget()
        qtbot.addWidget(window)
        page = VaultPage(service, desk, preferences)
        page.setParent(window)
        window.resize(900, 760)
        page.resize(900, 760)
        window.show()
        page.show()
        page.refresh()
        return Room(page, service, clock, qtbot, tmp_path, preferences, window)

    yield make
    jobs.close()
    store.close()


@pytest.fixture
def room(build: Callable[[], Room]) -> Room:
    """No vault yet."""
    return build()


@pytest.fixture
def locked(build: Callable[[], Room], tmp_path: Path) -> Room:
    """One empty vault, locked."""
    made = build()
    made.service.create(made.vault, PASSPHRASE).lock()
    made.page.refresh()
    return made


@pytest.fixture
def opened(locked: Room) -> Room:
    """The same vault, open, with two documents and a folder."""
    locked.service.open(locked.vault, PASSPHRASE).lock()
    with locked.service.open(locked.vault, PASSPHRASE) as vault:
        vault.add([locked.paper("Passport.pdf"), locked.paper("Lease.txt", b"x" * 2_000)])
        vault.add([locked.paper("Policy.pdf")], "Car")
    locked.unlock()
    return locked

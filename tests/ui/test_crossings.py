"""From an agreement to the account it belongs to, to a letter, to the vault."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guardian import features
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.pages.accounts.closing.standing import Stage
from guardian.ui.pages.crossings import Crossings
from guardian.ui.proofs import Proofs

NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
FIXTURE = Path(__file__).resolve().parents[1] / "fixtures/accounts/home"


@pytest.fixture
def crossings(qtbot: QtBot, tmp_path: Path) -> Iterator[Crossings]:
    home = tmp_path / "somebody"
    shutil.copytree(FIXTURE, home)
    store, jobs = open_in_memory(), Jobs()
    built = features.build(store, home, lambda: NOW)
    gone: list[str] = []
    desk = Desk(Words(), jobs, lambda: NOW, gone.append, lambda _url: None)
    crossed = Crossings(built, desk, Proofs())
    crossed.gone = gone  # type: ignore[attr-defined]
    crossed.features, crossed.jobs = built, jobs  # type: ignore[attr-defined]
    yield crossed
    jobs.close()
    store.close()


def find_accounts(crossings: Crossings) -> None:
    accounts = crossings.features.accounts  # type: ignore[attr-defined]
    keys = [one.source.key for one in accounts.sources() if "firefox" in one.source.key]
    accounts.choose(dict.fromkeys(keys, True))
    accounts.find(lambda *_: None)


def test_an_address_in_a_document_leads_to_the_account(crossings: Crossings) -> None:
    assert crossings.account_for(("github.com",), "Terms") is None, "nothing is known yet"
    find_accounts(crossings)
    assert crossings.account_for(("nobody.example", "docs.github.com"), "Terms") == "github.com"
    assert crossings.account_for((), "The github privacy statement") == "github.com"
    assert crossings.account_for(("nobody.example",), "Somebody’s terms") is None


def test_the_account_is_shown_at_its_letter(crossings: Crossings, qtbot: QtBot) -> None:
    find_accounts(crossings)
    page = crossings.build_accounts()
    qtbot.addWidget(page)
    page.show()
    page.refresh()
    crossings.from_agreements().write_letter("github.com", "erasure")  # type: ignore[misc]
    assert crossings.gone == ["accounts"]  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: page.case is not None and page.case.stage is Stage.LETTER, timeout=8000)
    qtbot.waitUntil(lambda: not crossings.jobs.running, timeout=8000)  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert page.stages.stage == "case"
    assert page.case is not None
    assert page.case.walk.site == "github.com"


def test_a_text_is_handed_to_the_vault(crossings: Crossings) -> None:
    offered = crossings.from_agreements().keep_in_vault
    assert offered is not None
    offered("lantern.txt", b"We keep it.")
    parcel = crossings._proofs.parcel
    assert parcel is not None
    assert [file.read_bytes() for file in parcel.files] == [b"We keep it."]
    assert parcel.files[0].parent.stat().st_mode & 0o077 == 0
    assert crossings.gone == ["vault"]  # type: ignore[attr-defined]

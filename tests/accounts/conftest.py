"""A home with profiles written by the real browsers, and a service that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts_home import FIXTURE, NOW, VISITS

from guardian.accounts.service import AccountsService
from guardian.core.store import Store, open_in_memory


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the fixture home, free to be spoilt."""
    copy = tmp_path / "anna"
    shutil.copytree(FIXTURE, copy)
    return copy


@pytest.fixture
def firefox_profile(home: Path) -> Path:
    return next(home.glob(".config/mozilla/firefox/*.default-esr"))


@pytest.fixture
def chromium_profile(home: Path) -> Path:
    return home / ".config/chromium/Default"


@pytest.fixture
def visits_home(tmp_path: Path) -> Path:
    """A copy of the home whose browsers keep a history, free to be spoilt."""
    return Path(shutil.copytree(VISITS, tmp_path / "visits"))


@pytest.fixture
def chromium_visits(visits_home: Path) -> Path:
    return visits_home / ".config/chromium/Default"


@pytest.fixture
def firefox_visits(visits_home: Path) -> Path:
    return next(visits_home.glob(".config/mozilla/firefox/*.default-esr"))


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_in_memory()
    yield store
    store.close()


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which databases in use are copied for reading."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def service(store: Store, home: Path) -> AccountsService:
    return AccountsService(store, home, lambda: NOW)


@pytest.fixture
def allowed(service: AccountsService) -> AccountsService:
    """The service with every source allowed."""
    for state in service.sources():
        service.allow(state.source.key, True)
    return service

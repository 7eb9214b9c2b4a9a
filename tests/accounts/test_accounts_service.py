"""Consent, memory, decisions, and what the checkup is told."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from accounts_home import CANARY, FIXTURE, NOW, by_site

from guardian.accounts.model import CaseState, EvidenceKind, RouteKind
from guardian.accounts.rules.addresses import registrable
from guardian.accounts.service import AccountsService
from guardian.accounts.sources import read_source
from guardian.core.errors import Problem
from guardian.core.feature import Feature, Level
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Message, Words


def dump(store: Store) -> str:
    """Everything the records hold, as text."""
    tables = store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return str([store.rows(f"SELECT * FROM {name}") for (name,) in tables])


def test_nothing_is_read_without_consent(
    service: AccountsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guardian.accounts.sources.read_source", None)  # would fail if called
    service.check(report_nothing)
    found = service.find(report_nothing)
    assert found.accounts == found.read == ()
    assert len(found.not_allowed) == 6
    assert service.known() is None


def test_consent_is_given_per_source_and_remembered(
    service: AccountsService, store: Store, home: Path
) -> None:
    key = service.sources()[0].source.key
    service.allow(key, True)
    again = AccountsService(store, home, lambda: NOW)
    assert [state.allowed for state in again.sources()] == [True, *[False] * 5]
    found = again.find(report_nothing)
    assert [source.key for source in found.read] == [key]
    assert {one.source_key for account in found.accounts for one in account.evidence} == {key}


def test_consent_taken_back_forgets_what_was_read(allowed: AccountsService, store: Store) -> None:
    allowed.find(report_nothing)
    for state in allowed.sources():
        if state.source.browser == "Chromium":
            allowed.allow(state.source.key, False)
    known = allowed.known()
    assert known
    assert "linkedin.com" not in by_site(known)
    assert "example.org" in by_site(known)
    assert "linkedin" not in dump(store)
    assert {source.browser for source in known.read} == {"Firefox"}


def test_consent_for_one_run_is_not_remembered(service: AccountsService, store: Store) -> None:
    keys = {state.source.key for state in service.sources()}
    before = dump(store)
    assert len(service.find_this_once(keys, report_nothing).accounts) == 12
    assert not any(state.allowed for state in service.sources())
    assert service.known() is None
    assert dump(store) == before


def test_of_a_search_only_what_is_allowed_for_good_is_kept(
    service: AccountsService, store: Store
) -> None:
    states = service.sources()
    chromium = next(one.source.key for one in states if "Profile 1" in one.source.key)
    service.allow(chromium, True)
    found = service.find_this_once({state.source.key for state in states}, report_nothing)
    assert len(found.accounts) == 12
    assert found.own_network == ("192.168.1.1", "localhost", "nas")
    known = service.known()
    assert known
    assert set(by_site(known)) == {"dropbox.com"}
    assert len(known.not_allowed) == 5
    for trace in ("spotify", "192.168.1.1", "nas"):
        assert f'"{trace}"' not in dump(store)


def test_consent_taken_back_during_a_search_counts(allowed: AccountsService, store: Store) -> None:
    def take_back(_done: int, _total: int, _note: Message | None = None, /) -> None:
        for state in allowed.sources():
            if state.source.browser == "Chromium" and state.allowed:
                allowed.allow(state.source.key, False)

    found = allowed.find(take_back)
    assert {source.browser for source in found.read} == {"Firefox"}
    assert "linkedin" not in dump(store)
    assert "linkedin.com" not in by_site(found)


def test_choices_are_kept_all_or_none(service: AccountsService, store: Store) -> None:
    one, other = (state.source.key for state in service.sources()[:2])
    service.allow(one, True)
    store.run(
        "CREATE TRIGGER full BEFORE INSERT ON accounts_consents"
        " BEGIN SELECT raise(ABORT, 'database or disk is full'); END"
    )
    with pytest.raises(Problem):
        service.choose({one: False, other: True})
    assert [state.allowed for state in service.sources()][:2] == [True, False]


def test_another_home_leaves_no_trace_in_the_records(
    allowed: AccountsService, store: Store
) -> None:
    before = dump(store)
    keys = {state.source.key for state in allowed.sources(FIXTURE)}
    assert len(allowed.find_elsewhere(FIXTURE, keys, report_nothing).accounts) == 12
    assert dump(store) == before


def test_consent_for_ones_own_home_says_nothing_about_another(allowed: AccountsService) -> None:
    assert not any(state.allowed for state in allowed.sources(FIXTURE))


def test_another_home_that_is_not_there_is_a_problem(service: AccountsService) -> None:
    with pytest.raises(Problem, match="file-missing"):
        service.find_elsewhere(Path("/no/such/home"), (), report_nothing)


def test_a_decision_is_remembered_and_can_be_undone(
    allowed: AccountsService, store: Store, home: Path
) -> None:
    allowed.find(report_nothing)
    allowed.closing.set_state("dropbox.com", CaseState.KEEP)
    allowed.closing.set_state("Dropbox.com", CaseState.CLOSE)
    again = AccountsService(store, home, lambda: NOW)
    assert by_site(again.find(report_nothing))["dropbox.com"].state is CaseState.CLOSE
    assert again.closing.undo("dropbox.com").state is CaseState.KEEP
    assert again.closing.undo("dropbox.com").state is CaseState.FOUND
    assert again.closing.undo("dropbox.com").state is CaseState.FOUND


def test_an_unknown_account_cannot_be_decided(allowed: AccountsService) -> None:
    with pytest.raises(Problem, match="account-unknown"):
        allowed.closing.set_state("nowhere.example", CaseState.CLOSE)


@pytest.mark.parametrize("text", ["spotify.com", "https://open.spotify.com/x", "OPEN.spotify.com"])
def test_a_route_is_found_for_a_site_a_host_or_an_address(
    service: AccountsService, text: str
) -> None:
    route = service.closing.routes(text)[0]
    assert (route.site, route.kind) == ("spotify.com", RouteKind.DELETE_PAGE)
    assert route.checked_year


def test_the_route_of_an_app_leads_to_its_store_page(allowed: AccountsService) -> None:
    allowed.find(report_nothing)
    assert allowed.closing.routes("com.example.banking")[0].kind is RouteKind.APP_PAGE


@pytest.mark.parametrize("text", ["192.168.1.1", "localhost", "", "rm -rf /", "chrome://x"])
def test_there_is_no_route_to_what_is_no_public_site(service: AccountsService, text: str) -> None:
    with pytest.raises(Problem, match="site-odd"):
        service.closing.routes(text)[0]


def test_the_checkup_is_led_from_search_to_decision_to_closing(service: AccountsService) -> None:
    feature: Feature = service
    words = Words()
    assert feature.summary().level is None
    feature.check(report_nothing)
    assert words.tell(feature.summary().text).startswith("Guardian found 6 sources")
    assert [step.command for step in feature.next_steps()] == ["guardian accounts find"]

    service.choose({state.source.key: True for state in service.sources()})
    service.find(report_nothing)
    assert feature.summary().level is Level.ASK
    assert words.tell(feature.summary().text) == (
        "12 accounts. 8 with no sign of use here for over a year."
    )
    assert [step.command for step in feature.next_steps()] == ["guardian accounts list"]

    known = service.known()
    assert known
    for account in known.accounts:
        service.closing.set_state(account.site, CaseState.KEEP)
    assert feature.summary().level is Level.FINE
    assert feature.next_steps() == ()

    service.closing.set_state("dropbox.com", CaseState.CLOSE)
    assert feature.summary().level is Level.ASK
    assert [step.command for step in feature.next_steps()] == [
        "guardian accounts route dropbox.com"
    ]


def test_a_computer_without_browsers_is_told_so(store: Store, tmp_path: Path) -> None:
    service = AccountsService(store, tmp_path, lambda: NOW)
    service.check(report_nothing)
    assert service.summary().text.code == "accounts.summary.no-sources"
    assert service.next_steps() == ()


def test_browsers_without_logins_are_told_so(service: AccountsService, home: Path) -> None:
    for file in home.rglob("logins.json"):
        file.write_text('{"logins": []}')
    for one in service.sources():
        service.allow(one.source.key, one.source.browser == "Firefox")
    service.find(report_nothing)
    summary = service.summary()
    assert (summary.level, summary.text.code) == (Level.FINE, "accounts.summary.none")
    assert service.next_steps() == ()


def test_records_that_cannot_be_understood_count_as_none(
    allowed: AccountsService, store: Store, home: Path
) -> None:
    allowed.find(report_nothing)
    store.run("UPDATE accounts_look SET look = ?", b'{"looked_at": 3}')
    again = AccountsService(store, home, lambda: NOW)
    assert again.known() is None
    assert again.find(report_nothing).accounts


def test_no_password_gets_anywhere(
    allowed: AccountsService,
    store: Store,
    firefox_profile: Path,
    chromium_profile: Path,
    memory: Path,
) -> None:
    """The password stands in the clear in both browsers here, and is in a file being copied."""
    logins = firefox_profile / "logins.json"
    content = msgspec.json.decode(logins.read_bytes())
    for row in content["logins"]:
        row["encryptedPassword"] = CANARY
    logins.write_bytes(msgspec.json.encode(content))
    with closing(sqlite3.connect(chromium_profile / "Login Data")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("UPDATE logins SET password_value = ?", (CANARY,))
        database.commit()
        assert CANARY.encode() in (chromium_profile / "Login Data-wal").read_bytes()
        found = allowed.find(report_nothing)
    assert len(found.accounts) == 12
    assert CANARY not in repr(found)
    assert CANARY not in dump(store)
    assert list(memory.iterdir()) == []


def test_the_file_with_firefoxes_key_is_never_opened(
    allowed: AccountsService, home: Path, firefox_profile: Path
) -> None:
    """A pipe in its place would hang whoever opens it."""
    os.mkfifo(firefox_profile / "key4.db")
    assert len(allowed.find(report_nothing).accounts) == 12


def test_what_is_handed_in_after_a_search_still_gets_its_visits(
    store: Store, visits_home: Path, tmp_path: Path
) -> None:
    service = AccountsService(store, visits_home, lambda: NOW)
    for state in service.sources():
        service.allow(state.source.key, True)
    before = service.find(report_nothing)
    history = next(one for one in before.read if one.kind.is_history)
    reading = read_source(history, NOW, lambda: None)
    site = next(
        site
        for entry in reading.entries
        if entry.evidence.kind is EvidenceKind.VISIT
        and (site := registrable(urlsplit(entry.address).hostname or ""))
        and site not in before.by_site()
    )
    export = tmp_path / "logins.csv"
    export.write_text(f"name,url,username,password,note\nx,https://{site}/login,anna,x,\n")
    service.bring(export, report_nothing)
    account = service.account(site)
    assert account.evidence[0].kind is EvidenceKind.VISIT
    assert account.last_used is not None

"""What could not be read: never a «fine», and never a reason to forget what was known."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from accounts_home import NOW, by_site

from guardian.accounts.model import CaseState, Found, Look
from guardian.accounts.rules import judging
from guardian.accounts.service import AccountsService
from guardian.core.feature import Level
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Words

LATER = NOW + timedelta(days=3)


def told(service: AccountsService) -> str:
    return Words().tell(service.summary().text)


def commands(service: AccountsService) -> list[str]:
    return [step.command for step in service.next_steps()]


def damage(home: Path) -> None:
    """Every file with logins."""
    for name in ("logins.json", "Login Data", "Login Data For Account"):
        for file in home.rglob(name):
            file.write_bytes(b"broken" * 99)


@pytest.fixture
def later(allowed: AccountsService, store: Store, home: Path) -> AccountsService:
    """Three days after a search that read everything."""
    allowed.find(report_nothing)
    return AccountsService(store, home, lambda: LATER)


def test_when_nothing_could_be_read_the_overview_says_so(
    allowed: AccountsService, home: Path
) -> None:
    damage(home)
    allowed.check(report_nothing)
    allowed.find(report_nothing)
    assert allowed.summary().level is Level.ASK
    assert told(allowed).startswith("Guardian found no account, but could not read 4 ")
    assert commands(allowed) == ["guardian accounts list"]
    assert "could not read" in Words().tell(allowed.next_steps()[0].title)


def test_an_empty_profile_beside_unreadable_ones_is_not_fine(
    allowed: AccountsService, home: Path, firefox_profile: Path
) -> None:
    damage(home)
    (firefox_profile / "logins.json").write_text('{"logins": []}')
    allowed.find(report_nothing)
    assert allowed.summary().level is Level.ASK
    assert "could not read 3 " in told(allowed)


def test_accounts_beside_an_unreadable_profile_are_told_with_it(
    allowed: AccountsService, firefox_profile: Path
) -> None:
    (firefox_profile / "logins.json").write_bytes(b"")
    for account in allowed.find(report_nothing).accounts:
        allowed.closing.set_state(account.site, CaseState.KEEP)
    assert allowed.summary().level is Level.ASK
    assert told(allowed).endswith("Could not be read in full: 1.")
    assert commands(allowed) == ["guardian accounts list"]


def close(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    really = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name in names:
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(Path, "iterdir", refuse)


def test_no_browser_is_not_said_while_a_place_could_not_be_looked_into(
    service: AccountsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(monkeypatch, "chromium", "firefox")
    service.check(report_nothing)
    assert service.summary().level is Level.ASK
    assert "could not look into 2 places" in told(service)
    assert commands(service) == ["guardian accounts find"]


def test_places_that_refuse_are_told_beside_profiles_that_can_be_read(
    service: AccountsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(monkeypatch, "chromium")
    service.check(report_nothing)
    assert told(service).endswith("Places it could not look into: 1.")
    service.find(report_nothing)
    assert told(service).startswith("Guardian found 3 sources"), "none was asked yet"


def test_a_failed_search_keeps_what_an_earlier_one_found(
    later: AccountsService, home: Path
) -> None:
    damage(home)
    found = later.find(report_nothing)
    assert len(found.accounts) == 12
    assert {one.kind.value for one in found.read} == {"firefox-history", "chromium-history"}
    assert len(found.not_read) >= 4
    assert {(one.source.browser, one.read_at) for one in found.kept} == {
        ("Firefox", NOW), ("Chromium", NOW),
    }  # fmt: skip
    assert len(found.kept) == 4
    assert {one.read_at for account in found.accounts for one in account.evidence} == {NOW}
    assert found.own_network == ("192.168.1.1", "localhost", "nas")
    assert later.known() == found


def test_the_day_of_the_last_reading_stays_over_further_failures(
    later: AccountsService, store: Store, home: Path
) -> None:
    damage(home)
    later.find(report_nothing)
    again = AccountsService(store, home, lambda: LATER + timedelta(days=9))
    assert {one.read_at for one in again.find(report_nothing).kept} == {NOW}


def test_what_can_be_read_again_is_no_longer_kept(
    later: AccountsService, home: Path, firefox_profile: Path
) -> None:
    file = firefox_profile / "logins.json"
    good = file.read_bytes()
    file.write_bytes(b"")
    found = later.find(report_nothing)
    assert [one.source.path for one in found.kept] == [firefox_profile]
    assert "example.org" in by_site(found)
    assert {one.read_at for one in by_site(found)["dropbox.com"].evidence} == {None}
    file.write_bytes(good)
    assert later.find(report_nothing).kept == ()


def test_of_a_profile_with_one_bad_file_the_other_is_fresh_and_the_rest_kept(
    later: AccountsService, chromium_profile: Path
) -> None:
    other = chromium_profile.with_name("Profile 1") / "Login Data"
    shutil.copy(other, chromium_profile / "Login Data For Account")
    (chromium_profile / "Login Data").write_bytes(b"")
    found = later.find(report_nothing)
    assert len(found.accounts) == 12
    source = next(one for one in found.read if one.path == chromium_profile)
    assert [one.source for one in found.kept] == [source]
    days = {
        one.read_at
        for account in found.accounts
        for one in account.evidence
        if one.source_key == source.key
    }
    assert days == {None, NOW}


def unlist(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close(monkeypatch, "chromium")


def remove(home: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(home / ".config/chromium")


@pytest.mark.parametrize(("change", "stays"), [(unlist, True), (remove, False)])
def test_a_profile_that_is_gone_is_forgotten_but_not_one_that_cannot_be_listed(
    later: AccountsService,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, pytest.MonkeyPatch], None],
    stays: bool,
) -> None:
    change(home, monkeypatch)
    found = later.find(report_nothing)
    assert ("linkedin.com" in by_site(found)) is stays
    assert (len(found.kept) == 2) is stays


def test_what_is_kept_goes_when_consent_is_taken_back(later: AccountsService, home: Path) -> None:
    damage(home)
    kept = later.find(report_nothing).kept
    later.choose({one.source.key: False for one in kept})
    known = later.known()
    assert known
    assert (known.accounts, known.kept, known.own_network) == ((), (), ())


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The times at which everything was judged anew."""
    times: list[datetime] = []
    really = judging.judge

    def judge(look: Look, cases: object, now: datetime, **more: object) -> Found:
        times.append(now)
        return really(look, cases, now, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judge", judge)
    return times


def test_a_search_is_judged_once_a_day(
    allowed: AccountsService, store: Store, home: Path, judged: list[datetime]
) -> None:
    allowed.find(report_nothing)
    allowed.summary()
    allowed.next_steps()
    allowed.closing.set_state("dropbox.com", CaseState.CLOSE)
    allowed.closing.undo("dropbox.com")
    assert allowed.known() == allowed.known()
    assert len(judged) == 1
    days = iter([NOW, NOW + timedelta(hours=2), LATER, LATER])
    service = AccountsService(store, home, lambda: next(days))
    for _ in range(4):
        service.known()
    assert judged[1:] == [NOW, LATER]


def test_what_another_process_changes_is_seen(
    allowed: AccountsService, store: Store, home: Path
) -> None:
    other = AccountsService(store, home, lambda: NOW)
    allowed.find(report_nothing)
    for state in (CaseState.CLOSE, CaseState.KEEP):
        other.closing.set_state("dropbox.com", state)
        assert allowed.account("dropbox.com").state is state
    other.closing.undo("dropbox.com")
    assert allowed.account("dropbox.com").state is CaseState.CLOSE
    other.closing.undo("dropbox.com")
    other.closing.set_state("dropbox.com", CaseState.KEEP)  # as many events as once before
    assert allowed.account("dropbox.com").state is CaseState.KEEP
    chromium = next(one.source.key for one in other.sources() if "Profile 1" in one.source.key)
    other.allow(chromium, False)
    known = allowed.known()
    assert known
    assert "dropbox.com" not in by_site(known)


def test_a_home_whose_name_is_no_text_is_remembered_too(
    store: Store, home: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "caf\udce9"  # the byte 0xE9 alone, as an old Latin-1 name has it
    shutil.copytree(home, odd)
    service = AccountsService(store, odd, lambda: NOW)
    for state in service.sources():
        service.allow(state.source.key, True)
    found = service.find(report_nothing)
    known = AccountsService(store, odd, lambda: NOW).known()
    assert known is not None
    assert known.accounts == found.accounts
    assert {one.path for one in known.read} == {one.path for one in found.read}

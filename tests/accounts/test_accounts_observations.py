"""What the records show to the checkup: searched, decided, answered; and the keys of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from accounts_home import NOW
from accounts_ledger import seen

from guardian.accounts.model import CaseState, Look, NotRead, Sighting, Source, SourceKind
from guardian.accounts.repository import AccountsRepository
from guardian.accounts.service import AccountsService
from guardian.core.feature import Level, Observation
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words
from tests.timing import quickest

S = CaseState
WORDS = Words()
EXPORT = Source("export:x", "Export", "", SourceKind.EXPORT, Path("x"))
FIREFOX = Source("firefox:a", "Firefox", "anna", SourceKind.FIREFOX, Path("f"))


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def service(store: Store, tmp_path: Path) -> AccountsService:
    return AccountsService(store, tmp_path, lambda: NOW)


def hand_in(store: Store, *sightings: Sighting, at: datetime = NOW) -> None:
    """As if the person had handed in what a password program knows."""
    look = Look(at, sightings, read=(EXPORT,))
    AccountsRepository(store).bring(EXPORT.key, look)


def observed(service: AccountsService) -> dict[str, Observation]:
    found = service.observations()
    assert len({one.check for one in found}) == len(found)
    for one in found:
        assert one.text.code in WORDS
        assert "{" not in WORDS.tell(one.text)
        assert 0 <= one.done <= one.total >= 1
    return {one.check: one for one in found}


def counted(service: AccountsService, check: str) -> tuple[int, int]:
    one = observed(service)[check]
    return one.done, one.total


def test_nothing_is_told_before_a_source_was_read(service: AccountsService, store: Store) -> None:
    assert service.observations() == ()
    service.add("club.example")
    assert service.observations() == (), "what is typed in is no search"
    look = Look(NOW, not_read=(NotRead(FIREFOX, "browser-file-damaged"),))
    AccountsRepository(store).choose({FIREFOX.key: True}, NOW)
    AccountsRepository(store).remember(look, ())
    assert service.observations() == (), "nothing could be read"


def test_a_search_counts_as_of_the_day_it_was_made(service: AccountsService, store: Store) -> None:
    then = NOW - timedelta(days=200)
    hand_in(store, seen("club.example", days=210), at=then)
    searched = observed(service)["accounts-searched"]
    assert (searched.done, searched.total, searched.seen) == (1, 1, then)
    assert WORDS.tell(searched.text) == "Guardian searched, and found 1 account."
    AccountsRepository(store).choose({FIREFOX.key: True}, NOW)
    AccountsRepository(store).remember(Look(NOW, (), read=(FIREFOX,)), ())
    assert observed(service)["accounts-searched"].seen == NOW


def test_only_accounts_long_unused_want_a_decision(service: AccountsService, store: Store) -> None:
    hand_in(store, seen("new.example", days=9), seen("undated.example", days=None))
    one = observed(service)["accounts-decided"]
    assert (one.done, one.total, one.seen) == (1, 1, NOW)
    hand_in(store, *(seen(f"{name}.example", days=500) for name in "abc"))
    assert counted(service, "accounts-decided") == (0, 3)
    service.closing.set_state("a.example", S.KEEP)
    service.closing.set_state("b.example", S.CLOSE)
    service.closing.set_state("c.example", S.LATER)
    assert counted(service, "accounts-decided") == (2, 3)
    service.closing.undo("a.example")
    assert counted(service, "accounts-decided") == (1, 3)


def test_closing_an_account_never_counts_against_the_person(
    service: AccountsService, store: Store
) -> None:
    hand_in(store, seen("a.example", days=500), seen("b.example", days=500))
    service.closing.set_state("a.example", S.GONE)
    assert counted(service, "accounts-decided") == (1, 2)
    hand_in(store, seen("b.example", days=500))  # the login of the closed one was deleted
    assert counted(service, "accounts-decided") == (1, 2)
    hand_in(store, seen("a.example", days=3), seen("b.example", days=500))
    assert counted(service, "accounts-decided") == (1, 2), "gone, however lately it was used"


def test_answers_are_told_once_a_service_was_asked(service: AccountsService, store: Store) -> None:
    hand_in(store, *(seen(f"{name}.example", days=500) for name in "abcd"))
    for name in "abc":
        service.closing.set_state(f"{name}.example", S.CLOSE)
    assert "accounts-answers" not in observed(service)
    for name in "abc":
        service.closing.set_state(f"{name}.example", S.ASKED)
    assert counted(service, "accounts-answers") == (3, 3)
    service.closing.set_state("a.example", S.SILENT)
    service.closing.set_state("b.example", S.GONE)
    late = observed(service)["accounts-answers"]
    assert (late.done, late.total, late.seen) == (2, 3, NOW)
    assert WORDS.tell(late.text) == "1 service that you asked is late with its answer."
    service.closing.set_state("a.example", S.CONFIRMED)
    assert counted(service, "accounts-answers") == (3, 3)


# steps


def test_each_step_has_a_key_of_its_own_that_tells_no_site(
    service: AccountsService, store: Store
) -> None:
    assert [step.key for step in service.next_steps()] == ["accounts-searched"]
    hand_in(store, *(seen(f"{name}.example", days=500) for name in "abcdefgh"))
    states = (S.SILENT, S.SILENT, S.REFUSED, S.CLOSE, S.CLOSE, S.KEEP)
    for name, state in zip("abcdef", states, strict=True):
        service.closing.set_state(f"{name}.example", state)
    found = service.next_steps()
    keys = [step.key for step in found]
    assert len(set(keys)) == len(keys)
    assert {step.level for step in found} == {Level.ASK}, "an overdue answer is a question"
    assert sorted(key.partition(":")[0] for key in keys) == [
        "accounts-answers",
        "accounts-answers",
        "accounts-close",
        "accounts-decided",
        "accounts-refused",
    ]
    assert not any("example" in key for key in keys)
    service.closing.set_state("d.example", S.KEEP)
    service.closing.add_note("a.example", "They are on holiday.")
    assert [step.key for step in service.next_steps()] == keys, "whatever the numbers"


def test_an_answer_overdue_for_another_time_is_another_thing(store: Store, tmp_path: Path) -> None:
    now = [NOW]
    service = AccountsService(store, tmp_path, lambda: now[0])
    hand_in(store, seen("a.example", days=5))
    keys = []
    for _ in range(2):
        service.closing.set_state("a.example", S.ASKED)
        service.closing.set_state("a.example", S.SILENT)
        keys += [step.key for step in service.next_steps()]
        now[0] += timedelta(days=20)
    assert len(keys) == len(set(keys)) == 2


def test_ten_thousand_accounts_are_told_in_a_moment(service: AccountsService, store: Store) -> None:
    first = seen("a.example", days=500)
    hand_in(store, *(replace(first, site=f"a{one}.example") for one in range(10_000)))
    service.observations()
    assert counted(service, "accounts-decided") == (0, 10_000)
    assert quickest(service.observations) < 0.1  # measured: 6 ms

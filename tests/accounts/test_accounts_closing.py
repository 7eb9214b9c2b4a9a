"""The door to closing accounts: cases in the real records, and what the overview says of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from accounts_home import NOW
from accounts_ledger import mail, seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardian.accounts.model import (
    Account,
    AdviceKind,
    Case,
    CaseState,
    Event,
    EvidenceKind,
    Gone,
    Look,
    Sighting,
    Source,
    SourceKind,
)
from guardian.accounts.repository import AccountsRepository
from guardian.accounts.service import AccountsService
from guardian.core import database
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import report_nothing
from guardian.core.paths import find_paths
from guardian.core.store import Store, open_in_memory, open_store
from guardian.core.words import Words
from tests.memory_keychain import MemoryKeychain

S = CaseState
WORDS = Words()
SITE = "club.example"
SHARED = ("club.example", "club-shop.example")


class Clock:
    """A day that the test moves on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def remember(store: Store, *sightings: Sighting) -> None:
    """What a search would have kept; as if the person had handed it in."""
    source = Source("export:x", "Export", "", SourceKind.EXPORT, Path("x"))
    AccountsRepository(store).bring(source.key, Look(NOW, sightings, read=(source,)))


@pytest.fixture
def service(store: Store, clock: Clock, tmp_path: Path) -> AccountsService:
    """Knows two accounts: one used a month ago, and a mail account it hangs on."""
    remember(
        store, seen(SITE, days=30, name="anna@gmail.com"), seen("google.com", days=2, name="anna")
    )
    return AccountsService(store, tmp_path, clock)


def state(service: AccountsService, site: str = SITE) -> CaseState:
    return service.account(site).state


def commands(service: AccountsService) -> list[str]:
    return [step.command for step in service.next_steps()]


def told(service: AccountsService) -> str:
    for step in service.next_steps():
        for sentence in (step.title, step.why):
            assert sentence.code in WORDS
            assert "{" not in WORDS.tell(sentence)
    return " | ".join(WORDS.tell(step.title) for step in service.next_steps())


# one case from beginning to end


def test_an_account_is_walked_from_found_to_gone_and_the_overview_goes_along(
    service: AccountsService, clock: Clock
) -> None:
    closing = service.closing
    assert closing.choices(service.account(SITE)) == (S.KEEP, S.CLOSE, S.LATER)
    assert (service.summary().level, commands(service)) == (Level.FINE, [])

    closing.set_state(SITE, S.CLOSE, "not needed", "anna@gmail.com")
    assert told(service) == f"Close your account at {SITE}"
    assert closing.check_day(service.account(SITE)) is None

    closing.set_state(SITE, S.ASKED)
    assert (service.summary().level, commands(service)) == (Level.FINE, []), "it is their turn"
    assert closing.check_day(service.account(SITE)) == (NOW + timedelta(days=14)).date()

    clock.pass_days(14)
    assert service.summary().level is Level.ASK
    assert commands(service) == [f"guardian accounts check {SITE}"]

    case = closing.set_state(SITE, S.CONFIRMED)
    assert (case.username, case.asked_at) == ("anna@gmail.com", NOW)
    clock.pass_days(14)
    for step in Gone:
        assert told(service) == f"Check whether your account at {SITE} is really gone"
        case = closing.answer(SITE, step, True)
    assert case.state is S.GONE
    assert commands(service) == []
    assert WORDS.tell(service.summary().text).startswith("1 account. ")
    steps = closing.check_steps(service.account(SITE))
    assert [step.done.gone for step in steps if step.done] == [True, True, True]


def test_when_all_are_gone_the_overview_says_so(service: AccountsService) -> None:
    for site in (SITE, "google.com"):
        service.closing.set_state(site, S.GONE)
    summary = service.summary()
    assert summary.level is Level.FINE
    assert WORDS.tell(summary.text) == "All 2 accounts that were found are closed."


@pytest.mark.parametrize(
    ("last", "title", "command"),
    [
        (S.SILENT, f"No answer from {SITE}: send the reminder", "show"),
        (S.REFUSED, f"{SITE} refused: decide how to go on", "show"),
        (S.CLOSE, f"Close your account at {SITE}", "route"),
    ],
)
def test_the_overview_says_whose_turn_it_is(
    service: AccountsService, last: CaseState, title: str, command: str
) -> None:
    service.closing.set_state(SITE, S.ASKED)
    service.closing.set_state(SITE, last)
    assert told(service) == title
    assert commands(service) == [f"guardian accounts {command} {SITE}"]
    assert service.summary().level is Level.ASK
    service.closing.set_state("google.com", last)
    alone = 1 if last is S.CLOSE else 2
    assert len(commands(service)) == alone, "what happened is told one by one, deeds together"
    assert told(service) != title


def test_when_the_day_to_answer_has_passed_the_overview_asks_for_the_reminder(
    service: AccountsService, store: Store, clock: Clock
) -> None:
    service.closing.set_state(SITE, S.ASKED)
    (event,) = AccountsRepository(store).events()[SITE]
    facts = {"due": (NOW + timedelta(days=30)).date().isoformat(), "counted_from": "2026-11-21"}
    service.closing.undo(SITE)
    AccountsRepository(store).note([(SITE, replace(event, facts=facts))])
    for days, expected in ((0, []), (30, []), (1, [f"guardian accounts show {SITE}"])):
        clock.pass_days(days)
        assert commands(service) == expected
    assert state(service) is S.SILENT
    assert "send the reminder" in told(service)


def test_an_answer_that_nobody_has_read_comes_before_the_reminder(
    service: AccountsService, store: Store
) -> None:
    service.closing.set_state(SITE, S.ASKED)
    service.closing.set_state(SITE, S.SILENT)
    answer = Event(NOW, cause="accounts.cause.answered", facts={"sign": "answered"})
    AccountsRepository(store).note([(SITE, answer)])
    assert told(service) == f"Read the answer from {SITE}, and note what it says"
    service.closing.set_state(SITE, S.REFUSED)
    assert "refused" in told(service)


def test_a_complaint_is_asked_after_when_its_day_has_passed(
    service: AccountsService, store: Store, clock: Clock
) -> None:
    facts = {"due": "2026-12-24", "counted_from": "2026-09-24"}
    AccountsRepository(store).note([(SITE, Event(NOW, S.ESCALATED, facts=facts))])
    assert commands(service) == []
    clock.pass_days(34)
    assert told(service) == f"Ask how your complaint about {SITE} stands"


def test_the_case_that_has_waited_longest_is_named_first(
    service: AccountsService, clock: Clock
) -> None:
    service.closing.set_state("google.com", S.CLOSE)
    clock.pass_days(1)
    service.closing.set_state(SITE, S.CLOSE)
    assert commands(service) == ["guardian accounts route google.com"]
    assert told(service) == "Close 2 accounts, first the one at google.com"
    service.closing.set_state("google.com", S.CLOSE)
    assert told(service) == f"Close 2 accounts, first the one at {SITE}"


def test_a_search_reopens_a_closed_case_and_the_overview_says_so(
    service: AccountsService, store: Store, clock: Clock
) -> None:
    service.closing.set_state(SITE, S.GONE)
    clock.pass_days(20)
    remember(store, seen(SITE, EvidenceKind.SAVED_LOGIN, -10), seen("google.com", days=9))
    service.find(report_nothing)
    assert state(service) is S.CLOSE
    assert told(service) == f"Look at {SITE} again: the account seems to be there still"
    service.find(report_nothing)
    assert len(service.account(SITE).case.events) == 2
    assert service.closing.undo(SITE).state is S.GONE
    service.find(report_nothing)
    assert state(service) is S.GONE, "what the person took back is not noted again"
    assert service.closing.undo(SITE).state is S.FOUND


def test_of_what_is_read_just_once_nothing_is_noted(store: Store, clock: Clock, home: Path) -> None:
    service, records = AccountsService(store, home, clock), AccountsRepository(store)
    long_ago = NOW - timedelta(days=9999)
    records.note([("dropbox.com", Event(long_ago, S.GONE))])
    keys = {one.source.key for one in service.sources()}
    found = service.find_this_once(keys, report_nothing)
    assert found.by_site()["dropbox.com"].state is S.GONE
    assert len(records.events()["dropbox.com"]) == 1
    for key in keys:
        service.allow(key, True)
    assert service.find(report_nothing).by_site()["dropbox.com"].state is S.CLOSE


def test_a_mailbox_that_is_handed_in_is_watched_too(
    service: AccountsService, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.closing.set_state(SITE, S.ASKED)
    source = Source("mailbox:x", "Mail", "", SourceKind.MAILBOX, Path("x"))
    look = Look(NOW, (mail(SITE, EvidenceKind.MAIL_CLOSED, 0),), read=(source,))
    monkeypatch.setattr(service, "_read_brought", lambda *_: (look, source))
    service.bring(Path("x"), report_nothing)
    assert state(service) is S.CONFIRMED


# notes, proofs, taking back


def test_notes_and_proofs_are_kept_with_the_case(service: AccountsService, store: Store) -> None:
    service.closing.add_note(SITE, "called them, ticket 4711")
    case = service.closing.attach(SITE, "reply.pdf", "Papers: accounts/reply.pdf")
    assert [event.note for event in case.events] == ["called them, ticket 4711", ""]
    assert (case.attachments[0].name, case.attachments[0].at) == ("reply.pdf", NOW)
    assert service.closing.undo(SITE).attachments == ()
    assert case.state is S.FOUND


def test_undo_without_anything_to_take_back_changes_nothing(service: AccountsService) -> None:
    assert service.closing.undo(SITE) == Case()
    with pytest.raises(Problem, match="account-unknown"):
        service.closing.undo("nowhere.example")


def test_an_event_that_cannot_be_understood_is_left_alone(
    service: AccountsService, store: Store
) -> None:
    service.closing.set_state(SITE, S.CLOSE)
    store.run("INSERT INTO accounts_events (site, at, event) VALUES (?, '', ?)", SITE, b'{"at": 3}')
    service.closing.set_state(SITE, S.ASKED)
    assert service.closing.undo(SITE).state is S.CLOSE
    assert service.closing.undo(SITE).state is S.FOUND
    assert service.closing.undo(SITE).state is S.FOUND
    assert store.rows("SELECT count(*) FROM accounts_events") == [(1,)]


actions = st.lists(
    st.sampled_from([*CaseState, "undo", "note", "attach", *Gone, "look"]), max_size=14
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions)
def test_any_order_of_doing_and_undoing_leaves_a_case_that_makes_sense(
    tmp_path: Path, actions: list[str]
) -> None:
    store = open_in_memory()
    clock = Clock()
    remember(store, seen(SITE, days=-60))
    service = AccountsService(store, tmp_path, clock)
    closing, before = service.closing, [service.account(SITE).case]
    for action in actions:
        clock.pass_days(5)
        if action == "undo":
            before = before[:-1] or before
            assert meaning(closing.undo(SITE)) == meaning(before[-1])
            continue
        length = len(service.account(SITE).case.events)
        act(service, action)
        case = service.account(SITE).case
        if len(case.events) > length:
            before.append(case)
        assert closing.choices(service.account(SITE))
    for case in reversed(before[:-1]):
        assert meaning(closing.undo(SITE)) == meaning(case)
    assert closing.undo(SITE).state is S.FOUND
    store.close()


def act(service: AccountsService, action: str) -> None:
    if action == "look":
        service.find(report_nothing)
    elif action == "note":
        service.closing.add_note(SITE, "a note")
    elif action == "attach":
        service.closing.attach(SITE, "x", "y")
    elif action in list(Gone):
        service.closing.answer(SITE, Gone(action), True)
    else:
        service.closing.set_state(SITE, CaseState(action))


def meaning(case: Case) -> object:
    """All that follows from a case, without what the person took back."""
    return case.state, case.since, case.attachments, case.checks, case.username, case.asked_at


# two Guardians at once


@pytest.fixture
def two(memory_keychain: MemoryKeychain, tmp_path: Path) -> Iterator[list[AccountsService]]:
    """Two connections to one file of records, as two processes have."""
    stores = [open_store(find_paths(), memory_keychain) for _ in range(2)]
    remember(stores[0], seen(SITE), seen("google.com"))
    yield [AccountsService(store, tmp_path, Clock()) for store in stores]
    for store in stores:
        store.close()


def test_what_one_guardian_notes_the_other_sees_and_can_take_back(
    two: list[AccountsService],
) -> None:
    window, terminal = two
    window.closing.set_state(SITE, S.CLOSE)
    assert state(terminal) is S.CLOSE
    terminal.closing.set_state(SITE, S.ASKED)
    assert window.closing.undo(SITE).state is S.CLOSE
    assert terminal.closing.undo(SITE).state is S.FOUND
    assert state(window) is S.FOUND


def test_two_guardians_at_work_at_once_lose_nothing(two: list[AccountsService]) -> None:
    problems: list[BaseException] = []

    def work(service: AccountsService) -> None:
        try:
            for number in range(8):
                service.closing.add_note(SITE, f"{number}")
                service.closing.set_state(SITE, S.CLOSE)
                service.closing.undo(SITE)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(service,)) for service in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    case = two[0].account(SITE).case
    assert case == two[1].account(SITE).case
    assert len(case.events) == 16


# an account of several sites


def test_a_case_is_found_under_every_site_of_its_login(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    remember(store, seen("steamcommunity.com"))
    service = AccountsService(store, tmp_path, clock)
    service.closing.set_state("steamcommunity.com", S.CLOSE)
    remember(store, seen("steamcommunity.com"), *[seen("steampowered.com")] * 3)
    for site in ("steampowered.com", "steamcommunity.com", "SteamPowered.com"):
        assert state(service, site) is S.CLOSE
    service.closing.set_state("steampowered.com", S.ASKED)
    assert state(service, "steamcommunity.com") is S.ASKED
    assert set(AccountsRepository(store).events()) == {"steamcommunity.com"}
    assert service.closing.undo("steampowered.com").state is S.CLOSE


def test_advice_is_made_from_what_is_known_or_from_what_is_given(service: AccountsService) -> None:
    google: Account = service.account("google.com")
    kinds = {one.kind: one for one in service.closing.before(google)}
    assert kinds[AdviceKind.MAILBOX].sites == (SITE,)
    found = service.known()
    assert found
    alone = replace(found, accounts=(google,))
    assert AdviceKind.MAILBOX not in {one.kind for one in service.closing.before(google, alone)}
    assert [one.kind for one in service.closing.after(google)] == [
        AdviceKind.SAVED_ENTRY, AdviceKind.COOKIES,
    ]  # fmt: skip


def test_a_contact_can_have_a_case_too(store: Store, clock: Clock, tmp_path: Path) -> None:
    remember(store, seen(SITE, EvidenceKind.MAIL_NEWS), seen("google.com"))
    service = AccountsService(store, tmp_path, clock)
    service.closing.set_state(SITE, S.CLOSE)
    known = service.known()
    assert known
    assert SITE in [one.site for one in known.accounts]
    service.closing.undo(SITE)
    known = service.known()
    assert known
    assert SITE in [one.site for one in known.contacts]


def test_many_are_decided_and_taken_back_at_once_or_not_at_all(service: AccountsService) -> None:
    closing = service.closing
    sites = [task.account.site for task in closing.plan()]
    assert len(sites) > 1
    cases = closing.set_states(sites, CaseState.KEEP)
    assert {case.state for case in cases.values()} == {CaseState.KEEP} and set(cases) == set(sites)
    assert {case.state for case in closing.undo_all(sites).values()} == {CaseState.FOUND}
    with pytest.raises(Problem, match="account-unknown"):
        closing.set_states([*sites, "nowhere.example"], CaseState.CLOSE)
    assert {closing.account(site).state for site in sites} == {CaseState.FOUND}


def test_what_two_processes_add_at_the_same_moment_is_kept_or_refused_but_never_lost(
    memory_keychain: MemoryKeychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    stores = [open_store(find_paths(), memory_keychain) for _ in range(2)]
    one, other = (AccountsRepository(store) for store in stores)
    refused = []

    def slowly(before: Look | None) -> Look:
        try:
            other.amend("hand:", lambda _before: Look(NOW, (seen("b.example"),)))
        except Problem as problem:
            refused.append(problem.code)
        return Look(NOW, (*(before.sightings if before else ()), seen("a.example")))

    one.amend("hand:", slowly)
    assert refused == ["database-busy"]
    assert [sighting.site for look in other.brought() for sighting in look.sightings] == [
        "a.example"
    ]
    for store in stores:
        store.close()


def test_what_a_newer_guardian_noted_by_hand_is_not_written_over(store: Store) -> None:
    records = AccountsRepository(store)
    store.run("INSERT INTO accounts_brought VALUES ('hand:', ?)", b'{"looked_at": "next year"}')
    with pytest.raises(Problem) as problem:
        records.amend("hand:", lambda _before: Look(NOW))
    assert problem.value.code == "store-newer"
    assert store.rows("SELECT look FROM accounts_brought")[0][0] == b'{"looked_at": "next year"}'

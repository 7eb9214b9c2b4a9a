"""Where a case stands follows from what happened, and there is always a way on and a way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts_home import NOW
from accounts_ledger import ago, case_of, turn
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.cases.states import NEXT, choices, follow, last_turn, take_back
from guardian.accounts.model import (
    Attachment,
    Case,
    CaseState,
    Check,
    Event,
    Gone,
)

S = CaseState
DUE = {"due": "2026-11-20", "counted_from": "2026-10-20", "law": "gdpr", "article": "12(3)"}
LATER_DUE = {"due": "2026-12-20", "counted_from": "2026-11-20"}


def test_a_case_that_nobody_touched_is_found() -> None:
    assert case_of() == Case()


def test_the_newest_state_counts_and_says_since_when() -> None:
    case = case_of(turn(S.CLOSE, 9), turn(S.ASKED, 5), Event(ago(1), note="called them"))
    assert (case.state, case.since, case.asked_at) == (S.ASKED, ago(5), ago(5))
    assert [event.note for event in case.events] == ["", "", "called them"]


@pytest.mark.parametrize("state", CaseState)
def test_from_every_state_there_is_a_way_on_and_back_to_keep_or_close(state: CaseState) -> None:
    following = choices(Case(state))
    assert following
    assert state not in following
    assert len(set(following)) == len(following)
    assert {S.KEEP, S.CLOSE} - {state} <= set(following)


def test_every_state_can_be_reached() -> None:
    reached = {S.FOUND}
    for _ in CaseState:
        reached |= {state for one in reached for state in choices(Case(one))}
    assert reached == set(CaseState)
    assert set(NEXT) == set(CaseState)


def test_silence_follows_by_itself_the_day_after_the_answer_was_due() -> None:
    events = (turn(S.CLOSE, 40), turn(S.ASKED, 32, **DUE))
    on_the_day = follow(events, NOW.date() - timedelta(days=1))
    after = follow(events, NOW.date())
    assert (on_the_day.state, after.state) == (S.ASKED, S.SILENT)
    assert after.since
    assert after.since.date() == NOW.date()
    assert after.asked_at == ago(32)


def test_who_sets_no_day_says_themselves_that_it_is_too_long() -> None:
    assert S.SILENT in choices(case_of(turn(S.ASKED, 100)))
    assert S.SILENT not in choices(case_of(turn(S.ASKED, 1, **LATER_DUE)))


def test_a_reminder_sets_the_clock_anew_but_not_the_day_of_asking() -> None:
    case = case_of(turn(S.ASKED, 32, **DUE), turn(S.ASKED, 1, **LATER_DUE))
    assert case.state is S.ASKED
    assert case.deadline
    assert case.deadline.day.isoformat() == "2026-12-20"
    assert case.asked_at == ago(32)


def test_an_answer_ends_the_wait() -> None:
    assert case_of(turn(S.ASKED, 32, **DUE), turn(S.REFUSED, 20)).state is S.REFUSED


@pytest.mark.parametrize("back", [S.CLOSE, S.KEEP, S.LATER, S.FOUND])
def test_who_begins_anew_is_not_measured_by_the_old_day(back: CaseState) -> None:
    looked = Event(ago(3), check=Check(Gone.RESET, True, ago(3)))
    case = case_of(turn(S.ASKED, 32, **DUE), looked, turn(back, 2), turn(S.ASKED, 1))
    assert (case.state, case.deadline, case.checks) == (S.ASKED, None, ())
    assert case.asked_at == ago(1)


def test_a_look_that_sends_the_case_back_stays_with_it_until_the_next_round() -> None:
    look = Check(Gone.SIGN_IN, False, ago(2))
    back = case_of(turn(S.CONFIRMED, 20), Event(ago(2), S.CLOSE, check=look))
    assert back.checks == (look,)
    assert case_of(*back.events, turn(S.ASKED, 1)).checks == ()


def test_proofs_names_and_marks_are_kept_through_all_rounds() -> None:
    proof = Attachment("reply.pdf", "proofs", ago(8))
    case = case_of(
        turn(S.ASKED, 9, reference="G-1", username="anna@example.org"),
        Event(ago(8), attachment=proof),
        turn(S.CLOSE, 7),
    )
    assert (case.reference, case.username) == ("G-1", "anna@example.org")
    assert case.attachments == (proof,)


@pytest.mark.parametrize("due", ["", "soon", "2026-13-40", "20261120x"])
def test_a_day_that_makes_no_sense_sets_none(due: str) -> None:
    assert case_of(turn(S.ASKED, 400, due=due, counted_from="2026-10-20")).deadline is None


def test_of_what_the_person_did_nothing_stays_when_it_is_taken_back() -> None:
    assert take_back(turn(S.CLOSE, 1)) is None


def test_what_a_search_saw_is_remembered_as_taken_back_but_changes_nothing() -> None:
    noted = Event(ago(1), S.CLOSE, cause="x", facts={"sign": "alive", "seen": "s", "day": "d"})
    rest = take_back(noted)
    assert rest
    case = case_of(turn(S.GONE, 9), rest)
    assert (case.state, case.since) == (S.GONE, ago(9))


facts = st.dictionaries(
    st.sampled_from(["due", "counted_from", "reference", "username", "provisional", "seen", "day"]),
    st.sampled_from(["2026-11-01", "2027-01-01", "", "\0", "yes", "Müller"]),
)
events = st.builds(
    Event,
    at=st.integers(0, 3000).map(ago),
    state=st.none() | st.sampled_from(CaseState),
    cause=st.sampled_from(["", "accounts.cause.all-gone"]),
    facts=facts,
    check=st.none() | st.builds(Check, st.sampled_from(Gone), st.booleans(), st.just(NOW)),
)


@given(st.lists(events, max_size=12))
def test_any_history_leads_to_a_state_with_a_way_on(history: list[Event]) -> None:
    case = follow(history, NOW.date())
    assert case.events == tuple(history)
    newest = last_turn(case)
    silent = case.state is S.SILENT and newest and newest.state is S.ASKED
    assert silent or case.state is (newest.state if newest else S.FOUND)
    assert choices(case)
    assert case.asked_at is None or case.asked_at in [one.at for one in history]
    for event in history:
        assert (event.why is None) == (not event.cause)

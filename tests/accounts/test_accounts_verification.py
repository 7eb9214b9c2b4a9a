"""A search shows whether a case is really over: answers, confirmations, and signs of life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from accounts_home import NOW
from accounts_ledger import ago, case_of, find, mail, seen, turn
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.cases import verification
from guardian.accounts.cases.states import follow, take_back
from guardian.accounts.model import (
    Case,
    CaseState,
    Check,
    Event,
    EvidenceKind,
    Found,
    Gone,
    Look,
    SharedLogin,
    Sighting,
    SourceKind,
)
from guardian.accounts.rules import judging
from guardian.core.words import Words

K = EvidenceKind
S = CaseState
SITE = "shop.example.org"
WORDS = Words()
DUE = {"due": "2027-01-20", "counted_from": "2026-12-20"}


def look(case: Case, *sightings: Sighting, site: str = SITE) -> Found:
    return find(*sightings, seen(site, days=4000), cases={site: case})


def watched(case: Case, *sightings: Sighting) -> list[Event]:
    events = verification.watch(look(case, *sightings), NOW)
    assert all(site == SITE for site, _ in events)
    return [event for _, event in events]


def only(case: Case, *sightings: Sighting) -> Event:
    (event,) = watched(case, *sightings)
    return event


def told(event: Event) -> str:
    assert event.why
    text = WORDS.tell(event.why)
    assert "{" not in text
    return text


def after(case: Case, *events: Event) -> Case:
    return follow((*case.events, *events), NOW.date())


ASKED = case_of(turn(S.CLOSE, 40), turn(S.ASKED, 30, reference="G-7K2"))
CONFIRMED = case_of(*ASKED.events, turn(S.CONFIRMED, 25))
GONE = case_of(*CONFIRMED.events, turn(S.GONE, 5))


@pytest.mark.parametrize("state", [S.CLOSE, S.ASKED, S.SILENT, S.REFUSED, S.ESCALATED])
def test_a_mail_that_says_closed_confirms_a_case_under_way(state: CaseState) -> None:
    event = only(case_of(turn(S.ASKED, 30), turn(state, 20)), mail(SITE, K.MAIL_CLOSED, 3))
    assert (event.state, event.at) == (S.CONFIRMED, NOW)
    assert told(event) == (
        "A mail of 18 November 2026 from shop.example.org says that the account is closed."
        " Seen in: Mail."
    )


@pytest.mark.parametrize("state", [S.FOUND, S.LATER, S.KEEP, S.CONFIRMED, S.GONE])
def test_it_says_nothing_new_of_other_cases(state: CaseState) -> None:
    assert watched(case_of(turn(state, 20)), mail(SITE, K.MAIL_CLOSED, 3)) == []


def test_an_account_without_a_case_is_left_alone() -> None:
    assert verification.watch(find(mail(SITE, K.MAIL_CLOSED, 3)), NOW) == []


@pytest.mark.parametrize(("days", "count"), [(31.5, 0), (30.5, 1), (-2, 0)])
def test_a_confirmation_from_before_the_asking_counts_not(days: float, count: int) -> None:
    """The mail may come while the person still reads the page; and no mail is from tomorrow."""
    assert len(watched(ASKED, mail(SITE, K.MAIL_CLOSED, days))) == count


def test_a_confirmation_of_another_name_at_the_site_counts_not() -> None:
    case = case_of(turn(S.ASKED, 30, username="anna@example.com"))
    assert watched(case, mail(SITE, K.MAIL_CLOSED, 3, name="ben@example.com")) == []
    assert watched(case, mail(SITE, K.MAIL_CLOSED, 3, name="Anna@example.com"))
    assert watched(case, mail(SITE, K.MAIL_CLOSED, 3, name="anna77"))


def test_an_answer_to_our_letter_is_noted_and_changes_nothing() -> None:
    event = only(ASKED, mail("desk.example.com", K.MAIL_NEWS, 9), reply(9))
    assert (event.state, event.facts["sign"]) == (None, "answered")
    assert "A mail of 12 November 2026 answers your letter." in told(event)
    case = after(ASKED, event)
    assert case.state is S.ASKED
    assert verification.was_answered(case)
    assert not verification.was_answered(after(case, turn(S.REFUSED, 0)))


def reply(days: float, mark: str = "g-7k2", site: str = SITE) -> Sighting:
    return mail(site, K.MAIL_REPLY, days, reference=mark)


def test_each_answer_is_noted_once() -> None:
    case = after(ASKED, only(ASKED, reply(9)))
    assert watched(case, reply(9)) == []
    assert len(watched(case, reply(9), reply(4))) == 1


def test_an_answer_to_another_letter_is_none_to_this_one() -> None:
    assert watched(ASKED, reply(9, "G-7K3")) == []
    assert watched(ASKED, reply(9, "")) == []
    assert watched(case_of(turn(S.ASKED, 30)), reply(9, "")) == []


def test_an_answer_to_a_case_that_is_over_or_dropped_is_not_noted() -> None:
    assert watched(after(ASKED, turn(S.KEEP, 12)), reply(9)) == []
    assert watched(GONE, reply(3)) == []


def test_an_answer_from_another_domain_is_known_by_its_mark() -> None:
    found = find(
        seen(SITE, days=4000), seen("desk.example.com", days=500),
        reply(9, site="desk.example.com"), cases={SITE: ASKED},
    )  # fmt: skip
    assert [site for site, _ in verification.watch(found, NOW)] == [SITE]


LIFE = [
    K.SAVED_LOGIN, K.DISMISSED_SAVE, K.SIGN_IN_WITH, K.PASSKEY, K.MAIL_SIGN_UP, K.MAIL_SIGN_IN,
    K.MAIL_RECEIPT, K.MAIL_SUBSCRIPTION, K.MAIL_ACCOUNT, K.MAIL_NEWS,
]  # fmt: skip


@pytest.mark.parametrize("closed", [CONFIRMED, GONE], ids=["confirmed", "gone"])
@pytest.mark.parametrize("kind", LIFE)
def test_every_later_sign_of_life_reopens_a_closed_case(kind: EvidenceKind, closed: Case) -> None:
    event = only(closed, seen(SITE, kind, 1))
    assert event.state is S.CLOSE
    assert "20 November 2026" in told(event)
    case = after(closed, event)
    assert verification.was_reopened(case)
    assert watched(case, seen(SITE, kind, 1)) == []
    assert not verification.was_reopened(after(case, turn(S.CLOSE, 0)))


@pytest.mark.parametrize("kind", sorted(set(K) - set(LIFE)))
def test_going_there_to_look_is_no_sign_of_life(kind: EvidenceKind) -> None:
    assert watched(GONE, seen(SITE, kind, 1)) == []


def test_what_happened_before_it_was_closed_is_no_sign_of_life() -> None:
    assert watched(GONE, *(seen(SITE, kind, 6) for kind in LIFE)) == []
    assert watched(CONFIRMED, *(seen(SITE, kind, 26) for kind in LIFE)) == []


def test_trying_whether_it_still_works_is_no_sign_of_life() -> None:
    tried = after(CONFIRMED, Event(ago(8), check=Check(Gone.SIGN_IN, True, ago(8))))
    assert watched(tried, seen(SITE, K.SAVED_LOGIN, 8)) == []
    assert watched(tried, mail(SITE, K.MAIL_SIGN_IN, 7.9)) == []
    assert watched(tried, mail(SITE, K.MAIL_SIGN_IN, 5))


def test_news_that_was_on_its_way_does_not_reopen_at_once() -> None:
    assert watched(CONFIRMED, mail(SITE, K.MAIL_NEWS, 15)) == []
    assert watched(CONFIRMED, mail(SITE, K.MAIL_NEWS, 10))
    assert watched(CONFIRMED, mail(SITE, K.MAIL_SIGN_IN, 15))


def test_what_the_person_took_back_is_not_noted_again() -> None:
    for case, *signs in (
        (GONE, seen(SITE, K.SAVED_LOGIN, 1)),
        (ASKED, mail(SITE, K.MAIL_CLOSED, 3)),
        (ASKED, reply(9)),
    ):
        rest = take_back(only(case, *signs))
        assert rest
        back = after(case, rest)
        assert back.state is case.state
        assert told(rest).startswith("You took back")
        assert watched(back, *signs) == []
        newer = replace(signs[0], evidence=replace(signs[0].evidence, last_used=ago(0.5)))
        assert len(watched(back, newer)) == 1


def test_who_only_writes_is_watched_too() -> None:
    case = case_of(turn(S.ASKED, 30), turn(S.GONE, 5))
    found = find(mail(SITE, K.MAIL_NEWS, 1), cases={SITE: case})
    assert [event.state for _, event in verification.watch(found, NOW)] == [S.CLOSE]


def test_a_case_is_known_under_each_site_of_its_login() -> None:
    shared = SharedLogin(("a.example", "b.example"), "browser")
    traces = (seen("a.example", days=900), mail("b.example", K.MAIL_SIGN_IN, 1))
    found = judging.judge(Look(NOW, traces, shared=(shared,)), {"a.example": GONE}, NOW)
    assert [event.state for _, event in verification.watch(found, NOW)] == [S.CLOSE]


WAITING: Mapping[str, tuple[Case, bool, float | None]] = {
    "nothing asked": (case_of(turn(S.CLOSE, 9)), False, None),
    "nothing at all": (Case(), True, None),
    "asked": (ASKED, False, 30 - 14),
    "asked a service that waits": (ASKED, True, 0),
    "confirmed": (CONFIRMED, False, 25 - 14),
    "confirmed by a service that waits": (CONFIRMED, True, 25 - 30),
    "gone": (GONE, False, 25 - 14),
    "begun anew": (after(GONE, turn(S.CLOSE, 3)), False, None),
    "asked again": (after(GONE, turn(S.CLOSE, 3), turn(S.ASKED, 2)), False, 2 - 14),
    "confirmed at once": (case_of(turn(S.CLOSE, 9), turn(S.CONFIRMED, 8)), False, 8 - 14),
}


@pytest.mark.parametrize("name", WAITING)
def test_the_looks_wait_until_the_service_has_had_time(name: str) -> None:
    case, waits, days = WAITING[name]
    day = verification.check_day(case, waits)
    why = verification.explain_day(case, waits)
    assert day == (None if days is None else ago(days).date())
    assert (why is None) == (day is None)
    if why and day:
        assert WORDS.show(day) in WORDS.tell(why)


def test_the_three_looks_are_in_words_with_the_site() -> None:
    account = look(CONFIRMED).by_site()[SITE]
    steps = verification.check_steps(account)
    assert [step.step for step in steps] == list(Gone)
    assert all(SITE in WORDS.tell(step.text) and step.done is None for step in steps)


def answer(case: Case, step: Gone, gone: bool) -> Case:
    return after(case, verification.answer(case, Check(step, gone, NOW)))


def test_three_looks_that_find_nothing_close_the_case() -> None:
    case = CONFIRMED
    for step in Gone:
        assert case.state is S.CONFIRMED
        case = answer(case, step, True)
    assert (case.state, case.since) == (S.GONE, NOW)
    assert told(case.events[-1]) == "All three looks say that the account is gone."
    steps = verification.check_steps(look(case).by_site()[SITE])
    assert all(step.done and step.done.gone for step in steps)


@pytest.mark.parametrize("step", Gone)
@pytest.mark.parametrize("case", [ASKED, CONFIRMED, GONE], ids=["asked", "confirmed", "gone"])
def test_one_look_that_finds_it_puts_it_on_the_list_again(case: Case, step: Gone) -> None:
    back = answer(case, step, False)
    assert back.state is S.CLOSE
    assert verification.was_reopened(back)
    assert told(back.events[-1])


def test_a_confirmation_older_than_the_sign_of_life_closes_nothing_again() -> None:
    back = after(CONFIRMED, only(CONFIRMED, mail(SITE, K.MAIL_SIGN_IN, 0.2)))
    assert watched(back, mail(SITE, K.MAIL_CLOSED, 0.4)) == []
    assert watched(back, mail(SITE, K.MAIL_CLOSED, 0.1))


def test_a_look_can_be_taken_again() -> None:
    case = answer(answer(CONFIRMED, Gone.SIGN_IN, True), Gone.RESET, True)
    case = answer(case, Gone.RESET, True)
    assert case.state is S.CONFIRMED
    assert answer(case, Gone.PROFILE, True).state is S.GONE


def test_while_the_time_to_answer_a_letter_runs_a_look_does_not_stop_the_clock() -> None:
    case = case_of(turn(S.CLOSE, 9), turn(S.ASKED, 8, **DUE))
    still = answer(case, Gone.SIGN_IN, False)
    assert (still.state, still.deadline) == (S.ASKED, case.deadline)
    assert told(still.events[-1]) == "Signing in still worked."
    confirmed = after(still, turn(S.CONFIRMED, 1))
    assert answer(confirmed, Gone.SIGN_IN, False).state is S.CLOSE


states = st.lists(
    st.tuples(st.sampled_from(CaseState), st.integers(0, 60)).map(lambda one: turn(*one)),
    min_size=1, max_size=4,
)  # fmt: skip
traces = st.lists(
    st.builds(
        lambda kind, days, mark: seen(
            SITE, kind, days, source_kind=SourceKind.MAILBOX, reference=mark
        ),
        st.sampled_from(K), st.none() | st.floats(-5, 80), st.sampled_from(["", "G-7K2"]),
    ),
    max_size=5,
)  # fmt: skip


@given(states, traces)
def test_a_second_look_at_the_same_never_says_more(history: list[Event], seen: object) -> None:
    case = case_of(*history)
    for _ in range(3):
        events = watched(case, *seen)  # type: ignore[misc]
        case = after(case, *events)
    assert watched(case, *seen) == []  # type: ignore[misc]


def test_the_exact_time_is_kept_beside_the_day_that_is_told() -> None:
    event = only(GONE, seen(SITE, K.SAVED_LOGIN, 1))
    assert event.facts["seen"] == (NOW - timedelta(days=1)).isoformat()
    assert event.facts["day"] == "2026-11-20"

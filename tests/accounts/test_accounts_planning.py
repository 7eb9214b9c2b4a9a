"""In which order to go about it: what is at stake, how little it takes, how long nobody cared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts_home import NOW

from guardian.accounts.catalogue import content, planning, routes
from guardian.accounts.catalogue.content import Deletion, Door, Service
from guardian.accounts.catalogue.planning import find_risk, make_plan, make_task
from guardian.accounts.model import (
    Account,
    Case,
    CaseState,
    Confidence,
    Difficulty,
    Place,
    Queue,
    Risk,
    UseClass,
    WorkPlan,
)
from guardian.core.words import message

DOOR = Door("https://x.example/password", 2026, "apple")
ALL = {
    "easy-bank.example": ("easy", True, False, ("banking",)),
    "easy-forum.example": ("easy", True, False, ()),
    "easy-no-page.example": ("easy", False, False, ()),
    "medium-bank.example": ("medium", True, False, ("banking",)),
    "door.example": ("", False, True, ()),
    "nothing.example": ("", False, False, ("retail",)),
    "hard-bank.example": ("hard", True, False, ("banking",)),
    "hard-door.example": ("hard", True, True, ()),
    "limited.example": ("limited", True, False, ()),
    "never.example": ("impossible", True, False, ("health",)),
}


@pytest.fixture(autouse=True)
def _catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of a few services, each named after what is known of it."""
    services = {}
    for site, (difficulty, page, door, kinds) in ALL.items():
        deletion = None
        if difficulty:
            url = f"https://{site}/bye" if page else ""
            deletion = Deletion(Difficulty(difficulty), 2024, "justdeleteme", url)
        settings = DOOR if door else None
        services[site] = Service(site, (site,), kinds, deletion, settings)
    for room in (content, planning, routes):
        monkeypatch.setattr(room, "load_services", lambda: services)


def account(
    site: str,
    use: UseClass = UseClass.UNKNOWN,
    state: CaseState = CaseState.FOUND,
    *,
    days: int | None = None,
    place: Place = Place.WEB,
    confidence: Confidence = Confidence.SURE,
) -> Account:
    unused = timedelta(days=days) if days is not None else None
    why = message("accounts.why.no-date", source="Firefox")
    used = NOW - unused if unused else None
    return Account(
        site, place, (), (), None, used, unused, use, why, (), confidence, case=Case(state)
    )


def sites(tasks: WorkPlan | tuple[object, ...]) -> list[str]:
    return [task.account.site for task in tasks]  # type: ignore[attr-defined]


QUEUES = {
    "easy-forum.example": Queue.QUICK,
    "easy-no-page.example": Queue.QUICK,
    "medium-bank.example": Queue.QUICK,
    "door.example": Queue.QUICK,
    "nothing.example": Queue.LETTER,
    "unheard.example": Queue.LETTER,
    "hard-bank.example": Queue.LETTER,
    "hard-door.example": Queue.LETTER,
    "limited.example": Queue.LETTER,
    "never.example": Queue.EMPTY,
}


@pytest.mark.parametrize("site", QUEUES)
def test_each_account_waits_where_its_way_leads(site: str) -> None:
    plan = make_plan([account(site)])
    waiting = {Queue.QUICK: plan.quick, Queue.LETTER: plan.letter, Queue.EMPTY: plan.empty}
    assert {queue: sites(tasks) for queue, tasks in waiting.items() if tasks} == {
        QUEUES[site]: [site]
    }


ORDERS = {
    "more at stake first": (account("easy-bank.example"), account("easy-forum.example")),
    "easier first": (account("easy-bank.example"), account("medium-bank.example")),
    "longer unused first": (
        account("easy-forum.example", UseClass.FORGOTTEN),
        account("easy-no-page.example", UseClass.SLEEPING),
        account("door.example", UseClass.SLEEPING),
    ),
    "not known counts neither way": (
        account("easy-forum.example", UseClass.SLEEPING),
        account("easy-no-page.example", UseClass.UNKNOWN),
        account("door.example", UseClass.IN_USE),
    ),
    "of the same score the longest unused first": (
        account("easy-forum.example", UseClass.FORGOTTEN, days=3000),
        account("easy-no-page.example", UseClass.FORGOTTEN, days=800),
    ),
    "of the same in all by name": (
        account("easy-forum.example"),
        account("easy-no-page.example"),
    ),
    "what was begun before what is richer": (
        account("easy-forum.example", state=CaseState.CLOSE),
        account("easy-bank.example"),
        account("medium-bank.example", state=CaseState.LATER),
    ),
    "who was asked can wait for an answer": (
        account("easy-forum.example"),
        account("easy-bank.example", state=CaseState.ASKED),
        account("medium-bank.example", state=CaseState.LATER),
    ),
}


@pytest.mark.parametrize("case", ORDERS)
def test_the_order_within_a_queue(case: str) -> None:
    right = [one.site for one in ORDERS[case]]
    assert sites(make_plan(ORDERS[case]).quick) == right
    assert sites(make_plan(reversed(ORDERS[case])).quick) == right


def test_what_others_hang_on_comes_after_all_that_is_not_begun() -> None:
    accounts = (
        account("easy-bank.example"),
        account("easy-forum.example"),
        account("easy-no-page.example", state=CaseState.ASKED),
        account("medium-bank.example", state=CaseState.CLOSE),
    )
    needed = {"easy-bank.example", "medium-bank.example"}
    assert sites(make_plan(accounts, needed).quick) == [
        "medium-bank.example", "easy-forum.example", "easy-bank.example", "easy-no-page.example",
    ]  # fmt: skip


@pytest.mark.parametrize("state", CaseState)
def test_what_is_kept_or_finished_is_left_out(state: CaseState) -> None:
    plan = make_plan([account("easy-forum.example", state=state)])
    gone = state in (CaseState.KEEP, CaseState.CONFIRMED, CaseState.GONE)
    assert len(list(plan)) == (0 if gone else 1)


@pytest.mark.parametrize("state", [CaseState.REFUSED, CaseState.SILENT, CaseState.ESCALATED])
def test_who_would_not_listen_gets_a_letter(state: CaseState) -> None:
    assert sites(make_plan([account("easy-bank.example", state=state)]).letter)
    assert sites(make_plan([account("never.example", state=state)]).letter)


def test_who_only_writes_has_no_account_to_close() -> None:
    assert list(make_plan([account("easy-bank.example", confidence=Confidence.CONTACT)])) == []


def test_a_score_can_be_worked_out_by_hand() -> None:
    bank = make_task(account("medium-bank.example", UseClass.FORGOTTEN))
    assert bank.risk == (Risk.MONEY, Risk.DOCUMENTS)
    assert bank.score == pytest.approx((1 + 2 + 2) * 0.7 * 2)
    unheard = make_task(account("unheard.example", UseClass.IN_USE))
    assert (unheard.risk, unheard.difficulty) == ((), Difficulty.UNKNOWN)
    assert unheard.score == pytest.approx(1 * 0.5 * 0.5)


def test_an_app_is_ranked_as_the_service_its_name_points_to() -> None:
    app = make_task(account("example.easy-bank.app", place=Place.APP))
    assert (app.queue, app.difficulty) == (Queue.QUICK, Difficulty.EASY)
    assert app.risk == (Risk.MONEY, Risk.DOCUMENTS)
    assert make_task(account("org.unheard.app", place=Place.APP)).queue is Queue.LETTER


@pytest.mark.parametrize(
    ("site", "risk"),
    [
        ("tinder.com", (Risk.CONTACTS, Risk.LOCATION)),
        ("strava.com", (Risk.HEALTH, Risk.LOCATION)),
        ("roblox.com", (Risk.CHILDREN,)),
        ("nothing.example", (Risk.MONEY, Risk.LOCATION)),
        ("unheard.example", ()),
    ],
)
def test_what_a_service_may_hold(site: str, risk: tuple[Risk, ...]) -> None:
    assert find_risk(site) == risk


def test_every_account_is_in_one_queue_alone() -> None:
    accounts = [account(site, state=state) for site in ALL for state in CaseState]
    plan = make_plan(accounts)
    left_out = 3 * len(ALL)
    assert len(list(plan)) == len(accounts) - left_out
    assert len({id(task.account) for task in plan}) == len(list(plan))

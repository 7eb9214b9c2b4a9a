"""What to do next: one thing, four more, the rest; alarms first, then what is worth its minutes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guardian.checkup.model import Area, Circumstances, Dependant, Leak, Plan, State, Todo
from guardian.checkup.rules.known import Known
from guardian.checkup.rules.planning import make_plan
from guardian.checkup.rules.scoring import score
from guardian.core.feature import Level
from tests.checkup.builders import NOW, answer, known, seen, step, task

TODAY = NOW.date()
SERIOUS = task("serious", serious=True, weight=1, minutes=20)
QUICK = task("quick", weight=3, minutes=1)
SLOW = task("slow", weight=3, minutes=15)
LONG = task("long", weight=3, minutes=45)

BEFORE = (answer("another", State.DONE),)
"""Something was answered once: the very first step is behind the person."""


def plan(given: Known) -> Plan:
    return make_plan(given, score(given))


def keys(todos: tuple[Todo, ...]) -> list[str]:
    return [todo.key for todo in todos]


def front(made: Plan) -> list[str]:
    return keys(((made.next,) if made.next else ()) + made.more)


def test_alarms_then_serious_things_then_the_most_harm_prevented_in_a_minute() -> None:
    waiting = (("vault", step("back-up", 1)), ("processes", step("odd", 30, Level.ACT)))
    made = plan(known(LONG, SLOW, QUICK, SERIOUS, waiting=waiting))
    assert front(made) == ["odd", "serious", "back-up", "quick", "slow"]
    assert keys(made.rest) == ["long"]  # 45 minutes, where one sitting has 20


def test_what_fits_into_one_sitting_comes_first() -> None:
    long_wished = Circumstances(minutes=45)
    assert front(plan(known(LONG, task("small", minutes=40), circumstances=long_wished))) == [
        "long", "small",
    ]  # fmt: skip
    assert front(plan(known(LONG, task("small", minutes=10)))) == ["small", "long"]


def test_who_has_five_minutes_is_given_something_for_five_minutes() -> None:
    short = Circumstances(minutes=5)
    made = plan(known(SERIOUS, SLOW, QUICK, circumstances=short))
    assert front(made) == ["quick", "serious", "slow"]
    alarm = (("processes", step("odd", 30, Level.ACT)),)
    assert front(plan(known(QUICK, waiting=alarm, circumstances=short))) == ["odd", "quick"]
    assert front(plan(known(LONG, SERIOUS, circumstances=short)))[0] == "serious"


def test_the_very_first_step_is_a_short_one() -> None:
    small = task("small", weight=1, minutes=2)
    assert front(plan(known(SERIOUS, SLOW, small))) == ["small", "serious", "slow"]
    said = (answer("slow", State.PARTLY),)
    assert front(plan(known(SERIOUS, SLOW, small, said=said)))[0] == "serious"
    assert front(plan(known(SERIOUS, SLOW)))[0] == "serious"


def test_one_next_at_most_four_more_and_the_rest() -> None:
    many = [task(f"t{number}") for number in range(9)]
    made = plan(known(*many))
    assert (made.next and made.next.key, len(made.more), len(made.rest)) == ("t0", 4, 4)
    assert front(made) + keys(made.rest) == [one.id for one in many]  # stable


def test_nothing_open_has_no_next_step() -> None:
    made = plan(known(QUICK, said=(answer("quick", State.DONE),)))
    assert (made.next, made.more, made.rest, keys(made.done)) == (None, (), (), ["quick"])
    assert made.done[0].level is Level.FINE


def test_the_first_plan_is_a_mix() -> None:
    phone = [task(f"phone-{n}", area=Area.PHONE, weight=3, minutes=1) for n in range(12)]
    others = [task("mail", area=Area.MAIL), task("paper", area=Area.DOCUMENTS)]
    made = plan(known(*phone, *others))
    assert front(made) == ["phone-0", "phone-1", "mail", "paper", "phone-2"]
    serious = [replace(one, serious=True) for one in phone]
    kinds = Counter(key.split("-")[0] for key in front(plan(known(*serious, *others))))
    assert kinds == {"phone": 3, "mail": 1, "paper": 1}


@given(st.lists(st.sampled_from(Area), min_size=8, max_size=30), st.data())
def test_no_plan_begins_with_five_of_one_kind_where_there_are_others(
    areas: list[Area], data: st.DataObject
) -> None:
    weights, flags = st.integers(1, 3), st.booleans()
    tasks = [
        task(f"t{n}", area=area, weight=data.draw(weights), serious=data.draw(flags))
        for n, area in enumerate(areas)
    ]
    made = plan(known(*tasks))
    kinds = {one.id: one.area for one in tasks}
    if len(set(areas)) > 1:
        assert len({kinds[key] for key in front(made)}) > 1
    assert sorted(front(made) + keys(made.rest)) == sorted(kinds)


def test_a_pillars_own_order_stands() -> None:
    waiting = (("vault", step("first", 10)), ("vault", step("second", 1)))
    assert front(plan(known(waiting=waiting, said=BEFORE))) == ["first", "second"]


def test_one_late_answer_of_ten_stands_among_the_first_five() -> None:
    answers = task("answers", checks=("accounts-answers",), page="accounts", weight=2, minutes=5)
    small = [task(f"small-{n}", area=area, weight=3, minutes=1) for n, area in enumerate(Area)]
    late = (("accounts", step("accounts-answers:12ab", 5)),)
    given = known(
        *small, answers, waiting=late, observations=(seen("accounts-answers", 9, 10),), said=BEFORE
    )
    made = plan(given)
    assert made.next and (made.next.key, made.next.seen) == ("accounts-answers:12ab", True)


def test_an_invitation_to_begin_is_no_more_urgent_than_the_list() -> None:
    begin = task("begin", checks=("vault-there",), page="vault", weight=3, minutes=5)
    given = known(QUICK, begin, waiting=(("vault", step("vault-there", 5)),), said=BEFORE)
    made = plan(given)
    assert front(made) == ["quick", "vault-there"]
    assert not made.more[0].seen, "an invitation is nothing that was seen"


def test_a_step_stands_for_the_task_that_is_the_same_thing() -> None:
    backup = task("backup", checks=("vault-backup",), page="vault", serious=True)
    elsewhere = task("elsewhere", checks=("vault-backup",), page="accounts")
    waiting = (("vault", step("vault-backup")),)
    made = plan(known(QUICK, backup, elsewhere, waiting=waiting, said=BEFORE))
    assert front(made) == ["vault-backup", "quick", "elsewhere"]  # as serious as its task
    assert made.next and (made.next.task, made.next.page) == (None, "vault")
    # put off or set aside under either name, it is shown once
    for name in ("backup", "vault-backup"):
        later = {name: TODAY + timedelta(days=3)}
        made = plan(known(QUICK, backup, waiting=waiting, later=later))
        assert front(made) == ["quick"]
        assert [(one.todo.key, one.until) for one in made.put_aside] == [
            ("vault-backup", TODAY + timedelta(days=3))
        ]
        said = (answer(name, State.NOT_MINE, reason="on paper"),)
        made = plan(known(QUICK, backup, waiting=waiting, said=said))
        assert front(made) == ["quick"]
        assert [(one.todo.key, one.until, one.reason) for one in made.put_aside] == [
            ("vault-backup", None, "on paper")
        ]


def test_the_other_half_of_a_task_is_still_asked_for() -> None:
    both = task("both", checks=("firewall", "updates"), page="processes")
    waiting = (("processes", step("firewall")),)
    sights = (seen("firewall", 0, 1), seen("updates", 0, 1))
    said = (answer("firewall", State.NOT_MINE),)
    made = plan(known(both, waiting=waiting, said=said, observations=sights))
    assert front(made) == ["both"]
    assert [one.todo.key for one in made.put_aside] == ["firewall"]


def test_later_ends_on_its_day() -> None:
    until = TODAY + timedelta(days=1)
    resting = known(QUICK, SLOW, later={"quick": until})
    made = plan(resting)
    assert front(made) == ["slow"]
    assert [(one.todo.key, one.until) for one in made.put_aside] == [("quick", until)]
    made = plan(replace(resting, now=NOW + timedelta(days=1)))
    assert (front(made), made.put_aside) == (["quick", "slow"], ())


def test_what_was_done_and_grew_old_is_back() -> None:
    monthly = task("monthly", days=30)
    said = (answer("monthly", State.DONE, days_ago=30),)
    assert keys(plan(known(monthly, said=said)).done) == ["monthly"]
    made = plan(known(monthly, said=said, now=NOW + timedelta(days=1)))
    assert (front(made), made.done) == (["monthly"], ())


def test_partly_done_is_still_worth_half_of_it() -> None:
    said = (answer("quick", State.PARTLY),)
    other = task("other", weight=2, minutes=1)
    assert front(plan(known(QUICK, other, said=said))) == ["other", "quick"]


def test_what_does_not_concern_the_person_is_nowhere() -> None:
    made = plan(known(task("droid", concerns=("android",))))
    assert made == Plan(None)


def test_only_what_guardian_saw_to_be_wrong_asks_to_act() -> None:
    disk = task("disk", serious=True, checks=("disk",))
    assert plan(known(disk)).next.level is Level.ASK  # type: ignore[union-attr]
    made = plan(known(disk, observations=(seen("disk", 0, 1),)))
    assert made.next and made.next.level is Level.ACT
    assert made.next.observed and made.next.observed.facts == {"done": 0, "total": 1}


def test_a_task_speaks_by_its_own_codes() -> None:
    todo = plan(known(QUICK)).next
    assert todo and (todo.title.code, todo.why.code) == (
        "checkup.task.quick", "checkup.task.quick.why",
    )  # fmt: skip


def test_a_far_day_and_a_day_long_gone_are_just_days() -> None:
    made = plan(known(QUICK, SLOW, later={"quick": date.max, "slow": date.min}))
    assert (front(made), made.put_aside[0].until) == (["slow"], date.max)


def test_steps_about_several_things_stand_for_one_task() -> None:
    backup = task("backup", checks=("vault-backup",), page="vault")
    waiting = (("vault", step("vault-backup:aa11")), ("vault", step("vault-backup:bb22")))
    given = known(backup, waiting=waiting, observations=(seen("vault-backup", 0, 2),))
    assert front(plan(given)) == ["vault-backup:aa11", "vault-backup:bb22"]
    one = answer("vault-backup:aa11", State.NOT_MINE, reason="just a test")
    made = plan(replace(given, answers={one.key: one}))
    assert front(made) == ["vault-backup:bb22"]
    both = {one.key: one, "vault-backup:bb22": answer("vault-backup:bb22", State.NOT_MINE)}
    made = plan(replace(given, answers=both))
    assert made.next is None
    assert [put.todo.key for put in made.put_aside] == ["vault-backup:aa11", "vault-backup:bb22"]
    assert score(replace(given, answers=both)).left_out[0].reason == "just a test"


def test_what_a_person_told_of_their_life_is_among_the_first_five() -> None:
    quick = [task(f"quick-{n}", weight=3, minutes=1, area=area) for n, area in enumerate(Area)]
    leak = task("leak", concerns=("leaked",), weight=3, minutes=30, area=Area.MAIL)
    calls = task("calls", concerns=("elders",), weight=3, minutes=40, area=Area.HABITS)
    tasks = (*quick, calls, leak)
    told = Circumstances(leaked=Leak.YES, dependants=frozenset({Dependant.ELDERS}))
    made = plan(known(*tasks, said=BEFORE, circumstances=told))
    assert "leak" in front(made)
    assert "calls" not in front(made), "one alone: easy things belong there, too"
    assert keys(made.rest)[0] == "calls"
    done = (*BEFORE, answer("leak", State.DONE))
    assert "calls" in front(plan(known(*tasks, said=done, circumstances=told)))
    assert not {"leak", "calls"} & set(front(plan(known(*tasks, said=BEFORE))))

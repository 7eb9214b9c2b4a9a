"""The day by which an answer is due, counted exactly as the law counts. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from guardian.accounts.model import Deadline, Language
from guardian.accounts.rights.laws import Clock, Rule, find_rule
from guardian.accounts.rights.workdays import Workdays, find_workdays
from guardian.core.words import Fact, Message, message


def find_deadline(rule: Rule, arrived: date, country: str, extended: bool = False) -> Deadline:
    """The last day on which an answer to a letter that came on ``arrived`` is in time.

    ``country`` decides which days are holidays; ``extended`` adds what the rule allows on top.
    Raises ``ValueError`` for a rule that sets no clock.
    """
    if rule.clock is None:
        raise ValueError(f"{rule.key} sets no clock")
    clock = rule.clock
    workdays = find_workdays(country, clock.make_up_days)
    nominal = count(clock, arrived, workdays, extended)
    day = workdays.next(nominal) if clock.moves else nominal
    asks_calendar = clock.moves or clock.unit == "working-days"
    first = arrived if clock.unit == "working-days" else nominal
    settled = not asks_calendar or all(
        workdays.is_settled(first + timedelta(days)) for days in range((day - first).days + 1)
    )
    article = rule.article[Language.ENGLISH]
    return Deadline(day, arrived, rule.law.value, article, provisional=not settled)


def count(clock: Clock, arrived: date, workdays: Workdays, extended: bool = False) -> date:
    """The last day of the period, before it gives way to a holiday.

    The day of arrival itself is not counted: a period of one month ends on the day of the same
    number, or on the last day of a month that has no such day.
    """
    length = clock.count + (clock.more if extended else 0)
    if clock.unit == "months":
        return add_months(arrived, length)
    if clock.unit == "days":
        return arrived + timedelta(days=length)
    return workdays.after(arrived, length)


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def extend(deadline: Deadline, country: str) -> Deadline | None:
    """The latest day where the other side has said in time that it needs longer.

    None where the rule allows no more time, or is not known any more.
    """
    rule = find_rule(deadline.article)
    if rule is None or rule.clock is None or not rule.clock.more:
        return None
    return find_deadline(rule, deadline.counted_from, country, extended=True)


def explain(deadline: Deadline) -> tuple[Message, ...]:
    """Where the day comes from, in words: the rule, the day counted from, and what may change."""
    rule = find_rule(deadline.article)
    if rule is None:
        return ()
    facts: dict[str, Fact] = {
        "day": deadline.day,
        "start": deadline.counted_from,
        "article": deadline.article,
    }
    told = [Message(f"accounts.due.{rule.key}", facts)]
    if deadline.provisional:
        told.append(message("accounts.due.provisional"))
    return tuple(told)

"""What the overview is told: where the person stands, and what would help next. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guardian.accounts.cases import knowledge, verification
from guardian.accounts.model import Account, CaseState, Found
from guardian.accounts.rules import judging
from guardian.core.feature import Level, Step, Summary, key_about
from guardian.core.words import Message, message


@dataclass(frozen=True)
class Survey:
    """What a checkup sees without consent: profiles, and places it could not look into."""

    profiles: int
    refused: int


def is_old(account: Account) -> bool:
    """No sign of use for over a year, as far as is known."""
    return account.unused_at_least is not None and account.unused_at_least > judging.YEAR


def summarise(found: Found | None, survey: Survey | None, today: date) -> Summary:
    """How many accounts, how many long unused; never «fine» while something waits or is unread."""
    if found is None or not found.searched:
        return summarise_before(found, survey)
    unread = count_unread(found)
    open_ones = [one for one in found.accounts if one.state is not CaseState.GONE]
    count, old = len(open_ones), sum(map(is_old, open_ones))
    level = Level.ASK if any(suggest(found, survey, today)) else Level.FINE
    if not found.accounts:
        if unread:
            return Summary(level, message("accounts.summary.none-unread", count=unread))
        return Summary(level, message("accounts.summary.none"))
    if not count and not unread:
        return Summary(level, message("accounts.summary.all-gone", count=len(found.accounts)))
    if unread:
        text = message("accounts.summary.unread", count=count, old=old, unread=unread)
        return Summary(level, text)
    return Summary(level, message("accounts.summary", count=count, old=old))


def summarise_before(found: Found | None, survey: Survey | None) -> Summary:
    """Before any profile was read, or after the last consent was taken back."""
    refused = survey.refused if survey else count_unread(found)
    if refused and not (survey and survey.profiles):
        return Summary(Level.ASK, message("accounts.summary.refused", count=refused))
    if survey is None:
        return Summary(None, message("accounts.summary.not-looked"))
    count = survey.profiles
    if not count:
        return Summary(None, message("accounts.summary.no-sources"))
    if refused:
        text = message("accounts.summary.could-read-partly", count=count, refused=refused)
        return Summary(Level.ASK, text)
    return Summary(None, message("accounts.summary.could-read", count=count))


def suggest(found: Found | None, survey: Survey | None, today: date) -> Iterator[Step]:
    """Search first; then what waits in open cases, the decision on the old, what is unread."""
    if found is None or not found.searched:
        refused = survey.refused if survey else count_unread(found)
        if survey is None or survey.profiles:
            title, why = message("accounts.step.find"), message("accounts.step.find.why")
            yield Step(title, why, 2, "guardian accounts find", "accounts-searched")
        elif refused:
            yield see_unread(refused, "guardian accounts find")
        return
    yield from suggest_cases(found, today)
    if old := sum(not one.state.is_decided and is_old(one) for one in found.accounts):
        title, why = message("accounts.step.decide", count=old), message("accounts.step.decide.why")
        yield Step(title, why, 5, "guardian accounts list", "accounts-decided")
    if unread := count_unread(found):
        yield see_unread(unread, "guardian accounts list")


class Turn(StrEnum):
    """What a case waits for from the person, the most pressing first."""

    REOPENED = "reopened"
    ANSWERED = "answered"
    SILENT = "silent"
    REFUSED = "refused"
    OVERDUE = "overdue"
    CHECK = "check"
    CLOSE = "close"


# what waits because of something that happened to one account: each is a step of its own
EACH = (Turn.REOPENED, Turn.ANSWERED, Turn.SILENT, Turn.REFUSED, Turn.OVERDUE)
LATE = (Turn.SILENT, Turn.OVERDUE)
COMMANDS = {Turn.CHECK: "check", Turn.CLOSE: "route"}
BY_STATE = {CaseState.SILENT: Turn.SILENT, CaseState.REFUSED: Turn.REFUSED}
MINUTES = {Turn.ANSWERED: 3, Turn.CHECK: 3}


def suggest_cases(found: Found, today: date) -> Iterator[Step]:
    """What happened to a case, one by one; then one step for each kind of thing to be done: the
    case that has waited longest, and why."""
    waiting: dict[Turn, list[Account]] = {}
    for account in (*found.accounts, *found.contacts):
        if account.case.events and (turn := turn_of(account, today)):
            waiting.setdefault(turn, []).append(account)
    for turn in Turn:
        accounts = sorted(waiting.get(turn, ()), key=waiting_since)
        if turn in EACH:
            yield from (suggest_case(turn, account) for account in accounts)
        elif accounts:
            yield suggest_case(turn, accounts[0], len(accounts))


def suggest_case(turn: Turn, account: Account, count: int = 1) -> Step:
    """Its key goes by the site alone where the step is about one account."""
    site = account.site
    title = Message(f"accounts.step.{turn.value}", {"site": site, "count": count})
    why = Message(f"accounts.step.{turn.value}.why", {"site": site})
    command = f"guardian accounts {COMMANDS.get(turn, 'show')} {site}"
    key = f"accounts-{turn.value}"
    if turn in EACH:
        # a sign that came later is another thing than the one that was put aside
        key = key_about("accounts-answers" if turn in LATE else key, site, turn, account.case.since)
    return Step(title, why, MINUTES.get(turn, 5), command, key)


def waiting_since(account: Account) -> tuple[bool, date, str]:
    since = account.case.since
    return since is None, since.date() if since else date.max, account.site


def turn_of(account: Account, today: date) -> Turn | None:
    """What the person is to do about a case today; None while others have to act."""
    case = account.case
    if not case.state.is_open:
        return None
    if case.state is CaseState.CLOSE:
        return Turn.REOPENED if verification.was_reopened(case) else Turn.CLOSE
    if verification.was_answered(case):
        return Turn.ANSWERED
    if case.state in BY_STATE:
        return BY_STATE[case.state]
    if case.state is CaseState.ESCALATED:
        return Turn.OVERDUE if case.deadline and case.deadline.day < today else None
    day = verification.check_day(case, knowledge.waits(account))
    by_law = case.deadline is not None and case.state is not CaseState.CONFIRMED
    return Turn.CHECK if day and day <= today and not by_law else None


def see_unread(count: int, command: str) -> Step:
    title = message("accounts.step.unread", count=count)
    return Step(title, message("accounts.step.unread.why"), 2, command, "accounts-unread")


def count_unread(found: Found | None) -> int:
    """How many profiles and lists of profiles could not be read in full."""
    return len({one.source.key for one in found.not_read}) if found else 0

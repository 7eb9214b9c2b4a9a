"""What the overview is told: where the person stands, and what would help next. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guardian.accounts import rules
from guardian.accounts.model import Account, Decision, Found
from guardian.core.feature import Level, Step, Summary
from guardian.core.words import message


@dataclass(frozen=True)
class Survey:
    """What a checkup sees without consent: profiles, and places it could not look into."""

    profiles: int
    refused: int


def is_old(account: Account) -> bool:
    """No sign of use for over a year, as far as is known."""
    return account.unused_at_least is not None and account.unused_at_least > rules.YEAR


def summarise(found: Found | None, survey: Survey | None) -> Summary:
    """How many accounts, how many long unused; never «fine» while something was not read."""
    if found is None or not found.searched:
        return summarise_before(found, survey)
    unread = count_unread(found)
    count, old = len(found.accounts), sum(map(is_old, found.accounts))
    waiting = any(is_old(one) and one.decision is not Decision.KEEP for one in found.accounts)
    level = Level.ASK if waiting or unread else Level.FINE
    if not count:
        if unread:
            return Summary(level, message("accounts.summary.none-unread", count=unread))
        return Summary(level, message("accounts.summary.none"))
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


def suggest(found: Found | None, survey: Survey | None) -> Iterator[Step]:
    """Search first, see what could not be read, close what is to be closed, decide on the old."""
    if found is None or not found.searched:
        refused = survey.refused if survey else count_unread(found)
        if survey is None or survey.profiles:
            title, why = message("accounts.step.find"), message("accounts.step.find.why")
            yield Step(title, why, 2, "guardian accounts find")
        elif refused:
            yield see_unread(refused, "guardian accounts find")
        return
    if close := [one for one in found.accounts if one.decision is Decision.CLOSE]:
        title = message("accounts.step.close", site=close[0].site)
        command = f"guardian accounts route {close[0].site}"
        yield Step(title, message("accounts.step.close.why"), 5, command)
    if old := sum(one.decision is Decision.UNDECIDED and is_old(one) for one in found.accounts):
        title = message("accounts.step.decide", count=old)
        yield Step(title, message("accounts.step.decide.why"), 5, "guardian accounts list")
    if unread := count_unread(found):
        yield see_unread(unread, "guardian accounts list")


def see_unread(count: int, command: str) -> Step:
    title = message("accounts.step.unread", count=count)
    return Step(title, message("accounts.step.unread.why"), 2, command)


def count_unread(found: Found | None) -> int:
    """How many profiles and lists of profiles could not be read in full."""
    return len({one.source.key for one in found.not_read}) if found else 0

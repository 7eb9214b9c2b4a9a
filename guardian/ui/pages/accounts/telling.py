"""What the page says about an account: the same sentences wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from guardian.accounts.model import (
    Account,
    CaseState,
    Confidence,
    Evidence,
    EvidenceKind,
    Place,
    Queue,
    Task,
    UseClass,
)
from guardian.core.words import Words
from guardian.ui.pages.accounts.names import Names

MOST_NAMES = 6
# an icon and a colour for each state, beside its word
MARKS = {
    CaseState.FOUND: ("undecided", "dim"),
    CaseState.LATER: ("clock", "dim"),
    CaseState.KEEP: ("fine", "fine"),
    CaseState.CLOSE: ("close", "ask"),
    CaseState.ASKED: ("forward", "ask"),
    CaseState.CONFIRMED: ("fine", "ask"),
    CaseState.REFUSED: ("ask", "act"),
    CaseState.SILENT: ("ask", "act"),
    CaseState.ESCALATED: ("forward", "ask"),
    CaseState.GONE: ("gone", "fine"),
}
SAVED = frozenset({EvidenceKind.SAVED_LOGIN, EvidenceKind.PASSKEY})
WAVED_AWAY = frozenset({EvidenceKind.NEVER_SAVE})


def describe(words: Words, account: Account, name: str, names: Names) -> str:
    """What it is, and under which names the person is known there."""
    if account.place is Place.APP:
        what = words.say("accounts.page.what.app")
    elif name != account.site:
        what = words.say("accounts.page.what.known", name=name)
    else:
        what = words.say("accounts.page.what.site")
    if account.usernames:
        who = words.say("accounts.page.names", names=list_up(words, names.all(account.usernames)))
    else:
        who = words.say("accounts.page.names.unknown")
    return f"{what} {who}"


def list_up(words: Words, names: tuple[str, ...], most: int = MOST_NAMES) -> str:
    """The first few, and how many more there are."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return words.say("accounts.page.and-more", names=shown, count=more) if more > 0 else shown


def tell_shared(words: Words, account: Account) -> str:
    """Which other sites the same login serves; empty where there is none."""
    others = tuple(site for site in account.sites if site != account.site)
    if not others:
        return ""
    return words.say("accounts.page.shared", sites=list_up(words, others))


def tell_risk(words: Words, task: Task) -> str:
    """What of a person such a service may hold; empty where nothing is known."""
    if not task.risk:
        return ""
    risks = ", ".join(words.say(f"accounts.risk.{one.value}") for one in task.risk)
    return words.say("accounts.page.risk", risks=risks)


def tell_queue(words: Words, queue: Queue) -> str:
    """What the way out is like, in a sentence."""
    return words.say(f"accounts.page.queue.{queue.value}")


def tell_use(words: Words, account: Account) -> str:
    """Since when it lies unused, in a few words."""
    span = account.unused_at_least
    if span is None:
        return words.say("accounts.page.row.unknown")
    if account.use_class is UseClass.IN_USE:
        return words.say("accounts.page.row.recent", span=span)
    return words.say("accounts.page.row.unused", span=span)


def tell_state(words: Words, account: Account) -> str:
    return words.say(f"accounts.state.{account.state.value}")


def tell_sure(words: Words, account: Account) -> str:
    """Only what is not sure is worth a word."""
    if account.confidence is Confidence.SURE:
        return ""
    return words.say(f"accounts.page.sure.{account.confidence.value}")


def tell_source(words: Words, evidence: Evidence) -> str:
    """Where a trace is from, and what it is."""
    kind = words.say(f"accounts.evidence.{evidence.kind.value}")
    return f"{evidence.source_name}: {kind}" if evidence.source_name else capital(kind)


def tell_evidence(
    words: Words, evidence: Evidence, clock: Callable[[], datetime], names: Names
) -> str:
    """Every date of one trace, each once, and what else it says."""
    said = []
    if evidence.username:
        said.append(words.say("accounts.page.seen.name", name=names.one(evidence.username)))
    if evidence.provider:
        said.append(words.say("accounts.page.seen.provider", provider=evidence.provider))
    said += tell_days(words, evidence)
    if evidence.newest is None:
        said.append(words.say("accounts.page.seen.undated"))
    if evidence.read_at:
        day = evidence.read_at.astimezone(clock().tzinfo)
        said.append(words.say("accounts.page.seen.kept", day=day))
    return " ".join(said)


def tell_days(words: Words, evidence: Evidence) -> list[str]:
    created, changed, used = evidence.created, evidence.changed, evidence.last_used
    if evidence.kind in SAVED:
        said = [words.say("accounts.page.seen.created", day=created)] if created else []
        if changed and changed != created:
            said.append(words.say("accounts.page.seen.changed", day=changed))
        if used:
            said.append(words.say("accounts.page.seen.used", day=used))
        if evidence.times_used:
            said.append(words.say("accounts.page.seen.times", count=evidence.times_used))
        return said
    if evidence.kind in WAVED_AWAY:
        return [words.say("accounts.page.seen.never", day=created)] if created else []
    days = sorted({day.date(): day for day in (created, changed, used) if day}.values())
    if len(days) < 2:
        return [words.say("accounts.page.seen.once", day=day) for day in days]
    said = [words.say("accounts.page.seen.span", first=days[0], last=days[-1])]
    if evidence.times_used:
        said.append(words.say("accounts.page.seen.seen-times", count=evidence.times_used))
    return said


def capital(text: str) -> str:
    """With a capital at the beginning, whatever else stands in it."""
    return text[:1].upper() + text[1:]

"""How accounts, sources and routes are told: to a person in lines, to a machine as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guardian.accounts.model import (
    Account,
    Deadline,
    Evidence,
    Found,
    NotRead,
    Route,
    SourceState,
    Task,
    Window,
)
from guardian.cli.session import Session, one_line

LONGEST = 100


def show_found(session: Session, found: Found, as_json: bool, home: Path) -> None:
    """The answer of a search, everything that was not read included."""
    if as_json:
        session.print_json(found_json(session, found))
        return
    for account in found.accounts:
        print_account(session, account)
    if not found.accounts and (found.read or found.brought):
        session.say("accounts.cli.no-accounts")
    if not (found.read or found.brought or found.not_read or found.not_allowed):
        session.say("accounts.cli.none", home=str(home))
    if found.contacts:
        session.say("accounts.cli.contacts", count=len(found.contacts))
    if found.own_network:
        hosts = ", ".join(found.own_network)
        session.say("accounts.cli.own-network", count=len(found.own_network), hosts=hosts)
    show_coverage(session, found)


def show_coverage(session: Session, found: Found) -> None:
    """What was read, in full or in part, and what was not."""
    trouble = {one.source.key for one in found.not_read}
    for source in found.read:
        code = "accounts.cli.read-partly" if source.key in trouble else "accounts.cli.read"
        session.say(code, source=source.name, what=name_kind(session, source.kind.value))
    for source in found.brought:
        name = source.name or name_kind(session, source.kind.value)
        session.say("accounts.cli.brought", source=name, key=source.key)
    print_not_read(session, found.not_read)
    for kept in found.kept:
        session.say("accounts.cli.kept", source=kept.source.name, day=kept.read_at)
    for source in found.not_allowed:
        what = name_kind(session, source.kind.value)
        session.say("accounts.cli.left-out", source=source.name, what=what)


def name_kind(session: Session, kind: str) -> str:
    return session.words.say(f"accounts.source.{kind}")


def print_state(session: Session, state: SourceState) -> None:
    word = "accounts.cli.allowed" if state.allowed else "accounts.cli.not-allowed"
    source = state.source
    session.say(
        "accounts.cli.source",
        key=source.key,
        source=source.name,
        what=name_kind(session, source.kind.value),
        state=session.words.say(word),
    )


def states_json(
    session: Session, title: str, states: tuple[SourceState, ...], refused: tuple[NotRead, ...]
) -> dict[str, Any]:
    return {
        title: [
            {
                "key": state.source.key,
                "name": state.source.name,
                "kind": state.source.kind,
                "path": str(state.source.path),
                "allowed": state.allowed,
            }
            for state in states
        ],
        "not_read": [not_read_json(session, one) for one in refused],
    }


def shorten(text: str) -> str:
    """``text`` as a message may repeat it."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def print_not_read(session: Session, places: tuple[NotRead, ...]) -> None:
    for one in places:
        what, todo = session.words.tell(one.what), session.words.tell(one.todo)
        session.say("accounts.cli.not-read", source=one.source.name, what=what, todo=todo)


def print_account(session: Session, account: Account) -> None:
    """One account in two lines: what it is and where it stands, and how long it lies unused."""
    say = session.words.say
    names = f" – {', '.join(account.usernames)}" if account.usernames else ""
    session.say(
        "accounts.cli.account",
        state=say(f"accounts.class.{account.use_class.value}"),
        site=account.site,
        names=names,
        decision=say(f"accounts.state.{account.state.value}"),
    )
    session.print(f"    {session.words.tell(account.why)}", style="dim")


def print_task(session: Session, task: Task) -> None:
    """One account in the order of work: what it may hold, and how hard it is to leave."""
    say = session.words.say
    risk = ", ".join(say(f"accounts.risk.{one.value}") for one in task.risk)
    print_account(session, task.account)
    session.say(
        "accounts.cli.task",
        risk=risk or say("accounts.cli.risk-unknown"),
        difficulty=say(f"accounts.cli.ease.{task.difficulty.value}"),
        url=one_line(task.route.url),
    )


def found_json(session: Session, found: Found) -> dict[str, Any]:
    return {
        "looked_at": found.looked_at,
        "read": [source.key for source in found.read],
        "accounts": [account_json(session, account) for account in found.accounts],
        "contacts": [contact_json(account) for account in found.contacts],
        "own_network": found.own_network,
        "brought": [source.key for source in found.brought],
        "not_read": [not_read_json(session, one) for one in found.not_read],
        "not_allowed": [source.key for source in found.not_allowed],
        "kept": [{"source": one.source.key, "at": one.read_at} for one in found.kept],
    }


def account_json(session: Session, account: Account) -> dict[str, Any]:
    """All that is known of one account; the form is documented with ``find``."""
    unused = account.unused_at_least
    task = session.features.accounts.closing.task(account)
    route = task.route
    return {
        "site": account.site,
        "sites": account.sites,
        "place": account.place,
        "usernames": account.usernames,
        "confidence": account.confidence,
        "first_seen": account.first_seen,
        "last_used": account.last_used,
        "unused_days_at_least": unused.days if unused is not None else None,
        "class": account.use_class,
        "why": session.words.tell(account.why),
        "window": session.words.tell(account.window),
        "windows": [window_json(session, window) for window in account.windows],
        "evidence": [evidence_json(evidence) for evidence in account.evidence],
        "people": account.people,
        "state": account.state,
        "risk": task.risk,
        "difficulty": task.difficulty,
        "queue": task.queue,
        "route": {"kind": route.kind, "url": route.url, "checked_year": route.checked_year},
    }


def contact_json(account: Account) -> dict[str, Any]:
    """Somebody who only writes: since when, until when, and where to unsubscribe."""
    links = [evidence.link for evidence in account.evidence if evidence.link]
    return {
        "site": account.site,
        "first_seen": account.first_seen,
        "newest": max((one.newest for one in account.evidence if one.newest), default=None),
        "unsubscribe": links[0] if links else None,
    }


def window_json(session: Session, window: Window) -> dict[str, Any]:
    """``days`` is how far back the source reaches; null is «no limit known»."""
    return {
        "source": window.source_name,
        "kind": window.source_kind,
        "days": window.days,
        "text": session.words.tell(window.text),
    }


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    return {"source": evidence.source_name, "kind": evidence.kind, "at": evidence.newest}


def not_read_json(session: Session, one: NotRead) -> dict[str, Any]:
    what, todo = session.words.tell(one.what), session.words.tell(one.todo)
    return {"source": one.source.key, "code": one.code, "what": what, "todo": todo}


def route_json(session: Session, route: Route) -> dict[str, Any]:
    tell = session.words.tell
    return {
        "site": route.site,
        "name": route.name,
        "kind": route.kind,
        "url": route.url,
        "checked_year": route.checked_year,
        "source": route.source,
        "text": tell(route.text),
        "hints": [tell(hint) for hint in route.hints],
    }


def print_due(session: Session, deadline: Deadline) -> None:
    """By when an answer is due, and where that day comes from."""
    told = session.features.accounts.closing.explain_deadline(deadline)
    for text in told:
        session.tell(text)
    if not told:  # noted under a rule that Guardian no longer has
        session.say("accounts.cli.due", day=deadline.day, article=deadline.article)


def print_route(session: Session, route: Route) -> None:
    """One way out: the address, what it is, and what to expect there."""
    if route.url:
        session.print(one_line(route.url), style="bold")
    session.tell(route.text)
    for hint in route.hints:
        session.tell(hint)

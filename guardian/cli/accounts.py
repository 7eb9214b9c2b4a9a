"""``guardian accounts``: find accounts, decide about them, see the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from guardian.accounts.model import (
    Account,
    Decision,
    Evidence,
    Found,
    NotRead,
    Route,
    SourceState,
)
from guardian.cli.session import (
    Session,
    json_option,
    on_terminal,
    one_line,
    pass_session,
    printable,
)
from guardian.core.errors import Problem


@click.group()
def accounts() -> None:
    """Find the accounts your browsers know of, and close the ones you no longer need.

    \b
    Example:
      guardian accounts find
      guardian accounts route example.org
    """


@accounts.command()
@click.option(
    "--home", type=click.Path(path_type=Path), help="Look in another home; nothing is remembered."
)
@click.option("--yes", is_flag=True, help="Read all sources once; what they give is not kept.")
@json_option()
@pass_session
def find(session: Session, home: Path | None, yes: bool, as_json: bool) -> None:
    """Search the browser profiles that you allow. Passwords are never read.

    Asks about each profile on a terminal. Without a terminal and without --yes it only lists
    what it could read.

    \b
    Example:
      guardian accounts find
      guardian accounts find --yes --json
    \b
    JSON: {"looked_at", "read": [key], "accounts": [{"site", "place", "usernames",
      "first_seen", "last_used", "unused_days_at_least", "class", "why", "window",
      "evidence": [{"source", "kind", "at"}], "decision",
      "route": {"kind", "url", "checked_year"}}], "own_network": [host],
      "not_read": [{"source", "code", "what", "todo"}], "not_allowed": [key],
      "kept": [{"source", "at"}]}   (shown from an earlier search)
    Times are UTC, null is "not known"; class is in-use, sleeping, forgotten or unknown.
    Without consent: {"could_read": [{"key", "name", "path", "allowed"}]}.
    """
    service = session.features.accounts
    states = service.sources(home) if home else service.sources()
    keys = consented(session, states, yes, ask=not as_json, remember=home is None)
    if not keys and states:
        list_sources(session, states, as_json)
        return
    if home:
        found = session.run(service.find_elsewhere, home, keys)
    else:
        found = session.run(service.find_this_once, keys)
    show_found(session, found, as_json, home or session.home)


def consented(
    session: Session, states: tuple[SourceState, ...], yes: bool, *, ask: bool, remember: bool
) -> set[str]:
    """The keys of the sources that may be read in this run; asks where a person can answer."""
    keys = {state.source.key for state in states if yes or state.allowed}
    if yes or not ask or not is_watched(session):
        return keys
    question = "accounts.cli.ask" if remember else "accounts.cli.ask-once"
    for state in states:
        source = state.source
        if state.allowed:
            continue
        words = session.words.say("accounts.cli.consent", source=source.name, path=str(source.path))
        session.err.print(printable(words), markup=False)
        if click.confirm(session.words.say(question), err=True):
            keys.add(source.key)
            if remember:
                session.features.accounts.allow(source.key, True)
    return keys


def is_watched(session: Session) -> bool:
    """Whether a person sits at the terminal who can be asked."""
    return on_terminal() and session.err.is_terminal


def list_sources(session: Session, states: tuple[SourceState, ...], as_json: bool) -> None:
    """What could be read, and how to allow it."""
    if as_json:
        session.print_json({"could_read": [state_json(state) for state in states]})
        return
    session.say("accounts.cli.could-read")
    for state in states:
        print_state(session, state)
    session.say("accounts.cli.how-to-allow")


def print_state(session: Session, state: SourceState) -> None:
    word = "accounts.cli.allowed" if state.allowed else "accounts.cli.not-allowed"
    source = state.source
    session.say(
        "accounts.cli.source", key=source.key, source=source.name, state=session.words.say(word)
    )


def state_json(state: SourceState) -> dict[str, Any]:
    source = state.source
    path = str(source.path)
    return {"key": source.key, "name": source.name, "path": path, "allowed": state.allowed}


def show_found(session: Session, found: Found, as_json: bool, home: Path) -> None:
    """The answer of a search, everything that was not read included."""
    if as_json:
        session.print_json(found_json(session, found))
        return
    for account in found.accounts:
        print_account(session, account)
    if not found.accounts and found.read:
        session.say("accounts.cli.no-accounts")
    if not (found.read or found.not_read or found.not_allowed):
        session.say("accounts.cli.none", home=str(home))
    if found.own_network:
        hosts = ", ".join(found.own_network)
        session.say("accounts.cli.own-network", count=len(found.own_network), hosts=hosts)
    trouble = {one.source.key for one in found.not_read}
    for source in found.read:
        if source.key in trouble:
            session.say("accounts.cli.read-partly", source=source.name)
        else:
            session.say("accounts.cli.read", source=source.name)
    print_not_read(session, found.not_read)
    for kept in found.kept:
        session.say("accounts.cli.kept", source=kept.source.name, day=kept.read_at.astimezone())
    for source in found.not_allowed:
        session.say("accounts.cli.left-out", source=source.name)


def print_not_read(session: Session, places: tuple[NotRead, ...]) -> None:
    for one in places:
        what, todo = session.words.tell(one.what), session.words.tell(one.todo)
        session.say("accounts.cli.not-read", source=one.source.name, what=what, todo=todo)


def print_account(session: Session, account: Account) -> None:
    say = session.words.say
    names = f" – {', '.join(account.usernames)}" if account.usernames else ""
    session.say(
        "accounts.cli.account",
        state=say(f"accounts.class.{account.use_class.value}"),
        site=account.site,
        names=names,
        decision=say(f"accounts.decision.{account.decision.value}"),
    )
    session.print(f"    {session.words.tell(account.why)}", style="dim")


def found_json(session: Session, found: Found) -> dict[str, Any]:
    return {
        "looked_at": found.looked_at,
        "read": [source.key for source in found.read],
        "accounts": [account_json(session, account) for account in found.accounts],
        "own_network": found.own_network,
        "not_read": [not_read_json(session, one) for one in found.not_read],
        "not_allowed": [source.key for source in found.not_allowed],
        "kept": [{"source": one.source.key, "at": one.read_at} for one in found.kept],
    }


def account_json(session: Session, account: Account) -> dict[str, Any]:
    unused = account.unused_at_least
    route = session.features.accounts.route_of(account)
    return {
        "site": account.site,
        "place": account.place,
        "usernames": account.usernames,
        "first_seen": account.first_seen,
        "last_used": account.last_used,
        "unused_days_at_least": unused.days if unused is not None else None,
        "class": account.use_class,
        "why": session.words.tell(account.why),
        "window": session.words.tell(account.window),
        "evidence": [evidence_json(evidence) for evidence in account.evidence],
        "decision": account.decision,
        "route": {"kind": route.kind, "url": route.url, "checked_year": route.checked_year},
    }


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    return {"source": evidence.source_name, "kind": evidence.kind, "at": evidence.newest}


def not_read_json(session: Session, one: NotRead) -> dict[str, Any]:
    what, todo = session.words.tell(one.what), session.words.tell(one.todo)
    return {"source": one.source.key, "code": one.code, "what": what, "todo": todo}


@accounts.command()
@click.option("--allow", "allowed", multiple=True, metavar="KEY", help="Allow a source for good.")
@click.option("--revoke", "revoked", multiple=True, metavar="KEY", help="Take that back.")
@json_option()
@pass_session
def sources(
    session: Session, allowed: tuple[str, ...], revoked: tuple[str, ...], as_json: bool
) -> None:
    """List the browser profiles Guardian could read, and which of them you allow.

    \b
    Example:
      guardian accounts sources
      guardian accounts sources --revoke firefox:.mozilla/firefox/abcd1234.default
    \b
    JSON: {"sources": [{"key", "name", "path", "allowed"}]}
    """
    service = (session.recorded() if allowed or revoked else session.features).accounts
    keys = {state.source.key for state in service.sources()}
    for key in allowed:
        if key not in keys:
            raise Problem("source-unknown", key=key)
        service.allow(key, True)
    for key in revoked:  # also one whose profile is gone
        service.allow(key, False)
    states, refused = service.survey()
    if as_json:
        session.print_json({"sources": [state_json(state) for state in states]})
        return
    for key in revoked:
        session.say("accounts.cli.revoked", key=key)
    for state in states:
        print_state(session, state)
    print_not_read(session, refused)
    if not states and not refused:
        session.say("accounts.cli.none", home=str(session.home))


@accounts.command("list")
@json_option("Answer as JSON, in the form find gives.")
@pass_session
def list_accounts(session: Session, as_json: bool) -> None:
    """Show what the last search found; nothing is read anew.

    \b
    Example:
      guardian accounts list
    """
    found = session.recorded().accounts.known()
    if as_json:
        session.print_json(found_json(session, found) if found else {"accounts": None})
    elif found is None:
        session.say("accounts.cli.not-searched")
    else:
        session.say("accounts.cli.known-from", day=found.looked_at.astimezone())
        show_found(session, found, False, session.home)


@accounts.command()
@click.argument("site")
@pass_session
def show(session: Session, site: str) -> None:
    """Show all the evidence for one account, and what it cannot show.

    \b
    Example:
      guardian accounts show example.org
    """
    account = session.recorded().accounts.account(site)
    print_account(session, account)
    for evidence in account.evidence:
        kind = session.words.say(f"accounts.evidence.{evidence.kind.value}")
        if evidence.newest is None:
            session.say("accounts.cli.evidence-undated", source=evidence.source_name, kind=kind)
        else:
            day = evidence.newest.astimezone()
            session.say("accounts.cli.evidence", source=evidence.source_name, kind=kind, day=day)
    session.tell(account.window)


@accounts.command("set")
@click.argument("site")
@click.argument("decision", type=click.Choice([decision.value for decision in Decision]))
@pass_session
def set_decision(session: Session, site: str, decision: str) -> None:
    """Note what you want to do with an account.

    \b
    Example:
      guardian accounts set example.org close
    """
    wish = Decision(decision)
    session.recorded().accounts.decide(site, wish)
    say = session.words.say
    session.say("accounts.cli.decided", site=site, decision=say(f"accounts.decision.{wish.value}"))


@accounts.command()
@click.argument("site")
@pass_session
def undo(session: Session, site: str) -> None:
    """Go back to the decision before the last one.

    \b
    Example:
      guardian accounts undo example.org
    """
    decision = session.recorded().accounts.undo(site).value
    say = session.words.say
    session.say("accounts.cli.undone", site=site, decision=say(f"accounts.decision.{decision}"))


@accounts.command()
@click.argument("site")
@json_option()
@pass_session
def route(session: Session, site: str, as_json: bool) -> None:
    """Show the address where an account can be closed; nothing is opened.

    \b
    Example:
      guardian accounts route example.org
    \b
    JSON: {"site", "name", "kind", "url", "checked_year", "text", "hints"}
    """
    way = session.features.accounts.route(site)
    if as_json:
        session.print_json(route_json(session, way))
        return
    session.print(one_line(way.url), style="bold")
    session.tell(way.text)
    for hint in way.hints:
        session.tell(hint)
    session.say("accounts.cli.opens-nothing")


def route_json(session: Session, way: Route) -> dict[str, Any]:
    tell = session.words.tell
    return {
        "site": way.site,
        "name": way.name,
        "kind": way.kind,
        "url": way.url,
        "checked_year": way.checked_year,
        "text": tell(way.text),
        "hints": [tell(hint) for hint in way.hints],
    }

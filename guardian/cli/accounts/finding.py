"""Which sources there are, what a search of them shows, and what the person hands in."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import click

from guardian.accounts.model import Found, NotRead, SourceKind, SourceState
from guardian.cli.accounts.answers import (
    found_json,
    name_kind,
    print_not_read,
    print_state,
    shorten,
    show_found,
    states_json,
)
from guardian.cli.accounts.parameters import PLACE, where_options
from guardian.cli.session import Session, json_option, on_terminal, pass_session, printable
from guardian.core.errors import Problem


@click.command()
@where_options
@json_option()
@pass_session
def find(session: Session, home: Path | None, yes: bool, as_json: bool) -> None:
    """Search the browsers, mail and programs that you allow. Passwords are never read.

    Asks about each source on a terminal. Without a terminal and without --yes it only lists
    what it could read.

    \b
    Example:
      guardian accounts find
      guardian accounts find --yes --json

    \b
    JSON: {"looked_at", "read": [key], "accounts": [ACCOUNT], "contacts": [{"site",
      "first_seen", "newest", "unsubscribe"}], "own_network": [host], "brought": [key],
      "not_read": [{"source", "code", "what", "todo"}], "not_allowed": [key],
      "kept": [{"source", "at"}]}   (kept: shown from an earlier search)

    \b
    ACCOUNT: {"site", "sites", "place", "usernames", "confidence", "first_seen", "last_used",
      "unused_days_at_least", "class", "why", "window",
      "windows": [{"source", "kind", "days", "text"}],
      "evidence": [{"source", "kind", "at"}], "people", "state", "risk": [kind],
      "difficulty", "queue", "route": {"kind", "url", "checked_year"}}

    \b
    Times are UTC, null is "not known". confidence is sure, likely or contact; class is in-use,
    sleeping, forgotten or unknown; risk holds money, documents, health, contacts, location,
    children; difficulty is easy, medium, hard, limited, impossible or unknown; queue is quick,
    letter or empty; days is how far back a source reaches, null without a known limit.
    Without consent: {"could_read": [{"key", "name", "kind", "path", "allowed"}], "not_read"}.
    A problem is {"problem": code, "message": text}.
    """
    found = search(session, home, yes, as_json)
    if found is not None:
        show_found(session, found, as_json, home or session.home)


def search(session: Session, home: Path | None, yes: bool, as_json: bool) -> Found | None:
    """Look now; without any consent says what could be read, and gives None."""
    service = session.features.accounts
    states, refused = service.survey(home) if home else service.survey()
    keys = consented(session, states, yes, ask=not as_json, remember=home is None)
    if not keys and states:
        list_sources(session, states, refused, as_json)
        return None
    if home:
        return session.run(service.find_elsewhere, home, keys)
    return session.run(service.find_this_once, keys)


def obtain(session: Session, home: Path | None, yes: bool, as_json: bool) -> Found | None:
    """What the records know, or with ``--home`` or ``--yes`` what a look now shows.

    Says so and gives None where there is nothing yet.
    """
    if home or yes:
        return search(session, home, yes, as_json)
    found = session.recorded().accounts.known()
    if found is None and as_json:
        session.print_json({"accounts": None})
    elif found is None:
        session.say("accounts.cli.not-searched")
    return found


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
        words = session.words.say(
            "accounts.cli.consent",
            source=source.name,
            what=name_kind(session, source.kind.value),
            reads=session.words.say(f"accounts.reads.{source.kind.value}"),
            path=str(source.path),
        )
        session.err.print(printable(words), markup=False)
        if click.confirm(session.words.say(question), err=True):
            keys.add(source.key)
            if remember:
                session.features.accounts.allow(source.key, True)
    return keys


def is_watched(session: Session) -> bool:
    """Whether a person sits at the terminal who can be asked."""
    return on_terminal() and session.err.is_terminal


def list_sources(
    session: Session,
    states: tuple[SourceState, ...],
    refused: tuple[NotRead, ...],
    as_json: bool,
) -> None:
    """What could be read, what refuses, and how to allow it."""
    if as_json:
        session.print_json(states_json(session, "could_read", states, refused))
        return
    session.say("accounts.cli.could-read")
    for state in states:
        print_state(session, state)
    print_not_read(session, refused)
    session.say("accounts.cli.how-to-allow")


@click.command()
@click.option("--allow", "allowed", multiple=True, metavar="KEY", help="Allow a source for good.")
@click.option("--allow-all", is_flag=True, help="Allow every source found, for good.")
@click.option("--revoke", "revoked", multiple=True, metavar="KEY", help="Take that back.")
@click.option("--home", type=PLACE, help="List the sources of another home.")
@json_option()
@pass_session
def sources(
    session: Session,
    *,
    allowed: tuple[str, ...],
    allow_all: bool,
    revoked: tuple[str, ...],
    home: Path | None,
    as_json: bool,
) -> None:
    """List what Guardian could read, and which of it you allow.

    \b
    Example:
      guardian accounts sources
      guardian accounts sources --revoke firefox:.mozilla/firefox/abcd1234.default

    \b
    JSON: {"sources": [{"key", "name", "kind", "path", "allowed"}],
      "not_read": [{"source", "code", "what", "todo"}]}
    """
    changing = allowed or allow_all or revoked
    if home and changing:
        raise click.UsageError(session.words.say("accounts.cli.home-or-consent"))
    service = (session.recorded() if changing else session.features).accounts
    if changing:
        keys = [state.source.key for state in service.sources()]
        check_keys(allowed, keys)
        check_keys(revoked, {*keys, *service.allowed_keys()})  # a browser may be gone meanwhile
        wishes = dict.fromkeys([*(keys if allow_all else ()), *allowed], True)
        service.choose({**wishes, **dict.fromkeys(revoked, False)})
    states, refused = service.survey(home) if home else service.survey()
    if as_json:
        session.print_json(states_json(session, "sources", states, refused))
        return
    for key in revoked:
        session.say("accounts.cli.revoked", key=key)
    for state in states:
        print_state(session, state)
    print_not_read(session, refused)
    if not states and not refused:
        session.say("accounts.cli.none", home=str(home or session.home))


def check_keys(wanted: Collection[str], known: Collection[str]) -> None:
    """Raises ``Problem("source-unknown")``."""
    for key in wanted:
        if key not in known:
            raise Problem("source-unknown", key=shorten(key))


@click.command("import")
@click.argument("path", type=PLACE)
@click.option("--once", is_flag=True, help="Show what it adds; keep nothing.")
@json_option("Answer as JSON, in the form find gives.")
@pass_session
def import_file(session: Session, path: Path, once: bool, as_json: bool) -> None:
    """Read an export of a password program, or a mailbox (a file or a folder of mails).

    Passwords in it are never kept. The export itself stays as it is: it holds your passwords
    in the clear, so delete it when you no longer need it.

    \b
    Example:
      guardian accounts import ~/Downloads/bitwarden_export.csv
      guardian accounts import ~/Takeout/Mail/All.mbox
    """
    service = (session.features if once else session.recorded()).accounts
    if once or session.why:  # where there are no records, nothing is kept either
        added = session.run(service.bring_this_once, path)
        show_found(session, added, as_json, session.home)
        return
    source = session.run(service.bring, path)
    found = service.known()
    if found is None:
        raise AssertionError("what was just brought is known")
    if as_json:
        session.print_json(found_json(session, found))
        return
    mine = [
        account
        for account in (*found.accounts, *found.contacts)
        if any(one.source_key == source.key for one in account.evidence)
    ]
    session.say("accounts.cli.imported", count=len(mine), source=source.name, key=source.key)
    print_not_read(session, tuple(one for one in found.not_read if one.source.key == source.key))
    if source.kind is SourceKind.EXPORT:
        session.say("accounts.cli.export-is-plain", name=path.name)


@click.command()
@click.argument("key")
@pass_session
def forget(session: Session, key: str) -> None:
    """Forget what an export or a mailbox gave, by the key that list shows.

    A site that you added takes its name instead of a key.

    \b
    Example:
      guardian accounts forget export:firefox:/home/anna/logins.csv
      guardian accounts forget example.org
    """
    service = session.recorded().accounts
    found = service.known()
    if found and key in {source.key for source in found.brought}:
        service.forget(key)
    elif ":" in key and "://" not in key:
        raise Problem("source-unknown", key=shorten(key))
    else:
        key = service.remove(key)
    session.say("accounts.cli.forgotten", key=key)


COMMANDS = (sources, find, import_file, forget)

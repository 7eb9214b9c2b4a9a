"""What is known: the list of accounts, all about one of them, and what the person adds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from guardian.accounts.model import Account, Advice, CaseState, Found
from guardian.cli.accounts.answers import (
    account_json,
    found_json,
    name_kind,
    print_account,
    print_due,
    shorten,
    show_found,
)
from guardian.cli.accounts.finding import obtain
from guardian.cli.accounts.parameters import PLACE, save_new, where_options
from guardian.cli.session import Session, json_option, pass_session
from guardian.core.errors import Problem

CLOSED = (CaseState.CONFIRMED, CaseState.GONE)


@click.command()
@click.argument("site")
@click.option("--name", default="", help="The name you are known by there.")
@pass_session
def add(session: Session, site: str, name: str) -> None:
    """Note an account that you know of.

    \b
    Example:
      guardian accounts add example.org --name anna
    """
    account = session.recorded().accounts.add(site, name)
    print_account(session, account)


@click.command("list")
@where_options
@click.option("--person", help='Only what was seen in this profile, such as "Firefox (anna)".')
@click.option("--contacts", is_flag=True, help="Show who only writes to you, instead.")
@click.option("--csv", "csv", type=PLACE, help="Save as a table.")
@json_option("Answer as JSON, in the form find gives.")
@pass_session
def list_accounts(
    session: Session,
    *,
    home: Path | None,
    yes: bool,
    person: str | None,
    contacts: bool,
    csv: Path | None,
    as_json: bool,
) -> None:
    """Show what the last search found; nothing is read anew without --yes or --home.

    \b
    Example:
      guardian accounts list
      guardian accounts list --person "Firefox (anna)"
      guardian accounts list --csv accounts.csv
    """
    found = obtain(session, home, yes, as_json)
    if found is None:
        return
    if person:
        found = of_person(found, person)
    if csv:
        text = session.features.accounts.to_csv(session.words, found)
        save_new(csv, text.encode("utf-8", "backslashreplace"))
        if as_json:
            session.print_json({"saved": str(csv), "accounts": len(found.accounts)})
        else:
            session.say("accounts.cli.saved-list", name=csv.name, count=len(found.accounts))
        return
    if as_json:
        session.print_json(found_json(session, found))
        return
    if contacts:
        for contact in found.contacts:
            print_contact(session, contact)
        if not found.contacts:
            session.say("accounts.cli.no-contacts")
        return
    if not (home or yes):
        session.say("accounts.cli.known-from", day=found.looked_at)
    for name in found.people if len(found.people) > 1 and not person else ():
        count = sum(name in account.people for account in found.accounts)
        session.say("accounts.cli.person", person=name, count=count)
    show_found(session, found, False, home or session.home)


def of_person(found: Found, person: str) -> Found:
    """Only what was seen in one profile. Raises ``Problem("person-unknown")``."""
    if person not in found.people:
        known = ", ".join(found.people)
        raise Problem(
            "person-unknown" if known else "person-none", person=shorten(person), known=known
        )
    return replace(
        found,
        accounts=tuple(one for one in found.accounts if person in one.people),
        contacts=tuple(one for one in found.contacts if person in one.people),
    )


def print_contact(session: Session, contact: Account) -> None:
    links = [evidence.link for evidence in contact.evidence if evidence.link]
    newest = max((one.newest for one in contact.evidence if one.newest), default=None)
    if newest is None:
        session.say("accounts.cli.contact-undated", site=contact.site)
    else:
        session.say("accounts.cli.contact", site=contact.site, day=newest)
    if links:
        session.say("accounts.cli.unsubscribe", url=links[0])


@click.command()
@click.argument("site")
@where_options
@json_option("Answer as JSON: the ACCOUNT that find gives.")
@pass_session
def show(session: Session, site: str, home: Path | None, yes: bool, as_json: bool) -> None:
    """Show all the evidence for one account, what it cannot show, and where its case stands.

    \b
    Example:
      guardian accounts show example.org
    """
    found = obtain(session, home, yes, as_json)
    if found is None:
        return
    closing = session.features.accounts.closing
    account = closing.account(site, found)
    if as_json:
        session.print_json(account_json(session, account))
        return
    print_account(session, account)
    if len(account.sites) > 1:
        session.say("accounts.cli.sites", sites=", ".join(account.sites[1:]))
    print_evidence(session, account)
    if account.state in CLOSED:
        title, advice = "accounts.cli.after", closing.after(account, found)
    else:
        title, advice = "accounts.cli.before", closing.before(account, found)
    print_advice(session, title, advice)
    print_case(session, account)
    if account.state not in CLOSED:
        session.say("accounts.cli.how-to-close", site=account.site)


def print_evidence(session: Session, account: Account) -> None:
    """Every trace with its day, and what the sources cannot show."""
    session.say("accounts.cli.seen")
    several = len(account.usernames) > 1
    for evidence in account.evidence:
        kind = session.words.say(f"accounts.evidence.{evidence.kind.value}")
        if several and evidence.username:
            kind = session.words.say("accounts.cli.kind-of", kind=kind, name=evidence.username)
        source = evidence.source_name or name_kind(session, evidence.source_kind.value)
        if evidence.newest is None:
            session.say("accounts.cli.evidence-undated", source=source, kind=kind)
        else:
            session.say("accounts.cli.evidence", source=source, kind=kind, day=evidence.newest)
    for text in dict.fromkeys(session.words.tell(window.text) for window in account.windows):
        session.say("accounts.cli.cannot-show", text=text)


def print_advice(session: Session, title: str, advices: tuple[Advice, ...]) -> None:
    if advices:
        session.say(title)
    for advice in advices:
        session.say("accounts.cli.advice", advice=session.words.tell(advice.text))
        if advice.sites:
            session.print(f"    {', '.join(advice.sites)}", style="dim")


def print_case(session: Session, account: Account) -> None:
    """What happened so far, and what is due."""
    if account.case.events:
        session.say("accounts.cli.so-far")
    for event in account.case.events:
        if event.state:
            state = session.words.say(f"accounts.state.{event.state.value}")
            session.say("accounts.cli.event", day=event.at, state=state)
        if event.attachment:
            attached = event.attachment
            session.say(
                "accounts.cli.proof", day=event.at, name=attached.name, place=attached.place
            )
        if event.check:
            look = session.words.say(f"accounts.cli.look.{event.check.step.value}")
            seen = session.words.say(
                f"accounts.cli.check.{'gone' if event.check.gone else 'there'}"
            )
            session.say("accounts.cli.looked", day=event.at, look=look, seen=seen)
        if event.why:
            session.say("accounts.cli.cause", text=session.words.tell(event.why))
        if event.note:
            session.say("accounts.cli.note", day=event.at, note=event.note)
    if account.case.deadline and account.state.is_open:
        print_due(session, account.case.deadline)


COMMANDS = (add, list_accounts, show)

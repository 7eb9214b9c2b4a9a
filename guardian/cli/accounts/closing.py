"""The order of work, the ways out, and where the case of each account stands."""

from __future__ import annotations

from pathlib import Path

import click

from guardian.accounts.model import Account, CaseState, Gone, Queue
from guardian.cli.accounts.answers import account_json, print_route, print_task, route_json
from guardian.cli.accounts.finding import obtain
from guardian.cli.accounts.listing import of_person
from guardian.cli.accounts.parameters import PLACE, where_options
from guardian.cli.session import Session, json_option, pass_session
from guardian.cli.vault.shared import password_option, unlock
from guardian.core.clock import local_now
from guardian.core.errors import Problem
from guardian.core.files import is_there

PROOFS = "Accounts"
NEXT = 10  # of each queue: a longer list is not begun


@click.command()
@where_options
@click.option("--person", help='Only what was seen in this profile, such as "Firefox (anna)".')
@click.option("--queue", type=click.Choice([queue.value for queue in Queue]), help="Only this one.")
@click.option("--all", "whole", is_flag=True, help="Show all, not only the next few.")
@json_option()
@pass_session
def plan(
    session: Session,
    *,
    home: Path | None,
    yes: bool,
    person: str | None,
    queue: str | None,
    whole: bool,
    as_json: bool,
) -> None:
    """Show in which order to go about it: what is risky and easy to leave comes first.

    Three queues: quick wins; worth a letter; cannot be closed, so empty it. What other accounts
    hang on, such as your mailbox, comes late.

    \b
    Example:
      guardian accounts plan
      guardian accounts plan --queue quick

    \b
    JSON: {"quick": [ACCOUNT], "letter": [ACCOUNT], "empty": [ACCOUNT]}, most worthwhile first;
    ACCOUNT is what find gives.
    """
    found = obtain(session, home, yes, as_json)
    if found is None:
        return
    if person:
        found = of_person(found, person)
    work = session.features.accounts.closing.plan(found)
    queues = {Queue.QUICK: work.quick, Queue.LETTER: work.letter, Queue.EMPTY: work.empty}
    chosen = {name: tasks for name, tasks in queues.items() if queue in (None, name.value)}
    if as_json:
        session.print_json(
            {
                name.value: [account_json(session, task.account) for task in tasks]
                for name, tasks in chosen.items()
            }
        )
        return
    for name, tasks in chosen.items():
        title = session.words.say(f"accounts.cli.queue.{name.value}")
        session.print(f"{title}: {len(tasks)}", style="bold")
        shown = tasks if whole else tasks[:NEXT]
        for task in shown:
            print_task(session, task)
        if len(shown) < len(tasks):
            session.say("accounts.cli.more-tasks", count=len(tasks) - len(shown))


@click.command()
@click.argument("site")
@json_option()
@pass_session
def route(session: Session, site: str, as_json: bool) -> None:
    """Show the ways to close an account, the straightest first; nothing is opened.

    \b
    Example:
      guardian accounts route example.org

    \b
    JSON: {"site", "name", "kind", "url", "checked_year", "source", "text", "hints",
      "ways": [the same of every way, in the order to try them]}
    """
    ways = session.features.accounts.closing.routes(site)
    if as_json:
        told = [route_json(session, way) for way in ways]
        session.print_json({**told[0], "ways": told})
        return
    for number, way in enumerate(ways, 1):
        kind = session.words.say(f"accounts.cli.way.{way.kind.value}")
        session.print(f"{number}. {kind}", style="bold")
        print_route(session, way)
    session.say("accounts.cli.opens-nothing")


@click.command("set")
@click.argument("site")
@click.argument("state", type=click.Choice([state.value for state in CaseState]))
@click.option("--note", default="", help="A sentence to keep with it.")
@click.option("--name", default="", help="Which of several names there this is about.")
@pass_session
def set_state(session: Session, site: str, state: str, note: str, name: str) -> None:
    """Note what you decided or what happened: from keep or close up to gone.

    \b
    Example:
      guardian accounts set example.org close
      guardian accounts set example.org refused --note "they want a copy of my passport"
    """
    closing = session.recorded().accounts.closing
    closing.set_state(site, CaseState(state), note, name)
    say_state(session, "accounts.cli.decided", closing.account(site))


@click.command()
@click.argument("site")
@click.argument("text")
@pass_session
def note(session: Session, site: str, text: str) -> None:
    """Keep a sentence with the case of an account.

    \b
    Example:
      guardian accounts note example.org "called them, ticket 4711"
    """
    closing = session.recorded().accounts.closing
    closing.add_note(site, text)
    session.say("accounts.cli.noted", site=closing.account(site).site)


@click.command()
@click.argument("site")
@pass_session
def undo(session: Session, site: str) -> None:
    """Take back what was noted last about an account.

    \b
    Example:
      guardian accounts undo example.org
    """
    closing = session.recorded().accounts.closing
    before = closing.account(site)
    if closing.undo(site) == before.case:
        raise Problem("undo-nothing", site=before.site)
    say_state(session, "accounts.cli.undone", closing.account(site))


@click.command()
@click.argument("site")
@click.argument("look", required=False, type=click.Choice([step.value for step in Gone]))
@click.argument("answer", required=False, type=click.Choice(["gone", "there"]))
@json_option("Answer as JSON: the ACCOUNT that find gives.")
@pass_session
def check(session: Session, site: str, look: str | None, answer: str | None, as_json: bool) -> None:
    """Take the three looks that show whether an account is really gone, and note what you saw.

    \b
    Example:
      guardian accounts check example.org
      guardian accounts check example.org sign-in gone
    """
    service = session.recorded().accounts
    if look and not answer:
        raise click.UsageError(session.words.say("accounts.cli.check-needs-answer"))
    if look:
        service.closing.answer(site, Gone(look), answer == "gone")
    account = service.account(site)
    if as_json:
        session.print_json(account_json(session, account))
        return
    day, why = service.closing.check_day(account), service.closing.why_check_day(account)
    if day and why and day > local_now().date():
        session.tell(why)
    for step in service.closing.check_steps(account):
        seen = "open" if step.done is None else "gone" if step.done.gone else "there"
        mark = session.words.say(f"accounts.cli.check.{seen}")
        session.say("accounts.cli.check", look=step.step.value, mark=mark)
        session.print(f"    {session.words.tell(step.text)}")
    say_state(session, "accounts.cli.stands", account)


@click.command()
@click.argument("site")
@click.argument("file", type=PLACE)
@click.argument("vault", type=PLACE)
@password_option
@pass_session
def attach(session: Session, site: str, file: Path, vault: Path, password_stdin: bool) -> None:
    """Put a proof, such as a reply, into a vault, and note it with the case.

    Asks for the passphrase of the vault.

    \b
    Example:
      guardian accounts attach example.org reply.pdf ~/Vault
    """
    closing = session.recorded().accounts.closing
    account = closing.account(site)
    if not is_there(file):
        raise Problem("file-missing", name=str(file))
    if file.is_dir():
        raise Problem("file-is-folder", name=str(file))
    place = f"{PROOFS}/{account.site}"
    with unlock(session, vault, password_stdin) as opened:
        result = session.run(opened.add, (file,), place)
    for refusal in result.refused:
        raise refusal.problem
    for added in result.added:
        closing.attach(account.site, file.name, f"{vault.name}: {added.path}")
    session.say("accounts.cli.attached", name=file.name, site=account.site)


def say_state(session: Session, code: str, account: Account) -> None:
    state = session.words.say(f"accounts.state.{account.state.value}")
    session.say(code, site=account.site, decision=state)


COMMANDS = (plan, route, set_state, note, undo, check, attach)

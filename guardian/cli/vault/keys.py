"""``guardian vault``: making a vault, and what opens it."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import click

from guardian.cli.session import Session, json_option, on_terminal, one_line, pass_session
from guardian.cli.vault.shared import (
    EXIT_FOUND,
    ask_passphrase,
    ask_secret,
    folder_argument,
    password_option,
    problem_facts,
    stdin_option,
    tell_problem,
    unlock,
)
from guardian.core.errors import Problem
from guardian.vault.model import Kind, Sheet
from guardian.vault.service import judge, own_words, place_of, suggest_passphrase

TRIES = 3
PROVEN_WORDS = 3
FORMAT = 8


@click.command()
@folder_argument
@click.option("--suggest", is_flag=True, help="Let Guardian draw a passphrase of six words.")
@stdin_option("the passphrase from the first line of standard input")
@pass_session
def create(session: Session, folder: Path, *, suggest: bool, password_stdin: bool) -> None:
    """Make a new vault in DIR, which must be empty or not there yet.

    With --suggest the six words are shown, and asked for once, so that they are written down
    before anything depends on them.

    \b
    Example:
      guardian vault create ~/Vault
    """
    if suggest and password_stdin:
        raise click.UsageError("--suggest draws the passphrase; leave out --password-stdin.")
    if suggest:
        passphrase = take_suggestion(session)
    else:
        passphrase = ask_passphrase(session, password_stdin, new=True)
    service = session.features.vault
    session.run(service.create, folder, passphrase).lock()
    place = place_of(folder)
    session.say("vault.cli.created", path=str(place))
    tell_strength(session, passphrase, place)
    session.say("vault.cli.created-note")
    session.say("vault.cli.created-recovery", path=str(place))


def take_suggestion(session: Session) -> str:
    """Six words, shown, once the person has typed them. Raises ``Problem``."""
    if not on_terminal():
        raise Problem("vault-suggestion-unseen")
    suggested = suggest_passphrase()
    session.say("vault.cli.suggested", passphrase=suggested)
    for _ in range(TRIES):
        question = session.words.say("vault.cli.suggested-again")
        if click.prompt(question, hide_input=True, err=True) == suggested:
            return suggested
        session.err.print(session.words.say("vault.cli.suggested-differs"))
    raise Problem("vault-suggestion-differs")


def tell_strength(session: Session, passphrase: str, folder: Path) -> None:
    score = judge(passphrase, own_words(folder.name)).score
    session.say("vault.strength", strength=session.words.say(f"vault.strength.{score}"))


@click.command()
@folder_argument
@password_option
@json_option()
@pass_session
def test(session: Session, folder: Path, *, password_stdin: bool, as_json: bool) -> None:
    """Try whether the vault in DIR opens: its key, its configuration, every folder and name.

    What is inside the documents is not read; 'guardian vault check --full' does that.
    Ends with exit code 1 when something could not be read, 2 when the vault does not open.

    \b
    Example:
      guardian vault test ~/Vault
    """
    with unlock(session, folder, password_stdin) as opened:
        found = session.run(opened.list_all)
        cipher = opened.cipher
    kinds = [entry.kind for entry in found.entries]
    documents, folders = kinds.count(Kind.FILE), kinds.count(Kind.FOLDER)
    if as_json:
        not_read = [problem_facts(session, one.name, one.problem) for one in found.not_read]
        session.print_json(
            {
                "vault": folder,
                "format": FORMAT,
                "cipher": cipher,
                "documents": documents,
                "folders": folders,
                "not_read": not_read,
                "recovery": session.features.vault.has_recovery(folder),
            }
        )
    else:
        session.say("vault.cli.test-key")
        session.say("vault.cli.test-config", format=FORMAT, cipher=cipher)
        session.say("vault.cli.test-documents", count=documents)
        session.say("vault.cli.test-folders", count=folders)
        there = session.features.vault.has_recovery(folder)
        session.say("vault.cli.test-recovery" if there else "vault.cli.test-no-recovery")
        if found.not_read:
            session.say("vault.cli.test-not-read", count=len(found.not_read))
        for one in found.not_read:
            session.print(f"  {one_line(one.name)}")
            tell_problem(session, one.problem)
    if found.not_read:
        sys.exit(EXIT_FOUND)


@click.command()
@folder_argument
@stdin_option("the old passphrase from the first line of standard input, the new one from the next")
@pass_session
def passphrase(session: Session, folder: Path, password_stdin: bool) -> None:
    """Change the passphrase of the vault in DIR.

    Copies of the vault made earlier still open with the old one.

    \b
    Example:
      guardian vault passphrase ~/Vault
    """
    old = ask_secret(session.words.say("vault.cli.passphrase-old"), password_stdin)
    new = ask_passphrase(session, password_stdin, new=True)
    left = session.run(session.features.vault.change_passphrase, folder, old, new)
    session.say("vault.cli.changed", path=str(place_of(folder)))
    tell_strength(session, new, place_of(folder))
    session.say("vault.keys.old-copies")
    if left:
        session.say("vault.keys.old-files", count=left)


@click.command()
@folder_argument
@click.option("--revoke", "verb", flag_value="revoke", help="End the recovery words.")
@click.option(
    "--reset", "verb", flag_value="reset", help="Set a new passphrase with the recovery words."
)
@click.option(
    "--from-key",
    "verb",
    flag_value="from-key",
    help="Set a new passphrase with the key from the sheet's square code, as the last way.",
)
@stdin_option("the passphrase (or the words, or the key, then the new one) line by line from input")
@pass_session
def recovery(session: Session, folder: Path, *, verb: str | None, password_stdin: bool) -> None:
    """Make twelve words that open the vault in DIR when its passphrase is forgotten.

    They are printed this once. New words end the earlier ones. Other programs open the vault
    with them too; the printed sheet says how.

    \b
    Example:
      guardian vault recovery ~/Vault
      guardian vault recovery --reset ~/Vault
    """
    service = session.features.vault
    if verb == "revoke":
        service.revoke_recovery(folder)
        session.say("vault.keys.revoked")
    elif verb is None:
        make_recovery(session, folder, password_stdin)
    else:
        reset = service.reset_passphrase if verb == "reset" else service.rebuild
        asked = "vault.cli.recovery-words" if verb == "reset" else "vault.cli.recovery-key"
        secret = ask_secret(session.words.say(asked), password_stdin)
        new = ask_passphrase(session, password_stdin, new=True)
        session.run(reset, folder, secret, new)
        session.say("vault.cli.changed", path=str(place_of(folder)))
        tell_strength(session, new, place_of(folder))


def make_recovery(session: Session, folder: Path, password_stdin: bool) -> None:
    service = session.features.vault
    asks = not password_stdin and on_terminal()
    if asks and service.has_recovery(folder):
        question = session.words.say("vault.cli.recovery-again")
        if not click.confirm(question, err=True):
            return
    secret = ask_passphrase(session, password_stdin)
    sheet = session.run(service.make_recovery, folder, secret)
    print_sheet(session, sheet)
    if asks:
        proven = prove(session, sheet)
        session.say("vault.keys.proven" if proven else "vault.keys.unproven")


def print_sheet(session: Session, sheet: Sheet) -> None:
    session.say("vault.sheet.title", name=sheet.vault)
    session.say("vault.sheet.day", day=sheet.day)
    session.print("")
    for place, word in enumerate(sheet.words, 1):
        session.print(f"  {place:>2}  {word}")
    session.print("")
    session.say("vault.sheet.warning")
    session.print("")
    session.say("vault.sheet.guardian")
    session.say("vault.sheet.guardian.terminal")
    session.print("")
    session.say("vault.sheet.without")
    for step in (1, 2, 3):
        session.print(f"  {step}. " + session.words.say(f"vault.sheet.without.{step}"))
    session.print("")
    session.say("vault.sheet.key.why")
    groups = [sheet.key[at : at + 8] for at in range(0, len(sheet.key), 8)]
    for at in range(0, len(groups), 4):
        session.print("  " + " ".join(groups[at : at + 4]))


def prove(session: Session, sheet: Sheet) -> bool:
    """Whether the person can give three of the words, from what they wrote down."""
    places = sorted(secrets.SystemRandom().sample(range(len(sheet.words)), PROVEN_WORDS))
    session.say("vault.cli.prove")
    for place in places:
        question = session.words.say("vault.keys.word", place=place + 1)
        answers = (click.prompt(question, err=True) for _ in range(TRIES))
        if not any(answer.strip().casefold() == sheet.words[place] for answer in answers):
            return False
    return True


@click.command()
@folder_argument
@click.option("--revoke", is_flag=True, help="Ask for the passphrase again from now on.")
@stdin_option("the passphrase from the first line of standard input")
@pass_session
def here(session: Session, folder: Path, *, revoke: bool, password_stdin: bool) -> None:
    """Let this computer open the vault in DIR without its passphrase, by the system's keyring.

    Commands then take --here. Any program you start can ask an open keyring for its secrets.

    \b
    Example:
      guardian vault here ~/Vault
      guardian vault list ~/Vault --here
    """
    service = session.recorded().vault
    if revoke:
        service.revoke_here(folder)
        session.say("vault.cli.here-revoked", path=str(place_of(folder)))
        return
    session.run(service.allow_here, folder, ask_passphrase(session, password_stdin))
    session.say("vault.cli.here-allowed", path=str(place_of(folder)))
    session.say("vault.keys.here-warning")


COMMANDS = (create, test, passphrase, recovery, here)

"""``guardian profile``: several people on one computer, each with records of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click

from guardian.cli.session import Session, json_option, on_terminal, pass_session
from guardian.cli.vault.shared import read_passphrase
from guardian.core import keychain
from guardian.core.errors import Problem
from guardian.core.keys import MIN_PASSPHRASE
from guardian.core.profiles import (
    ADVICE,
    LIMITS,
    Colour,
    Kind,
    Profile,
    add_profile,
    change_own_passphrase,
    change_profile,
    find_profile,
    needs_passphrase,
    paths_of,
    read_profiles,
    remove_profile,
    tidy,
)
from guardian.core.store import open_store, protect_with_passphrase
from guardian.vault.service import forget_copies

C = TypeVar("C", bound=Callable[..., Any])
EXPECTED = ("keyring-absent",)  # the first records are then made with the passphrase


@dataclass(frozen=True)
class Row:
    """One profile in the machine-readable answer. ``asks``: whether it asks for a passphrase;
    null where that cannot be said, and ``problem`` is why."""

    nickname: str
    colour: str
    kind: str
    first: bool
    asks: bool | None
    problem: str | None


stdin_option = click.option(
    "--password-stdin",
    is_flag=True,
    help="Take each passphrase from a line of standard input, in the order they are asked for.",
)
colour_option = click.option("--colour", type=click.Choice([one.value for one in Colour]))
first_option = click.option("--first", is_flag=True, help="Mean the first profile.")


@click.group()
def profile() -> None:
    """Several people on one computer, each with records and a passphrase of their own.

    Put --profile NICKNAME before any command to use that person's records. Nothing of a profile
    can be read before it is unlocked, but for its nickname, its colour and its kind. A forgotten
    passphrase cannot be replaced: the records are gone then. Vaults have recovery words.

    What profiles cannot do: whoever uses the same system account can copy or delete your files,
    see when you use Guardian, and watch you type with a program put there for it. A system
    account for each person is better: 'guardian profile advice' tells how to make one.

    \b
    Example:
      guardian profile add Ana
      guardian --profile Ana checkup
      guardian --guest clauses explain policy.txt
      guardian profile advice
    """


@profile.command(name="list")
@json_option()
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List who has a profile here. Nothing is unlocked for that.

    \b
    Example:
      guardian profile list

    \b
    JSON: {"profiles": [{"nickname", "colour", "kind", "first", "asks", "problem"}]}; the first
      profile may be without a nickname; "asks" null: "problem" tells why nobody can say
    """
    rows = [describe(session, one) for one in read_profiles(session.root)]
    if as_json:
        session.print_json({"profiles": rows})
        return
    for row in rows:
        session.say(
            "profile.cli.row",
            name=row.nickname or session.words.say("profile.cli.first"),
            kind=session.words.say(f"profile.kind.{row.kind}"),
            colour=session.words.say(f"profile.colour.{row.colour}"),
            opens=opens(session, row),
        )


def describe(session: Session, one: Profile) -> Row:
    asks, problem = None, None
    try:
        asks = needs_passphrase(session.root, one)
    except Problem as found:
        problem = found.code
    return Row(one.nickname, one.colour.value, one.kind.value, not one.id, asks, problem)


def opens(session: Session, row: Row) -> str:
    if row.asks is None:
        return session.words.say(f"problem.{row.problem}", name="records.key.json")
    return session.words.say("profile.cli.asks" if row.asks else "profile.cli.open")


@profile.command()
@click.argument("nickname")
@click.option("--child", is_flag=True, help="For a child: lessons and steps only.")
@click.option("--household", is_flag=True, help="For two people, each with their own passphrase.")
@colour_option
@stdin_option
@json_option()
@pass_session
def add(  # noqa: PLR0917 - one for each thing to choose
    session: Session,
    nickname: str,
    child: bool,
    household: bool,
    colour: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make a profile for another person. Its passphrase is asked for, twice.

    \b
    Example:
      guardian profile add Ana
      guardian profile add Leo --child --colour amber
      guardian profile add Home --household

    \b
    JSON: {"profile": {"nickname", "colour", "kind", "first", "asks", "problem"}}
    """
    refuse_guests_and_children(session)
    if child and household:
        raise click.UsageError("A profile is for a child or for a household; choose one.")
    name = tidy(nickname)
    present = read_profiles(session.root)
    kind = Kind.CHILD if child else Kind.HOUSEHOLD if household else Kind.PERSON
    if not password_stdin and not as_json:
        session.say("profile.forgotten")
    questions = (
        ("profile.cli.passphrase-one", "profile.cli.passphrase-two")
        if household
        else ("profile.cli.passphrase",)
    )
    passphrases = [ask_new(session, session.words.say(q), password_stdin) for q in questions]
    shade = Colour(colour) if colour else unused(present)
    added = add_profile(session.root, name, shade, kind, passphrases)
    if as_json:
        session.print_json({"profile": describe(session, added)})
    else:
        session.say("profile.cli.added", name=added.nickname)


def unused(present: tuple[Profile, ...]) -> Colour:
    """The first colour nobody has, or the first of all."""
    taken = {one.colour for one in present}
    return next((colour for colour in Colour if colour not in taken), Colour.GREEN)


@profile.command()
@click.argument("names", nargs=-1, metavar="[NICKNAME] NEW", required=True)
@first_option
@colour_option
@json_option()
@pass_session
def rename(
    session: Session,
    names: tuple[str, ...],
    first: bool,
    colour: str | None,
    as_json: bool,
) -> None:
    """Give a profile another nickname, and another colour if you like.

    \b
    Example:
      guardian profile rename Ana Anna
      guardian profile rename --first Ben --colour blue

    \b
    JSON: {"profile": {"nickname", "colour", "kind", "first", "asks", "problem"}}
    """
    refuse_guests_and_children(session)
    if len(names) != (1 if first else 2):
        raise click.UsageError("Give the old nickname and the new one, or --first and the new one.")
    chosen = choose(session, "" if first else names[0], first=first)
    changed = replace(
        chosen, nickname=tidy(names[-1]), colour=Colour(colour) if colour else chosen.colour
    )
    change_profile(session.root, changed)
    if as_json:
        session.print_json({"profile": describe(session, changed)})
    else:
        session.say("profile.cli.renamed", name=changed.nickname)


@profile.command()
@click.argument("nickname", default="")
@first_option
@click.option("--yes", is_flag=True, help="Do not ask for the nickname to be typed.")
@json_option()
@pass_session
def remove(session: Session, nickname: str, first: bool, yes: bool, as_json: bool) -> None:
    """Delete the records, the key and the settings of a profile. This cannot be undone.

    The first profile is emptied and begins anew. Vaults are no part of a profile: their folders
    stay, and open with their own passphrase.

    \b
    Example:
      guardian profile remove Ana
      guardian profile remove --first --yes

    \b
    JSON: {"removed": nickname, "first": whether the first profile was emptied}
    """
    refuse_guests_and_children(session)
    if bool(nickname) == first:
        raise click.UsageError("Give the nickname of the profile, or --first.")
    chosen = choose(session, nickname, first=first)
    if not yes and not typed_again(session, chosen):
        raise click.Abort
    remove_profile(session.root, chosen, keychain.find_keychain())
    forget_copies(chosen.id)
    if as_json:
        session.print_json({"removed": chosen.nickname, "first": first})
    elif first:
        session.say("profile.cli.emptied")
    else:
        session.say("profile.cli.removed", name=chosen.nickname)


def typed_again(session: Session, chosen: Profile) -> bool:
    """Whether the person types the nickname (of the first profile without one, a word)."""
    if not on_terminal():
        raise Problem("profile-remove-unasked")
    word = chosen.nickname or session.words.say("profile.cli.remove-word")
    say = session.words.say
    answer: str = click.prompt(say("profile.cli.remove-sure", word=word), default="", err=True,
                               show_default=False)  # fmt: skip
    return answer.strip() == word


@profile.command()
@click.argument("nickname", default="")
@stdin_option
@json_option()
@pass_session
def passphrase(session: Session, nickname: str, password_stdin: bool, as_json: bool) -> None:
    """Change the passphrase of a profile, or set one for the first profile.

    Without NICKNAME: of the profile you are in. In a household, only the passphrase you type as
    the old one is changed; that of the other person stays.

    \b
    Example:
      guardian profile passphrase Ana
      guardian profile passphrase

    \b
    JSON: {"profile": {"nickname", "colour", "kind", "first", "asks", "problem"}}
    """
    if session.guest:
        raise Problem("profile-guest")
    chosen = find_profile(session.root, nickname) if nickname else session.profile
    if session.is_child and chosen != session.profile:
        raise Problem("profile-child")
    own, chain = paths_of(session.root, chosen), keychain.find_keychain()
    old = None
    if needs_passphrase(session.root, chosen):
        old = ask_secret(session.words.say("profile.cli.old"), password_stdin)
    try:
        store = open_store(own, chain, lambda: old)
    except Problem as problem:
        session.tell_forgotten(problem)
        raise
    try:
        if store.why and store.why.code not in EXPECTED:
            raise store.why
        if not password_stdin and not as_json:
            session.say("profile.forgotten")
        new = ask_new(session, session.words.say("profile.cli.passphrase"), password_stdin)
        if old is None:
            protect_with_passphrase(own, store, chain, new)
        else:
            change_own_passphrase(own, store, old, new)
    finally:
        store.close()
    if as_json:
        session.print_json({"profile": describe(session, chosen)})
    else:
        session.say("profile.cli.passphrase-set")


@profile.command()
@click.option("--system", type=click.Choice(list(ADVICE)), help="For one system only.")
@json_option()
@pass_session
def advice(session: Session, system: str | None, as_json: bool) -> None:
    """What profiles cannot protect from, and how to make a system account for each person.

    \b
    Example:
      guardian profile advice
      guardian profile advice --system windows

    \b
    JSON: {"limits": [text], "guides": {"linux"|"windows"|"macos": [text]}}
    """
    say = session.words.say
    limits = [say(f"profile.limits.{number}") for number in range(1, LIMITS + 1)]
    limits.insert(-1, say("profile.cli.terminal"))  # the last one leads over to the guides
    guides = {
        name: [say(f"profiles.advice.{name}.{number}") for number in range(1, count + 1)]
        for name, count in ADVICE.items()
        if system in (None, name)
    }
    if as_json:
        session.print_json({"limits": limits, "guides": guides})
        return
    session.print(say("profile.limits"), "bold")
    for limit in limits:
        session.print(f"  - {limit}")
    for name, steps in guides.items():
        session.print("")
        session.print(say(f"profiles.advice.{name}"), "bold")
        for number, step in enumerate(steps, 1):
            session.print(f"  {number}. {step}")


def refuse_guests_and_children(session: Session) -> None:
    if session.guest:
        raise Problem("profile-guest")
    if session.is_child:
        raise Problem("profile-child")


def choose(session: Session, nickname: str, *, first: bool) -> Profile:
    if first:
        return read_profiles(session.root)[0]
    return find_profile(session.root, nickname)


def ask_new(session: Session, question: str, from_stdin: bool) -> str:
    """A passphrase that is set, asked for twice. Raises ``Problem("passphrase-short")``."""
    again = session.words.say("profile.cli.again")
    answer = ask_secret(question, from_stdin, again)
    if len(answer) < MIN_PASSPHRASE:
        raise Problem("passphrase-short", least=MIN_PASSPHRASE)
    return answer


def ask_secret(question: str, from_stdin: bool, again: str = "") -> str:
    """The next line of standard input, or a hidden answer; never an argument, which others see."""
    if from_stdin:
        return read_passphrase()
    if not on_terminal():
        raise Problem("profile-passphrase-unasked")
    answer: str = click.prompt(
        question, hide_input=True, confirmation_prompt=again or False, err=True
    )
    return answer

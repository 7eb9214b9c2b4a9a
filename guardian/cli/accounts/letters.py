"""Letters to a service or an authority, and the day by which an answer is due."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from guardian.accounts.model import (
    CaseState,
    Deadline,
    Language,
    Law,
    Letter,
    LetterKind,
    LetterWish,
    Sender,
)
from guardian.cli.accounts.answers import print_due
from guardian.cli.accounts.parameters import DAY, PLACE, check_free, save_new
from guardian.cli.session import Session, json_option, pass_session
from guardian.core.errors import Problem


@click.command()
@click.argument("site")
@click.option("--kind", type=click.Choice([kind.value for kind in LetterKind]), default="erasure")
@click.option(
    "--law", type=click.Choice([law.value for law in Law]), help="Else as --country says."
)
@click.option("--language", type=click.Choice([language.value for language in Language]))
@click.option("--address", help="Your own mail address; the letter is sent from it.")
@click.option("--name", help="Your name, if you want it in the letter.")
@click.option("--country", help="Where you live: DE, GB, US-CA …")
@click.option("--username", default="", help="The name you are known by there.")
@click.option("--to", help="The service's mail address, where Guardian knows none or a better one.")
@click.option("--save", type=PLACE, help="Save as a mail draft (.eml).")
@click.option("--sent", type=DAY, help="Note that it arrived on this day; the clock starts.")
@click.option("--reminder", type=PLACE, help="Save the due day for a calendar (.ics).")
@json_option()
@pass_session
def letter(
    session: Session,
    /,
    *,
    site: str,
    kind: str,
    username: str,
    save: Path | None,
    sent: datetime | None,
    reminder: Path | None,
    as_json: bool,
    **wishes: str | None,
) -> None:
    """Write a letter that asks for an account to be deleted. Nothing is sent from here.

    Your address and country are remembered, so that the next letter knows them.

    \b
    Example:
      guardian accounts letter example.org --address anna@example.net --country DE
      guardian accounts letter example.org --save letter.eml
      guardian accounts letter example.org --sent 2026-11-25 --reminder answer.ics
      guardian accounts letter example.org --kind reminder

    \b
    JSON: {"site", "kind", "law", "language", "to": {"name", "email", "post", "checked_year"},
      "subject", "text", "written", "reference", "articles",
      "due": {"day", "article", "counted_from", "provisional"} or null}
    """
    closing = (session.recorded() if sent else session.features).accounts.closing
    sender = make_sender(session, wishes)
    wish = LetterWish(
        site=site,
        kind=LetterKind(kind),
        law=Law(wishes["law"]) if wishes["law"] else closing.law_for(sender.country),
        language=sender.language,
        sender=sender,
        username=username,
    )
    written = closing.write(wish)
    if wishes["to"] is not None:
        written = closing.send_to(written, wishes["to"])
    due = closing.due(written, sent.date()) if sent else None
    for path in filter(None, (save, reminder)):
        check_free(path)
    if reminder and not sent:
        closing.calendar(site)  # raises where no day is set: then nothing is written at all
    if sender != closing.sender():
        closing.remember_sender(sender)
    if save:
        save_new(save, closing.draft(written))
    if sent:
        closing.sent(written, sent.date())
    if reminder:
        save_new(reminder, closing.calendar(site))
    if as_json:
        session.print_json(letter_json(written, due))
        return
    print_letter(session, written)
    if wish.kind is not LetterKind.ERASURE and not was_asked(session, site):
        session.say("accounts.cli.not-asked", site=written.wish.site)
    if save:
        session.say("accounts.cli.saved-draft", name=save.name)
    if due:
        print_due(session, due)
    if reminder:
        session.say("accounts.cli.saved-reminder", name=reminder.name)


def make_sender(session: Session, wishes: dict[str, str | None]) -> Sender:
    """Who is known to write, with what was said this time. Raises ``Problem``."""
    before = session.features.accounts.closing.sender()
    language, country = wishes["language"], wishes["country"]
    return replace(
        before,
        address=before.address if wishes["address"] is None else wishes["address"],
        name=before.name if wishes["name"] is None else wishes["name"],
        country=before.country if country is None else read_country(session, country),
        language=Language(language) if language else before.language,
    )


def read_country(session: Session, text: str) -> str:
    """The code of a country given by code or by name. Raises ``Problem("country-unknown")``."""
    closing = session.features.accounts.closing
    names = {session.words.tell(name).casefold(): code for code, name in closing.countries()}
    return names.get(text.strip().casefold()) or closing.read_country(text)


def was_asked(session: Session, site: str) -> bool:
    """Whether the records show that the service was asked before."""
    with suppress(Problem):
        case = session.features.accounts.closing.account(site).case
        return any(event.state is CaseState.ASKED for event in case.events)
    return False


def print_letter(session: Session, letter: Letter) -> None:
    to = letter.to
    address = to.email or to.post or session.words.say("accounts.cli.no-address")
    session.say("accounts.cli.letter-to", name=to.name, address=address)
    if to.checked_year:
        session.say("accounts.cli.address-age", year=str(to.checked_year))
    session.print(letter.subject, style="bold")
    session.print(letter.text)
    if letter.wish.law is Law.GENERAL and not letter.wish.sender.country:
        session.say("accounts.cli.no-country")


def letter_json(letter: Letter, due: Deadline | None) -> dict[str, Any]:
    to = letter.to
    asked = due and {
        "day": due.day,
        "article": due.article,
        "counted_from": due.counted_from,
        "provisional": due.provisional,
    }
    return {
        "site": letter.wish.site,
        "kind": letter.wish.kind,
        "law": letter.wish.law,
        "language": letter.wish.language,
        "to": {
            "name": to.name,
            "email": to.email,
            "post": to.post,
            "checked_year": to.checked_year,
        },
        "subject": letter.subject,
        "text": letter.text,
        "written": letter.written,
        "reference": letter.reference,
        "articles": letter.articles,
        "due": asked,
    }


COMMANDS = (letter,)

"""Our letters: what the person wishes, the facts of the case, and the text that follows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from guardian.accounts.model import (
    CaseState,
    Law,
    Letter,
    LetterKind,
    LetterWish,
    Recipient,
)
from guardian.accounts.rights.addresses import read_address, tidy
from guardian.accounts.rights.history import History
from guardian.accounts.rights.laws import Rule, Step, load_rules, rule_for
from guardian.accounts.rights.templates import (
    Template,
    choose,
    fill,
    find_gaps,
    load_template,
    render,
    write_date,
)
from guardian.core.errors import Problem


@dataclass(frozen=True)
class Matter:
    """What a letter is about, besides the wish: whom it goes to, and which service it concerns.

    ``to`` and ``service`` are the same but for a complaint to an authority.
    """

    step: Step
    to: Recipient
    service: Recipient
    history: History
    reference: str
    today: date


def find_step(wish: LetterWish, history: History) -> Step:
    """Which text is due: under UK law a complaint goes to the service itself first."""
    if wish.kind is not LetterKind.COMPLAINT:
        return Step(wish.kind.value)
    if wish.law is Law.UK_GDPR and not history.complained:
        return Step.TO_SERVICE
    return Step.COMPLAINT


def compose(wish: LetterWish, matter: Matter) -> Letter:
    """The finished letter.

    Raises ``Problem("letter-no-sender")`` without an address of the person's own,
    ``Problem("letter-address-odd")`` where it is not one.
    """
    if not wish.sender.address.strip():
        raise Problem("letter-no-sender")
    if read_address(wish.sender.address) is None:
        raise Problem("letter-address-odd", address=tidy(wish.sender.address))
    template = load_template(wish.law, matter.step, wish.language)
    template = choose(template, set(find_truths(wish, matter)))
    articles = {rule.key: rule.article[wish.language] for rule in cited(template)}
    facts = find_facts(wish, matter) | articles
    return Letter(
        wish=wish,
        to=matter.to,
        subject=fill(template.subject, facts),
        text=render(template, facts),
        written=matter.today,
        reference=matter.reference,
        articles=tuple(articles.values()),
    )


def cited(template: Template) -> Iterator[Rule]:
    """The rules a text cites, in their order."""
    rules = load_rules()
    return (rules[gap] for gap in find_gaps(template) if gap in rules)


def find_facts(wish: LetterWish, matter: Matter) -> dict[str, str]:
    """What fills the gaps; a fact that is not known is empty, and its line is not chosen."""
    history, service, site = matter.history, tidy(matter.service.name), tidy(wish.site)
    days = {
        "arrived-on": history.arrived,
        "asked-on": history.asked,
        "due": history.due,
        "reminded-on": history.reminded,
        "complained-on": history.complained,
    }
    clock = rule_for(wish.law, matter.step, wish.sender.country).clock
    periods = {f"period-{key}": rule.clock for key, rule in load_rules().items() if rule.clock}
    return {
        "service-name": service or site,
        "service": f"{service} ({site})" if service and service != site else site,
        "username": tidy(wish.username),
        "name": tidy(wish.sender.name),
        "address": read_address(wish.sender.address) or "",
        "contact": find_contact(matter.service),
        "reference": matter.reference,
        "period": clock.period[wish.language] if clock else "",
        **{name: clock.period[wish.language] for name, clock in periods.items()},
        **{name: write_date(day, wish.language) if day else "" for name, day in days.items()},
    }


def find_truths(wish: LetterWish, matter: Matter) -> Iterator[str]:
    """Which conditions hold; a letter claims nothing that the case does not show."""
    history, username = matter.history, tidy(wish.username)
    own = wish.sender.address.strip().lower()
    holds_other_name = username and username.lower() != own
    owns = {
        "name": tidy(wish.sender.name),
        "username": holds_other_name,
        "other-address": holds_other_name and read_address(username),
        "contact": find_contact(matter.service),
        "arrived": history.arrived,
        "asked": history.asked,
        "reminded": history.reminded,
        "complained": history.complained,
        "silent": history.asked and not history.replied,
        "refused": history.answer is CaseState.REFUSED,
        "confirmed": history.answer is CaseState.CONFIRMED,
        "overdue": is_overdue(wish, matter),
    }
    return (name for name, holds in owns.items() if holds)


def is_overdue(wish: LetterWish, matter: Matter) -> bool:
    """Whether the time of that very law has passed without an answer."""
    history = matter.history
    if history.due is None or history.replied:
        return False
    law = rule_for(wish.law, Step.ERASURE, wish.sender.country).law
    return history.law == law.value and history.due < matter.today


def find_contact(service: Recipient) -> str:
    """How an authority can reach the service, on one line; empty where nothing is known."""
    return tidy(service.email or service.post.replace("\n", ", ") or service.web)

"""The laws our letters rest on, as data: what each place in them says, and whose law applies."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Literal

from guardian.accounts.model import Language, Law
from guardian.accounts.rights.addresses import tidy
from guardian.core.content import Record, read_content
from guardian.core.errors import Problem
from guardian.core.words import Message


class Step(StrEnum):
    """How far the writing has come. ``TO_SERVICE`` is a complaint that the service itself gets."""

    ERASURE = "erasure"
    REMINDER = "reminder"
    TO_SERVICE = "complaint-service"
    COMPLAINT = "complaint"


# Norway, Iceland and Liechtenstein are no members of the Union, but took the GDPR over
EEA = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
# written where the code of the country is another
USUAL_NAMES = {"UK": "GB", "EL": "GR"}
# where a person may live, as the faces offer it
PLACES = (
    "AR", "AU", "AT", "BE", "BR", "BG", "CA", "CL", "CN", "CO", "HR", "CY", "CZ", "DK", "EE",
    "FI", "FR", "DE", "DE-BW", "DE-BY", "DE-BE", "DE-BB", "DE-HB", "DE-HH", "DE-HE", "DE-MV",
    "DE-NI", "DE-NW", "DE-RP", "DE-SL", "DE-SN", "DE-ST", "DE-SH", "DE-TH", "GR", "HK", "HU",
    "IS", "IN", "ID", "IE", "IL", "IT", "JP", "LV", "LI", "LT", "LU", "MY", "MT", "MX", "NL",
    "NZ", "NO", "PH", "PL", "PT", "RO", "SG", "SK", "SI", "ZA", "KR", "ES", "SE", "CH", "TW",
    "TR", "UA", "GB", "US", "US-CA",
)  # fmt: skip


class Clock(Record, frozen=True):
    """How long something may take, counted from the day after a letter arrived.

    ``more`` is by how much that may be lengthened. ``moves``: a last day that is a Saturday,
    Sunday or public holiday gives way to the next working day. ``make_up_days``: the country
    declares some weekends to be working days, and they count. ``period`` says it in a letter, by
    language. ``counting`` names the source of the way to count.
    """

    unit: Literal["days", "working-days", "months"]
    count: int
    moves: bool
    period: dict[Language, str]
    more: int = 0
    make_up_days: bool = False
    counting: str = ""


class Rule(Record, frozen=True):
    """One place in a law. ``article`` cites it, by language.

    ``verified`` is «stated» where the text itself was read in ``source`` (as of ``source_date``),
    «from memory» where a lawyer should look again, «own suggestion» where no law speaks.
    """

    key: str
    law: Law
    article: dict[Language, str]
    source: str
    source_date: str
    verified: Literal["stated", "from memory", "own suggestion"]
    clock: Clock | None = None


class Choice(Record, frozen=True):
    """Which rule sets the clock of a letter; ``country`` limits it to one."""

    law: Law
    step: Step
    rule: str
    country: str = ""


class Laws(Record, frozen=True):
    """Everything in the file. ``holidays_known_until`` is, by country (empty: all others), the
    last year whose public holidays are settled and known to the calendar Guardian uses.
    """

    holidays_known_until: dict[str, int]
    rules: list[Rule]
    clocks: list[Choice]


@cache
def load_laws() -> Laws:
    """The file as it stands. Raises ``Problem("content-bad")``."""
    return read_content("accounts/rights/laws.json", Laws)


@cache
def load_rules() -> dict[str, Rule]:
    """All rules by key."""
    return {rule.key: rule for rule in load_laws().rules}


def law_for(country: str) -> Law:
    """Whose law protects a person who lives in ``country`` (see :class:`Sender`)."""
    whole = country.upper()
    land = whole.partition("-")[0]
    if land in EEA:
        return Law.GDPR
    if land == "GB":
        return Law.UK_GDPR
    return Law.CCPA if whole == "US-CA" else Law.GENERAL


def read_country(text: str) -> str:
    """The code of the place a person names: «de», «UK», «us-ca»; empty stays empty.

    Raises ``Problem("country-unknown")`` for all else, such as a country written out.
    """
    import holidays

    code = "".join(text.split()).upper()
    land, mark, part = code.partition("-")
    land = USUAL_NAMES.get(land, land)
    known = holidays.list_supported_countries(include_aliases=False)
    if code and (len(land) != 2 or land not in known or (mark and part not in known[land])):
        raise Problem("country-unknown", place=tidy(text))
    return f"{land}{mark}{part}"


def rule_for(law: Law, step: Step, country: str) -> Rule:
    """The rule that sets the clock of such a letter. Raises ``KeyError`` where there is none."""
    land = country.upper().partition("-")[0]
    for choice in load_laws().clocks:
        if (choice.law, choice.step) == (law, step) and choice.country in ("", land):
            return load_rules()[choice.rule]
    raise KeyError(law, step)


def find_rule(article: str) -> Rule | None:
    """The rule that is cited as ``article`` in any language."""
    rules = load_rules().values()
    return next((rule for rule in rules if article in rule.article.values()), None)


def countries() -> tuple[tuple[str, Message], ...]:
    """Where a person may say to live: codes with their names; the last is any other country."""
    named = [(place, Message(f"accounts.country.{place}")) for place in PLACES]
    return (*named, ("", Message("accounts.country.other")))

"""The offices that watch over data protection, and which of them a person turns to."""

from __future__ import annotations

from functools import cache

from guardian.accounts.model import Authority, Recipient
from guardian.core.content import Record, read_content


class Office(Record, frozen=True):
    """One office in the file. ``places`` are those it answers for, first of all others there.

    ``year`` is when ``source`` was last looked at.
    """

    name: str
    places: list[str]
    web: str
    email: str
    post: str
    phone: str
    source: str
    year: int


@cache
def load_offices() -> tuple[Office, ...]:
    """All offices. Raises ``Problem("content-bad")``."""
    return tuple(read_content("accounts/rights/authorities.json", list[Office]))


@cache
def all_authorities() -> tuple[Authority, ...]:
    return tuple(map(make_authority, load_offices()))


def authority_for(country: str) -> Authority | None:
    """The office a person who lives in ``country`` complains to; None where none is known.

    In Germany that is the office of the person's state; without a state the federal one, which
    is bound to pass a complaint on to the right office (section 19(2) BDSG). Elsewhere a part of
    a country without an office of its own has that of the country.
    """
    place = country.upper()
    by_place: dict[str, Authority] = {}
    for authority in all_authorities():
        for one in authority.countries:
            by_place.setdefault(one, authority)
    return by_place.get(place) or by_place.get(place.partition("-")[0])


def make_authority(office: Office) -> Authority:
    return Authority(
        name=office.name,
        web=office.web,
        email=office.email,
        post=office.post,
        phone=office.phone,
        countries=tuple(office.places),
        checked_year=office.year,
    )


def make_recipient(authority: Authority) -> Recipient:
    """``authority`` as somebody to write to."""
    return Recipient(
        name=authority.name,
        email=authority.email,
        post=authority.post,
        web=authority.web,
        checked_year=authority.checked_year,
    )


def is_authority(recipient: Recipient) -> bool:
    """Whether a letter to ``recipient`` went to an office rather than to a service."""
    return any(recipient.name == authority.name for authority in all_authorities())

"""The ways to have an account closed, the straightest first. Pure."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from guardian.accounts.catalogue.content import (
    Company,
    Deletion,
    Door,
    Service,
    load_companies,
    load_mail_providers,
    load_origins,
    load_services,
)
from guardian.accounts.model import Difficulty, Place, Recipient, Route, RouteKind
from guardian.accounts.rights.authorities import authority_for
from guardian.accounts.rules.addresses import registrable
from guardian.core.words import Message, message

# years between the last touch of an address and the copy of the list it is from
NEW, OLD = 1, 6
# signs of a mail address that mean nothing else in a link
SAFE_IN_MAIL = "@+."


def find_routes(place: Place, site: str, country: str = "") -> tuple[Route, ...]:
    """All ways in the order to try them; there is always one, if only a general door.

    ``country`` is where the person lives (ISO code, may be empty): it decides the authority.
    """
    service = find_service(place, site)
    name = service.name if service else site
    reminder = message("accounts.route.reminder", name=name)
    return (
        *find_direct(place, site),
        make_letter(place, site),
        Route(site, name, RouteKind.REMINDER, "", reminder),
        make_authority(site, country),
    )


def find_route(place: Place, site: str) -> Route:
    """The best first way."""
    return find_direct(place, site)[0]


def find_service(place: Place, site: str) -> Service | None:
    """What the catalogue knows of a site or an app; None where that is nothing."""
    return load_services().get(find_home(place, site))


def find_home(place: Place, site: str) -> str:
    """The site that a site or an app is of: itself, or what the app's name is turned around.

    Nobody checks the names of apps: «com.example.shop» only claims to be of example.com, so
    this is followed for services of the catalogue alone, and said wherever it is used.
    """
    if place is Place.WEB:
        return site
    parts = site.lower().split(".")
    for length in (3, 2):
        home = ".".join(reversed(parts[:length]))
        if home in load_services() and registrable(home) == home:
            return home
    return site


def find_direct(place: Place, site: str) -> tuple[Route, ...]:
    """The ways that lead to the service itself, at least one; the first says what to expect."""
    service = find_service(place, site)
    ways = []
    if service and service.deletion and service.deletion.url:
        ways.append(make_delete_page(site, service, service.deletion))
    if service and service.settings:
        ways.append(make_settings(site, service, service.settings))
    elif place is Place.WEB:
        url = f"https://{quote(site)}/.well-known/change-password"
        text = message("accounts.route.settings-door", site=site)
        name = service.name if service else site
        ways.append(Route(site, name, RouteKind.SETTINGS_DOOR, url, text))
    if place is Place.APP:
        url = f"https://play.google.com/store/apps/datasafety?id={quote(site, safe='')}"
        text = message("accounts.route.app-page")
        ways.append(Route(site, site, RouteKind.APP_PAGE, url, text))
    first, *others = ways
    if service:
        first = warn(first, place, service)
    return (first, *others)


def make_delete_page(site: str, service: Service, deletion: Deletion) -> Route:
    origin = load_origins()[deletion.source]
    years = origin.year - deletion.year
    age = "new" if years <= NEW else "old" if years >= OLD else "aged"
    facts = {"name": service.name, "year": str(deletion.year)}
    return Route(
        site,
        service.name,
        RouteKind.DELETE_PAGE,
        deletion.url,
        Message(f"accounts.route.delete-page.{age}", facts),
        deletion.year,
        source=origin.name,
    )


def make_settings(site: str, service: Service, door: Door) -> Route:
    text = message("accounts.route.settings-known", name=service.name, year=str(door.year))
    source = load_origins()[door.source].name
    kind = RouteKind.SETTINGS_DOOR
    return Route(site, service.name, kind, door.url, text, door.year, source=source)


def warn(first: Route, place: Place, service: Service) -> Route:
    """``first`` with what to expect there, and what to do where nothing is ever deleted."""
    text, hints, deletion = first.text, [], service.deletion
    if deletion and deletion.difficulty is Difficulty.IMPOSSIBLE:
        text = message("accounts.route.impossible", name=service.name, year=str(deletion.year))
        hints += [message("accounts.hint.empty-profile"), message("accounts.hint.empty-payment")]
        hints += [message("accounts.hint.empty-sessions")]
    elif deletion:
        facts = {"year": str(deletion.year)}
        hints.append(Message(f"accounts.difficulty.{deletion.difficulty.value}", facts))
        hints += [Message(f"accounts.hint.{hint}", facts) for hint in deletion.hints]
    if place is Place.APP and first.kind is not RouteKind.APP_PAGE:
        hints.append(message("accounts.hint.app-guess", site=find_home(place, first.site)))
    return replace(first, text=text, hints=tuple(hints))


def find_recipient(site: str) -> Recipient | None:
    """Whom to write to about an account; None where no address is known.

    The address that the list of deletion pages names for just this comes first, the privacy
    contact of the company next; a private mailbox only where there is no other.
    """
    service, company = load_services().get(site), load_companies().get(site)
    deletion = service.deletion if service else None
    origins = load_origins()
    if deletion and deletion.mail and not (company and company.email and is_private(deletion.mail)):
        return Recipient(
            company.name if company else service.name if service else site,
            deletion.mail,
            company.post if company else "",
            company.form if company else "",
            deletion.year,
            origins[deletion.source].name,
        )
    if company is None:
        return None
    source = origins[company.source].name
    return Recipient(company.name, company.email, company.post, company.form, company.year, source)


def is_private(mail: str) -> bool:
    """Whether anybody could have an address there."""
    return mail.rpartition("@")[2].lower() in load_mail_providers()


def make_letter(place: Place, site: str) -> Route:
    """Write to the service, wherever an address is known."""
    home, service = find_home(place, site), find_service(place, site)
    name = service.name if service else site
    to = find_recipient(home) or Recipient(name)
    hints = hint_at_company(load_companies().get(home))
    if place is Place.APP and home != site:
        hints = (*hints, message("accounts.hint.app-guess", site=home))
    url = f"mailto:{quote(to.email, safe=SAFE_IN_MAIL)}" if to.email else ""
    kind, text = RouteKind.LETTER, tell_address(to)
    return Route(site, to.name, kind, url, text, to.checked_year, hints, to.source)


def tell_address(to: Recipient) -> Message:
    """Where a letter goes, and how old that address is."""
    year = str(to.checked_year)
    if to.email:
        return message("accounts.route.letter", name=to.name, address=to.email, year=year)
    if to.post:
        post = to.post.replace("\n", ", ")
        return message("accounts.route.letter-post", name=to.name, address=post, year=year)
    return message("accounts.route.letter-unknown", name=to.name)


def hint_at_company(company: Company | None) -> tuple[Message, ...]:
    """What is known of how a company deals with such letters."""
    if company is None:
        return ()
    year = str(company.year)
    hints = []
    if company.form:
        hints.append(message("accounts.hint.form", url=company.form, year=year))
    if company.needs_id:
        hints.append(message("accounts.hint.needs-id", year=year))
    return tuple(hints)


def make_authority(site: str, country: str) -> Route:
    """Where to complain when nothing else helped."""
    kind = RouteKind.AUTHORITY
    if not country:
        return Route(site, site, kind, "", message("accounts.route.authority-no-country"))
    authority = authority_for(country)
    if authority is None:
        return Route(site, site, kind, "", message("accounts.route.authority-unknown"))
    url = authority.web if authority.web.startswith("https://") else ""
    text = message(
        "accounts.route.authority", name=authority.name, year=str(authority.checked_year)
    )
    return Route(site, authority.name, kind, url, text, authority.checked_year)

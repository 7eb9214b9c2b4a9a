"""For how many well-known services with accounts the catalogue has a direct way out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from guardian.accounts.catalogue.content import (
    load_companies,
    load_services,
)
from guardian.accounts.catalogue.routes import find_recipient, find_routes
from guardian.accounts.model import Difficulty, Place, RouteKind
from guardian.accounts.rules.addresses import registrable

PACKAGE = "pymispwarninglists"
GOAL = 0.6


def load_top() -> set[str]:
    """The registrable domains among the 10,000 most visited, from the package ``PACKAGE``.

    Guardian does not need that package. It is looked for where Python looks for modules; PYTHONPATH
    adds to that.
    """
    for folder in map(Path, sys.path):
        for found in sorted((folder / PACKAGE).glob("**/lists/tranco10k/list.json")):
            return {registrable(host.lower()) for host in json.loads(found.read_text())["list"]}
    raise SystemExit(f"Needs the package {PACKAGE}: pip install {PACKAGE}")


def routes() -> None:
    services, companies = load_services(), load_companies()
    with_accounts = {site for site, one in services.items() if one.factors is not None}
    both = sorted(load_top() & with_accounts)
    ways = {site: find_routes(Place.WEB, site) for site in both}
    print(f"{len(services.keys() | companies.keys())} domains in the catalogue,")
    print(
        f"{len(both)} of them among the 10,000 most visited and known to have accounts. Of these:"
    )

    def count(what: str, test: Callable[[str], bool]) -> float:
        share = sum(map(test, both)) / len(both)
        print(f"{share:7.1%}  {what}")
        return share

    def has_page(site: str) -> bool:
        return any(way.kind is RouteKind.DELETE_PAGE for way in ways[site])

    def can_close(site: str) -> bool:
        deletion = services[site].deletion
        return has_page(site) and bool(
            deletion and deletion.difficulty is not Difficulty.IMPOSSIBLE
        )

    def has_door(site: str) -> bool:
        return services[site].settings is not None

    def has_mail(site: str) -> bool:
        to = find_recipient(site)
        return bool(to and to.email)

    def has_any_address(site: str) -> bool:
        return find_recipient(site) is not None

    count(
        "are in the list of deletion pages, alone or by a login they share",
        lambda site: services[site].deletion is not None,
    )
    count("have a deletion page that may be shown", has_page)
    count("have a known page of their settings", has_door)
    count("have a mail address for a letter", has_mail)
    direct = count(
        "have a direct way: page, settings or mail address",
        lambda site: has_page(site) or has_door(site) or has_mail(site),
    )
    count(
        "have one without pages that only say it cannot be done",
        lambda site: can_close(site) or has_door(site) or has_mail(site),
    )
    count(
        "have one if a postal address or a form counts too",
        lambda site: has_page(site) or has_door(site) or has_any_address(site),
    )
    some = count("have some way", lambda site: bool(ways[site]))
    if direct < GOAL or some < 1:
        raise SystemExit(f"Goal missed: {GOAL:.0%} a direct way, all some way")


if __name__ == "__main__":
    routes()

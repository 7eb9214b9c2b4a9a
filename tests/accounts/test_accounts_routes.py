"""The ways out of an account: there is always one, the straightest comes first, none is hostile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.catalogue import routes
from guardian.accounts.catalogue.content import (
    Company,
    Deletion,
    Door,
    Service,
    load_companies,
    load_services,
)
from guardian.accounts.catalogue.routes import find_recipient, find_route, find_routes
from guardian.accounts.model import Difficulty, Place, Route, RouteKind
from guardian.core.words import Words

WORDS = Words()
LIST, FIRMS, APPLE = "justdeleteme", "datenanfragen", "apple"
Fill = Callable[..., None]


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Fills the catalogue with what a test needs, for one site."""

    def fill(site: str, *, company: Company | None = None, **facts: object) -> None:
        known = Service("Shop", (site,), **facts)  # type: ignore[arg-type]
        monkeypatch.setattr(routes, "load_services", lambda: {site: known})
        firms = {site: company} if company else {}
        monkeypatch.setattr(routes, "load_companies", lambda: firms)

    return fill


def deletion(difficulty: str = "easy", year: int = 2024, **more: object) -> Deletion:
    facts = {"url": "https://shop.example/bye", **more}
    return Deletion(Difficulty(difficulty), year, LIST, **facts)  # type: ignore[arg-type]


def firm(**more: object) -> Company:
    facts = {"email": "privacy@shop.example", "post": "1 Road\nTown", **more}
    return Company("Shop Ltd.", ("shop.example",), 2026, FIRMS, **facts)  # type: ignore[arg-type]


DOOR = Door("https://shop.example/password", 2026, APPLE)
KNOWN_DOOR, DOOR_ADDRESS = DOOR.url, "https://shop.example/.well-known/change-password"
TAIL = [RouteKind.LETTER, RouteKind.REMINDER, RouteKind.AUTHORITY]


def kinds(ways: tuple[Route, ...]) -> list[RouteKind]:
    return [way.kind for way in ways]


def told(way: Route) -> str:
    return " ".join(WORDS.tell(one) for one in (way.text, *way.hints))


def test_the_whole_ladder_begins_with_the_page_and_ends_with_the_authority(
    catalogue: Fill,
) -> None:
    catalogue("shop.example", deletion=deletion(), settings=DOOR, company=firm())
    ways = find_routes(Place.WEB, "shop.example", "AT")
    assert kinds(ways) == [RouteKind.DELETE_PAGE, RouteKind.SETTINGS_DOOR, *TAIL]
    page, door, letter, reminder, authority = ways
    assert (page.url, page.checked_year, page.source) == (
        "https://shop.example/bye",
        2024,
        "JustDeleteMe",
    )
    assert (door.url, door.checked_year) == (KNOWN_DOOR, 2026)
    assert (letter.url, letter.checked_year, letter.source) == (
        "mailto:privacy@shop.example",
        2026,
        "datenanfragen.de",
    )
    assert reminder.url == ""
    assert authority.name == "Österreichische Datenschutzbehörde"
    assert authority.url.startswith("https://")
    assert find_route(Place.WEB, "shop.example") == page


def test_a_site_nobody_knows_has_ways_too() -> None:
    ways = find_routes(Place.WEB, "small.example")
    assert kinds(ways) == [RouteKind.SETTINGS_DOOR, *TAIL]
    door, letter, _, authority = ways
    assert door.url == "https://small.example/.well-known/change-password"
    assert door.checked_year is None
    assert letter.url == ""
    assert "privacy policy" in told(letter)
    assert "Choose your country" in told(authority)
    assert authority.url == ""
    assert "knows none" in told(find_routes(Place.WEB, "small.example", "US")[-1])


def test_an_app_has_its_store_page() -> None:
    ways = find_routes(Place.APP, "org.unheard.app")
    assert kinds(ways) == [RouteKind.APP_PAGE, *TAIL]
    assert ways[0].url.endswith("?id=org.unheard.app")


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("com.spotify.music", "spotify.com"),
        ("de.zalando.mobile", "zalando.de"),
        ("uk.co.amazon.shopping", "amazon.co.uk"),
        ("com.unheard.of", "com.unheard.of"),
        ("uk.co.unheard", "uk.co.unheard"),
        ("io.github.somebody", "io.github.somebody"),
        ("com", "com"),
    ],
)
def test_the_name_of_an_app_points_to_a_service(package: str, home: str) -> None:
    assert routes.find_home(Place.APP, package) == home


def test_what_was_told_from_the_name_of_an_app_says_so(catalogue: Fill) -> None:
    catalogue("shop.example", deletion=deletion(), company=firm())
    ways = find_routes(Place.APP, "example.shop.app")
    assert kinds(ways) == [RouteKind.DELETE_PAGE, RouteKind.APP_PAGE, *TAIL]
    assert "points to shop.example" in told(ways[0])
    assert "points to shop.example" in told(ways[2])


@pytest.mark.parametrize(
    ("year", "age"),
    [(2026, "new"), (2025, "new"), (2024, "aged"), (2021, "aged"), (2020, "old"), (2013, "old")],
)
def test_the_age_of_an_address_is_told(catalogue: Fill, year: int, age: str) -> None:
    catalogue("shop.example", deletion=deletion(year=year))
    page = find_route(Place.WEB, "shop.example")
    assert page.text.code == f"accounts.route.delete-page.{age}"
    assert str(year) in WORDS.tell(page.text)
    assert ("may" in WORDS.tell(page.text)) is (age != "new")


def test_what_to_expect_is_said_once_and_first(catalogue: Fill) -> None:
    hints = ("in_app", "waits_days")
    catalogue("shop.example", deletion=deletion("medium", hints=hints), settings=DOOR)
    page, door, *_ = find_routes(Place.WEB, "shop.example")
    assert [hint.code for hint in page.hints] == [
        "accounts.difficulty.medium",
        "accounts.hint.in_app",
        "accounts.hint.waits_days",
    ]
    assert door.hints == ()


def test_without_a_page_the_door_says_what_to_expect(catalogue: Fill) -> None:
    catalogue("shop.example", deletion=deletion("hard", url=""))
    door = find_route(Place.WEB, "shop.example")
    assert (door.kind, door.url) == (RouteKind.SETTINGS_DOOR, DOOR_ADDRESS)
    assert [hint.code for hint in door.hints] == ["accounts.difficulty.hard"]


@pytest.mark.parametrize("url", ["https://shop.example/bye", ""])
def test_where_nothing_is_deleted_the_first_way_says_to_empty_it(catalogue: Fill, url: str) -> None:
    catalogue("shop.example", deletion=deletion("impossible", url=url))
    ways = find_routes(Place.WEB, "shop.example")
    assert "does not delete accounts" in WORDS.tell(ways[0].text)
    assert "Remove cards" in told(ways[0])
    assert kinds(ways)[-3:] == TAIL
    assert all("does not delete" not in told(way) for way in ways[1:])


ADDRESSES = {
    "the list's own address first": (
        "bye@shop.example",
        "privacy@shop.example",
        "bye@shop.example",
    ),
    "else that of the company": ("", "privacy@shop.example", "privacy@shop.example"),
    "a private mailbox after it": (
        "shop@gmail.com",
        "privacy@shop.example",
        "privacy@shop.example",
    ),
    "unless there is no other": ("shop@gmail.com", "", "shop@gmail.com"),
    "else none": ("", "", ""),
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_whom_to_write_to(catalogue: Fill, case: str) -> None:
    listed, company, expected = ADDRESSES[case]
    catalogue("shop.example", deletion=deletion(mail=listed), company=firm(email=company))
    to = find_recipient("shop.example")
    assert to is not None
    assert (to.name, to.email, to.post) == ("Shop Ltd.", expected, "1 Road\nTown")
    letter = find_routes(Place.WEB, "shop.example")[2]
    assert letter.url == (f"mailto:{expected}" if expected else "")
    assert (expected or "1 Road, Town") in told(letter)
    assert str(letter.checked_year) in told(letter)


def test_nobody_is_made_up_to_write_to(catalogue: Fill) -> None:
    assert find_recipient("small.example") is None
    catalogue("shop.example", deletion=deletion())
    assert find_recipient("shop.example") is None


def test_what_is_known_of_a_company_is_said_with_the_letter(catalogue: Fill) -> None:
    company = firm(form="https://shop.example/form", needs_id=True)
    catalogue("shop.example", company=company)
    letter = find_routes(Place.WEB, "shop.example")[1]
    assert "https://shop.example/form" in told(letter)
    assert "identity card" in told(letter)


def test_every_service_has_words_for_its_ways() -> None:
    for site in [*load_services(), *(load_companies().keys() - load_services().keys())]:
        for way in find_routes(Place.WEB, site):
            for sentence in (way.text, *way.hints):
                text = WORDS.tell(sentence)
                assert sentence.code in WORDS
                assert not {"{", "}"} & set(text), text
                assert "None" not in text
            if way.kind is RouteKind.DELETE_PAGE:
                assert f"{way.checked_year}" in WORDS.tell(way.text)
            assert way.url == "" or is_harmless(way.url)


def is_harmless(url: str) -> bool:
    return url.startswith(("https://", "mailto:")) and all(33 <= ord(sign) < 127 for sign in url)


@given(st.sampled_from(Place), st.text() | st.from_regex(r"[a-z.]{1,30}"), st.text(max_size=5))
def test_whatever_a_site_is_called_no_address_is_hostile(
    place: Place, site: str, country: str
) -> None:
    ways = find_routes(place, site, country)
    assert kinds(ways)[-3:] == TAIL
    assert len(ways) > 3
    assert all(way.url == "" or is_harmless(way.url) for way in ways)
    assert ways[0].url.startswith("https://")
    host = ways[0].url.removeprefix("https://").partition("/")[0]
    assert "@" not in host
    assert "\\" not in host

"""What an address belongs to, when an account counts as unused, and the way out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from accounts_home import NOW
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.model import (
    Account,
    Case,
    CaseState,
    Entry,
    Evidence,
    EvidenceKind,
    Look,
    Place,
    SourceKind,
    UseClass,
)
from guardian.accounts.rules import judging
from guardian.accounts.rules.addresses import HOST, locate
from guardian.core.words import Words

ADDRESSES = {
    "https://www.example.com/login?x=1": (Place.WEB, "example.com"),
    "http://a.b.shop.co.uk": (Place.WEB, "shop.co.uk"),
    "https://anna.github.io": (Place.WEB, "anna.github.io"),
    "https://github.io": (Place.WEB, "github.io"),
    "https://EXAMPLE.com.": (Place.WEB, "example.com"),
    "https://bücher.example": (Place.WEB, "xn--bcher-kva.example"),
    "ftp://files.example.org": (Place.WEB, "example.org"),
    "https://a_b.example.org:8443": (Place.WEB, "example.org"),
    "android://aGFzaA==@com.example.App/": (Place.APP, "com.example.App"),
    "android://no-package/": None,
    "android://x@rm -rf ~/": None,
    "http://10.0.0.1:8080": (None, "10.0.0.1"),
    "http://[fe80::1]/": (None, "fe80::1"),
    "https://8.8.8.8": (None, "8.8.8.8"),
    "http://localhost:3000": (None, "localhost"),
    "http://printer.local": (None, "printer.local"),
    "http://router.home.arpa": (None, "router.home.arpa"),
    "http://nas": (None, "nas"),
    "chrome://FirefoxAccounts": None,
    "moz-extension://abc": None,
    "https://": None,
    "https://[::1": None,
    "https://exa mple.com": None,
    "https://a..example.com": None,
    "https://x$(reboot).example.com": None,
    "": None,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_belongs_to_whoever_registered_it(address: str) -> None:
    assert locate(address) == ADDRESSES[address]


@given(st.text() | st.from_regex(r"https?://[^/]{0,40}"))
def test_any_text_is_located_or_left_without_an_error(address: str) -> None:
    located = locate(address)
    if located and located[0] is Place.WEB:
        assert HOST.fullmatch(located[1])


def seen(
    address: str = "https://a.example",
    kind: EvidenceKind = EvidenceKind.SAVED_LOGIN,
    **times: datetime | None,
) -> Entry:
    evidence = Evidence("key", "Browser (p)", SourceKind.CHROMIUM, kind, **times)  # type: ignore[arg-type]
    return Entry(address, "", evidence)


def judge(*entries: Entry) -> Account:
    sightings, _ = judging.bring_home(entries)
    (account,) = judging.judge(Look(NOW, sightings), {}, NOW).accounts
    return account


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, UseClass.IN_USE),
        (182, UseClass.IN_USE),
        (183, UseClass.SLEEPING),
        (730, UseClass.SLEEPING),
        (731, UseClass.FORGOTTEN),
        (-0.5, UseClass.IN_USE),  # a clock half a day ahead
    ],
)
def test_classes_begin_and_end_where_they_say(days: float, expected: UseClass) -> None:
    account = judge(seen(last_used=ago(days)))
    assert account.use_class is expected
    assert account.unused_at_least == timedelta(days=max(days, 0))


def test_the_newest_sign_of_life_counts_whatever_it_is() -> None:
    used, changed = (
        judge(seen(created=ago(900), changed=ago(800), last_used=ago(700))),
        judge(seen(created=ago(900), changed=ago(300), last_used=ago(700))),
    )
    saved = judge(seen(created=ago(900)))
    assert [one.why.code for one in (used, changed, saved)] == [
        "accounts.why.used",
        "accounts.why.changed",
        "accounts.why.saved",
    ]
    assert changed.unused_at_least == timedelta(days=300)


def test_a_recent_sign_is_told_without_an_at_least() -> None:
    words = Words()
    codes = set()
    for times in ({"last_used": ago(3)}, {"changed": ago(3)}, {"created": ago(3)}):
        why = judge(seen(**times)).why
        codes.add(why.code)
        assert "at least" not in words.tell(why)
        assert "18 November 2026" in words.tell(why)
    assert len(codes) == 3


def test_never_save_proves_an_account_but_not_that_it_is_unused() -> None:
    account = judge(seen(kind=EvidenceKind.NEVER_SAVE, created=ago(2000)))
    assert (account.use_class, account.unused_at_least) == (UseClass.UNKNOWN, None)
    both = judge(seen(kind=EvidenceKind.NEVER_SAVE, created=ago(10)), seen(last_used=ago(1000)))
    assert both.unused_at_least == timedelta(days=1000)


def test_without_any_date_the_use_is_unknown_and_said_so() -> None:
    account = judge(seen())
    assert account.use_class is UseClass.UNKNOWN
    assert account.why.code == "accounts.why.no-date"


@given(st.lists(st.integers(0, 9000), min_size=1, max_size=9), st.randoms())
def test_the_order_of_entries_does_not_matter(days: list[int], random: object) -> None:
    entries = [
        seen(f"https://s{number % 3}.example{number % 2}.com", last_used=ago(day))
        for number, day in enumerate(days)
    ]
    one = judging.judge(Look(NOW, judging.bring_home(entries)[0]), {}, NOW)
    random.shuffle(entries)  # type: ignore[attr-defined]
    other = judging.judge(Look(NOW, judging.bring_home(entries)[0]), {}, NOW)
    assert [(a.site, a.unused_at_least) for a in one.accounts] == [
        (a.site, a.unused_at_least) for a in other.accounts
    ]
    spans = [account.unused_at_least for account in one.accounts]
    assert spans == sorted(spans, reverse=True)  # type: ignore[type-var]


def test_a_decision_belongs_to_its_site() -> None:
    sightings, _ = judging.bring_home([seen("https://a.example"), seen("https://b.example")])
    found = judging.judge(Look(NOW, sightings), {"b.example": Case(CaseState.KEEP)}, NOW)
    assert {one.site: one.state.value for one in found.accounts} == {
        "a.example": "found",
        "b.example": "keep",
    }

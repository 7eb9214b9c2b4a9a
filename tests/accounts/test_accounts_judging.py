"""How traces of several sources become accounts: merged, ranked by certainty, dated, windowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.model import (
    Case,
    CaseState,
    Confidence,
    Entry,
    Evidence,
    EvidenceKind,
    Found,
    Look,
    OwnAddress,
    Source,
    SourceKind,
    UseClass,
)
from guardian.accounts.rules import judging
from guardian.core.words import Words

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHROME = Source("c", "Chrome", "anna", SourceKind.CHROMIUM, Path("/c"))
HISTORY = Source("h", "Chrome", "anna", SourceKind.CHROMIUM_HISTORY, Path("/h"), 90)
MAIL = Source("m", "Thunderbird", "family", SourceKind.THUNDERBIRD, Path("/m"))
SAVED, VISIT = EvidenceKind.SAVED_LOGIN, EvidenceKind.VISIT
Kind = EvidenceKind


def trace(
    site: str,
    kind: Kind = SAVED,
    *,
    days: float | None = None,
    created: float | None = None,
    source: Source = CHROME,
    name: str = "",
) -> Entry:
    """One entry; ``days`` and ``created`` are how long ago."""
    evidence = Evidence(
        source.key,
        source.name,
        source.kind,
        kind,
        created=None if created is None else NOW - timedelta(days=created),
        last_used=None if days is None else NOW - timedelta(days=days),
    )
    return Entry(f"https://{site}/", name, evidence)


def find(*entries: Entry, cases: dict[str, Case] | None = None, **more: object) -> Found:
    sightings, devices = judging.bring_home(entries)
    look = Look(NOW, sightings, devices, read=(CHROME, HISTORY, MAIL))
    return judging.judge(look, cases or {}, NOW, **more)  # type: ignore[arg-type]


def test_traces_of_several_sources_are_one_account_with_the_newest_use() -> None:
    (account,) = find(
        trace("shop.example.co.uk", days=900, created=2000, name="anna"),
        trace("www.example.co.uk", Kind.MAIL_SIGN_IN, days=400, source=MAIL),
        trace("example.co.uk", VISIT, days=30, source=HISTORY),
    ).accounts
    assert account.site == "example.co.uk"
    assert account.usernames == ("anna",)
    assert account.last_used == NOW - timedelta(days=30)
    assert account.first_seen == NOW - timedelta(days=2000)
    assert [one.kind for one in account.evidence] == [VISIT, Kind.MAIL_SIGN_IN, SAVED]
    assert account.use_class is UseClass.IN_USE
    assert account.people == ("Chrome (anna)", "Thunderbird (family)")


def test_marketing_is_no_use_but_codes_alerts_and_receipts_are() -> None:
    for kind in (Kind.MAIL_NEWS, Kind.MAIL_ACCOUNT, Kind.MAIL_CLOSED, Kind.MAIL_REPLY):
        (account,) = find(trace("a.org", days=900), trace("a.org", kind, days=3)).accounts
        assert account.unused_at_least == timedelta(days=900), kind
    for kind in (Kind.MAIL_SIGN_IN, Kind.MAIL_RECEIPT, Kind.MAIL_SUBSCRIPTION, Kind.MAIL_SIGN_UP):
        (account,) = find(trace("a.org", days=900), trace("a.org", kind, days=3)).accounts
        assert account.unused_at_least == timedelta(days=3), kind


@pytest.mark.parametrize(
    ("kind", "confidence"),
    [
        (SAVED, Confidence.SURE),
        (Kind.BY_HAND, Confidence.SURE),
        (Kind.DISMISSED_SAVE, Confidence.LIKELY),
        (Kind.SIGN_IN_WITH, Confidence.LIKELY),
        (Kind.MAIL_SIGN_UP, Confidence.LIKELY),
        (Kind.NEVER_SAVE, Confidence.LIKELY),
    ],
)
def test_the_surest_trace_says_how_sure_the_account_is(kind: Kind, confidence: Confidence) -> None:
    (account,) = find(trace("a.org", kind, days=9), trace("a.org", Kind.MAIL_NEWS)).accounts
    assert account.confidence is confidence


def test_who_only_writes_is_a_contact_until_the_person_decides_otherwise() -> None:
    entries = (
        trace("news.example", Kind.MAIL_NEWS, days=2),
        trace("shop.example", Kind.MAIL_RECEIPT, days=2),
    )
    found = find(*entries)
    assert not found.accounts
    assert {one.site for one in found.contacts} == {"news.example", "shop.example"}
    decided = judging.decide(found, {"shop.example": Case(CaseState.CLOSE)})
    assert decided is None, "it has to be judged anew"
    found = find(*entries, cases={"shop.example": Case(CaseState.CLOSE)})
    assert [one.site for one in found.accounts] == ["shop.example"]


def test_where_somebody_merely_went_is_dropped() -> None:
    entries = (trace("a.org", days=9), trace("a.org", VISIT, days=1), trace("secret.org", VISIT))
    sightings, _ = judging.bring_home(entries)
    kept = judging.drop_mere_visits(sightings, (), ())
    assert {one.site for one in kept} == {"a.org"} and len(kept) == 2
    assert {one.site for one in judging.drop_mere_visits(sightings, {"secret.org"}, ())} == {
        "a.org", "secret.org",
    }  # fmt: skip
    assert not find(trace("secret.org", VISIT, days=1)).accounts


def test_a_visit_to_any_site_of_a_shared_login_is_kept() -> None:
    sightings, _ = judging.bring_home(
        [trace("ebay.com", days=3000), trace("ebay.de", VISIT, days=2)]
    )
    shared = [("ebay.com", "ebay.de")]
    kept = judging.drop_mere_visits(sightings, (), shared)
    assert len(kept) == 2
    assert judging.drop_mere_visits(sightings[1:], {"ebay.com"}, shared) == sightings[1:]
    assert not judging.drop_mere_visits(sightings[1:], (), shared)


def test_the_first_sign_is_the_earliest_time_of_all() -> None:
    evidence = replace(trace("a.org", days=60).evidence, changed=NOW - timedelta(days=4000))
    (account,) = find(Entry("https://a.org", "", evidence)).accounts
    assert account.first_seen == NOW - timedelta(days=4000)


def test_sites_that_share_one_login_are_one_account() -> None:
    shared = [
        ("air.example.com", "x.com"),
        ("klm.com", "airfrance.com"),
        ("klm.com", "flyingblue.com"),
    ]
    found = find(
        trace("klm.com", days=5, name="anna"),
        trace("airfrance.com", days=700, name="anna"),
        trace("flyingblue.com", days=800, name="ben"),
        trace("klm.com", VISIT, days=3),
        trace("alone.com", days=1),
        shared=shared,
    )
    account = next(one for one in found.accounts if "klm.com" in one.sites)
    assert account.site == "klm.com", "the one with most traces"
    assert set(account.sites) == {"klm.com", "airfrance.com", "flyingblue.com"}
    assert account.usernames == ("anna", "ben")
    assert len(found.accounts) == 2
    assert found.by_site()["airfrance.com"] is account


def test_a_case_keeps_its_site_when_traces_shift() -> None:
    shared = [("a.com", "b.com")]
    case = Case(CaseState.ASKED)
    (account,) = find(
        trace("a.com"), trace("b.com"), trace("b.com", VISIT), shared=shared, cases={"a.com": case}
    ).accounts
    assert account.site == "a.com" and account.case is case


def test_the_window_of_the_proof_comes_first_and_says_how_far_back_it_reaches() -> None:
    (account,) = find(
        trace("a.org", days=300), trace("a.org", VISIT, days=80, source=HISTORY)
    ).accounts
    assert [(one.source_kind, one.days) for one in account.windows] == [
        (SourceKind.CHROMIUM_HISTORY, 90),
        (SourceKind.CHROMIUM, None),
    ]
    words = Words()
    assert "reaches back 90 days and no further" in words.tell(account.window)


def test_never_save_alone_says_nothing_of_later_uses() -> None:
    (account,) = find(trace("a.org", Kind.NEVER_SAVE, created=900)).accounts
    assert account.unused_at_least is None
    assert account.use_class is UseClass.UNKNOWN


def test_what_the_person_handed_in_counts_beside_what_was_found() -> None:
    export = Source("export:x", "Bitwarden", "", SourceKind.EXPORT, Path("/x"))
    sightings, devices = judging.bring_home(
        [trace("a.org", created=2500, source=export, name="anna"), trace("b.org", source=export)]
    )
    brought = Look(NOW, sightings, devices, read=(export,))
    found = find(trace("a.org", days=30), brought=[brought])
    assert {one.site for one in found.accounts} == {"a.org", "b.org"}
    assert found.brought == (export,)
    assert found.by_site()["a.org"].first_seen == NOW - timedelta(days=2500)


def test_own_addresses_are_ranked_by_how_often_they_are_named() -> None:
    sightings, _ = judging.bring_home(
        [
            *(trace(f"s{n}.org", name="Anna@web.de") for n in range(3)),
            trace("x.org", name="b@web.de"),
        ]
    )
    look = Look(NOW, sightings, addresses=(OwnAddress("c@web.de", "m"),))
    assert judging.judge(look, {}, NOW).addresses == ("c@web.de", "anna@web.de", "b@web.de")


@pytest.mark.parametrize("kind", [one for one in Kind if one in judging.USES])
def test_every_use_has_words_for_long_ago_and_for_lately(kind: Kind) -> None:
    words = Words()
    for days in (900, 3):
        for entry in (trace("a.org", kind, days=days), trace("a.org", kind, created=days)):
            found = find(entry, trace("a.org", SAVED))
            account = next(iter((*found.accounts, *found.contacts)))
            told = words.tell(account.why)
            assert "accounts.why" not in told and "{" not in told
            assert ("Not used here for at least 2 years" in told) == (days == 900)


SITES = st.sampled_from(["a.org", "b.org", "c.org", "d.org"])


@given(
    st.lists(st.tuples(SITES, st.sampled_from(Kind), st.none() | st.integers(0, 4000))),
    st.lists(st.lists(SITES, min_size=2, unique=True)),
)
def test_no_trace_is_lost_and_none_stands_twice(
    traces: list[tuple[str, Kind, int | None]], groups: list[list[str]]
) -> None:
    found = find(*(trace(site, kind, days=days) for site, kind, days in traces), shared=groups)
    told = [one for account in (*found.accounts, *found.contacts) for one in account.evidence]
    shown = {site for account in (*found.accounts, *found.contacts) for site in account.sites}
    assert len(told) == sum(site in shown for site, _, _ in traces)
    sites = [site for account in (*found.accounts, *found.contacts) for site in account.sites]
    assert len(sites) == len(set(sites))
    for account in found.accounts:
        uses = [one.newest for one in account.evidence if one.newest and one.kind in judging.USES]
        assert account.unused_at_least == (NOW - max(uses) if uses else None)

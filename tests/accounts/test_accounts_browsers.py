"""What is found in profiles written by the real Firefox and Chromium, to the letter."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from accounts_home import by_site, noon, snapshot

from guardian.accounts.model import CaseState, EvidenceKind, Found, Place, UseClass
from guardian.accounts.service import AccountsService
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Words

# site: class, names, first seen, last used, days unused, name of the source that proves it
TRUTH = {
    "oldshop.co.uk": ("forgotten", ("anna@example.org",), "2016-05-04", "2018-03-04", 3184),
    "dropbox.com": ("forgotten", ("ben",), "2018-01-01", "2018-06-01", 3095),
    "com.example.banking": ("forgotten", ("anna",), "2020-07-08", "2021-07-08", 1962),
    "spotify.com": ("forgotten", ("anna@example.org",), "2018-02-01", "2023-03-03", 1359),
    "linkedin.com": (
        "forgotten", ("anna@example.org", "office@example.org"), "2019-09-09", "2024-02-03", 1022,
    ),
    "anna.github.io": ("sleeping", ("anna",), "2021-01-01", "2024-12-24", 697),
    "xn--bcher-kva.example": ("sleeping", (), "2022-06-07", "2025-06-08", 531),
    "github.com": ("sleeping", ("anna",), "2020-04-05", "2025-10-10", 407),
    "ben.github.io": ("in-use", (), "2021-02-02", "2026-09-01", 81),
    "example.com": ("in-use", ("anna@example.org",), "2022-05-06", "2026-10-01", 51),
    "example.org": ("in-use", (), "2020-10-10", "2026-11-01", 20),
    "example.net": ("unknown", (), "2021-03-04", None, None),
}  # fmt: skip


def test_every_planted_account_is_found_and_nothing_else(allowed: AccountsService) -> None:
    found = allowed.find(report_nothing)
    answer = {
        account.site: (
            account.use_class.value,
            account.usernames,
            account.first_seen,
            account.last_used,
            account.unused_at_least and account.unused_at_least.days,
        )
        for account in found.accounts
    }
    assert answer == {
        site: (kind, names, noon(first), noon(last), days)
        for site, (kind, names, first, last, days) in TRUTH.items()
    }
    assert found.own_network == ("192.168.1.1", "localhost", "nas")
    assert found.not_read == found.not_allowed == ()
    assert len(found.read) == 6


def test_the_longest_unused_comes_first_and_the_unknown_last(allowed: AccountsService) -> None:
    assert [account.site for account in allowed.find(report_nothing).accounts] == list(TRUTH)


def test_sites_of_one_owner_are_one_account_over_all_browsers(allowed: AccountsService) -> None:
    spotify = by_site(allowed.find(report_nothing))["spotify.com"]
    assert [(one.source_name, one.newest) for one in spotify.evidence] == [
        ("Firefox (default-esr)", noon("2023-03-03")),
        ("Chromium (Your Chromium)", noon("2022-02-02")),
        ("Firefox (default-esr)", noon("2020-06-15")),
    ]
    assert [one.times_used for one in spotify.evidence] == [4, 3, 31]


def test_hosted_sites_of_two_people_stay_two_accounts(allowed: AccountsService) -> None:
    sites = by_site(allowed.find(report_nothing))
    assert {"anna.github.io", "ben.github.io", "github.com"} <= set(sites)


def test_the_kinds_of_evidence_are_told_apart(allowed: AccountsService) -> None:
    sites = by_site(allowed.find(report_nothing))
    never, signed_in = sites["example.net"].evidence[0], sites["example.com"].evidence[0]
    assert never.kind is EvidenceKind.NEVER_SAVE
    assert (signed_in.kind, signed_in.provider) == (
        EvidenceKind.SIGN_IN_WITH, "accounts.google.com",
    )  # fmt: skip
    assert sites["com.example.banking"].place is Place.APP


def test_each_account_says_why_and_what_is_not_seen(allowed: AccountsService) -> None:
    words, sites = Words(), by_site(allowed.find(report_nothing))
    assert words.tell(sites["github.com"].why) == (
        "Not used here for at least 13 months: this login was last used in Firefox (work) "
        "on 10 October 2025."
    )
    assert "this device alone" in words.tell(sites["github.com"].window)
    assert "typed by hand" in words.tell(sites["dropbox.com"].window)
    assert "never to save" in words.tell(sites["example.net"].why)


def test_a_login_never_used_counts_from_the_day_it_was_saved(
    allowed: AccountsService, chromium_profile: Path
) -> None:
    with closing(sqlite3.connect(chromium_profile / "Login Data")) as database, database:
        database.execute("DELETE FROM logins WHERE username_value = 'anna@example.org'")
    linkedin = by_site(allowed.find(report_nothing))["linkedin.com"]
    assert linkedin.last_used is None
    assert linkedin.unused_at_least is not None
    assert linkedin.unused_at_least.days == 1899
    assert linkedin.why.code == "accounts.why.saved"


def test_the_browsers_files_are_the_same_afterwards(allowed: AccountsService, home: Path) -> None:
    before = snapshot(home)
    allowed.find(report_nothing)
    assert snapshot(home) == before


def test_what_was_found_is_there_at_the_next_start(
    allowed: AccountsService, store: Store, home: Path
) -> None:
    first = allowed.find(report_nothing)
    later = datetime(2027, 11, 21, 12, tzinfo=UTC)
    assert AccountsService(store, home, allowed._clock).known() == first
    aged = AccountsService(store, home, lambda: later).known()
    assert isinstance(aged, Found)
    assert aged.looked_at == first.looked_at
    assert by_site(aged)["example.org"].use_class is UseClass.SLEEPING
    assert by_site(aged)["example.org"].state is CaseState.FOUND

"""What browsers' histories tell: last visits, sign-ins with other services, and nothing more."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

import pytest
from accounts_home import CANARY, NOW, by_site, noon, snapshot
from histories import (
    BACK,
    FAMILIES,
    GOOGLE,
    Step,
    ask,
    day,
    entries,
    read_profile,
    write_history,
)

from guardian.accounts.model import Confidence, EvidenceKind, SourceKind
from guardian.accounts.service import AccountsService
from guardian.accounts.sources import (
    chromium_history,
    find_sources,
    firefox_history,
    read_source,
)
from guardian.core.jobs import report_nothing
from guardian.core.store import Store

VISIT, SIGN_IN = EvidenceKind.VISIT, EvidenceKind.SIGN_IN_WITH
BOTH = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__[-15:])

# written by the real browsers -----------------------------------------------------------------


def test_the_real_browsers_histories_are_read_to_the_letter(
    chromium_visits: Path, firefox_visits: Path
) -> None:
    seen = entries(read_profile(firefox_history, firefox_visits), VISIT)
    assert {address: one.evidence.last_used for address, one in seen.items()} == {
        "https://www.spotify.com": noon("2025-03-03"),
        "https://open.spotify.com": noon("2025-08-08"),
        "https://news.example": noon("2026-10-10"),
        "https://accounts.google.com": noon("2024-05-03"),
        "https://www.tent.example": noon("2024-06-07"),
        "https://never-back.example": noon("2024-05-02"),
        "https://github.com": noon("2024-05-04"),
        "https://192.168.1.1": noon("2026-01-01"),
    }
    assert seen["https://www.spotify.com"].evidence.times_used == 2
    seen = entries(read_profile(chromium_history, chromium_visits), VISIT)
    with closing(sqlite3.connect(chromium_visits / "History")) as database:
        rows = database.execute(
            "SELECT url, max(visit_time) FROM (SELECT p.url AS url, v.visit_time AS visit_time"
            " FROM urls p JOIN visits v ON v.url = p.id) GROUP BY url"
        ).fetchall()
    truth: dict[str, datetime] = {}
    for url, time in rows:
        address = "https://" + url.split("/")[2]
        at = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)
        truth[address] = max(at, truth.get(address, at))
    assert {address: one.evidence.last_used for address, one in seen.items()} == truth


def test_real_sign_ins_with_another_service_are_found_and_refused_ones_are_not(
    chromium_visits: Path, firefox_visits: Path
) -> None:
    """In Chromium one was refused and one left with the button for going back; see the makers."""
    for family, profile, service in (
        (chromium_history, chromium_visits, "https://www.tent.example"),
        (firefox_history, firefox_visits, "https://auth.tent.example"),
    ):
        found = entries(read_profile(family, profile), SIGN_IN)
        assert {one: found[one].evidence.provider for one in found} == {
            service: "accounts.google.com"
        }


def test_overlooked_save_bubbles_and_passkeys_show_accounts(
    store: Store, visits_home: Path
) -> None:
    service = AccountsService(store, visits_home, lambda: NOW)
    service.choose({state.source.key: True for state in service.sources()})
    found = by_site(service.find(report_nothing))
    for site in ("shop.example", "forum.example", "club.example"):
        assert found[site].usernames == ("anna@example.org",)
        assert found[site].confidence is Confidence.LIKELY
        assert EvidenceKind.DISMISSED_SAVE in {one.kind for one in found[site].evidence}
    assert found["key.example"].confidence is Confidence.SURE
    assert set(found) == {
        "shop.example", "forum.example", "club.example", "key.example", "tent.example",
    }  # fmt: skip


def test_what_the_browser_knows_of_shared_logins_and_of_own_addresses(visits_home: Path) -> None:
    readings = {
        source.kind: read_source(source, NOW, lambda: None)
        for source in find_sources(visits_home, {})[0]
        if source.kind is not SourceKind.PROGRAMS
    }
    assert readings[SourceKind.CHROMIUM].shared == (("tent-hire.example", "tent.example"),)
    addresses = readings[SourceKind.FIREFOX_HISTORY].addresses
    assert addresses == ("anna@example.org", "anna.office@example.com")
    assert "DE0212" not in repr(readings)
    assert CANARY not in repr(readings)


def test_reading_changes_nothing(visits_home: Path, memory: Path) -> None:
    before = snapshot(visits_home)
    for source in find_sources(visits_home, {})[0]:
        read_source(source, NOW, lambda: None)
    assert snapshot(visits_home) == before
    assert list(memory.iterdir()) == []


def test_a_history_is_a_source_of_its_own_under_the_name_of_its_profile(tmp_path: Path) -> None:
    for root, name in (
        (".config/chromium/Default", "History"),
        (".config/chromium/Default", "Login Data"),
        (".config/chromium/Profile 1", "Login Data"),
        (".config/BraveSoftware/Brave-Browser/Default", "History"),
        (".config/mozilla/firefox/abcd1234.anna", "places.sqlite"),
        (".config/mozilla/firefox/abcd1234.anna", "logins.json"),
    ):
        (tmp_path / root).mkdir(parents=True, exist_ok=True)
        (tmp_path / root / name).write_text("x")
    sources, refused = find_sources(tmp_path, {})
    assert not refused
    assert [(one.name, one.kind.value, one.window_days) for one in sources] == [
        ("Firefox (anna)", "firefox", None),
        ("Firefox (anna)", "firefox-history", None),
        ("Chromium (Default)", "chromium", None),
        ("Chromium (Profile 1)", "chromium", None),
        ("Chromium (Default)", "chromium-history", 90),
        ("Brave (Default)", "chromium-history", 1825),
    ]
    assert len({one.key for one in sources}) == len(sources)


def test_the_profile_that_firefox_opens_by_itself_comes_first(tmp_path: Path) -> None:
    root = tmp_path / ".mozilla/firefox"
    for name in ("aaaaaaaa.old", "bbbbbbbb.new"):
        (root / name).mkdir(parents=True)
        (root / name / "logins.json").write_text("{}")
    ini = "[Profile0]\nName={0}\nPath=aaaaaaaa.old\n\n[Profile1]\nName=n\nPath=bbbbbbbb.new\n"
    (root / "profiles.ini").write_text(f"{ini}\n[Install1]\nDefault=bbbbbbbb.new\nLocked=1\n")
    assert find_sources(tmp_path, {})[0][0].profile == "n"


# sign-ins -------------------------------------------------------------------------------------


@BOTH
def test_a_sign_in_counts_when_it_led_back_to_the_service(
    family: ModuleType, tmp_path: Path
) -> None:
    start = day("2026-10-01")
    steps = [
        # all stages of one way carry the same time; the service's own first stage is before
        Step("https://a.example/with-google", start),
        Step(ask("a.example"), start, 1),
        Step("https://a.example/cb?code=1", start, 2, hidden=1),
        Step("https://www.a.example/home", start, 3),
        Step("https://b.example/with-google", start),
        Step(ask("b.example"), start, 5),
        Step("https://c.example/login", start),
        Step(ask("c.example"), day("2026-10-01", 9), 7),
        Step("https://c.example/cb?error=access_denied", day("2026-10-01", 12), 8),
        Step("https://c.example/login", day("2026-10-01", 13), 9),
        # refused once, then done after all
        Step(ask("d.example"), start),
        Step("https://d.example/cb?error=access_denied", day("2026-10-01", 5), 11),
        Step(ask("d.example"), day("2026-10-02"), 11),
        Step("https://d.example/cb?code=2", day("2026-10-02", 5), 12),
    ]
    write_history(family, tmp_path, steps)
    found = entries(read_profile(family, tmp_path), SIGN_IN)
    assert {one: found[one].evidence.last_used for one in found} == {
        "https://a.example": start,
        "https://d.example": day("2026-10-02"),
    }


def test_going_back_from_the_question_is_no_sign_in(tmp_path: Path) -> None:
    steps = [
        Step("https://a.example/", day("2026-10-01")),
        Step(ask("a.example"), day("2026-10-01", 5), 1),
        Step("https://a.example/", day("2026-10-01", 9), how=BACK | 1),
    ]
    write_history(chromium_history, tmp_path, steps)
    assert not entries(read_profile(chromium_history, tmp_path), SIGN_IN)


@BOTH
def test_a_firm_that_signs_in_for_others_is_followed_to_the_service(
    family: ModuleType, tmp_path: Path
) -> None:
    start = day("2026-10-01")
    steps = [
        Step(ask("tent.auth0.com", "/login/callback"), start),
        Step("https://accounts.google.com/consent", day("2026-10-01", 4), 1),
        Step("https://tent.auth0.com/login/callback?code=1", day("2026-10-01", 8), 2),
        Step("https://www.tent.example/callback?code=2", day("2026-10-01", 8), 3),
        Step(ask("club.okta.com"), start),
        Step("https://club.okta.com/cb?error=access_denied", start, 5),
        Step("https://www.club.example/", start, 6),
        Step("https://api.twitter.com/oauth/authenticate?oauth_token=1", start),
        Step("https://x.example/done", start, 8),
    ]
    write_history(family, tmp_path, steps)
    found = entries(read_profile(family, tmp_path), SIGN_IN)
    assert {one: found[one].evidence.provider for one in found} == {
        "https://www.tent.example": "accounts.google.com",
        "https://x.example": "twitter.com",
    }


@BOTH
def test_planted_sign_ins_are_all_found_and_decoys_are_not(
    family: ModuleType, tmp_path: Path
) -> None:
    dice = random.Random(7)
    steps: list[Step] = []
    truth = {}
    for number in range(400):
        host = f"www.site{number}.{dice.choice(['example', 'co.uk', 'com.br', 'org'])}"
        at = day("2026-09-01") + timedelta(minutes=dice.randrange(60_000))
        kind = number % 2 or dice.choice(["alone", "before", "refused", "local", "own", "http"])
        back = {"local": "http://localhost:3000/cb", "own": "https://www.google.co.uk/cb"}.get(
            str(kind), f"https://{host}/cb"
        )
        address = GOOGLE + quote(back, "")
        steps.append(Step(address.replace("https:", "http:", 1) if kind == "http" else address, at))
        if kind == 1:
            truth[f"https://{host}"] = at
            steps.append(Step(f"https://{host}/cb?code={number}", at, len(steps)))
            steps.append(Step(f"https://app.{host[4:]}/", at + timedelta(hours=dice.randrange(9))))
        elif kind == "before":
            steps.append(Step(f"https://{host}/login", at - timedelta(seconds=20)))
        elif kind == "refused":
            later = at + timedelta(seconds=20)
            steps.append(Step(f"https://{host}/cb?error=access_denied", later, len(steps)))
            steps.append(Step(f"https://{host}/login", later, len(steps)))
        elif kind != "alone":
            steps.append(Step(f"https://{host}/home", at + timedelta(seconds=20)))
    write_history(family, tmp_path, steps)
    found = entries(read_profile(family, tmp_path), SIGN_IN)
    assert {one: found[one].evidence.last_used for one in found} == truth


# visits ---------------------------------------------------------------------------------------


@BOTH
def test_a_host_counts_once_with_its_newest_visit(family: ModuleType, tmp_path: Path) -> None:
    steps = [
        Step("https://a.example/1", day("2026-10-01")),
        Step("http://A.example/2", day("2026-10-09")),
        Step("https://a.example:8443/3", day("2026-10-05")),
        Step("https://b.example", day("2026-10-02")),
        Step("https://anna:secret@c.example/", day("2026-10-03")),
        Step("https://hidden.example/", day("2026-10-03"), hidden=1),
    ]
    write_history(family, tmp_path, steps)
    reading = read_profile(family, tmp_path)
    found = entries(reading, VISIT)
    assert {one: found[one].evidence.last_used for one in found} == {
        "https://a.example": day("2026-10-09"),
        "https://b.example": day("2026-10-02"),
        "https://c.example": day("2026-10-03"),
    }
    assert found["https://a.example"].evidence.times_used == 3
    assert "secret" not in repr(reading)


@BOTH
def test_a_clock_gone_wrong_does_not_hide_the_true_visits(
    family: ModuleType, tmp_path: Path
) -> None:
    file = write_history(
        family, tmp_path, [Step(f"https://a.example/{one}", day("2026-10-01")) for one in range(6)]
    )
    _, _, _, pages, _, newest = FAMILIES[family]
    values = [0, 2**62, -5, "soon", b"\xff"]
    with closing(sqlite3.connect(file)) as database, database:
        for number, value in enumerate(values, 1):
            database.execute(f"UPDATE {pages} SET {newest} = ? WHERE id = ?", (value, number))
    found = entries(read_profile(family, tmp_path), VISIT)
    assert found["https://a.example"].evidence.last_used == day("2026-10-01")


# what Chromium keeps beside its history -------------------------------------------------------


def engaged(time: datetime) -> dict[str, object]:
    value = (time - datetime(1601, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)
    return {"setting": {"lastEngagementTime": value, "rawScore": 1.0}}


def write_settings(profile: Path, **exceptions: object) -> None:
    settings = {"profile": {"content_settings": {"exceptions": exceptions}}, "secret": CANARY}
    (profile / "Preferences").write_text(json.dumps(settings))


def test_use_is_seen_beyond_the_days_of_the_history(tmp_path: Path) -> None:
    """Within a day it is the same visit; a tab left open for weeks is newer than its visit."""
    steps = [
        Step("https://open.example/", day("2026-09-01")),
        Step("https://same.example/", day("2026-10-01")),
    ]
    write_history(chromium_history, tmp_path, steps)
    write_settings(
        tmp_path,
        site_engagement={
            "https://old.example:443,*": engaged(day("2025-01-01")),
            "https://open.example:443,*": engaged(day("2026-11-01")),
            "https://same.example:443,*": engaged(day("2026-10-01", 60)),
            "chrome://newtab/,*": engaged(day("2026-11-01")),
            "https://odd.example:443,*": {"setting": {"lastEngagementTime": "soon"}},
            "https://odder.example:443,*": [1],
        },
    )
    reading = read_profile(chromium_history, tmp_path)
    found = entries(reading, VISIT)
    assert {one: found[one].evidence.last_used for one in found} == {
        "https://old.example": day("2025-01-01"),
        "https://open.example": day("2026-11-01"),
        "https://same.example": day("2026-10-01"),
    }
    assert CANARY not in repr(reading)


def test_the_browsers_own_sign_in_with_another_service_is_seen(tmp_path: Path) -> None:
    write_history(chromium_history, tmp_path, [])
    time = str((day("2026-02-03") - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
    told = {"rp-requester": "https://a.example", "rp-embedder": "https://a.example"}
    known = {**told, "idp-origin": "https://accounts.google.com"}
    write_settings(
        tmp_path,
        fedcm_share={
            "https://a.example:443,*": {
                "setting": {
                    "chosen-objects": [
                        {**known, "account-ids": [{"account-id": "7", "timestamp": time}]},
                        {**known, "account-ids": []},
                        {**known, "idp-origin": 7},
                        "odd",
                    ]
                }
            },
            "https://b.example:443,*": {"setting": {"chosen-objects": 7}},
        },
    )
    found = entries(read_profile(chromium_history, tmp_path), SIGN_IN)
    assert list(found) == ["https://a.example"]
    evidence = found["https://a.example"].evidence
    assert (evidence.last_used, evidence.provider) == (day("2026-02-03"), "accounts.google.com")


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("email", "Anna@Example.org ", ("anna@example.org",)),
        ("session[username_or_email]", "anna@example.org", ("anna@example.org",)),
        ("preferred_email", "anna@example.org", ("anna@example.org",)),
        ("user", "anna", ()),
        ("email", "anna@example", ()),
        ("email", "anna@example.org; ben@example.org", ()),
        ("search", "anna@example.org", ()),
        ("recipient_email", "ben@example.org", ()),
        ("email_to", "ben@example.org", ()),
        ("iban", "a@b.example", ()),
        ("password", "pass@word.example", ()),
    ],
)
def test_of_forms_only_own_addresses_are_kept(
    firefox_visits: Path, field: str, value: str, kept: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(firefox_visits / "formhistory.sqlite")) as database, database:
        database.execute("DELETE FROM moz_formhistory")
        database.execute(
            "INSERT INTO moz_formhistory (fieldname, value) VALUES (?, ?)", (field, value)
        )
    assert read_profile(firefox_history, firefox_visits).addresses == kept

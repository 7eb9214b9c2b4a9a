"""Where profiles are looked for, older forms of their files, and their dates."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts_home import NOW, by_site, noon
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.model import Source, SourceKind
from guardian.accounts.service import AccountsService
from guardian.accounts.sources import (
    chromium,
    chromium_profiles,
    dates,
    find_sources,
    firefox,
    firefox_profiles,
)
from guardian.core.jobs import report_nothing

EPOCHS = {dates.from_unix_ms: (1970, 1000), dates.from_chromium: (1601, 1)}
TIMES = st.datetimes(
    min_value=datetime(1995, 1, 1), max_value=datetime(2026, 11, 22), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(TIMES)
def test_every_time_a_browser_can_write_is_read_exactly(time: datetime) -> None:
    milliseconds = (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    microseconds = (time - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    rounded = time - timedelta(microseconds=time.microsecond % 1000)
    assert dates.from_unix_ms(milliseconds, NOW) == (rounded if rounded.year >= 1995 else None)
    assert dates.from_chromium(microseconds, NOW) == time


@given(ANYTHING | st.binary())
def test_nonsense_is_no_time_and_never_an_error(value: object) -> None:
    for convert in EPOCHS:
        time = convert(value, NOW)
        assert time is None or datetime(1995, 1, 1, tzinfo=UTC) <= time <= NOW + dates.SKEW
    assert dates.count(value) is None or isinstance(value, int)


@pytest.mark.parametrize("value", [0, -1, 1, True, 2**63 - 1, 10**30, "2020", None, 3.5])
def test_zero_1601_and_the_far_future_are_no_times(value: object) -> None:
    assert dates.from_unix_ms(value, NOW) is None
    assert dates.from_chromium(value, NOW) is None


@given(ANYTHING)
def test_a_logins_file_of_any_shape_gives_a_reading(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    profile = tmp_path_factory.getbasetemp() / "any-shape"
    profile.mkdir(exist_ok=True)
    source = Source("key", "Firefox", "p", SourceKind.FIREFOX, profile)
    for content in (value, {"logins": value}, {"logins": [value, {"hostname": value}]}):
        (profile / "logins.json").write_text(json.dumps(content))
        reading = firefox.read(source, NOW, lambda: None)
        assert reading.read or reading.problems


@given(st.binary(max_size=300))
def test_a_logins_file_of_any_bytes_gives_a_reading(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    profile = tmp_path_factory.getbasetemp() / "any-bytes"
    profile.mkdir(exist_ok=True)
    (profile / "logins.json").write_bytes(raw)
    (profile / "Login Data").write_bytes(raw)
    for family in (firefox, chromium):
        source = Source("key", "B", "p", family.KIND, profile)
        assert family.read(source, NOW, lambda: None).problems


OLD_COLUMNS = [
    # as far back as version 25 of the table, and some that never were
    "origin_url, username_value, signon_realm, date_created, blacklisted_by_user, times_used,"
    " federation_url, date_last_used",
    "origin_url, username_value, signon_realm, date_created, blacklisted_by_user, times_used",
    "origin_url, signon_realm, username_value, date_created, preferred, date_synced,"
    " federation_url, date_last_used",
    "signon_realm, username_value, date_created",
    "origin_url",
]


@pytest.mark.parametrize("columns", OLD_COLUMNS)
def test_older_login_tables_are_read_as_far_as_they_go(
    allowed: AccountsService, chromium_profile: Path, columns: str
) -> None:
    values = {
        "origin_url": "https://www.old.example/login",
        "signon_realm": "https://www.old.example/",
        "username_value": "anna",
        "date_created": chromium_time("2015-01-01"),
        "date_last_used": chromium_time("2016-02-02"),
    }
    file = chromium_profile / "Login Data"
    file.unlink()
    names = [name.strip() for name in columns.split(",")]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"CREATE TABLE logins ({columns}, password_value BLOB)")
        marks = ", ".join("?" * len(names))
        row = [values.get(name, 0) for name in names]
        database.execute(f"INSERT INTO logins ({columns}) VALUES ({marks})", row)
    account = by_site(allowed.find(report_nothing))["old.example"]
    newest = {"date_last_used": "2016-02-02", "date_created": "2015-01-01"}
    expected = next((noon(day) for name, day in newest.items() if name in names), None)
    assert account.evidence[0].newest == expected
    assert account.usernames == (("anna",) if "username_value" in names else ())


def chromium_time(day: str) -> int:
    time = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return (time - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


NEWER = """
    CREATE TABLE {} (id INTEGER PRIMARY KEY, origin TEXT NOT NULL, timesUsed INTEGER,
    timeCreated INTEGER NOT NULL, timeLastUsed INTEGER, timePasswordChanged INTEGER NOT NULL,
    secFields TEXT, guid TEXT NOT NULL UNIQUE, {} TINYINT NOT NULL DEFAULT 0)
"""


def test_a_newer_firefox_with_its_logins_in_a_database_is_read(
    allowed: AccountsService, firefox_profile: Path
) -> None:
    """The columns are those of Firefox 153; what is deleted or replaced there does not count."""
    (firefox_profile / "logins.json").unlink()
    created, used = 1577880000000, 1609502400000
    with closing(sqlite3.connect(firefox_profile / "logins.db")) as database, database:
        for table, dead in (("loginsL", "is_deleted"), ("loginsM", "is_overridden")):
            database.execute(NEWER.format(table, dead))
            for gone, site in ((0, f"https://{table}.example"), (1, f"https://x.{dead}.example")):
                row = (site, 3, created, used, created, "secret", site, gone)
                marks = ", ".join("?" * len(row))
                database.execute(f"INSERT INTO {table} VALUES (NULL, {marks})", row)
    sites = by_site(allowed.find(report_nothing))
    assert sites["loginsl.example"].last_used == noon("2021-01-01")
    assert {"loginsl.example", "loginsm.example"} <= set(sites)
    assert not [site for site in sites if site.startswith("is_")]


ROOTS = [
    (family, browser, root)
    for family, roots in (
        (firefox, firefox_profiles.ROOTS),
        (chromium, tuple(chromium_profiles.roots({}))),
    )
    for browser, root in roots
]


@pytest.mark.parametrize(("family", "browser", "root"), ROOTS)
def test_every_place_where_a_browser_may_live_is_looked_at(
    tmp_path: Path, family: object, browser: str, root: str
) -> None:
    name = "logins.json" if family is firefox else "Login Data"
    profile = tmp_path / root / "abcd1234.mine"
    profile.mkdir(parents=True)
    (profile / name).write_text("{}")
    sources, refused = find_sources(tmp_path, {})
    assert [source.browser for source in sources] == [browser]
    assert refused == ()


def test_the_environment_may_move_browsers(tmp_path: Path) -> None:
    config, data = tmp_path / "config", tmp_path / "data"
    for file in (
        config / "mozilla/firefox/p/logins.json",
        config / "vivaldi/Default/Login Data",
        data / "Default/Login Data",
    ):
        file.parent.mkdir(parents=True)
        file.write_text("{}")
    environment = {"XDG_CONFIG_HOME": str(config), "CHROME_USER_DATA_DIR": str(data)}
    sources, _ = find_sources(tmp_path / "home", environment)
    browsers = [one.browser for one in sources if one.kind is not SourceKind.PROGRAMS]
    assert browsers == ["Firefox", "Vivaldi", "Chromium"]


def test_old_opera_keeps_its_logins_in_the_root(tmp_path: Path) -> None:
    (tmp_path / ".config/opera").mkdir(parents=True)
    (tmp_path / ".config/opera/Login Data").write_text("")
    sources, _ = find_sources(tmp_path, {})
    assert [source.name for source in sources] == ["Opera"]


def test_one_profile_under_two_names_counts_once(home: Path) -> None:
    (home / ".mozilla").symlink_to(home / ".config/mozilla")
    assert len(find_sources(home, {})[0]) == 6


def test_a_profile_elsewhere_counts_only_in_ones_own_home(home: Path, tmp_path: Path) -> None:
    """In a copy of a home, a path to another place would lead to somebody else's files."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(next(home.glob(".config/mozilla/firefox/*.work")) / "logins.json", elsewhere)
    ini = home / ".config/mozilla/firefox/profiles.ini"
    ini.write_text(f"{ini.read_text()}\n[Profile9]\nName=far\nIsRelative=0\nPath={elsewhere}\n")
    assert "far" not in [source.profile for source in find_sources(home, {})[0]]
    assert "far" in [source.profile for source in find_sources(home, {"HOME": str(home)})[0]]

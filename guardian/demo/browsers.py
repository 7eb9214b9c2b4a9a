"""Writes the browser profiles of the made-up home, as the browsers themselves lay them out.

Of every file only the tables and fields are written that Guardian looks at, and as little else as
the layout needs. Where a password would be stands the word SPECIMEN.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from guardian.demo.content import Household, Login, Traces

FIREFOX = ".mozilla/firefox"
FIREFOX_PROFILE = "rivera01.default-release"
CHROMIUM = ".config/chromium"
CHROMIUM_PROFILES = {"chromium": ("Default", 0), "mateo": ("Profile 1", 1)}
SINCE_1601 = 11_644_473_600 * 1_000_000  # microseconds from 1601 to 1970
NO_PASSWORD = base64.b64encode(b"SPECIMEN").decode()
PROFILES_INI = """[Profile0]
Name=Ana
IsRelative=1
Path={profile}
Default=1

[General]
StartWithLastProfile=1
Version=2
"""
PLACES = """
CREATE TABLE moz_places (
    id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR,
    visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, last_visit_date INTEGER
);
CREATE TABLE moz_historyvisits (
    id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER,
    visit_type INTEGER, session INTEGER
);
"""
FORMS = """
CREATE TABLE moz_formhistory (
    id INTEGER PRIMARY KEY, fieldname TEXT NOT NULL, value TEXT NOT NULL, timesUsed INTEGER,
    firstUsed INTEGER, lastUsed INTEGER, guid TEXT
);
"""
LOGIN_DATA = """
CREATE TABLE logins (
    origin_url VARCHAR NOT NULL, action_url VARCHAR, username_value VARCHAR, password_value BLOB,
    signon_realm VARCHAR NOT NULL, date_created INTEGER NOT NULL,
    blacklisted_by_user INTEGER NOT NULL, times_used INTEGER, federation_url VARCHAR,
    id INTEGER PRIMARY KEY AUTOINCREMENT, date_last_used INTEGER NOT NULL DEFAULT 0,
    date_password_modified INTEGER NOT NULL DEFAULT 0, date_last_filled INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE stats (
    origin_domain VARCHAR NOT NULL, username_value VARCHAR, dismissal_count INTEGER,
    update_time INTEGER NOT NULL
);
"""
HISTORY = """
CREATE TABLE urls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR, title LONGVARCHAR,
    visit_count INTEGER DEFAULT 0 NOT NULL, last_visit_time INTEGER NOT NULL,
    hidden INTEGER DEFAULT 0 NOT NULL
);
CREATE TABLE visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL, visit_time INTEGER NOT NULL,
    from_visit INTEGER, transition INTEGER DEFAULT 0 NOT NULL
);
"""
AFFILIATIONS = """
CREATE TABLE eq_classes (id INTEGER PRIMARY KEY AUTOINCREMENT, last_update_time INTEGER NOT NULL);
CREATE TABLE eq_class_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT, facet_uri LONGVARCHAR NOT NULL, set_id INTEGER NOT NULL
);
"""
Rows = Iterable[Sequence[object]]


class Days:
    """Counts times from days ago, as each browser has it."""

    def __init__(self, now: datetime) -> None:
        self._noon = now.replace(hour=12, minute=0, second=0, microsecond=0)

    def ago(self, days: int) -> datetime:
        """Noon of that day."""
        return self._noon - timedelta(days=days)

    def micros(self, days: int) -> int:
        return int(self.ago(days).timestamp()) * 1_000_000

    def chromium(self, days: int) -> int:
        return self.micros(days) + SINCE_1601


def write_browsers(home: Path, household: Household, traces: Traces, now: datetime) -> None:
    """Firefox of the first person, and Chromium with a profile of each of the two."""
    days = Days(now)
    write_firefox(home / FIREFOX, household, traces, days)
    names = {
        folder: household.people[number].name.split()[0]
        for folder, number in CHROMIUM_PROFILES.values()
    }
    root = home / CHROMIUM
    root.mkdir(parents=True)
    listed = {folder: {"name": name} for folder, name in names.items()}
    (root / "Local State").write_text(json.dumps({"profile": {"info_cache": listed}}))
    for source, (folder, _) in CHROMIUM_PROFILES.items():
        logins = [one for one in traces.accounts if one.source == source]
        write_logins(root / folder, logins, traces if source == "chromium" else None, days)
    write_preferences(root / "Default", traces, days)
    write_history(root / "Default", traces, days)


def write_firefox(root: Path, household: Household, traces: Traces, days: Days) -> None:
    profile = root / FIREFOX_PROFILE
    profile.mkdir(parents=True)
    (root / "profiles.ini").write_text(PROFILES_INI.format(profile=FIREFOX_PROFILE))
    logins = [one for one in traces.accounts if one.source == "firefox"]
    rows = [firefox_login(number, one, days) for number, one in enumerate(logins, 1)]
    whole = {"nextId": len(rows) + 1, "logins": rows, "version": 3}
    (profile / "logins.json").write_text(json.dumps(whole))
    visited = [one for one in logins if one.visited]
    write_database(
        profile / "places.sqlite",
        PLACES,
        ("moz_places (id, url, visit_count, last_visit_date)",
         [(number, f"https://www.{one.site}/", one.times, days.micros(one.used))
          for number, one in enumerate(visited, 1)]),
        ("moz_historyvisits (place_id, visit_date, visit_type)",
         [(number, days.micros(one.used), 1) for number, one in enumerate(visited, 1)]),
    )  # fmt: skip
    mail = household.people[0].mail
    write_database(
        profile / "formhistory.sqlite",
        FORMS,
        ("moz_formhistory (fieldname, value, timesUsed)", [("email", mail, 41)]),
    )


def firefox_login(number: int, login: Login, days: Days) -> dict[str, object]:
    address = f"https://www.{login.site}"
    return {
        "id": number, "hostname": address, "httpRealm": None, "formSubmitURL": address,
        "usernameField": "user", "passwordField": "pass", "encryptedUsername": NO_PASSWORD,
        "encryptedPassword": NO_PASSWORD, "encType": 1,
        "timeCreated": days.micros(login.made) // 1000,
        "timeLastUsed": days.micros(login.used) // 1000,
        "timePasswordChanged": days.micros(login.made) // 1000, "timesUsed": login.times,
    }  # fmt: skip


def write_logins(profile: Path, logins: Sequence[Login], traces: Traces | None, days: Days) -> None:
    """Saved logins, waved-away questions, sign-ins with another service, and shared logins."""
    profile.mkdir()
    rows = [
        (f"https://www.{one.site}/", one.user, b"SPECIMEN", f"https://www.{one.site}/",
         days.chromium(one.made), 0, one.times, "", days.chromium(one.used),
         days.chromium(one.made))
        for one in logins
    ]  # fmt: skip
    dismissed = traces.dismissed if traces else ()
    write_database(
        profile / "Login Data",
        LOGIN_DATA,
        ("logins (origin_url, username_value, password_value, signon_realm, date_created,"
         " blacklisted_by_user, times_used, federation_url, date_last_used,"
         " date_password_modified)", rows),
        ("stats (origin_domain, username_value, dismissal_count, update_time)",
         [(f"https://www.{one.site}/", one.user, one.times, days.chromium(one.days))
          for one in dismissed]),
    )  # fmt: skip
    if traces:
        write_database(
            profile / "Affiliation Database",
            AFFILIATIONS,
            ("eq_class_members (facet_uri, set_id)",
             [(f"https://{site}", number) for number, group in enumerate(traces.shared, 1)
              for site in group]),
        )  # fmt: skip


def write_preferences(profile: Path, traces: Traces, days: Days) -> None:
    """Sites that were told by another service who somebody is."""
    shared = {
        f"https://www.{one.site}:443,*": {
            "setting": {
                "chosen-objects": [
                    {
                        "account-ids": [
                            {"account-id": "0", "timestamp": str(days.chromium(one.days))}
                        ],
                        "idp-origin": f"https://{one.provider}",
                        "rp-embedder": f"https://www.{one.site}",
                    }
                ]
            }
        }
        for one in traces.sign_in_with
    }
    settings = {"profile": {"content_settings": {"exceptions": {"fedcm_share": shared}}}}
    (profile / "Preferences").write_text(json.dumps(settings))


def write_history(profile: Path, traces: Traces, days: Days) -> None:
    visited = [
        *((one.site, one.days) for one in traces.sign_in_with),
        *((one.site, one.days) for one in traces.dismissed),
    ]
    write_database(
        profile / "History",
        HISTORY,
        ("urls (id, url, visit_count, last_visit_time)",
         [(number, f"https://www.{site}/", 3, days.chromium(ago))
          for number, (site, ago) in enumerate(visited, 1)]),
        ("visits (url, visit_time, transition)",
         [(number, days.chromium(ago), 0) for number, (_, ago) in enumerate(visited, 1)]),
    )  # fmt: skip


def write_database(file: Path, layout: str, *tables: tuple[str, Rows]) -> None:
    """A small database with these rows; ``tables`` name the columns that are filled."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        # nobody else reads it yet, and it is thrown away: no need to wait for the disk
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {layout}")
        for table, rows in tables:
            marks = ", ".join("?" * (table.count(",") + 1))
            database.execute("BEGIN")
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            database.execute("COMMIT")

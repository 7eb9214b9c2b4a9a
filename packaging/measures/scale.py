"""A large life: 10,000 saved logins, 1,000,000 visits, 100,000 mails, found in one search.

The files have the schema that real programs wrote (the test fixtures); their rows are made here.
Beside it, in the same run, the plainest possible reading of the same files: rows counted by
sqlite3, lines beginning with «From » counted by grep.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "tests/fixtures/accounts/home"
LOGINS, VISITS, PLACES, MAILS = 10_000, 1_000_000, 400_000, 100_000
SENDERS = 3_000
FIRST, LAST = 1_420_000_000, 1_790_000_000  # 2015 to 2026, in Unix seconds
SEARCH = """
import json, resource, sys, time
from datetime import datetime
from pathlib import Path
from guardian.accounts.service import AccountsService
from guardian.core.store import open_in_memory
service = AccountsService(open_in_memory(), Path(sys.argv[1]), lambda: datetime.now().astimezone())
for state in service.sources():
    service.allow(state.source.key, True)
began = time.perf_counter()
found = service.find(lambda *_: None)
took = time.perf_counter() - began
used = [resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"seconds": took, "peak": max(used), "both": sum(used),
    "accounts": len(found.accounts), "contacts": len(found.contacts),
    "read": [source.kind for source in found.read],
    "not_read": [one.code for one in found.not_read]}))
"""


def make_home(home: Path, draw: random.Random) -> dict[str, Path]:
    """A home with one Firefox profile and one Thunderbird profile; the files that are large."""
    real = next(HOME.glob("**/places.sqlite")).parent
    profile = home / ".config/mozilla/firefox/big.default"
    profile.mkdir(parents=True)
    (profile.parent / "profiles.ini").write_text(
        "[Profile0]\nName=default\nIsRelative=1\nPath=big.default\nDefault=1\n"
    )
    hosts = [f"www.site{number}.example" for number in range(20_000)]
    logins = json.loads((real / "logins.json").read_text())
    shape = logins["logins"][0]
    logins["logins"] = [
        {**shape, "hostname": f"https://{hosts[number]}", "id": number, "guid": f"{{{number}}}",
         "timeLastUsed": draw.randint(FIRST, LAST) * 1000, "timeCreated": FIRST * 1000}
        for number in range(LOGINS)
    ]  # fmt: skip
    (profile / "logins.json").write_text(json.dumps(logins))
    shutil.copy(real / "places.sqlite", profile)
    fill_history(profile / "places.sqlite", hosts, draw)
    mail = home / ".thunderbird/big.default"
    folder = mail / "Mail/Local Folders"
    folder.mkdir(parents=True)
    (mail.parent / "profiles.ini").write_text(
        "[Profile0]\nName=default\nIsRelative=1\nPath=big.default\nDefault=1\n"
    )
    (mail / "prefs.js").write_text(
        'user_pref("mail.identity.id1.useremail", "anna@web.example");\n'
    )
    fill_mailbox(folder / "Inbox", draw)
    return {"history": profile / "places.sqlite", "mail": folder / "Inbox"}


def fill_history(path: Path, hosts: list[str], draw: random.Random) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM moz_historyvisits")
        database.execute("DELETE FROM moz_places")
        database.executemany(
            "INSERT INTO moz_places (id, url, rev_host, visit_count, last_visit_date, guid)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (number, f"https://{host}/page/{number}", host[::-1] + ".", 2,
                 draw.randint(FIRST, LAST) * 10**6, f"{number:012}")
                for number in range(1, PLACES + 1)
                for host in (hosts[draw.randrange(len(hosts))],)
            ),
        )  # fmt: skip
        database.executemany(
            "INSERT INTO moz_historyvisits (from_visit, place_id, visit_date, visit_type, session)"
            " VALUES (0, ?, ?, 1, 0)",
            ((draw.randint(1, PLACES), draw.randint(FIRST, LAST) * 10**6) for _ in range(VISITS)),
        )


def fill_mailbox(path: Path, draw: random.Random) -> None:
    subjects = [
        "Please verify your email address", "Your order has shipped", "This week in gardening",
        "New sign-in to your account", "Ihre Rechnung", "Summer sale", "Minutes of the meeting",
    ]  # fmt: skip
    words = ["".join(draw.choices("abcdefghijklmnoprstuvwz", k=7)) for _ in range(5000)]
    body = "A line of ordinary text that a mail may hold, seventy-two letters long.\n" * 60
    with path.open("w") as out:
        for number in range(MAILS):
            site = f"site{int(draw.paretovariate(0.6)) % SENDERS}.example"
            when = datetime.fromtimestamp(draw.randint(FIRST, LAST), UTC)
            out.write(
                f"From - {when:%a %b %d %H:%M:%S %Y}\nX-Mozilla-Status: 0001\n"
                f"Return-Path: <bounce@{site}>\nDKIM-Signature: v=1; d={site}; s=a; b=x\n"
                f"Date: {when:%a, %d %b %Y %H:%M:%S} +0000\nFrom: Site <noreply@{site}>\n"
                f"To: anna@web.example\nSubject: {draw.choice(subjects)}"
                f" {draw.choice(words)} {draw.choice(words)} {draw.randrange(10**6)}\n"
                f"Message-ID: <{number}@{site}>\n\n{body}\n"
            )


def count_plainly(files: dict[str, Path]) -> float:
    """Seconds that counting takes, with nothing understood."""
    began = time.perf_counter()
    with closing(sqlite3.connect(f"file:{files['history']}?mode=ro", uri=True)) as database:
        database.execute("SELECT count(*) FROM moz_historyvisits").fetchone()
        database.execute("SELECT count(*), max(last_visit_date) FROM moz_places").fetchone()
    subprocess.run(["grep", "-c", "^From ", files["mail"]], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def cancel_midway(home: Path) -> float:
    """Seconds from the wish to stop until the search has stopped."""
    from guardian.accounts.service import AccountsService
    from guardian.core.errors import Cancelled
    from guardian.core.store import open_in_memory

    store = open_in_memory()
    service = AccountsService(store, home, lambda: datetime.now().astimezone())
    for state in service.sources():
        service.allow(state.source.key, True)
    asked: list[float] = []

    def report(*_: object) -> None:
        if asked:
            raise Cancelled

    timer = threading.Timer(1.5, lambda: asked.append(time.perf_counter()))
    timer.start()
    try:
        service.find(report)
    except Cancelled:
        return time.perf_counter() - asked[0]
    finally:
        timer.cancel()
        store.close()
    return 0.0


def scale(runs: int = 3) -> None:
    place = os.environ.get("TMPDIR") or "/var/tmp"
    with tempfile.TemporaryDirectory(dir=place) as folder:
        home = Path(folder)
        files = make_home(home, random.Random(7))
        for name, path in files.items():
            print(f"{name}: {path.stat().st_size / 10**6:.0f} MB")
        for _ in range(runs):
            plain = count_plainly(files)
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": folder}
            done = subprocess.run(
                [sys.executable, "-c", SEARCH, folder],
                env=environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
            seen = json.loads(done.stdout.splitlines()[-1])
            print(
                f"search {seen['seconds']:.1f} s, plain counting {plain:.2f} s, ratio"
                f" {seen['seconds'] / plain:.1f}; memory at most {seen['peak']:.0f} MB a process,"
                f" {seen['both']:.0f} MB with its children; {seen['accounts']} accounts,"
                f" {seen['contacts']} contacts; read {', '.join(seen['read'])};"
                f" not read {seen['not_read']}"
            )
        print(f"stopped {cancel_midway(home):.2f} s after the wish to stop")


if __name__ == "__main__":
    scale()

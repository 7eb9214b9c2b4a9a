"""Canaries: a password, a passphrase, a document's name and its text, planted and searched for.

They are planted where the person's own things lie, Guardian is used in every way it has, and
then every file it wrote and every argument list it was started with is searched.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guardian.core.paths import find_paths
from guardian.core.store import open_store, protect_with_passphrase

PASSWORD = "canary-PASSWORD-7fQx"
PASSPHRASE = "canary-PASSPHRASE-8hWz"
NAME = "canary-NAME-Passport-Ana"
TEXT = "canary-TEXT-we-may-sell-your-data-to-partners-3kLm"
SITE = "canary-site-4vtn.example"
CANARIES = (PASSWORD, PASSPHRASE, NAME, TEXT, SITE)


def spellings(canary: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le"):
        yield canary.encode(encoding)
        yield canary.lower().encode(encoding)
    yield canary.encode().hex().encode()


class Watcher(threading.Thread):
    """Collects the argument lists and environments of every process that starts from now on."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[bytes] = set()
        self._end = threading.Event()
        self._before = set(Path("/proc").iterdir())  # strangers, and this process

    def run(self) -> None:
        while not self._end.is_set():
            for entry in set(Path("/proc").iterdir()) - self._before:
                for part in ("cmdline", "environ"):
                    try:
                        self.seen.add((entry / part).read_bytes())
                    except OSError:
                        continue
            time.sleep(0.002)

    def finish(self) -> set[bytes]:
        self._end.set()
        self.join()
        return self.seen


@pytest.fixture
def person(tmp_path: Path) -> Path:
    """A home with canaries in a browser of each family, a document and a policy."""
    home = tmp_path / "person"
    firefox = home / ".mozilla" / "firefox" / "a.default"
    firefox.mkdir(parents=True)
    (firefox.parent / "profiles.ini").write_text(
        "[Profile0]\nName=default\nIsRelative=1\nPath=a.default\nDefault=1\n"
    )
    login = {
        "id": 1, "hostname": f"https://{SITE}", "formSubmitURL": f"https://{SITE}",
        "encryptedUsername": PASSWORD, "encryptedPassword": PASSWORD, "guid": "{1}",
        "timeCreated": 1_600_000_000_000, "timeLastUsed": 1_600_000_000_000,
        "timePasswordChanged": 1_600_000_000_000, "timesUsed": 3,
    }  # fmt: skip
    (firefox / "logins.json").write_text(json.dumps({"nextId": 2, "logins": [login]}))
    (firefox / "key4.db").write_text(PASSWORD)
    chromium = home / ".config" / "chromium" / "Default"
    chromium.mkdir(parents=True)
    database = sqlite3.connect(chromium / "Login Data")
    database.execute("CREATE TABLE meta (key, value)")
    database.execute("INSERT INTO meta VALUES ('version', '43')")
    database.execute(
        "CREATE TABLE logins (origin_url TEXT, username_value TEXT, password_value BLOB,"
        " signon_realm TEXT, date_created INTEGER, blacklisted_by_user INTEGER, scheme INTEGER,"
        " times_used INTEGER, date_last_used INTEGER)"
    )
    database.execute(
        "INSERT INTO logins VALUES (?, 'ana', ?, ?, 13300000000000000, 0, 0, 1, 13300000000000000)",
        (f"https://{SITE}/", PASSWORD.encode(), f"https://{SITE}/"),
    )
    database.commit()
    database.close()
    (home / f"{NAME}.txt").write_text(f"{TEXT}\n" * 50)
    (home / f"{NAME}-policy.txt").write_text(
        f"Privacy policy\n\nWe may sell your personal data to partners. {TEXT}.\n" * 20
    )
    return home


def run(arguments: list[str], person: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOME": str(person), "TMPDIR": str(person.parent / "temp")}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    return subprocess.run(
        [sys.executable, "-m", "guardian", *arguments],
        env=environment, input=typed, capture_output=True, text=True, timeout=120, check=False,
        cwd=person,
    )  # fmt: skip


def test_no_canary_is_found_in_anything_guardian_writes(
    person: Path, guardian_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "temp").mkdir()
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    memory = {path for path in Path("/dev/shm").rglob("*") if path.is_file()}
    watcher = Watcher()
    watcher.start()
    typed = f"{PASSPHRASE}\n"
    vault = str(tmp_path / "vault")
    document = f"{NAME}.txt"
    results = [
        run(["checkup"], person),
        run(["accounts", "find", "--yes", "--json"], person),
        run(["accounts", "find", "--yes"], person),
        run(["vault", "create", vault, "--password-stdin"], person, typed),
        run(["vault", "add", vault, document, "--password-stdin"], person, typed),
        run(["vault", "list", vault, "--password-stdin"], person, typed),
        run(["vault", "list", vault, "--password-stdin"], person, "a wrong passphrase\n"),
        run(["vault", "get", vault, document, "--out", "-", "--password-stdin"], person, typed),
        run(["clauses", "explain", f"{NAME}-policy.txt"], person),
        run(["clauses", "explain", f"{NAME}-is-not-there.txt"], person),
        run(["processes", "scan", "--json"], person),
    ]
    arguments = watcher.finish()
    codes = [result.returncode for result in results]
    assert codes[1:9] == [0, 0, 0, 0, 0, 2, 0, 0], [r.stderr for r in results]
    assert SITE in results[1].stdout, "the canary account was really read"
    assert TEXT in results[7].stdout, "the document came back from the vault"
    assert TEXT in results[8].stdout, "the policy was really explained"
    for result in results:
        assert PASSWORD not in result.stdout + result.stderr
        assert PASSPHRASE not in result.stdout + result.stderr
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    written |= {path for path in Path("/dev/shm").rglob("*") if path.is_file()} - memory
    assert any("guardian-home" in str(path) for path in written)
    for path in written:
        data = path.read_bytes() + path.name.encode()
        for canary in CANARIES:
            assert not any(form in data for form in spellings(canary)), f"{canary} in {path}"
    for line in arguments:
        for canary in (PASSWORD, PASSPHRASE, TEXT, SITE):
            assert canary.encode() not in line
    assert b"accounts\x00find" in b"".join(arguments), "the watcher saw what was started"


def test_nothing_of_the_persons_own_was_changed(person: Path, tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in person.rglob("*") if p.is_file()}
    run(["accounts", "find", "--yes"], person)
    run(["checkup"], person)
    run(["clauses", "explain", f"{NAME}-policy.txt"], person)
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in person.rglob("*") if p.is_file()}
    assert after == before


def test_the_passphrase_of_the_records_is_found_nowhere(
    guardian_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    memory = {path for path in Path("/dev/shm").rglob("*") if path.is_file()}
    paths = find_paths()
    opened = open_store(paths, None)
    opened.run("CREATE TABLE mine (text)")
    opened.run("INSERT INTO mine VALUES (?)", TEXT)
    protect_with_passphrase(paths, opened, None, PASSPHRASE)
    opened.close()
    again = open_store(paths, None, lambda: PASSPHRASE)
    assert again.rows("SELECT text FROM mine") == [(TEXT,)]
    again.close()
    written = {path for path in tmp_path.rglob("*") if path.is_file()}
    written |= {path for path in Path("/dev/shm").rglob("*") if path.is_file()} - memory
    assert paths.store_file in written
    for path in written:
        for canary in (PASSPHRASE, TEXT):
            assert not any(form in path.read_bytes() for form in spellings(canary)), path

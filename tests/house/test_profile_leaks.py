"""Fifty secrets of one profile, planted through the services while another profile is in use.

Then every file below the home, the log, memory files, argument lists and the other person's own
records are searched for them, in every form they could have been written in.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from guardian import features
from guardian.accounts.model.letter import Sender
from guardian.checkup.model import Circumstances, Every, Leak, Rhythm, State
from guardian.cli import main
from guardian.cli.session import Session
from guardian.core import keys, log
from guardian.core.jobs import report_nothing
from guardian.core.paths import find_paths
from guardian.core.profiles import Colour, Kind, add_profile, paths_of, read_profiles
from guardian.core.store import Store, open_store
from guardian.features import Features
from guardian.vault.cryptomator import masterkey
from guardian.vault.model import Details
from tests.memory_keychain import MemoryKeychain

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ACCOUNTS, NOTES, PROOFS, REASONS = 10, 6, 3, 7
PRIVATE_PLACES = (Path("/dev/shm"), Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")))


class Secrets:
    """Makes one word after the other that stands nowhere else, and knows them all."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self) -> str:
        self.all.append("k" + hashlib.sha256(f"secret {len(self.all)}".encode()).hexdigest()[:13])
        return self.all[-1]


def forms(secret: str) -> Iterator[bytes]:
    """Every way a word may stand in a file: plain, in 16 bits, in hexadecimal, in base64."""
    for text in (secret, secret.upper()):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield text.encode(encoding)
    for raw in (secret.encode(), secret.encode("utf-16-le")):
        yield raw.hex().encode()
        for before in range(3):  # where a word begins within the groups of three bytes
            coded = base64.b64encode(bytes(before) + raw)
            end = -4 if (before + len(raw)) % 3 else None
            yield coded[(0, 4, 4)[before] : end]


def found(secrets: list[str], data: bytes) -> list[str]:
    return [secret for secret in secrets if any(form in data for form in forms(secret))]


def leaks(secrets: list[str], *folders: Path) -> list[str]:
    """Where a secret stands in a file or its name, below ``folders``."""
    return [
        f"{path}: {secret}"
        for folder in folders
        for place, inner, files in os.walk(folder)  # where a folder goes meanwhile, it goes on
        for path in (Path(place) / name for name in (*inner, *files))
        for secret in found(secrets, os.fsencode(path.name) + content(path))
    ]


def content(path: Path) -> bytes:
    """The bytes of a file; none of a folder, or of what another test has just taken away."""
    try:
        return path.read_bytes()
    except (IsADirectoryError, FileNotFoundError):
        return b""


def everything_in(store: Store) -> bytes:
    """All that open records hold, as their owner sees it."""
    tables = [row[0] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    values = [
        cell for table in tables for row in store.rows(f"SELECT * FROM {table}") for cell in row
    ]
    return b"\0".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in values)


class Watcher(threading.Thread):
    """Collects the arguments of every process this one starts."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[tuple[str, ...]] = set()
        self._end = threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self._end.wait(0.01):
            for process in me.children(recursive=True):
                try:
                    self.seen.add(tuple(process.cmdline()))
                except psutil.Error:
                    continue

    def finish(self) -> bytes:
        self._end.set()
        self.join()
        return "\0".join(part for line in self.seen for part in line).encode()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)
    monkeypatch.setattr(masterkey, "COST", 2**10)
    (tmp_path / "home" / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "home" / "temp"))


def built(store: Store, home: Path) -> Features:
    return features.build(store, home, lambda: NOW)


def use(mine: Features) -> None:
    """What the other person does meanwhile."""
    mine.accounts.add("shop.example", "ben")
    mine.checkup.answer(task_keys(mine)[0], State.DONE)
    mine.checkup.record()
    log.note(log.Event.RECORDS_OPENED)
    log.note_problem("profile-gone")


def task_keys(mine: Features) -> list[str]:
    plan = mine.checkup.plan()
    todos = [plan.next, *plan.more, *plan.rest]
    return [todo.key for todo in todos if todo is not None and todo.task is not None]


def plant(mine: Features, secret: Secrets, stick: Path) -> None:
    """Everything a person tells Guardian, through the doors that the window and commands use."""
    sites = [f"{secret()}.example" for _ in range(ACCOUNTS)]
    for site in sites:
        mine.accounts.add(site, secret())
    for site in sites[:NOTES]:
        mine.accounts.closing.add_note(site, secret())
    for site in sites[:PROOFS]:
        mine.accounts.closing.attach(site, secret(), secret())
    mine.accounts.closing.remember_sender(Sender(f"{secret()}@example.org", secret(), "DE"))
    mine.checkup.describe(replace(Circumstances(), public=True, leaked=Leak.YES, asked=True))
    for key in task_keys(mine)[:REASONS]:
        mine.checkup.answer(key, State.NOT_MINE, secret())
    mine.checkup.set_rhythm(Rhythm(Every.MONTHLY, cue=secret()))
    mine.checkup.record()
    policy = stick / f"{secret()}.txt"
    policy.write_text(f"Privacy policy\n\nWe may sell your data to {secret()} partners.\n" * 20)
    mine.clauses.explain(policy, report_nothing)
    mine.clauses.note_source(mine.clauses.library()[0].id, secret())
    paper = stick / f"{secret()}.txt"
    paper.write_text(secret())
    with mine.vault.create(stick / secret(), f"{secret()} {secret()}") as vault:
        vault.add([paper])
        vault.describe(vault.list().entries[0].path, Details(secret(), (secret(),)))
        vault.lend(vault.list().entries[0].path)


def test_fifty_secrets_of_one_profile_are_found_nowhere_while_another_is_in_use(
    tmp_path: Path, guardian_home: Path, memory_keychain: MemoryKeychain
) -> None:
    paths, secret, stick = find_paths(), Secrets(), tmp_path / "stick"
    stick.mkdir()
    passphrase = f"{secret()} {secret()}"
    log.start_log(paths.log_file)
    watcher = Watcher()
    watcher.start()
    hers = paths_of(paths, add_profile(paths, "Ana", Colour.ROSE, Kind.PERSON, [passphrase]))
    shape = hers.key_file.read_bytes(), paths.profiles_file.read_bytes()
    folders = (guardian_home, tmp_path / "home")
    with (
        closing(open_store(paths, memory_keychain)) as his_store,
        closing(open_store(hers, None, lambda: passphrase)) as her_store,
    ):
        his, her = built(his_store, tmp_path / "home"), built(her_store, tmp_path / "home")
        use(his)
        plant(her, secret, stick)
        use(his)
        session = Session()
        CliRunner().invoke(main, ["--profile", "Nobody", "accounts", "list"], obj=session)
        result = CliRunner().invoke(main, ["profile", "list", "--json"], obj=Session())
        assert len(secret.all) >= 50 and len(set(secret.all)) == len(secret.all)
        assert leaks(secret.all, *folders) == [], "while both are open"
        memory = [folder for place in PRIVATE_PLACES for folder in place.glob("guardian-*")]
        assert leaks(secret.all, *memory) == []
        his_records = everything_in(his_store)
        assert b"shop.example" in his_records and found(secret.all, his_records) == []
        her_records = everything_in(her_store)
        # in their own records they are, but for passphrases and what lies in the vault alone
        assert len(found(secret.all, her_records)) >= 43
        assert found(secret.all, result.output.encode()) == []
    assert leaks(secret.all, *folders) == [], "once both are closed"
    arguments = watcher.finish()
    assert b"guardian" in arguments, "the watcher saw what was started"
    assert found(secret.all, arguments) == []
    assert found(secret.all, "\n".join(memory_keychain.items.values()).encode()) == []
    now = hers.key_file.read_bytes(), paths.profiles_file.read_bytes()
    check_counts(paths.log_file, same_shape=shape == now)
    check_the_search(secret.all, tmp_path / "home")


def check_counts(log_file: Path, *, same_shape: bool) -> None:
    """No file tells how much there is: neither those beside the records nor the log."""
    assert same_shape, "the list and the key file are as they were before anything was told"
    lines = [line.split(" ", 1)[1] for line in log_file.read_text().splitlines()]
    assert "problem profile-unknown" in lines
    assert not [line for line in lines if re.search(r"\d", line)]


def check_the_search(secrets: list[str], home: Path) -> None:
    """The search finds each form it looks for, at every place within a file."""
    for number, form in enumerate(forms(secrets[7])):
        for before in (b"", b"x", b"xy"):
            planted = home / "planted"
            planted.write_bytes(before + form + b"z" * number)
            assert len(leaks(secrets, home)) == 1
    for before in range(6):
        text = ("." * before + secrets[9] + "...").encode()
        for raw in (text, text.decode().encode("utf-16-le")):
            planted.write_bytes(base64.b64encode(raw))
            assert leaks(secrets, home) == [f"{planted}: {secrets[9]}"]
    planted.rename(home / secrets[3])
    assert len(leaks(secrets, home)) == 2


def test_one_profile_neither_sees_nor_sweeps_what_another_has_lent(tmp_path: Path) -> None:
    from guardian.vault import outside

    paths = find_paths()
    for nickname in ("Ana", "Ben"):
        add_profile(paths, nickname, Colour.ROSE, Kind.PERSON, ["correct horse"])
    ana, ben = (profile.id for profile in read_profiles(paths)[1:])
    loan = outside.lend([b"dear ana"], "letter.txt", "letter.txt", 8, ana)
    loan.file.write_bytes(b"changed")
    os.close(loan._lock)  # as if its process were gone
    for owner in ("", ben, "guest"):
        outside.sweep(owner)
        assert outside.left_over(owner) == () and loan.file.exists()
    outside.forget(ben)
    (kept,) = outside.left_over(ana)
    assert kept.file == loan.file and kept.altered()
    os.close(kept._lock)
    outside.forget(ana)
    assert not loan.file.exists()


def test_on_a_disk_each_profile_lends_among_its_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guardian.core.errors import Problem
    from guardian.vault import outside

    paths = find_paths()
    ana = add_profile(paths, "Ana", Colour.ROSE, Kind.PERSON, ["correct horse"])
    monkeypatch.setattr(outside, "places", lambda: iter([(paths.lent, True)]))
    loan = outside.lend([b"dear ana"], "letter.txt", "letter.txt", 8, ana.id)
    assert loan.file.is_relative_to(paths_of(paths, ana).lent) and loan.on_disk
    loan.end()
    with pytest.raises(Problem, match="lend-guest"):
        outside.lend([b"dear me"], "letter.txt", "letter.txt", 7, "guest")
    assert not paths.lent.exists()

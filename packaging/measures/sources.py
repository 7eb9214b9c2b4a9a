#!/usr/bin/env python3
"""A made-up life, written by real programs, and what Guardian finds in it.

400 accounts and 200 things that only look like accounts lie in the profiles of Firefox and
Chromium, driven headless, and in exports of password programs; drawn from a seed that is printed.
Guardian searches as a person would have it do. Beside what is found, the bench watches that no
file changes, that no password gets anywhere, and what Guardian opens.

Usage: python packaging/bench_sources.py [SEED]      (about two minutes; strace watches, if there)
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from measures import planted_browsers, planted_exports, planted_truth
from measures.planted_accounts import BROWSERS, EXPORTS, Draw, Life, overlap, plan
from measures.planted_decoys import plant_decoys
from measures.scoring import Table, score
from measures.watching import (
    Traced,
    find_leaks,
    planted_secrets,
    read_while_running,
    snapshot,
    trace,
)

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"firefox": "firefox-esr", "chromium": "chromium"}
SECONDS = 240


@dataclass
class Bench:
    """One run: where it lies, what was planted, and what is to be printed."""

    folder: Path
    life: Life
    now: int
    canary: str
    there: tuple[str, ...]
    table: Table = field(default_factory=Table)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def exports(self) -> list[Path]:
        return [self.folder / "exports" / name for name in EXPORTS if name in self.there]


@dataclass(frozen=True)
class Answer:
    """What the searches gave, in how long, and everything that may have kept a secret.

    ``first`` is before the exports were handed in, ``early`` at once after that.
    """

    found: Any
    first: Any
    early: Any
    seconds: float
    kept: Mapping[str, bytes]


class Keyring:
    """Keeps the key of the records for the length of one run."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.secrets.get(name)

    def set(self, name: str, secret: str) -> None:
        self.secrets[name] = secret

    def delete(self, name: str) -> None:
        self.secrets.pop(name, None)


def prepare(folder: Path, seed: int) -> Bench:
    """Draw a life for the programs that are installed."""
    missing = [name for name, program in PROGRAMS.items() if not shutil.which(program)]
    lost = [f"{name}{end}" for name in missing for end in ("", "-work", "-2", ".csv")]
    there = tuple(name for name in (*BROWSERS, *EXPORTS) if name not in lost)
    now = int(time.time() * 1000) * 1000
    draw = Draw(seed, now)
    life = plan(draw, there)
    plant_decoys(draw, life, there)
    bench = Bench(folder, life, now, f"cnry{secrets.token_hex(6)}", there)
    for name in missing:
        bench.table.say(f"{PROGRAMS[name]} is not installed", "its part is left out")
    return bench


def make_home(bench: Bench) -> None:
    """Have everything written; while a browser is open, read what it writes."""
    exports = bench.folder / "exports"
    for folder in (bench.home, exports):
        folder.mkdir()
    life, now, canary = bench.life, bench.now, bench.canary
    places = {"firefox": planted_browsers.FIREFOX, "chromium": planted_browsers.CHROMIUM}

    def meanwhile(browser: str) -> None:
        root = bench.home / places[browser]
        bench.table.lines += read_while_running(bench.home, root, browser, life)

    if "firefox" in bench.there:
        planted_browsers.write_firefox(bench.home, life, now, canary, meanwhile)
        elsewhere = bench.folder / "elsewhere"
        planted_browsers.export_firefox(elsewhere, life, now, canary, exports / "firefox.csv")
    if "chromium" in bench.there:
        planted_browsers.write_chromium(bench.home, life, now, canary, meanwhile)
    planted_exports.write_exports(exports, life, now, canary)
    planted_exports.write_programs(bench.home, life)


@contextmanager
def hushed() -> Iterator[None]:
    """The browsers say much that is of no interest here."""
    sys.stdout.flush()
    kept = [os.dup(number) for number in (1, 2)]
    nothing = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nothing, number)
    try:
        yield
    finally:
        for number, old in zip((1, 2), kept, strict=True):
            os.dup2(old, number)
            os.close(old)
        os.close(nothing)


@contextmanager
def own_world(bench: Bench) -> Iterator[dict[str, str]]:
    """The environment of somebody whose home it is; nothing of this computer shows in it."""
    world = {
        "HOME": bench.home,
        "GUARDIAN_HOME": bench.folder / "guardian",
        "TMPDIR": bench.folder / "temporary",
        "XDG_RUNTIME_DIR": bench.folder / "memory",
        "XDG_DATA_DIRS": bench.folder / "nothing",
        "PYTHONPATH": ROOT,
    }
    before = dict(os.environ)
    for name in ("TMPDIR", "XDG_RUNTIME_DIR"):
        world[name].mkdir()
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    os.environ.update({name: str(place) for name, place in world.items()})
    tempfile.tempdir = None
    try:
        yield dict(os.environ)
    finally:
        os.environ.clear()
        os.environ.update(before)
        tempfile.tempdir = None


def search(bench: Bench) -> Answer:
    """As a person would: allow everything, search, hand in the exports, search again."""
    from guardian.accounts.report import to_csv
    from guardian.accounts.service import AccountsService
    from guardian.core.jobs import report_nothing
    from guardian.core.log import start_log, stop_log
    from guardian.core.paths import find_paths
    from guardian.core.store import open_store
    from guardian.core.words import Words

    paths = find_paths(os.environ)
    start_log(paths.log_file)
    store = open_store(paths, Keyring())
    try:
        service = AccountsService(store, bench.home, lambda: datetime.now().astimezone())
        service.choose({state.source.key: True for state in service.sources()})
        began = time.perf_counter()
        first = service.find(report_nothing)
        for path in bench.exports:
            service.bring(path, report_nothing)
        early = service.known()
        found = service.find(report_nothing)
        seconds = time.perf_counter() - began
        tables = store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = [row for (name,) in tables for row in store.rows(f'SELECT * FROM "{name}"')]
        kept = {
            "the answer": repr(found).encode(),
            "the table for a spreadsheet": to_csv(found.accounts, Words()).encode(),
            "the records, decrypted": repr(rows).encode(),
        }
    finally:
        store.close()
        stop_log()
    return Answer(found, first, early, seconds, kept)


def compare_searches(bench: Bench, answer: Answer, traced: Sequence[Traced]) -> None:
    """The same home by other ways: from the command line, and exports handed in afterwards."""
    if traced:
        told = {tuple(sorted(one["sites"])) for one in json.loads(traced[0].said)["accounts"]}
        ours = {tuple(sorted(one.sites)) for one in answer.first.accounts}
        differing = {str(one) for one in told ^ ours}
        bench.table.none_wrong(
            "accounts that the command line tells otherwise", differing, len(told)
        )
    before = {one.site: one for one in answer.early.accounts}
    mended = sum(
        one.site in before and before[one.site].last_used != one.last_used
        for one in answer.found.accounts
    )
    bench.table.say("last uses right only after a search following the exports", mended)
    unread = {
        f"{one.source.name}: {one.code}"
        for one in answer.found.not_read
        if not one.source.kind.is_brought
    }
    bench.table.none_wrong("sources not read in full", unread, len(answer.found.read))


def watch(
    bench: Bench, answer: Answer, before: Mapping[str, object], world: dict[str, str]
) -> None:
    """What the command line opens, what changed, and where a password is."""
    table = bench.table
    asked = (
        ("find", "--home", str(bench.home), "--yes", "--json"),
        ("import", str(bench.exports[-1]), "--once", "--json"),
    )
    traced = [done for words in asked if (done := trace(bench.folder, world, *words))]
    compare_searches(bench, answer, traced)
    say_traced(bench, traced)
    after = snapshot(bench.folder, "home", "exports")
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    table.none_wrong("files changed by searching", changed, len(before))
    places = dict(answer.kept)
    places |= {f"what the command line said, {one.words}": one.said + one.erred for one in traced}
    for name in ("guardian", "temporary", "memory"):
        files = (path for path in (bench.folder / name).rglob("*") if path.is_file())
        places |= {f"{name}/{path.name}": path.read_bytes() for path in files}
    secret = planted_secrets(bench.home, bench.canary)
    originals = {
        str(path): path.read_bytes()
        for folder in (bench.home, bench.folder / "exports")
        for path in folder.rglob("*")
        if path.is_file()
    }
    held = len(find_leaks(secret, originals))
    table.say("originals with a planted password", held, "> 0", held > 0)
    leaks = find_leaks(secret, places)
    table.none_wrong("places with a planted password", set(leaks), len(places))
    left = [path for name in ("temporary", "memory") for path in (bench.folder / name).rglob("*")]
    table.say("temporary files left", len(left), "0", not left)


def say_traced(bench: Bench, traced: Sequence[Traced]) -> None:
    if not traced:
        bench.table.say("strace is not installed", "what Guardian opens was not watched")
        return
    opened = [path for one in traced for path in one.opened]
    saw = sum(path.endswith(("/logins.json", "/Login Data")) for path in opened)
    bench.table.say("files with logins opened, as strace saw it", saw, "> 0", saw > 0)
    keys = {path for path in opened if "key4.db" in path}
    bench.table.none_wrong("key4.db opened, among all files opened", keys, len(opened))
    sockets = {line for one in traced for line in one.network}
    bench.table.none_wrong("sockets that lead to a network", sockets, len(sockets))
    mine = tuple(str(bench.folder / name) for name in ("guardian", "memory", "temporary"))
    usual = (*mine, "/dev/null", "/dev/tty")
    written = {path for one in traced for path in one.written}
    strange = {path for path in written if not path.startswith(usual)}
    bench.table.none_wrong("files opened for writing outside its own", strange, len(written))


def sources(seed: int = 0) -> None:
    """Run the bench; without a seed, another life each time. Exits with an error on a miss."""
    seed = seed or secrets.randbelow(10**6) + 1
    place = os.environ.get("TMPDIR") or "/var/tmp"
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="guardian-sources-", dir=place) as folder:
        bench = prepare(Path(folder), seed)
        with hushed():
            make_home(bench)
        planted = time.perf_counter() - began
        with own_world(bench) as world:
            before = snapshot(bench.folder, "home", "exports")
            answer = search(bench)
            seen = planted_browsers.read_back(bench.home) if "chromium" in bench.there else {}
            truths = planted_truth.tell(bench.life, seen)
            score(bench.table, bench.life, answer.found, truths)
            watch(bench, answer, before, world)
    took = time.perf_counter() - began
    bench.table.say("one search, the exports, another search", f"{answer.seconds:.1f} s")
    bench.table.say(f"the whole bench ({planted:.0f} s to plant)", f"{took:.0f} s",
                    f"{SECONDS} s", took < SECONDS)  # fmt: skip
    counted = ", ".join(
        f"{kind} {count}" for kind, count in planted_truth.count_by_window(truths).items()
    )
    print(
        f"seed {seed}: {len(truths)} accounts, {overlap(bench.life):.0%} of them in several"
        f" sources, {len(bench.life.decoys)} look-alikes\naccounts by source: {counted}\n"
    )
    bench.table.print()
    if bench.table.missed:
        raise SystemExit(1)


if __name__ == "__main__":
    sources(*map(int, sys.argv[1:]))

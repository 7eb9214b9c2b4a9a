"""Watches what a search does to the files it reads, to the secrets in them, and to the rest."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from measures.planted_accounts import Life
from measures.scoring import Line

CALLS = "open,openat,openat2,creat,socket,connect"
OPENED = re.compile(r'\b(?:open|openat|openat2|creat)\([^"]*"((?:[^"\\]|\\.)*)"([^)]*)')
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")


@dataclass(frozen=True)
class Traced:
    """What one run of the command line opened (tried or done), and said."""

    words: str
    opened: tuple[str, ...]
    written: tuple[str, ...]
    network: tuple[str, ...]
    said: bytes
    erred: bytes


def trace(folder: Path, world: Mapping[str, str], *words: str) -> Traced | None:
    """Run ``guardian accounts`` under strace; None where strace is not installed."""
    if not shutil.which("strace"):
        return None
    record = folder / "trace.txt"
    command = ["strace", "-f", "-qq", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(record)]
    command += [sys.executable, "-B", "-m", "guardian", "accounts", *words]
    # another home than the one that is looked at
    environment = {**world, "HOME": str(folder / "nothing")}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=folder)
    if done.returncode != 0:
        raise SystemExit(f"guardian accounts {words[0]}: {done.stderr.decode()[-2000:]}")
    lines = record.read_text("utf-8", "replace").splitlines()
    found = [match for line in lines if (match := OPENED.search(line))]
    return Traced(
        words[0],
        tuple(match[1] for match in found),
        tuple(match[1] for match in found if WRITING.search(match[2])),
        tuple(line for line in lines if re.search(r"\bAF_INET6?\b|\bAF_PACKET\b", line)),
        done.stdout,
        done.stderr,
    )


def snapshot(folder: Path, *names: str) -> dict[str, object]:
    """Every file and folder below, with what is in it and when it was last changed."""
    seen: dict[str, object] = {}
    for name in names:
        for path in (folder / name).rglob("*"):
            state = path.lstat()
            plain = path.is_file() and not path.is_symlink()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if plain else ""
            seen[str(path.relative_to(folder))] = (content, state.st_mode, state.st_mtime_ns)
    return seen


def find_leaks(needles: Sequence[bytes], places: Mapping[str, bytes]) -> list[str]:
    """The places that hold a planted password."""
    return [name for name, data in places.items() if any(one in data for one in needles)]


def planted_secrets(home: Path, canary: str) -> list[bytes]:
    """Every planted password, in the clear or as the browsers encrypted it."""
    hidden = [secret for secret in stored_secrets(home) if len(secret) >= 16]
    return [canary.encode(), canary.encode().hex().encode(), *hidden]


def stored_secrets(home: Path) -> Iterator[bytes]:
    """Every password as it stands in the browsers' files; what repr would show of it as well."""
    for path in home.rglob("logins.json"):
        for login in json.loads(path.read_bytes())["logins"]:
            if "encryptedPassword" in login:
                yield login["encryptedPassword"].encode()
                yield login["encryptedUsername"].encode()
    for path in home.rglob("Login Data"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            for (secret,) in database.execute("SELECT password_value FROM logins"):
                yield secret
                yield repr(secret)[2:-1].encode()


# while a browser is open ----------------------------------------------------------------------


def read_while_running(home: Path, root: Path, browser: str, life: Life) -> list[Line]:
    """Lines for the table: what is read, and changed, while a browser has its files open."""
    from guardian.accounts.model import SourceKind
    from guardian.accounts.service import AccountsService
    from guardian.core.jobs import report_nothing
    from guardian.core.store import open_in_memory

    kinds = {SourceKind(browser), SourceKind(f"{browser}-history")}
    store = open_in_memory()
    service = AccountsService(store, home.parent, lambda: datetime.now().astimezone())
    keys = [one.source.key for one in service.sources(home) if one.source.kind in kinds]
    locked = count_locked(root)
    live = service.find_elsewhere(home, keys, report_nothing)
    with asleep(home):
        before = snapshot(root.parent, root.name)
        service.find_elsewhere(home, keys, report_nothing)
        changed = snapshot(root.parent, root.name) != before
    store.close()
    wanted = {
        host
        for row in life.rows_of(browser)
        if row.kind == "login" and row.address.startswith("https://www.")
        for host in [(urlsplit(row.address).hostname or "").rstrip(".").removeprefix("www.")]
    }
    seen = wanted & live.by_site().keys()
    name = browser.capitalize()
    read = len(live.read) == len(keys) >= 2 and not live.not_read
    sources = f"{name} open: sources read ({locked} files locked)"
    return [
        Line(sources, f"{len(live.read)} of {len(keys)}", "all", read),
        Line(
            f"{name} open: a sample of its logins found",
            f"{len(seen)} of {len(wanted)}", "all", seen == wanted,
        ),
        Line(f"{name} open: files changed by reading", f"{int(changed)}", "0", not changed),
    ]  # fmt: skip


def count_locked(root: Path) -> int:
    """How many of the files that are read a plain reader finds locked."""
    locked = 0
    for name in ("Login Data", "History", "DIPS", "places.sqlite", "formhistory.sqlite"):
        for path in root.rglob(name):
            try:
                with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0)) as one:
                    one.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except sqlite3.OperationalError:
                locked += 1
    return locked


@contextmanager
def asleep(home: Path) -> Iterator[None]:
    """The browsers that this program started hold still, with all that they have open."""
    browsers = []
    for one in psutil.Process(os.getpid()).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # they end some of theirs at any time
            if one.name().startswith(("firefox", "chrom")):
                one.suspend()
                browsers.append(one)
    if not browsers:
        raise SystemExit(f"no browser is open in {home}")
    try:
        yield
    finally:
        for one in browsers:
            with suppress(psutil.NoSuchProcess):
                one.resume()

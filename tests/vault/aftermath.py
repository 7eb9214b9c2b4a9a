"""What is found after a deed, finished or not: in the vault, in its backup, and lying about."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from guardian.core.errors import Problem
from guardian.vault.access import recovery
from guardian.vault.cryptomator import masterkey, workspace
from guardian.vault.documents import trash
from guardian.vault.model import OWN, Condition, Kind
from guardian.vault.service import Vault, VaultService
from tests.vault.deeds import (
    CANARY,
    DEEDS,
    NEW_WORDS,
    NEXT,
    OLD_WORDS,
    PASSPHRASE,
    Deed,
    service,
)


@dataclass(frozen=True)
class Found:
    """What lies under ``base`` after a deed: documents by where they are, and what is wrong.

    ``things`` maps a place, such as «vault:a/b.txt», «trash:b.txt» or «copy:b.txt», to what is
    there. ``wrong`` are sentences about what must never be; ``findings`` what the check tells.
    """

    things: dict[str, object]
    wrong: tuple[str, ...] = ()
    findings: tuple[str, ...] = field(default=(), compare=False)


def find(base: Path) -> Found:
    """Open everything as a person would the next day, check it, and look for what was leaked."""
    things: dict[str, object] = {}
    wrong: list[str] = []
    findings: list[str] = []
    for name in ("vault", "copy"):
        if (base / name / "vault.cryptomator").exists():
            look_into(base, name, things, wrong, findings)
        elif name == "vault":
            wrong += make_again(base / name)
    for file in sorted((base / "out").rglob("*")):
        if file.is_file():
            things[f"out:{file.relative_to(base / 'out')}"] = file.read_bytes()
    return Found(things, (*wrong, *leaks(base), *leftovers(base)), tuple(sorted(set(findings))))


def make_again(folder: Path) -> list[str]:
    """What was begun and is no vault yet must not be in the way of the next try."""
    with service(folder.parent) as guardian:
        try:
            guardian.create(folder, PASSPHRASE).lock()
        except Problem as problem:
            return [f"making it again: {problem.code}"]
    return []


def look_into(
    base: Path, name: str, things: dict[str, object], wrong: list[str], findings: list[str]
) -> None:
    with service(base) as guardian:
        passphrase = which_opens(guardian, base / name)
        if passphrase is None:
            wrong.append(f"{name}: nothing opens it")
            return
        things[f"{name} opens with"] = passphrase
        for words, which in ((OLD_WORDS, "old"), (NEW_WORDS, "new")):
            if words_open(base / name, words):
                things[f"{name} opens with the {which} words"] = True
        with guardian.open(base / name, passphrase) as vault:
            walk(vault, name, things, wrong)
            seen, quick = vault.check(full=True), vault.check()
            told = [*seen.findings, *quick.findings]
            findings += [f"{name}: {one.what.code} {one.place}" for one in told]
            # of a moved folder, an interrupted backup may show the old entry beside the new one
            bad = {one.what.code for one in told if one.condition is Condition.DAMAGED}
            if bad - ({"vault.finding.folder-twice"} if name == "copy" else set()):
                wrong.append(f"{name}: the check says damaged: {sorted(bad)}")
            if name == "vault" and (seen.older or quick.older):
                wrong.append("the vault is said to be older than it was")


def which_opens(guardian: VaultService, folder: Path) -> str | None:
    for passphrase in (PASSPHRASE, NEXT):
        with suppress(Problem):
            guardian.open(folder, passphrase).lock()
            return passphrase
    return None


def words_open(folder: Path, words: str) -> bool:
    file = folder / recovery.RECOVERY_FILE
    try:
        masterkey.unwrap_masterkey(file.read_bytes(), words, file.name)
    except (FileNotFoundError, Problem):
        return False
    return True


def walk(vault: Vault, name: str, things: dict[str, object], wrong: list[str]) -> None:
    waiting = ["", OWN]
    while waiting:
        here = waiting.pop()
        try:
            listing = vault.list(here)
        except Problem as problem:
            if here != OWN or problem.code != "vault-entry-missing":
                wrong.append(f"{name}: {problem.code} {here}")
            continue
        wrong += [f"{name}: {one.problem.code} {one.name}" for one in listing.not_read]
        for entry in listing.entries:
            if entry.kind is Kind.FOLDER:
                waiting.append(entry.path)
            if entry.path.startswith(OWN):
                continue
            seen = vault.read(entry.path) if entry.kind is Kind.FILE else "folder"
            things[f"{name}:{entry.path}"] = (seen, entry.details)
    for one in vault.trashed():
        content = b""
        if one.kind is Kind.FILE:
            inside = "/".join((OWN, trash.TRASH, one.key))
            content = b"".join(
                vault.read(entry.path)
                for entry in vault.list(inside).entries
                if entry.size == one.size and entry.name == one.name
            )
        things[f"{name} trash:{one.came_from}"] = content


def leaks(base: Path) -> Iterator[str]:
    """Where a name or a piece of a document lies in the clear."""
    for part in ("vault", "copy", "home", "temporary"):
        for path in (base / part).rglob("*"):
            shown = path.relative_to(base).as_posix()
            if CANARY in shown:
                yield f"a name in the clear: {shown}"
            with suppress(OSError):
                if path.is_file() and CANARY.encode() in path.read_bytes():
                    yield f"a document in the clear: {shown}"


def leftovers(base: Path) -> Iterator[str]:
    """What should be gone once the vault was opened again."""
    for part in ("vault", "copy", "out", "temporary"):
        for path in (base / part).rglob("*"):
            name = path.name
            if part == "copy" and not (base / part / "vault.cryptomator").exists():
                continue  # a backup that was begun is swept by the next one
            unfinished = name.endswith(".tmp") or name == workspace.PLACE
            if unfinished or name == ".guardian-unfinished" or part == "temporary":
                yield f"left lying about: {path.relative_to(base)}"


def judge(deed: Deed, before: Found, after: Found, found: Found) -> list[str]:
    """What must not be, in sentences; empty where all is well."""
    told = list(found.wrong)
    if not deed.steps and found.things not in (before.things, after.things):
        told.append(f"neither before nor after: {difference(before, after, found)}")
    for place, thing in found.things.items():
        if thing not in (before.things.get(place), after.things.get(place)):
            told.append(f"neither old nor new: {place}")
    for place in before.things.keys() & after.things.keys():
        if place not in found.things:
            told.append(f"lost: {place}")
    kept = contents(found)
    told += [f"lost content: {one[:40]!r}" for one in contents(before) & contents(after) - kept]
    return told


def contents(found: Found) -> set[bytes]:
    """Every document, wherever it is in the vault."""
    things = [one for place, one in found.things.items() if place.startswith("vault")]
    return {one[0] if isinstance(one, tuple) else one for one in things} - {"folder", b""}  # type: ignore[return-value]


def difference(before: Found, after: Found, found: Found) -> str:
    def shorten(one: Found) -> set[str]:
        return {f"{place[:60]}={str(thing)[:50]}" for place, thing in one.things.items()}

    have, old, new = shorten(found), shorten(before), shorten(after)
    return f"beside before: {sorted(have ^ old)}; beside after: {sorted(have ^ new)}"


# by the folder that keeps a state: what is found in it
BEFORE: dict[Path, Found] = {}


class Stage:
    """Plays one deed as often as one likes, always in the same place: records name it.

    Stages in one ``folder`` share what they begin with.
    """

    def __init__(self, name: str, folder: Path) -> None:
        masterkey.COST = 2**10  # the least a reader accepts
        self.deed = DEEDS[name]
        self.base = folder / "base"
        self._kept = folder / self.deed.begin.__name__
        if not self._kept.exists():
            for part in ("home", "out"):
                (self.base / part).mkdir(parents=True)
            self.deed.begin(self.base)
            self.base.rename(self._kept)
        if self._kept not in BEFORE:
            with self.play() as base:
                BEFORE[self._kept] = find(base)
        self.before = BEFORE[self._kept]
        with self.play() as base:
            self.deed.work(base)
            self.after = find(base)

    @contextmanager
    def play(self) -> Iterator[Path]:
        """A fresh state before the deed."""
        shutil.copytree(self._kept, self.base)
        before = tempfile.gettempdir()
        try:
            use_temporary(self.base)
            yield self.base
        finally:
            os.environ["TMPDIR"] = tempfile.tempdir = before
            shutil.rmtree(self.base)

    def judge(self) -> list[str]:
        """What is wrong with what an interrupted deed left behind; empty where all is well."""
        self.found = find(self.base)
        told = judge(self.deed, self.before, self.after, self.found)
        if self.deed.repeats and not told:
            self.deed.work(self.base)
            again = find(self.base)
            told += [f"done again: {one}" for one in again.wrong]
            if again.things != self.after.things:
                told.append("done again, something else came of it")
        return told


def use_temporary(base: Path) -> None:
    """Let the system's place for temporary files be one that is looked through."""
    (base / "temporary").mkdir(exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(base / "temporary")

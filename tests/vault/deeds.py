"""What people do with a vault, one deed at a time: each leads from one state to another.

Made for whoever interrupts a deed at any moment: only these two states may ever be found.
Everything a deed touches lies under one folder, ``base``: the vault, a backup of it, the documents
it came from, Guardian's records, the system's place for temporary files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from guardian.core.keys import KeyMode
from guardian.core.store import Store, connect
from guardian.vault.access import recovery
from guardian.vault.model import KEPT_DAYS, Details, Moved
from guardian.vault.service import Vault, VaultService

PASSPHRASE, NEXT = "correct horse battery", "kitchen voyage salmon"
# in every document and every name: what is found of it outside the vault was leaked
CANARY = "canary"
LONG = CANARY + "-" + "l" * 200
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OLD_WORDS, NEW_WORDS = (" ".join(recovery.spell(bytes([n]) * 16)) for n in (1, 2))


def text(what: str) -> bytes:
    return f"{CANARY} {what}\n".encode() * 500


@contextmanager
def service(base: Path, when: datetime = NOW) -> Iterator[VaultService]:
    """Guardian with its records on the disk, under a key that is always the same."""
    if not (base / "home").exists():
        (base / "home").mkdir()
    connection = connect(base / "home" / "records.db", b"k" * 32)
    store = Store(connection, KeyMode.KEYRING, b"k" * 32)
    try:
        yield VaultService(store, lambda: when)
    finally:
        store.close()


@contextmanager
def opened(base: Path, name: str = "vault", when: datetime = NOW) -> Iterator[Vault]:
    with service(base, when) as guardian, guardian.open(base / name, PASSPHRASE) as vault:
        yield vault


def expect_all(result: object) -> None:
    """Raise the first problem of a deed that was done in part."""
    refused = getattr(result, "refused", ())
    if refused:
        raise refused[0].problem


def with_vault(*verbs: Callable[[Vault], object]) -> Callable[[Path], None]:
    """A deed inside the open vault."""

    def work(base: Path) -> None:
        with opened(base) as vault:
            for verb in verbs:
                expect_all(verb(vault))

    return work


def with_service(verb: Callable[[VaultService, Path], object]) -> Callable[[Path], None]:
    def work(base: Path) -> None:
        with service(base) as guardian:
            verb(guardian, base / "vault")

    return work


def document(base: Path, name: str) -> Path:
    """A file outside the vault that can be added."""
    file = base / "documents" / f"{CANARY}-{name}"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text(name))
    return file


def nothing(base: Path) -> None:
    """Where a deed begins with no vault at all."""


def fill(base: Path) -> None:
    """Documents and folders under short and long names, one described, one in the trash."""
    with service(base) as guardian, guardian.create(base / "vault", PASSPHRASE) as vault:
        names = ["old.txt", "passport.pdf", "gone.txt"]
        added = vault.add([document(base, name) for name in names])
        assert not added.refused
        (base / "documents" / LONG).write_bytes(text("long"))
        assert not vault.add([base / "documents" / LONG], f"{CANARY}-papers/{LONG}").refused
        vault.make_folder(f"{CANARY}-empty")
        vault.describe(f"{CANARY}-passport.pdf", Details("renew", ("travel",), date(2027, 3, 3)))
        assert not vault.discard([f"{CANARY}-gone.txt"]).refused
    document(base, "new.txt")
    for number in range(10):
        document(base, f"ten-{number}.txt")


def fill_and_back_up(base: Path) -> None:
    """A filled vault whose backup is older than the vault."""
    fill(base)
    with service(base) as guardian:
        guardian.back_up(base / "vault", base / "copy")
    with opened(base) as vault:
        vault.add([document(base, "later.txt")], f"{CANARY}-new")
        vault.replace(f"{CANARY}-old.txt", document(base, "new.txt"))
        vault.move([f"{CANARY}-papers"], f"{CANARY}-empty")
        vault.destroy([one.key for one in vault.trashed()])
        vault._tree.find(f"{CANARY}-passport.pdf").file.unlink()


def make_words(base: Path, words: str) -> None:
    """New recovery words, not by chance, so that it can be seen whether they open the vault."""
    with service(base) as guardian, patch.object(recovery, "spell", lambda _: words.split()):
        guardian.make_recovery(base / "vault", PASSPHRASE)


def fill_and_make_words(base: Path) -> None:
    fill(base)
    make_words(base, OLD_WORDS)


def fill_and_discard(base: Path) -> None:
    fill(base)
    with opened(base) as vault:
        assert not vault.discard([f"{CANARY}-papers"]).refused


def throw_all(vault: Vault) -> None:
    vault.destroy([one.key for one in vault.trashed()])


def bring_back_all(vault: Vault) -> Moved:
    return vault.restore([one.key for one in vault.trashed()])


def save_all(base: Path) -> None:
    with opened(base) as vault:
        expect_all(vault.save([f"{CANARY}-old.txt", f"{CANARY}-papers"], base / "out"))


def back_up(base: Path) -> None:
    with service(base) as guardian:
        expect_all(guardian.back_up(base / "vault", base / "copy"))


def clear_old(base: Path) -> None:
    with opened(base, when=NOW + timedelta(days=KEPT_DAYS + 1)) as vault:
        vault.clear_old_trash()


def add_ten(base: Path) -> None:
    with opened(base) as vault:
        files = [document(base, f"ten-{number}.txt") for number in range(10)]
        expect_all(vault.add(files, f"{CANARY}-ten"))


@dataclass(frozen=True)
class Deed:
    """``begin`` makes the state before, ``work`` leads to the state after.

    ``steps`` tells that the deed is several in a row, each whole or not there: between the states
    before and after, others are found that are made of the two. One that ``repeats`` leads to the
    state after from wherever it was interrupted.
    """

    begin: Callable[[Path], None]
    work: Callable[[Path], None]
    steps: bool = False
    repeats: bool = False


OLD, PASSPORT, PAPERS = f"{CANARY}-old.txt", f"{CANARY}-passport.pdf", f"{CANARY}-papers"
DEEDS: dict[str, Deed] = {
    "create": Deed(nothing, with_service(lambda g, v: g.create(v, PASSPHRASE).lock())),
    "add": Deed(fill, lambda base: add_new(base, "")),
    "add-to-new-folders": Deed(fill, lambda base: add_new(base, f"{CANARY}-a/{LONG}"), steps=True),
    "add-ten": Deed(fill, add_ten, steps=True),
    "replace": Deed(fill, lambda base: replace_old(base, OLD), steps=True),
    "replace-long": Deed(
        fill, lambda base: replace_old(base, f"{PAPERS}/{LONG}/{LONG}"), steps=True
    ),
    "make-folder": Deed(fill, with_vault(lambda v: v.make_folder(f"{CANARY}-made"))),
    "make-long-folder": Deed(fill, with_vault(lambda v: v.make_folder(LONG))),
    "rename": Deed(fill, with_vault(lambda v: v.rename(OLD, f"{CANARY}-renamed.txt"))),
    "rename-described": Deed(fill, with_vault(lambda v: v.rename(PASSPORT, f"{CANARY}-id.pdf"))),
    "rename-to-long": Deed(fill, with_vault(lambda v: v.rename(OLD, LONG))),
    "rename-to-short": Deed(
        fill, with_vault(lambda v: v.rename(f"{PAPERS}/{LONG}/{LONG}", f"{CANARY}-short"))
    ),
    "rename-folder": Deed(fill, with_vault(lambda v: v.rename(PAPERS, f"{CANARY}-letters"))),
    "rename-folder-to-long": Deed(fill, with_vault(lambda v: v.rename(PAPERS, LONG))),
    "rename-folder-to-short": Deed(
        fill, with_vault(lambda v: v.rename(f"{PAPERS}/{LONG}", f"{CANARY}-short"))
    ),
    "move": Deed(fill, with_vault(lambda v: v.move([OLD], f"{PAPERS}/{LONG}"))),
    "move-two": Deed(fill, with_vault(lambda v: v.move([OLD, PASSPORT], PAPERS)), steps=True),
    "move-folder": Deed(fill, with_vault(lambda v: v.move([f"{PAPERS}/{LONG}"], ""))),
    "discard": Deed(fill, with_vault(lambda v: v.discard([OLD]))),
    "discard-described": Deed(fill, with_vault(lambda v: v.discard([PASSPORT]))),
    "discard-folder": Deed(fill, with_vault(lambda v: v.discard([PAPERS]))),
    "restore": Deed(fill, with_vault(bring_back_all)),
    "destroy": Deed(fill, with_vault(throw_all)),
    "destroy-folder": Deed(fill_and_discard, with_vault(throw_all), steps=True),
    "clear-old-trash": Deed(fill, clear_old),
    "describe": Deed(fill, with_vault(lambda v: v.describe(OLD, Details("note", ("tag",))))),
    "change-passphrase": Deed(
        fill, with_service(lambda g, v: g.change_passphrase(v, PASSPHRASE, NEXT))
    ),
    "make-recovery": Deed(fill, lambda base: make_words(base, OLD_WORDS)),
    "renew-recovery": Deed(fill_and_make_words, lambda base: make_words(base, NEW_WORDS)),
    "revoke-recovery": Deed(fill_and_make_words, with_service(lambda g, v: g.revoke_recovery(v))),
    "reset-passphrase": Deed(
        fill_and_make_words, with_service(lambda g, v: g.reset_passphrase(v, OLD_WORDS, NEXT))
    ),
    "back-up": Deed(fill, back_up, steps=True, repeats=True),
    "back-up-again": Deed(fill_and_back_up, back_up, steps=True, repeats=True),
    "save": Deed(fill, save_all, steps=True),
}


def add_new(base: Path, folder: str) -> None:
    with opened(base) as vault:
        expect_all(vault.add([document(base, "new.txt")], folder))


def replace_old(base: Path, path: str) -> None:
    with opened(base) as vault:
        vault.replace(path, document(base, "new.txt"))

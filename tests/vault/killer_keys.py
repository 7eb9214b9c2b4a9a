"""Kills whoever exchanges a vault's key files, before each step, and says what opens it then.

Run on its own (it forks): ``killer_keys.py VERB FOLDER``. Tells one JSON list of outcomes.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from guardian.core.errors import Problem
from guardian.vault.access import recovery
from guardian.vault.cryptomator import masterkey, root, workspace
from guardian.vault.cryptomator.masterkey import MasterKey
from tests.vault.killer import survives

OLD, NEW = "correct horse battery", "kitchen voyage salmon"
OLD_WORDS = recovery.spell(b"\x01" * 16)
NEW_WORDS = recovery.spell(b"\x02" * 16)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY_FILES = ("vault.cryptomator", "masterkey.cryptomator", recovery.RECOVERY_FILE)
masterkey.COST = 2**10


def make_words(vault: Path, words: tuple[str, ...]) -> str:
    before, recovery.spell = recovery.spell, lambda _: words
    try:
        return recovery.make(vault, OLD, NOW).key
    finally:
        recovery.spell = before


def lose_key_files(vault: Path) -> None:
    for name in KEY_FILES:
        (vault / name).unlink()


def opens(vault: Path, passphrase: str) -> bool:
    try:
        root.unlock(vault, passphrase).close()
    except Problem as problem:
        assert problem.code in ("passphrase-wrong", "vault-not-one"), problem.code
        return False
    return True


def words_open(vault: Path, words: tuple[str, ...], key: MasterKey) -> bool:
    if not recovery.is_there(vault):
        return False
    data = root.read_metadata(vault, recovery.RECOVERY_FILE)
    return root.opens(data, " ".join(words), key, recovery.RECOVERY_FILE)


def state(vault: Path, key: MasterKey) -> dict[str, object]:
    """What opens the vault, and what lies about in its folder afterwards."""
    found: dict[str, object] = {
        "old": opens(vault, OLD),
        "new": opens(vault, NEW),
        "old words": words_open(vault, OLD_WORDS, key),
        "new words": words_open(vault, NEW_WORDS, key),
    }
    if not found["old"] and not found["new"]:  # no key file to open it by: once more
        recovery.rebuild(vault, recovery.write_key(key), NEW)
        assert opens(vault, NEW)
    found["strange"] = sorted(
        path.name
        for path in vault.iterdir()
        if path.name not in (*KEY_FILES, "d", root.README) or path.name == workspace.PLACE
    )
    return found


VERBS: dict[str, Callable[[Path, MasterKey], object]] = {
    "change": lambda vault, _: root.change_passphrase(vault, OLD, NEW),
    "renew": lambda vault, _: make_words(vault, NEW_WORDS),
    "revoke": lambda vault, _: recovery.revoke(vault),
    "reset": lambda vault, _: recovery.reset_passphrase(vault, " ".join(OLD_WORDS), NEW),
    "rebuild": lambda vault, key: recovery.rebuild(vault, recovery.write_key(key), NEW),
    "make": lambda vault, _: make_words(vault, NEW_WORDS),
}


def kill(verb: str, folder: Path) -> list[object]:
    before = folder / "before"
    tree = root.create(before, OLD)
    key = tree.key
    tree.close()
    if verb != "make":
        make_words(before, OLD_WORDS)
    if verb == "rebuild":
        lose_key_files(before)
    outcomes: list[object] = []
    for step in range(1, 500):
        vault = folder / f"vault-{step}"
        shutil.copytree(before, vault)
        done = survives(step, VERBS[verb], vault, key)
        outcomes.append(state(vault, key) | {"done": done})
        if done:
            return outcomes
    raise AssertionError("it never came to an end")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(kill(sys.argv[1], Path(sys.argv[2]))))

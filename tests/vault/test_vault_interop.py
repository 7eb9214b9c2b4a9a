"""Vaults cross between programs: identical names and bytes in both directions."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guardian.vault.documents import incoming
from guardian.vault.documents.naming import is_own
from guardian.vault.model import Kind
from guardian.vault.service import Vault, VaultService

FIXTURES = Path(__file__).parents[1] / "fixtures" / "vault"
PASSPHRASE = "correct horse battery"
NAMES = [
    "a",
    "space and (brackets) #1.pdf",
    "r\u00e9sum\u00e9.txt",
    "護照掃描.pdf",
    "🙂🙃.png",
    "x" * 146,
    "y" * 147,
    "z" * 250 + ".pdf",
    "я" * 120,
    ".hidden",
    "-rf",
]
SIZES = [0, 1, 32767, 32768, 32769, 65535, 65536, 65537, 2**20 + 7]


def tree(vault: Vault, path: str = "") -> tuple[dict[str, str], list[str], list[str]]:
    """Checksums of all documents, all folders, all links."""
    files: dict[str, str] = {}
    folders: list[str] = []
    links: list[str] = []
    listing = vault.list(path)
    assert listing.not_read == ()
    for entry in listing.entries:
        if entry.kind is Kind.FOLDER:
            folders.append(entry.path)
            below = tree(vault, entry.path)
            files |= below[0]
            folders += below[1]
            links += below[2]
        elif entry.kind is Kind.LINK:
            links.append(entry.path)
        else:
            data = vault.read(entry.path)
            assert len(data) == entry.size
            files[entry.path] = hashlib.sha256(data).hexdigest()
    return files, folders, links


def persons(seen: dict[str, Any]) -> dict[str, Any]:
    """What another program saw, without Guardian's own folder."""
    return {
        "files": {path: sum_ for path, sum_ in seen["files"].items() if not is_own(path)},
        "folders": [path for path in seen["folders"] if not is_own(path)],
    }


def fill(folder: Path) -> dict[str, str]:
    """Files of every awkward size and name; their checksums."""
    folder.mkdir()
    made = {}
    for number, name in enumerate(NAMES):
        data = os.urandom(SIZES[number % len(SIZES)])
        (folder / name).write_bytes(data)
        made[name] = hashlib.sha256(data).hexdigest()
    return made


def test_another_program_reads_what_we_wrote(
    vault: Vault, tmp_path: Path, peer: Callable[..., Any]
) -> None:
    made = fill(tmp_path / "source")
    sources = sorted((tmp_path / "source").iterdir())
    assert vault.add(sources).refused == ()
    deep = "papers/" + "l" * 200 + "/2026"
    assert vault.add(sources[:3], deep).refused == ()
    vault.lock()
    seen = persons(peer("read", vault.folder, PASSPHRASE))
    inside = {f"{deep}/{file.name}": made[file.name] for file in sources[:3]}
    assert seen["files"] == made | inside
    assert seen["folders"] == ["papers", "papers/" + "l" * 200, deep]


def test_we_read_what_another_program_wrote(
    service: VaultService, tmp_path: Path, peer: Callable[..., Any]
) -> None:
    made = fill(tmp_path / "source")
    below = fill(tmp_path / "source" / "sub")
    (tmp_path / "theirs").mkdir()
    peer("make", tmp_path / "theirs", PASSPHRASE, tmp_path / "source")
    with service.open(tmp_path / "theirs", PASSPHRASE) as vault:
        files, folders, links = tree(vault)
        assert files == made | {f"sub/{name}": sum_ for name, sum_ in below.items()}
        assert folders == ["sub"]
        assert links == ["a link"]


def test_both_programs_share_one_vault(
    vault: Vault, document: Callable[..., Path], peer: Callable[..., Any]
) -> None:
    vault.add([document("mine.txt", b"1")])
    vault.add([document("mine.txt", b"2")])
    seen = persons(peer("read", vault.folder, PASSPHRASE))
    assert set(seen["files"]) == {"mine.txt", "mine (1).txt"}


@pytest.mark.parametrize("name", ["pycryptomator-1.15", "guardian-0.1"])
def test_frozen_vaults_still_open(name: str, service: VaultService, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / name, tmp_path / "copy")
    expected = json.loads((FIXTURES / "expected.json").read_text("utf-8"))
    with service.open(tmp_path / "copy", "frozen passphrase") as vault:
        assert tree(vault)[0] == expected


def test_a_name_that_was_stored_decomposed_is_found_either_way(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from guardian.vault.cryptomator.names import NameCipher

    with monkeypatch.context() as other_writer:
        other_writer.setattr(NameCipher, "encrypt", NameCipher.encrypt_as_typed)
        other_writer.setattr(incoming, "prepare_name", lambda _, name: name)
        vault.add([document("cafe\u0301.txt", b"menu")])
    (entry,) = vault.list().entries
    assert entry.name == "cafe\u0301.txt"
    assert vault.read(entry.path) == b"menu"


def test_a_decomposed_name_is_stored_composed(vault: Vault, document: Callable[..., Path]) -> None:
    vault.add([document("cafe\u0301.txt", b"menu")])
    assert [entry.name for entry in vault.list().entries] == ["caf\u00e9.txt"]
    assert vault.read("cafe\u0301.txt") == vault.read("caf\u00e9.txt") == b"menu"

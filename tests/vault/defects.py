"""Twenty-seven ways to tamper with a vault, and the maker of the corpus that keeps one of each.

Run as a script, it builds ``tests/fixtures/vault/defects`` anew: a small vault as Guardian wrote
it, and beside it one file per defect that says how to get there and what has to be said of it.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardian.core.store import open_in_memory
from guardian.vault.care.inspection import inspect_whole
from guardian.vault.cryptomator import masterkey
from guardian.vault.cryptomator.ciphers import open_header, seal_chunk
from guardian.vault.cryptomator.encoding import decode_token, encode_token
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
CORPUS = Path(__file__).resolve().parents[1] / "fixtures/vault/defects"
HEADER, CHUNK = 68, 32_796
CONTENT = {
    "one.bin": b"one" * 22_000,
    "two.bin": b"two" * 22_000,
    "short.txt": b"short",
    "folder/inner.txt": b"inner",
    "second/other.txt": b"other",
}
LONG = "l" * 180


def fill(vault: Vault, scratch: Path) -> None:
    """Two documents of three chunks, the last one short; small ones, folders, a long name."""
    for path, content in {**CONTENT, LONG: b"long"}.items():
        folder, _, name = path.rpartition("/")
        scratch.mkdir(exist_ok=True)
        (scratch / name).write_bytes(content)
        vault.add([scratch / name], folder)


def file_of(vault: Vault, path: str) -> Path:
    return vault._tree.find(path).file


def entry_of(vault: Vault, path: str) -> Path:
    return vault._tree.find(path).place


def swap(one: Path, two: Path) -> None:
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def flip(offset: int) -> Callable[[Vault], None]:
    def do(vault: Vault) -> None:
        file = file_of(vault, "one.bin")
        data = bytearray(file.read_bytes())
        data[offset] ^= 0x10
        file.write_bytes(data)

    return do


def cut(size: int) -> Callable[[Vault], None]:
    return lambda vault: os.truncate(file_of(vault, "one.bin"), size)


def rearrange(*order: int) -> Callable[[Vault], None]:
    """The document made of its own chunks (0, 1, 2) in another order; -1 is another's first."""

    def do(vault: Vault) -> None:
        file = file_of(vault, "one.bin")
        data, other = file.read_bytes(), file_of(vault, "two.bin").read_bytes()
        pieces = [data[at : at + CHUNK] for at in range(HEADER, len(data), CHUNK)]
        pieces.append(other[HEADER : HEADER + CHUNK])
        file.write_bytes(data[:HEADER] + b"".join(pieces[one] for one in order))

    return do


def move_to_folder(vault: Vault) -> None:
    place = entry_of(vault, "short.txt")
    place.rename(vault._tree.folder("folder").place / place.name)


def put_back_old(vault: Vault) -> None:
    file = file_of(vault, "short.txt")
    old = file.read_bytes()
    with vault._changing() as tree:
        tree.write_small(tree.folder(""), "short.txt", b"a newer text")
    file.write_bytes(old)


def put_back_old_chunk(vault: Vault) -> None:
    """Another program edits in place, as the official ones do; then its chunk is taken back."""
    file = file_of(vault, "short.txt")
    old = file.read_bytes()
    nonce, key = open_header(vault._tree.key, old[:HEADER])
    newer = seal_chunk(AESGCM(key), 0, nonce, os.urandom(12), b"SHORT")
    file.write_bytes(old[:HEADER] + newer)
    with vault._changing() as tree:
        look = inspect_whole(tree, file, lambda _: None)
        tree.journal.wrote("", file.name, look.to_seal())
    file.write_bytes(old)


def rename_content(vault: Vault) -> None:
    place = vault._tree.folder("folder").place
    place.rename(place.with_name("A" * 30))


def edit_config(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Vault], None]:
    def do(vault: Vault) -> None:
        file = vault.folder / "vault.cryptomator"
        file.write_bytes(b".".join(change(file.read_bytes().split(b"."))))

    return do


def without_signature(parts: list[bytes]) -> list[bytes]:
    header = json.loads(decode_token(parts[0].decode())) | {"alg": "none"}
    return [encode_token(json.dumps(header).encode()).encode(), parts[1], b""]


def ask_for_memory(vault: Vault) -> None:
    file = vault.folder / "masterkey.cryptomator"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"scryptCostParam": 2**30}))


@dataclass(frozen=True)
class Attack:
    """What is done, and which finding each check then makes; None where it cannot see it.

    ``manifest`` marks those that other programs for the format pass over in silence or cannot
    mend, and that Guardian's list is there for. ``refused`` is the problem that opening the
    vault ends with.
    """

    name: str
    do: Callable[[Vault], object]
    quick: str | None
    full: str
    manifest: bool = False
    refused: str | None = None


ATTACKS = (
    Attack("flip-header-nonce", flip(3), "header", "header"),
    Attack("flip-header-key", flip(30), "header", "header"),
    Attack("flip-header-tag", flip(60), "header", "header"),
    Attack("flip-chunk-nonce", flip(HEADER + 3), None, "content"),
    Attack("flip-chunk-payload", flip(HEADER + CHUNK + 500), None, "content"),
    Attack("flip-chunk-tag", flip(HEADER + CHUNK - 1), None, "content"),
    Attack("cut-in-a-chunk", cut(HEADER + CHUNK + 1000), "shorter", "content"),
    Attack("drop-a-chunk", rearrange(0, 2), "shorter", "content"),
    Attack("swap-chunks", rearrange(1, 0, 2), None, "content"),
    Attack("append-a-chunk", rearrange(0, 1, 2, 2), "longer", "content"),
    Attack("chunk-of-another", rearrange(0, -1, 2), None, "content"),
    Attack("cut-to-nothing", cut(0), "header", "header"),
    Attack("cut-into-a-chunk-s-first-bytes", cut(HEADER + CHUNK + 20), "cut", "cut", manifest=True),
    Attack("cut-at-a-chunk-edge", cut(HEADER + CHUNK), "shorter", "shorter", manifest=True),
    Attack("cut-to-the-header", cut(HEADER), "shorter", "shorter", manifest=True),
    Attack("move-to-another-folder", move_to_folder, "stray", "stray", manifest=True),
    Attack(
        "swap-two-documents",
        lambda vault: swap(file_of(vault, "one.bin"), file_of(vault, "two.bin")),
        "exchanged",
        "exchanged",
        manifest=True,
    ),
    Attack(
        "swap-two-folders",
        lambda vault: swap(file_of(vault, "folder"), file_of(vault, "second")),
        "led",
        "led",
        manifest=True,
    ),
    Attack("old-version", put_back_old, "rewritten", "rewritten", manifest=True),
    Attack(
        "delete-a-document",
        lambda vault: file_of(vault, "short.txt").unlink(),
        "gone",
        "gone",
        manifest=True,
    ),
    Attack("old-chunk", put_back_old_chunk, None, "altered", manifest=True),
    Attack("rename-content", rename_content, "folder-content", "folder-content", manifest=True),
    Attack(
        "delete-a-folder-id",
        lambda vault: file_of(vault, "folder").unlink(),
        "entry",
        "entry",
    ),
    Attack(
        "empty-a-folder-id",
        lambda vault: file_of(vault, "folder").write_bytes(b""),
        "folder-entry",
        "folder-entry",
        manifest=True,
    ),
    Attack(
        "edit-the-config",
        edit_config(lambda parts: [parts[0], parts[1][:-2] + b"AA", parts[2]]),
        "metadata",
        "metadata",
        refused="vault-config-damaged",
    ),
    Attack(
        "config-without-signature",
        edit_config(without_signature),
        "metadata",
        "metadata",
        refused="vault-config-damaged",
    ),
    Attack("memory-bomb", ask_for_memory, "metadata", "metadata", refused="vault-key-file-greedy"),
)


def damage_first_byte(find: Callable[[Vault], Path]) -> Callable[[Vault], None]:
    def do(vault: Vault) -> None:
        data = bytearray(find(vault).read_bytes())
        data[0] ^= 1
        find(vault).write_bytes(data)

    return do


def copy_as_conflict(vault: Vault) -> None:
    place = entry_of(vault, "short.txt")
    shutil.copy(place, place.with_name(f"{place.stem} (Ann's conflicted copy 2026-11-21).c9r"))


def spell_name_twice(vault: Vault) -> None:
    """The same encrypted name with an unused bit of its base64 set."""
    place = entry_of(vault, "second")
    body = place.stem.rstrip("=")
    following = chr(ord(body[-1]) + 1)
    shutil.copytree(place, place.with_name(place.name.replace(body, body[:-1] + following)))


DEFECTS = (
    *ATTACKS,
    Attack(
        "lost-folder-entry",
        lambda vault: shutil.rmtree(entry_of(vault, "folder")),
        "orphan",
        "orphan",
    ),
    Attack(
        "folder-in-itself",
        lambda vault: file_of(vault, "second").write_bytes(file_of(vault, "folder").read_bytes()),
        "folder-twice",
        "folder-twice",
    ),
    Attack(
        "damaged-spare-id",
        damage_first_byte(lambda vault: vault._tree.folder("folder").place / "dirid.c9r"),
        "spare",
        "spare",
    ),
    Attack(
        "damaged-long-name",
        damage_first_byte(lambda vault: next(vault.folder.rglob("name.c9s"))),
        "long-name",
        "long-name",
    ),
    Attack(
        "damaged-list",
        damage_first_byte(
            lambda vault: next(
                node.file
                for node in vault._tree.contents(vault._tree.folder(".guardian")).nodes
                if node.name.startswith("manifest-")
            )
        ),
        "list",
        "list",
    ),
    Attack("conflict-copy", copy_as_conflict, "conflict", "conflict"),
    Attack("name-spelled-twice", spell_name_twice, "name", "name"),
)


# the corpus


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def folders_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}


def pieces_of(data: bytes) -> list[bytes]:
    return [data[:HEADER], *(data[at : at + CHUNK] for at in range(HEADER, len(data), CHUNK))]


def describe(before: dict[str, bytes], data: bytes) -> list[object]:
    """``data`` as references [file, from, to] into the whole vault where a piece of it is there."""
    told: list[object] = []
    for piece in pieces_of(data):
        found = next(
            (
                [name, at, at + len(piece)]
                for name, old in before.items()
                if len(piece) > HEADER and (at := old.find(piece)) >= 0
            ),
            None,
        )
        told.append(found or around(before, piece))
    return told


def around(before: dict[str, bytes], piece: bytes) -> object:
    """A piece that is nowhere: as it is where it is short, else as a known one with one change."""
    if len(piece) > 2000:
        for name, old in before.items():
            for at in range(HEADER, len(old), CHUNK):
                known = old[at : at + len(piece)]
                places = [n for n, (a, b) in enumerate(zip(known, piece, strict=False)) if a != b]
                if len(known) == len(piece) and len(places) == 1:
                    return [name, at, at + len(piece), places[0], piece[places[0]]]
    return base64.b64encode(piece).decode()


def rebuild(before: dict[str, bytes], told: list[object]) -> bytes:
    """What :func:`describe` was given."""
    data = b""
    for piece in told:
        if isinstance(piece, str):
            data += base64.b64decode(piece)
            continue
        assert isinstance(piece, list)
        part = bytearray(before[piece[0]][piece[1] : piece[2]])
        if len(piece) == 5:
            part[piece[3]] = piece[4]
        data += part
    return data


def apply(defect: dict[str, Any], folder: Path) -> None:
    """Give the whole vault in ``folder`` a defect of the corpus."""
    before = contents(folder)
    for name, told in defect["files"].items():
        file = folder / name
        if told is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(rebuild(before, told))
    for name in defect["folders"]:
        (folder / name).rmdir()


def make(target: Path) -> None:
    """The whole vault, and a file for each defect."""
    masterkey.COST = 2**10
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    store = open_in_memory()
    service = VaultService(store, lambda: datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as scratch:
        with service.create(target / "whole", PASSPHRASE) as vault:
            fill(vault, Path(scratch) / "documents")
        before, folders = contents(target / "whole"), folders_in(target / "whole")
        for attack in DEFECTS:
            copy = Path(scratch) / attack.name
            shutil.copytree(target / "whole", copy)
            with service.open(copy, PASSPHRASE) as vault:
                attack.do(vault)
            after = contents(copy)
            changed = {
                name: describe(before, data)
                for name, data in after.items()
                if before.get(name) != data
            }
            files = changed | dict.fromkeys(before.keys() - after.keys())
            defect = {
                "quick": attack.quick,
                "full": attack.full,
                "refused": attack.refused,
                "files": files,
                "folders": sorted(folders - folders_in(copy), reverse=True),
            }
            text = json.dumps(defect, indent=1, ensure_ascii=False)
            (target / f"{attack.name}.json").write_text(text + "\n", "utf-8")
    store.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)

"""A vault that this computer may open without its passphrase, by the system's keyring."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guardian.core import keychain
from guardian.core.errors import Problem
from guardian.core.paths import find_paths
from guardian.core.store import Store, forget_everything, open_in_memory, open_store
from guardian.vault.cryptomator import root
from guardian.vault.service import VaultService
from tests.memory_keychain import MemoryKeychain
from tests.vault.conftest import NOW, PASSPHRASE

NEW = "kitchen voyage salmon"


@dataclass
class Room:
    """Lasting records, a keyring, and a vault with a letter."""

    service: VaultService
    store: Store
    chain: MemoryKeychain
    folder: Path

    def items(self) -> dict[str, str]:
        """What the keyring holds for vaults."""
        return {name: key for name, key in self.chain.items.items() if name.startswith("vault ")}

    def allowed(self) -> bool:
        return any(info.opens_here for info in self.service.known())


@pytest.fixture
def room(tmp_path: Path, memory_keychain: MemoryKeychain) -> Iterator[Room]:
    store = open_store(find_paths(), memory_keychain)
    service = VaultService(store, lambda: NOW)
    (tmp_path / "letter.txt").write_text("Dear all")
    with service.create(tmp_path / "v", PASSPHRASE) as vault:
        vault.add([tmp_path / "letter.txt"])
    yield Room(service, store, memory_keychain, tmp_path / "v")
    store.close()


def code_of(work: Any, *arguments: Any) -> str:
    with pytest.raises(Problem) as caught:
        work(*arguments)
    return caught.value.code


def test_nothing_is_kept_until_the_person_asks_for_it(room: Room) -> None:
    assert room.items() == {}
    assert not room.allowed()
    assert code_of(room.service.open_here, room.folder) == "vault-here-none"


def test_once_allowed_it_opens_without_the_passphrase(room: Room) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    assert room.allowed()
    with room.service.open_here(room.folder) as vault:
        assert vault.read("letter.txt") == b"Dear all"


def test_allowing_needs_the_passphrase(room: Room) -> None:
    assert code_of(room.service.allow_here, room.folder, "not this one") == "passphrase-wrong"
    assert room.items() == {}
    assert not room.allowed()


def test_the_keyring_holds_neither_the_passphrase_nor_the_vaults_keys(
    room: Room, tmp_path: Path
) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    (secret,) = room.items().values()
    key = root.read_key(room.folder, root.read_config(room.folder), PASSPHRASE)
    assert len(bytes.fromhex(secret)) == 32
    assert bytes.fromhex(secret) not in (key.encryption, key.authentication)
    room.store.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert key.encryption not in data
            assert bytes.fromhex(secret) not in data
            assert PASSPHRASE.encode() not in data


def test_it_still_opens_after_the_passphrase_was_changed(room: Room) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    room.service.change_passphrase(room.folder, PASSPHRASE, NEW)
    room.service.open_here(room.folder).lock()


def test_allowing_again_leaves_one_item_with_a_new_key(room: Room) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    first = room.items()
    room.service.allow_here(room.folder, PASSPHRASE)
    assert room.items().keys() == first.keys()
    assert room.items() != first
    room.service.open_here(room.folder).lock()


def test_revoking_removes_both_halves(room: Room) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    room.service.revoke_here(room.folder)
    assert room.items() == {}
    assert not room.allowed()
    assert code_of(room.service.open_here, room.folder) == "vault-here-none"
    room.service.revoke_here(room.folder)  # twice is fine


def test_forgetting_a_vault_removes_both_halves(room: Room) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    room.service.forget(room.folder)
    assert room.items() == {}
    assert room.service.known() == ()


def test_two_vaults_have_keys_of_their_own(room: Room, tmp_path: Path) -> None:
    room.service.create(tmp_path / "w", NEW).lock()
    room.service.allow_here(room.folder, PASSPHRASE)
    room.service.allow_here(tmp_path / "w", NEW)
    assert len(set(room.items().values())) == 2
    room.service.revoke_here(room.folder)
    room.service.open_here(tmp_path / "w").lock()


def test_records_that_do_not_last_cannot_keep_a_key(tmp_path: Path, room: Room) -> None:
    store = open_in_memory()
    service = VaultService(store, lambda: NOW)
    assert code_of(service.allow_here, room.folder, PASSPHRASE) == "vault-here-no-records"
    assert room.items() == {}
    store.close()


def test_without_a_real_keyring_nothing_is_kept(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keychain, "find_keychain", lambda *_: None)
    assert code_of(room.service.allow_here, room.folder, PASSPHRASE) == "vault-here-no-keyring"
    assert not room.allowed()


def test_a_keyring_that_forgets_at_once_is_refused(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.chain, "get", lambda _name: None)
    assert code_of(room.service.allow_here, room.folder, PASSPHRASE) == "keyring-failed"
    assert not room.allowed()


def test_a_keyring_that_refuses_leaves_no_permission_behind(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Problem("keyring-locked")

    monkeypatch.setattr(room.chain, "set", refuse)
    assert code_of(room.service.allow_here, room.folder, PASSPHRASE) == "keyring-locked"
    assert not room.allowed()


@pytest.mark.parametrize("kept", [None, "", "no hexadecimal", "00" * 32, "00" * 31])
def test_an_item_that_is_gone_or_not_ours_ends_the_permission(room: Room, kept: str | None) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    (name,) = room.items()
    if kept is None:
        room.chain.delete(name)
    else:
        room.chain.set(name, kept)
    assert code_of(room.service.open_here, room.folder) == "vault-here-gone"
    assert not room.allowed()
    assert room.items() == {}


def test_a_locked_keyring_ends_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)

    def refuse(*_: object) -> None:
        raise Problem("keyring-locked")

    with monkeypatch.context() as locked:
        locked.setattr(room.chain, "get", refuse)
        assert code_of(room.service.open_here, room.folder) == "keyring-locked"
    room.service.open_here(room.folder).lock()


def test_another_vault_at_the_same_place_ends_the_permission(room: Room) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    shutil.rmtree(room.folder)
    root.create(room.folder, PASSPHRASE).close()
    assert code_of(room.service.open_here, room.folder) == "vault-here-other"
    assert not room.allowed()
    assert room.items() == {}


def test_a_tampered_configuration_is_refused_as_with_the_passphrase(room: Room) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    token = (room.folder / "vault.cryptomator").read_bytes()
    (room.folder / "vault.cryptomator").write_bytes(token[:-1] + b"x")
    assert code_of(room.service.open_here, room.folder) == "vault-config-damaged"
    assert room.allowed()


def test_a_keyring_that_does_not_answer_is_told_and_the_vault_is_closed_all_the_same(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    monkeypatch.setattr(keychain, "find_keychain", lambda *_: None)
    assert code_of(room.service.revoke_here, room.folder) == "vault-here-left"
    assert not room.allowed()


def test_forgetting_goes_through_although_the_keyring_does_not_answer(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.service.allow_here(room.folder, PASSPHRASE)
    monkeypatch.setattr(keychain, "find_keychain", lambda *_: None)
    assert code_of(room.service.forget, room.folder) == "vault-here-left"
    assert room.service.known() == ()


def test_all_permissions_can_be_ended_at_once(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.service.create(tmp_path / "w", NEW).lock()
    for folder, passphrase in ((room.folder, PASSPHRASE), (tmp_path / "w", NEW)):
        room.service.allow_here(folder, passphrase)
    room.service.revoke_all_here()
    assert room.items() == {}
    assert not room.allowed()
    room.service.allow_here(room.folder, PASSPHRASE)
    monkeypatch.setattr(keychain, "find_keychain", lambda *_: None)
    room.service.revoke_all_here()  # nothing is raised, and it opens no more
    assert not room.allowed()


def test_with_the_records_gone_what_stays_in_the_keyring_opens_nothing(room: Room) -> None:
    """Deleting all records removes the wrapped keys; a keyring's half alone is noise."""
    room.service.allow_here(room.folder, PASSPHRASE)
    forget_everything(find_paths(), room.store, room.chain)
    store = open_store(find_paths(), room.chain)
    service = VaultService(store, lambda: NOW)
    assert code_of(service.open_here, room.folder) == "vault-here-none"
    store.close()

"""What a passphrase must be, what is said about one, and how it is exchanged for another."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.vault.access import keys
from guardian.vault.access.keys import (
    Advice,
    check_new_passphrase,
    judge,
    own_words,
    standard_words,
    suggest_passphrase,
)
from guardian.vault.cryptomator import masterkey, root
from guardian.vault.cryptomator.config import parse_config, write_config
from guardian.vault.cryptomator.encoding import encode_token
from guardian.vault.service import VaultService
from tests.vault.conftest import PASSPHRASE

NEW = "kitchen voyage salmon"
KEY_FILE = "masterkey.cryptomator"


def code_of(work: Callable[..., Any], *arguments: Any) -> str:
    with pytest.raises(Problem) as caught:
        work(*arguments)
    assert caught.value.__cause__ is None or NEW not in repr(caught.value.__cause__)
    return caught.value.code


# how hard a passphrase is to guess


@pytest.mark.parametrize(
    ("passphrase", "advice"),
    [
        ("letmein1", Advice.COMMON),
        ("p@ssw0rd", Advice.SUBSTITUTION),
        ("drowssap", Advice.SUBSTITUTION),
        ("Private vault", Advice.OWN),
        ("monika", Advice.NAME),
        ("countenance", Advice.WORD),
        ("rtyhgfvb", Advice.KEYBOARD),
        ("aaaaaaaaaaaaaaaa", Advice.REPEAT),
        ("password" * 9, Advice.REPEAT),
        ("abcdefghijk", Advice.SEQUENCE),
        ("19840312", Advice.DATE),
        ("x", Advice.MORE),
        ("", Advice.MORE),
    ],
)
def test_a_weak_passphrase_is_told_why(passphrase: str, advice: Advice) -> None:
    found = judge(passphrase, own_words("Private vault"))
    assert not found.enough
    assert advice in found.advice
    assert found.advice[-1] is Advice.MORE


@pytest.mark.parametrize("passphrase", [PASSPHRASE, NEW, "Tr0ub4dor&3", "日本語のパスワード文字"])
def test_a_strong_passphrase_gets_no_advice(passphrase: str) -> None:
    found = judge(passphrase)
    assert found.enough
    assert found.advice == ()


def test_the_words_to_avoid_of_one_vault_do_not_count_for_another() -> None:
    assert not judge("Rosalind Hartmann", own_words("Rosalind Hartmann")).enough
    assert judge("Rosalind Hartmann", own_words("Private vault")).enough


def test_only_the_judgement_is_cut_off_never_the_passphrase() -> None:
    passphrase = "a" * keys.JUDGED_CHARACTERS + NEW
    assert judge(passphrase) == judge("a" * keys.JUDGED_CHARACTERS)
    assert keys.prepare_passphrase(passphrase) == passphrase.encode()


@example("٣²/1٠-1990")
@example("\ud800")
@given(st.one_of(st.text(max_size=90), st.text(alphabet="aA4@$s5!1il|/\\.-0o2²", max_size=40)))
def test_any_text_gets_a_judgement(passphrase: str) -> None:
    found = judge(passphrase)
    assert 0 <= found.score <= 4
    assert (found.advice == ()) == (found.score >= 3)


def test_a_suggestion_is_six_words_of_the_standard_list_drawn_anew() -> None:
    drawn = {suggest_passphrase() for _ in range(50)}
    assert len(drawn) == 50
    for passphrase in drawn:
        words = passphrase.split("-")
        assert len(words) == 6
        assert set(words) <= set(standard_words())
        assert judge(passphrase).score == 4


def test_the_standard_list_is_the_published_one() -> None:
    """SHA-256 of the English BIP-39 list, one word a line."""
    text = "\n".join(standard_words()) + "\n"
    digest = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
    assert hashlib.sha256(text.encode()).hexdigest() == digest


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [
        ("x7!kQ2", "passphrase-short"),
        ("password1", "vault-passphrase-weak"),
        ("Holiday pictures", "vault-passphrase-weak"),
        ("k" * 1025, "vault-passphrase-long"),
        ("kitchen \ud800 salmon", "vault-passphrase-unreadable"),
    ],
)
def test_a_new_vault_refuses_what_would_not_protect_it(
    service: VaultService, tmp_path: Path, passphrase: str, code: str
) -> None:
    folder = tmp_path / "Holiday pictures"
    assert code_of(service.create, folder, passphrase) == code
    assert not folder.exists()


def test_a_short_composed_passphrase_is_not_longer_for_being_decomposed() -> None:
    with pytest.raises(Problem, match="passphrase-short"):
        check_new_passphrase("e\u0301" * 5)


def test_a_vault_that_already_has_a_weak_passphrase_still_opens(
    service: VaultService, tmp_path: Path
) -> None:
    root.create(tmp_path / "v", "password1").close()
    service.open(tmp_path / "v", "password1").lock()


# changing it


def opening(folder: Path) -> set[str]:
    """Which of the two passphrases open the vault now."""
    found = set()
    for passphrase in (PASSPHRASE, NEW):
        try:
            root.unlock(folder, passphrase).close()
        except Problem as problem:
            assert problem.code == "passphrase-wrong"
        else:
            found.add(passphrase)
    return found


@pytest.fixture
def folder(service: VaultService, tmp_path: Path) -> Path:
    (tmp_path / "letter.txt").write_text("Dear all")
    with service.create(tmp_path / "v", PASSPHRASE) as vault:
        vault.add([tmp_path / "letter.txt"])
    return tmp_path / "v"


def test_after_a_change_only_the_new_passphrase_opens_the_same_documents(
    service: VaultService, folder: Path
) -> None:
    assert service.change_passphrase(folder, PASSPHRASE, NEW) == 0
    assert opening(folder) == {NEW}
    with service.open(folder, NEW) as vault:
        assert vault.read("letter.txt") == b"Dear all"


def test_a_change_keeps_the_cost_the_vault_was_made_with_and_takes_a_new_salt(
    service: VaultService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads((folder / KEY_FILE).read_bytes())
    monkeypatch.setattr(masterkey, "COST", 2**11)
    service.change_passphrase(folder, PASSPHRASE, NEW)
    after = json.loads((folder / KEY_FILE).read_bytes())
    assert after["scryptCostParam"] == before["scryptCostParam"] == 2**10
    assert after["scryptSalt"] != before["scryptSalt"]
    assert after["primaryMasterKey"] != before["primaryMasterKey"]


def test_nothing_in_the_folder_opens_with_the_old_passphrase_afterwards(
    service: VaultService, folder: Path
) -> None:
    """Not even the copy that other programs keep of the key file in force."""
    data = (folder / KEY_FILE).read_bytes()
    digest = hashlib.sha256(data).digest()[:4].hex().upper()
    shutil.copy(folder / KEY_FILE, folder / f"{KEY_FILE}.{digest}.bkup")
    service.change_passphrase(folder, PASSPHRASE, NEW)
    files = [path for path in folder.glob("*") if path.is_file()]
    assert not [path.name for path in files if data in path.read_bytes()]


def test_key_files_for_still_earlier_passphrases_are_left_and_counted(
    service: VaultService, folder: Path
) -> None:
    (folder / f"{KEY_FILE}.0123ABCD.bkup").write_bytes(b"of another day")
    assert service.change_passphrase(folder, PASSPHRASE, NEW) == 1
    assert (folder / f"{KEY_FILE}.0123ABCD.bkup").read_bytes() == b"of another day"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("not this one at all", NEW, "passphrase-wrong"),
        (PASSPHRASE, "password1", "vault-passphrase-weak"),
        (PASSPHRASE, "short", "passphrase-short"),
        ("k" * 2000, NEW, "vault-passphrase-long"),
    ],
)
def test_a_refused_change_changes_no_byte(
    service: VaultService, folder: Path, old: str, new: str, code: str
) -> None:
    before = (folder / KEY_FILE).read_bytes()
    assert code_of(service.change_passphrase, folder, old, new) == code
    assert (folder / KEY_FILE).read_bytes() == before
    assert opening(folder) == {PASSPHRASE}


def test_a_disk_that_gives_back_something_else_keeps_the_old_key_file(
    service: VaultService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = root.write_synced

    def flip(path: Path, data: bytes) -> None:
        real(path, data.replace(b'"scryptSalt":"', b'"scryptSalt":"A', 1))

    monkeypatch.setattr(root, "write_synced", flip)
    assert code_of(service.change_passphrase, folder, PASSPHRASE, NEW) == "vault-key-file-unkept"
    assert opening(folder) == {PASSPHRASE}


def test_a_full_disk_is_told_and_keeps_the_old_passphrase(
    service: VaultService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        path.write_bytes(data[:10])
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(root, "write_synced", full)
    assert code_of(service.change_passphrase, folder, PASSPHRASE, NEW) == "disk-full"
    assert opening(folder) == {PASSPHRASE}
    assert not list(folder.rglob(".guardian-tmp"))


def test_an_exchanged_key_file_stays_as_private_as_it_was(
    service: VaultService, folder: Path
) -> None:
    for mode in (0o600, 0o640):
        (folder / KEY_FILE).chmod(mode)
        service.change_passphrase(folder, PASSPHRASE, PASSPHRASE)
        assert (folder / KEY_FILE).stat().st_mode & 0o777 == mode


def test_an_open_vault_stays_usable_while_its_passphrase_changes(
    service: VaultService, folder: Path
) -> None:
    with service.open(folder, PASSPHRASE) as vault:
        service.change_passphrase(folder, PASSPHRASE, NEW)
        assert vault.read("letter.txt") == b"Dear all"
        vault.add([folder.parent / "letter.txt"])
    assert opening(folder) == {NEW}


def test_a_changed_vault_opens_in_another_program(
    service: VaultService, folder: Path, peer: Callable[..., Any]
) -> None:
    service.change_passphrase(folder, PASSPHRASE, NEW)
    found = peer("read", folder, NEW)["files"]
    assert found["letter.txt"] == hashlib.sha256(b"Dear all").hexdigest()


def test_a_vault_of_another_program_changes_its_passphrase(
    service: VaultService, tmp_path: Path, peer: Callable[..., Any]
) -> None:
    for name in ("papers", "theirs"):
        (tmp_path / name).mkdir()
    (tmp_path / "papers" / "a.txt").write_text("a")
    peer("make", tmp_path / "theirs", PASSPHRASE, tmp_path / "papers")
    service.change_passphrase(tmp_path / "theirs", PASSPHRASE, NEW)
    assert opening(tmp_path / "theirs") == {NEW}
    with service.open(tmp_path / "theirs", NEW) as vault:
        assert vault.read("a.txt") == b"a"


# what is read from the disk may be anything


@given(st.data())
def test_a_mangled_key_file_is_refused_in_words_or_was_not_harmed(data: st.DataObject) -> None:
    key = masterkey.MasterKey(b"\x55" * 32, b"\x77" * 32)
    whole = bytearray(WRAPPED)
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert masterkey.unwrap_masterkey(bytes(whole), PASSPHRASE, KEY_FILE) == key
    except Problem as problem:
        assert re.fullmatch("passphrase-wrong|vault-key-file-(damaged|greedy)", problem.code)


@given(
    st.dictionaries(
        st.sampled_from(["version", "scryptSalt", "scryptCostParam",
                         "scryptBlockSize", "primaryMasterKey", "hmacMasterKey", "versionMac"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(),
                  st.lists(st.integers()), st.sampled_from(["AAAAAAAAAAA=", "A" * 54 + "=="])),
    )
)  # fmt: skip
def test_any_json_is_no_key_file_or_asks_for_bearable_memory(fields: dict[str, object]) -> None:
    try:
        entry, *_ = masterkey.parse_masterkey(json.dumps(fields).encode(), KEY_FILE)
    except Problem as problem:
        assert problem.code in ("vault-key-file-damaged", "vault-key-file-greedy")
    else:
        assert 128 * entry.scrypt_cost * entry.scrypt_block <= masterkey.MAX_MEMORY_BYTES


ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
HEADERS = st.fixed_dictionaries(
    {}, optional={name: ANY_JSON | st.sampled_from(known) for name, known in {
        "kid": ["masterkeyfile:masterkey.cryptomator", "masterkeyfile:../x", "hub+https://x"],
        "alg": ["HS256", "HS384", "HS512", "none"], "typ": ["JWT"]}.items()}
)  # fmt: skip
PAYLOADS = st.fixed_dictionaries(
    {}, optional={name: ANY_JSON | st.sampled_from(known) for name, known in {
        "format": [8, 7, 9], "cipherCombo": ["SIV_GCM", "SIV_CTRMAC"],
        "shorteningThreshold": [220, 36, 35, -1], "jti": ["x"]}.items()}
)  # fmt: skip


@given(HEADERS | ANY_JSON, PAYLOADS | ANY_JSON)
def test_any_signed_configuration_is_read_or_refused_in_words(
    header: object, payload: object
) -> None:
    key = masterkey.MasterKey(b"\x55" * 32, b"\x77" * 32)
    signed = ".".join(encode_token(json.dumps(part).encode()) for part in (header, payload))
    signature = hmac.digest(key.raw, signed.encode(), "sha256")
    try:
        found = parse_config(f"{signed}.{encode_token(signature)}".encode())
        verified = found.verify(key)
    except Problem as problem:
        assert re.fullmatch("vault-(config-damaged|format-unknown|hub)", problem.code)
    else:
        assert (Path("/v") / found.key_file).parent == Path("/v")
        assert 36 <= verified.threshold <= 250


@given(st.data())
def test_a_configuration_with_any_byte_changed_is_never_taken(data: st.DataObject) -> None:
    key = masterkey.MasterKey(b"\x55" * 32, b"\x77" * 32)
    before = write_config(key)
    whole = bytearray(before)
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        parse_config(bytes(whole)).verify(key)
    except Problem as problem:
        assert re.fullmatch("vault-(config-damaged|format-unknown|hub)", problem.code)
    else:  # the other alphabet's sign in the signature says the same
        assert place > before.rindex(b".")
        assert {before[place], whole[place]} in ({*b"-+"}, {*b"_/"})


def wrapped() -> bytes:
    cost, masterkey.COST = masterkey.COST, 2**10
    try:
        return masterkey.wrap_masterkey(masterkey.MasterKey(b"\x55" * 32, b"\x77" * 32), PASSPHRASE)
    finally:
        masterkey.COST = cost


WRAPPED = wrapped()

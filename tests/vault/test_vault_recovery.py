"""Twelve words, and the key behind them, bring back a vault whose passphrase is lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from guardian.core.errors import Problem
from guardian.vault.access import recovery
from guardian.vault.access.recovery import read_words, spell
from guardian.vault.cryptomator import config, masterkey, root
from guardian.vault.cryptomator.ciphers import SIV_CTRMAC, SIV_GCM
from guardian.vault.model import Sheet
from guardian.vault.service import VaultService
from tests.vault.conftest import NOW, PASSPHRASE

NEW = "kitchen voyage salmon"
CONFIG, KEY_FILE, RECOVERY = (
    "vault.cryptomator",
    "masterkey.cryptomator",
    "masterkey.recovery.cryptomator",
)
ROOT = Path(__file__).resolve().parents[2]


def code_of(work: Callable[..., Any], *arguments: Any) -> str:
    with pytest.raises(Problem) as caught:
        work(*arguments)
    return caught.value.code


@pytest.fixture
def folder(service: VaultService, tmp_path: Path) -> Path:
    (tmp_path / "letter.txt").write_text("Dear all")
    (tmp_path / ("n" * 200)).write_text("long")
    with service.create(tmp_path / "v", PASSPHRASE) as vault:
        vault.add([tmp_path / "letter.txt", tmp_path / ("n" * 200)])
    return tmp_path / "v"


@pytest.fixture
def sheet(service: VaultService, folder: Path) -> Sheet:
    return service.make_recovery(folder, PASSPHRASE)


def reads_letter(service: VaultService, folder: Path, passphrase: str) -> bool:
    with service.open(folder, passphrase) as vault:
        return vault.read("letter.txt") == b"Dear all" and vault.read("n" * 200) == b"long"


# making


def test_a_sheet_says_whose_it_is_from_when_and_twelve_words_drawn_anew(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    assert (sheet.vault, sheet.day) == ("v", NOW.date())
    assert len(sheet.words) == 12
    assert Mnemonic("english").check(" ".join(sheet.words))
    again = service.make_recovery(folder, PASSPHRASE)
    assert again.words != sheet.words
    assert again.key == sheet.key


def test_a_sheet_does_not_show_its_secrets_by_accident(sheet: Sheet) -> None:
    assert sheet.words[0] not in repr(sheet)
    assert sheet.key[:16] not in repr(sheet)


def test_the_words_are_kept_nowhere(folder: Path, sheet: Sheet) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert " ".join(sheet.words[:3]).encode() not in data
            assert bytes.fromhex(sheet.key)[:32] not in data
            assert sheet.key.encode() not in data.upper()


def test_making_words_needs_the_passphrase(service: VaultService, folder: Path) -> None:
    assert code_of(service.make_recovery, folder, "not this one") == "passphrase-wrong"
    assert not service.has_recovery(folder)


def test_the_vault_still_opens_with_its_passphrase(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    assert service.has_recovery(folder)
    assert reads_letter(service, folder, PASSPHRASE)
    assert code_of(service.open, folder, " ".join(sheet.words)) == "passphrase-wrong"


def test_the_recovery_file_is_for_its_owner_alone(folder: Path, sheet: Sheet) -> None:
    assert (folder / RECOVERY).stat().st_mode & 0o777 == 0o600


# the words open it, here and elsewhere


def renamed_as_the_sheet_says(folder: Path) -> Path:
    copy = shutil.copytree(folder, folder.with_name("copy"))
    (copy / KEY_FILE).rename(copy / "masterkey.old")
    (copy / RECOVERY).rename(copy / KEY_FILE)
    return copy


def test_by_hand_without_guardian_the_words_open_the_vault_in_another_program(
    folder: Path, sheet: Sheet, peer: Callable[..., Any]
) -> None:
    found = peer("read", renamed_as_the_sheet_says(folder), " ".join(sheet.words))["files"]
    assert found["letter.txt"] == hashlib.sha256(b"Dear all").hexdigest()
    assert found["n" * 200] == hashlib.sha256(b"long").hexdigest()


def test_by_hand_the_words_open_the_vault_in_guardian_too(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    assert reads_letter(service, renamed_as_the_sheet_says(folder), " ".join(sheet.words))


def test_the_words_set_a_new_passphrase_and_stay_valid(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    for new in (NEW, "another fine passphrase"):
        service.reset_passphrase(folder, " ".join(sheet.words), new)
        assert reads_letter(service, folder, new)
    assert code_of(service.open, folder, PASSPHRASE) == "passphrase-wrong"


@pytest.mark.parametrize(
    "write",
    [
        lambda words: "  ".join(words).upper(),
        lambda words: "\n".join(f"{place:>2}. {word}" for place, word in enumerate(words, 1)),
        lambda words: ", ".join(words).title(),
        lambda words: "-".join(words) + "\t\r\n",
    ],
)
def test_the_words_may_be_typed_as_they_stand_on_the_paper(
    service: VaultService, folder: Path, sheet: Sheet, write: Callable[[tuple[str, ...]], str]
) -> None:
    service.reset_passphrase(folder, write(sheet.words), NEW)
    assert reads_letter(service, folder, NEW)


def lose(*names: str) -> Callable[[Path], None]:
    return lambda folder: [(folder / name).unlink() for name in names] and None


def spoil(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content) and None


@pytest.mark.parametrize(
    "harm",
    [
        lose(KEY_FILE),
        lose(CONFIG),
        lose(CONFIG, KEY_FILE),
        spoil(KEY_FILE, b"{}"),
        spoil(KEY_FILE, b"\0" * 70_000),
        spoil(CONFIG, b"a.b.c"),
        spoil(CONFIG, b"\xff" * 70_000),
    ],
    ids=[
        "no key file",
        "no configuration",
        "neither",
        "key file emptied",
        "key file huge",
        "configuration spoilt",
        "configuration huge",
    ],
)
def test_the_words_also_mend_files_that_are_lost_or_damaged(
    service: VaultService, folder: Path, sheet: Sheet, harm: Callable[[Path], None]
) -> None:
    harm(folder)
    service.reset_passphrase(folder, " ".join(sheet.words), NEW)
    assert reads_letter(service, folder, NEW)


def test_a_configuration_that_is_replaced_is_kept_beside_it(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    (folder / CONFIG).write_bytes(b"a.b.c")
    service.reset_passphrase(folder, " ".join(sheet.words), NEW)
    (kept,) = folder.glob("vault.cryptomator.*.bkup")
    assert kept.read_bytes() == b"a.b.c"


def test_a_vault_of_another_kind_is_not_mended_into_one_of_ours(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    header = {"kid": "masterkeyfile:masterkey.cryptomator", "typ": "JWT", "alg": "HS256"}
    parts = (header, {"format": 9, "cipherCombo": "X"})
    token = ".".join(config.encode_token(json.dumps(part).encode()) for part in parts) + ".AAAA"
    (folder / CONFIG).write_text(token)
    code = code_of(service.reset_passphrase, folder, " ".join(sheet.words), NEW)
    assert code == "vault-format-unknown"
    assert (folder / CONFIG).read_text() == token


# typing errors are told apart


def test_a_word_that_is_none_is_told_by_its_place_and_not_repeated(sheet: Sheet) -> None:
    words = list(sheet.words)
    words[6] = "sesquipedalian"
    with pytest.raises(Problem, match="recovery-word-unknown") as caught:
        read_words(" ".join(words))
    assert caught.value.facts == {"place": 7}
    assert caught.value.__context__ is None


@pytest.mark.parametrize("count", [0, 1, 11, 13, 24])
def test_too_few_or_too_many_words_are_counted(sheet: Sheet, count: int) -> None:
    with pytest.raises(Problem, match="recovery-word-count") as caught:
        read_words(" ".join((sheet.words * 2)[:count]))
    assert caught.value.facts == {"count": count, "needed": 12}


def test_words_in_the_wrong_order_are_no_sheet() -> None:
    words = list(spell(bytes(range(16))))
    words[0], words[5] = words[5], words[0]
    assert code_of(read_words, " ".join(words)) == "recovery-words-mixed"


def test_the_words_of_another_vault_are_told_from_a_typing_error(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    other = " ".join(spell(b"\x07" * 16))
    before = (folder / KEY_FILE).read_bytes()
    assert code_of(service.reset_passphrase, folder, other, NEW) == "recovery-wrong"
    assert (folder / KEY_FILE).read_bytes() == before


def test_without_recovery_words_none_can_be_used(service: VaultService, folder: Path) -> None:
    other = " ".join(spell(b"\x07" * 16))
    assert code_of(service.reset_passphrase, folder, other, NEW) == "recovery-none"


def test_a_weak_new_passphrase_is_refused_before_anything_is_done(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    words = " ".join(sheet.words)
    assert code_of(service.reset_passphrase, folder, words, "password1") == "vault-passphrase-weak"
    assert reads_letter(service, folder, PASSPHRASE)


def test_a_damaged_recovery_file_is_named(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    (folder / RECOVERY).write_bytes(b"{}")
    with pytest.raises(Problem, match="vault-key-file-damaged") as caught:
        service.reset_passphrase(folder, " ".join(sheet.words), NEW)
    assert caught.value.facts == {"file": RECOVERY}


@example("ſ " * 12)
@example("\ud800")
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from([*recovery.standard_words()[:40], "zoo", "x", "1."]), max_size=14
        ).map(" ".join),
    )
)
def test_any_text_is_twelve_words_or_a_problem_in_words(typed: str) -> None:
    try:
        words = read_words(typed)
    except Problem as problem:
        assert problem.code.startswith("recovery-word")
    else:
        assert Mnemonic("english").check(" ".join(words))


@given(st.binary(min_size=16, max_size=16))
def test_words_are_spelt_as_the_standard_says_and_read_back(secret: bytes) -> None:
    phrase = Mnemonic("english").to_mnemonic(secret)
    assert " ".join(spell(secret)) == phrase
    assert read_words(phrase) == tuple(phrase.split())


# ending and renewing


def test_new_words_end_the_earlier_ones(service: VaultService, folder: Path, sheet: Sheet) -> None:
    second = service.make_recovery(folder, PASSPHRASE)
    code = code_of(service.reset_passphrase, folder, " ".join(sheet.words), NEW)
    assert code == "recovery-wrong"
    service.reset_passphrase(folder, " ".join(second.words), NEW)
    assert reads_letter(service, folder, NEW)


def test_revoked_words_open_nothing(service: VaultService, folder: Path, sheet: Sheet) -> None:
    service.revoke_recovery(folder)
    assert not service.has_recovery(folder)
    assert not (folder / RECOVERY).exists()
    code = code_of(service.reset_passphrase, folder, " ".join(sheet.words), NEW)
    assert code == "recovery-none"
    service.revoke_recovery(folder)  # twice is fine


@pytest.mark.parametrize("harm", [lose(KEY_FILE), spoil(KEY_FILE, b"{}"), lose(CONFIG)])
def test_the_last_way_in_is_not_revoked(
    service: VaultService, folder: Path, sheet: Sheet, harm: Callable[[Path], None]
) -> None:
    harm(folder)
    with pytest.raises(Problem):
        service.revoke_recovery(folder)
    assert service.has_recovery(folder)


def test_a_vault_whose_only_key_file_has_the_recovery_name_keeps_it(
    service: VaultService, folder: Path, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = root.read_key(folder, root.read_config(folder), PASSPHRASE)
    monkeypatch.setattr(config, "KEY_FILE", RECOVERY)
    (folder / CONFIG).write_bytes(config.write_config(key))
    words = " ".join(sheet.words)
    assert code_of(service.revoke_recovery, folder) == "vault-config-damaged"
    assert code_of(service.make_recovery, folder, words) == "vault-config-damaged"
    assert reads_letter(service, folder, words)


# the key itself


@pytest.mark.parametrize(
    "spelling", [str, str.lower, lambda key: " ".join(key[at : at + 8] for at in range(0, 136, 8))]
)
def test_with_every_key_file_gone_the_key_of_the_sheet_makes_them_anew(
    service: VaultService,
    folder: Path,
    sheet: Sheet,
    peer: Callable[..., Any],
    spelling: Callable[[str], str],
) -> None:
    for name in (CONFIG, KEY_FILE, RECOVERY):
        (folder / name).unlink()
    service.rebuild(folder, spelling(sheet.key), NEW)
    assert reads_letter(service, folder, NEW)
    assert "letter.txt" in peer("read", folder, NEW)["files"]


def test_the_key_of_another_vault_changes_nothing(
    service: VaultService, folder: Path, sheet: Sheet
) -> None:
    wrong = recovery.write_key(masterkey.new_masterkey())
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert code_of(service.rebuild, folder, wrong, NEW) == "recovery-key-other"
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before


@pytest.mark.parametrize("place", [0, 63, 64, 127, 128, 135])
def test_one_misread_digit_of_the_key_is_noticed(
    service: VaultService, folder: Path, sheet: Sheet, place: int
) -> None:
    """The folder alone proves only half of the key; see ``write_key``."""
    digit = "0" if sheet.key[place] != "0" else "1"
    wrong = sheet.key[:place] + digit + sheet.key[place + 1 :]
    assert code_of(service.rebuild, folder, wrong, NEW) == "recovery-key-unreadable"
    assert reads_letter(service, folder, PASSPHRASE)


@pytest.mark.parametrize("text", ["", "x", "0" * 128, "0" * 136, "0" * 137, "g" * 136, "٣" * 136])
def test_what_is_no_key_is_told(service: VaultService, folder: Path, text: str) -> None:
    assert code_of(service.rebuild, folder, text, NEW) == "recovery-key-unreadable"


def test_a_folder_that_is_no_vault_gets_no_key_files(service: VaultService, tmp_path: Path) -> None:
    key = recovery.write_key(masterkey.new_masterkey())
    (tmp_path / "plain").mkdir()
    assert code_of(service.rebuild, tmp_path / "plain", key, NEW) == "vault-folder-damaged"
    assert code_of(service.rebuild, tmp_path / "none", key, NEW) == "vault-missing"
    assert list((tmp_path / "plain").iterdir()) == []


def test_a_vault_that_shortens_names_earlier_is_made_anew_with_its_own_threshold(
    tmp_path: Path,
) -> None:
    key = masterkey.new_masterkey()
    folder = tmp_path / "v"
    root.create(folder, PASSPHRASE).close()
    assert recovery.threshold_of(folder) == 220
    (folder / "d" / "short.c9s").mkdir()
    (folder / "d" / "short.c9s" / "name.c9s").write_text("x" * 101)
    assert recovery.threshold_of(folder) == 100
    data = config.write_config(key, 100)
    assert config.parse_config(data).verify(key).threshold == 100


def test_how_documents_were_encrypted_is_seen_from_the_documents(
    folder: Path, tmp_path: Path
) -> None:
    key = root.read_key(folder, root.read_config(folder), PASSPHRASE)
    assert recovery.cipher_of(folder, key) == SIV_GCM.name
    old = tmp_path / "old"
    (old / "d" / "AA" / "B").mkdir(parents=True)
    assert recovery.cipher_of(old, key) == SIV_GCM.name
    (old / "d" / "AA" / "B" / "stray.c9r").write_bytes(b"no header")
    (old / "d" / "AA" / "B" / "x.c9r").write_bytes(old_header(key) + b"chunk")
    assert recovery.cipher_of(old, key) == SIV_CTRMAC.name


def old_header(key: masterkey.MasterKey) -> bytes:
    signed = b"\x11" * 16 + b"\x22" * 40
    return signed + hmac.digest(key.authentication, signed, "sha256")


# whatever interrupts it


@pytest.mark.parametrize("verb", ["change", "make", "renew", "revoke", "reset", "rebuild"])
def test_killed_at_any_step_the_vault_opens_by_the_old_way_or_by_the_new_one(
    verb: str, tmp_path: Path
) -> None:
    script = Path(__file__).with_name("killer_keys.py")
    command = [sys.executable, script, verb, tmp_path]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    outcomes = json.loads(done.stdout)
    assert len(outcomes) >= 3
    exchanged = verb in ("change", "reset", "rebuild")
    for outcome in outcomes:
        assert outcome["strange"] == []
        if not exchanged:
            assert (outcome["old"], outcome["new"]) == (True, False)
        elif verb != "rebuild":
            assert outcome["old"] is not outcome["new"]
            assert outcome["old words"]
        if verb == "renew":
            assert outcome["old words"] is not outcome["new words"]
    end = outcomes[-1]
    assert end["new" if exchanged else "old"]
    assert end["new words"] is (verb in ("make", "renew"))
    assert outcomes[0]["new"] is False
    assert outcomes[0]["new words"] is False

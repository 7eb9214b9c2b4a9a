"""What others pass over in silence: every known way to tamper with a vault, and what is said."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from guardian.core.errors import Problem
from guardian.vault.model import CheckReport, Condition
from guardian.vault.service import Vault, VaultService
from tests.vault.defects import ATTACKS, CORPUS, DEFECTS, LONG, PASSPHRASE, Attack, apply, fill


def codes(checked: CheckReport) -> set[str]:
    return {finding.what.code.removeprefix("vault.finding.") for finding in checked.findings}


@pytest.fixture
def filled(vault: Vault, tmp_path: Path) -> Vault:
    fill(vault, tmp_path / "documents")
    return vault


def test_a_vault_nobody_touched_is_as_guardian_wrote_it(filled: Vault) -> None:
    for full in (False, True):
        checked = filled.check(full=full)
        assert checked.condition is Condition.AS_WRITTEN
        assert checked.findings == ()
        assert (checked.documents, checked.folders, checked.listed) == (6, 2, True)
        assert not checked.older


@pytest.mark.parametrize("attack", DEFECTS, ids=lambda attack: attack.name)
def test_each_attack_is_told_for_what_it_is(filled: Vault, attack: Attack) -> None:
    attack.do(filled)
    quick, full = filled.check(), filled.check(full=True)
    assert (attack.quick in codes(quick)) if attack.quick else (quick.findings == ())
    assert attack.full in codes(full)
    assert full.condition is not Condition.AS_WRITTEN


@pytest.mark.parametrize("attack", DEFECTS, ids=lambda attack: attack.name)
def test_an_attack_on_one_thing_leaves_the_others_alone(filled: Vault, attack: Attack) -> None:
    attack.do(filled)
    paths = {finding.path.partition("/")[0] for finding in filled.check(full=True).findings}
    spared = {"one.bin", "two.bin", "short.txt", LONG, "folder", "second"} - paths
    assert len(spared) >= 4


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if one.refused], ids=lambda attack: attack.name
)
def test_an_attack_on_what_opens_the_vault_keeps_it_shut(
    filled: Vault, service: VaultService, attack: Attack
) -> None:
    attack.do(filled)
    filled.lock()
    with pytest.raises(Problem) as caught:
        service.open(filled.folder, PASSPHRASE)
    assert caught.value.code == attack.refused


def test_all_twenty_seven_attacks_are_tried() -> None:
    assert len(ATTACKS) == len({attack.name for attack in ATTACKS}) == 27


def test_the_list_shows_eleven_attacks_in_full_and_ten_of_them_at_a_glance() -> None:
    """With the outcomes above: what other programs cannot see, and which of it needs every byte."""
    held = [attack for attack in ATTACKS if attack.manifest]
    assert len(held) == 11
    assert [attack.name for attack in held if attack.quick is None] == ["old-chunk"]


CASES = sorted(CORPUS.glob("*.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_frozen_vault_with_one_defect_is_told_the_same_today(
    service: VaultService, tmp_path: Path, case: Path
) -> None:
    defect = json.loads(case.read_text("utf-8"))
    shutil.copytree(CORPUS / "whole", tmp_path / "vault")
    apply(defect, tmp_path / "vault")
    if defect["refused"]:
        with pytest.raises(Problem) as caught:
            service.open(tmp_path / "vault", PASSPHRASE)
        assert caught.value.code == defect["refused"]
        return
    with service.open(tmp_path / "vault", PASSPHRASE) as opened:
        quick, full = opened.check(), opened.check(full=True)
    assert (defect["quick"] in codes(quick)) if defect["quick"] else (quick.findings == ())
    assert defect["full"] in codes(full)


def test_every_defect_has_its_frozen_vault(service: VaultService, tmp_path: Path) -> None:
    assert {case.stem for case in CASES} == {attack.name for attack in DEFECTS}
    shutil.copytree(CORPUS / "whole", tmp_path / "vault")
    with service.open(tmp_path / "vault", PASSPHRASE) as opened:
        assert opened.check(full=True).findings == ()


def told_or_refused(vault: Vault) -> bool:
    """Whether a full check finds something; anything but a problem is a crash and fails."""
    try:
        return vault.check(full=True).condition is not Condition.AS_WRITTEN
    except Problem:
        return True


@pytest.mark.parametrize(
    "find",
    [
        lambda vault: vault._tree.find("folder").file,
        lambda vault: vault._tree.folder("folder").place / "dirid.c9r",
        lambda vault: vault._tree.folder("").place / "dirid.c9r",
        lambda vault: vault._tree.find(LONG).place / "name.c9s",
        lambda vault: vault._tree.find("short.txt").file,
        lambda vault: vault.folder / "vault.cryptomator",
    ],
    ids=["dir.c9r", "dirid.c9r", "dirid.c9r of the root", "name.c9s", "document", "config"],
)
def test_no_flipped_byte_of_a_small_file_is_accepted(
    filled: Vault, find: Callable[[Vault], Path]
) -> None:
    file = find(filled)
    whole = file.read_bytes()
    for place in range(len(whole)):
        broken = bytearray(whole)
        broken[place] ^= 1 << place % 8
        file.write_bytes(broken)
        assert told_or_refused(filled), place
    file.write_bytes(whole)
    assert filled.check(full=True).findings == ()


def test_no_flipped_byte_of_the_key_file_is_accepted(filled: Vault, service: VaultService) -> None:
    filled.lock()
    file = filled.folder / "masterkey.cryptomator"
    whole = file.read_bytes()
    for place in range(len(whole)):
        broken = bytearray(whole)
        broken[place] ^= 1 << place % 8
        file.write_bytes(broken)
        with pytest.raises(Problem):
            service.open(filled.folder, PASSPHRASE)


def test_flips_anywhere_in_a_document_are_found_and_its_name_is_told(filled: Vault) -> None:
    file = filled._tree.find("one.bin").file
    whole = file.read_bytes()
    step = 97
    for place in range(0, len(whole), len(whole) // 60 + step):
        broken = bytearray(whole)
        broken[place] ^= 0x80
        file.write_bytes(broken)
        found = filled.check(full=True).findings
        assert [finding.path for finding in found] == ["one.bin"], place
        assert found[0].condition is Condition.DAMAGED


def test_loops_end(filled: Vault, tmp_path: Path) -> None:
    """A folder that leads to the one it lies in, as often as one looks."""
    (tmp_path / "deep.txt").write_bytes(b"deep")
    filled.add([tmp_path / "deep.txt"], "folder/below")
    outer = filled._tree.find("folder").file.read_bytes()
    filled._tree.find("folder/below").file.write_bytes(outer)
    checked = filled.check(full=True)
    assert {"folder-twice", "led"} & codes(checked)
    assert checked.condition is Condition.DAMAGED


def test_files_that_are_not_the_vaults_are_passed_over(filled: Vault) -> None:
    content = filled._tree.folder("").place
    for name in (".DS_Store", "desktop.ini", "a.c9r", "notes.txt", ".x.tmp"):
        (content / name).write_bytes(b"?")
        (filled.folder / name).write_bytes(b"?")
    (filled.folder / "d" / "notes").mkdir()
    (filled.folder / ".guardian-tmp").mkdir(exist_ok=True)
    (filled.folder / ".guardian-tmp" / "unfinished").write_bytes(b"?")
    os.mkfifo(content / "pipe.txt")
    assert filled.check(full=True).findings == ()

"""What the records of the vaults show to the checkup, and the keys its steps go by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guardian.core.feature import Level, Observation
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Words
from guardian.vault.model import Condition, Details, VaultInfo, VaultState
from guardian.vault.observing import observe
from guardian.vault.repository import VaultRepository
from guardian.vault.service import Vault, VaultService
from guardian.vault.standing import steps
from tests.timing import quickest

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = NOON.date()
WORDS = Words()
LOST = VaultState.MISSING


def ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


CARED = VaultInfo(
    path=Path("/home/ada/Family"),
    added=ago(400),
    last_opened=ago(3),
    state=VaultState.FOUND,
    checked=ago(1),
    condition=Condition.AS_WRITTEN,
    last_check=ago(3),
    last_full_check=ago(30),
    last_backup=ago(20),
    backup_place=Path("/media/stick/Family"),
    recovery=True,
    expiries=(after(900),),
)
NEW = replace(
    CARED, added=ago(2), condition=None, last_check=None, last_full_check=None, last_backup=None
)


def by_check(observations: tuple[Observation, ...]) -> dict[str, Observation]:
    assert len({one.check for one in observations}) == len(observations)
    for one in observations:
        assert one.text.code in WORDS
        assert "{" not in WORDS.tell(one.text)
        assert 0 <= one.done <= one.total >= 1
    return {one.check: one for one in observations}


def observed(*known: VaultInfo) -> dict[str, Observation]:
    return by_check(observe(known, NOON))


def test_nobody_knows_a_vault_so_nothing_was_seen() -> None:
    assert observe((), NOON) == ()
    assert observe((replace(CARED, state=None),), NOON) == ()


def test_a_vault_that_was_seen_to_is_all_in_order_as_of_when_it_was_seen() -> None:
    seen = observed(CARED)
    assert {key: (one.done, one.total) for key, one in seen.items()} == dict.fromkeys(
        ("vault-there", "vault-backup", "vault-check", "vault-recovery", "vault-expiry"), (1, 1)
    )
    assert {key: one.seen for key, one in seen.items()} == {
        "vault-there": ago(1),
        "vault-backup": ago(20),
        "vault-check": ago(30),
        "vault-recovery": ago(1),
        "vault-expiry": ago(3),
    }


@pytest.mark.parametrize(
    ("change", "check", "done"),
    [
        ({"last_backup": None}, "vault-backup", 0),
        ({"last_backup": ago(91)}, "vault-backup", 0),
        ({"last_backup": ago(90)}, "vault-backup", 1),
        ({"condition": Condition.DAMAGED}, "vault-check", 0),
        ({"condition": Condition.CHANGED}, "vault-check", 1),
        ({"last_full_check": ago(181)}, "vault-check", 0),
        ({"last_full_check": None}, "vault-check", 0),
        ({"recovery": False}, "vault-recovery", 0),
        ({"expiries": (after(60),)}, "vault-expiry", 0),
        ({"expiries": (after(-300),)}, "vault-expiry", 0),
        ({"expiries": (after(61),)}, "vault-expiry", 1),
    ],
)
def test_one_thing_that_is_not_in_order(change: dict[str, Any], check: str, done: int) -> None:
    seen = observed(replace(CARED, **change))
    assert (seen[check].done, seen[check].total) == (done, 1)
    assert sum(one.total - one.done for one in seen.values()) == 1 - done


def test_of_a_vault_that_is_gone_only_that_was_seen() -> None:
    assert {key: one.done for key, one in observed(replace(CARED, state=LOST)).items()} == {
        "vault-there": 0
    }
    other = replace(CARED, path=Path("/x"), state=LOST)
    seen = observed(CARED, other)
    assert (seen["vault-there"].done, seen["vault-backup"].total) == (1, 1)


def test_what_nobody_looked_at_is_not_counted() -> None:
    assert "vault-check" not in observed(NEW), "a new vault has time"
    assert "vault-recovery" not in observed(replace(CARED, recovery=None))
    assert "vault-expiry" not in observed(replace(CARED, expiries=()))
    assert "vault-expiry" not in observed(replace(CARED, expiries=(after(-366),)))
    assert observed(CARED, replace(NEW, path=Path("/n")))["vault-check"].total == 1


def test_several_vaults_are_counted_and_the_oldest_look_counts() -> None:
    second = replace(CARED, path=Path("/b"), last_backup=ago(80), checked=ago(9))
    third = replace(CARED, path=Path("/c"), last_backup=None, checked=ago(2))
    seen = observed(CARED, second, third)
    backup = seen["vault-backup"]
    assert (backup.done, backup.total, backup.seen) == (2, 3, ago(80))
    assert seen["vault-there"].seen == ago(9)
    assert WORDS.tell(backup.text) == "With a backup of the last 90 days: 2 of 3 vaults."


def test_a_real_vault_is_followed_from_its_making_to_its_backup(
    vault: Vault,
    service: VaultService,
    document: Callable[..., Path],
    tmp_path: Path,
) -> None:
    made = by_check(service.observations())
    assert {key: one.done for key, one in made.items()} == {"vault-there": 1, "vault-backup": 0}
    vault.add([document("passport.pdf")])
    vault.describe("passport.pdf", Details(valid_until=date(2026, 12, 1)))
    service.check(report_nothing)
    service.back_up(vault.folder, tmp_path / "copy")
    vault.check(report_nothing, full=True)
    seen = by_check(service.observations())
    assert {key: one.done for key, one in seen.items()} == {
        "vault-there": 1,
        "vault-backup": 1,
        "vault-check": 1,
        "vault-recovery": 0,
        "vault-expiry": 0,
    }
    assert "passport" not in repr(seen)


# keys


def test_every_step_has_a_key_that_stays_and_tells_no_name() -> None:
    neglected = replace(
        CARED, last_backup=None, last_full_check=ago(999), recovery=False, expiries=(after(3),)
    )
    other = replace(neglected, path=Path("/home/ada/Work"))
    found = steps((neglected, other), TODAY)
    keys = [step.key for step in found]
    assert len(set(keys)) == len(keys) == 8
    assert not any(word in key.lower() for key in keys for word in ("ada", "family", "work"))
    kinds = {key.partition(":")[0] for key in keys}
    assert kinds == {"vault-expiry", "vault-recovery", "vault-backup", "vault-check"}
    later = steps((replace(neglected, last_backup=ago(200)), other), after(1))
    assert [step.key for step in later] == keys
    assert {step.level for step in found} == {Level.ASK}


def test_only_damage_asks_to_act() -> None:
    (step,) = steps((replace(CARED, condition=Condition.DAMAGED),), TODAY)
    assert (step.level, step.key.partition(":")[0]) == (Level.ACT, "vault-damage")
    (lost,) = steps((replace(CARED, state=LOST),), TODAY)
    assert lost.level is Level.ASK


def test_the_next_document_that_ends_is_another_thing_than_the_one_put_aside() -> None:
    def key(day: date) -> str:
        (step,) = steps((replace(CARED, expiries=(day,)),), TODAY)
        return step.key

    assert key(after(3)) == key(after(3)) != key(after(30))


def test_without_a_vault_the_step_stands_for_having_one() -> None:
    assert [step.key for step in steps((), TODAY)] == ["vault-there"]


def test_ten_thousand_documents_that_end_are_told_in_a_moment(
    service: VaultService, store: Store
) -> None:
    vaults = VaultRepository(store)
    for one in range(10):
        vaults.remember(Path(f"/v{one}"), NOON)
        vaults.note_expiries(Path(f"/v{one}"), [after(day % 4000) for day in range(1_000)])
    assert by_check(service.observations())["vault-expiry"].total == 10_000
    assert quickest(service.observations) < 0.1  # measured: 12 ms

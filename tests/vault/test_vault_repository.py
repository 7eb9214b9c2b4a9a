"""What Guardian remembers of vaults, and that older records are carried over whole."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from guardian.core.errors import Problem
from guardian.core.paths import Paths
from guardian.core.store import Store, open_in_memory, open_store
from guardian.vault.model import Condition, VaultInfo, VaultState
from guardian.vault.repository import (
    MIGRATIONS,
    SeenList,
    VaultMemory,
    VaultRepository,
    WrappedKey,
)
from tests.memory_keychain import MemoryKeychain

HOME = Path("/home/ada/Vault")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def repository(store: Store) -> VaultRepository:
    return VaultRepository(store)


def test_records_of_the_first_version_are_carried_over_whole(store: Store) -> None:
    store.migrate("vault", MIGRATIONS[:1])
    odd = Path(os.fsdecode(b"/home/ada/\xff"))
    rows = [
        (str(HOME), "2026-03-01T08:00:00+00:00", "2026-04-02T08:00:00+00:00", "found"),
        ("/media/stick/v", "2026-02-01T08:00:00+00:00", None, None),
        (os.fsencode(odd), "2026-01-01T08:00:00+00:00", None, "missing"),
    ]
    for row in rows:
        checked = "2026-05-01T08:00:00+00:00" if row[-1] else None
        store.run("INSERT INTO vaults VALUES (?, ?, ?, ?, ?)", *row, checked)
    looked = datetime(2026, 5, 1, 8, tzinfo=UTC)
    repository = VaultRepository(store)
    assert repository.all() == (
        VaultInfo(
            path=HOME,
            added=datetime(2026, 3, 1, 8, tzinfo=UTC),
            last_opened=datetime(2026, 4, 2, 8, tzinfo=UTC),
            state=VaultState.FOUND,
            checked=looked,
        ),
        VaultInfo(Path("/media/stick/v"), datetime(2026, 2, 1, 8, tzinfo=UTC)),
        VaultInfo(
            odd, datetime(2026, 1, 1, 8, tzinfo=UTC), state=VaultState.MISSING, checked=looked
        ),
    )
    for path in (HOME, odd):
        repository.note_check(path, NOW, Condition.DAMAGED, full=True)
        repository.note_backup(path, NOW, odd / "copy")
        info = next(info for info in repository.all() if info.path == path)
        assert (info.condition, info.last_full_check) == (Condition.DAMAGED, NOW)
        assert (info.last_backup, info.backup_place) == (NOW, odd / "copy")


def test_records_of_a_newer_guardian_are_left_alone(store: Store) -> None:
    store.migrate("vault", (*MIGRATIONS, "CREATE TABLE vault_news (x TEXT)"))
    with pytest.raises(Problem, match="store-newer"):
        VaultRepository(store)


def test_each_kind_of_check_keeps_its_own_time(repository: VaultRepository) -> None:
    repository.remember(HOME, NOW)
    repository.note_check(HOME, NOW, Condition.CHANGED, full=True)
    later = NOW + timedelta(days=1)
    repository.note_check(HOME, later, Condition.AS_WRITTEN, full=False)
    (info,) = repository.all()
    assert (info.last_check, info.last_full_check) == (later, NOW)
    assert info.condition is Condition.AS_WRITTEN


def test_a_quick_check_does_not_take_back_the_damage_that_a_full_one_found(
    repository: VaultRepository,
) -> None:
    def note(condition: Condition, *, full: bool) -> Condition | None:
        repository.note_check(HOME, NOW, condition, full=full)
        return repository.all()[0].condition

    repository.remember(HOME, NOW)
    assert note(Condition.DAMAGED, full=False) is Condition.DAMAGED
    assert note(Condition.AS_WRITTEN, full=False) is Condition.AS_WRITTEN
    assert note(Condition.DAMAGED, full=True) is Condition.DAMAGED
    assert note(Condition.AS_WRITTEN, full=False) is Condition.DAMAGED
    assert note(Condition.AS_WRITTEN, full=True) is Condition.AS_WRITTEN


def test_opening_again_keeps_what_is_known(repository: VaultRepository) -> None:
    repository.remember(HOME, NOW)
    repository.note_check(HOME, NOW, Condition.AS_WRITTEN, full=True)
    repository.note_backup(HOME, NOW, Path("/media/stick"))
    repository.note_expiries(HOME, [date(2027, 3, 3)])
    repository.note_recovery(HOME, True)
    (before,) = repository.all()
    later = NOW + timedelta(days=1)
    repository.remember(HOME, later)
    (after,) = repository.all()
    assert (after.added, after.last_opened) == (NOW, later)
    assert (after.last_backup, after.expiries, after.recovery) == (NOW, before.expiries, True)
    assert after.last_full_check == NOW


def test_days_are_kept_as_often_as_documents_end_on_them(repository: VaultRepository) -> None:
    repository.remember(HOME, NOW)
    repository.remember(HOME / "other", NOW)
    days = [date(2027, 3, 3), date(2026, 12, 1), date(2027, 3, 3)]
    repository.note_expiries(HOME, days)
    assert {info.path: info.expiries for info in repository.all()} == {
        HOME: tuple(sorted(days)),
        HOME / "other": (),
    }
    repository.note_expiries(HOME, [])
    assert all(info.expiries == () for info in repository.all())


def test_the_latest_comes_first(repository: VaultRepository) -> None:
    for number, name in enumerate("abc"):
        repository.remember(HOME / name, NOW + timedelta(days=number))
    repository.remember(HOME / "a", NOW + timedelta(days=9))
    assert [info.name for info in repository.all()] == ["a", "c", "b"]


def test_times_are_kept_whatever_the_zone(repository: VaultRepository) -> None:
    zone = timezone(timedelta(hours=-7))
    repository.remember(HOME, NOW.astimezone(zone))
    assert repository.all()[0].added == NOW


def test_forgetting_a_vault_takes_its_days_and_its_key_along(
    repository: VaultRepository, store: Store
) -> None:
    repository.remember(HOME, NOW)
    repository.note_expiries(HOME, [date(2027, 3, 3)])
    repository.keep_wrapped_key(HOME, WrappedKey("item", b"wrapped"))
    assert repository.all()[0].opens_here
    repository.forget(HOME)
    assert repository.all() == ()
    assert repository.wrapped_key(HOME) is None
    assert store.rows("SELECT * FROM vault_expiries") == []


def test_what_is_noted_of_a_vault_nobody_knows_is_nothing(repository: VaultRepository) -> None:
    repository.note_check(HOME, NOW, Condition.AS_WRITTEN, full=True)
    repository.note_backup(HOME, NOW, HOME)
    repository.note_recovery(HOME, True)
    assert repository.all() == ()


def test_a_vault_is_known_by_its_keys_wherever_it_lies(repository: VaultRepository) -> None:
    here = VaultMemory(repository, HOME, "mark")
    there = VaultMemory(repository, Path("/media/stick/v"), "mark")
    other = VaultMemory(repository, HOME, "other mark")
    here.note_lists({"aa": SeenList(3, b"three"), "bb": SeenList(1, b"one")})
    there.note_lists({"aa": SeenList(4, b"four")})
    assert here.lists_seen() == {"aa": SeenList(4, b"four"), "bb": SeenList(1, b"one")}
    assert other.lists_seen() == {}


def test_a_computer_has_one_name_and_says_nothing_with_it(
    repository: VaultRepository, store: Store
) -> None:
    name = repository.device()
    assert len(name) == 8
    assert int(name, 16) >= 0
    assert VaultRepository(store).device() == repository.device() == name
    assert VaultRepository(open_in_memory()).device() == name  # nothing kept: still the same


def test_kept_records_give_each_computer_a_name_by_chance(
    tmp_path: Path, memory_keychain: MemoryKeychain
) -> None:
    names = []
    for home in ("one", "two"):
        place = tmp_path / home
        for _ in range(2):
            store = open_store(Paths(place, place, place), memory_keychain)
            assert store.why is None
            names.append(VaultRepository(store).device())
            store.close()
    assert names[0] == names[1] != names[2] == names[3]

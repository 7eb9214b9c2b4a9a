"""Several people on one computer: each with records of their own, and a list that is never lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core import keys, profiles, store
from guardian.core.errors import Problem
from guardian.core.keys import KeyMode
from guardian.core.paths import Paths, find_paths
from guardian.core.profiles import (
    FIRST,
    GUEST,
    Colour,
    Kind,
    Profile,
    add_profile,
    change_own_passphrase,
    change_profile,
    find_profile,
    needs_passphrase,
    paths_of,
    read_profiles,
    remove_profile,
)
from guardian.core.settings import Settings, save_settings
from guardian.core.store import (
    Store,
    forget_everything,
    open_in_memory,
    open_store,
    protect_with_keyring,
    protect_with_passphrase,
)
from tests.memory_keychain import MemoryKeychain

WORDS, NEXT = "correct horse battery", "a new one entirely"
ONE, TWO = "the first of two", "the second of two"
# written by the Guardian before profiles: the key 00 01 … 1f under «correct horse battery»
OLD_KEY_FILE = (
    b'{"id":"0123456789abcdef","mode":"passphrase","wrapped":{"salt":"DnnnGv1ZrgPnrDDvx33JFA==",'
    b'"n":1024,"r":8,"key":"7X5hyDeyz7fEYxfaHrIBtVdmqW4vBST9Thk0hPPrvIdfAYLKX1SvSA=="},"format":1}'
)


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)


@pytest.fixture
def paths() -> Paths:
    return find_paths()


@pytest.fixture
def ana(paths: Paths) -> Profile:
    return add_profile(paths, "Ana", Colour.ROSE, Kind.PERSON, [WORDS])


@pytest.fixture
def home(paths: Paths) -> Profile:
    return add_profile(paths, "Home", Colour.BLUE, Kind.HOUSEHOLD, [ONE, TWO])


@pytest.fixture
def opening(paths: Paths) -> Iterator[Callable[..., Store]]:
    """Opens the records of a profile, and closes them in the end."""
    opened: list[Store] = []

    def open_it(profile: Profile, passphrase: str | None = WORDS, chain: object = None) -> Store:
        opened.append(open_store(paths_of(paths, profile), chain, lambda: passphrase))  # type: ignore[arg-type]
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


def refuse(*_: object, **__: object) -> None:
    raise OSError(28, os.strerror(28))


def full(*_: object) -> None:
    raise Problem("disk-full", name="x")


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# the list


def test_without_a_list_there_is_the_first_profile_and_nothing_is_written(paths: Paths) -> None:
    assert read_profiles(paths) == (FIRST,)
    assert paths_of(paths, FIRST) == paths
    assert not needs_passphrase(paths, FIRST) and not needs_passphrase(paths, GUEST)
    assert not paths.data.exists()


def test_a_new_profile_is_whole_at_once_and_open_to_its_passphrase_alone(
    paths: Paths, ana: Profile, opening: Callable[..., Store]
) -> None:
    own = paths_of(paths, ana)
    assert read_profiles(paths) == (FIRST, ana)
    assert own.store_file.stat().st_size > 0 and b"SQLite" not in own.store_file.read_bytes()
    assert needs_passphrase(paths, ana)
    assert opening(ana).mode is KeyMode.PASSPHRASE
    assert opening(ana).owner == ana.id
    with pytest.raises(Problem, match="passphrase-wrong"):
        opening(ana, WORDS + "x")
    for path in (paths.profiles_folder, *paths.profiles_folder.rglob("*"), paths.profiles_file):
        assert path.stat().st_mode & 0o077 == 0, path


def test_each_profile_has_its_own_key_settings_and_records(
    paths: Paths, ana: Profile, home: Profile, opening: Callable[..., Store]
) -> None:
    places = [paths_of(paths, one) for one in (FIRST, ana, home)]
    for name in ("settings_file", "store_file", "key_file", "records_lock", "lock_file", "lent"):
        assert len({getattr(place, name) for place in places}) == 3, name
    assert len({place.log_file for place in places}) == 1, "codes and counts alone"
    assert opening(ana)._key != opening(home, ONE)._key


def test_the_list_holds_nickname_colour_and_kind_alone(paths: Paths, ana: Profile) -> None:
    (entry,) = json.loads(paths.profiles_file.read_bytes())["profiles"]
    assert entry == {"id": ana.id, "nickname": "Ana", "colour": "rose", "kind": "person"}


@pytest.mark.parametrize("taken", ["Ana", "ANA", " ana ", "A\u200dna"])
def test_a_nickname_is_taken_whatever_its_case(paths: Paths, ana: Profile, taken: str) -> None:
    with pytest.raises(Problem, match="profile-name-taken"):
        add_profile(paths, taken, Colour.BLUE, Kind.PERSON, [WORDS])
    assert read_profiles(paths) == (FIRST, ana)


def test_a_nickname_is_the_same_in_either_unicode_form(paths: Paths) -> None:
    zoe = add_profile(paths, "Zoe\u0308", Colour.BLUE, Kind.CHILD, [WORDS])
    assert zoe.nickname == "Zo\u00eb" and find_profile(paths, "ZO\u00cb") == zoe
    with pytest.raises(Problem, match="profile-name-taken"):
        add_profile(paths, "zo\u00eb", Colour.BLUE, Kind.CHILD, [WORDS])


@pytest.mark.parametrize(
    ("nickname", "code"),
    [
        ("", "empty"), (" \u3000 ", "empty"), ("\u200d", "empty"), ("x" * 31, "bad"),
        ("a\nb", "bad"), ("a\u202eb", "bad"), ("a\x1bb", "bad"), ("a\ud800", "bad"),
    ],
)  # fmt: skip
def test_what_is_no_nickname_is_refused_before_anything_is_made(
    paths: Paths, nickname: str, code: str
) -> None:
    with pytest.raises(Problem, match=f"profile-name-{code}"):
        add_profile(paths, nickname, Colour.BLUE, Kind.PERSON, [WORDS])
    assert not paths.data.exists()


@given(st.text(max_size=40))
def test_a_tidy_nickname_stays_as_it_is(nickname: str) -> None:
    try:
        tidy = profiles.tidy(nickname)
    except Problem as problem:
        assert problem.code in ("profile-name-empty", "profile-name-bad")
        return
    assert profiles.tidy(tidy) == tidy and 1 <= len(tidy) <= 30
    assert profiles.told_apart(tidy) == profiles.told_apart(unicodedata.normalize("NFD", tidy))


def test_nickname_and_colour_can_be_changed_and_the_kind_stays(paths: Paths, ana: Profile) -> None:
    change_profile(paths, replace(ana, nickname=" Anna ", colour=Colour.SLATE, kind=Kind.CHILD))
    change_profile(paths, replace(FIRST, nickname="Ben"))
    ben, anna = read_profiles(paths)
    assert (ben.nickname, ben.id) == ("Ben", "")
    assert anna == Profile(ana.id, "Anna", Colour.SLATE, Kind.PERSON)
    with pytest.raises(Problem, match="profile-name-taken"):
        change_profile(paths, replace(anna, nickname="bEN"))
    with pytest.raises(Problem, match="profile-unknown"):
        change_profile(paths, Profile("0" * 16, "Nobody", Colour.BLUE, Kind.PERSON))
    assert find_profile(paths, "anna") == anna
    with pytest.raises(Problem, match="profile-unknown"):
        find_profile(paths, "Ana")


def test_no_more_profiles_than_a_person_can_look_through(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, ana: Profile
) -> None:
    monkeypatch.setattr(profiles, "MOST_PROFILES", 2)
    with pytest.raises(Problem, match="profile-too-many"):
        add_profile(paths, "Ben", Colour.BLUE, Kind.PERSON, [WORDS])
    assert read_profiles(paths) == (FIRST, ana)


HARM = {
    "truncated": lambda good: good[:-20],
    "empty": lambda _good: b"",
    "no JSON": lambda _good: b"\xff\xfe{",
    "huge": lambda good: good + b" " * 100_000,
    "deep": lambda _good: b"[" * 60_000,
    "the future": lambda good: good.replace(b'"format": 1', b'"format": 2'),
    "a field more": lambda good: good.replace(b'"id"', b'"count": 3, "id"'),
    "a way out": lambda good: good.replace(b'"id": "', b'"id": "../../', 1),
    "a guest": lambda good: good.replace(b'"person"', b'"guest"'),
    "a wrong colour": lambda good: good.replace(b'"rose"', b'"pink"'),
    "a turned name": lambda good: good.replace(b"Ana", "a\u202en".encode()),
    "two of a name": lambda good: good.replace(b"Leo", b"aNA"),
    "the first as child": lambda good: good.replace(b'"kind": "person"', b'"kind": "child"'),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_damaged_list_is_said_and_never_replaced(paths: Paths, ana: Profile, harm: str) -> None:
    add_profile(paths, "Leo", Colour.AMBER, Kind.CHILD, [WORDS])
    change_profile(paths, replace(FIRST, nickname="Ben"))
    harmed = HARM[harm](paths.profiles_file.read_bytes())
    paths.profiles_file.write_bytes(harmed)
    before = files(paths.data)
    for attempt in (
        lambda: read_profiles(paths),
        lambda: add_profile(paths, "Eva", Colour.BLUE, Kind.PERSON, [WORDS]),
        lambda: change_profile(paths, replace(ana, nickname="Anna")),
        lambda: remove_profile(paths, ana, None),
    ):
        with pytest.raises(Problem) as caught:
            attempt()
        assert caught.value.code == "profiles-damaged"
    assert files(paths.data) == before
    opened = open_store(paths_of(paths, ana), None, lambda: WORDS)
    assert opened.mode is KeyMode.PASSPHRASE, "the records are as they were"
    opened.close()


@given(st.binary(max_size=300))
def test_any_list_is_read_or_refused_with_a_problem(content: bytes) -> None:
    file = find_paths().profiles_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    with pytest.raises(Problem, match="profiles-damaged"):
        read_profiles(find_paths())


def test_a_list_that_is_a_pipe_keeps_nobody_waiting(paths: Paths) -> None:
    paths.data.mkdir(parents=True)
    os.mkfifo(paths.profiles_file)
    with pytest.raises(Problem, match="profiles-damaged"):
        read_profiles(paths)


def test_a_folder_that_may_not_be_looked_into_has_not_lost_its_profiles(
    paths: Paths, ana: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Path.stat

    def forbidden(path: Path, **options: object) -> os.stat_result:
        if path.is_relative_to(paths.data):
            raise PermissionError(13, "Permission denied")
        return look(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "stat", forbidden)
    for attempt in (lambda: read_profiles(paths), lambda: needs_passphrase(paths, ana)):
        with pytest.raises(Problem, match="no-permission"):
            attempt()


@pytest.mark.parametrize("place", ["the key file", "the database", "the list"])
def test_on_a_full_disk_a_profile_is_made_whole_or_not_at_all(
    paths: Paths, ana: Profile, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    before = files(paths.data)
    if place == "the key file":
        monkeypatch.setattr(os, "fsync", refuse)
    else:
        owner, name = {
            "the database": (store, "connect"),
            "the list": (profiles, "write_atomically"),
        }[place]
        monkeypatch.setattr(owner, name, full)
    with pytest.raises(Problem, match="disk-full"):
        add_profile(paths, "Ben", Colour.BLUE, Kind.PERSON, [WORDS])
    monkeypatch.undo()
    assert files(paths.data) == before
    assert [path.name for path in paths.profiles_folder.iterdir()] == [ana.id]
    assert read_profiles(paths) == (FIRST, ana)


def test_two_who_add_at_once_are_both_in_the_list(paths: Paths, guardian_home: Path) -> None:
    script = (
        "import sys\n"
        "from guardian.core import keys\n"
        "keys.SCRYPT_N = 2**10\n"
        "from guardian.core.paths import find_paths\n"
        "from guardian.core.profiles import *\n"
        "for n in range(4):\n"
        "    add_profile(find_paths(), f'{sys.argv[1]}{n}', Colour.BLUE, Kind.PERSON, ['x' * 8])\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script, who]) for who in "ab"]
    assert [run.wait() for run in runs] == [0, 0]
    names = {profile.nickname for profile in read_profiles(paths)}
    assert names == {"", *(f"{who}{number}" for who in "ab" for number in range(4))}


# removing


def test_a_removed_profile_leaves_nothing_and_the_others_as_they_were(
    paths: Paths, ana: Profile, home: Profile, opening: Callable[..., Store]
) -> None:
    save_settings(paths_of(paths, ana).settings_file, Settings())
    (paths_of(paths, ana).lent / "x").mkdir(parents=True)
    others = files(paths_of(paths, home).data)
    remove_profile(paths, ana, None)
    assert read_profiles(paths) == (FIRST, home)
    assert [path.name for path in paths.profiles_folder.iterdir()] == [home.id]
    assert files(paths_of(paths, home).data) == others
    with pytest.raises(Problem, match="profile-unknown"):
        remove_profile(paths, ana, None)


def test_the_first_profile_is_emptied_and_begins_anew(
    paths: Paths, ana: Profile, memory_keychain: MemoryKeychain
) -> None:
    open_store(paths, memory_keychain).close()
    change_profile(paths, replace(FIRST, nickname="Ben", colour=Colour.SLATE))
    save_settings(paths.settings_file, Settings())
    (paths.config / "settings.json.unreadable").write_text("old")
    (paths.data / ".records.db.1234.tmp").write_text("half")
    (paths.lent / "x").mkdir(parents=True)
    remove_profile(paths, FIRST, memory_keychain)
    assert memory_keychain.items == {}
    assert not list(paths.config.iterdir())
    left = {path.name for path in paths.data.iterdir()}
    assert left == {"profiles", "profiles.json", "profiles.lock", "records.lock"}
    assert read_profiles(paths) == (FIRST, ana)
    assert open_store(paths_of(paths, ana), None, lambda: WORDS).mode is KeyMode.PASSPHRASE


def test_the_key_goes_first_and_removing_can_be_tried_again(
    paths: Paths, ana: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(Problem, match="disk-full"):
        remove_profile(paths, ana, None)
    monkeypatch.undo()
    assert not paths_of(paths, ana).key_file.exists()
    assert read_profiles(paths) == (FIRST, ana)
    remove_profile(paths, ana, None)
    assert read_profiles(paths) == (FIRST,)


def test_a_keyring_that_does_not_answer_keeps_nobody_from_leaving(paths: Paths) -> None:
    class Silent(MemoryKeychain):
        def delete(self, name: str) -> None:
            raise Problem("keyring-silent")

    open_store(paths, Silent()).close()
    remove_profile(paths, FIRST, Silent())
    assert not paths.key_file.exists() and not paths.store_file.exists()


# a folder that vanishes, records that cannot be used


def test_a_folder_that_vanished_is_said_and_nothing_empty_takes_its_place(
    paths: Paths, ana: Profile, memory_keychain: MemoryKeychain, opening: Callable[..., Store]
) -> None:
    shutil.rmtree(paths.profiles_folder / ana.id)
    assert read_profiles(paths) == (FIRST, ana)
    with pytest.raises(Problem, match="profile-gone"):
        needs_passphrase(paths, ana)
    for chain in (None, memory_keychain):
        opened = opening(ana, WORDS, chain)
        assert (opened.mode, opened.owner) == (KeyMode.MEMORY, ana.id)
        assert opened.why is not None and opened.why.code == "profile-gone"
    assert not (paths.profiles_folder / ana.id).exists() and memory_keychain.items == {}
    remove_profile(paths, ana, None)
    assert read_profiles(paths) == (FIRST,)


@pytest.mark.parametrize(("gone", "code"), [("store_file", "profile-gone"), ("key_file", "key-")])
def test_half_of_a_profile_is_not_made_whole_by_an_empty_one(
    paths: Paths, ana: Profile, opening: Callable[..., Store], gone: str, code: str
) -> None:
    own = paths_of(paths, ana)
    getattr(own, gone).unlink()
    opened = opening(ana)
    assert opened.why is not None and opened.why.code.startswith(code)
    assert not getattr(own, gone).exists()


@pytest.mark.parametrize("how", ["deleted", "exchanged"])
def test_what_cannot_be_kept_any_more_is_said_when_it_is_written(
    paths: Paths, ana: Profile, opening: Callable[..., Store], how: str
) -> None:
    opened = opening(ana)
    opened.run("CREATE TABLE notes (text)")
    own = paths_of(paths, ana)
    if how == "deleted":
        shutil.rmtree(paths.profiles_folder / ana.id)
    else:
        shutil.copy(own.store_file, own.data / "copy")
        (own.data / "copy").replace(own.store_file)
    before = files(paths.data)
    for attempt in (
        lambda: opened.run("INSERT INTO notes VALUES ('lost')"),
        lambda: change_own_passphrase(own, opened, WORDS, NEXT),
        lambda: protect_with_passphrase(own, opened, None, NEXT),
    ):
        with pytest.raises(Problem, match="records-gone"):
            attempt()
    own.records_lock.unlink(missing_ok=True)  # empty, and all that was made
    assert files(paths.data) == before, "nothing took their place"
    assert opened.rows("SELECT * FROM notes") == []


def test_records_from_the_future_hinder_nobody_else(
    paths: Paths, ana: Profile, home: Profile, opening: Callable[..., Store]
) -> None:
    key_file = paths_of(paths, ana).key_file
    key_file.write_bytes(key_file.read_bytes().replace(b'"format":1', b'"format":9'))
    with pytest.raises(Problem, match="store-newer"):
        needs_passphrase(paths, ana)
    newer = opening(ana)
    assert newer.why is not None and newer.why.code == "store-newer"
    assert opening(home, TWO).mode is KeyMode.PASSPHRASE
    assert needs_passphrase(paths, home)


def test_two_processes_may_use_one_profile_at_once(
    paths: Paths, ana: Profile, opening: Callable[..., Store]
) -> None:
    one = opening(ana)
    one.run("CREATE TABLE seen (who)")
    script = (
        "from guardian.core.paths import find_paths\n"
        "from guardian.core.profiles import *\n"
        "from guardian.core.store import open_store\n"
        "own = paths_of(find_paths(), find_profile(find_paths(), 'ana'))\n"
        f"store = open_store(own, None, lambda: '{WORDS}')\n"
        "[store.run('INSERT INTO seen VALUES (?)', 'other') for _ in range(20)]\n"
        "store.close()\n"
    )
    other = subprocess.Popen([sys.executable, "-c", script])
    for _ in range(20):
        one.run("INSERT INTO seen VALUES ('one')")
    assert other.wait() == 0
    assert one.rows("SELECT who, count(*) FROM seen GROUP BY who ORDER BY who") == [
        ("one", 20),
        ("other", 20),
    ]


# passphrases


@pytest.mark.parametrize(
    ("kind", "passphrases", "code"),
    [
        (Kind.HOUSEHOLD, [WORDS], "profile-needs-two"),
        (Kind.HOUSEHOLD, [ONE, ONE], "profile-needs-two"),
        (Kind.HOUSEHOLD, ["caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301"], "profile-needs-two"),
        (Kind.HOUSEHOLD, [ONE, TWO, WORDS], "profile-needs-two"),
        (Kind.HOUSEHOLD, [ONE, "short"], "passphrase-short"),
        (Kind.PERSON, ["short"], "passphrase-short"),
    ],
)
def test_passphrases_that_do_not_fit_are_refused_before_anything_is_made(
    paths: Paths, kind: Kind, passphrases: list[str], code: str
) -> None:
    with pytest.raises(Problem, match=code):
        add_profile(paths, "Home", Colour.BLUE, kind, passphrases)
    assert not paths.profiles_folder.exists()


def test_either_of_two_opens_a_household_and_finds_the_same(
    home: Profile, opening: Callable[..., Store]
) -> None:
    opening(home, ONE).run("CREATE TABLE notes (text)")
    assert opening(home, TWO).rows("SELECT * FROM notes") == []
    with pytest.raises(Problem, match="passphrase-wrong"):
        opening(home, WORDS)


@pytest.mark.parametrize(("mine", "yours"), [(ONE, TWO), (TWO, ONE)])
def test_changing_mine_leaves_yours(
    paths: Paths, home: Profile, opening: Callable[..., Store], mine: str, yours: str
) -> None:
    opened = opening(home, mine)
    change_own_passphrase(paths_of(paths, home), opened, mine, NEXT)
    for passphrase in (NEXT, yours):
        assert opening(home, passphrase).mode is KeyMode.PASSPHRASE
    with pytest.raises(Problem, match="passphrase-wrong"):
        opening(home, mine)
    protect_with_passphrase(paths_of(paths, home), opened, None, WORDS)
    for passphrase in (WORDS, yours):
        assert opening(home, passphrase).mode is KeyMode.PASSPHRASE
    with pytest.raises(Problem, match="passphrase-wrong"):
        opening(home, NEXT)


def test_the_wrong_old_passphrase_changes_nothing(
    paths: Paths, ana: Profile, opening: Callable[..., Store]
) -> None:
    own = paths_of(paths, ana)
    before = own.key_file.read_bytes()
    for old, new, code in ((ONE, NEXT, "passphrase-wrong"), (WORDS, "short", "passphrase-short")):
        with pytest.raises(Problem, match=code):
            change_own_passphrase(own, opening(ana), old, new)
    assert own.key_file.read_bytes() == before


def test_a_passphrase_that_was_changed_elsewhere_is_not_changed_back(
    paths: Paths, home: Profile, opening: Callable[..., Store]
) -> None:
    here, there = opening(home, ONE), opening(home, ONE)
    protect_with_passphrase(paths_of(paths, home), there, None, NEXT)
    with pytest.raises(Problem, match="passphrase-moved"):
        protect_with_passphrase(paths_of(paths, home), here, None, WORDS)
    assert opening(home, NEXT).mode is opening(home, TWO).mode is KeyMode.PASSPHRASE


def test_a_wrong_passphrase_costs_the_same_for_all(
    home: Profile, opening: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    derived: list[str] = []
    derive = keys.derive

    def count(passphrase: str, *rest: object) -> bytes:
        derived.append(passphrase)
        return derive(passphrase, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(keys, "derive", count)
    for passphrase in (ONE, TWO):
        opening(home, passphrase)
    with pytest.raises(Problem, match="passphrase-wrong"):
        opening(home, WORDS)
    assert derived == [ONE, ONE, TWO, TWO, WORDS, WORDS]


def test_a_key_file_from_before_is_read_as_it_was_and_written_alike(paths: Paths) -> None:
    paths.data.mkdir(parents=True)
    paths.key_file.write_bytes(OLD_KEY_FILE)
    entry = keys.read_key_file(paths.key_file)
    assert entry is not None and entry.others == ()
    assert keys.open_key(entry, WORDS).key == bytes(range(32))
    with pytest.raises(Problem, match="passphrase-wrong"):
        keys.open_key(entry, ONE)
    opened = open_store(paths, None, lambda: WORDS)
    protect_with_passphrase(paths, opened, None, NEXT)
    opened.close()
    written = json.loads(paths.key_file.read_bytes())
    assert (written["id"], written["format"]) == ("0123456789abcdef", 1)


def test_a_household_says_format_two_so_that_an_older_guardian_leaves_it(
    paths: Paths, home: Profile
) -> None:
    assert json.loads(paths_of(paths, home).key_file.read_bytes())["format"] == 2


def test_a_file_with_too_many_wraps_is_refused_before_it_costs_time(
    paths: Paths, home: Profile
) -> None:
    file = paths_of(paths, home).key_file
    content = json.loads(file.read_bytes())
    file.write_text(json.dumps({**content, "others": content["others"] * 1000}))
    with pytest.raises(Problem, match="key-file-damaged"):
        keys.read_key_file(file)


def test_no_profile_but_the_first_trusts_the_keyring(
    paths: Paths, ana: Profile, opening: Callable[..., Store], memory_keychain: MemoryKeychain
) -> None:
    with pytest.raises(Problem, match="profile-keyring"):
        protect_with_keyring(paths_of(paths, ana), opening(ana), memory_keychain)
    assert memory_keychain.items == {} and needs_passphrase(paths, ana)


def test_records_deleted_in_a_profile_can_be_begun_anew_with_a_passphrase(
    paths: Paths, ana: Profile, opening: Callable[..., Store]
) -> None:
    own, opened = paths_of(paths, ana), opening(ana)
    forget_everything(own, opened, None)
    fresh = opening(ana)
    assert fresh.why is not None and fresh.why.code == "profile-gone"
    protect_with_passphrase(own, fresh, None, NEXT)
    assert opening(ana, NEXT).mode is KeyMode.PASSPHRASE


def test_a_guest_has_no_file(guardian_home: Path, paths: Paths) -> None:
    opened = open_in_memory(owner=GUEST.id)
    opened.run("CREATE TABLE notes (text)")
    assert opened.owner == "guest" and not needs_passphrase(paths, GUEST)
    opened.close()
    with pytest.raises(ValueError, match="guest"):
        add_profile(paths, "Guest", Colour.SLATE, Kind.GUEST, [WORDS])
    assert not guardian_home.exists()


# what cannot be seen


@pytest.mark.parametrize("name", ["\u2800", "\u3164", " \uffa0 ", "\ufe0f\u200d", "\u1160\u115f"])
def test_a_name_nobody_can_see_is_none(paths: Paths, name: str) -> None:
    with pytest.raises(Problem, match="profile-name-empty"):
        add_profile(paths, name, Colour.BLUE, Kind.PERSON, [WORDS])


@pytest.mark.parametrize("name", ["An  na", "An na\ufe0f", "\u3164An na", "an\u2800 na"])
def test_names_that_look_alike_are_taken(paths: Paths, name: str) -> None:
    add_profile(paths, "An na", Colour.BLUE, Kind.PERSON, [WORDS])
    with pytest.raises(Problem, match="profile-name-taken"):
        add_profile(paths, name, Colour.BLUE, Kind.PERSON, [WORDS])


def test_a_picture_may_be_a_name(paths: Paths) -> None:
    heart = "\u2764\ufe0f"
    assert add_profile(paths, heart, Colour.ROSE, Kind.PERSON, [WORDS]).nickname == heart


# ended half-way


def test_a_process_that_is_killed_leaves_nothing_for_long(
    paths: Paths, ana: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A SIGKILL runs no clean-up; here, the clean-up is what is taken away."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    others = [*paths.profiles_folder.iterdir()]
    with monkeypatch.context() as killed:
        killed.setattr(shutil, "rmtree", lambda *_, **__: None)
        killed.setattr(store, "open_on_disk", die)
        with pytest.raises(KeyboardInterrupt):
            add_profile(paths, "Ben", Colour.BLUE, Kind.PERSON, [WORDS])
    half = set(paths.profiles_folder.iterdir()) - set(others)
    assert len(half) == 1, "something is left, so this is a test"
    (paths.data / ".profiles.json.0123abcd.tmp").write_bytes(b"{")
    lost = paths.profiles_folder / "0123456789abcdef"
    lost.mkdir()  # whole folders stay: the list they stood on may be lost
    ben = add_profile(paths, "Ben", Colour.BLUE, Kind.PERSON, [WORDS])
    assert set(paths.profiles_folder.iterdir()) == {*others, lost, paths.profiles_folder / ben.id}
    assert not [*paths.data.glob(".profiles*")]
    assert needs_passphrase(paths, ben)


def test_a_key_file_that_is_closed_to_us_is_not_called_damaged(
    paths: Paths, ana: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = paths_of(paths, ana)
    closed = os.fspath(own.key_file)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != closed and access(path, mode))
    with pytest.raises(Problem, match="no-permission"):
        needs_passphrase(paths, ana)
    opened = open_store(own, None, lambda: WORDS)
    assert opened.why and opened.why.code == "no-permission"
    opened.close()


@pytest.mark.parametrize("passphrase", ["\ud83d half a picture", "not \udcff a text at all"])
def test_a_passphrase_of_half_characters_opens_what_it_locked(
    paths: Paths, opening: Callable[..., Store], passphrase: str
) -> None:
    odd = add_profile(paths, "Odd", Colour.BLUE, Kind.PERSON, [passphrase])
    assert opening(odd, passphrase).why is None

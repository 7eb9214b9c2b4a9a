"""Several people at one computer: who is here, coming in, taking turns, somebody new."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from guardian.core import keychain, keys
from guardian.core.keys import KeyMode
from guardian.core.profiles import Kind, paths_of, read_profiles
from guardian.core.settings import StartPage
from guardian.core.store import protect_with_passphrase
from guardian.ui.kit.dialog import SecretField
from guardian.ui.people.corner import PersonButton
from guardian.ui.people.who import WhoPage
from guardian.ui.unlock import UnlockPage
from tests.scenes.studio import Studio, open_studio
from tests.ui.people_room import (
    OTHER,
    SECRET,
    add,
    click,
    come_in,
    in_dialogs,
    name_first,
    open_window,
    said,
    shown,
    who,
)


@pytest.fixture
def studio(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)
    with open_studio(qapp, tmp_path / "studio") as made:
        yield made


def test_alone_nobody_is_asked_who_they_are(studio: Studio) -> None:
    studio.start()
    assert studio.window.rail.isVisible()
    assert studio.guardian.profile.id == ""


def test_with_several_it_is_asked_first_and_no_more_than_names_is_shown(studio: Studio) -> None:
    name_first(studio, "Ana")
    add(studio, "Ben")
    open_window(studio)
    page = who(studio)
    assert [tile.text() for tile in page.tiles] == ["Ana", "Ben", "Guest"]
    words = {label.text() for label in page.findChildren(QLabel) if label.isVisible()}
    assert words - {""} == {"Who is here?"}
    assert studio.guardian.store is None
    assert not studio.window.rail.isVisible()


def test_a_tile_asks_for_its_passphrase_and_there_is_a_way_back(
    qtbot: QtBot, studio: Studio
) -> None:
    add(studio, "Ben")
    open_window(studio)
    click(qtbot, who(studio), "Ben")
    page = shown(studio)
    assert isinstance(page, UnlockPage)
    assert "Ben" in said(page)
    qtbot.keyClicks(page.field, "not this one")
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    studio.settle()
    assert "does not open" in page._notice.accessibleName()
    click(qtbot, page, "Back")
    assert isinstance(shown(studio), WhoPage)
    click(qtbot, who(studio), "Ben")
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    come_in(qtbot, studio, "Ben")
    assert studio.guardian.store is not None
    assert studio.guardian.store.mode is KeyMode.PASSPHRASE


def test_nothing_of_one_person_is_left_when_the_next_one_is_here(
    qtbot: QtBot, studio: Studio
) -> None:
    name_first(studio, "Ana")
    add(studio, "Ben")
    open_window(studio)
    come_in(qtbot, studio, "Ana")
    before, pages = studio.guardian.store, [studio.show(key) for key in ("accounts", "vault")]
    assert before is not None
    before.run("CREATE TABLE mine (x)")
    studio.guardian.preferences.change(start_page=StartPage.LAST)
    qtbot.keyClick(studio.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    studio.settle()
    assert studio.guardian.store is None
    assert not any(isValid(page) for page in pages)
    with pytest.raises(Exception, match="closed"):
        before.rows("SELECT 1")
    come_in(qtbot, studio, "Ben")
    assert studio.guardian.store is not None
    assert studio.guardian.store.rows("SELECT 1 FROM sqlite_master WHERE name = 'mine'") == []
    assert studio.guardian.preferences.settings.start_page is StartPage.OVERVIEW
    ben = paths_of(studio.guardian.paths, studio.guardian.profile)
    assert studio.guardian.session.paths == ben


def test_the_button_in_the_rail_says_who_is_here_and_leads_away(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_first(studio, "Ana")
    add(studio, "Ben")
    open_window(studio)
    come_in(qtbot, studio, "Ben")
    button = studio.window.rail.findChild(PersonButton)
    assert (button.text(), button.accessibleName()) == ("Ben", "Ben: lock or switch")
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    switch = next(one for one in button.menu_shown.actions() if one.text() == "Switch person")
    switch.trigger()
    studio.settle()
    come_in(qtbot, studio, "Ana")
    assert studio.guardian.profile.nickname == "Ana"


def test_a_guest_leaves_nothing_on_the_disk(qtbot: QtBot, studio: Studio) -> None:
    add(studio, "Ben")
    open_window(studio)
    home = studio.guardian.paths.data.parent
    before = {file for file in home.rglob("*") if file.is_file()}
    come_in(qtbot, studio, "Guest")
    assert studio.guardian.store is not None
    assert studio.guardian.store.mode is KeyMode.MEMORY
    page = studio.show("settings")
    assert not [
        text for text in ("Set a passphrase …", "Delete my records …") if text in said(page)
    ]
    studio.guardian.preferences.change(start_page=StartPage.LAST)
    studio.guardian.store.run("CREATE TABLE mine (x)")
    studio.close()
    assert {file for file in home.rglob("*") if file.is_file()} == before


def test_a_child_has_lessons_and_steps_alone(qtbot: QtBot, studio: Studio) -> None:
    add(studio, "Mia", Kind.CHILD)
    open_window(studio)
    come_in(qtbot, studio, "Mia")
    assert set(studio.window.rail.keys) <= {"checkup", "lessons", "settings"}
    page = studio.show("settings")
    assert "Remove …" not in said(page)
    assert "Add a person …" not in said(page)


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_either_of_two_opens_what_they_share(qtbot: QtBot, studio: Studio, secret: str) -> None:
    add(studio, "House", Kind.HOUSEHOLD, SECRET, OTHER)
    open_window(studio)
    come_in(qtbot, studio, "House", secret)
    assert studio.guardian.profile.kind is Kind.HOUSEHOLD
    page = studio.show("settings")
    assert "Use the keyring instead" not in said(page)

    def say_old(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.findChild(SecretField), secret)
        click(qtbot, dialog, "Next")

    def say_new(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.first, "a third passphrase")
        qtbot.keyClicks(dialog.second, "a third passphrase")
        click(qtbot, dialog, "Set passphrase")

    in_dialogs(say_old, say_new)
    click(qtbot, page, "Change passphrase …")
    studio.settle()
    studio.guardian.lock()
    come_in(qtbot, studio, "House", "a third passphrase")
    studio.guardian.lock()
    come_in(qtbot, studio, "House", OTHER if secret == SECRET else SECRET)


def test_whoever_passes_an_open_window_cannot_change_how_it_opens(
    qtbot: QtBot, studio: Studio
) -> None:
    open_window(studio)
    studio.settle(lambda: studio.guardian.features is not None)
    records = studio.guardian.store
    protect_with_passphrase(studio.guardian.paths, records, keychain.find_keychain(), SECRET)

    def guess(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.findChild(SecretField), "not this one")
        click(qtbot, dialog, "Next")

    def say_new(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.first, OTHER)
        qtbot.keyClicks(dialog.second, OTHER)
        click(qtbot, dialog, "Set passphrase")

    for text, answers in (
        ("Change passphrase …", (guess, say_new)),
        ("Use the keyring instead", (guess,)),
    ):
        page = studio.show("settings")
        in_dialogs(*answers)
        click(qtbot, page, text)
        studio.settle()
        assert studio.guardian.store.mode is KeyMode.PASSPHRASE
        entry = keys.read_key_file(studio.guardian.paths.key_file)
        assert entry is not None and keys.open_key(entry, SECRET)
        assert "This passphrase does not open it." in said(page)


def test_somebody_new_types_names_and_a_passphrase(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    page = studio.show("settings")
    assert "Anybody at this computer account" not in said(page)

    def describe(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.nickname, "Ben")
        assert not dialog.yes.isEnabled(), "the first one has no nickname yet"
        qtbot.keyClicks(dialog.own, "ben")
        assert "already called" in said(dialog) or "another nickname" in said(dialog)
        dialog.own.clear()
        qtbot.keyClicks(dialog.own, "Ana")
        click(qtbot, dialog, "Rose")
        click(qtbot, dialog, "Next")

    def protect(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.first, SECRET)
        qtbot.keyClicks(dialog.second, SECRET)
        click(qtbot, dialog, "Set passphrase")

    in_dialogs(describe, protect)
    click(qtbot, page, "Add a person …")
    studio.settle()
    people = read_profiles(studio.guardian.paths)
    assert [(one.nickname, one.colour.value) for one in people][1:] == [("Ben", "rose")]
    assert people[0].nickname == "Ana"
    assert "Anybody at this computer account" in said(page), "the keyring opens for both"
    assert studio.window.rail.findChild(PersonButton).text() == "Ana"
    in_dialogs(protect)
    click(qtbot, page.people, "Set a passphrase …")
    studio.settle()
    assert "Anybody at this computer account" not in said(page)
    studio.guardian.lock()
    come_in(qtbot, studio, "Ana")


def test_two_people_type_two_passphrases_that_differ(qtbot: QtBot, studio: Studio) -> None:
    name_first(studio, "Ana")
    add(studio, "Ben")
    open_window(studio)

    def describe(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.nickname, "House")
        dialog.kinds[Kind.HOUSEHOLD].click()
        click(qtbot, dialog, "Next")

    def one(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.first, SECRET)
        qtbot.keyClicks(dialog.second, SECRET)
        click(qtbot, dialog, "Set passphrase")

    def other(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.first, SECRET)
        assert not dialog.yes.isEnabled()
        assert "Please choose another" in said(dialog)
        dialog.first.clear()
        qtbot.keyClicks(dialog.first, OTHER)
        qtbot.keyClicks(dialog.second, OTHER)
        click(qtbot, dialog, "Set passphrase")

    in_dialogs(describe, one, other)
    click(qtbot, who(studio), "Someone new …")
    studio.settle()
    come_in(qtbot, studio, "House", OTHER)


def test_a_forgotten_passphrase_is_said_plainly_and_a_typed_name_starts_over(
    qtbot: QtBot, studio: Studio
) -> None:
    name_first(studio, "Ana")
    add(studio, "Ben")
    open_window(studio)
    click(qtbot, who(studio), "Ben")

    def agree(dialog: QWidget) -> None:
        text = said(dialog)
        assert "they are gone" in text
        assert "recovery words" in text
        assert not dialog.yes.isEnabled()
        qtbot.keyClicks(dialog.typed, "Ben")
        click(qtbot, dialog, "Delete and start over")

    def protect(dialog: QWidget) -> None:
        qtbot.keyClicks(dialog.first, OTHER)
        qtbot.keyClicks(dialog.second, OTHER)
        click(qtbot, dialog, "Set passphrase")

    in_dialogs(agree, protect)
    click(qtbot, shown(studio), "I have forgotten my passphrase …")
    studio.settle(lambda: isinstance(shown(studio), UnlockPage))
    click(qtbot, shown(studio), "Back")
    come_in(qtbot, studio, "Ben", OTHER)


def test_a_folder_that_vanished_is_said_and_the_others_come_in(
    qtbot: QtBot, studio: Studio
) -> None:
    name_first(studio, "Ana")
    ben = add(studio, "Ben")
    shutil.rmtree(studio.guardian.paths.profiles_folder / ben.id)
    open_window(studio)
    click(qtbot, who(studio), "Ben")
    studio.settle(lambda: isinstance(shown(studio), WhoPage))
    assert "not where they were" in who(studio).notice.accessibleName()
    come_in(qtbot, studio, "Ana")


def test_a_damaged_list_is_said_and_the_first_one_still_comes_in(
    qtbot: QtBot, studio: Studio
) -> None:
    add(studio, "Ben")
    studio.guardian.paths.profiles_file.write_text("{nonsense")
    open_window(studio)
    assert "makes no sense" in who(studio).notice.accessibleName()
    come_in(qtbot, studio, "My records")


def test_people_are_renamed_and_removed_with_a_typed_name(qtbot: QtBot, studio: Studio) -> None:
    name_first(studio, "Ana")
    ben = add(studio, "Ben")
    open_window(studio)
    come_in(qtbot, studio, "Ana")
    page = studio.show("settings")

    def rename(dialog: QWidget) -> None:
        dialog.nickname.setText("Benno")
        click(qtbot, dialog, "Keep")

    in_dialogs(rename)
    page.people.change(ben)
    studio.settle()
    assert "Benno" in said(page)

    def remove(dialog: QWidget) -> None:
        assert not dialog.yes.isEnabled()
        qtbot.keyClicks(dialog.typed, "benno")
        click(qtbot, dialog, "Remove")

    in_dialogs(remove)
    click(qtbot, page, "Remove …")
    studio.settle()
    assert [one.nickname for one in read_profiles(studio.guardian.paths)] == ["Ana"]
    assert not (studio.guardian.paths.profiles_folder / ben.id).exists()

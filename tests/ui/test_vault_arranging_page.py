"""Putting documents in order on the page: names, places, the trash, and taking it back."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from guardian.ui.pages.vault.inside.asking import MoveDialog, NameDialog
from guardian.ui.pages.vault.inside.inside import with_listed
from guardian.ui.pages.vault.names import key_of
from guardian.vault.model import Conflict, Listing
from tests.ui.vault_room import (
    Room,
    answer,
    drop_on,
    files,
    in_dialog,
    indexed,
    key,
    press,
    row_of,
    vault_of,
)
from tests.vault.test_vault_old_cipher import make_old

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


# the tree and the keys


def test_the_tree_leads_into_folders_and_follows(opened: Room) -> None:
    indexed(opened)
    inside = opened.page.inside
    inside.tree.setCurrentIndex(inside.tree.index_of("Car"))
    opened.rest(lambda: inside.path == "Car")
    assert opened.titles() == ["Policy.pdf"]
    assert opened.page.go_back()
    opened.rest(lambda: inside.path == "")
    assert inside.tree.path == ""


def test_folders_that_went_and_came_are_merged_into_the_tree(opened: Room) -> None:
    listing = vault_of(opened).list()
    known = ["Car", "Gone", "Gone/away"]
    assert set(with_listed(known, "", listing)) == {"Car"}
    empty = Listing((), ())
    assert sorted(set(with_listed(known, "New/deep", empty))) == [
        "Car", "Gone", "Gone/away", "New", "New/deep",
    ]  # fmt: skip


def test_a_new_folder_is_made_with_ctrl_n_and_stands_chosen(opened: Room) -> None:
    def fill(dialog: NameDialog) -> None:
        assert not dialog.yes.isEnabled()
        opened.bot.keyClicks(dialog.field, "a/b")
        assert not dialog.yes.isEnabled()
        dialog.field.setText("House")
        opened.bot.keyClick(dialog.field, Qt.Key.Key_Return)

    in_dialog(fill)  # type: ignore[arg-type]
    key(opened, Qt.Key.Key_N, CTRL)
    opened.rest(lambda: "House" in opened.titles())
    assert opened.page.inside.table.selected_keys() == ["House"]
    assert "House" in opened.page.inside.tree.paths()


def test_f2_renames_and_ctrl_z_takes_it_back(opened: Room) -> None:
    def fill(dialog: NameDialog) -> None:
        assert dialog.field.selectedText() == "Lease"
        opened.bot.keyClicks(dialog.field, "Old lease")
        assert dialog.name() == "Old lease.txt"
        dialog.accept()

    opened.choose("Lease.txt")
    in_dialog(fill)  # type: ignore[arg-type]
    key(opened, Qt.Key.Key_F2)
    opened.rest(lambda: "Old lease.txt" in opened.titles())
    assert "Now called “Old lease.txt”" in opened.said()
    assert opened.page.inside.table.selected_keys() == ["Old lease.txt"]
    key(opened, Qt.Key.Key_Z, CTRL)
    opened.rest(lambda: "Lease.txt" in opened.titles())
    assert "Taken back" in opened.said()
    key(opened, Qt.Key.Key_Z, CTRL)
    assert not opened.page.runner.busy, "only the last thing is taken back, and once"


def test_a_name_that_is_taken_is_a_notice_and_nothing_changes(opened: Room) -> None:
    opened.page.handling.arranging.rename("Lease.txt", "Passport.pdf")
    opened.rest()
    assert "Passport.pdf" in opened.said() and "already" in opened.said()
    assert opened.titles() == ["Car", "Lease.txt", "Passport.pdf"]


def test_del_puts_several_in_the_trash_and_undo_brings_them_back(opened: Room) -> None:
    opened.choose("Lease.txt", "Passport.pdf")
    key(opened, Qt.Key.Key_Delete)
    opened.rest(lambda: opened.titles() == ["Car"])
    assert "2 put in the vault’s trash" in opened.said() and "30 days" in opened.said()
    assert len(vault_of(opened).trashed()) == 2
    press(opened, "Undo")
    opened.rest(lambda: len(opened.titles()) == 3)
    assert vault_of(opened).trashed() == ()


def test_documents_are_moved_by_a_dialog_that_shows_the_folders(opened: Room) -> None:
    indexed(opened)

    def choose(dialog: MoveDialog) -> None:
        assert not dialog.yes.isEnabled(), "they are there already"
        dialog.tree.setCurrentIndex(dialog.tree.index_of("Car"))
        opened.click(dialog.yes)

    opened.choose("Lease.txt", "Passport.pdf")
    in_dialog(choose)  # type: ignore[arg-type]
    opened.do("move")
    opened.rest(lambda: opened.titles() == ["Car"])
    assert "2 moved to “Car”" in opened.said()
    press(opened, "Undo")
    opened.rest(lambda: len(opened.titles()) == 3)


def test_a_folder_is_not_offered_to_itself_or_what_is_in_it(opened: Room) -> None:
    vault_of(opened).make_folder("Car/2024")
    opened.page.refresh()
    opened.rest()
    indexed(opened)
    offered: list[str] = []

    def look(dialog: MoveDialog) -> None:
        offered.extend(dialog.tree.paths())
        dialog.reject()

    opened.choose("Car")
    in_dialog(look)  # type: ignore[arg-type]
    opened.do("move")
    assert offered == []


def test_one_stays_in_a_folder_that_gets_another_name_or_goes(opened: Room) -> None:
    inside, arranging = opened.page.inside, opened.page.handling.arranging
    opened.choose("Car")
    key(opened, Qt.Key.Key_Return)
    opened.rest(lambda: inside.path == "Car")
    arranging.rename("Car", "Auto")
    opened.rest(lambda: inside.path == "Auto" and opened.titles() == ["Policy.pdf"])
    arranging.undo()
    opened.rest(lambda: inside.path == "Car" and opened.titles() == ["Policy.pdf"])
    arranging.discard(["Car"])
    opened.rest(lambda: inside.path == "" and len(opened.titles()) == 2)


def test_all_are_chosen_with_ctrl_a_and_counted(opened: Room) -> None:
    key(opened, Qt.Key.Key_A, CTRL)
    assert len(opened.page.inside.table.selected()) == 3 and "3 chosen" in opened.said()
    opened.choose("Lease.txt")
    key(opened, Qt.Key.Key_Down, SHIFT)
    assert opened.page.inside.table.selected_keys() == ["Lease.txt", "Passport.pdf"]


def test_ctrl_c_puts_no_name_on_the_clipboard(opened: Room) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    opened.choose("Passport.pdf")
    key(opened, Qt.Key.Key_C, CTRL)
    opened.bot.keyClick(opened.page.inside.tree, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == "before"


def test_the_menu_offers_what_is_possible_with_what_is_chosen(opened: Room) -> None:
    opened.choose("Passport.pdf")
    menu = opened.page.inside.documents.menu()
    texts = [action.text() for action in menu.actions()]
    assert "Rename …" in texts and "Put in the vault’s trash" in texts
    assert "Keep both" not in texts and "Open folder" not in texts
    opened.choose("Passport.pdf", "Lease.txt")
    several = [one.text() for one in opened.page.inside.documents.menu().actions()]
    assert "Move to …" in several and "Rename …" not in several


def test_a_document_is_described_and_its_tags_are_shown(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(dialog: Any) -> None:
        dialog.tags.setText("travel, ana")
        dialog.accept()

    opened.choose("Passport.pdf")
    in_dialog(fill)
    key(opened, Qt.Key.Key_F4)
    opened.rest(lambda: vault_of(opened).details("Passport.pdf").tags == ("travel", "ana"))
    opened.rest()
    row = row_of(opened, "Passport.pdf")
    assert "travel, ana" in row.data(Qt.ItemDataRole.AccessibleTextRole)


# what a sync program left, and what can only be read


def test_a_copy_made_by_a_sync_program_is_marked_and_can_be_kept(opened: Room) -> None:
    place = vault_of(opened)._tree.find("Lease.txt").place
    twin = f"{place.stem} (conflicted copy from a laptop){place.suffix}"
    shutil.copy2(place, place.with_name(twin))
    opened.page.refresh()
    opened.rest(lambda: opened.titles().count("Lease.txt") == 2)
    conflict = next(one for one in opened.page.inside.table.items() if isinstance(one, Conflict))
    spoken = opened.page.inside.table.view.listed
    opened.choose(key_of(conflict))
    index = opened.page.inside.table.view.currentIndex()
    assert "copy made by a sync program" in spoken.data(index, Qt.ItemDataRole.AccessibleTextRole)
    opened.do("keep")
    opened.rest(lambda: "Lease (1).txt" in opened.titles())
    assert "Both are kept" in opened.said() and opened.titles().count("Lease.txt") == 1


def test_a_vault_from_before_2023_is_looked_at_and_copied_but_never_changed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = room.folder / "Old"
    make_old(old, {"Lease.txt": b"SPECIMEN", "Car/Policy.pdf": b"SPECIMEN"})
    answer(monkeypatch, "getExistingDirectory", str(old))
    room.click(room.page.none.choose)
    room.rest(lambda: room.page.stages.stage == "door")
    room.unlock()
    inside = room.page.inside
    assert "can only be read" in room.said()
    for button in (inside.add, inside.add_folder, inside.new_folder):
        assert not button.isEnabled()
    before = {file: file.read_bytes() for file in old.rglob("*") if file.is_file()}
    room.choose("Lease.txt")
    for pressed in (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_F4):
        key(room, pressed)
    key(room, Qt.Key.Key_N, CTRL)
    drop_on(inside.table.view, files(room.paper("More.pdf")), QPoint(5, 5))
    room.rest()

    def fill(dialog: Any) -> None:
        dialog.place_field.setText(str(room.folder / "Newer"))
        dialog.first.setText("another passphrase")
        dialog.second.setText("another passphrase")
        room.bot.waitUntil(dialog.yes.isEnabled, timeout=10_000)
        dialog.accept()

    in_dialog(fill)
    room.click(inside.copy)
    room.rest(lambda: "copied into the new vault" in room.said())
    assert {file: file.read_bytes() for file in old.rglob("*") if file.is_file()} == before
    with room.service.open(room.folder / "Newer", "another passphrase") as newer:
        assert newer.read("Car/Policy.pdf") == b"SPECIMEN"

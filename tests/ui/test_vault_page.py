"""The vault page: from nothing to a full vault and back to a locked door, by clicks and keys."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog, QLabel

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.settings import VaultLock
from guardian.core.store import open_in_memory
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.pages.vault import work
from guardian.ui.pages.vault.door import pause_after
from guardian.ui.pages.vault.keys.making import MakeDialog, free_place
from guardian.ui.pages.vault.names import breakable, ending
from guardian.vault.service import Vault, VaultService
from tests.ui.vault_room import PASSPHRASE, Room, answer, in_dialog

# making and finding


def test_an_empty_page_says_what_belongs_in_a_vault_and_offers_to_make_one(room: Room) -> None:
    assert room.page.stages.stage == "none"
    assert "Passport" in room.said() and "Tax papers" in room.said()
    assert room.page.search_field() is None and not room.page.go_back()


def test_a_vault_is_made_where_the_person_says_and_stands_open(room: Room) -> None:
    def fill(dialog: MakeDialog) -> None:
        dialog.place_field.setText(str(room.vault))
        room.bot.keyClicks(dialog.first, "short")
        assert not dialog.yes.isEnabled()
        dialog.first.setText(PASSPHRASE)
        room.bot.keyClicks(dialog.second, PASSPHRASE)
        room.click(dialog.yes)

    in_dialog(fill)  # type: ignore[arg-type]
    room.click(room.page.none.button)
    room.rest(lambda: room.page.is_open)
    assert "is ready, and open" in room.said() and "not even us" in room.said()
    assert room.page.inside.stages.stage == "empty"
    assert [info.path for info in room.service.known()] == [room.vault]
    assert "Twelve words on paper" in room.said()  # the wizard for the day it is forgotten


def test_not_making_a_vault_leaves_everything_as_it_was(room: Room) -> None:
    in_dialog(lambda dialog: dialog.reject())
    room.click(room.page.none.button)
    assert room.page.stages.stage == "none" and not room.service.known()


def test_a_place_that_cannot_be_used_is_a_notice(room: Room) -> None:
    room.paper("something.txt")

    def fill(dialog: MakeDialog) -> None:
        dialog.place_field.setText(str(room.folder / "papers"))
        dialog.first.setText(PASSPHRASE)
        dialog.second.setText(PASSPHRASE)
        dialog.accept()

    in_dialog(fill)  # type: ignore[arg-type]
    room.click(room.page.none.button)
    room.rest()
    assert "is not empty" in room.said() and not room.page.is_open
    assert room.page.go_back() and "is not empty" not in room.said()


def test_the_usual_place_is_one_that_is_free(tmp_path: Path) -> None:
    assert free_place(tmp_path, "Box") == tmp_path / "Box"
    (tmp_path / "Box").mkdir()
    assert free_place(tmp_path, "Box") == tmp_path / "Box 2"
    assert free_place(tmp_path / "Box", "Box") == tmp_path / "Box"


def test_a_vault_made_elsewhere_is_opened_by_pointing_at_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    VaultService(open_in_memory(), room.clock).create(room.vault, PASSPHRASE).lock()
    answer(monkeypatch, "getExistingDirectory", str(room.vault))
    room.click(room.page.none.choose)
    room.rest(lambda: room.page.stages.stage == "door")
    assert not room.service.known()
    room.unlock()
    assert len(room.service.known()) == 1


@pytest.mark.parametrize("make", [lambda folder: folder.mkdir(), lambda folder: None])
def test_a_folder_that_is_no_vault_never_asks_for_a_passphrase(
    room: Room, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object]
) -> None:
    make(room.vault)
    answer(monkeypatch, "getExistingDirectory", str(room.vault))
    room.click(room.page.none.choose)
    room.rest()
    assert room.page.stages.stage == "none"
    assert "is not a vault" in room.said() or "is not there" in room.said()


# the door


def test_a_wrong_passphrase_is_said_and_the_field_is_ready_again(locked: Room) -> None:
    locked.type_and_open("wrong one")
    assert "does not open it" in locked.said()
    assert not locked.page.is_open
    locked.unlock()
    assert "does not open it" not in locked.said()


def test_nothing_is_asked_of_an_empty_field(locked: Room) -> None:
    locked.click(locked.page.door.open)
    assert not locked.page.runner.busy


def test_one_of_several_vaults_is_chosen(locked: Room) -> None:
    other = locked.folder / "Second"
    locked.clock.now += timedelta(days=1)
    locked.service.create(other, "another passphrase").lock()
    locked.page.refresh()
    assert locked.page.door.chooser.isVisible()
    assert locked.page.door.folder == locked.vault
    locked.bot.keyClicks(locked.page.door.field, "half of one")
    locked.page.door.chooser.choose("0")
    assert locked.page.door.folder == other and locked.page.door.field.text() == ""
    locked.type_and_open("another passphrase")
    assert "“Second” is open" in locked.said()


def test_a_vault_that_is_gone_can_be_taken_off_the_list(locked: Room) -> None:
    locked.vault.rename(locked.folder / "elsewhere")
    locked.type_and_open(PASSPHRASE)
    assert "is not there" in locked.said()
    button = next(
        one for one in locked.page.findChildren(Button) if one.text() == "Take it off the list"
    )
    locked.click(button)
    locked.rest()
    assert locked.page.stages.stage == "none" and not locked.service.known()
    assert "did not touch the vault" in locked.said()


def test_a_damaged_vault_is_a_notice(locked: Room) -> None:
    (locked.vault / "vault.cryptomator").write_bytes(b"not a token")
    locked.type_and_open(PASSPHRASE)
    assert "changed or damaged" in locked.said() and not locked.page.is_open


def test_a_vault_is_found_by_dropping_its_folder_or_its_file(room: Room) -> None:
    VaultService(open_in_memory(), room.clock).create(room.vault, PASSPHRASE).lock()
    for dropped in (room.vault, room.vault / "vault.cryptomator"):
        drop(room, dropped)
        room.rest(lambda: room.page.stages.stage == "door")
        assert room.page.door.folder == room.vault
        room.page.opening.show()
        assert room.page.stages.stage == "none"


def test_another_file_dropped_on_a_locked_vault_is_told_and_left_alone(locked: Room) -> None:
    paper = locked.paper("Dropped.png")
    drop(locked, paper)
    locked.rest()
    assert "“Dropped.png” is not" in locked.said() and paper.exists()
    assert not locked.page.is_open


def drop(room: Room, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl("https://example.test/x")])
    event = QDropEvent(
        QPoint(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    room.page.dropEvent(event)


def test_slips_cost_no_time_and_guessing_costs_more_and_more() -> None:
    pauses = [pause_after(failures) for failures in range(1, 10)]
    assert pauses == [0, 0, 2, 4, 8, 16, 30, 30, 30]


def test_after_some_wrong_tries_the_next_has_to_wait_and_that_is_said(locked: Room) -> None:
    for _ in range(3):
        locked.type_and_open("wrong one")
    assert "try again in 2 seconds" in locked.said()
    assert not locked.page.door.open.isEnabled()
    locked.bot.keyClicks(locked.page.door.field, PASSPHRASE)
    locked.bot.keyClick(locked.page.door.field, Qt.Key.Key_Return)
    assert not locked.page.runner.busy and locked.page.door.field.text() == PASSPHRASE
    for _ in range(2):
        locked.page.door._tick()
    assert "try again in" not in locked.said()
    locked.click(locked.page.door.open)
    locked.rest(lambda: locked.page.is_open)


def test_a_locked_door_tells_nothing_of_what_is_inside(opened: Room) -> None:
    opened.page.lock()
    said = opened.said()
    for word in ("Passport", "Lease", "Car", "document", "folder", "3", "2 "):
        assert word not in said, word
    assert not opened.page.menu_button.isVisible()


def test_the_door_offers_this_computer_only_where_it_was_allowed(
    locked: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not locked.page.door.here.isVisible()
    known = [replace(info, opens_here=True) for info in locked.service.known()]
    monkeypatch.setattr(locked.service, "known", lambda: tuple(known))
    monkeypatch.setattr(
        locked.service,
        "open_here",
        lambda folder, report: locked.service.open(folder, PASSPHRASE, report),
    )
    locked.page.refresh()
    locked.click(locked.page.door.here)
    locked.rest(lambda: locked.page.is_open)


def test_who_forgot_the_passphrase_is_led_to_the_recovery_words(
    locked: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    locked.page.opening.door.asked_recover.disconnect()
    locked.page.opening.door.asked_recover.connect(asked.append)
    locked.click(locked.page.door.forgot)
    assert asked == [locked.vault]


# locking


def test_locking_by_button_drops_everything(opened: Room) -> None:
    vault = opened.page.handling.vault
    assert vault is not None
    opened.choose("Passport.pdf")
    opened.click(opened.page.lock_button)
    assert vault.locked and not opened.page.is_open
    assert opened.titles() == [] and opened.page.stages.stage == "door"
    every = [one.text() for one in opened.page.findChildren(QLabel)]
    assert not any("Passport.pdf" in text or "Lease" in text for text in every)
    assert opened.page.search_field() is None


def test_ctrl_l_locks_from_anywhere(opened: Room) -> None:
    opened.bot.keyClick(
        opened.page.inside.search, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier
    )
    assert not opened.page.is_open


def pass_minutes(room: Room, minutes: int) -> None:
    """Time goes by in steps, as it does while a computer is awake."""
    for _ in range(2 * minutes):
        room.clock.now += timedelta(seconds=30)
        room.page._watch.look()


def test_it_locks_itself_when_nobody_is_there(opened: Room) -> None:
    pass_minutes(opened, 9)
    assert opened.page.is_open
    opened.bot.keyClick(opened.page.inside.search, Qt.Key.Key_A)
    pass_minutes(opened, 9)
    assert opened.page.is_open
    pass_minutes(opened, 1)
    assert not opened.page.is_open
    assert "locked itself after 10 minutes" in opened.said()
    opened.unlock()


def test_the_minutes_are_those_of_the_settings(opened: Room) -> None:
    opened.preferences.change(vault_lock=VaultLock.SOON)
    pass_minutes(opened, 5)
    assert not opened.page.is_open


def test_the_first_touch_after_a_long_sleep_comes_too_late(opened: Room) -> None:
    opened.clock.now += timedelta(hours=8)
    opened.bot.keyClick(opened.page.inside.search, Qt.Key.Key_A)
    assert not opened.page.is_open


def test_locking_closes_a_dialog_that_is_open(opened: Room) -> None:
    opened.choose("Passport.pdf")
    seen: list[QDialog] = []

    def leave(dialog: Dialog) -> None:
        seen.append(dialog)
        opened.page._lock_idle()

    in_dialog(leave)
    opened.page.handling.handing.ask_save(opened.page.inside.table.selected())
    assert seen and not opened.page.is_open


def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding takes until somebody stops it, or half a second."""
    real = Vault.add

    def add(self: Vault, files: Any, path: str, report: Report) -> Any:
        import time

        for step in range(50):
            report(step, 100)
            time.sleep(0.01)
        return real(self, files, path, report)

    monkeypatch.setattr(Vault, "add", add)


def test_work_going_on_is_shown_and_can_be_stopped(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow(monkeypatch)
    opened.page.handling.handing.add([opened.paper("Slow.pdf")], "")
    opened.bot.waitUntil(opened.page.runner.isVisible, timeout=5_000)
    assert not opened.page.inside.add.isEnabled()
    opened.click(opened.page.runner._stop)
    opened.rest(opened.page.inside.add.isEnabled)
    assert "Stopped." in opened.said() and "Slow.pdf" not in opened.titles()


def test_locking_by_hand_stops_the_work_and_then_drops_the_keys(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow(monkeypatch)
    vault = opened.page.handling.vault
    assert vault is not None
    opened.page.handling.handing.add([opened.paper("Slow.pdf")], "")
    opened.page.lock()
    assert opened.page.stages.stage == "door"
    opened.rest(lambda: vault.locked)
    opened.unlock()
    assert "Slow.pdf" not in opened.titles()


def test_work_goes_on_behind_a_door_that_shut_itself_and_is_told_later(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow(monkeypatch)
    vault = opened.page.handling.vault
    assert vault is not None
    opened.page.handling.handing.add([opened.paper("Slow.pdf"), opened.folder / "missing.pdf"], "")
    opened.page._lock_idle()
    opened.rest(lambda: vault.locked)
    assert "Slow.pdf" not in opened.said() and "missing" not in opened.said()
    monkeypatch.undo()
    opened.unlock()
    assert "Slow.pdf" in opened.titles()
    assert "1 document added" in opened.said() and "missing.pdf" in opened.said()


def test_a_page_that_goes_away_drops_the_keys(opened: Room) -> None:
    vault = opened.page.handling.vault
    assert vault is not None
    opened.page.deleteLater()
    opened.bot.waitUntil(lambda: vault.locked, timeout=5_000)


# small things


def test_a_vault_whose_first_folder_cannot_be_read_does_not_stay_open(locked: Room) -> None:
    vault = locked.service.open(locked.vault, PASSPHRASE)

    def refuse(done: int, total: int, _note: object = None, /) -> None:
        raise Problem("disk-full", name="x")

    with pytest.raises(Problem):
        work.look_inside(vault, refuse)
    assert vault.locked


@pytest.mark.parametrize(
    ("name", "expected"),
    [("scan.pdf", "PDF"), (".hidden", ""), ("no ending", ""), ("a.b c", ""), ("x.jpeg", "JPEG")],
)
def test_the_ending_of_a_name(name: str, expected: str) -> None:
    assert ending(name) == expected


def test_a_long_name_can_be_broken_and_reads_the_same() -> None:
    name = "x" * 200
    assert breakable(name).replace("\u200b", "") == name
    assert max(map(len, breakable(name).split("\u200b"))) <= 24
    assert breakable("Passport Ana.pdf") == "Passport Ana.pdf"


def test_no_log_holds_a_name_or_a_passphrase(
    opened: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    opened.page.handling.handing.add(
        [opened.paper("Canary.pdf"), opened.folder / "Canary gone.pdf"], ""
    )
    opened.rest(lambda: "Canary.pdf" in opened.titles())
    opened.page.lock()
    opened.type_and_open("canary passphrase")
    assert "anary" not in caplog.text


def test_the_inside_is_built_while_the_person_is_still_before_the_door(room: Room) -> None:
    assert room.page.door.isVisible() or room.page.none.isVisible()
    room.bot.waitUntil(lambda: room.page.furnished, timeout=5_000)
    assert not room.page.is_open

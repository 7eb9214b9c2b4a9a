"""The vault page: from nothing to a full vault and back to a locked door, by clicks and keys."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.settings import VaultLock
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.pages.vault import work
from guardian.ui.pages.vault.making import MakeDialog, free_place
from guardian.ui.pages.vault.names import breakable, ending
from guardian.ui.pages.vault.page import VaultPage
from guardian.ui.preferences import Preferences
from guardian.vault.cryptomator import masterkey
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 19, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Room:
    """A page with everything around it."""

    page: VaultPage
    service: VaultService
    clock: Clock
    bot: QtBot
    folder: Path
    preferences: Preferences
    window: QWidget

    @property
    def vault(self) -> Path:
        return self.folder / "Private vault"

    def paper(self, name: str, content: bytes = b"SPECIMEN") -> Path:
        file = self.folder / "papers" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        return file

    def rest(self, until: Callable[[], bool] = lambda: True) -> None:
        self.bot.waitUntil(lambda: until() and not self.page.runner.busy, timeout=10_000)

    def click(self, button: Button) -> None:
        assert button.isVisible() and button.isEnabled()
        self.bot.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_and_open(self, passphrase: str) -> None:
        self.bot.keyClicks(self.page.door.field, passphrase)
        self.bot.keyClick(self.page.door.field, Qt.Key.Key_Return)
        assert self.page.door.field.text() == ""
        self.rest()

    def unlock(self) -> None:
        self.type_and_open(PASSPHRASE)
        assert self.page.is_open

    def titles(self) -> list[str]:
        rows = self.page.inside.rows.listed
        return [rows.index(number, 0).data() for number in range(rows.rowCount())]

    def said(self) -> str:
        """Every word that can be read on the page now."""
        labels = self.page.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisible()).replace("\u200b", "")


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masterkey, "COST", 2**10)


@pytest.fixture
def build(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Room]]:
    store, jobs, clock = open_in_memory(), Jobs(), Clock()
    service = VaultService(store, clock)

    def make() -> Room:
        desk = Desk(Words(), jobs, clock, go=lambda _key: None, open_link=lambda _url: None)
        preferences = Preferences(tmp_path / "settings.json")
        window = QWidget()
        qtbot.addWidget(window)
        page = VaultPage(service, desk, preferences)
        page.setParent(window)
        window.resize(900, 760)
        page.resize(900, 760)
        window.show()
        page.show()
        page.refresh()
        return Room(page, service, clock, qtbot, tmp_path, preferences, window)

    yield make
    jobs.close()
    store.close()


@pytest.fixture
def room(build: Callable[[], Room]) -> Room:
    """No vault yet."""
    return build()


@pytest.fixture
def locked(build: Callable[[], Room], tmp_path: Path) -> Room:
    """One empty vault, locked."""
    made = build()
    made.service.create(made.vault, PASSPHRASE).lock()
    made.page.refresh()
    return made


@pytest.fixture
def opened(locked: Room) -> Room:
    """The same vault, open, with two documents and a folder."""
    locked.service.open(locked.vault, PASSPHRASE).lock()
    with locked.service.open(locked.vault, PASSPHRASE) as vault:
        vault.add([locked.paper("Passport.pdf"), locked.paper("Lease.txt", b"x" * 2_000)])
        vault.add([locked.paper("Policy.pdf")], "Car")
    locked.unlock()
    return locked


def answer(monkeypatch: pytest.MonkeyPatch, method: str, result: Any) -> None:
    """What the person picks in the system's dialog."""
    monkeypatch.setattr(QFileDialog, method, lambda *_: result)


def in_dialog(act: Callable[[Dialog], object]) -> None:
    """Do something in the modal dialog that opens next."""
    QTimer.singleShot(0, lambda: act(QApplication.activeModalWidget()))  # type: ignore[arg-type]


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
    assert "is ready, and open" in room.said() and "nobody can reset it" in room.said()
    assert room.page.inside.stages.stage == "empty"
    assert [info.path for info in room.service.known()] == [room.vault]


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
    assert locked.page.stages.stage == "none" and not locked.service.known()
    assert "did not touch the vault" in locked.said()


def test_a_damaged_vault_is_a_notice(locked: Room) -> None:
    (locked.vault / "vault.cryptomator").write_bytes(b"not a token")
    locked.type_and_open(PASSPHRASE)
    assert "changed or damaged" in locked.said() and not locked.page.is_open


# inside


def test_documents_are_listed_folders_first_and_searched(opened: Room) -> None:
    assert opened.titles() == ["Car", "Lease.txt", "Passport.pdf"]
    field = opened.page.search_field()
    assert field is opened.page.inside.search
    opened.bot.keyClicks(field, "lease")
    assert opened.titles() == ["Lease.txt"]
    field.setText("nothing like it")
    assert "Nothing in this folder matches" in opened.said()
    assert opened.page.go_back() and len(opened.titles()) == 3


def test_a_folder_is_entered_and_left(opened: Room) -> None:
    inside = opened.page.inside
    inside.rows.choose("Car")
    opened.bot.keyClick(inside.rows, Qt.Key.Key_Return)
    opened.rest(lambda: inside.path == "Car")
    assert opened.titles() == ["Policy.pdf"]
    assert opened.page.go_back()
    opened.rest(lambda: inside.path == "")
    assert not opened.page.go_back()


def test_adding_says_what_is_in_what_is_not_and_where_the_originals_are(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [opened.paper("New.pdf"), opened.folder / "papers", opened.folder / "missing.pdf"]
    answer(monkeypatch, "getOpenFileNames", ([str(file) for file in files], ""))
    opened.click(opened.page.inside.add)
    opened.rest(lambda: "New.pdf" in opened.titles())
    said = opened.said()
    assert "1 document added, read back and found identical." in said
    assert "The original is still where it was, unencrypted" in said
    assert "2 files were not added" in said
    assert "“papers” is a folder" in said and "“missing.pdf” is not there" in said
    assert files[0].exists()
    assert opened.page.go_back() and "were not added" not in opened.said()


def test_many_refusals_are_folded_away(opened: Room) -> None:
    opened.page.handling.add([opened.folder / f"missing {number}.pdf" for number in range(5)])
    opened.rest(lambda: "5 files were not added" in opened.said())
    assert "missing 3.pdf" not in opened.said()
    fold = next(
        one for one in opened.page.findChildren(Button) if one.text() == "Show which, and why"
    )
    opened.click(fold)
    assert "missing 3.pdf" in opened.said()


def test_files_dropped_on_the_page_are_added(opened: Room) -> None:
    drop(opened, opened.paper("Dropped.png"))
    opened.rest(lambda: "Dropped.png" in opened.titles())


def test_files_dropped_on_a_locked_vault_are_left_alone(locked: Room) -> None:
    drop(locked, locked.paper("Dropped.png"))
    assert not locked.page.runner.busy


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


def test_a_copy_is_saved_after_a_plain_warning(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = opened.folder / "copy.pdf"
    answer(monkeypatch, "getSaveFileName", (str(target), ""))
    opened.page.inside.rows.choose("Passport.pdf")
    warned: list[str] = []

    def agree(dialog: Dialog) -> None:
        warned.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.accept()

    in_dialog(agree)
    opened.click(opened.page.inside.act)
    opened.rest(target.exists)
    assert any("not encrypted" in text for text in warned)
    assert target.read_bytes() == b"SPECIMEN"
    assert "Saved as “copy.pdf”" in opened.said() and "not encrypted" in opened.said()


def test_a_copy_is_not_saved_without_agreement(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked anyway"))
    opened.page.inside.rows.choose("Passport.pdf")
    in_dialog(lambda dialog: dialog.reject())
    opened.click(opened.page.inside.act)
    assert not opened.page.runner.busy


def test_no_copy_is_put_among_the_encrypted_files(opened: Room) -> None:
    opened.page.handling.save("Passport.pdf", opened.vault / "Passport.pdf")
    assert "inside the vault’s own folder" in opened.said()
    assert not (opened.vault / "Passport.pdf").exists()


def test_a_damaged_document_is_a_notice_and_nothing_is_saved(opened: Room) -> None:
    for file in (opened.vault / "d").rglob("*.c9r"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-5] + b"XXXXX")
    opened.page.handling.save("Passport.pdf", opened.folder / "out.pdf")
    opened.rest()
    assert "Guardian does not give it out" in opened.said()
    assert not (opened.folder / "out.pdf").exists()


# locking


def test_locking_by_button_drops_everything(opened: Room) -> None:
    vault = opened.page.handling.vault
    assert vault is not None
    opened.page.inside.rows.choose("Passport.pdf")
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


def test_it_locks_itself_when_nobody_is_there(opened: Room) -> None:
    opened.clock.now += timedelta(minutes=9)
    opened.page._watch.look()
    assert opened.page.is_open
    opened.bot.keyClick(opened.page.inside.search, Qt.Key.Key_A)
    opened.clock.now += timedelta(minutes=9)
    opened.page._watch.look()
    assert opened.page.is_open
    opened.clock.now += timedelta(minutes=1)
    opened.page._watch.look()
    assert not opened.page.is_open
    assert "locked itself after 10 minutes" in opened.said()
    opened.unlock()


def test_the_minutes_are_those_of_the_settings(opened: Room) -> None:
    opened.preferences.change(vault_lock=VaultLock.SOON)
    opened.clock.now += timedelta(minutes=5)
    opened.page._watch.look()
    assert not opened.page.is_open


def test_the_first_touch_after_a_long_sleep_comes_too_late(opened: Room) -> None:
    opened.clock.now += timedelta(hours=8)
    opened.bot.keyClick(opened.page.inside.search, Qt.Key.Key_A)
    assert not opened.page.is_open


def test_locking_closes_a_dialog_that_is_open(opened: Room) -> None:
    opened.page.inside.rows.choose("Passport.pdf")
    seen: list[QDialog] = []

    def leave(dialog: Dialog) -> None:
        seen.append(dialog)
        opened.page._lock_idle()

    in_dialog(leave)
    opened.click(opened.page.inside.act)
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
    opened.page.handling.add([opened.paper("Slow.pdf")])
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
    opened.page.handling.add([opened.paper("Slow.pdf")])
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
    opened.page.handling.add([opened.paper("Slow.pdf"), opened.folder / "missing.pdf"])
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
    opened.page.handling.add([opened.paper("Canary.pdf"), opened.folder / "Canary gone.pdf"])
    opened.rest(lambda: "Canary.pdf" in opened.titles())
    opened.page.lock()
    opened.type_and_open("canary passphrase")
    assert "anary" not in caplog.text

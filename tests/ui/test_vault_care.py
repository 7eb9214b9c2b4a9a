"""Caring for a vault in the window: check, backup, trash, and what is written down about papers."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.store import open_in_memory
from guardian.core.words import Words, message
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.rows import RowList
from guardian.ui.pages.vault.care import backup
from guardian.ui.pages.vault.care import work as care_work
from guardian.ui.pages.vault.care.backup import BackupDialog, backup_place
from guardian.ui.pages.vault.care.details_form import DetailsDialog, to_tags, years_after
from guardian.ui.pages.vault.care.findings import FindingsDialog
from guardian.ui.pages.vault.care.flow import Care
from guardian.ui.pages.vault.care.panel import Panel
from guardian.ui.pages.vault.care.trash import TrashDialog
from guardian.ui.pages.vault.outcome import Outcome
from guardian.ui.pages.vault.runner import Runner
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.cryptomator import masterkey
from guardian.vault.model import (
    MOST_NOTE,
    MOST_TAG,
    MOST_TAGS,
    NO_DETAILS,
    CheckReport,
    Condition,
    Details,
    Entry,
    Finding,
    Kind,
    Remedy,
)
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
CHUNK = 32 * 1024
PAPERS = {"Passport.pdf": 5, "Letter.txt": 2, "Long contract.pdf": 3 * CHUNK}


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 19, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Bench:
    """A care over a real vault, on a bare page."""

    care: Care
    tools: Tools
    service: VaultService
    clock: Clock
    bot: QtBot
    page: QWidget
    folder: Path
    held: list[Vault]

    def open(self) -> Vault:
        self.held.append(self.service.open(self.folder / "vault", PASSPHRASE))
        self.care.opened(self.held[-1])
        self.rest()
        return self.held[-1]

    def lock(self) -> None:
        self.care.closed()
        vault = self.held.pop()
        self.tools.runner.end(vault.lock, finish=False)
        self.rest()

    def rest(self, until: Callable[[], bool] = lambda: True) -> None:
        self.bot.waitUntil(lambda: until() and not self.tools.desk.jobs.running, timeout=10_000)

    def dialog(self) -> Panel:
        shown = self.care._dialog
        assert shown is not None and shown.isVisible()
        return shown

    def findings(self) -> FindingsDialog:
        self.care.show_findings()
        self.rest()
        shown = self.dialog()
        assert isinstance(shown, FindingsDialog)
        return shown

    def backup(self) -> BackupDialog:
        self.care.show_backup()
        self.rest()
        shown = self.dialog()
        assert isinstance(shown, BackupDialog)
        return shown

    def trash(self) -> TrashDialog:
        self.care.show_trash()
        self.rest()
        shown = self.dialog()
        assert isinstance(shown, TrashDialog)
        return shown

    def click(self, text: str, within: QWidget | None = None) -> None:
        QApplication.processEvents()
        for button in (within or self.dialog()).findChildren(Button):
            if button.text() == text and button.isVisible():
                assert button.isEnabled(), text
                self.bot.mouseClick(button, Qt.MouseButton.LeftButton)
                self.rest()
                return
        pytest.fail(f"no button “{text}”")

    def encrypted(self, name: str) -> Path:
        """Where the document of a known size lies on the disk."""
        wanted = 68 + PAPERS[name] + 28 * -(-PAPERS[name] // CHUNK)
        files = (self.folder / "vault" / "d").rglob("*.c9r")
        found = [one for one in files if one.is_file() and one.stat().st_size == wanted]
        assert len(found) == 1
        return found[0]


def said(shown: QWidget) -> str:
    QApplication.processEvents()  # Qt shows new parts when it comes to rest
    labels = shown.findChildren(QLabel)
    return "\n".join(one.text() for one in labels if one.isVisible()).replace("\u200b", "")


def buttons(shown: QWidget) -> list[str]:
    QApplication.processEvents()
    return [one.text() for one in shown.findChildren(Button) if one.isVisible() and one.text()]


def titles(rows: RowList) -> list[str]:
    return [rows.listed.index(number, 0).data() for number in range(rows.listed.rowCount())]


def when_asked(reply: Callable[[Dialog], object]) -> None:
    """Call ``reply`` with the next question, as soon as it is shown."""

    def look() -> None:
        asked = QApplication.activeModalWidget()
        if isinstance(asked, Dialog) and not isinstance(asked, Panel):
            reply(asked)
        else:
            QTimer.singleShot(5, look)

    QTimer.singleShot(0, look)


def answer(*, yes: bool) -> list[str]:
    """Answer the next question, and keep its words."""
    heard: list[str] = []

    def reply(asked: Dialog) -> None:
        heard.append(said(asked))
        asked.accept() if yes else asked.reject()

    when_asked(reply)
    return heard


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masterkey, "COST", 2**10)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    store, jobs, clock = open_in_memory(), Jobs(), Clock()
    service = VaultService(store, clock)
    papers = []
    for name, size in PAPERS.items():
        papers.append(tmp_path / name)
        papers[-1].write_bytes(b"p" * size)
    with service.create(tmp_path / "vault", PASSPHRASE) as vault:
        vault.add(papers)
        vault.add([papers[0]], "Car")
    page = QWidget()
    qtbot.addWidget(page)
    desk = Desk(Words(), jobs, clock, go=lambda _key: None, open_link=lambda _url: None)
    words, held = desk.words, list[Vault]()
    tools = Tools(
        page, service, desk, Runner(page, desk), Notice(words), Outcome(words),
        vault=lambda: held[-1] if held else None, changed=lambda: None,
    )  # fmt: skip
    care = Care(tools)
    box = QVBoxLayout(page)
    for widget in (tools.notice, tools.runner, care.working, care.told, tools.outcome):
        box.addWidget(widget)
    page.resize(900, 700)
    page.show()
    yield Bench(care, tools, service, clock, qtbot, page, tmp_path, held)
    care.closed()
    for one in held:
        one.lock()
    jobs.close()
    store.close()


# the quiet check


def test_a_vault_as_it_was_written_is_checked_without_a_word(bench: Bench) -> None:
    bench.open()
    assert bench.care.told.isHidden() and bench.care.working.isHidden()
    assert bench.tools.notice.isHidden()
    info = bench.service.known()[0]
    assert info.last_check == bench.clock.now and info.condition is Condition.AS_WRITTEN
    assert info.last_full_check is None


def test_what_was_changed_elsewhere_is_a_calm_line_that_can_be_opened_and_accepted(
    bench: Bench,
) -> None:
    bench.encrypted("Letter.txt").unlink()
    bench.open()
    assert "1 thing in this vault was changed elsewhere." in said(bench.care.told)
    bench.click("Show what was found", bench.care.told)
    dialog = bench.dialog()
    assert isinstance(dialog, FindingsDialog)
    assert "Changed elsewhere" in said(dialog)
    assert titles(dialog.rows) == ["Letter.txt"]
    assert bench.care.told.isHidden()
    bench.click("Accept all that is intact")
    assert "The vault is as Guardian wrote it" in said(dialog)
    assert "Letter.txt" not in said(dialog)
    bench.lock()
    bench.open()
    assert bench.care.told.isHidden()


def test_damage_that_shows_at_once_is_told_at_once(bench: Bench) -> None:
    bench.encrypted("Letter.txt").write_bytes(b"cut")
    bench.open()
    assert "1 thing in this vault is damaged." in said(bench.care.told)
    assert titles(bench.findings().rows) == ["Letter.txt"]


def test_the_intact_part_of_a_damaged_document_is_saved_after_a_warning(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bench.encrypted("Long contract.pdf")
    file.write_bytes(file.read_bytes()[: -(CHUNK + 100)])
    bench.open()
    dialog = bench.findings()
    assert "A full check tells whether all of it is intact." in said(dialog)
    bench.click("Check every byte now")
    assert "Something in the vault is damaged" in said(dialog)
    assert titles(dialog.rows) == ["Long contract.pdf"]
    target = bench.folder / "rescued.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    heard = answer(yes=False)
    bench.click("Save the intact part …")
    assert "not encrypted" in heard[0] and not target.exists()
    answer(yes=True)
    bench.click("Save the intact part …")
    assert target.read_bytes() == b"p" * CHUNK
    assert "Saved 32.8 kB as “rescued.pdf”" in said(dialog)


def test_a_folder_that_lost_its_entry_is_put_back(bench: Bench) -> None:
    for entry in (bench.folder / "vault" / "d").rglob("dir.c9r"):
        if ".guardian" not in str(entry) and is_folder_of_the_person(bench, entry):
            entry.unlink()
            break
    bench.open()
    dialog = bench.findings()
    assert "Something in the vault is damaged" in said(dialog)
    shown = [one for one in dialog.findChildren(Button) if one.isVisible()]
    standing_out = [one.text() for one in shown if one.role == "primary"]
    assert standing_out == ["Put the folder back"], "what the chosen finding needs"
    bench.click("Put the folder back")
    assert "Put right. It is now here: Car" in said(dialog)
    assert "The vault is as Guardian wrote it" in said(dialog)


def is_folder_of_the_person(bench: Bench, entry: Path) -> bool:
    """Whether it is the entry of “Car”: without it, that folder cannot be listed."""
    data = entry.read_bytes()
    entry.unlink()
    with bench.service.open(bench.folder / "vault", PASSPHRASE) as vault:
        names = {one.name for one in vault.list().entries}
    entry.write_bytes(data)
    return "Car" not in names


def test_an_older_copy_of_the_whole_vault_is_said_in_its_own_words(bench: Bench) -> None:
    bench.open()
    bench.lock()
    place, before = bench.folder / "vault", bench.folder / "before"
    shutil.copytree(place, before)
    (bench.folder / "New.txt").write_bytes(b"new")
    vault = bench.open()
    vault.add([bench.folder / "New.txt"])
    bench.lock()
    bench.open()
    bench.lock()
    shutil.rmtree(place)
    shutil.copytree(before, place)
    bench.open()
    assert "older than the one this computer saw last" in said(bench.care.told)
    dialog = bench.findings()
    assert "older than the one this computer saw last" in said(dialog)
    bench.click("Accept it as it is now")
    assert "older than the one" not in said(dialog)
    bench.lock()
    bench.open()
    assert bench.care.told.isHidden()


def test_a_vault_without_a_list_can_be_accepted_as_it_is(bench: Bench) -> None:
    elsewhere = open_in_memory()
    shutil.rmtree(bench.folder / "vault")
    other = VaultService(elsewhere, bench.clock)
    with other.create(bench.folder / "vault", PASSPHRASE) as vault:
        vault.add([bench.folder / name for name in PAPERS])
        for node in vault._tree.contents(vault._tree.folder(".guardian")).nodes:
            node.file.unlink()
    elsewhere.close()
    bench.open()
    assert "Guardian has no list of this vault yet" in said(bench.care.told)
    dialog = bench.findings()
    bench.click("Accept it as it is now")
    assert "The vault is as Guardian wrote it" in said(dialog)
    bench.lock()
    bench.encrypted("Letter.txt").unlink()
    bench.open()
    assert "was changed elsewhere" in said(bench.care.told)


def test_nothing_is_to_be_accepted_in_a_vault_that_can_only_be_read(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.open()
    monkeypatch.setattr(Vault, "read_only", True)
    seen = bench.care._report
    assert seen is not None
    bench.care._checked(bench.held[0], replace(seen, listed=False))
    assert bench.care.told.isHidden()
    dialog = bench.findings()
    assert "Guardian only reads vaults of this older kind" in said(dialog)
    assert buttons(dialog) == ["Check every byte now", "Check again", "Close"]


def test_what_is_written_while_it_looks_is_no_finding(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, go_on, checks = care_work.check, threading.Event(), threading.Event(), []

    def slow(vault: Vault, full: bool, report: Report) -> CheckReport:
        found = real(vault, full, report)
        checks.append(full)
        if len(checks) > 1:
            return found
        begun.set()
        go_on.wait(10)
        wrong = Finding(Condition.DAMAGED, message("x"), "half written", "d/x")
        return replace(found, condition=Condition.DAMAGED, findings=(wrong,))

    monkeypatch.setattr(care_work, "check", slow)
    vault = bench.service.open(bench.folder / "vault", PASSPHRASE)
    bench.held.append(vault)
    bench.care.opened(vault)
    bench.bot.waitUntil(begun.is_set)
    bench.tools.runner.run(
        "Adding", lambda _report: vault.make_folder("New"), done=lambda _: None,
        failed=lambda _: None,
    )  # fmt: skip
    bench.bot.waitUntil(lambda: not bench.tools.runner.busy)
    go_on.set()
    bench.rest(lambda: len(checks) == 2)
    assert bench.care.told.isHidden()


def test_a_check_that_is_running_when_the_vault_is_locked_ends_without_a_word(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(_vault: Vault, report: Report, *, full: bool) -> CheckReport:
        begun.set()
        try:
            while True:
                report(0, 0)
        finally:
            ended.set()

    monkeypatch.setattr(Vault, "check", endless)
    bench.held.append(bench.service.open(bench.folder / "vault", PASSPHRASE))
    bench.care.opened(bench.held[-1])
    bench.bot.waitUntil(begun.is_set)
    bench.lock()
    assert ended.is_set() and bench.care.told.isHidden() and bench.tools.notice.isHidden()


def test_a_slow_quiet_check_is_shown_after_two_seconds_and_can_be_stopped(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_vault: Vault, report: Report, *, full: bool) -> CheckReport:
        while True:
            report(0, 0)

    monkeypatch.setattr(Vault, "check", endless)
    bench.care._patience.setInterval(10)
    bench.held.append(bench.service.open(bench.folder / "vault", PASSPHRASE))
    bench.care.opened(bench.held[-1])
    bench.bot.waitUntil(bench.care.working.isVisible)
    assert "You can go on working" in said(bench.care.working)
    bench.click("Stop", bench.care.working)
    assert bench.care.working.isHidden() and bench.care.told.isHidden()


def test_a_check_that_cannot_be_made_is_a_notice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unplugged(_vault: Vault, _report: Report, *, full: bool) -> CheckReport:
        raise Problem("vault-missing", name="vault")

    monkeypatch.setattr(Vault, "check", unplugged)
    bench.open()
    assert "The folder “vault” is not there." in said(bench.tools.notice)


def test_opening_clears_old_trash_and_notes_the_days_on_which_documents_end(bench: Bench) -> None:
    with bench.service.open(bench.folder / "vault", PASSPHRASE) as vault:
        vault.describe("Passport.pdf", Details(valid_until=date(2027, 1, 3)))
        vault.discard(["Letter.txt"])
        vault._memory.note_expiries([])
    bench.clock.now += timedelta(days=31)
    vault = bench.open()
    assert vault.trashed() == ()
    assert bench.service.known()[0].expiries == (date(2027, 1, 3),)
    assert bench.care.told.isHidden()


# checks that are asked for


def test_every_byte_is_checked_on_demand_and_the_day_is_kept(bench: Bench) -> None:
    bench.open()
    dialog = bench.findings()
    assert "The vault is as Guardian wrote it" in said(dialog)
    assert "Quick check on 21 November 2026, 19:00 · 4 documents · 1 folder" in said(dialog)
    assert "Not fully checked yet." in said(dialog)
    bench.click("Check every byte now")
    assert "Full check on 21 November 2026, 19:00" in said(dialog)
    info = bench.service.known()[0]
    assert info.last_full_check == bench.clock.now
    assert bench.care.standing(bench.held[0]) == (
        "Fully checked on 21 November 2026. There is no backup yet."
    )


def test_a_full_check_finds_what_the_quick_one_cannot_and_keeps_it_when_other_things_are_accepted(
    bench: Bench,
) -> None:
    file = bench.encrypted("Long contract.pdf")
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(data)
    bench.encrypted("Letter.txt").unlink()
    bench.open()
    dialog = bench.findings()
    assert titles(dialog.rows) == ["Letter.txt"]
    bench.click("Check every byte now")
    assert titles(dialog.rows) == ["Long contract.pdf", "Letter.txt"]
    bench.click("Accept all that is intact")
    assert titles(dialog.rows) == ["Long contract.pdf"]
    assert "Something in the vault is damaged" in said(dialog)
    assert "Accept all that is intact" not in buttons(dialog)


def test_a_running_check_is_shown_in_its_dialog_and_can_be_stopped(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.open()
    dialog = bench.findings()

    def endless(_vault: Vault, report: Report, *, full: bool) -> CheckReport:
        while True:
            report(5, 10, message("vault.progress.check-full"))

    monkeypatch.setattr(Vault, "check", endless)
    bench.care.check(full=True)
    assert dialog.working.isVisible() and not dialog.held.isEnabled()
    bench.click("Stop", dialog.working)
    assert dialog.working.isHidden() and dialog.held.isEnabled()
    assert "The vault is as Guardian wrote it" in said(dialog)


def test_a_check_goes_on_when_its_dialog_is_closed_and_then_says_what_it_found(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.open()
    bench.findings()
    real, go_on = Vault.check, threading.Event()

    def slow(vault: Vault, report: Report, *, full: bool) -> CheckReport:
        go_on.wait(10)
        return real(vault, report, full=full)

    monkeypatch.setattr(Vault, "check", slow)
    bench.encrypted("Letter.txt").unlink()
    bench.care.check(full=True)
    bench.dialog().reject()
    go_on.set()
    bench.rest()
    assert "was changed elsewhere" in said(bench.care.told)


def test_locking_closes_what_is_open_and_shows_no_name_any_more(bench: Bench) -> None:
    bench.encrypted("Letter.txt").unlink()
    bench.open()
    dialog = bench.findings()
    bench.lock()
    assert bench.care._dialog is None and not dialog.isVisible()
    assert bench.care.told.isHidden()
    assert not any(action.isEnabled() for action in bench.care.actions())
    bench.care.show_findings()
    assert bench.care._dialog is None


def test_a_full_check_that_ends_behind_the_shut_door_is_told_at_the_next_opening(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = bench.open()
    real, go_on = Vault.check, threading.Event()

    def slow(vault: Vault, report: Report, *, full: bool) -> CheckReport:
        go_on.wait(10)
        return real(vault, report, full=full)

    monkeypatch.setattr(Vault, "check", slow)
    file = bench.encrypted("Long contract.pdf")
    data = bytearray(file.read_bytes())
    data[-20] ^= 1  # only a full check sees that
    file.write_bytes(data)
    bench.care.check(full=True)
    bench.care.closed()
    bench.tools.runner.end(vault.lock, finish=True)
    bench.held.clear()
    go_on.set()
    bench.rest()
    assert vault.locked and bench.care.told.isHidden()
    bench.open()
    assert "1 thing in this vault is damaged." in said(bench.care.told)


def test_the_actions_are_possible_only_while_a_vault_is_open(bench: Bench) -> None:
    actions = bench.care.actions()
    assert [one.text() for one in actions] == ["Check the vault …", "Back up …", "Trash …"]
    assert not any(one.isEnabled() for one in actions)
    bench.open()
    for action in actions:
        action.trigger()
        bench.rest()
        bench.dialog().reject()


# backup


def test_a_backup_is_made_where_the_person_says_and_told_with_numbers(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = bench.folder / "STICK"
    stick.mkdir()
    (stick / "holiday.jpg").write_bytes(b"x")
    bench.open()
    dialog = bench.backup()
    assert not dialog.yes.isEnabled() and "There is no backup yet." in said(dialog)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(stick))
    bench.click("Choose a place …")
    assert dialog.place == stick / "vault backup" and dialog.yes.isEnabled()
    bench.click("Back up now")
    assert "The backup in “vault backup” is up to date." in said(dialog)
    assert "each read back" in said(dialog)
    info = bench.service.known()[0]
    assert info.last_backup == bench.clock.now and info.backup_place == dialog.place
    with bench.service.open(stick / "vault backup", PASSPHRASE) as copy:
        assert {one.name for one in copy.list().entries} == {*PAPERS, "Car"}
    assert (stick / "holiday.jpg").read_bytes() == b"x"


def test_the_place_of_last_time_is_chosen_and_only_what_changed_is_copied(bench: Bench) -> None:
    bench.service.back_up(bench.folder / "vault", bench.folder / "copy")
    vault = bench.open()
    vault.make_folder("New")
    dialog = bench.backup()
    assert dialog.place == bench.folder / "copy"
    assert "Last backup: 21 November 2026." in said(dialog)
    bench.click("Back up now")
    assert "there already" in said(dialog)


def test_a_stick_that_is_not_there_is_said_and_noticed_when_it_comes_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "LOOK_EVERY", 20)
    bench.service.back_up(bench.folder / "vault", bench.folder / "copy")
    (bench.folder / "copy").rename(bench.folder / "unplugged")
    bench.open()
    dialog = bench.backup()
    bench.bot.waitUntil(lambda: "This place is not there now." in said(dialog))
    assert not dialog.yes.isEnabled()
    (bench.folder / "unplugged").rename(bench.folder / "copy")
    bench.bot.waitUntil(dialog.yes.isEnabled)
    assert "not there now" not in said(dialog)


def test_a_place_that_cannot_hold_a_backup_is_a_notice_in_the_dialog(bench: Bench) -> None:
    vault = bench.open()
    dialog = bench.backup()
    dialog.place = vault.folder / "inside"
    bench.care.back_up(dialog.place, full=False)
    bench.rest()
    assert dialog.notice.isVisible() and "inside each other" in said(dialog.notice)
    assert bench.service.known()[0].last_backup is None


def test_a_backup_goes_on_when_its_dialog_is_closed_and_is_told_on_the_page(bench: Bench) -> None:
    bench.open()
    bench.backup()
    bench.care.back_up(bench.folder / "copy", full=False)
    bench.dialog().reject()
    bench.rest(bench.tools.outcome.isVisible)
    assert "The backup in “copy” is up to date." in said(bench.tools.outcome)


def test_where_a_backup_goes_in_a_chosen_folder(tmp_path: Path) -> None:
    empty, used, old = tmp_path / "empty", tmp_path / "used", tmp_path / "old"
    for folder in (empty, used, old):
        folder.mkdir()
    (used / "a").touch()
    (old / "vault.cryptomator").touch()
    assert backup_place(empty, "V backup") == empty
    assert backup_place(used, "V backup") == used / "V backup"
    assert backup_place(old, "V backup") == old
    assert backup_place(tmp_path / "gone", "V backup") == tmp_path / "gone" / "V backup"


# trash


def test_an_empty_trash_explains_itself(bench: Bench) -> None:
    bench.open()
    dialog = bench.trash()
    assert "Nothing is in the trash." in said(dialog) and "30 days" in said(dialog)
    assert buttons(dialog) == ["Close"]


def test_things_are_put_back_from_the_trash(bench: Bench) -> None:
    vault = bench.open()
    vault.discard(["Letter.txt", "Car/Passport.pdf"])
    bench.clock.now += timedelta(days=10)
    dialog = bench.trash()
    assert sorted(titles(dialog.rows)) == ["Letter.txt", "Passport.pdf"]
    dialog.rows.choose("")
    dialog.search.setText("letter")
    assert titles(dialog.rows) == ["Letter.txt"]
    row = dialog.rows.listed.index(0, 0)
    assert "deleted 21 November 2026" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "20 days left" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    bench.click("Put back")
    assert "Put back: Letter.txt" in said(dialog)
    assert "Letter.txt" in {one.name for one in vault.list().entries}
    dialog.search.setText("")
    assert titles(dialog.rows) == ["Passport.pdf"]


def test_several_are_deleted_for_good_only_after_a_question(bench: Bench) -> None:
    vault = bench.open()
    vault.discard(["Letter.txt", "Passport.pdf"])
    dialog = bench.trash()
    dialog.rows.selectAll()
    heard = answer(yes=False)
    bench.click("Delete for good …")
    assert "Delete 2 things for good?" in heard[0]
    assert len(vault.trashed()) == 2
    dialog.rows.selectAll()
    answer(yes=True)
    bench.click("Delete for good …")
    assert vault.trashed() == () and "Nothing is in the trash." in said(dialog)
    bench.dialog().reject()
    assert "The vault is as Guardian wrote it" in said(bench.findings())


def test_nothing_can_be_done_while_nothing_is_found(bench: Bench) -> None:
    bench.open().discard(["Letter.txt"])
    dialog = bench.trash()
    dialog.search.setText("no such thing")
    assert dialog.rows.isHidden() and not dialog.back.isEnabled()
    assert not dialog.destroy.isEnabled()


def test_locking_during_a_question_deletes_nothing(bench: Bench) -> None:
    vault = bench.open()
    vault.discard(["Letter.txt"])
    bench.trash()
    asked: list[QDialog] = []

    def lock(question: Dialog) -> None:
        asked.append(question)
        bench.care.closed()

    when_asked(lock)
    bench.click("Delete for good …")
    assert asked and len(vault.trashed()) == 1


# details

TODAY = date(2026, 11, 21)


Form = Callable[..., DetailsDialog]


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[Form]:
    page = QWidget()
    qtbot.addWidget(page)

    def show(details: Details = NO_DETAILS, known: tuple[str, ...] = ()) -> DetailsDialog:
        when = datetime(2026, 3, 3, tzinfo=UTC)
        entry = Entry("Passport.pdf", "Passport.pdf", Kind.FILE, 5, when, details)
        dialog = DetailsDialog(page, Words(), entry, TODAY, known)
        dialog.show()
        return dialog

    yield show


def test_nothing_written_down_stays_nothing(form: Form) -> None:
    dialog = form()
    assert dialog.details() == Details()
    assert dialog.endless.isChecked() and not dialog.day.isEnabled()


def test_what_was_written_down_comes_back_unchanged(form: Form) -> None:
    kept = Details("Blue folder.\nCall Ana.", ("travel", "Ana"), date(2031, 3, 2))
    assert form(kept).details() == kept


def test_a_last_day_is_picked_or_typed(form: Form, qtbot: QtBot) -> None:
    dialog = form()
    qtbot.mouseClick(dialog.picks[1], Qt.MouseButton.LeftButton)
    assert dialog.details().valid_until == date(2031, 11, 21)
    assert not dialog.endless.isChecked() and dialog.day.isEnabled()
    dialog.day.setFocus()
    dialog.day.setSelectedSection(dialog.day.Section.DaySection)
    qtbot.keyClicks(dialog.day, "07")
    assert dialog.details().valid_until == date(2031, 11, 7)
    dialog.endless.setChecked(True)
    assert dialog.details().valid_until is None


def test_tags_of_other_documents_are_one_click_away(form: Form, qtbot: QtBot) -> None:
    dialog = form(Details(tags=("Car",)), known=("car", "insurance"))
    assert [one.isChecked() for one in dialog.offered] == [True, False]
    qtbot.mouseClick(dialog.offered[1], Qt.MouseButton.LeftButton)
    assert dialog.details().tags == ("Car", "insurance")
    qtbot.mouseClick(dialog.offered[0], Qt.MouseButton.LeftButton)
    assert dialog.details().tags == ("insurance",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda form: form.note.setPlainText("n" * (MOST_NOTE + 1)), "10,001 characters"),
        (lambda form: form.tags.setText(", ".join(map(str, range(MOST_TAGS + 1)))), "21 tags"),
        (lambda form: form.tags.setText("t" * (MOST_TAG + 1)), "too long"),
    ],
)
def test_what_is_too_much_is_said_before_it_can_be_saved(
    form: Form, qtbot: QtBot, change: Callable[[Any], None], words: str
) -> None:
    dialog = form()
    change(dialog)
    assert not dialog.yes.isEnabled() and words in said(dialog)
    qtbot.keyClick(dialog.tags, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.note.setPlainText("n" * MOST_NOTE)
    dialog.tags.setText("t" * MOST_TAG)
    assert dialog.yes.isEnabled()


def test_what_the_form_lets_pass_the_vault_takes(form: Form, bench: Bench) -> None:
    dialog = form()
    dialog.note.setPlainText("n" * MOST_NOTE)
    dialog.tags.setText(", ".join(f"{number:02}" + "t" * (MOST_TAG - 2) for number in range(20)))
    dialog.day.setDate(QDate(2030, 1, 1))
    vault = bench.open()
    vault.describe("Passport.pdf", dialog.details())
    assert vault.details("Passport.pdf") == dialog.details()


def test_a_line_of_tags() -> None:
    assert to_tags(" car ,, Car,  big   house ,") == ("car", "big house")
    assert to_tags("") == ()


def test_the_same_day_years_later() -> None:
    assert years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)


def test_remedies_all_have_a_button_or_the_common_one(bench: Bench) -> None:
    bench.open()
    dialog = bench.findings()
    told = message("vault.progress.mending")
    seen = {}
    for remedy in (*Remedy, None):
        finding = Finding(Condition.CHANGED, told, "a", "d/a", remedy)
        report = bench.care._report
        assert report is not None
        dialog.show_report(replace(report, condition=Condition.CHANGED, findings=(finding,)))
        seen[remedy] = dialog.act.isVisible(), "Accept all that is intact" in buttons(dialog)
    assert seen == {
        Remedy.ACCEPT: (False, True),
        Remedy.SAVE_PART: (True, False),
        Remedy.REBUILD: (True, False),
        Remedy.ADOPT: (True, False),
        None: (False, False),
    }
